//! No acknowledged answer or change is lost, and the last one counts.

use std::collections::{BTreeMap, BTreeSet};

use super::database::{EventState, Kept, KeptEvent, Line};
use super::door::Spot;
use crate::asked::{Asked, Behalf, Pick, Reply, Wanted};
use crate::ledger::TAKEN;
use crate::stage::Stage;
use crate::words::is_nobody;

/// Judges an event's history: every line has its tap, taps count in their order, and only while
/// answers are taken.
pub(super) fn judge(stage: &Stage, event: &KeptEvent) {
    let mut last: BTreeMap<u64, u64> = BTreeMap::new();
    let asked = stage.ledger.lock().asked.clone();
    for (version, line) in answers(event) {
        judge_phase(stage, event, version, line);
        let Some(interaction) = line.interaction else {
            stage.ledger.violation("I1", format!("event {}: a tap of nobody's", event.id));
            continue;
        };
        let asked = asked.get(&interaction);
        if line.way == "organiser" {
            judge_behalf(stage, event, (version, line), asked);
            continue;
        }
        judge_tap(stage, event, (version, line), asked);
        judge_rules(stage, event, version, line);
        if last.insert(line.member, interaction).is_some_and(|before| before >= interaction) {
            let what = format!("event {}: {interaction} came after a later tap", event.id);
            stage.ledger.violation("I1", what);
        }
    }
    for (version, lines) in &event.lines {
        for line in lines.iter().filter(|line| line.way == "erased") {
            judge_erased(stage, event, *version, line);
        }
    }
    // Of who was erased nobody knows any more what they tapped last.
    for (member, signup) in event.signups.iter().filter(|(member, _)| !is_nobody(**member)) {
        // What organisers did says nothing about the member's own taps.
        let own = last.get(member).copied().unwrap_or_default();
        if own != signup.interaction {
            let what = format!("event {}: the last tap of {member} is not {signup:?}", event.id);
            stage.ledger.violation("I1", what);
        }
    }
}

/// Who was erased does not come to what had not begun, and stays in the roster of what had.
fn judge_erased(stage: &Stage, event: &KeptEvent, version: u64, line: &Line) {
    let begins_ms = event.decided(version).map(|decided| decided.starts_ms);
    if line.option.is_some() && begins_ms.is_some_and(|begins_ms| line.at_ms < begins_ms) {
        let what = format!("event {}: {line:?} stays, which begins at {begins_ms:?}", event.id);
        stage.ledger.violation("I4", what);
    }
}

/// Whose answer a line is, or was before they had everything erased: their interaction tells.
pub(super) fn member_of(stage: &Stage, line: &Line) -> u64 {
    let seen = stage.ledger.lock();
    let asked = line.interaction.and_then(|interaction| seen.asked.get(&interaction));
    let theirs = asked.map(|asked| asked.behalf.as_ref().map_or(asked.member, |one| one.member));
    let was_theirs = theirs.filter(|member| is_nobody(line.member) && stage.is_erased(*member));
    was_theirs.unwrap_or(line.member)
}

/// The lines of answers that members or organisers gave, with their versions.
fn answers(event: &KeptEvent) -> impl Iterator<Item = (u64, &Line)> {
    let lines = event
        .lines
        .iter()
        .flat_map(|(version, lines)| lines.iter().map(move |line| (*version, line)));
    lines.filter(|(_, line)| matches!(&*line.way, "tap" | "organiser"))
}

/// An organiser did want this for the member.
fn judge_behalf(
    stage: &Stage,
    event: &KeptEvent,
    (version, line): (u64, &Line),
    asked: Option<&Asked>,
) {
    let organisers = [stage.cast.owner.get(), stage.cast.organiser.get()];
    let behalf = asked.filter(|asked| organisers.contains(&asked.member));
    let behalf = behalf.and_then(|asked| asked.behalf.as_ref());
    let is_it = behalf.is_some_and(|behalf| {
        let is_theirs = behalf.member == member_of(stage, line);
        behalf.event == event.id
            && ((is_theirs && is_wanted(event, version, &behalf.wanted, line))
                || is_other_half(stage, event, &behalf.wanted, line))
    });
    if !is_it {
        let what = format!("event {}: no organiser wanted {line:?}: {asked:?}", event.id);
        stage.ledger.violation("I1", what);
    }
}

/// Whether an answer is that of the other one of two who swap, or have theirs again. Which one it
/// is follows from the rules.
fn is_other_half(stage: &Stage, event: &KeptEvent, wanted: &Wanted, line: &Line) -> bool {
    match wanted {
        Wanted::Swapped(_, with) => {
            line.member == *with || (is_nobody(line.member) && stage.is_erased(*with))
        }
        Wanted::Before(changed) => {
            let lines = event.lines.get(changed).map(Vec::as_slice).unwrap_or_default();
            lines.iter().any(|swapped| swapped.member == line.member && swapped.way == "organiser")
        }
        Wanted::Numbered(_) | Wanted::Moved(_) | Wanted::Labelled(_) | Wanted::Nothing => false,
    }
}

/// Whether an answer is the one that was wanted, at that version.
fn is_wanted(event: &KeptEvent, version: u64, wanted: &Wanted, line: &Line) -> bool {
    let option = line.option;
    match wanted {
        Wanted::Before(changed) => {
            let lines =
                event.lines.range(..*changed).rev().flat_map(|(_, lines)| lines.iter().rev());
            let mut mine = lines.filter(|earlier| earlier.member == line.member);
            option == mine.next().and_then(|earlier| earlier.option)
        }
        Wanted::Nothing => option.is_none(),
        Wanted::Numbered(number) | Wanted::Moved(number) | Wanted::Swapped(number, _) => {
            option == Some(*number)
        }
        Wanted::Labelled(label) => {
            let known = event.options_at(version).iter().find(|known| Some(known.id) == option);
            known.is_some_and(|known| known.label.to_lowercase() == label.to_lowercase())
        }
    }
}

/// Somebody did tap this, and then.
fn judge_tap(
    stage: &Stage,
    event: &KeptEvent,
    (version, line): (u64, &Line),
    asked: Option<&Asked>,
) {
    let pick = Some(Pick { event: event.id, option: line.option });
    let member = member_of(stage, line);
    // Guests come along with the answer that there is.
    let is_it = |asked: &&Asked| {
        let guests = asked.guests.is_some_and(|(of, n)| (of, n) == (event.id, line.guests));
        let reply = asked.offer.is_some_and(|reply| is_reply(event, version, line, reply));
        asked.pick == pick || guests || reply
    };
    let Some(asked) = asked.filter(|asked| asked.member == member).filter(is_it) else {
        let what = format!("event {}: nobody tapped {line:?}", event.id);
        return stage.ledger.violation("I1", what);
    };
    let asked_ms = stage.epoch.ms_at(asked.at);
    if line.at_ms < asked_ms - stage.skew_ms() {
        let what = format!("event {}: {line:?} was asked at {asked_ms}", event.id);
        stage.ledger.violation("I1", what);
    }
}

/// The line of a member before this version.
fn before(event: &KeptEvent, version: u64, member: u64) -> Option<&Line> {
    let mut lines = event.lines.range(..version).rev().flat_map(|(_, lines)| lines.iter().rev());
    lines.find(|before| before.member == member)
}

/// Whether a line is what comes of a reply to an offer: the place that was held is theirs, under
/// the answer that they had, or they have none any more.
fn is_reply(event: &KeptEvent, version: u64, line: &Line, reply: Reply) -> bool {
    let before = before(event, version, line.member);
    let was_offered = before.is_some_and(|before| before.spot == Spot::Offered);
    let is_theirs =
        before.is_some_and(|before| before.option == line.option) && line.spot == Spot::Seated;
    let is_done = if reply.accepts { is_theirs } else { line.option.is_none() };
    reply.event == event.id && was_offered && is_done
}

/// Who may answer does, by the rules of that time, with no more guests than they may bring; and
/// only what is offered is picked.
fn judge_rules(stage: &Stage, event: &KeptEvent, version: u64, line: &Line) {
    let Some(picked) = line.option else { return };
    // A place that is held for somebody is theirs, whatever the rules are by now.
    let before = before(event, version, line.member);
    let is_held = |before: &Line| {
        let is_same = (before.option, before.guests) == (line.option, line.guests);
        before.spot == Spot::Offered && line.spot == Spot::Seated && is_same
    };
    if before.is_some_and(is_held) {
        return;
    }
    let theirs = stage.cast.roles_of(member_of(stage, line));
    let options = event.options_at(version);
    let option = options.iter().find(|option| option.id == picked && !option.is_removed);
    let rules = event.rules_at(version);
    let admits = option.is_some_and(|option| option.admits(&theirs))
        && rules.is_some_and(|rules| rules.admits(&theirs) && line.guests <= rules.guests_max);
    if !admits {
        let what = format!("event {}: {line:?} was taken against {rules:?}", event.id);
        stage.ledger.violation("I4", what);
    }
}

/// The event took answers at that instant, as it stood then.
fn judge_phase(stage: &Stage, event: &KeptEvent, version: u64, line: &Line) {
    let then = event.states.range(..version).next_back().map(|(_, then)| then);
    let is_by_organiser = line.way == "organiser";
    let takes = |then: &EventState| {
        // Organisers answer for members also while answers are closed.
        let is_on = !then.is_off() && line.at_ms < then.ends_ms;
        // Until the start, who has answered can ask for less room.
        let is_ahead = !then.is_off() && line.at_ms < then.starts_ms;
        if is_by_organiser {
            is_on
        } else {
            then.is_open(line.at_ms) || (is_ahead && leaves_room(event, version, line))
        }
    };
    if then.is_none_or(|then| !takes(then)) {
        let what = format!("event {}: {line:?} was taken of {then:?}", event.id);
        stage.ledger.violation("I1", what);
    }
}

/// Whether an answer is taken back, or has fewer guests than before.
fn leaves_room(event: &KeptEvent, version: u64, line: &Line) -> bool {
    let Some(option) = line.option else { return true };
    let earlier = event.lines.range(..version).rev().flat_map(|(_, lines)| lines.iter().rev());
    let mut mine = earlier.filter(|earlier| earlier.member == line.member);
    let before = mine.next().and_then(|before| Some((before.option?, before.guests)));
    before.is_some_and(|(had, guests)| had == option && line.guests < guests)
}

/// Judges that every tap whose answer was accepted is on the disk, or was overtaken by a later one
/// of the same member; and so is what organisers were told to be done.
pub(super) fn judge_acknowledged(stage: &Stage, kept: &Kept) {
    let mut stored: BTreeMap<(u64, u64), BTreeSet<u64>> = BTreeMap::new();
    for event in kept.events.values() {
        for (_, line) in answers(event).filter(|(_, line)| line.way == "tap") {
            let key = (event.id, member_of(stage, line));
            stored.entry(key).or_default().extend(line.interaction);
        }
    }
    let asked = stage.ledger.lock().asked.clone();
    let taken = asked.iter().filter(|(_, asked)| asked.accepted.contains(&TAKEN));
    for (interaction, asked) in taken {
        let event = asked.pick.map(|pick| pick.event).or(asked.guests.map(|(event, _)| event));
        let mine = event.map(|event| stored.get(&(event, asked.member)));
        let is_kept = mine
            .is_none_or(|mine| mine.is_some_and(|mine| mine.range(interaction..).next().is_some()));
        let is_done = asked.behalf.as_ref().is_none_or(|behalf| was_done(stage, kept, behalf));
        if !is_kept || !is_done {
            let what = format!("{interaction} was acknowledged and is lost: {asked:?}");
            stage.ledger.violation("I1", what);
        }
    }
    let made: BTreeSet<u64> =
        kept.events.values().flat_map(|event| event.changes.clone()).collect();
    let made: BTreeSet<u64> = made.union(&kept.plans.changes).copied().collect();
    let changed = stage.ledger.lock().changed.clone();
    for lost in changed.difference(&made) {
        stage.ledger.violation("I1", format!("the change {lost} was acknowledged and is lost"));
    }
}

/// Whether a member had, at some time, the answer that an organiser wanted for them.
fn was_done(stage: &Stage, kept: &Kept, behalf: &Behalf) -> bool {
    let Some(event) = kept.events.get(&behalf.event) else { return false };
    let lines = event.lines.iter().flat_map(|(version, lines)| lines.iter().map(|l| (*version, l)));
    let mut mine = lines.filter(|(_, line)| member_of(stage, line) == behalf.member);
    mine.any(|(version, line)| is_wanted(event, version, &behalf.wanted, line))
}
