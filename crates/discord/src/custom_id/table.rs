//! Makes actions, and both directions of their writing, from tables.

/// Makes an enum of actions from one table: a verb, what it is called in the code, and the numbers
/// that follow the verb.
macro_rules! actions {
    (
        $(#[$about:meta])* $all:ident;
        $($(#[$doc:meta])* $verb:literal $name:ident $(($($part:ident: $kind:ty),+))?;)+
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $all {
            $($(#[$doc])* $name $(($($kind),+))?,)+
        }

        impl $all {
            /// Reads a custom id; `None` if it is not one of these.
            #[must_use]
            pub fn decode(custom_id: &str) -> Option<Self> {
                $crate::custom_id::text::read(custom_id, |verb, numbers| Some(match verb {
                    $($verb => Self::$name $((
                        $(<$kind as $crate::custom_id::parts::Part>::read(numbers)?),+
                    ))?,)+
                    _ => return None,
                }))
            }
        }

        impl std::fmt::Display for $all {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match *self {
                    $(Self::$name $(($($part),+))? => {
                        $crate::custom_id::text::write_verb(f, $verb)?;
                        $($($crate::custom_id::parts::Part::write($part, f)?;)+)?
                    })+
                }
                Ok(())
            }
        }
    };
}

/// The same from a table in sections. Each section is an enum of its own as well, so that a `match`
/// on all of it is short, and an action that is new breaks the build where it has to be handled.
macro_rules! actions_by_subject {
    (
        $(#[$about:meta])* $all:ident by $subject:ident;
        $($(#[$on:meta])* $section:ident $these:ident {
            $($(#[$doc:meta])* $verb:literal $name:ident $(($($part:ident: $kind:ty),+))?;)+
        })+
    ) => {
        $crate::custom_id::table::actions! {
            $(#[$about])* $all;
            $($($(#[$doc])* $verb $name $(($($part: $kind),+))?;)+)+
        }

        /// What an action is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $subject {
            $($(#[$on])* $section($these),)+
        }

        $($(#[$on])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $these {
            $($(#[$doc])* $name $(($($kind),+))?,)+
        })+

        impl $all {
            /// The same action, sorted by what it is about.
            #[must_use]
            pub const fn subject(self) -> $subject {
                match self {
                    $($(Self::$name $(($($part),+))? => {
                        $subject::$section($these::$name $(($($part),+))?)
                    })+)+
                }
            }
        }
    };
}

pub(super) use {actions, actions_by_subject};
