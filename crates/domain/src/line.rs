//! What those without a place wait for: any place of the event, one of their own answer, or one
//! that the answers below a heading share.

use crate::answer_option::{AnswerOption, OptionId, Options};
use crate::event::Event;

/// How the waitlist of an event is to be read. It is one list in one order; where answers or
/// headings have places of their own, those who wait for different ones are not before each other.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    options: &'a Options,
    are_apart: bool,
}

impl Event {
    /// How its waitlist is to be read.
    #[must_use]
    pub fn lines(&self) -> Lines<'_> {
        let lines = Lines { options: &self.options, are_apart: true };
        let (mut own, mut others, mut is_known) = (0_usize, 0_usize, [false; OPTION_IDS]);
        for option in self.options.offered().filter(|option| option.coming) {
            match is_known.get_mut(usize::from(lines.of(option).get())) {
                Some(is_known) if !*is_known => *is_known = true,
                Some(_) | None => continue,
            }
            let is_limited = option.capacity.is_some() || self.options.shared_by(option).is_some();
            let kind = if is_limited { &mut own } else { &mut others };
            *kind = kind.saturating_add(1);
        }
        // Without a limit for all of them, nobody waits for what has none.
        let others = if self.details.capacity.is_some() { others } else { 0 };
        Lines { are_apart: own > 0 && own.saturating_add(others) > 1, ..lines }
    }
}

impl<'a> Lines<'a> {
    /// Whether those who wait for different answers wait for different places, so that it has to be
    /// said which answer somebody waits for.
    #[must_use]
    pub const fn are_apart(self) -> bool {
        self.are_apart
    }

    /// The heading for whose places those wait who picked this option; `None` if they wait for
    /// those of the option itself or of the event.
    #[must_use]
    pub fn heading_of(self, option: OptionId) -> Option<&'a str> {
        let option = self.options.get(option).filter(|option| self.are_apart && shares(option))?;
        self.options.shared_by(option).map(|(_, places)| &*places.heading)
    }

    /// Counts members as they stand on the waitlist.
    #[must_use]
    pub const fn ranks(self) -> Ranks<'a> {
        Ranks { lines: self, so_far: [0; OPTION_IDS] }
    }

    /// What stands for the line of an option: the first one in it.
    fn of(self, option: &AnswerOption) -> OptionId {
        let Some((_, places)) = self.options.shared_by(option).filter(|_| shares(option)) else {
            return option.id;
        };
        let mut same = self.options.iter().filter(|one| places.are_for(one) && shares(one));
        same.next().map_or(option.id, |first| first.id)
    }
}

/// Whether an option has nothing but the places of its heading, if that has any.
const fn shares(option: &AnswerOption) -> bool {
    option.capacity.is_none()
}

/// As many options as have a number.
const OPTION_IDS: usize = 1 << u8::BITS;

/// Counts members in the order of the waitlist, each line for itself.
#[derive(Clone, Debug)]
pub struct Ranks<'a> {
    lines: Lines<'a>,
    so_far: [usize; OPTION_IDS],
}

impl Ranks<'_> {
    /// The rank of the next one on the waitlist, who picked this option: 1 for the first in a line.
    pub fn next(&mut self, option: OptionId) -> usize {
        let known = self.lines.options.get(option).filter(|_| self.lines.are_apart);
        let line = known.map_or(0, |option| usize::from(self.lines.of(option).get()));
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
            ("Tank 2: Warrior, Paladin; Bench", None, false),
            ("Tank 2: Warrior, Paladin; Healer 1: Priest", None, true),
            ("Tank 2: Warrior, Paladin 1", None, true),
        ] {
            let event = with(words, capacity);
            assert_eq!(event.lines().are_apart(), are_apart, "{words} {capacity:?}");
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
        assert_eq!(ranked(&with("Tank 1: Warrior, Paladin; Bear 1", None)), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn who_waits_for_shared_places_waits_for_those_of_the_heading() {
        let event = with("Tank 2: Warrior, Paladin 1; Healer 1: Priest; Bear 1", None);
        let headings = [0, 1, 2, 3].map(|id| event.lines().heading_of(OptionId::new(id)));
        assert_eq!(headings, [Some("Tank"), None, Some("Healer"), None]);
    }

    #[test]
    fn what_is_no_longer_offered_makes_no_line() {
        let mut event = with("Tank 1, Healer 1", None);
        let tank = option_words::read("Tank 1").unwrap();
        event.options = event.options.edited(&tank).unwrap();
        assert!(!event.lines().are_apart());
    }
}
