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
}

/// How much room an event has, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seating {
    /// People who can come in all.
    pub capacity: Option<Capacity>,
    /// The options, those removed among them.
    pub options: Vec<OptionSeats>,
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
        self.room().min(self.room_in(option))
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
        let seating = |event, option| Seating {
            capacity: event,
            options: vec![OptionSeats { id, offered: true, coming: true, capacity: option }],
            offer: None,
        };
        let three = Guests::parse(2).unwrap();
        for (event, option, could) in [
            (None, None, true),
            (room(3), None, true),
            (room(2), None, false),
            (room(3), room(2), false),
            (room(2), room(3), false),
        ] {
            assert_eq!(seating(event, option).could_seat(id, three), could, "{event:?} {option:?}");
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
