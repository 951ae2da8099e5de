//! What those without a place wait for: any place of the event, or one of their own answer.

use crate::answer_option::OptionId;
use crate::event::Event;

/// How the waitlist of an event is to be read. It is one list in one order; where answers have
/// places of their own, those who wait for different ones are not before each other.
#[derive(Clone, Copy, Debug)]
pub struct Lines {
    are_apart: bool,
}

impl Event {
    /// How its waitlist is to be read.
    #[must_use]
    pub fn lines(&self) -> Lines {
        let coming = || self.options.offered().filter(|option| option.coming);
        let own = coming().filter(|option| option.capacity.is_some()).count();
        let limited = if self.details.capacity.is_some() { coming().count() } else { own };
        Lines { are_apart: own > 0 && limited > 1 }
    }
}

impl Lines {
    /// Whether those who wait for different answers wait for different places, so that it has to be
    /// said which answer somebody waits for.
    #[must_use]
    pub const fn are_apart(self) -> bool {
        self.are_apart
    }

    /// Counts members as they stand on the waitlist.
    #[must_use]
    pub const fn ranks(self) -> Ranks {
        Ranks { lines: self, so_far: [0; OPTION_IDS] }
    }
}

/// As many options as have a number.
const OPTION_IDS: usize = 1 << u8::BITS;

/// Counts members in the order of the waitlist, each line for itself.
#[derive(Clone, Debug)]
pub struct Ranks {
    lines: Lines,
    so_far: [usize; OPTION_IDS],
}

impl Ranks {
    /// The rank of the next one on the waitlist, who picked this option: 1 for the first in a line.
    pub fn next(&mut self, option: OptionId) -> usize {
        let line = if self.lines.are_apart { usize::from(option.get()) } else { 0 };
        let Some(rank) = self.so_far.get_mut(line) else { return 0 };
        *rank = rank.saturating_add(1);
        *rank
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::Capacity;
    use crate::event::tests::event;
    use crate::option_words;

    fn with(words: &str, capacity: Option<i64>) -> Event {
        let mut event = event();
        event.options = option_words::read(words).unwrap();
        event.details.capacity = capacity.and_then(|places| Capacity::parse(places).ok());
        event
    }

    #[test]
    fn lines_are_apart_where_more_than_one_answer_can_be_full_by_itself() {
        for (words, capacity, are_apart) in [
            ("Yes, No, Mobile", Some(3), false),
            ("Yes 3, No", None, false),
            ("Yes 3, No", Some(2), false),
            ("Yes 3, Mobile", None, false),
            ("Yes 3, Mobile", Some(5), true),
            ("Tank 2, Healer 3, Bench", None, true),
        ] {
            assert_eq!(
                with(words, capacity).lines().are_apart(),
                are_apart,
                "{words} {capacity:?}"
            );
        }
    }

    #[test]
    fn each_line_is_counted_for_itself() {
        let ranked = |event: &Event| {
            let mut ranks = event.lines().ranks();
            [0, 0, 1, 0, 1].map(|option| ranks.next(OptionId::new(option)))
        };
        assert_eq!(ranked(&with("Tank 1, Healer 1", None)), [1, 2, 1, 3, 2]);
        assert_eq!(ranked(&with("Tank, Healer", Some(1))), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_is_no_longer_offered_makes_no_line() {
        let mut event = with("Tank 1, Healer 1", None);
        let tank = option_words::read("Tank 1").unwrap();
        event.options = event.options.edited(&tank).unwrap();
        assert!(!event.lines().are_apart());
    }
}
