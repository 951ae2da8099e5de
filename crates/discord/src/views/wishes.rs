//! What a member wants of reminders.

use muster_domain::reminder::{QuietHours, ReminderChoices};
use muster_engine::wishes::MyReminders;

use crate::custom_id::{Action, FormAction};
use crate::views::message::{Button, Component, Message, Modal, Style, TextInput};

const BLUE: u32 = 0x58_65_F2;

/// What the field of the form is called when it comes back.
pub const QUIET: &str = "quiet";

/// Characters that the form takes: two times of day in any words.
const QUIET_MAX: usize = 60;

const HEADING: &str = "## Reminders for me\nThese choices are about reminders only. You are \
     always told of a new time, a cancellation or a place for you. Reminders that mention a role \
     or everyone still reach you.";

/// The button that opens the panel.
#[must_use]
pub fn button() -> Button {
    Button::new(Style::Secondary, "Reminders for me", Action::MyReminders)
}

/// The choices, each with a button that changes it.
#[must_use]
pub fn panel(mine: &MyReminders) -> Message {
    let ReminderChoices { mentioned, direct } = mine.kept.choices;
    let mentions = if mentioned {
        ("**Mentions:** reminders in this server mention you.", "No mentions")
    } else {
        ("**Mentions:** no reminder in this server mentions you.", "Mention me")
    };
    let directs = if direct {
        (
            "**Direct messages:** you get reminders by direct message for events where you chose \
             *Message me, too*.",
            "No direct messages",
        )
    } else {
        ("**Direct messages:** no reminders of this server come by direct message.", "Message me")
    };
    let section = |(text, label): (&str, &str), action| {
        Component::section(text, Button::new(Style::Secondary, label, action))
    };
    let quiet = quiet(mine);
    let parts = vec![
        Component::text(HEADING),
        Component::separator(),
        section(mentions, Action::MyMentions(!mentioned)),
        section(directs, Action::MyDirect(!direct)),
        section((&quiet, "Quiet hours"), Action::QuietHours),
    ];
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn quiet(mine: &MyReminders) -> String {
    let Some(hours) = mine.kept.quiet else {
        return "**Quiet hours:** none.".to_owned();
    };
    let zone = match &mine.zone {
        Some(zone) => format!("in {zone}"),
        None => "in the time zone of each event; `/timezone` chooses yours".to_owned(),
    };
    format!(
        "**Quiet hours:** {}, in all servers, {zone}. Then no reminder mentions you. A direct \
         message comes at their end, if that is before the event begins.",
        in_words(hours)
    )
}

/// "22:00 to 08:00".
fn in_words(hours: QuietHours) -> String {
    let [from, to] = [hours.from(), hours.to()].map(|time| time.strftime("%H:%M").to_string());
    format!("{from} to {to}")
}

/// The form for quiet hours, filled with the present ones.
#[must_use]
pub fn quiet_hours_form(present: Option<QuietHours>) -> Modal {
    let present = present.map(in_words).unwrap_or_default();
    let input = TextInput::line(QUIET, QUIET_MAX).optional().value(&present);
    let hint = "From when to when, like 22:00 to 08:00; empty for none";
    let field = Component::field("Quiet hours", hint, input.placeholder("none"));
    Modal::new(FormAction::QuietHours, "Quiet hours", vec![field])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::zone::Zone;
    use muster_store::model::MemberReminders;

    use super::*;
    use crate::views::judged::{check, check_form};
    use crate::views::samples::{texts, wrapped};

    fn shown(choices: ReminderChoices, quiet: Option<&str>, zone: Option<&str>) -> String {
        let quiet = quiet.and_then(|words| QuietHours::parse(words).ok());
        check_form(&quiet_hours_form(quiet)).unwrap();
        let zone = zone.and_then(|name| Zone::parse(name).ok());
        let panel = panel(&MyReminders { kept: MemberReminders { choices, quiet }, zone });
        check(&panel).unwrap();
        wrapped(&texts(&panel))
    }

    #[test]
    fn who_chose_nothing_is_reminded() {
        expect![[r"
            ## Reminders for me
            These choices are about reminders only. You are always told of a new time, a
                cancellation or a place for you. Reminders that mention a role or everyone
                still reach you.
            **Mentions:** reminders in this server mention you.
            **Direct messages:** you get reminders by direct message for events where you
                chose *Message me, too*.
            **Quiet hours:** none."]]
        .assert_eq(&shown(ReminderChoices::default(), None, None));
    }

    #[test]
    fn every_choice_is_said_with_what_it_does() {
        let none = ReminderChoices { mentioned: false, direct: false };
        let shown = shown(none, Some("22:00 to 08:00"), Some("Asia/Tokyo"));
        expect![[r"
            ## Reminders for me
            These choices are about reminders only. You are always told of a new time, a
                cancellation or a place for you. Reminders that mention a role or everyone
                still reach you.
            **Mentions:** no reminder in this server mentions you.
            **Direct messages:** no reminders of this server come by direct message.
            **Quiet hours:** 22:00 to 08:00, in all servers, in Asia/Tokyo. Then no
                reminder mentions you. A direct message comes at their end, if that is
                before the event begins."]]
        .assert_eq(&shown);
    }

    #[test]
    fn without_a_zone_of_their_own_the_events_counts() {
        let shown = shown(ReminderChoices::default(), Some("1pm to 2:30pm"), None);
        let shown = shown.replace("\n    ", " ");
        assert!(shown.contains("13:00 to 14:30"), "{shown}");
        assert!(shown.contains("time zone of each event"), "{shown}");
    }
}
