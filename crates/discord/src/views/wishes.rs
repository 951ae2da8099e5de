//! What a member wants of reminders.

use muster_domain::reminder::{QuietHours, ReminderChoices};
use muster_engine::wishes::MyReminders;

use crate::custom_id::{Action, FormAction};
use crate::views::message::{Button, Component, Message, Modal, Style, TextInput};
use crate::views::messages::{Key, Words};

const BLUE: u32 = 0x58_65_F2;

/// What the field of the form is called when it comes back.
pub const QUIET: &str = "quiet";

/// Characters that the form takes: two times of day in any words.
const QUIET_MAX: usize = 60;

/// The button that opens the panel.
#[must_use]
pub fn button(words: Words) -> Button {
    Button::new(Style::Secondary, words.plain(Key::WishesOpen), Action::MyReminders)
}

/// The choices, each with a button that changes it.
#[must_use]
pub fn panel(words: Words, mine: &MyReminders) -> Message {
    let ReminderChoices { mentioned, direct } = mine.kept.choices;
    let mentions = if mentioned {
        (Key::WishesMentions, Key::WishesMentionsStop)
    } else {
        (Key::WishesMentionsNone, Key::WishesMentionsStart)
    };
    let directs = if direct {
        (Key::WishesDirect, Key::WishesDirectStop)
    } else {
        (Key::WishesDirectNone, Key::WishesDirectStart)
    };
    let section = |(text, label): (&str, Key), action| {
        Component::section(text, Button::new(Style::Secondary, words.plain(label), action))
    };
    let choice = |(text, label), action| section((words.plain(text), label), action);
    let quiet = quiet(words, mine);
    let parts = vec![
        Component::text(words.plain(Key::WishesTitle)),
        Component::separator(),
        choice(mentions, Action::MyMentions(!mentioned)),
        choice(directs, Action::MyDirect(!direct)),
        section((&quiet, Key::WishesQuietChange), Action::QuietHours),
    ];
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn quiet(words: Words, mine: &MyReminders) -> String {
    let Some(hours) = mine.kept.quiet else {
        return words.plain(Key::WishesQuietNone).to_owned();
    };
    let hours = in_words(words, hours);
    match &mine.zone {
        Some(zone) => {
            words.filled(Key::WishesQuiet, &[("hours", &hours), ("zone", &zone.to_string())])
        }
        None => words.filled(Key::WishesQuietZoneless, &[("hours", &hours)]),
    }
}

/// "22:00 to 08:00".
fn in_words(words: Words, hours: QuietHours) -> String {
    let [from, to] = [hours.from(), hours.to()].map(|time| time.strftime("%H:%M").to_string());
    words.filled(Key::WishesQuietHours, &[("from", &from), ("to", &to)])
}

/// The form for quiet hours, filled with the present ones as they are read again: in English.
#[must_use]
pub fn quiet_hours_form(words: Words, present: Option<QuietHours>) -> Modal {
    let present = present.map(|hours| in_words(Words::usual(), hours)).unwrap_or_default();
    let input = TextInput::line(QUIET, QUIET_MAX).optional().value(&present);
    let [title, hint, none] = [Key::WishesQuietChange, Key::WishesQuietHint, Key::WishesQuietEmpty]
        .map(|key| words.plain(key));
    let field = Component::field(title, hint, input.placeholder(none));
    Modal::new(FormAction::QuietHours, title, vec![field])
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
        check_form(&quiet_hours_form(Words::usual(), quiet)).unwrap();
        let zone = zone.and_then(|name| Zone::parse(name).ok());
        let panel =
            panel(Words::usual(), &MyReminders { kept: MemberReminders { choices, quiet }, zone });
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
