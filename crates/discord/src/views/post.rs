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
use crate::views::text::{full, grouped, length, person, relative, shortened, time};

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
pub fn announced(sheet: &Sheet, now: Timestamp) -> Message {
    let mut message = post(sheet, now);
    message.allowed_mentions = mentions(&sheet.event);
    message
}

/// A post that notifies nobody: for every edit.
#[must_use]
pub fn post(sheet: &Sheet, now: Timestamp) -> Message {
    let event = &sheet.event;
    Message {
        content: Some(event.mention.map(|role| mention(role, event.guild)).unwrap_or_default()),
        components: answers::rows(event, event.phase(now)),
        ..Message::card(card(sheet, now))
    }
}

/// The card of an event.
#[must_use]
pub fn card(sheet: &Sheet, now: Timestamp) -> Embed {
    let facts = facts(sheet, now);
    let in_lines = columns::needs_lines(sheet, facts.len());
    let mut card = Embed::default();
    for step in STEPS.into_iter().filter(|step| step.in_lines || !in_lines) {
        card = card_with(sheet, now, step, facts.clone());
        // No text has more characters than bytes, and bytes need no counting.
        if card_length(&card, str::len) <= CARD_MAX || card_length(&card, length) <= CARD_MAX {
            break;
        }
    }
    card
}

fn card_with(sheet: &Sheet, now: Timestamp, step: Step, mut fields: Vec<Field>) -> Embed {
    let event = &sheet.event;
    let phase = event.phase(now);
    let Step { names, label, about, in_lines } = step;
    fields.extend(columns::fields(sheet, Room { names, label, in_lines }));
    Embed {
        title: title(event, phase),
        description: description(event, about),
        color: colour(phase),
        fields,
        image: event.image.as_ref().map(|image| Image { url: image.as_str().to_owned() }),
        footer: Some(Footer { text: footer(event, phase).to_owned() }),
    }
}

fn card_length(card: &Embed, length: impl Fn(&str) -> usize) -> usize {
    let fields = card.fields.iter().map(|field| length(&field.name) + length(&field.value));
    let footer = card.footer.as_ref().map_or(0, |footer| length(&footer.text));
    length(&card.title) + length(&card.description) + fields.sum::<usize>() + footer
}

fn title(event: &Event, phase: Phase) -> String {
    let title = event.details.title.as_str();
    match phase {
        Phase::Cancelled => format!("Cancelled: {title}"),
        Phase::Deleted => format!("Deleted: {title}"),
        Phase::Open | Phase::Closed | Phase::Running | Phase::Over => title.to_owned(),
    }
}

/// Whose event it is, and what it is about.
fn description(event: &Event, about_max: usize) -> String {
    let host = format!("Hosted by {}", person(event.host));
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

fn footer(event: &Event, phase: Phase) -> &'static str {
    use muster_domain::event::AnswersClose::{AtEnd, AtStart};
    match (phase, event.answers_close) {
        (Phase::Open, AtStart) if !event.rules.close_before.is_zero() => {
            "Answers close before it begins"
        }
        (Phase::Open, AtStart) => "Answers close when it begins",
        (Phase::Open, AtEnd) => "It has begun · answers close when it ends",
        (Phase::Closed, _) => "Answers are closed",
        (Phase::Running, _) => "It has begun · answers are closed",
        (Phase::Over, _) => "It is over",
        (Phase::Cancelled | Phase::Deleted, _) => "It does not take place",
    }
}

/// Each on a line of its own, so that the options begin a row.
fn facts(sheet: &Sheet, now: Timestamp) -> Vec<Field> {
    let event = &sheet.event;
    let span = event.details.span;
    let (start, end) = (span.start(), span.end());
    let same_day = span.duration().as_hours() < 12;
    let until = if same_day { time(end) } else { full(end) };
    let closes = event.answers_until();
    let is_ahead = event.phase(now) == Phase::Open && closes < start;
    let close = is_ahead.then(|| format!("\nAnswers close {}", relative(closes)));
    let when =
        format!("{} – {until}\n{}{}", full(start), relative(start), close.unwrap_or_default());
    let mut facts = vec![field("When", when, false)];
    if let Some(location) = &event.details.location {
        facts.push(field("Where", location.as_str().to_owned(), false));
    }
    if let Some(capacity) = event.details.capacity {
        let taken = grouped(sheet.coming);
        let left = left(sheet, capacity.places());
        facts.push(field(
            "Places",
            format!("{taken} of {} · {left}", grouped(capacity.places())),
            false,
        ));
    }
    facts
}

/// "2 free, 1 held": a place on offer is nobody's yet, and whoever answers now does not get it.
fn left(sheet: &Sheet, places: usize) -> String {
    let held = sheet.offered.people;
    let free = places.saturating_sub(sheet.coming).saturating_sub(held);
    match (free, held) {
        (0, 0) => "full".to_owned(),
        (free, 0) => format!("{} free", grouped(free)),
        (0, held) => format!("{} held", grouped(held)),
        (free, held) => format!("{} free, {} held", grouped(free), grouped(held)),
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
