//! The answers that an event offers.

use crate::capacity::Capacity;
use crate::id::RoleId;
use crate::limits::OPTIONS_MAX;

/// Which of an event's options; stable for the life of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OptionId(u8);

impl OptionId {
    /// Wraps a number between 0 and 255 that names one option of one event.
    #[must_use]
    pub const fn new(raw: u8) -> Self {
        Self(raw)
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// The colour of an option's button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The client's accent colour.
    Blue,
    /// Neutral.
    Grey,
    /// Agreement.
    Green,
    /// Refusal.
    Red,
}

/// One answer that members can give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerOption {
    /// Its identity within the event.
    pub id: OptionId,
    /// The words on the button, 1 to 80 characters.
    pub label: Box<str>,
    /// The emoji before the words; empty for none.
    pub emoji: Box<str>,
    /// The button's colour.
    pub colour: Colour,
    /// Whether who picks it is coming, and so takes a place where places are limited.
    pub coming: bool,
    /// Whether who picks it is told when the event moves or is cancelled.
    pub told: bool,
    /// How many people can pick it, if it is coming.
    pub capacity: Option<Capacity>,
    /// Only members with one of these roles may pick it; everybody if there are none.
    pub allowed: Box<[RoleId]>,
    /// The role that members have while they are coming by it.
    pub granted: Option<RoleId>,
    /// Whether an organiser removed it: those who picked it stay, nobody else can pick it.
    pub removed: bool,
}

/// All answers of one event, in the order in which they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options(Box<[AnswerOption]>);

impl Options {
    /// Yes, No, Maybe, Mobile: what an event offers when its organiser says nothing.
    #[must_use]
    pub fn default_four() -> Self {
        let option = |id, label: &str, emoji: &str, colour, coming, told| AnswerOption {
            id: OptionId::new(id),
            label: label.into(),
            emoji: emoji.into(),
            colour,
            coming,
            told,
            capacity: None,
            allowed: Box::default(),
            granted: None,
            removed: false,
        };
        Self(Box::new([
            option(0, "Yes", "✅", Colour::Green, true, true),
            option(1, "No", "❌", Colour::Red, false, false),
            option(2, "Maybe", "❓", Colour::Grey, false, true),
            option(3, "Mobile", "📱", Colour::Blue, true, true),
        ]))
    }

    /// Takes options as stored.
    ///
    /// Returns `None` when there are none, more than [`OPTIONS_MAX`], or two with the same id.
    #[must_use]
    pub fn from_stored(options: Vec<AnswerOption>) -> Option<Self> {
        let mut ids: Vec<_> = options.iter().map(|option| option.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let sound =
            !options.is_empty() && options.len() <= OPTIONS_MAX && ids.len() == options.len();
        sound.then(|| Self(options.into()))
    }

    /// The options in order.
    pub fn iter(&self) -> impl Iterator<Item = &AnswerOption> {
        self.0.iter()
    }

    /// The option with this id, if the event offers it.
    #[must_use]
    pub fn get(&self, id: OptionId) -> Option<&AnswerOption> {
        self.0.iter().find(|option| option.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_four_are_yes_no_maybe_mobile_of_which_two_are_coming() {
        let four = Options::default_four();
        let labels: Vec<_> = four.iter().map(|o| (o.label.as_ref(), o.coming)).collect();
        assert_eq!(labels, [("Yes", true), ("No", false), ("Maybe", false), ("Mobile", true)]);
    }

    #[test]
    fn stored_options_without_members_or_with_repeats_are_refused() {
        assert_eq!(Options::from_stored(vec![]), None);
        let one = Options::default_four().iter().next().unwrap().clone();
        assert_eq!(Options::from_stored(vec![one.clone(), one]), None);
    }
}
