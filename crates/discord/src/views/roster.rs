//! Everybody who answered an event, 25 at a time, and all of them as text.

use std::borrow::Cow;
use std::fmt::Write as _;

use muster_domain::answer_option::OptionId;
use muster_domain::roster::Place;
use muster_domain::sheet::{Names, Sheet};
use muster_domain::text::Note;
use muster_engine::limits::ROSTER_ROWS;
use muster_store::model::{Page, RosterLine, RosterPart};

use crate::custom_id::{Action, number_of_part};
use crate::rest::File;
use crate::views::message::{Button, Component, Message, Select, SelectOption, Style};
use crate::views::messages::{Key, Words};
use crate::views::pager::{Pager, back_and_forth};
use crate::views::text::{fitted, grouped, length, person_in, plain, shortened, time, title_of};

const BLUE: u32 = 0x58_65_F2;

/// Characters of notes: fewer where many are long.
const NOTES_MAX: [usize; 3] = [100, 40, 0];

/// Characters of the names of a page.
const NAMES_MAX: usize = 3_400;

/// The list to copy, with what is said beside it.
#[must_use]
pub fn copied(words: Words, sheet: &Sheet, page: &Page<RosterLine>) -> Message {
    let file = File::new("list.txt", "text/plain", as_text(words, sheet, page));
    Message::text(words.plain(Key::RosterCopied)).file(file)
}

/// A page of a part of a roster. `number` counts from 0.
#[must_use]
pub fn page(
    words: Words,
    sheet: &Sheet,
    (part, number): (RosterPart, u32),
    page: &Page<RosterLine>,
) -> Message {
    let event = &sheet.event;
    let title = title_of(event);
    let total = words.counted(Key::RosterAnswers, page.total);
    let pager = Pager::new(number, page.total, ROSTER_ROWS);
    let (part_name, number) = (part_name(words, sheet, part), pager.in_words(words));
    let heading = format!("## {part_name}\n{title} · {total} · {number}");
    let mut parts = vec![
        Component::text(heading),
        Component::separator(),
        Component::text(names(words, sheet, part, page)),
    ];
    parts
        .extend(choose(words, sheet).map(|select| Component::row(vec![Component::Select(select)])));
    let to = |page| Action::EverybodyPage(event.id, part, page);
    let mut buttons: Vec<_> = pager.turns(back_and_forth(words), to).collect();
    let copy = words.plain(Key::RosterCopy);
    buttons.push(Button::new(Style::Secondary, copy, Action::CopyList(event.id)));
    parts.push(Component::buttons(buttons));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// A whole roster as text: under each answer who has it, then those without a place.
fn as_text(words: Words, sheet: &Sheet, page: &Page<RosterLine>) -> String {
    let mut text = format!("{}\n", sheet.event.details.title);
    let mut last = None;
    let are_apart = sheet.event.lines().are_apart();
    for line in &page.rows {
        let heading = heading_of(words, sheet, line);
        if last.as_ref() != Some(&heading) {
            text.push('\n');
            text.push_str(&heading);
            text.push('\n');
            last = Some(heading);
        }
        text.push_str(&person_in(words, line.member));
        if line.signup.guests.get() > 0 {
            // Nothing fails that writes to a string.
            _ = write!(text, " +{}", line.signup.guests.get());
        }
        if line.signup.place != Place::Seated && are_apart {
            text.push_str(" · ");
            text.push_str(&label(words, sheet, line.signup.option));
        }
        text.push('\n');
    }
    if let Some(more @ 1..) = page.total.checked_sub(page.rows.len()) {
        _ = writeln!(text, "\n{}", words.counted(Key::PostMore, more));
    }
    text
}

fn heading_of(words: Words, sheet: &Sheet, line: &RosterLine) -> String {
    match line.signup.place {
        Place::Seated => label(words, sheet, line.signup.option).into_owned(),
        Place::Offered(_) => words.plain(Key::RosterOffered).to_owned(),
        Place::Waiting => words.plain(Key::RosterWaitlist).to_owned(),
        Place::Passed => words.plain(Key::RosterPassed).to_owned(),
    }
}

fn label(words: Words, sheet: &Sheet, option: OptionId) -> Cow<'_, str> {
    let options = &sheet.event.options;
    let other = || Cow::Borrowed(words.plain(Key::RosterOther));
    options.get(option).map_or_else(other, |option| options.name_of(option))
}

fn part_name(words: Words, sheet: &Sheet, part: RosterPart) -> String {
    match part {
        RosterPart::Everyone => words.plain(Key::RosterEverybody).to_owned(),
        RosterPart::Waitlist => words.plain(Key::RosterWaitlist).to_owned(),
        RosterPart::Option(option) => plain(&label(words, sheet, option)),
    }
}

fn names(words: Words, sheet: &Sheet, part: RosterPart, page: &Page<RosterLine>) -> String {
    if page.total == 0 {
        return words.plain(Key::RosterNobody).to_owned();
    }
    if page.rows.is_empty() {
        return words.plain(Key::RosterPageGone).to_owned();
    }
    let with_notes_of = |note_max| {
        let line = |line| named((words, note_max), sheet, part, line);
        page.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let mut fitting = NOTES_MAX.into_iter().map(with_notes_of);
    fitting.find(|names| length(names) <= NAMES_MAX).unwrap_or_else(|| with_notes_of(0))
}

/// "3\. @Zofia · Tank +2 · from 20:30 · by bus": each answer counts anew, which Discord must not
/// take for a list that goes on.
fn named(
    (words, note_max): (Words, usize),
    sheet: &Sheet,
    part: RosterPart,
    line: &RosterLine,
) -> String {
    let mut text = format!("{}\\. {}", grouped(line.rank), person_in(words, line.member));
    if line.signup.guests.get() > 0 {
        // Nothing fails that writes to a string.
        _ = write!(text, " +{}", line.signup.guests.get());
    }
    if !matches!(part, RosterPart::Option(_)) {
        let label = plain(&label(words, sheet, line.signup.option));
        text.push_str(" · ");
        text.push_str(&fitted(&label, if note_max > 0 { 40 } else { 16 }));
    }
    let without = match line.signup.place {
        Place::Seated => None,
        Place::Offered(_) => Some(Key::RosterLineOffered),
        Place::Waiting => Some(Key::RosterLineWaiting),
        Place::Passed => Some(Key::RosterLinePassed),
    };
    if let Some(key) = without {
        text.push(' ');
        text.push_str(words.plain(key));
    }
    if let Some(arrives) = line.details.arrives {
        text.push_str(" · ");
        words.push(&mut text, Key::PostFrom, &[("time", &time(arrives))]);
    }
    if let Some(leaves) = line.details.leaves {
        text.push_str(" · ");
        words.push(&mut text, Key::PostUntil, &[("time", &time(leaves))]);
    }
    if let Some(note) = line.details.note.as_ref().filter(|_| note_max > 0) {
        _ = write!(text, " · {}", fitted(&plain(Note::as_str(note)), note_max));
    }
    text
}

/// Everyone, the waitlist, and each answer that somebody gave: in as many selects as that takes.
/// One has at most 25. (Discord docs: "String Select Structure")
fn choose(words: Words, sheet: &Sheet) -> impl Iterator<Item = Select> {
    const CHOICES_MAX: usize = 25;
    let choice = |part, label: &str| SelectOption {
        label: shortened(label, 100),
        value: number_of_part(part).to_string(),
        ..SelectOption::default()
    };
    let given = sheet.columns.iter().map(|(id, names)| (*id, answered(sheet, *id, names)));
    let answers = given.filter(|(_, count)| count != "0").map(|(id, count)| {
        let label = fitted(&label(words, sheet, id), 80);
        choice(RosterPart::Option(id), &format!("{label} ({count})"))
    });
    let fixed = [
        choice(RosterPart::Everyone, words.plain(Key::RosterEverybody)),
        choice(RosterPart::Waitlist, words.plain(Key::RosterWaitlist)),
    ];
    let event = sheet.event.id;
    let choices: Vec<_> = fixed.into_iter().chain(answers).collect();
    let selects = choices.chunks(CHOICES_MAX).zip(0u8..).map(|(choices, number)| match number {
        0 => {
            let pick = words.plain(Key::RosterPick);
            Select::new(Action::EverybodyPart(event), pick, choices.to_vec())
        }
        more => {
            let action = Action::EverybodyPartMore(event, more);
            Select::new(action, words.plain(Key::RosterPickMore), choices.to_vec())
        }
    });
    selects.collect::<Vec<_>>().into_iter()
}

/// How many gave an answer, with a place or without: "4"; "4+" where a sheet does not name all who
/// have none.
fn answered(sheet: &Sheet, option: OptionId, column: &Names) -> String {
    let lists = [&sheet.offered, &sheet.waitlist, &sheet.passed];
    let named = lists.iter().flat_map(|list| &list.first);
    let placeless = named.filter(|entry| entry.option == option).count();
    let all_named = lists.iter().all(|list| list.first.len() == list.total);
    let is_coming = sheet.event.options.get(option).is_some_and(|option| option.coming);
    let more = if all_named || !is_coming { "" } else { "+" };
    format!("{}{more}", grouped(column.total.saturating_add(placeless)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::answer_option::{AnswerOption, Options};
    use muster_domain::event::Event;
    use muster_domain::id::UserId;
    use muster_domain::option_words;
    use muster_domain::roster::{Guests, Signup};
    use muster_domain::signup_details::SignupDetails;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{
        event, fullest_event, huge, late_and_early, page as a_page, sheet_of, signup, texts,
        wrapped,
    };

    fn line(rank: usize, details: SignupDetails) -> RosterLine {
        let member = UserId::new(huge(u64::try_from(rank).unwrap()));
        let guests = Guests::parse(2).unwrap();
        let signup = signup(Place::Seated, guests);
        RosterLine { member, signup, details, rank }
    }

    #[test]
    fn a_page_has_ranks_guests_marks_and_notes() {
        let note = Note::parse("by *bus*").ok();
        let details = SignupDetails { note, ..late_and_early() };
        let rows = vec![line(26, details), line(27, SignupDetails::default())];
        let seen = page(
            Words::usual(),
            &sheet_of(&event(), 27),
            (RosterPart::Everyone, 1),
            &a_page(rows, 27),
        );
        check(&seen).unwrap();
        expect![[r"
            ## Everybody
            Raid \*night\* · 27 answers · page 2 of 2
            26\. <@18446744073709551589> +2 · Yes · from <t:253402207200:t> · until
                <t:253402207200:t> · by \*bus\*
            27\. <@18446744073709551588> +2 · Yes"]]
        .assert_eq(&wrapped(&texts(&seen)));
    }

    #[test]
    fn the_fullest_page_fits() {
        let event = fullest_event();
        let sheet = sheet_of(&event, 5_000);
        let note = Note::parse(&"𝕏".repeat(Note::MAX)).ok();
        let details = SignupDetails { note, ..late_and_early() };
        let rows: Vec<_> = (4_976..=5_000).map(|rank| line(rank, details.clone())).collect();
        for part in
            [RosterPart::Everyone, RosterPart::Waitlist, RosterPart::Option(OptionId::new(0))]
        {
            let rows = a_page(rows.clone(), 5_000);
            check(&page(Words::usual(), &sheet, (part, 199), &rows)).unwrap();
        }
        let nobody = a_page(Vec::new(), 0);
        check(&page(Words::usual(), &sheet, (RosterPart::Waitlist, 0), &nobody)).unwrap();
    }

    #[test]
    fn every_answer_that_somebody_gave_can_be_looked_at_alone() {
        let option = event().options.iter().next().cloned().unwrap();
        let all = (0..50).map(|id| AnswerOption {
            id: OptionId::new(id),
            label: format!("Answer {id}").into(),
            removed: id >= 25,
            ..option.clone()
        });
        let options = Options::new(all.collect()).unwrap();
        let mut sheet = sheet_of(&Event { options, ..event() }, 1);
        let names = sheet.columns.first().map(|(_, names)| names.clone()).unwrap();
        sheet.columns = (0..50).map(|id| (OptionId::new(id), names.clone())).collect();
        let seen = page(Words::usual(), &sheet, (RosterPart::Everyone, 0), &a_page(Vec::new(), 0));
        check(&seen).unwrap();
        let json = serde_json::to_string(&seen).unwrap();
        assert!((0..50).all(|id| json.contains(&format!("Answer {id} (1)"))), "{json}");
    }

    /// One who waits for the second of two answers with places, and one who has a place there.
    fn raid() -> (Sheet, Page<RosterLine>) {
        let mut event = event();
        event.options = option_words::read("Tank 1, Healer 1").unwrap();
        let row = |rank, option, place| {
            let line = line(rank, SignupDetails::default());
            let option = OptionId::new(option);
            RosterLine { signup: Signup { option, place, ..line.signup }, ..line }
        };
        let rows =
            vec![row(1, 1, Place::Seated), row(1, 0, Place::Waiting), row(1, 1, Place::Waiting)];
        (sheet_of(&event, 5), a_page(rows, 3))
    }

    #[test]
    fn a_part_names_those_without_a_place_and_is_counted_with_them() {
        let (sheet, rows) = raid();
        let seen = page(Words::usual(), &sheet, (RosterPart::Option(OptionId::new(1)), 0), &rows);
        check(&seen).unwrap();
        expect![[r"
            ## Healer
            Raid \*night\* · 3 answers · page 1 of 1
            1\. <@18446744073709551614> +2
            1\. <@18446744073709551614> +2 (waiting)
            1\. <@18446744073709551614> +2 (waiting)"]]
        .assert_eq(&wrapped(&texts(&seen)));
        let json = serde_json::to_string(&seen).unwrap();
        assert!(json.contains("Tank (3)") && json.contains("Healer (2)"), "{json}");
    }

    #[test]
    fn the_list_to_copy_says_who_waits_for_what() {
        let (sheet, rows) = raid();
        expect![[r"
            Raid *night*

            Healer
            <@18446744073709551614> +2

            Waitlist
            <@18446744073709551614> +2 · Tank
            <@18446744073709551614> +2 · Healer
        "]]
        .assert_eq(&as_text(Words::usual(), &sheet, &rows));
    }

    #[test]
    fn the_list_to_copy_is_under_headings() {
        let rows = vec![line(1, SignupDetails::default()), line(2, SignupDetails::default())];
        let text = as_text(Words::usual(), &sheet_of(&event(), 2), &a_page(rows, 3));
        expect![[r"
            Raid *night*

            Yes
            <@18446744073709551614> +2
            <@18446744073709551613> +2

            +1 more
        "]]
        .assert_eq(&text);
    }
}
