//! Says where in a value something was found, at no cost as long as nothing is.

use std::fmt;

/// A place in a value, known by the way to it.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// The whole.
    Root(&'a str),
    /// A property of an object.
    Property(&'a Place<'a>, &'a str),
    /// An item of a list.
    Item(&'a Place<'a>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Property(above, name) => write!(f, "{above}.{name}"),
            Self::Item(above, index) => write!(f, "{above}.{index}"),
        }
    }
}
