//! Who waits for a place, and who gets the next one. Pure: knows no locks and no time.

use std::collections::VecDeque;
use std::time::Duration;

use super::policy::Priority;

/// After so many places given past somebody who waits, that one is next, whatever its priority.
const PASSED_MAX: u32 = 16;

/// How often somebody goes on who waits for memory or processor, however short they are: what is to
/// be deleted by a promise must not wait for ever.
const LET_THROUGH_EVERY: Duration = Duration::from_hours(1);

/// Places, and lines before them.
#[derive(Debug)]
pub(super) struct Line<T> {
    places: usize,
    running: usize,
    /// How many of them are not critical.
    ordinary: usize,
    /// How many of them are of normal or lower priority.
    patient: usize,
    waiting: [VecDeque<Waiting<T>>; Priority::COUNT],
    /// Since when memory or processor is short, or since somebody was let through; `None` while
    /// neither is.
    short_since: Option<Duration>,
    /// Whether one who waits for that may go on all the same.
    lets_through: bool,
}

#[derive(Debug)]
struct Waiting<T> {
    number: u64,
    passed: u32,
    who: T,
}

impl<T> Line<T> {
    pub(super) fn new(places: usize) -> Self {
        let waiting = std::array::from_fn(|_| VecDeque::new());
        Self {
            places: places.max(1),
            running: 0,
            ordinary: 0,
            patient: 0,
            waiting,
            short_since: None,
            lets_through: false,
        }
    }

    /// Memory or processor is short at `now`, on the monotonic clock, or is not. However long it
    /// lasts, one of those who wait for it goes on each [`LET_THROUGH_EVERY`].
    pub(super) fn set_short(&mut self, short: bool, now: Duration) {
        let since = self.short_since.filter(|_| short);
        let Some(since) = since else {
            self.short_since = short.then_some(now);
            self.lets_through = false;
            return;
        };
        if now.saturating_sub(since) >= LET_THROUGH_EVERY {
            self.short_since = Some(now);
            self.lets_through = true;
        }
    }

    /// Whether whoever can wait does.
    const fn defers(&self) -> bool {
        self.short_since.is_some() && !self.lets_through
    }

    /// Puts somebody at the end of a line.
    pub(super) fn wait(&mut self, priority: Priority, number: u64, who: T) {
        if let Some(line) = self.waiting.get_mut(priority.rank()) {
            line.push_back(Waiting { number, passed: 0, who });
        }
    }

    /// Takes somebody out of a line who no longer wants a place.
    pub(super) fn leave(&mut self, priority: Priority, number: u64) {
        if let Some(line) = self.waiting.get_mut(priority.rank()) {
            line.retain(|one| one.number != number);
            line.shrink_to(8);
        }
    }

    /// Takes a place, if there is one and nobody of this or a higher priority waits for it.
    pub(super) fn take(&mut self, priority: Priority) -> bool {
        let ahead = self.waiting.iter().take(priority.rank() + 1).any(|line| !line.is_empty());
        let free = !ahead && self.may_run(priority);
        if free {
            self.begin(priority);
        }
        free
    }

    /// Gives the next place, if there is one and somebody may have it.
    pub(super) fn next(&mut self) -> Option<(Priority, T)> {
        let priority = self.overdue().or_else(|| self.first())?;
        let one = self.waiting.get_mut(priority.rank())?.pop_front()?;
        for line in self.waiting.iter_mut().skip(priority.rank() + 1) {
            if let Some(passed) = line.front_mut() {
                passed.passed = passed.passed.saturating_add(1);
            }
        }
        self.begin(priority);
        Some((priority, one.who))
    }

    /// Gives a place back.
    pub(super) fn end(&mut self, priority: Priority) {
        self.running = self.running.saturating_sub(1);
        if priority != Priority::Critical {
            self.ordinary = self.ordinary.saturating_sub(1);
        }
        if priority > Priority::High {
            self.patient = self.patient.saturating_sub(1);
        }
    }

    pub(super) const fn running(&self) -> usize {
        self.running
    }

    pub(super) const fn places(&self) -> usize {
        self.places
    }

    /// How many wait for a place, and how many for memory or processor.
    pub(super) fn waiting(&self) -> (usize, usize) {
        let lines = ALL.iter().zip(&self.waiting);
        lines.fold((0, 0), |(waiting, deferred), (priority, line)| {
            if self.defers() && priority.can_wait() {
                (waiting, deferred + line.len())
            } else {
                (waiting + line.len(), deferred)
            }
        })
    }

    fn begin(&mut self, priority: Priority) {
        self.running += 1;
        if priority != Priority::Critical {
            self.ordinary += 1;
        }
        if priority > Priority::High {
            self.patient += 1;
        }
        if priority.can_wait() {
            self.lets_through = false;
        }
    }

    /// Of two or more places one is kept for critical work, of three or more another one for high
    /// work: what may wait for Discord for long never holds up what people see.
    fn may_run(&self, priority: Priority) -> bool {
        let but = |kept| self.places.saturating_sub(kept).max(1);
        let high = self.running < self.places && self.ordinary < but(1);
        match priority {
            Priority::Critical => self.running < self.places,
            Priority::High => high,
            Priority::Normal => high && self.patient < but(2),
            Priority::Low | Priority::Background => high && self.patient < but(2) && !self.defers(),
        }
    }

    fn first(&self) -> Option<Priority> {
        self.that_may().find(|(_, one)| one.is_some()).map(|(priority, _)| priority)
    }

    fn overdue(&self) -> Option<Priority> {
        let late = |one: Option<&Waiting<T>>| one.is_some_and(|one| one.passed >= PASSED_MAX);
        self.that_may().find(|(_, one)| late(*one)).map(|(priority, _)| priority)
    }

    /// The first in each line that may run now.
    fn that_may(&self) -> impl Iterator<Item = (Priority, Option<&Waiting<T>>)> {
        let lines = ALL.iter().copied().zip(self.waiting.iter().map(VecDeque::front));
        lines.filter(|(priority, _)| self.may_run(*priority))
    }
}

const ALL: [Priority; Priority::COUNT] =
    [Priority::Critical, Priority::High, Priority::Normal, Priority::Low, Priority::Background];

#[cfg(test)]
mod tests {
    use super::*;
    use Priority::{Background, Critical, High, Low, Normal};

    fn filled(waiting: &[(Priority, &'static str)]) -> Line<&'static str> {
        let mut line = Line::new(3);
        while line.take(Critical) {}
        for (number, (priority, who)) in waiting.iter().enumerate() {
            line.wait(*priority, number as u64, *who);
        }
        line
    }

    fn all(line: &mut Line<&'static str>) -> Vec<&'static str> {
        let mut served = Vec::new();
        line.end(Critical);
        while let Some((priority, who)) = line.next() {
            served.push(who);
            line.end(priority);
        }
        served
    }

    #[test]
    fn the_higher_priority_goes_first_and_within_one_who_came_first() {
        let mut line = filled(&[
            (Background, "e"),
            (Low, "d"),
            (Normal, "c1"),
            (Critical, "a"),
            (Normal, "c2"),
            (High, "b"),
        ]);
        line.end(Critical);
        assert_eq!(all(&mut line), ["a", "b", "c1", "c2", "d", "e"]);
    }

    #[test]
    fn one_place_is_kept_for_critical_and_one_for_high_work() {
        let mut line = Line::<()>::new(3);
        assert!(line.take(Normal));
        assert!(!line.take(Normal) && !line.take(Low));
        assert!(line.take(High));
        assert!(!line.take(High));
        assert!(line.take(Critical));
        assert!(!line.take(Critical));
        let mut single = Line::<()>::new(1);
        assert!(single.take(Low), "with one place there is nothing to keep");
        assert!(!single.take(Critical));
    }

    #[test]
    fn low_work_waits_while_memory_is_short_and_no_other_does() {
        let mut line = filled(&[(Low, "low"), (Background, "back"), (Normal, "normal")]);
        line.end(Critical);
        line.set_short(true, Duration::ZERO);
        assert_eq!(line.waiting(), (1, 2));
        assert_eq!(line.next().map(|one| one.1), Some("normal"));
        line.end(Normal);
        assert_eq!(line.next(), None);
        line.set_short(false, Duration::ZERO);
        assert_eq!(line.next().map(|one| one.1), Some("low"));
    }

    #[test]
    fn nobody_is_passed_more_than_sixteen_times() {
        let mut line = filled(&[(Low, "low")]);
        line.end(Critical);
        line.end(Critical);
        let mut before = 0;
        loop {
            line.wait(Normal, 100, "normal");
            let Some((priority, who)) = line.next() else { panic!("nobody is served") };
            line.end(priority);
            if who == "low" {
                break;
            }
            before += 1;
        }
        assert_eq!(before, 16);
    }

    #[test]
    fn whoever_leaves_gets_no_place() {
        let mut line = filled(&[(High, "gone"), (High, "there")]);
        line.leave(High, 0);
        line.end(Critical);
        assert_eq!(all(&mut line), ["there"]);
    }

    #[test]
    fn however_short_memory_is_one_an_hour_goes_on() {
        let mut line = Line::new(3);
        line.set_short(true, Duration::ZERO);
        for (number, who) in ["first", "second"].into_iter().enumerate() {
            assert!(!line.take(Low));
            line.wait(Low, number as u64, who);
        }
        line.set_short(true, Duration::from_mins(59));
        assert_eq!(line.next(), None);
        line.set_short(true, Duration::from_hours(1));
        assert_eq!(line.next(), Some((Low, "first")));
        line.end(Low);
        assert_eq!(line.next(), None);
        line.set_short(true, Duration::from_hours(2));
        assert_eq!(line.next(), Some((Low, "second")));
    }
}
