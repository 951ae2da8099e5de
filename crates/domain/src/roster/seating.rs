//! How much room an event has, and for whom.

use jiff::SignedDuration;
use thiserror::Error;

use crate::answer_option::OptionId;
use crate::capacity::Capacity;
use crate::limits::GUESTS_MAX;

/// Guests of one member: 0 to [`GUESTS_MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guests(u8);

/// The number was negative or too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{given} guests are not possible; choose 0 to {max}", max = GUESTS_MAX)]
pub struct GuestsError {
    /// What was asked for.
    pub given: i64,
}

impl Guests {
    /// Nobody comes along.
    pub const NONE: Self = Self(0);

    /// Checks a number that a person gave.
    pub fn parse(given: i64) -> Result<Self, GuestsError> {
        u8::try_from(given)
            .ok()
            .filter(|guests| *guests <= GUESTS_MAX)
            .map(Self)
            .ok_or(GuestsError { given })
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The guests and their host.
    #[must_use]
    pub fn party(self) -> usize {
        usize::from(self.0) + 1
    }
}

/// Which of an event's headings that have places, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeadingId(u8);

impl HeadingId {
    /// The heading whose places stand there in [`Seating::shared`]; `None` beyond the last that an
    /// event can have.
    #[must_use]
    pub fn of(at: usize) -> Option<Self> {
        u8::try_from(at).ok().map(Self)
    }
}

/// What the roster needs to know of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionSeats {
    /// Which option.
    pub id: OptionId,
    /// Whether it can be picked; an option that was removed keeps its signups.
    pub offered: bool,
    /// Whether who picks it is coming.
    pub coming: bool,
    /// How many people can pick it, if it is coming.
    pub capacity: Option<Capacity>,
    /// The heading whose places it shares with others, if it is coming.
    pub heading: Option<HeadingId>,
}

/// How much room an event has, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seating {
    /// People who can come in all.
    pub capacity: Option<Capacity>,
    /// The options, those removed among them.
    pub options: Vec<OptionSeats>,
    /// People who can come under each heading that has places.
    pub shared: Vec<Capacity>,
    /// How long who comes up has to accept; without it the place is theirs at once.
    pub offer: Option<SignedDuration>,
}

impl Seating {
    /// An option, if the event has or had it.
    #[must_use]
    pub fn option(&self, id: OptionId) -> Option<&OptionSeats> {
        self.options.iter().find(|option| option.id == id)
    }

    /// Whether who picks this option is coming.
    #[must_use]
    pub fn is_coming(&self, id: OptionId) -> bool {
        self.option(id).is_some_and(|option| option.coming)
    }

    /// Whether a party could have its places at all, if nobody else was there.
    #[must_use]
    pub fn could_seat(&self, option: OptionId, guests: Guests) -> bool {
        guests.party() <= self.most_in(option)
    }

    /// How large a party can be that picks this option, [`usize::MAX`] without any limit.
    #[must_use]
    pub fn most_in(&self, option: OptionId) -> usize {
        let below = self.heading_of(option).map_or(usize::MAX, |heading| self.room_below(heading));
        self.room().min(self.room_in(option)).min(below)
    }

    /// The heading whose places an option shares.
    pub(super) fn heading_of(&self, id: OptionId) -> Option<HeadingId> {
        self.option(id)?.heading
    }

    /// People whom all options below a heading can seat together.
    pub(super) fn room_below(&self, heading: HeadingId) -> usize {
        self.shared.get(usize::from(heading.0)).copied().map_or(usize::MAX, Capacity::places)
    }

    /// People whom this option can seat.
    pub(super) fn room_in(&self, id: OptionId) -> usize {
        self.option(id).and_then(|option| option.capacity).map_or(usize::MAX, Capacity::places)
    }

    /// People whom the event can seat.
    pub(super) fn room(&self) -> usize {
        self.capacity.map_or(usize::MAX, Capacity::places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_that_is_larger_than_the_room_could_never_be_seated() {
        let room = |places| Capacity::parse(places).ok();
        let id = OptionId::new(0);
        let seating = |event, option, below: Option<Capacity>| {
            let heading = below.and_then(|_| HeadingId::of(0));
            let seats = OptionSeats { id, offered: true, coming: true, capacity: option, heading };
            let shared = below.into_iter().collect();
            Seating { capacity: event, options: vec![seats], shared, offer: None }
        };
        let three = Guests::parse(2).unwrap();
        for (event, option, below, could) in [
            (None, None, None, true),
            (room(3), None, None, true),
            (room(2), None, None, false),
            (room(3), room(2), None, false),
            (room(2), room(3), None, false),
            (None, None, room(3), true),
            (room(3), room(3), room(2), false),
        ] {
            let seating = seating(event, option, below);
            assert_eq!(seating.could_seat(id, three), could, "{seating:?}");
        }
    }

    #[test]
    fn up_to_ten_guests_make_a_party_of_up_to_eleven() {
        assert_eq!(Guests::NONE.party(), 1);
        assert_eq!(Guests::parse(10).map(Guests::party), Ok(11));
        for given in [-1, 11, 300, i64::MAX] {
            assert_eq!(Guests::parse(given), Err(GuestsError { given }));
        }
    }
}
