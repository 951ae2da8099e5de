//! A day of a server: each of its events with who is coming, in one message.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use muster_domain::event::Phase;
use muster_domain::id::UserId;
use muster_domain::limits::MENTIONS_MAX;
use muster_domain::sheet::{Entry, Names};
use muster_engine::limits::DAY_EVENTS_MAX;
use muster_engine::silent::Silent;
use muster_store::model::Posted;

use crate::views::dates;
use crate::views::message::{Embed, Field, Message};
use crate::views::messages::{Key, Words};
use crate::views::panel::link;
use crate::views::text::{grouped, length, person_in, shortened, time};

/// Characters of all embeds of a message. Discord takes 6,000; the rest is for what a count of
/// ours might miss. (Discord docs: "Embed Limits")
const CARDS_MAX: usize = 5_900;

const FIELDS_MAX: usize = 25;

const FIELD_MAX: usize = 1_024;

/// Characters of the counts where no names fit: nine events with this and their titles fit.
const SUMMARY_MAX: usize = 120;

/// How a day is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Today.
    Today,
    /// Yesterday.
    Yesterday,
}

/// Which day, and how it is called.
#[derive(Clone, Debug)]
pub struct Day<'a> {
    /// In which language it is told.
    pub words: Words,
    /// How it is called.
    pub name: Name,
    /// Its date in the zone of the guild.
    pub date: Date,
    /// The zone in which the guild counts its days.
    pub zone: &'a TimeZone,
    /// Of each event, in the same order, those who have not answered it.
    pub silent: &'a [Silent],
}

/// The events of a day, soonest first, at most [`DAY_EVENTS_MAX`].
#[must_use]
pub fn day(day: &Day<'_>, events: &[Posted], now: Timestamp) -> Message {
    let words = day.words;
    let name = words.plain(match day.name {
        Name::Today => Key::DayToday,
        Name::Yesterday => Key::DayYesterday,
    });
    let zone = day.zone.iana_name().unwrap_or("UTC");
    let date = date_in_words(words, day.date);
    let heading = [("name", name), ("date", &date), ("zone", zone)];
    let mut content = words.filled(Key::DayHeading, &heading);
    if events.is_empty() {
        let none = words.plain(Key::DayNone);
        return Message::text(format!("{content}\n{none}"));
    }
    if events.len() >= DAY_EVENTS_MAX {
        content.push('\n');
        content.push_str(&words.counted(Key::DayFirst, DAY_EVENTS_MAX));
    }
    Message { content: Some(content), ..Message::cards(cards(day, events, now)) }
}

/// "Friday 27 November 2026".
fn date_in_words(words: Words, date: Date) -> String {
    let weekday = dates::weekday(words, date.weekday());
    let month = dates::month(words, date.month());
    let (day, year) = (date.day().to_string(), date.year().to_string());
    let values = [("weekday", weekday), ("day", &day), ("month", month), ("year", &year)];
    words.filled(Key::DayDate, &values)
}

/// As many names as fit, then counts alone.
fn cards(day: &Day<'_>, events: &[Posted], now: Timestamp) -> Vec<Embed> {
    let events = events.get(..DAY_EVENTS_MAX).unwrap_or(events);
    for names_max in [40, 25, 15, 8, 4, 2] {
        let cards: Vec<_> =
            both(day, events).map(|event| with_names(day.words, event, names_max, now)).collect();
        let characters: usize = cards.iter().map(card_length).sum();
        if characters <= CARDS_MAX && cards.iter().all(|card| card.fields.len() <= FIELDS_MAX) {
            return cards;
        }
    }
    both(day, events).map(|event| with_counts(day.words, event, now)).collect()
}

/// Each event with those who have not answered it.
fn both<'a>(
    day: &Day<'a>,
    events: &'a [Posted],
) -> impl Iterator<Item = (&'a Posted, Option<&'a Silent>)> {
    events.iter().zip(day.silent.iter().map(Some).chain(std::iter::repeat(None)))
}

fn card_length(card: &Embed) -> usize {
    let fields = card.fields.iter().map(|field| length(&field.name) + length(&field.value));
    length(&card.title) + length(&card.description) + fields.sum::<usize>()
}

fn with_names(
    words: Words,
    (posted, silent): (&Posted, Option<&Silent>),
    names_max: usize,
    now: Timestamp,
) -> Embed {
    let columns = columns(words, posted).filter(|(_, names)| names.total > 0);
    let mut fields: Vec<_> =
        columns.map(|(heading, names)| column(words, &heading, names, names_max)).collect();
    fields.extend(silent.and_then(|silent| without_answer(words, posted, silent, names_max)));
    let mut card = frame(words, posted, now);
    if fields.is_empty() {
        card.description.push('\n');
        card.description.push_str(words.plain(Key::DayUnanswered));
    }
    Embed { fields, ..card }
}

fn with_counts(
    words: Words,
    (posted, silent): (&Posted, Option<&Silent>),
    now: Timestamp,
) -> Embed {
    let columns = columns(words, posted).filter(|(_, names)| names.total > 0);
    let mut counts: Vec<_> =
        columns.map(|(heading, names)| format!("{heading} {}", grouped(names.people))).collect();
    let silent = silent.filter(|silent| !silent.members().is_empty());
    counts.extend(silent.map(|silent| {
        let heading = words.plain(heading_of(silent));
        format!("{heading} {}", how_many(silent.members()))
    }));
    let mut card = frame(words, posted, now);
    card.description.push('\n');
    card.description.push_str(&shortened(&counts.join(" · "), SUMMARY_MAX));
    card
}

/// The answers and the waitlist, each with its heading.
fn columns(words: Words, posted: &Posted) -> impl Iterator<Item = (String, &Names)> {
    let sheet = &posted.sheet;
    let answers = sheet.columns.iter().filter_map(|(id, names)| {
        let option = sheet.event.options.get(*id)?;
        let name = sheet.event.options.name_of(option);
        Some((format!("{} {name}", option.emoji).trim().to_owned(), names))
    });
    let lists = [
        (Key::PostOffered, &sheet.offered),
        (Key::PostWaitlist, &sheet.waitlist),
        (Key::PostPassed, &sheet.passed),
    ];
    answers.chain(lists.map(move |(heading, names)| (words.plain(heading).to_owned(), names)))
}

fn column(words: Words, heading: &str, names: &Names, names_max: usize) -> Field {
    let shown = names.first.iter().take(names_max);
    let mut lines: Vec<_> = shown.map(|entry| name(words, entry)).collect();
    let more = names.total.saturating_sub(lines.len());
    if more > 0 {
        lines.push(words.counted(Key::PostMore, more));
    }
    let name = shortened(&format!("{heading} ({})", grouped(names.people)), 120);
    Field { name, value: shortened(&lines.join("\n"), FIELD_MAX), inline: true }
}

/// Those who have not answered; their number alone where names are hidden.
fn without_answer(
    words: Words,
    posted: &Posted,
    silent: &Silent,
    names_max: usize,
) -> Option<Field> {
    let unanswered = silent.members();
    let shown = if posted.sheet.event.rules.names_hidden { 0 } else { names_max };
    let mut lines: Vec<_> =
        unanswered.iter().take(shown).map(|who| person_in(words, *who)).collect();
    let more = unanswered.len().saturating_sub(lines.len());
    if more > 0 {
        let key = if lines.is_empty() { Key::DayNamesHidden } else { Key::DayMore };
        lines.push(words.plain(key).to_owned());
    }
    let name = format!("{} ({})", words.plain(heading_of(silent)), how_many(unanswered));
    let value = shortened(&lines.join("\n"), FIELD_MAX);
    (!unanswered.is_empty()).then_some(Field { name, value, inline: true })
}

const fn heading_of(silent: &Silent) -> Key {
    match silent {
        Silent::MaySeeIt(_) => Key::DaySilent,
        Silent::CameLately(_) => Key::DaySilentLately,
    }
}

/// "12"; "400+" for more than are counted.
fn how_many(unanswered: &[UserId]) -> String {
    match unanswered.len() {
        counted @ ..=MENTIONS_MAX => grouped(counted),
        _ => format!("{}+", grouped(MENTIONS_MAX)),
    }
}

fn name(words: Words, entry: &Entry) -> String {
    match entry.guests.get() {
        0 => person_in(words, entry.member),
        guests => format!("{} +{guests}", person_in(words, entry.member)),
    }
}

/// All but the names.
fn frame(words: Words, posted: &Posted, now: Timestamp) -> Embed {
    let event = &posted.sheet.event;
    let span = event.details.span;
    let (color, state) = match event.phase(now) {
        Phase::Open => (0x3B_A5_5D, None),
        Phase::Closed => (0xE0_A1_00, Some(Key::DayClosed)),
        Phase::Running => (0xE0_A1_00, Some(Key::ListRunning)),
        Phase::Over => (0x74_7F_8D, Some(Key::ListOver)),
        Phase::Cancelled | Phase::Deleted => (0xD8_3C_3E, Some(Key::ListCancelled)),
    };
    let mut parts = vec![format!("{} – {}", time(span.start()), time(span.end()))];
    parts.extend(state.map(|key| words.plain(key).to_owned()));
    if let (Some(message), None) = (posted.post.message, posted.post.gone_at) {
        let there = link(event.guild, posted.post.channel, message);
        parts.push(format!("[{}]({there})", words.plain(Key::ListPost)));
    }
    Embed {
        title: event.details.title.to_string(),
        description: parts.join(" · "),
        color,
        ..Embed::default()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{
        NOW, event, longest_event, many_options, posted, sheet_of, texts, wrapped,
    };

    fn today(events: &[Posted]) -> Message {
        today_without(&[], events)
    }

    fn today_without(silent: &[Silent], events: &[Posted]) -> Message {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let date = NOW.to_zoned_datetime(zone.clone()).date();
        let (words, name) = (Words::usual(), Name::Today);
        let message = day(&Day { words, name, date, zone: &zone, silent }, events, NOW);
        check(&message).unwrap();
        message
    }

    #[test]
    fn an_empty_day_says_so() {
        expect![[r"
            **Today, Friday 27 November 2026** · Europe/Berlin
            No events on this day."]]
        .assert_eq(&wrapped(&texts(&today(&[]))));
    }

    #[test]
    fn each_event_shows_who_is_coming() {
        let mut later = event();
        later.closed_at = Some(NOW);
        let events = [posted(sheet_of(&event(), 2)), posted(sheet_of(&later, 0))];
        expect![[r"
            **Today, Friday 27 November 2026** · Europe/Berlin
            Raid *night*
            <t:1795804200:t> – <t:1795811400:t> ·
                [post](https://discord.com/channels/2/3/5)
            [✅ Yes (1)]
            <@18446744073709551615>
            [❌ No (1)]
            <@18446744073709551614>
            Raid *night*
            <t:1795804200:t> – <t:1795811400:t> · answers are closed ·
                [post](https://discord.com/channels/2/3/5)
            Nobody has answered."]]
        .assert_eq(&wrapped(&texts(&today(&events))));
    }

    #[test]
    fn who_has_not_answered_is_named_unless_names_are_hidden() {
        let mut hidden = event();
        hidden.rules.names_hidden = true;
        let events = [posted(sheet_of(&event(), 0)), posted(sheet_of(&hidden, 0))];
        let silent = vec![UserId::new(4), UserId::new(5)];
        let shown = [Silent::CameLately(silent.clone()), Silent::MaySeeIt(silent)];
        let shown = texts(&today_without(&shown, &events));
        assert_eq!(shown.matches("💤 Came recently, no answer yet (2)").count(), 1, "{shown}");
        assert_eq!(shown.matches("💤 No answer yet (2)").count(), 1, "{shown}");
        assert_eq!(shown.matches("<@4>\n<@5>").count(), 1, "{shown}");
        assert!(shown.contains("names are hidden"), "{shown}");
        let many = Silent::CameLately((0..=400).map(UserId::new).collect());
        let events: Vec<_> = (0..9).map(|_| posted(sheet_of(&longest_event(), 5_000))).collect();
        let shown = texts(&today_without(&vec![many; 9], &events));
        assert!(shown.contains("The first 9 events are shown."), "{shown}");
    }

    #[test]
    fn nine_events_of_five_thousand_members_fit_with_counts_that_add_up() {
        for members in [1, 40, 5_000] {
            let events: Vec<_> =
                (0..9).map(|_| posted(sheet_of(&longest_event(), members))).collect();
            let shown = texts(&today(&events));
            assert!(shown.contains("The first 9 events are shown."), "{shown}");
            if members == 5_000 {
                assert!(shown.contains("✅ Yes 1,000 · ❌ No 1,250"), "{shown}");
            }
        }
    }

    #[test]
    fn nine_events_with_the_most_and_longest_answers_fit() {
        let mut event = longest_event();
        event.options = many_options();
        for members in [25, 5_000] {
            let sheet = sheet_of(&event, members);
            let events = vec![posted(sheet); 9];
            assert!(texts(&today(&events)).contains("post]("));
            today(&events[..1]);
        }
    }

    #[test]
    fn one_large_event_still_names_forty_per_answer() {
        let shown = texts(&today(&[posted(sheet_of(&event(), 5_000))]));
        assert_eq!(shown.matches("<@").count(), 160);
        assert_eq!(shown.matches("+1,210 more").count(), 4, "{shown}");
    }
}
