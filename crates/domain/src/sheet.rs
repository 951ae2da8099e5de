//! What a post shows of an event: its facts, counts and first names, however many signed up.

use crate::answer_option::OptionId;
use crate::event::Event;
use crate::id::UserId;
use crate::limits::NAMES_SHOWN_MAX;
use crate::roster::Roster;

/// Some members of a longer list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The first ones, at most [`NAMES_SHOWN_MAX`].
    pub first: Vec<UserId>,
    /// How many there are in all.
    pub total: usize,
}

impl Names {
    fn of(members: impl ExactSizeIterator<Item = UserId>) -> Self {
        Self { total: members.len(), first: members.take(NAMES_SHOWN_MAX).collect() }
    }
}

/// An event with its roster, as far as a post can show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The event.
    pub event: Event,
    /// Members per option, in the event's order of options.
    pub columns: Vec<(OptionId, Names)>,
    /// Members who wait for a place.
    pub waitlist: Names,
    /// Members who are coming and have a place.
    pub coming: usize,
}

impl Sheet {
    /// What a post shows of `event` with `roster`. Costs as much as what is shown, not as much as
    /// the roster is long.
    #[must_use]
    pub fn of(event: &Event, roster: &Roster) -> Self {
        let column = |id| (id, Names::of(roster.column(id)));
        Self {
            event: event.clone(),
            columns: event.options.iter().map(|option| column(option.id)).collect(),
            waitlist: Names::of(roster.waitlist()),
            coming: roster.seated(),
        }
    }
}
