//! The reminders of an event, or of all events of a guild.

use muster_domain::event::Event;
use muster_domain::id::{ReminderChangeId, RoleId};
use muster_domain::reminder::{Audience, Reminder, ReminderPlace, time_in_words};
use muster_engine::MemberLists;
use muster_engine::limits::LIST_ROWS;
use muster_engine::reminders::{ListChanged, RemindersOf};
use muster_store::model::Whose;

use crate::custom_id::{Action, ReminderScope};
use crate::views::message::{Button, Component, Message, Style};
use crate::views::pager::{PREVIOUS_NEXT, Pager};
use crate::views::text::{counted, full, plain, relative, shortened, title_of};

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
pub fn panel(of: &RemindersOf, number: u32, change: Option<ReminderChangeId>) -> Message {
    shown(of, &Made::Nothing, change, number)
}

/// The panel after a change, on the page that shows it, with what was done and a button that takes
/// it back.
#[must_use]
pub fn changed(changed: &ListChanged, made: &Made) -> Message {
    let number = page_of(&changed.now, made);
    shown(&changed.now, made, Some(changed.change), number)
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
fn shown(of: &RemindersOf, made: &Made, change: Option<ReminderChangeId>, number: u32) -> Message {
    let event = event_of(of);
    let scope = ReminderScope::of(event.map(|event| event.id));
    let about = match event {
        Some(event) => title_of(event),
        None => "All events here without reminders of their own".to_owned(),
    };
    let in_order = of.list.reminders.in_order(event);
    let last = in_order.len().saturating_sub(1) / LIST_ROWS;
    // The list may have become shorter.
    let page = usize::try_from(number).unwrap_or(usize::MAX).min(last);
    let pager = Pager::new(u32::try_from(page).unwrap_or(u32::MAX), in_order.len(), LIST_ROWS);
    let which = format!("{}{}{}", whose(of), unlisted(of), place(in_order.len(), pager));
    let mut parts =
        vec![Component::text(format!("## Reminders\n{about}\n{which}")), Component::separator()];
    for reminder in in_order.chunks(LIST_ROWS).nth(page).unwrap_or_default() {
        let remove = Action::ReminderRemove(scope, reminder.key());
        let button = Button::new(Style::Danger, "Remove", remove);
        parts.push(Component::section(described(of, reminder), button));
    }
    if of.list.reminders.is_empty() {
        parts.push(Component::text("There are none: nobody is reminded."));
    }
    let mut buttons = buttons(of, scope, change.map(|change| (change, number)));
    let turn = |page| Action::RemindersPage(scope, page, change);
    buttons.extend(pager.turns(PREVIOUS_NEXT, turn));
    if !buttons.is_empty() {
        parts.push(Component::buttons(buttons));
    }
    if let Some(done) = done(made) {
        parts.insert(0, Component::text(done));
    }
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// Which page it is, where there is more than one.
fn place(count: usize, pager: Pager) -> String {
    if pager.is_only() {
        return String::new();
    }
    format!("\n{}, earliest first · page {pager}", counted(count, "reminder", "reminders"))
}

/// What is done with the list as a whole. A change is taken back with the page that is shown then.
fn buttons(
    of: &RemindersOf,
    scope: ReminderScope,
    change: Option<(ReminderChangeId, u32)>,
) -> Vec<Button> {
    let undo =
        change.map(|(change, page)| ("Undo", Action::RemindersUndo(scope, change, Some(page))));
    let back = match of.list.whose {
        Whose::Event => Some("Use those of all events"),
        Whose::Guild if of.event.is_none() => Some("Back to the default"),
        Whose::Guild | Whose::Usual => None,
    };
    let back = back.map(|label| (label, Action::RemindersReset(scope)));
    let of_series = event_of(of).filter(|event| event.series.is_some());
    let following = of_series.map(|it| ("All following, too", Action::SeriesRemindLike(it.id)));
    let all = undo.into_iter().chain(back).chain(following);
    all.map(|(label, action)| Button::new(Style::Secondary, label, action)).collect()
}

fn whose(of: &RemindersOf) -> &'static str {
    match (of.list.whose, of.event.is_some()) {
        (Whose::Event, _) => "This event has its own reminders. `/reminders add` adds one.",
        (Whose::Guild, true) => {
            "This event uses the reminders of all events here. The first change gives it its own \
             list."
        }
        (Whose::Usual, true) => {
            "This event uses the default reminders. The first change gives it its own list."
        }
        (Whose::Guild, false) => "This server has its own reminders. `/reminders add` adds one.",
        (Whose::Usual, false) => "These are the default reminders. `/reminders add` adds one.",
    }
}

/// What an organiser cannot know: whom a reminder reaches who may not answer.
fn unlisted(of: &RemindersOf) -> &'static str {
    let Some(posted) = &of.event else { return "" };
    let event = &posted.sheet.event;
    let mut all = of.list.reminders.iter();
    let is_for_them = all.any(|reminder| reminder.audience == Audience::Unanswered);
    match of.members {
        MemberLists::Off if is_for_them && !event.rules.eligible(&event.options).is_everybody() => {
            "\n-# I may not read who has which role: those who have not answered can be members \
             whom the rules of this event do not let answer."
        }
        MemberLists::Off | MemberLists::On => "",
    }
}

fn done(made: &Made) -> Option<String> {
    match made {
        Made::Nothing => None,
        Made::Added => Some("The reminder is added.".to_owned()),
        Made::Removed(None) => Some("The reminder is removed.".to_owned()),
        Made::Removed(Some(reminder)) => {
            let time = time_in_words(reminder.time);
            Some(format!("The reminder **{time}** is removed."))
        }
        Made::Undone(_) => Some("The reminders are as before that change.".to_owned()),
        Made::Reset => Some("The reminders are as before any change.".to_owned()),
    }
}

/// A reminder in one line; for an event with when that is, if it ever is.
fn described(of: &RemindersOf, reminder: &Reminder) -> String {
    let line = line(reminder, of.members, |role| format!("<@&{role}>"));
    let line = line.replacen(" · ", "** · ", 1);
    let when = match &of.event {
        None => String::new(),
        Some(posted) => match reminder.due(&posted.sheet.event) {
            Some(due) => format!("\n{} ({})", full(due), relative(due)),
            None => "\nnot for this event, which begins before that time".to_owned(),
        },
    };
    let text = reminder.text.as_ref().map(|text| shortened(text.as_str(), TEXT_MAX));
    let text = text.map(|text| format!("\n> {}", plain(&text.replace('\n', " "))));
    format!("**{line}{when}{}", text.unwrap_or_default())
}

/// "15m before · all who are coming or may come, and the waitlist · in the channel".
pub fn line(reminder: &Reminder, members: MemberLists, name: impl Fn(RoleId) -> String) -> String {
    let audience = match reminder.audience {
        Audience::Expected => "all who are coming or may come, and the waitlist".to_owned(),
        Audience::Going => "those who are coming".to_owned(),
        Audience::Maybe => "those who may come".to_owned(),
        Audience::Waitlisted => "the waitlist".to_owned(),
        Audience::Unanswered => match members {
            MemberLists::Off => "those who came before and have not answered".to_owned(),
            MemberLists::On => "those who see the channel and have not answered".to_owned(),
        },
        Audience::UnansweredOf(role) => format!("those of {} who have not answered", name(role)),
        Audience::Role(role) => name(role),
        Audience::Everyone => "everyone".to_owned(),
    };
    let place = match reminder.place {
        ReminderPlace::Thread => "in the event's thread or channel",
        ReminderPlace::Channel => "in the channel",
        ReminderPlace::Direct => "by direct message, to those who want that",
    };
    format!("{} · {audience} · {place}", time_in_words(reminder.time))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::SignedDuration;
    use muster_domain::id::SeriesId;
    use muster_domain::limits::REMINDERS_MAX;
    use muster_domain::reminder::{ReminderTime, Reminders};
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
        let all = panel(&usual(false, Whose::Usual), 0, None);
        let one = changed(&after(usual(true, Whose::Guild), None), &Made::Added);
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
        let says_it =
            |of: &RemindersOf| texts(&panel(of, 0, None)).contains("I may not read who has which");
        assert!(!says_it(&of), "everybody may answer");
        let event = of.event.as_mut().map(|posted| &mut posted.sheet.event).unwrap();
        event.rules.denied = vec![RoleId::new(5)];
        assert!(says_it(&of));
        check(&panel(&of, 0, None)).unwrap();
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
                let shown = panel(&of, page, change);
                check(&shown).unwrap();
                seen += removable(&shown);
                let made = Made::Removed(Some(longest(i64::MAX >> 40)));
                check(&changed(&after(of, Some(longest(3))), &made)).unwrap();
            }
            assert_eq!(seen, 2 * count);
        }
    }

    #[test]
    fn pages_lead_back_and_forth_and_keep_what_can_be_taken_back() {
        let list = ReminderList { reminders: list_of(25), whose: Whose::Guild };
        let of = RemindersOf { event: None, list, members: MemberLists::On };
        let back = "Back to the default";
        assert_eq!(labels(&panel(&of, 0, None)), [back, "Next"]);
        let change = ReminderChangeId::new(7);
        let middle = panel(&of, 1, Some(change));
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
        let beyond = panel(&of, u32::MAX, None);
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
            let shown = changed(&after(now, None), made);
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
