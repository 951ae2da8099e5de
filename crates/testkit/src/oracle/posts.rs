//! What a post shows must be what the roster is.

use std::collections::{BTreeMap, BTreeSet};

use muster_sim::ids::MessageId;
use muster_sim::world::Message;
use serde_json::Value;

use super::database::{KeptEvent, KeptOption};
use super::door::Spot;
use crate::choices::choices;
use crate::stage::Stage;
use crate::words::{NOBODY, is_nobody};

/// Names that a post shows of one option at most.
const NAMES_MAX: usize = 40;

/// Answers that are buttons at most; more are a list.
const BUTTONS_MAX: usize = 9;

/// Characters of an answer for which somebody waits.
const WAITED_FOR_MAX: usize = 20;

/// Judges the post of an event.
pub(super) fn judge(stage: &Stage, event: &KeptEvent) {
    if let Some(why) = untrue(stage, event) {
        stage.ledger.violation("I5", why);
    }
}

/// Why the post of an event is not as it should be; `None` if it is.
pub(super) fn untrue(stage: &Stage, event: &KeptEvent) -> Option<String> {
    let id = event.message.filter(|_| !event.is_gone)?;
    let shown = stage.inside.world(|world| world.message(MessageId::new(id)).cloned());
    let is_deleted = event.state.is_deleted;
    let why = match shown {
        None if is_deleted || stage.ledger.lock().erased.contains_key(&id) => return None,
        None => "the message is not there".to_owned(),
        Some(_) if is_deleted => "the message of a deleted event is still there".to_owned(),
        Some(message) => difference(stage, event, &message)?,
    };
    Some(format!("post {id} of event {} version {}: {why}", event.id, event.version))
}

fn difference(stage: &Stage, event: &KeptEvent, message: &Message) -> Option<String> {
    let card = message.embeds.first().unwrap_or(&Value::Null);
    let now_ms = stage.wall.now().as_millisecond();
    let (decided, heading) = (&event.state, card["title"].as_str().unwrap_or_default());
    let expected = if decided.is_cancelled {
        format!("Cancelled: {}", decided.title)
    } else {
        decided.title.clone()
    };
    if heading != expected {
        return Some(format!("the title is {heading:?}, not {expected:?}"));
    }
    let start = format!("<t:{}:F>", decided.starts_ms.div_euclid(1_000));
    let when = field(card, "When").unwrap_or_default();
    if !when.contains(&start) {
        return Some(format!("the time is {when:?}, not {start}"));
    }
    places(event, card)
        .or_else(|| event.all_options().iter().find_map(|option| above(event, option, card)))
        .or_else(|| event.all_options().iter().find_map(|option| column(event, option, card)))
        .or_else(|| waitlist(event, card))
        .or_else(|| aside(event, card, Spot::Offered, " Offered a place"))
        .or_else(|| aside(event, card, Spot::Passed, " Missed an offer"))
        .or_else(|| buttons(event, message, now_ms))
}

/// The value of the field whose name begins so.
fn field<'a>(card: &'a Value, begins: &str) -> Option<&'a str> {
    let fields = card["fields"].as_array()?;
    let named = |field: &&Value| field["name"].as_str().is_some_and(|n| n.starts_with(begins));
    fields.iter().find(named)?["value"].as_str()
}

fn places(event: &KeptEvent, card: &Value) -> Option<String> {
    let shown = field(card, "Places");
    let Some(capacity) = event.state.capacity else {
        return shown.map(|shown| format!("places are shown where there is no limit: {shown}"));
    };
    let coming = event.all_options().iter().filter(|option| option.is_coming);
    let taken: u64 = coming.map(|option| people(event, option)).sum();
    let held: u64 = in_order(event, |signup| signup.spot == Spot::Offered)
        .iter()
        .map(|member| event.signups.get(member).map_or(0, |signup| 1 + signup.guests))
        .sum();
    let expected = match (capacity.saturating_sub(taken + held), held) {
        (0, 0) => format!("{taken} of {capacity} · full"),
        (free, 0) => format!("{taken} of {capacity} · {free} free"),
        (0, held) => format!("{taken} of {capacity} · {held} held"),
        (free, held) => format!("{taken} of {capacity} · {free} free, {held} held"),
    };
    let fits = shown == Some(expected.as_str());
    (!fits).then(|| format!("places are {shown:?}, not {expected:?}"))
}

/// Who has a place under an option, in order.
fn members(event: &KeptEvent, option: &KeptOption) -> Vec<u64> {
    in_order(event, |one| one.option == Some(option.id) && one.spot == Spot::Seated)
}

/// The same with their guests; only who comes counts so.
fn people(event: &KeptEvent, option: &KeptOption) -> u64 {
    let of = |member: &u64| event.signups.get(member).map_or(0, |signup| signup.guests);
    members(event, option).iter().map(|member| 1 + of(member)).sum()
}

/// ", 1 held", behind a number of places.
fn among_held(people: u64) -> String {
    if people == 0 { String::new() } else { format!(", {people} held") }
}

/// People for whom a place under an option is held.
fn held(event: &KeptEvent, option: &KeptOption) -> u64 {
    let signups = event.signups.values();
    let held = signups.filter(|one| one.option == Some(option.id) && one.spot == Spot::Offered);
    held.map(|signup| 1 + signup.guests).sum()
}

/// "<@7> +2 · from 20:30 · until 21:00".
fn named(event: &KeptEvent, member: u64) -> String {
    let name = if is_nobody(member) { NOBODY.to_owned() } else { format!("<@{member}>") };
    let Some(signup) = event.signups.get(&member) else { return name };
    let guests = Some(signup.guests).filter(|guests| *guests > 0);
    let guests = guests.map(|guests| format!(" +{guests}")).unwrap_or_default();
    let at = |word: &str, ms: Option<i64>| {
        ms.map(|ms| format!(" · {word} <t:{}:t>", ms.div_euclid(1_000))).unwrap_or_default()
    };
    let (from, until) = match (during(event, signup.from_ms), during(event, signup.until_ms)) {
        (Some(from), Some(until)) if until <= from => (None, None),
        times => times,
    };
    let (from, until) = (at("from", from), at("until", until));
    format!("{name}{guests}{from}{until}")
}

/// A time during the event; another one means nothing since the event was moved.
fn during(event: &KeptEvent, ms: Option<i64>) -> Option<i64> {
    ms.filter(|ms| event.state.starts_ms < *ms && *ms < event.state.ends_ms)
}

fn in_order(event: &KeptEvent, which: impl Fn(&super::database::KeptSignup) -> bool) -> Vec<u64> {
    let mut found: Vec<_> = event.signups.iter().filter(|(_, signup)| which(signup)).collect();
    found.sort_by_key(|(_, signup)| signup.sequence);
    found.into_iter().map(|(member, _)| *member).collect()
}

fn column(event: &KeptEvent, option: &KeptOption, card: &Value) -> Option<String> {
    let members = members(event, option);
    // What is no longer offered is shown as long as somebody has it.
    if option.is_removed && members.is_empty() {
        return None;
    }
    let names = members.iter().take(NAMES_MAX).map(|member| named(event, *member));
    let people = people(event, option);
    let removed = if option.is_removed { ", no longer offered" } else { "" };
    let held = among_held(held(event, option));
    let heading = match option.capacity.filter(|_| option.is_coming) {
        Some(capacity) => format!("{} ({people}/{capacity}{held}{removed})", option.label),
        None => format!("{} ({people}{removed})", option.label),
    };
    compare(event, card, &heading, &names.collect::<Vec<_>>())
}

fn waitlist(event: &KeptEvent, card: &Value) -> Option<String> {
    let mut waiting = in_order(event, |signup| signup.spot == Spot::Waiting);
    waiting.sort_by_key(|member| event.signups.get(member).is_none_or(|one| !one.is_preferred));
    if waiting.is_empty() {
        let shown = field(card, "⏳");
        return shown.map(|shown| format!("a waitlist is shown and nobody waits: {shown}"));
    }
    let lines = lines(event);
    let are_apart = are_apart(event, &lines);
    let mut ranks: BTreeMap<Option<&Line>, u32> = BTreeMap::new();
    let ranked = waiting.iter().take(34).map(|member| {
        let picked = event.signups.get(member).and_then(|signup| signup.option);
        let line = picked.and_then(|option| lines.get(&option)).filter(|_| are_apart);
        let rank = ranks.entry(line).or_default();
        *rank += 1;
        let member = named(event, *member);
        // Ranks that come again are no list to Discord.
        match picked.filter(|_| are_apart) {
            None => format!("{rank}. {member}"),
            Some(option) => format!("{rank}\\. {member} · {}", name_of(event, option)),
        }
    });
    let ranked: Vec<_> = ranked.collect();
    compare(event, card, &format!(" Waitlist ({})", waiting.len()), &ranked)
}

/// For what those wait who picked an option.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    /// The places of the option, or any of the event.
    Option(u8),
    /// Those that a heading has.
    Heading(String),
}

/// In which line those stand who wait for an option.
fn lines(event: &KeptEvent) -> BTreeMap<u8, Line> {
    let line = |option: &KeptOption| match option.below() {
        Some((heading, _)) if option.capacity.is_none() => Line::Heading(heading),
        Some(_) | None => Line::Option(option.id),
    };
    event.all_options().iter().map(|option| (option.id, line(option))).collect()
}

/// Whether there is more than one line in which people can stand.
fn are_apart(event: &KeptEvent, lines: &BTreeMap<u8, Line>) -> bool {
    let coming = event.all_options().iter().filter(|one| one.is_coming && !one.is_removed);
    let of = |is_limited: bool| {
        let these = coming.clone();
        let these = these.filter(move |one| is_limited == (one.capacity.or(one.shared).is_some()));
        these.filter_map(|one| lines.get(&one.id)).collect::<BTreeSet<_>>()
    };
    let own = of(true).len();
    let others = if event.state.capacity.is_some() { of(false).len() } else { 0 };
    own > 0 && own + others > 1
}

/// The line in which those stand who wait for an option; `None` where there is but one.
pub(super) fn line_of(event: &KeptEvent, option: u8) -> Option<String> {
    let mut lines = lines(event);
    let are_apart = are_apart(event, &lines);
    lines.remove(&option).filter(|_| are_apart).map(|line| format!("{line:?}"))
}

/// What an answer is called, with its heading where another one has the same label.
pub(super) fn full_name(event: &KeptEvent, option: u8) -> String {
    let all = event.all_options();
    let Some(found) = all.iter().find(|known| known.id == option) else { return String::new() };
    let label = |one: &KeptOption| one.label.to_lowercase();
    let is_twice = all.iter().any(|other| other.id != option && label(other) == label(found));
    match &found.heading {
        Some(heading) if is_twice => format!("{} ({heading})", found.label),
        Some(_) | None => found.label.clone(),
    }
}

/// The same where a post says for which one somebody waits: as much as fits there.
fn name_of(event: &KeptEvent, option: u8) -> String {
    let name = full_name(event, option);
    let fits = name.chars().count() <= WAITED_FOR_MAX;
    let cut = || name.chars().take(WAITED_FOR_MAX - 1).chain(['…']).collect::<String>();
    let name = if fits { name } else { cut() };
    name.replace('(', "\\(").replace(')', "\\)")
}

/// A heading of which answers are offered has its places beside it.
fn above(event: &KeptEvent, option: &KeptOption, card: &Value) -> Option<String> {
    let (heading, room) = option.below().filter(|_| !option.is_removed)?;
    let below = event.all_options().iter().filter(|one| one.heading.as_ref() == Some(&heading));
    let coming = || below.clone().filter(|one| one.is_coming);
    let people: u64 = coming().map(|one| people(event, one)).sum();
    let held = among_held(coming().map(|one| held(event, one)).sum());
    let expected = format!("{heading} ({people}/{room}{held})");
    let fields = card["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_there = fields.iter().any(|field| field["name"] == expected);
    (!is_there).then(|| format!("there is no {expected:?}"))
}

/// A list of its own below the answers, whose lines say more than the names.
fn aside(event: &KeptEvent, card: &Value, spot: Spot, heading: &str) -> Option<String> {
    let members = in_order(event, |signup| signup.spot == spot);
    let heading = format!("{heading} ({})", members.len());
    let fields = card["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let named = |field: &&Value| field["name"].as_str().is_some_and(|n| n.ends_with(&heading));
    let shown = fields.iter().find(named).and_then(|field| field["value"].as_str());
    let shown = shown.unwrap_or_default();
    let is_there = |(line, member): (&str, &u64)| line.starts_with(&self::named(event, *member));
    if event.rules.are_names_hidden {
        let hides = members.is_empty() || shown == "Names are hidden";
        return (!hides).then(|| format!("{heading} names {shown:?}"));
    }
    let fits = shown.lines().count() == members.len() && shown.lines().zip(&members).all(is_there);
    (!fits).then(|| format!("{heading} are {shown:?}, not {members:?}"))
}

fn compare(event: &KeptEvent, card: &Value, heading: &str, lines: &[String]) -> Option<String> {
    let fields = card["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let named = |field: &&Value| field["name"].as_str().is_some_and(|n| n.ends_with(heading));
    // A heading can be called like an answer, and have as many places.
    let first = fields.iter().find(named);
    let same = |field: &&Value| first.is_some_and(|first| field["name"] == first["name"]);
    let mut shown = fields.iter().filter(same).map(|field| somebody(&field["value"]));
    let Some(first) = shown.next() else {
        let headings: Vec<_> = fields.iter().map(|field| field["name"].clone()).collect();
        return Some(format!("there is no {heading:?} in {headings:?}"));
    };
    if event.rules.are_names_hidden {
        let told = std::iter::once(first).chain(shown).find(|shown| !shown.is_empty());
        return told.map(|told| format!("{heading} names {told:?}"));
    }
    let fits = first == lines || shown.any(|shown| shown == lines);
    (!fits).then(|| format!("{heading} are {first:?}, not {lines:?}"))
}

/// The lines of a field that are about somebody.
fn somebody(value: &Value) -> Vec<&str> {
    let is_somebody = |line: &&str| line.contains("<@") || line.contains(NOBODY);
    value.as_str().unwrap_or_default().lines().filter(is_somebody).collect()
}

/// How long a post may still look as before its event began or ended, in milliseconds.
const TURN_MS: i64 = 60_000;

fn buttons(event: &KeptEvent, message: &Message, now_ms: i64) -> Option<String> {
    let turned = |at: i64| (0..TURN_MS).contains(&(now_ms - at));
    let closes_ms = event.state.closes_ms();
    if turned(closes_ms) || turned(event.state.starts_ms) || turned(event.state.ends_ms) {
        return None;
    }
    let all = crate::words::custom_ids(&Value::Array(message.components.clone())).len();
    let is_list = event.options.iter().any(|option| option.heading.is_some());
    let is_list = is_list || event.options.len() > BUTTONS_MAX;
    let chosen = choices(&message.components);
    let lists = chosen.iter().any(|choice| choice.value.is_some());
    let live = crate::words::buttons(&message.components).len() + usize::from(lists);
    let is_over = event.state.is_cancelled || now_ms >= event.state.ends_ms;
    let options = if is_list { 1 } else { event.options.len() };
    let expected = if is_over {
        (0, 0)
    } else if event.state.is_open(now_ms) {
        (options + 1, options + 1)
    } else {
        (options + 1, 1)
    };
    let offered: BTreeSet<u8> = event.options.iter().map(|option| option.id).collect();
    if expected.1 > 1
        && chosen.iter().map(|choice| choice.option).collect::<BTreeSet<_>>() != offered
    {
        return Some(format!("{chosen:?} can be chosen, not {offered:?}"));
    }
    (expected != (all, live)).then(|| format!("{live} of {all} buttons work, not {expected:?}"))
}
