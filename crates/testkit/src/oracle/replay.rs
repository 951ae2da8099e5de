//! Plays an event's history again by the simplest rules that can be, and compares at every version
//! who has a place, who is offered one and who waits.

use std::collections::{BTreeMap, BTreeSet};

use super::answers;
use super::database::{KeptEvent, KeptRules, Line};
use super::door::{Door, Party, Past, Spot};
use crate::asked::{Behalf, Wanted};
use crate::stage::Stage;

/// What the history says of a member: option, guests and place.
type Told = BTreeMap<u64, (u8, u64, Spot)>;

/// What was, so that it can be again.
#[derive(Default)]
struct Before {
    /// What members had before organisers changed it, by member and version.
    answers: BTreeMap<(u64, u64), Option<Party>>,
    /// Before the latest decision about the event itself.
    decision: Past,
}

/// Judges that at every version exactly the right members had places, by the event's own options
/// and rules, and that the roster is what the history makes of it.
pub(super) fn judge(stage: &Stage, event: &KeptEvent) {
    let (mut door, mut before) = (Door::default(), Before::default());
    let mut told = Told::new();
    let versions: BTreeSet<u64> = event.states.keys().chain(event.lines.keys()).copied().collect();
    for version in versions {
        let lines = event.lines.get(&version).map(Vec::as_slice).unwrap_or_default();
        step(stage, event, version, (&mut door, &mut before), lines);
        for line in lines.iter().filter(|line| line.way != "details") {
            tell(&mut told, line);
        }
        let expected: Told = door
            .parties
            .iter()
            .map(|(member, party)| (*member, (party.option, party.guests, party.spot)))
            .collect();
        if told != expected {
            let id = event.id;
            let what = format!("event {id} version {version}: {told:?} instead of {expected:?}");
            return stage.ledger.violation("I4", what);
        }
    }
    judge_roster(stage, event, &door);
}

/// What the version did: an organiser's decision, an answer, or offers that lapsed.
fn step(
    stage: &Stage,
    event: &KeptEvent,
    version: u64,
    (door, before): (&mut Door, &mut Before),
    lines: &[Line],
) {
    let (decided, rules) = (event.decided(version), event.rules_at(version));
    let at_ms = event.decided_ms.get(&version).copied();
    let at_ms = at_ms.or(lines.first().map(|line| line.at_ms)).unwrap_or(i64::MAX);
    door.offers = rules.is_some_and(|rules| rules.offer_s.is_some())
        && decided.is_some_and(|now| now.is_open(at_ms));
    door.prefers = rules.is_some_and(|rules| !rules.preferred.is_empty());
    for line in lines.iter().filter(|line| line.way == "erased" && line.option.is_none()) {
        match decided {
            Some(decided) if decided.is_off() => drop(door.parties.remove(&line.member)),
            Some(_) | None => door.leaves(line.member),
        }
    }
    let passed = lines.iter().filter(|line| line.way == "passed");
    let passed: Vec<u64> = passed.map(|line| line.member).collect();
    if event.states.contains_key(&version) {
        let was = door.parties.clone();
        // Offers end before anything else.
        door.passes(&passed);
        decide(event, version, (&mut *door, &before.decision), at_ms);
        before.decision = Past::of(was, &door.parties);
    } else if !passed.is_empty() {
        door.lapses(&passed);
    }
    let given: Vec<_> =
        lines.iter().filter(|line| matches!(&*line.way, "tap" | "organiser")).collect();
    for line in &given {
        before.answers.insert((line.member, version), door.parties.get(&line.member).copied());
        before.decision.answered.insert(line.member);
    }
    give(stage, rules, (door, before), &given);
}

/// An answer that was given, or two by which members swapped or have theirs again.
fn give(
    stage: &Stage,
    rules: Option<&KeptRules>,
    (door, before): (&mut Door, &Before),
    given: &[&Line],
) {
    let Some(line) = given.first() else { return };
    let had = |member| door.parties.get(&member).is_some_and(|party| party.has_role);
    let theirs = stage.cast.roles_of(answers::member_of(stage, line));
    let mut has_role = rules.is_some_and(|rules| rules.prefers(&theirs));
    match behalf(stage, line).map(|behalf| (behalf.member, behalf.wanted)) {
        Some((member, Wanted::Swapped(option, with))) => {
            let is_member = |one: &&&Line| {
                one.member == member || (one.member != with && one.option == Some(option))
            };
            let member = given.iter().find(is_member).map_or(line.member, |one| one.member);
            let other = given.iter().find(|one| one.member != member);
            return door.swaps((member, option), other.map_or(with, |one| one.member));
        }
        Some((_, Wanted::Before(version))) => {
            let earlier = |line: &&Line| before.answers.get(&(line.member, version)).copied();
            let all = given.iter().filter_map(|line| Some((line.member, earlier(line)??)));
            let all: Vec<_> = all.collect();
            if !all.is_empty() {
                return door.puts_back(&all);
            }
        }
        Some((_, Wanted::Moved(_))) => has_role = had(line.member),
        Some((_, Wanted::Numbered(_) | Wanted::Labelled(_) | Wanted::Nothing)) | None => {}
    }
    match line.option {
        Some(option) => door.answers(line.member, option, line.guests, has_role),
        None => door.leaves(line.member),
    }
}

/// What an organiser's decision makes of the roster. Nobody moves in what does not take place.
fn decide(event: &KeptEvent, version: u64, (door, past): (&mut Door, &Past), at_ms: i64) {
    let Some(decided) = event.states.get(&version) else { return };
    let earlier = event.states.range(..version).next_back();
    let was_off = earlier.is_some_and(|(_, earlier)| earlier.is_off());
    let takes_place = !decided.is_off() && at_ms < decided.ends_ms;
    let room = event.room_by_option(version);
    if !takes_place && earlier.is_some() {
        return;
    }
    if was_off {
        return door.resumes();
    }
    if !decided.is_open(at_ms) {
        door.ends_offers();
    }
    if event.undoings.contains(&version) {
        door.taken_back(decided.capacity, room, past);
    } else {
        door.arranged(decided.capacity, room);
    }
}

/// What an organiser wanted by this line, if it is about that.
fn behalf(stage: &Stage, line: &Line) -> Option<Behalf> {
    let seen = stage.ledger.lock();
    seen.asked.get(&line.interaction?)?.behalf.clone()
}

fn tell(told: &mut Told, line: &Line) {
    match line.option {
        Some(option) => told.insert(line.member, (option, line.guests, line.spot)),
        None => told.remove(&line.member),
    };
}

/// The rows as they stand must be what the history says.
fn judge_roster(stage: &Stage, event: &KeptEvent, door: &Door) {
    let mut kept: Vec<_> = event.signups.iter().collect();
    kept.sort_by_key(|(_, signup)| signup.sequence);
    for (member, signup) in &kept {
        let party = door.parties.get(member);
        let expected = party.map(|party| (party.option, party.guests, party.spot));
        if signup.option.map(|option| (option, signup.guests, signup.spot)) != expected {
            let what =
                format!("event {}: {member} has {signup:?} instead of {expected:?}", event.id);
            stage.ledger.violation("I4", what);
        }
    }
    let comes = |option: u8| door.coming.contains_key(&option);
    let coming = kept.iter().filter(|(_, signup)| signup.option.is_some_and(comes));
    let in_order: Vec<u64> = coming.map(|(member, _)| **member).collect();
    let mut expected: Vec<_> = door.parties.iter().filter(|(_, p)| comes(p.option)).collect();
    expected.sort_by_key(|(_, party)| party.since);
    let expected: Vec<u64> = expected.into_iter().map(|(member, _)| *member).collect();
    if in_order != expected {
        let what = format!("event {}: in order {in_order:?} not {expected:?}", event.id);
        stage.ledger.violation("I4", what);
    }
}
