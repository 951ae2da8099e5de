//! The panel where organisers mark who was there.

use muster_domain::id::{EventId, InteractionId};
use muster_engine::check_in_code::{CODE_LENGTH, ShownCode};
use muster_engine::limits::ROSTER_ROWS;
use muster_store::model::{Presence, PresenceList};

use crate::custom_id::{Action, FormAction};
use crate::views::message::{Button, Component, EntitySelect, Message, Modal, Style, TextInput};
use crate::views::messages::{Key, Words};
use crate::views::pager::{Pager, back_and_forth};
use crate::views::text::{grouped, person_in, relative, title_of};

const BLUE: u32 = 0x58_65_F2;

/// What was done just before the panel is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Nothing: it was opened, or turned to another page.
    Nothing,
    /// So many members were marked so.
    Marked(usize, Presence),
    /// So many marks were taken back.
    TakenBack(usize),
}

/// A page of those who have a place or came without one, with what is known of each. `number`
/// counts from 0; `undo` is the interaction whose marks can be taken back.
#[must_use]
pub fn panel(
    words: Words,
    list: &PresenceList,
    number: u32,
    done: Done,
    undo: Option<InteractionId>,
) -> Message {
    let event = list.event.id;
    let (heading, title) = (words.plain(Key::PresenceTitle), title_of(&list.event));
    let mut parts = vec![Component::text(format!("## {heading}\n{title}"))];
    parts.extend(in_words(words, done).map(Component::text));
    parts.push(Component::text(counts(words, list)));
    parts.push(Component::separator());
    parts.push(Component::text(lines(words, list)));
    let select = |action, placeholder| {
        let select = EntitySelect::users(action, words.plain(placeholder), ROSTER_ROWS);
        Component::row(vec![Component::UserSelect(select)])
    };
    if list.total > 0 {
        let absent = Action::PresenceMissing(event, number, undo);
        parts.push(select(absent, Key::PresenceMarkAbsent));
    }
    // Somebody can come where nobody has a place.
    let present = Action::PresenceThere(event, number, undo);
    parts.push(select(present, Key::PresenceMarkPresent));
    let buttons = buttons(words, list, number, undo);
    if !buttons.is_empty() {
        parts.push(Component::buttons(buttons));
    }
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// What the field is called in which members type the code.
pub const CODE: &str = "code";

/// The form in which a member types the code.
#[must_use]
pub fn code_form(words: Words, event: EventId) -> Modal {
    // Room for what people put between the characters.
    let input = TextInput::line(CODE, 2 * CODE_LENGTH).placeholder("ACD 3F7");
    let [title, label, hint] =
        [Key::PresenceForm, Key::PresenceFormCode, Key::PresenceFormCodeHint]
            .map(|key| words.plain(key));
    let fields = vec![Component::field(label, hint, input)];
    Modal::new(FormAction::CheckIn(event), title, fields)
}

/// What is said to who has checked in just now.
#[must_use]
pub fn here(words: Words) -> Message {
    Message::text(words.plain(Key::PresenceHere))
}

/// What is said to who had checked in before.
#[must_use]
pub fn here_already(words: Words) -> Message {
    Message::text(words.plain(Key::PresenceHereAlready))
}

/// The code as an organiser shows it.
#[must_use]
pub fn code(words: Words, shown: &ShownCode) -> Message {
    let event = &shown.event;
    let (heading, title) = (words.plain(Key::PresenceCode), title_of(event));
    let (first, second) = shown.code.split_at_checked(CODE_LENGTH / 2).unwrap_or_default();
    let about = words.filled(Key::PresenceCodeAbout, &[("away", &relative(shown.until))]);
    let text = format!("## {heading}\n{title}\n# {first} {second}\n{about}");
    let (label, now) = (words.plain(Key::PresenceCodeNew), Action::CheckInCodeNow(event.id));
    let now = Button::new(Style::Primary, label, now);
    let parts = vec![Component::text(text), Component::buttons(vec![now])];
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn in_words(words: Words, done: Done) -> Option<String> {
    match done {
        Done::Nothing => None,
        Done::Marked(0, _) => Some(words.plain(Key::PresenceNothing).to_owned()),
        Done::Marked(count, Presence::Present) => Some(words.counted(Key::PresencePresent, count)),
        Done::Marked(count, Presence::Absent) => Some(words.counted(Key::PresenceAbsent, count)),
        Done::TakenBack(count) => Some(words.counted(Key::PresenceTakenBack, count)),
    }
}

fn counts(words: Words, list: &PresenceList) -> String {
    let PresenceList { present, absent, total, .. } = list;
    let open = total.saturating_sub(*present).saturating_sub(*absent);
    let [present, absent, open] = [*present, *absent, open].map(grouped);
    let values = [("present", present.as_str()), ("absent", &absent), ("open", &open)];
    words.filled(Key::PresenceCounts, &values)
}

fn lines(words: Words, list: &PresenceList) -> String {
    let lines = list.rows.iter().map(|(member, state)| {
        let mark = match state {
            Some(Presence::Present) => "✅",
            Some(Presence::Absent) => "❌",
            None => "❔",
        };
        format!("{mark} {}", person_in(words, *member))
    });
    let lines: Vec<_> = lines.collect();
    match (lines.is_empty(), list.total) {
        (false, _) => lines.join("\n"),
        (true, 0) => words.plain(Key::PresenceNobody).to_owned(),
        (true, _) => words.plain(Key::PresencePageGone).to_owned(),
    }
}

fn buttons(
    words: Words,
    list: &PresenceList,
    number: u32,
    undo: Option<InteractionId>,
) -> Vec<Button> {
    let event = list.event.id;
    let open = list.total.saturating_sub(list.present).saturating_sub(list.absent);
    let button = |style, label, action| Button::new(style, words.plain(label), action);
    let mut buttons = Vec::new();
    if open > 0 {
        let label = if open == list.total { Key::PresenceAll } else { Key::PresenceRest };
        buttons.push(button(Style::Success, label, Action::PresenceAll(event, number)));
    }
    // Where nobody is marked, it would be a slip far more often than the truth.
    if open > 0 && open < list.total {
        let absent = Action::PresenceNone(event, number);
        buttons.push(button(Style::Danger, Key::PresenceRestAbsent, absent));
    }
    buttons.extend(undo.map(|made_with| {
        let undo = Action::PresenceUndo(event, number, made_with);
        button(Style::Secondary, Key::PanelUndo, undo)
    }));
    let pager = Pager::new(number, list.total, ROSTER_ROWS);
    let turn = |page| Action::PresencePage(event, page, undo);
    buttons.extend(pager.turns(back_and_forth(words), turn));
    buttons
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::id::UserId;

    use super::*;
    use crate::views::judged::{check, check_form};
    use crate::views::samples::{event, longest_event, texts};

    fn list(count: u64, total: usize) -> PresenceList {
        let state = |n: u64| match n % 3 {
            0 => Some(Presence::Present),
            1 => Some(Presence::Absent),
            _ => None,
        };
        let rows = (0..count).map(|n| (UserId::new(n + 7), state(n))).collect();
        PresenceList { event: event(), present: 1, absent: 1, rows, total }
    }

    #[test]
    fn it_says_who_was_there_and_what_was_done() {
        let (done, undo) = (Done::Marked(1, Presence::Absent), Some(InteractionId::new(5)));
        let panel = panel(Words::usual(), &list(3, 3), 0, done, undo);
        check(&panel).unwrap();
        expect![[r"
            ## Who was there
            Raid \*night\*
            1 member marked as absent.
            ✅ **1** there · ❌ **1** absent · ❔ **1** not marked
            ✅ <@7>
            ❌ <@8>
            ❔ <@9>"]]
        .assert_eq(&texts(&panel));
        let json = serde_json::to_string(&panel).unwrap();
        assert!(json.contains("Everyone else was there") && json.contains("Undo"));
        assert!(json.contains("Everyone else was absent"));
    }

    #[test]
    fn what_marks_nobody_and_other_pages_leave_what_can_be_taken_back() {
        let undo = Some(InteractionId::new(5));
        for done in [Done::Marked(0, Presence::Present), Done::Nothing] {
            let panel = panel(Words::usual(), &list(3, 60), 1, done, undo);
            check(&panel).unwrap();
            let json = serde_json::to_string(&panel).unwrap();
            for carries in [
                Action::PresenceUndo(event().id, 1, InteractionId::new(5)),
                Action::PresenceThere(event().id, 1, undo),
                Action::PresenceMissing(event().id, 1, undo),
                Action::PresencePage(event().id, 2, undo),
            ] {
                assert!(json.contains(&carries.to_string()), "{carries} in {json}");
            }
        }
        let json =
            serde_json::to_string(&panel(Words::usual(), &list(3, 3), 0, Done::Nothing, None))
                .unwrap();
        assert!(!json.contains("Undo"));
    }

    #[test]
    fn nobody_can_be_taken_for_absent_at_once_before_somebody_is_marked() {
        let mut unmarked = list(3, 3);
        (unmarked.present, unmarked.absent) = (0, 0);
        let json = serde_json::to_string(&panel(Words::usual(), &unmarked, 0, Done::Nothing, None))
            .unwrap();
        assert!(json.contains("All were there") && !json.contains("was absent"));
    }

    #[test]
    fn the_code_is_shown_in_two_halves_with_when_it_changes() {
        let until = jiff::Timestamp::from_second(1_800_000_060).unwrap();
        let shown = ShownCode { event: event(), code: "ACD3F7".into(), until };
        let panel = code(Words::usual(), &shown);
        check(&panel).unwrap();
        expect![[r"
            ## Check-in
            Raid \*night\*
            # ACD 3F7
            Read it out, or show it: everybody who is here taps *Check in* and types it. The next code comes <t:1800000060:R>; this one still works for a minute after that."]]
        .assert_eq(&texts(&panel));
        check(&code(Words::usual(), &ShownCode { event: longest_event(), ..shown })).unwrap();
        check_form(&code_form(Words::usual(), EventId::new(u64::MAX >> 1))).unwrap();
    }

    #[test]
    fn without_anybody_only_who_came_can_be_chosen() {
        let mut nobody = list(0, 0);
        (nobody.present, nobody.absent) = (0, 0);
        let panel = panel(Words::usual(), &nobody, 0, Done::TakenBack(2), None);
        check(&panel).unwrap();
        assert!(texts(&panel).ends_with("Nobody said that they come."));
        let json = serde_json::to_string(&panel).unwrap();
        assert!(json.contains("Mark as present") && !json.contains("Mark as absent"));
        assert_eq!(json.matches("custom_id").count(), 1);
    }

    #[test]
    fn a_page_of_five_thousand_with_the_longest_names_fits() {
        let mut list = list(25, 5_000);
        list.event = longest_event();
        for (n, row) in (0..).zip(&mut list.rows) {
            row.0 = UserId::new(4_000_000_000_000_000_000 - n);
        }
        let most = InteractionId::new(u64::MAX >> 1);
        let panel =
            panel(Words::usual(), &list, 3, Done::Marked(5_000, Presence::Present), Some(most));
        check(&panel).unwrap();
        assert!(serde_json::to_string(&panel).unwrap().contains("Next"));
    }
}
