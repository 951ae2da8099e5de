//! What the made-up bot has given up: a little of everything, or nothing when all is well.

use jiff::{SignedDuration, Timestamp};
use muster_vitals::watched::Soon;
use muster_web::{Again, GivenUp, GivenUpList, GivenUpRow, TriedAgain, Unreadable};

use super::{MadeUp, Mood};

const SERVER: u64 = 281_474_976_710_656_900;
const KINDS: [(&str, &str); 4] = [
    ("a reminder", "The bot may not write there; the server's /doctor names what it lacks."),
    ("the post of an event", "Discord refuses it; the log says why."),
    (
        "news of a new time",
        "Nobody can tell whether it arrived. It is looked for before it is sent again.",
    ),
    (
        "archiving an event's thread",
        "The bot may not do that there; the server's /doctor names what it lacks.",
    ),
];

/// As many as fill two pages and a bit.
const ROWS: u64 = 43;

fn row(number: u64, now: Timestamp) -> GivenUpRow {
    let kind = usize::try_from(number).unwrap_or_default() % KINDS.len();
    let (what, why) = KINDS.get(kind).copied().unwrap_or_default();
    let at = now - SignedDuration::from_mins(7 + 31 * i64::try_from(number).unwrap_or_default());
    let again = match (kind, number) {
        (3, _) => Some(Again::Chores { server: SERVER + number }),
        (_, 5) => None,
        (_, _) => Some(Again::Message { server: SERVER + number, delivery: 900 - number }),
    };
    GivenUpRow {
        what,
        server: SERVER + number,
        event: 400 + number,
        channel: (number != 2).then_some(SERVER + 77 + number),
        due: at - SignedDuration::from_mins(2),
        at,
        why,
        again,
    }
}

impl GivenUp for MadeUp {
    fn list(&self, skip: usize, limit: usize) -> Soon<'_, Result<GivenUpList, Unreadable>> {
        let (now, tried) = (self.world.now(), self.state().tried.clone());
        let count = if self.mood == Mood::Calm { 0 } else { ROWS };
        let all = (0..count).map(|number| row(number, now));
        let left = all.filter(|row| row.again.is_none_or(|again| !tried.contains(&again)));
        let left: Vec<_> = left.collect();
        let total = left.len();
        let rows = left.into_iter().skip(skip).take(limit).collect();
        Box::pin(async move { Ok(GivenUpList { rows, total }) })
    }

    fn try_again(&self, what: Again) -> Soon<'_, TriedAgain> {
        self.state().tried.push(what);
        let ended = match what {
            Again::Message { .. } => TriedAgain::Sent,
            Again::Chores { .. } => TriedAgain::UnderWay,
        };
        Box::pin(async move { ended })
    }
}
