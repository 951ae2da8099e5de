//! Ready-made sets of options, by name.

use crate::answer_option::Options;
use crate::option_words;

/// A ready-made set of options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Who comes, plainly.
    Rsvp,
    /// Roles of a raid, each with its places.
    Raid,
    /// Places in a room, and people who follow from afar.
    Workshop,
    /// One who does it, and those who would.
    Shift,
}

impl Preset {
    /// All of them, in the order in which they are suggested.
    pub const ALL: [Self; 4] = [Self::Rsvp, Self::Raid, Self::Workshop, Self::Shift];

    /// The name by which it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rsvp => "RSVP",
            Self::Raid => "Raid",
            Self::Workshop => "Workshop",
            Self::Shift => "Shift",
        }
    }

    /// The preset of this name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name().eq_ignore_ascii_case(name.trim()))
    }

    /// Its options as one writes them.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Rsvp => "✅ Yes, ❌ No, ❓ Maybe, 📱 Mobile",
            Self::Raid => "🛡️ Tank 2, 💚 Healer 3, ⚔️ Damage 10, 🪑 Bench, ❓ Maybe, ❌ Absent",
            Self::Workshop => "🎓 Attending 20, 💻 Online, ❓ Maybe, ❌ No",
            Self::Shift => "✋ On duty 1, 🔁 Backup, ❌ Unavailable",
        }
    }

    /// Its options.
    #[must_use]
    pub fn options(self) -> Options {
        option_words::read(self.words()).unwrap_or_else(|_| Options::default_four())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_preset_reads_as_it_is_written() {
        for preset in Preset::ALL {
            let options = option_words::read(preset.words()).unwrap();
            assert_eq!(option_words::write(&options), preset.words());
            assert_eq!(preset.options(), options);
        }
    }

    #[test]
    fn the_plain_preset_is_what_events_offer_when_nothing_is_said() {
        assert_eq!(Preset::Rsvp.options(), Options::default_four());
    }

    #[test]
    fn names_are_found_in_any_case() {
        assert_eq!(Preset::named(" raid "), Some(Preset::Raid));
        assert_eq!(Preset::named("party"), None);
    }
}
