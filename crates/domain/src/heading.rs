//! Places that answers under one heading share: "Tank 2: Warrior, Paladin" is room for two tanks,
//! of whichever kind.

use crate::answer_option::AnswerOption;
use crate::capacity::Capacity;

/// How many people have room under a heading. They are the same places for all answers below it,
/// beside those that each of them has of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPlaces {
    /// The heading, as the answers below it have it.
    pub heading: Box<str>,
    /// How many people can pick any of them, as far as they are coming.
    pub capacity: Capacity,
}

impl SharedPlaces {
    /// Whether an answer stands below the heading.
    #[must_use]
    pub fn are_for(&self, option: &AnswerOption) -> bool {
        option.group.as_deref() == Some(&*self.heading)
    }

    /// Whether somebody can take one of them.
    pub(crate) fn are_taken_by_any(&self, options: &[AnswerOption]) -> bool {
        options.iter().any(|option| option.coming && self.are_for(option))
    }
}

/// Has answers count as coming whose heading has places that none of them would take: a number of
/// places says that who picks them is coming. "Tank 2: Warrior, Maybe" leaves *Maybe* what it is.
pub(crate) fn let_come(options: &mut [AnswerOption], shared: &[SharedPlaces]) {
    for places in shared {
        if !places.are_taken_by_any(options) {
            let below = options.iter_mut().filter(|option| places.are_for(option));
            below.for_each(|option| option.coming = true);
        }
    }
}
