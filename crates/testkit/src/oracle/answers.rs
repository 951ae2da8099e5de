//! No acknowledged answer is lost, and the last one counts.

use std::collections::{BTreeMap, BTreeSet};

use super::database::{Kept, KeptEvent, Line};
use crate::ledger::{Asked, Pick, TAKEN};
use crate::stage::{self, Stage};

/// Judges an event's history: every line has its tap, taps count in their order, and only while
/// answers are taken.
pub(super) fn judge(stage: &Stage, event: &KeptEvent) {
    let mut last: BTreeMap<u64, u64> = BTreeMap::new();
    let asked = stage.ledger.lock().asked.clone();
    for (version, line) in taps(event) {
        let Some(interaction) = line.interaction else {
            stage.ledger.violation("I1", format!("event {}: a tap of nobody's", event.id));
            continue;
        };
        judge_tap(stage, event, line, asked.get(&interaction));
        judge_phase(stage, event, version, line);
        judge_rules(stage, event, line);
        if last.insert(line.member, interaction).is_some_and(|before| before >= interaction) {
            let what = format!("event {}: {interaction} came after a later tap", event.id);
            stage.ledger.violation("I1", what);
        }
    }
    for (member, signup) in &event.signups {
        if last.get(member) != Some(&signup.interaction) {
            let what = format!("event {}: the last tap of {member} is not {signup:?}", event.id);
            stage.ledger.violation("I1", what);
        }
    }
}

fn taps(event: &KeptEvent) -> impl Iterator<Item = (u64, &Line)> {
    let lines = event
        .lines
        .iter()
        .flat_map(|(version, lines)| lines.iter().map(move |line| (*version, line)));
    lines.filter(|(_, line)| line.way == "tap")
}

/// Somebody did tap this, and then.
fn judge_tap(stage: &Stage, event: &KeptEvent, line: &Line, asked: Option<&Asked>) {
    let pick = Some(Pick { event: event.id, option: line.option });
    // Guests come along with the answer that there is.
    let is_it = |asked: &&Asked| {
        asked.pick == pick || asked.guests.is_some_and(|(of, n)| (of, n) == (event.id, line.guests))
    };
    let Some(asked) = asked.filter(|asked| asked.member == line.member).filter(is_it) else {
        let what = format!("event {}: nobody tapped {line:?}", event.id);
        return stage.ledger.violation("I1", what);
    };
    let asked_ms = stage::wall_ms(asked.at);
    if line.at_ms < asked_ms - stage.skew_ms() {
        let what = format!("event {}: {line:?} was asked at {asked_ms}", event.id);
        stage.ledger.violation("I1", what);
    }
}

/// Who may answer does, with no more guests than they may bring.
fn judge_rules(stage: &Stage, event: &KeptEvent, line: &Line) {
    let admitted = event.rules.admits(&stage.cast.roles_of(line.member));
    let is_answer = line.option.is_some();
    if is_answer && (!admitted || line.guests > event.rules.guests_max) {
        let what = format!("event {}: {line:?} was taken against {:?}", event.id, event.rules);
        stage.ledger.violation("I4", what);
    }
}

/// The event took answers at that instant, as it stood then.
fn judge_phase(stage: &Stage, event: &KeptEvent, version: u64, line: &Line) {
    let then = event.states.range(..version).next_back();
    if then.is_none_or(|(_, then)| !then.is_open(line.at_ms)) {
        let what = format!("event {}: {line:?} was taken of {then:?}", event.id);
        stage.ledger.violation("I1", what);
    }
}

/// Judges that every tap whose answer was accepted is on the disk, or was overtaken by a later one
/// of the same member.
pub(super) fn judge_acknowledged(stage: &Stage, kept: &Kept) {
    let mut stored: BTreeMap<(u64, u64), BTreeSet<u64>> = BTreeMap::new();
    for event in kept.events.values() {
        for (_, line) in taps(event) {
            let key = (event.id, line.member);
            stored.entry(key).or_default().extend(line.interaction);
        }
    }
    let asked = stage.ledger.lock().asked.clone();
    for (interaction, asked) in asked {
        let event = asked.pick.map(|pick| pick.event).or(asked.guests.map(|(event, _)| event));
        let Some(event) = event.filter(|_| asked.accepted.contains(&TAKEN)) else { continue };
        let mine = stored.get(&(event, asked.member));
        let is_kept = mine.is_some_and(|mine| mine.range(interaction..).next().is_some());
        if !is_kept {
            let what = format!("{interaction} was acknowledged and is lost: {asked:?}");
            stage.ledger.violation("I1", what);
        }
    }
}
