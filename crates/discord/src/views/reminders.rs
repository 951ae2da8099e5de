//! The reminders of an event, or of all events of a guild.

use muster_domain::id::{ReminderChangeId, RoleId};
use muster_domain::reminder::{Audience, Reminder, ReminderPlace, time_in_words};
use muster_engine::MemberLists;
use muster_engine::reminders::{ListChanged, RemindersOf};
use muster_store::model::Whose;

use crate::custom_id::{Action, ReminderScope};
use crate::views::message::{Button, Component, Message, Style};
use crate::views::text::{full, plain, relative, shortened, title_of};

const BLUE: u32 = 0x58_65_F2;

/// Characters of what a reminder says that the panel shows: ten of them fit.
const TEXT_MAX: usize = 100;

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
    /// A change was taken back.
    Undone,
}

/// The panel: each reminder with a button that removes it.
#[must_use]
pub fn panel(of: &RemindersOf) -> Message {
    shown(of, &Made::Nothing, None)
}

/// The panel after a change, with what was done and a button that takes it back.
#[must_use]
pub fn changed(changed: &ListChanged, made: &Made) -> Message {
    shown(&changed.now, made, Some(changed.change))
}

fn shown(of: &RemindersOf, made: &Made, change: Option<ReminderChangeId>) -> Message {
    let event = of.event.as_ref().map(|posted| &posted.sheet.event);
    let scope = ReminderScope::of(event.map(|event| event.id));
    let about = match event {
        Some(event) => title_of(event),
        None => "All events here without reminders of their own".to_owned(),
    };
    let mut parts = vec![
        Component::text(format!("## Reminders\n{about}\n{}{}", whose(of), unlisted(of))),
        Component::separator(),
    ];
    for reminder in of.list.reminders.iter() {
        let remove = Action::ReminderRemove(scope, reminder.key());
        let button = Button::new(Style::Danger, "Remove", remove);
        parts.push(Component::section(described(of, reminder), button));
    }
    if of.list.reminders.is_empty() {
        parts.push(Component::text("There are none: nobody is reminded."));
    }
    let buttons = buttons(of, scope, change);
    if !buttons.is_empty() {
        parts.push(Component::buttons(buttons));
    }
    if let Some(done) = done(made) {
        parts.insert(0, Component::text(done));
    }
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// What is done with the list as a whole.
fn buttons(
    of: &RemindersOf,
    scope: ReminderScope,
    change: Option<ReminderChangeId>,
) -> Vec<Button> {
    let undo = change.map(|change| ("Undo", Action::RemindersUndo(scope, change)));
    let back = match of.list.whose {
        Whose::Event => Some("Use those of all events"),
        Whose::Guild if of.event.is_none() => Some("Back to the default"),
        Whose::Guild | Whose::Usual => None,
    };
    let back = back.map(|label| (label, Action::RemindersReset(scope)));
    let event = of.event.as_ref().map(|posted| &posted.sheet.event);
    let of_series = event.filter(|event| event.series.is_some());
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
        Made::Undone => Some("The reminders are as before that change.".to_owned()),
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
        let all = panel(&usual(false, Whose::Usual));
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
        let says_it = |of: &RemindersOf| texts(&panel(of)).contains("I may not read who has which");
        assert!(!says_it(&of), "everybody may answer");
        let event = of.event.as_mut().map(|posted| &mut posted.sheet.event).unwrap();
        event.rules.denied = vec![RoleId::new(5)];
        assert!(says_it(&of));
        check(&panel(&of)).unwrap();
        assert!(!says_it(&RemindersOf { members: MemberLists::On, ..of }));
    }

    #[test]
    fn as_many_as_there_can_be_with_the_longest_words_fit() {
        let text = Announcement::parse(&"𝕏".repeat(Announcement::MAX)).ok();
        let mut reminders = Reminders::none();
        for minutes in 0..i64::try_from(REMINDERS_MAX).unwrap() {
            let time = ReminderTime::Before(SignedDuration::from_mins(40_000 + minutes));
            let audience = Audience::UnansweredOf(RoleId::new(u64::MAX >> 1));
            let reminder = Reminder { audience, text: text.clone(), ..Reminder::at(time) };
            reminders = reminders.with(reminder).unwrap();
        }
        let event = Some(Box::new(posted(sheet_of(&longest_event(), 2))));
        let removed = reminders.iter().next().cloned();
        let list = ReminderList { reminders, whose: Whose::Event };
        let of = RemindersOf { event, list, members: MemberLists::On };
        let made = Made::Removed(removed.clone());
        check(&changed(&after(of, removed), &made)).unwrap();
        let none = ReminderList { reminders: Reminders::none(), whose: Whose::Guild };
        let of = RemindersOf { event: None, list: none, members: MemberLists::Off };
        check(&changed(&after(of, None), &Made::Undone)).unwrap();
    }
}
