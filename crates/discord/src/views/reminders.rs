//! The reminders of an event, or of all events of a guild.

use muster_domain::event::Event;
use muster_domain::id::{ReminderChangeId, RoleId};
use muster_domain::reminder::{Audience, Reminder, ReminderPlace, ReminderTime};
use muster_engine::MemberLists;
use muster_engine::limits::LIST_ROWS;
use muster_engine::reminders::{ListChanged, RemindersOf};
use muster_store::model::Whose;

use crate::custom_id::{Action, ReminderScope};
use crate::views::message::{Button, Component, Message, Style};
use crate::views::messages::{Key, Words};
use crate::views::pager::{Pager, back_and_forth};
use crate::views::span;
use crate::views::text::{full, plain, relative, shortened, title_of};

const BLUE: u32 = 0x58_65_F2;

/// Characters of what a reminder says that the panel shows: a page of them fits.
const TEXT_MAX: usize = 90;

/// What a panel answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was only opened.
    Nothing,
    /// One more.
    Added,
    /// This one is gone.
    Removed(Option<Reminder>),
    /// The list is not its own any more.
    Reset,
    /// A change was taken back; this page shows where it was, counted from 0.
    Undone(u32),
}

/// A page of the panel, counted from 0: each reminder with a button that removes it, earliest
/// first. A change that was made on another page can be taken back on this one, too.
#[must_use]
pub fn panel(
    words: Words,
    of: &RemindersOf,
    number: u32,
    change: Option<ReminderChangeId>,
) -> Message {
    shown((words, of), &Made::Nothing, change, number)
}

/// The panel after a change, on the page that shows it, with what was done and a button that takes
/// it back.
#[must_use]
pub fn changed(words: Words, changed: &ListChanged, made: &Made) -> Message {
    let number = page_of(&changed.now, made);
    shown((words, &changed.now), made, Some(changed.change), number)
}

/// The page where a change is seen; of what was removed from the last one, it may be gone.
fn page_of(of: &RemindersOf, made: &Made) -> u32 {
    let list = &of.list.reminders;
    let concerned = match made {
        // What is added stands behind all others of its list.
        Made::Added => list.iter().last(),
        Made::Removed(removed) => removed.as_ref(),
        Made::Undone(number) => return *number,
        Made::Nothing | Made::Reset => None,
    };
    let ahead = concerned.map_or(0, |reminder| list.ahead_of(reminder, event_of(of)));
    u32::try_from(ahead / LIST_ROWS).unwrap_or(u32::MAX)
}

fn event_of(of: &RemindersOf) -> Option<&Event> {
    of.event.as_ref().map(|posted| &posted.sheet.event)
}

/// Ten reminders with all buttons are as many components as a message may have.
fn shown(
    (words, of): (Words, &RemindersOf),
    made: &Made,
    change: Option<ReminderChangeId>,
    number: u32,
) -> Message {
    let event = event_of(of);
    let scope = ReminderScope::of(event.map(|event| event.id));
    let about = event.map_or_else(|| words.plain(Key::RemindersAll).to_owned(), title_of);
    let in_order = of.list.reminders.in_order(event);
    let last = in_order.len().saturating_sub(1) / LIST_ROWS;
    // The list may have become shorter.
    let page = usize::try_from(number).unwrap_or(usize::MAX).min(last);
    let pager = Pager::new(u32::try_from(page).unwrap_or(u32::MAX), in_order.len(), LIST_ROWS);
    let mut lines = vec![format!("## {}", words.plain(Key::RemindersTitle)), about];
    lines.push(words.plain(whose(of)).to_owned());
    lines.extend(unlisted(of).map(|key| format!("-# {}", words.plain(key))));
    lines.extend(place(words, in_order.len(), pager));
    let mut parts = vec![Component::text(lines.join("\n")), Component::separator()];
    for reminder in in_order.chunks(LIST_ROWS).nth(page).unwrap_or_default() {
        let remove = Action::ReminderRemove(scope, reminder.key());
        let button = Button::new(Style::Danger, words.plain(Key::RemindersRemove), remove);
        parts.push(Component::section(described(words, of, reminder), button));
    }
    if of.list.reminders.is_empty() {
        parts.push(Component::text(words.plain(Key::RemindersNone)));
    }
    let mut buttons = buttons(words, of, scope, change.map(|change| (change, number)));
    let turn = |page| Action::RemindersPage(scope, page, change);
    buttons.extend(pager.turns(back_and_forth(words), turn));
    if !buttons.is_empty() {
        parts.push(Component::buttons(buttons));
    }
    if let Some(done) = done(words, made) {
        parts.insert(0, Component::text(done));
    }
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// Which page it is, where there is more than one.
fn place(words: Words, count: usize, pager: Pager) -> Option<String> {
    let page = pager.in_words(words);
    let said = || words.counted_with(Key::RemindersCount, count, &[("page", &page)]);
    (!pager.is_only()).then(said)
}

/// What is done with the list as a whole. A change is taken back with the page that is shown then.
fn buttons(
    words: Words,
    of: &RemindersOf,
    scope: ReminderScope,
    change: Option<(ReminderChangeId, u32)>,
) -> Vec<Button> {
    let undo = change
        .map(|(change, page)| (Key::PanelUndo, Action::RemindersUndo(scope, change, Some(page))));
    let back = match of.list.whose {
        Whose::Event => Some(Key::RemindersFollow),
        Whose::Guild if of.event.is_none() => Some(Key::RemindersUsual),
        Whose::Guild | Whose::Usual => None,
    };
    let back = back.map(|label| (label, Action::RemindersReset(scope)));
    let of_series = event_of(of).filter(|event| event.series.is_some());
    let like = of_series.map(|event| Action::SeriesRemindLike(event.id));
    let following = like.map(|action| (Key::PanelEditedFollowing, action));
    let all = undo.into_iter().chain(back).chain(following);
    all.map(|(label, action)| Button::new(Style::Secondary, words.plain(label), action)).collect()
}

fn whose(of: &RemindersOf) -> Key {
    match (of.list.whose, of.event.is_some()) {
        (Whose::Event, _) => Key::RemindersOfEvent,
        (Whose::Guild, true) => Key::RemindersOfEventGuild,
        (Whose::Usual, true) => Key::RemindersOfEventUsual,
        (Whose::Guild, false) => Key::RemindersOfGuild,
        (Whose::Usual, false) => Key::RemindersOfUsual,
    }
}

/// What an organiser cannot know: whom a reminder reaches who may not answer.
fn unlisted(of: &RemindersOf) -> Option<Key> {
    let event = event_of(of)?;
    let mut all = of.list.reminders.iter();
    let is_for_them = all.any(|reminder| reminder.audience == Audience::Unanswered);
    match of.members {
        MemberLists::Off if is_for_them && !event.rules.eligible(&event.options).is_everybody() => {
            Some(Key::RemindersUnlisted)
        }
        MemberLists::Off | MemberLists::On => None,
    }
}

fn done(words: Words, made: &Made) -> Option<String> {
    let key = match made {
        Made::Nothing => return None,
        Made::Removed(Some(reminder)) => {
            let time = time_in_words(words, reminder.time);
            return Some(words.filled(Key::RemindersRemovedAt, &[("time", &time)]));
        }
        Made::Added => Key::RemindersAdded,
        Made::Removed(None) => Key::RemindersRemoved,
        Made::Undone(_) => Key::RemindersUndone,
        Made::Reset => Key::RemindersReset,
    };
    Some(words.plain(key).to_owned())
}

/// A reminder in one line; for an event with when that is, if it ever is.
fn described(words: Words, of: &RemindersOf, reminder: &Reminder) -> String {
    let role = |role| format!("<@&{role}>");
    let mut lines = vec![line((words, Key::RemindersLine), reminder, of.members, role)];
    lines.extend(event_of(of).map(|event| match reminder.due(event) {
        Some(due) => {
            let values = [("when", full(due)), ("away", relative(due))];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            words.filled(Key::RemindersDue, &values)
        }
        None => words.plain(Key::RemindersNever).to_owned(),
    }));
    let text = reminder.text.as_ref().map(|text| shortened(text.as_str(), TEXT_MAX));
    lines.extend(text.map(|text| format!("> {}", plain(&text.replace('\n', " ")))));
    lines.join("\n")
}

/// "15m before · all who are coming or may come, and the waitlist · in the channel".
#[must_use]
pub fn suggestion(words: Words, reminder: &Reminder, members: MemberLists) -> String {
    let role = |role: RoleId| words.filled(Key::RemindersRole, &[("role", &role.to_string())]);
    line((words, Key::RemindersSuggestion), reminder, members, role)
}

fn line(
    (words, key): (Words, Key),
    reminder: &Reminder,
    members: MemberLists,
    name: impl Fn(RoleId) -> String,
) -> String {
    let said = |key| words.plain(key).to_owned();
    let audience = match reminder.audience {
        Audience::Expected => said(Key::RemindersExpected),
        Audience::Going => said(Key::RemindersGoing),
        Audience::Maybe => said(Key::RemindersMaybe),
        Audience::Waitlisted => said(Key::RemindersWaitlisted),
        Audience::Unanswered => match members {
            MemberLists::Off => said(Key::RemindersUnanswered),
            MemberLists::On => said(Key::RemindersUnansweredListed),
        },
        Audience::UnansweredOf(role) => {
            words.filled(Key::RemindersUnansweredRole, &[("role", &name(role))])
        }
        Audience::Role(role) => name(role),
        Audience::Everyone => said(Key::RemindersEveryone),
    };
    let place = words.plain(match reminder.place {
        ReminderPlace::Thread => Key::RemindersThread,
        ReminderPlace::Channel => Key::RemindersChannel,
        ReminderPlace::Direct => Key::RemindersDirect,
    });
    let time = time_in_words(words, reminder.time);
    words.filled(key, &[("time", &time), ("audience", &audience), ("place", place)])
}

/// When a reminder goes out: in English as people type it.
pub(super) fn time_in_words(words: Words, time: ReminderTime) -> String {
    let of = |key, length| words.filled(key, &[("length", &span::in_short(words, length))]);
    match time {
        ReminderTime::Before(ahead) if ahead.is_zero() => {
            words.plain(Key::RemindersTimeStart).to_owned()
        }
        ReminderTime::Before(ahead) => of(Key::RemindersTimeBefore, ahead),
        ReminderTime::After(later) => of(Key::RemindersTimeAfter, later),
        ReminderTime::OfDay(time) => {
            let time = time.strftime("%H:%M").to_string();
            words.filled(Key::RemindersTimeAt, &[("time", &time)])
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::SignedDuration;
    use muster_domain::id::SeriesId;
    use muster_domain::limits::REMINDERS_MAX;
    use muster_domain::reminder::Reminders;
    use muster_domain::text::Announcement;
    use muster_store::model::ReminderList;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{event, longest_event, posted, sheet_of, texts, wrapped};

    fn usual(of_event: bool, whose: Whose) -> RemindersOf {
        let event = of_event.then(|| Box::new(posted(sheet_of(&event(), 2))));
        let list = ReminderList { reminders: Reminders::default(), whose };
        RemindersOf { event, list, members: MemberLists::Off }
    }

    fn after(now: RemindersOf, removed: Option<Reminder>) -> ListChanged {
        ListChanged { now, removed, change: ReminderChangeId::new(u64::MAX >> 1) }
    }

    #[test]
    fn the_usual_ones_are_shown_with_when_they_are() {
        let all = panel(Words::usual(), &usual(false, Whose::Usual), 0, None);
        let one = changed(Words::usual(), &after(usual(true, Whose::Guild), None), &Made::Added);
        check(&all).unwrap();
        check(&one).unwrap();
        expect![[r"
            ## Reminders
            All events here without reminders of their own
            These are the default reminders. `/reminders add` adds one.
            **at 16:00** · all who are coming or may come, and the waitlist · in the
                event's thread or channel
            **1h before** · all who are coming or may come, and the waitlist · in the
                event's thread or channel
            **15m before** · all who are coming or may come, and the waitlist · in the
                event's thread or channel
            The reminder is added.
            ## Reminders
            Raid \*night\*
            This event uses the reminders of all events here. The first change gives it its
                own list.
            **at 16:00** · all who are coming or may come, and the waitlist · in the
                event's thread or channel
            <t:1795791600:F> (<t:1795791600:R>)
            **1h before** · all who are coming or may come, and the waitlist · in the
                event's thread or channel
            <t:1795800600:F> (<t:1795800600:R>)
            **15m before** · all who are coming or may come, and the waitlist · in the
                event's thread or channel
            <t:1795803300:F> (<t:1795803300:R>)"]]
        .assert_eq(&wrapped(&[texts(&all), texts(&one)].join("\n")));
    }

    #[test]
    fn whom_a_reminder_cannot_tell_apart_is_said_where_roles_may_not_answer() {
        let mut of = usual(true, Whose::Event);
        let reminder = Reminder::at(ReminderTime::Before(SignedDuration::from_mins(20)));
        let reminder = Reminder { audience: Audience::Unanswered, ..reminder };
        of.list.reminders = of.list.reminders.with(reminder).unwrap();
        let says_it = |of: &RemindersOf| {
            texts(&panel(Words::usual(), of, 0, None)).contains("I may not read who has which")
        };
        assert!(!says_it(&of), "everybody may answer");
        let event = of.event.as_mut().map(|posted| &mut posted.sheet.event).unwrap();
        event.rules.denied = vec![RoleId::new(5)];
        assert!(says_it(&of));
        check(&panel(Words::usual(), &of, 0, None)).unwrap();
        assert!(!says_it(&RemindersOf { members: MemberLists::On, ..of }));
    }

    /// The longest that there can be, so many minutes before the start.
    fn longest(minutes: i64) -> Reminder {
        let time = ReminderTime::Before(SignedDuration::from_mins(40_000 + minutes));
        let audience = Audience::UnansweredOf(RoleId::new(u64::MAX >> 1));
        let text = Announcement::parse(&"*".repeat(Announcement::MAX)).ok();
        Reminder { audience, text, ..Reminder::at(time) }
    }

    fn list_of(count: usize) -> Reminders {
        let all = (0..i64::try_from(count).unwrap()).map(longest);
        let reminders = Reminders::from_stored(all);
        assert_eq!(reminders.iter().len(), count);
        reminders
    }

    /// The labels of the buttons under the list, in order.
    fn labels(message: &Message) -> Vec<String> {
        let json = serde_json::to_value(message).unwrap();
        let parts = json["components"][0]["components"].as_array().unwrap();
        let rows = parts.iter().filter(|part| part["type"] == 1);
        let buttons = rows.flat_map(|row| row["components"].as_array().unwrap());
        buttons.map(|button| button["label"].as_str().unwrap().to_owned()).collect()
    }

    fn removable(message: &Message) -> usize {
        serde_json::to_string(message).unwrap().matches("\"Remove\"").count()
    }

    #[test]
    fn as_many_as_there_can_be_with_the_longest_words_fit_on_every_page() {
        let of_series = {
            let mut event = longest_event();
            event.series = Some(SeriesId::new(u64::MAX >> 1));
            event.rules.denied = vec![RoleId::new(5)];
            Box::new(posted(sheet_of(&event, 2)))
        };
        for (count, pages) in [(0, 1), (1, 1), (10, 1), (11, 2), (REMINDERS_MAX, 5)] {
            let mut seen = 0;
            for (page, event) in (0..pages).flat_map(|p| [(p, None), (p, Some(&of_series))]) {
                let whose = if event.is_some() { Whose::Event } else { Whose::Guild };
                let mut reminders = list_of(count);
                if let (Some((fewer, last)), true) =
                    (reminders.clone().without(longest(0).key()), event.is_some())
                {
                    // One of them for those of whom it is not known whether they may answer.
                    reminders =
                        fewer.with(Reminder { audience: Audience::Unanswered, ..last }).unwrap();
                }
                let list = ReminderList { reminders, whose };
                let of = RemindersOf { event: event.cloned(), list, members: MemberLists::Off };
                let change = Some(ReminderChangeId::new(u64::MAX >> 1));
                let shown = panel(Words::usual(), &of, page, change);
                check(&shown).unwrap();
                seen += removable(&shown);
                let made = Made::Removed(Some(longest(i64::MAX >> 40)));
                check(&changed(Words::usual(), &after(of, Some(longest(3))), &made)).unwrap();
            }
            assert_eq!(seen, 2 * count);
        }
    }

    #[test]
    fn pages_lead_back_and_forth_and_keep_what_can_be_taken_back() {
        let list = ReminderList { reminders: list_of(25), whose: Whose::Guild };
        let of = RemindersOf { event: None, list, members: MemberLists::On };
        let back = "Back to the default";
        assert_eq!(labels(&panel(Words::usual(), &of, 0, None)), [back, "Next"]);
        let change = ReminderChangeId::new(7);
        let middle = panel(Words::usual(), &of, 1, Some(change));
        assert_eq!(labels(&middle), ["Undo", back, "Previous", "Next"]);
        assert!(texts(&middle).contains("25 reminders, earliest first · page 2 of 3"));
        let json = serde_json::to_string(&middle).unwrap();
        for carries in [
            Action::RemindersUndo(ReminderScope::Guild, change, Some(1)),
            Action::RemindersPage(ReminderScope::Guild, 0, Some(change)),
            Action::RemindersPage(ReminderScope::Guild, 2, Some(change)),
        ] {
            assert!(json.contains(&format!("\"{carries}\"")), "{carries}: {json}");
        }
        let beyond = panel(Words::usual(), &of, u32::MAX, None);
        assert_eq!(
            (labels(&beyond), removable(&beyond)),
            (vec![back.into(), "Previous".into()], 5)
        );
        check(&beyond).unwrap();
    }

    #[test]
    fn a_change_shows_the_page_where_it_is() {
        let scope = ReminderScope::Guild;
        let change = ReminderChangeId::new(u64::MAX >> 1);
        let shows = |count: usize, made: &Made| {
            let list = ReminderList { reminders: list_of(count), whose: Whose::Guild };
            let now = RemindersOf { event: None, list, members: MemberLists::On };
            let shown = changed(Words::usual(), &after(now, None), made);
            let json = serde_json::to_string(&shown).unwrap();
            let undoes = (0..10).find(|page| {
                let undo = Action::RemindersUndo(scope, change, Some(*page));
                json.contains(&format!("\"{undo}\""))
            });
            let text = texts(&shown);
            let page = text.split_once(" · page ").map_or("", |(_, after)| after);
            (page.lines().next().unwrap_or_default().to_owned(), undoes.unwrap())
        };
        // The more minutes before the start, the earlier: what is added last is the first.
        assert_eq!(shows(25, &Made::Added), ("1 of 3".to_owned(), 0));
        let removed = |minutes| Made::Removed(Some(longest(minutes)));
        assert_eq!(shows(25, &removed(-1)), ("3 of 3".to_owned(), 2));
        // It was alone on the third page, and will be so again.
        assert_eq!(shows(20, &removed(-1)), ("2 of 2".to_owned(), 2));
        assert_eq!(shows(25, &Made::Undone(1)), ("2 of 3".to_owned(), 1));
        assert_eq!(shows(25, &Made::Undone(9)).0, "3 of 3");
        assert_eq!(shows(3, &Made::Undone(9)).0, "");
    }
}
