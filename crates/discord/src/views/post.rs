//! The post of an event: what everybody sees and taps.

use jiff::Timestamp;
use muster_domain::answer_option::{AnswerOption, Colour, OptionId};
use muster_domain::event::{Event, Phase};
use muster_domain::id::{GuildId, RoleId, UserId};
use muster_domain::sheet::{Names, Sheet};

use crate::custom_id::Action;
use crate::views::message::{
    AllowedMentions, Button, Component, Embed, Field, Footer, Message, Style,
};
use crate::views::text::{full, grouped, length, push_mention, relative, shortened, time};

/// Characters of all texts of a card together. Discord takes 6,000; the rest is for what a count
/// of ours might miss.
const CARD_MAX: usize = 5_900;

/// Characters of a field's value. (Discord docs: embed limits)
const FIELD_MAX: usize = 1_024;

/// A number, a mention and a line break.
const LINE_BYTES: usize = 28;

/// Buttons in one row.
const ROW_BUTTONS: usize = 5;

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
        components: buttons(event, event.phase(now)),
        ..Message::card(card(sheet, now))
    }
}

/// The card of an event.
#[must_use]
pub fn card(sheet: &Sheet, now: Timestamp) -> Embed {
    // As many names as fit, in a few steps: a post is rendered with every tap.
    let steps = [40, 30, 20, 12, 6, 3, 0];
    let mut card = Embed::default();
    for names_max in steps {
        card = card_with(sheet, now, names_max);
        // No text has more characters than bytes, and bytes need no counting.
        if card_length(&card, str::len) <= CARD_MAX || card_length(&card, length) <= CARD_MAX {
            break;
        }
    }
    card
}

fn card_with(sheet: &Sheet, now: Timestamp, names_max: usize) -> Embed {
    let event = &sheet.event;
    let phase = event.phase(now);
    let mut fields = facts(sheet);
    for (id, names) in &sheet.columns {
        fields.extend(event.options.get(*id).map(|option| column(option, names, names_max)));
    }
    if sheet.waitlist.total > 0 {
        fields.push(waitlist(&sheet.waitlist, names_max));
    }
    Embed {
        title: title(event, phase),
        description: description(event),
        color: colour(phase),
        fields,
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
fn description(event: &Event) -> String {
    let host = format!("Hosted by <@{}>", event.host);
    match &event.details.description {
        Some(about) => format!("{host}\n\n{about}"),
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
        (Phase::Open, AtStart) => "Answers close when it begins",
        (Phase::Open, AtEnd) => "It has begun · answers close when it ends",
        (Phase::Closed, _) => "Answers are closed",
        (Phase::Running, _) => "It has begun · answers are closed",
        (Phase::Over, _) => "It is over",
        (Phase::Cancelled | Phase::Deleted, _) => "It does not take place",
    }
}

/// Each on a line of its own, so that the options begin a row.
fn facts(sheet: &Sheet) -> Vec<Field> {
    let event = &sheet.event;
    let span = event.details.span;
    let (start, end) = (span.start(), span.end());
    let same_day = span.duration().as_hours() < 12;
    let until = if same_day { time(end) } else { full(end) };
    let when = format!("{} – {until}\n{}", full(start), relative(start));
    let mut facts = vec![field("When", when, false)];
    if let Some(location) = &event.details.location {
        facts.push(field("Where", location.as_str().to_owned(), false));
    }
    if let Some(capacity) = event.details.capacity {
        let free = capacity.places().saturating_sub(sheet.coming);
        let taken = grouped(sheet.coming);
        let left = if free == 0 { "full".to_owned() } else { format!("{} free", grouped(free)) };
        facts.push(field(
            "Places",
            format!("{taken} of {} · {left}", grouped(capacity.places())),
            false,
        ));
    }
    facts
}

fn column(option: &AnswerOption, names: &Names, names_max: usize) -> Field {
    let heading = match option.emoji.as_ref() {
        "" => format!("{} ({})", option.label, grouped(names.total)),
        emoji => format!("{emoji} {} ({})", option.label, grouped(names.total)),
    };
    field(&heading, listed(names, names_max, |line, _, user| push_mention(line, user)), true)
}

fn waitlist(names: &Names, names_max: usize) -> Field {
    let heading = format!("⏳ Waitlist ({})", grouped(names.total));
    // A number and a full stop take up to four characters more than a name alone.
    let numbered = |line: &mut String, rank: usize, user| {
        line.push_str(itoa::Buffer::new().format(rank));
        line.push_str(". ");
        push_mention(line, user);
    };
    field(&heading, listed(names, names_max.min(34), numbered), false)
}

fn listed(names: &Names, names_max: usize, line: impl Fn(&mut String, usize, UserId)) -> String {
    let shown = names.first.iter().take(names_max);
    let mut text = String::with_capacity(LINE_BYTES * (shown.len() + 1));
    for (rank, user) in (1..).zip(shown.clone()) {
        if rank > 1 {
            text.push('\n');
        }
        line(&mut text, rank, *user);
    }
    match (shown.len(), names.total.saturating_sub(shown.len())) {
        (0, 0) => "–".to_owned(),
        (_, 0) => text,
        (0, more) => format!("+{} more", grouped(more)),
        (_, more) => text + "\n+" + &grouped(more) + " more",
    }
}

fn field(name: &str, value: String, inline: bool) -> Field {
    let fits = value.len() <= FIELD_MAX;
    let value = if fits { value } else { shortened(&value, FIELD_MAX) };
    Field { name: shortened(name, 256), value, inline }
}

fn buttons(event: &Event, phase: Phase) -> Vec<Component> {
    let open = match phase {
        Phase::Open => true,
        Phase::Closed | Phase::Running => false,
        Phase::Over | Phase::Cancelled | Phase::Deleted => return Vec::new(),
    };
    let mut buttons: Vec<_> = event
        .options
        .iter()
        .map(|option| {
            let button =
                Button::new(style(option.colour), &*option.label, action(event, option.id))
                    .emoji(&option.emoji);
            if open { button } else { button.disabled() }
        })
        .collect();
    buttons.push(Button::new(Style::Secondary, "⋯", Action::More(event.id)));
    buttons.chunks(ROW_BUTTONS).map(|row| Component::buttons(row.to_vec())).collect()
}

const fn action(event: &Event, option: OptionId) -> Action {
    Action::Answer(event.id, option)
}

const fn style(colour: Colour) -> Style {
    match colour {
        Colour::Blue => Style::Primary,
        Colour::Grey => Style::Secondary,
        Colour::Green => Style::Success,
        Colour::Red => Style::Danger,
    }
}

/// The mention of a role. The role with the guild's own number is everybody.
#[must_use]
pub fn mention(role: RoleId, guild: GuildId) -> String {
    if role.get() == guild.get() { "@everyone".to_owned() } else { format!("<@&{role}>") }
}

/// Notifies the event's role, and nobody else.
#[must_use]
pub fn mentions(event: &Event) -> AllowedMentions {
    match event.mention {
        Some(role) if role.get() == event.guild.get() => {
            AllowedMentions { parse: vec!["everyone"], ..AllowedMentions::default() }
        }
        Some(role) => AllowedMentions { roles: vec![role], ..AllowedMentions::default() },
        None => AllowedMentions::default(),
    }
}
