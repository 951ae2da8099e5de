//! The answers on a post: who picked what, who waits, within the limits of a card.

use std::borrow::Cow;

use muster_domain::answer_option::{AnswerOption, OptionId};
use muster_domain::capacity::Capacity;
use muster_domain::sheet::{Entry, Names, Sheet};

use super::field;
use crate::views::message::Field;
use crate::views::messages::{Key, Words};
use crate::views::text::{fitted, grouped, length, plain, push_mention, relative, time};

/// Fields of a card. (Discord docs: "Embed Limits")
const FIELDS_MAX: usize = 25;

/// Characters of a field's value, but for what follows the names.
const NAMES_LENGTH_MAX: usize = 1_000;

/// Characters of what those without a place have answered.
const ANSWER_MAX: usize = 20;

/// A number, a mention and a line break.
const LINE_BYTES: usize = 28;

/// Characters of a field's value.
const VALUE_MAX: usize = 1_024;

/// The shortest text that Discord takes for an empty one.
const EMPTY: &str = "\u{200b}";

/// How much room names and labels may take.
#[derive(Clone, Copy)]
pub(super) struct Room {
    /// Members named under each answer at most.
    pub(super) names: usize,
    /// Characters of a label, as Discord counts them.
    pub(super) label: usize,
    /// Whether answers stand in lines instead of columns.
    pub(super) in_lines: bool,
}

/// Whether answers, with `others` beside them, are too many for columns.
pub(super) fn needs_lines(sheet: &Sheet, others: usize) -> bool {
    let columns = sheet.columns.len();
    let headings = groups(sheet).filter(|(group, _)| group.is_some()).count();
    others + columns + 2 * headings + lists(sheet).count() > FIELDS_MAX
}

/// Everybody who answered.
pub(super) fn fields(words: Words, sheet: &Sheet, room: Room) -> Vec<Field> {
    let put = if room.in_lines { in_lines } else { in_columns };
    let mut fields = put(words, sheet, room);
    fields.extend(lists(sheet).map(|list| list.field(words, room, sheet)));
    fields
}

/// The answers of one option, with what belongs to it.
struct Column<'a> {
    option: &'a AnswerOption,
    names: &'a Names,
}

/// Answers that share a heading, in order; those without one apart.
fn groups(sheet: &Sheet) -> impl Iterator<Item = (Option<&str>, Vec<Column<'_>>)> {
    let mut groups: Vec<(Option<&str>, Vec<Column<'_>>)> = Vec::new();
    for (id, names) in &sheet.columns {
        let Some(option) = sheet.event.options.get(*id) else { continue };
        let group = option.group.as_deref().filter(|_| !option.removed);
        let column = Column { option, names };
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, columns)) => columns.push(column),
            None => groups.push((group, vec![column])),
        }
    }
    groups.into_iter()
}

fn in_columns(words: Words, sheet: &Sheet, room: Room) -> Vec<Field> {
    let mut fields = Vec::new();
    for (group, columns) in groups(sheet) {
        // A heading takes a row of its own, so that its answers stand below it.
        let group = group.map(|group| group_heading(words, sheet, group, room.label));
        fields.extend(group.map(|group| field(&group, EMPTY.to_owned(), false)));
        for column in columns {
            let line = |text: &mut String, entry: &Entry| named(text, words, entry);
            let names = listed(words, (column.names, room.names), sheet, line);
            fields.push(field(&heading(words, &column, room.label, sheet), names, true));
        }
    }
    fields
}

/// "Roles", or "🛡 Tank (1/2)" where all below it share places, with those that are held.
fn group_heading(words: Words, sheet: &Sheet, group: &str, label_max: usize) -> String {
    let label = fitted(group, label_max);
    let options = &sheet.event.options;
    let Some(places) = options.shared().iter().find(|places| *places.heading == *group) else {
        return label;
    };
    let takes_one = |id| options.get(id).is_some_and(|one| one.coming && places.are_for(one));
    let below = sheet.columns.iter().filter(|(id, _)| takes_one(*id));
    let people = below.map(|(_, names)| names.people).fold(0, usize::saturating_add);
    let held = sheet.held_below(places);
    format!("{label} ({})", count(words, people, held, Some(places.capacity)))
}

/// "✅ Yes (3)", "🛡 Tank (1/2)", "🛡 Tank (0/2, 1 held)".
fn heading(words: Words, column: &Column<'_>, label_max: usize, sheet: &Sheet) -> String {
    let Column { option, names } = column;
    let label = fitted(&option.label, label_max);
    let emoji = if option.emoji.is_empty() { "" } else { " " };
    let capacity = option.capacity.filter(|_| option.coming);
    let mut places = count(words, names.people, sheet.held_in(option.id), capacity);
    if option.removed {
        places.push_str(", ");
        places.push_str(words.plain(Key::PostAnswerGone));
    }
    format!("{}{emoji}{label} ({places})", option.emoji)
}

/// How many, and of how many. A place on offer is nobody's yet, and not free either.
fn count(words: Words, people: usize, held: usize, capacity: Option<Capacity>) -> String {
    let people = grouped(people);
    match (capacity.map(|capacity| grouped(capacity.places())), held) {
        (Some(places), 0) => format!("{people}/{places}"),
        (Some(places), held) => {
            format!("{people}/{places}, {}", words.counted(Key::PostPlacesHeld, held))
        }
        (None, _) => people,
    }
}

/// "<@7> +2 · from 20:30 · until 21:00". Written without `format!`, as a post has up to 160.
fn named(text: &mut String, words: Words, entry: &Entry) {
    with_guests(text, words, entry);
    if let Some(arrives) = entry.arrives {
        text.push_str(" · ");
        words.push(text, Key::PostFrom, &[("time", &time(arrives))]);
    }
    if let Some(leaves) = entry.leaves {
        text.push_str(" · ");
        words.push(text, Key::PostUntil, &[("time", &time(leaves))]);
    }
}

/// "<@7> +2".
fn with_guests(text: &mut String, words: Words, entry: &Entry) {
    push_mention(text, words, entry.member);
    if entry.guests.get() > 0 {
        text.push_str(" +");
        text.push_str(itoa::Buffer::new().format(entry.guests.get()));
    }
}

/// A list beside the answers.
struct List<'a> {
    heading: Key,
    names: &'a Names,
    names_max: usize,
    is_ranked: bool,
}

impl List<'_> {
    fn field(&self, words: Words, room: Room, sheet: &Sheet) -> Field {
        let heading = format!("{} ({})", words.plain(self.heading), grouped(self.names.total));
        let lines = sheet.event.lines();
        let mut ranks = lines.ranks();
        let names = (self.names, room.names.min(self.names_max));
        let value = listed(words, names, sheet, |text, entry| {
            if self.is_ranked {
                text.push_str(itoa::Buffer::new().format(ranks.next(entry.option)));
                // Where numbers come again, Discord must not see a list: it would count on.
                text.push_str(if lines.are_apart() { "\\. " } else { ". " });
            }
            named(text, words, entry);
            if lines.are_apart() {
                text.push_str(" · ");
                text.push_str(&answer(sheet, entry.option, room.label));
            }
            if let Some(until) = entry.offered_until {
                text.push_str(" · ");
                words.push(text, Key::PostExpires, &[("away", &relative(until))]);
            }
        });
        field(&heading, value, false)
    }
}

/// What somebody without a place has answered, short enough for one line.
fn answer(sheet: &Sheet, option: OptionId, label_max: usize) -> String {
    let options = &sheet.event.options;
    let name = options.get(option).map_or_else(Cow::default, |option| options.name_of(option));
    plain(&fitted(&name, label_max.min(ANSWER_MAX)))
}

/// Who is offered a place, who waits, and who missed an offer; without those that are empty.
fn lists(sheet: &Sheet) -> impl Iterator<Item = List<'_>> {
    let offered =
        List { heading: Key::PostOffered, names: &sheet.offered, names_max: 20, is_ranked: false };
    let waitlist = List {
        heading: Key::PostWaitlist,
        names: &sheet.waitlist,
        // A number and a full stop take up to four characters more than a name alone.
        names_max: 34,
        is_ranked: true,
    };
    let passed =
        List { heading: Key::PostPassed, names: &sheet.passed, names_max: 20, is_ranked: false };
    [offered, waitlist, passed].into_iter().filter(|list| list.names.total > 0)
}

/// One name in each line, as many as fit, and how many more there are.
fn listed(
    words: Words,
    (names, names_max): (&Names, usize),
    sheet: &Sheet,
    line: impl FnMut(&mut String, &Entry),
) -> String {
    match (names.total, sheet.event.rules.names_hidden) {
        (0, _) => "–".to_owned(),
        (_, true) => words.plain(Key::PostNamesHidden).to_owned(),
        (_, false) => joined(words, (names, names_max), "\n", line),
    }
}

fn joined(
    words: Words,
    (names, names_max): (&Names, usize),
    between: &str,
    mut line: impl FnMut(&mut String, &Entry),
) -> String {
    let shown_max = names_max.min(names.first.len());
    let mut text = String::with_capacity(LINE_BYTES * (shown_max + 1));
    let mut shown = 0;
    for entry in names.first.iter().take(names_max) {
        let before = text.len();
        if shown > 0 {
            text.push_str(between);
        }
        line(&mut text, entry);
        // No text has more characters than bytes.
        if text.len() > NAMES_LENGTH_MAX {
            text.truncate(before);
            break;
        }
        shown += 1;
    }
    let more = names.total.saturating_sub(shown);
    if more > 0 {
        if shown > 0 {
            text.push_str(between);
        }
        text.push_str(&words.counted(Key::PostMore, more));
    }
    text
}

/// More answers than there are fields: one line for each, in as few fields as possible.
fn in_lines(words: Words, sheet: &Sheet, room: Room) -> Vec<Field> {
    let mut lines = Vec::new();
    for (group, columns) in groups(sheet) {
        let (removed, offered): (Vec<_>, Vec<_>) =
            columns.into_iter().partition(|column| column.option.removed);
        let group = group.map(|group| group_heading(words, sheet, group, room.label));
        lines.extend(group.map(|group| format!("__{group}__")));
        lines.extend(offered.iter().map(|column| line(words, column, room, sheet)));
        let left: usize = removed.iter().map(|column| column.names.total).sum();
        if left > 0 {
            lines.push(words.filled(Key::PostAnswersGone, &[("count", &grouped(left))]));
        }
    }
    let chunks = chunked(&lines);
    let names = std::iter::once(words.plain(Key::PostAnswers)).chain(std::iter::repeat(EMPTY));
    names.zip(chunks).map(|(name, chunk)| field(name, chunk, false)).collect()
}

fn line(words: Words, column: &Column<'_>, room: Room, sheet: &Sheet) -> String {
    let heading = heading(words, column, room.label, sheet);
    if room.names == 0 || sheet.event.rules.names_hidden || column.names.total == 0 {
        return heading;
    }
    // What is left of a field beside the heading.
    let names_max = room.names.min(20);
    let with_guests = |text: &mut String, entry: &Entry| with_guests(text, words, entry);
    let names = joined(words, (column.names, names_max), ", ", with_guests);
    format!("{heading}: {names}")
}

/// Lines put together as long as they fit into one field.
fn chunked(lines: &[String]) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    for line in lines {
        match chunks.last_mut() {
            Some(chunk) if length(chunk) + length(line) < VALUE_MAX => {
                chunk.push('\n');
                chunk.push_str(line);
            }
            Some(_) | None => chunks.push(line.clone()),
        }
    }
    chunks
}
