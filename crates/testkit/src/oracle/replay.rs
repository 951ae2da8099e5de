//! Plays an event's history again by the simplest rules that can be: who is coming stands in a
//! line, and the first so many have a place.

use std::collections::{BTreeMap, BTreeSet};

use super::database::{KeptEvent, Line};
use crate::stage::Stage;

/// The line in front of the door.
#[derive(Default)]
struct Queue {
    capacity: Option<u64>,
    picks: BTreeMap<u64, u8>,
    /// Who is coming, in the order of joining.
    joined: Vec<u64>,
}

impl Queue {
    fn answers(&mut self, member: u64, option: Option<u8>, is_coming: impl Fn(u8) -> bool) {
        match option {
            Some(option) => self.picks.insert(member, option),
            None => self.picks.remove(&member),
        };
        let stood = self.joined.contains(&member);
        match (stood, option.is_some_and(is_coming)) {
            (true, false) => self.joined.retain(|one| *one != member),
            (false, true) => self.joined.push(member),
            (true, true) | (false, false) => {}
        }
    }

    fn waiting(&self) -> BTreeSet<u64> {
        let seats = self.capacity.and_then(|seats| usize::try_from(seats).ok());
        self.joined.iter().skip(seats.unwrap_or(usize::MAX)).copied().collect()
    }
}

/// Judges that at every version exactly the right members waited, and that the roster is what the
/// history makes of it.
pub(super) fn judge(stage: &Stage, event: &KeptEvent) {
    let mut queue = Queue::default();
    let mut told = BTreeMap::new();
    let versions: BTreeSet<u64> = event.states.keys().chain(event.lines.keys()).copied().collect();
    for version in versions {
        if let Some(state) = event.states.get(&version) {
            queue.capacity = state.capacity;
        }
        for line in event.lines.get(&version).into_iter().flatten() {
            if line.way == "tap" {
                queue.answers(line.member, line.option, |option| is_coming(event, option));
            }
            tell(&mut told, line);
        }
        let waiting: BTreeSet<u64> =
            told.iter().filter(|(_, (_, waits))| *waits).map(|(member, _)| *member).collect();
        if waiting != queue.waiting() {
            let (id, expected) = (event.id, queue.waiting());
            let what = format!(
                "event {id} version {version}: {waiting:?} wait instead of {expected:?} of {:?}",
                queue.joined
            );
            return stage.ledger.violation("I4", what);
        }
    }
    judge_roster(stage, event, &queue);
}

fn tell(told: &mut BTreeMap<u64, (u8, bool)>, line: &Line) {
    match line.option {
        Some(option) => told.insert(line.member, (option, line.is_waiting)),
        None => told.remove(&line.member),
    };
}

fn is_coming(event: &KeptEvent, option: u8) -> bool {
    event.options.iter().any(|known| known.id == option && known.is_coming)
}

/// The rows as they stand must be what the history says.
fn judge_roster(stage: &Stage, event: &KeptEvent, queue: &Queue) {
    let waiting = queue.waiting();
    let mut kept: Vec<_> = event.signups.iter().collect();
    kept.sort_by_key(|(_, signup)| signup.sequence);
    for (member, signup) in &kept {
        let expected = (queue.picks.get(member).copied(), waiting.contains(member));
        if (signup.option, signup.is_waiting) != expected {
            let what =
                format!("event {}: {member} has {signup:?} instead of {expected:?}", event.id);
            stage.ledger.violation("I4", what);
        }
    }
    let in_order: Vec<u64> = kept
        .iter()
        .filter(|(_, signup)| signup.option.is_some_and(|option| is_coming(event, option)))
        .map(|(member, _)| **member)
        .collect();
    if in_order != queue.joined {
        let what = format!("event {}: in order {in_order:?} not {:?}", event.id, queue.joined);
        stage.ledger.violation("I4", what);
    }
}
