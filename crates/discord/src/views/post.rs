//! The post of an event: what everybody sees and taps.

mod answers;
mod columns;

use jiff::Timestamp;
use muster_domain::event::{Event, Phase};
use muster_domain::id::{GuildId, RoleId};
use muster_domain::sheet::Sheet;
use muster_domain::text::Description;

pub(in crate::views) use self::answers::below;
use self::columns::Room;
use crate::views::message::{AllowedMentions, Embed, Field, Footer, Image, Message};
use crate::views::messages::{Key, Words};
use crate::views::text::{full, grouped, length, person_in, relative, shortened, time};

/// Characters of all texts of a card together. Discord takes 6,000; the rest is for what a count
/// of ours might miss.
const CARD_MAX: usize = 5_900;

/// Characters of a field's value. (Discord docs: "Embed Limits")
const FIELD_MAX: usize = 1_024;

/// How a card is made smaller, step by step, until it fits: a post is rendered with every tap.
const STEPS: [Step; 11] = [
    step(40, false),
    step(30, false),
    step(20, false),
    step(12, false),
    step(6, false),
    step(3, false),
    step(0, false),
    step(8, true),
    step(0, true),
    Step { label: 24, ..step(0, true) },
    Step { label: 24, about: 300, ..step(0, true) },
];

#[derive(Clone, Copy)]
struct Step {
    names: usize,
    label: usize,
    about: usize,
    in_lines: bool,
}

const fn step(names: usize, in_lines: bool) -> Step {
    Step { names, label: 160, about: Description::MAX, in_lines }
}

/// A post with the mention of its role, which notifies: for creating it.
#[must_use]
pub fn announced(words: Words, sheet: &Sheet, now: Timestamp) -> Message {
    let mut message = post(words, sheet, now);
    message.allowed_mentions = mentions(&sheet.event);
    message
}

/// A post that notifies nobody: for every edit.
#[must_use]
pub fn post(words: Words, sheet: &Sheet, now: Timestamp) -> Message {
    let event = &sheet.event;
    Message {
        content: Some(event.mention.map(|role| mention(role, event.guild)).unwrap_or_default()),
        components: answers::rows(words, event, event.phase(now)),
        ..Message::card(card(words, sheet, now))
    }
}

/// The card of an event.
#[must_use]
pub fn card(words: Words, sheet: &Sheet, now: Timestamp) -> Embed {
    let facts = facts(words, sheet, now);
    let in_lines = columns::needs_lines(sheet, facts.len());
    let mut card = Embed::default();
    for step in STEPS.into_iter().filter(|step| step.in_lines || !in_lines) {
        card = card_with((words, now), sheet, step, facts.clone());
        // No text has more characters than bytes, and bytes need no counting.
        if card_length(&card, str::len) <= CARD_MAX || card_length(&card, length) <= CARD_MAX {
            break;
        }
    }
    card
}

fn card_with(
    (words, now): (Words, Timestamp),
    sheet: &Sheet,
    step: Step,
    mut fields: Vec<Field>,
) -> Embed {
    let event = &sheet.event;
    let phase = event.phase(now);
    let Step { names, label, about, in_lines } = step;
    fields.extend(columns::fields(words, sheet, Room { names, label, in_lines }));
    Embed {
        title: title(words, event, phase),
        description: description(words, event, about),
        color: colour(phase),
        fields,
        image: event.image.as_ref().map(|image| Image { url: image.as_str().to_owned() }),
        footer: Some(Footer { text: words.plain(footer(event, phase)).to_owned() }),
    }
}

fn card_length(card: &Embed, length: impl Fn(&str) -> usize) -> usize {
    let fields = card.fields.iter().map(|field| length(&field.name) + length(&field.value));
    let footer = card.footer.as_ref().map_or(0, |footer| length(&footer.text));
    length(&card.title) + length(&card.description) + fields.sum::<usize>() + footer
}

fn title(words: Words, event: &Event, phase: Phase) -> String {
    let title = event.details.title.as_str();
    match phase {
        Phase::Cancelled => words.filled(Key::PostCancelled, &[("title", title)]),
        Phase::Deleted => words.filled(Key::PostDeleted, &[("title", title)]),
        Phase::Open | Phase::Closed | Phase::Running | Phase::Over => title.to_owned(),
    }
}

/// Whose event it is, and what it is about.
fn description(words: Words, event: &Event, about_max: usize) -> String {
    let host = words.filled(Key::PostHost, &[("host", &person_in(words, event.host))]);
    match &event.details.description {
        Some(about) => format!("{host}\n\n{}", shortened(about.as_str(), about_max)),
        None => host,
    }
}

const fn colour(phase: Phase) -> u32 {
    match phase {
        Phase::Open => 0x3B_A5_5D,
        Phase::Closed | Phase::Running => 0xE0_A1_00,
        Phase::Over => 0x74_7F_8D,
        Phase::Cancelled | Phase::Deleted => 0xD8_3C_3E,
    }
}

const fn footer(event: &Event, phase: Phase) -> Key {
    use muster_domain::event::AnswersClose::{AtEnd, AtStart};
    match (phase, event.answers_close) {
        (Phase::Open, AtStart) if !event.rules.close_before.is_zero() => Key::PostClosesBefore,
        (Phase::Open, AtStart) => Key::PostClosesStart,
        (Phase::Open, AtEnd) => Key::PostClosesEnd,
        (Phase::Closed, _) => Key::PostClosed,
        (Phase::Running, _) => Key::PostRunning,
        (Phase::Over, _) => Key::PostOver,
        (Phase::Cancelled | Phase::Deleted, _) => Key::PostOff,
    }
}

/// Each on a line of its own, so that the options begin a row.
fn facts(words: Words, sheet: &Sheet, now: Timestamp) -> Vec<Field> {
    let event = &sheet.event;
    let span = event.details.span;
    let (start, end) = (span.start(), span.end());
    let same_day = span.duration().as_hours() < 12;
    let until = if same_day { time(end) } else { full(end) };
    let closes = event.answers_until();
    let is_ahead = event.phase(now) == Phase::Open && closes < start;
    let mut when = format!("{} – {until}\n{}", full(start), relative(start));
    if is_ahead {
        when.push('\n');
        words.push(&mut when, Key::PostWhenClose, &[("away", &relative(closes))]);
    }
    let mut facts = vec![field(words.plain(Key::PostWhen), when, false)];
    if let Some(location) = &event.details.location {
        let name = words.plain(Key::PostWhere);
        facts.push(field(name, location.as_str().to_owned(), false));
    }
    if let Some(capacity) = event.details.capacity {
        let (taken, places) = (grouped(sheet.coming), grouped(capacity.places()));
        let left = left(words, sheet, capacity.places());
        let values = [("taken", taken.as_str()), ("places", &places), ("left", &left)];
        let value = words.filled(Key::PostPlacesTaken, &values);
        facts.push(field(words.plain(Key::PostPlaces), value, false));
    }
    facts
}

/// "2 free, 1 held": a place on offer is nobody's yet, and whoever answers now does not get it.
fn left(words: Words, sheet: &Sheet, places: usize) -> String {
    let held = sheet.offered.people;
    let free = places.saturating_sub(sheet.coming).saturating_sub(held);
    match (free, held) {
        (0, 0) => words.plain(Key::PostPlacesFull).to_owned(),
        (free, 0) => words.counted(Key::PostPlacesFree, free),
        (0, held) => words.counted(Key::PostPlacesHeld, held),
        (free, held) => {
            let free = words.counted(Key::PostPlacesFree, free);
            format!("{free}, {}", words.counted(Key::PostPlacesHeld, held))
        }
    }
}

fn field(name: &str, value: String, inline: bool) -> Field {
    let fits = value.len() <= FIELD_MAX;
    let value = if fits { value } else { shortened(&value, FIELD_MAX) };
    Field { name: shortened(name, 256), value, inline }
}

/// The mention of a role. The role with the guild's own number is everybody.
#[must_use]
pub fn mention(role: RoleId, guild: GuildId) -> String {
    if role.get() == guild.get() { "@everyone".to_owned() } else { format!("<@&{role}>") }
}

/// Notifies the event's role, and nobody else.
#[must_use]
pub fn mentions(event: &Event) -> AllowedMentions {
    mentions_of(event.mention, event.guild)
}

/// Notifies this role of the guild, if one is given, and nobody else.
#[must_use]
pub fn mentions_of(role: Option<RoleId>, guild: GuildId) -> AllowedMentions {
    match role {
        Some(role) if role.get() == guild.get() => {
            AllowedMentions { parse: vec!["everyone"], ..AllowedMentions::default() }
        }
        Some(role) => AllowedMentions { roles: vec![role], ..AllowedMentions::default() },
        None => AllowedMentions::default(),
    }
}

#[cfg(test)]
mod tests;
