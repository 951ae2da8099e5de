//! What a crash run does, drawn from its seed before it begins: when the program is killed and how
//! long it stays away, and what is due in the meantime.

use std::time::Duration;

use crate::draw::Draw;

/// The longest that it usually stays away, and what it is from time to time, in milliseconds.
const AWAY_MS: u64 = 500;
const AWAY_LONGER_MS: u64 = 3_000;

/// One round in so many is away longer.
const LONGER_ONE_IN: u64 = 10;

/// One round in so many is away until nobody may trust a nonce any more: past the 50 s of
/// `SAME_NONCE`, in milliseconds.
const LONGEST_ONE_IN: u64 = 200;
const LONGEST_MS: (u64, u64) = (51_000, 60_000);

/// Milliseconds after the start of the program until it is killed, or until the next message is
/// waited for.
const UP_MS: (u64, u64) = (20, 2_000);

/// Milliseconds from the message that is waited for until the kill: well within the time that
/// Discord's answer is on its way.
const AFTER_ACCEPTED_MS: u64 = 60;

/// The longest that an answer of Discord's is on its way, in milliseconds.
const LATENCY_MS: u64 = 150;

/// Reminders of one event at most, a minute apart.
const WORDS_MAX: u64 = 5;

/// Every third minute of the run gives each event one reminder more.
const MINUTES_PER_WORD: u64 = 3;

/// How long before its first reminder an event is created and posted.
const POSTED_BEFORE: Duration = Duration::from_secs(5);

/// When a program is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// So long after its start.
    After(Duration),
    /// `later` after the first message that Discord takes `from` the start on.
    Accepted { from: Duration, later: Duration },
}

/// One life of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    pub(crate) moment: Moment,
    /// How long nothing runs after it.
    pub(crate) away: Duration,
    /// How long Discord's answers are on their way, after it has done what was asked.
    pub(crate) latency: Duration,
    /// When an organiser creates an event by command, after the start.
    pub(crate) creates: Duration,
}

/// How an event lies to its reminders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// All of them come before it.
    Ahead,
    /// The first comes as it begins.
    Beginning,
    /// It has begun.
    Running,
}

/// An event to come, in time since the beginning of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) kind: Kind,
    /// When it is created, and its post due.
    pub(crate) created: Duration,
    /// When its first reminder is due; the others follow, a minute apart.
    pub(crate) first: Duration,
    /// How many there are.
    pub(crate) words: u64,
}

/// Draws the rounds.
pub(crate) fn rounds(draw: &mut Draw, count: u64) -> Vec<Round> {
    (0..count).map(|_| round(draw)).collect()
}

fn round(draw: &mut Draw) -> Round {
    let (shortest, longest) = UP_MS;
    let moment = if draw.between(0, 1) == 0 {
        Moment::After(draw.time(shortest, longest))
    } else {
        let from = draw.time(shortest, longest);
        Moment::Accepted { from, later: draw.time(0, AFTER_ACCEPTED_MS) }
    };
    let away = if draw.between(1, LONGEST_ONE_IN) == 1 {
        draw.time(LONGEST_MS.0, LONGEST_MS.1)
    } else if draw.between(1, LONGER_ONE_IN) == 1 {
        draw.time(AWAY_MS, AWAY_LONGER_MS)
    } else {
        draw.time(0, AWAY_MS)
    };
    Round { moment, away, latency: draw.time(0, LATENCY_MS), creates: draw.time(0, longest) }
}

/// About how long the rounds take together.
pub(crate) fn length(rounds: &[Round]) -> Duration {
    let up = |moment: Moment| match moment {
        Moment::After(time) => time,
        Moment::Accepted { from, later } => from + later,
    };
    rounds.iter().map(|round| up(round.moment) + round.away).sum()
}

/// Draws events whose posts and reminders are at least so many, due all over this time.
pub(crate) fn events(draw: &mut Draw, deliveries: u64, length: Duration) -> Vec<Event> {
    let words = (length.as_secs() / 60 / MINUTES_PER_WORD).clamp(1, WORDS_MAX);
    let begin = POSTED_BEFORE.as_secs() + 1;
    let end = length.as_secs().saturating_sub((words - 1) * 60 + begin).max(begin);
    let event = |number: u64| {
        // Whole seconds, as Discord's users see them; the post is due between two of them.
        let first = Duration::from_secs(draw.between(begin, end));
        let kind = match number % 3 {
            0 => Kind::Ahead,
            1 => Kind::Beginning,
            _ => Kind::Running,
        };
        let created = first.saturating_sub(POSTED_BEFORE) + draw.time(0, 1_000);
        Event { kind, created, first, words }
    };
    (0..deliveries.div_ceil(words + 1)).map(event).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_run_again() {
        let plan = |seed| {
            let mut draw = Draw::new(seed);
            let rounds = rounds(&mut draw, 500);
            let events = events(&mut draw, 10_000, length(&rounds));
            (rounds, events)
        };
        assert_eq!(plan(1), plan(1));
        assert_ne!(plan(1).0, plan(2).0);
    }

    #[test]
    fn rounds_are_of_every_kind() {
        let rounds = rounds(&mut Draw::new(1), 500);
        let aimed = |round: &&Round| matches!(round.moment, Moment::Accepted { .. });
        assert!((200..300).contains(&rounds.iter().filter(aimed).count()));
        let away = |low, high| {
            let (low, high) = (Duration::from_secs(low), Duration::from_secs(high));
            rounds.iter().filter(|round| (low..high).contains(&round.away)).count()
        };
        let each = [away(0, 1), away(1, 4), away(50, 61)];
        assert!(each[0] > 400 && each[1] > 20 && each[2] > 0, "{each:?}");
        assert_eq!(away(4, 50), 0);
    }

    #[test]
    fn all_is_due_within_the_run_and_as_much_as_was_asked_for() {
        for (deliveries, minutes, words) in [(100, 1, 1), (10_000, 25, 5)] {
            let length = Duration::from_mins(minutes);
            let events = events(&mut Draw::new(7), deliveries, length);
            let planned: u64 = events.iter().map(|event| 1 + event.words).sum();
            assert!(planned >= deliveries && planned < deliveries + 10, "{planned}");
            for event in events {
                assert_eq!(event.words, words);
                let last = event.first + Duration::from_mins(event.words - 1);
                assert!(event.created < event.first && last <= length, "{event:?}");
            }
        }
    }
}
