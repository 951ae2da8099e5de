//! A day of traffic: a few events get most of the taps, and each gets most of its own soon after it
//! is posted.

use crate::draw::{Draw, Zipf};
use crate::figures::many;

/// From this the events are drawn, so that every run has the same day.
const SEED: u64 = 1;

/// A prime that divides no number of events anybody would choose.
const SPREAD: usize = 7_919;

/// Parts into which a day is divided, of two hours each: from one to the next the interest in an
/// event halves.
const PARTS: u64 = 12;

/// Draws after which an event is taken however old it is; one in ten is taken at the first.
const DRAWS_MAX: u32 = 1_000;

/// The events of a day, one tap after the other.
pub(super) struct Day {
    zipf: Zipf,
    draw: Draw,
    /// Taps from one morning to the next.
    taps: u64,
    done: u64,
    /// How often each event was tapped.
    rounds: Vec<u64>,
}

impl Day {
    /// A day of so many taps on so many events, each of them tapped `before` times already.
    pub(super) fn new(taps: u64, events: usize, before: u64) -> Self {
        let (zipf, draw) = (Zipf::of(events), Draw::new(SEED));
        Self { zipf, draw, taps: taps.max(PARTS), done: 0, rounds: vec![before; events] }
    }

    /// The event of the next tap, and how often it was tapped before.
    pub(super) fn next(&mut self) -> (u64, u64) {
        let rank = self.rank();
        self.done += 1;
        // The ranks lie all over the database, not one beside the other.
        let event = rank * SPREAD % self.rounds.len().max(1);
        let Some(round) = self.rounds.get_mut(event) else { return (0, 0) };
        *round += 1;
        (many(event), *round - 1)
    }

    fn rank(&mut self) -> usize {
        let mut rank = 0;
        for _ in 0..DRAWS_MAX {
            rank = self.zipf.rank(&mut self.draw);
            let halvings = self.age(rank) * PARTS / self.taps;
            if self.draw.between(1, 1 << halvings) == 1 {
                break;
            }
        }
        rank
    }

    /// Taps of the day since the event of this rank was posted, today or the day before. Posts come
    /// all day long, and large events no earlier than small ones.
    fn age(&self, rank: usize) -> u64 {
        let posted = many(rank * SPREAD) % self.taps;
        (self.done % self.taps + self.taps - posted) % self.taps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_tapped_by_its_members_in_turn() {
        let mut day = Day::new(1_000, 3, 2);
        let mut counts = [2; 3];
        for _ in 0..1_000 {
            let (event, round) = day.next();
            let count = &mut counts[usize::try_from(event).unwrap()];
            assert_eq!(round, *count);
            *count += 1;
        }
        assert!(counts.iter().all(|count| *count > 10), "{counts:?}");
    }

    #[test]
    fn most_taps_come_in_the_hours_after_a_post_and_more_of_them_on_large_events() {
        let mut day = Day::new(100_000, 1_000, 0);
        let (mut soon, mut first_ten) = (0, 0);
        for _ in 0..100_000 {
            let rank = day.rank();
            soon += u32::from(day.age(rank) < 100_000 / 6);
            first_ten += u32::from(rank < 10);
            day.done += 1;
        }
        assert!((70_000..80_000).contains(&soon), "within four hours: {soon}");
        assert!((25_000..60_000).contains(&first_ten), "the ten largest: {first_ten}");
    }
}
