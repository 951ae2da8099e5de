//! What a person in this position can do here, and the next step for a new server.

use crate::custom_id::Action;
use crate::views::message::{Button, Embed, Field, Message, Style};

const BLUE: u32 = 0x58_65_F2;

const EVERYBODY: &str = "\
    Tap a button under an event to answer it; tap another to change your answer. **⋯** has the \
    rest: notes, guests, your calendar, and withdrawing your answer.\n\
    `/event list` what is coming up\n\
    `/event show` one event\n\
    `/rsvp today` `/rsvp yesterday` who is coming, who was\n\
    `/rsvp mine` what you have answered\n\
    `/timezone` the time zone in which your times are read\n\
    `/privacy export` `/privacy erase` what I keep about you\n\
    `/help` this";

const ORGANISERS: &str = "\
    `/event create` a new event: with a title and a time like \"fri 8pm\" at once, else through \
    a form\n\
    `/event edit` change it\n\
    `/event duplicate` a new one like it\n\
    `/event close` `/event reopen` take no more answers, take them again\n\
    `/event cancel` call it off; it is kept for 30 days and can be brought back\n\
    `/event add` `/event remove` answer for a member\n\
    `/event log` who did what to it, and when\n\
    `/event export` all answers as files\n\
    `/schedule setup` walk through the week, day by day; `/schedule view` what there is\n\
    `/schedule set` `/schedule clear` `/schedule skip` `/schedule post` plan a day, empty it, \
    pause the week, post a day now\n\
    `/reminders view` `/reminders add` `/reminders remove` `/reminders reset` when members are \
    reminded\n\
    `/report week` `/report midweek` `/report member` `/report event` who answers and comes\n\
    `/template save` `/template list` `/template delete` save an event's set-up and reuse it\n\
    Right-click or long-press, *Apps*: **Event log** on a post, **Attendance** on a member";

const MANAGERS: &str = "\
    `/settings` the time zone and channel for events, who is an organiser, whom new events \
    mention\n\
    `/doctor` tests what I need here, says how to fix it, and sends again what failed";

const OPERATORS: &str = "\
    `/system_health` whether all is well, and what to do\n\
    `/performance_metrics` how fast I am, beside what I aim at\n\
    `/memory_optimization` what uses memory; `/force_cleanup` gives it back now\n\
    `/security_status` what should not have happened, and who is blocked\n\
    They work in a direct message with me as well.";

/// Who asks for help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// What they may do in the server.
    pub position: Position,
    /// Whether they run the bot.
    pub operates: bool,
}

/// What somebody may do in a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Answers events.
    Member,
    /// Creates and changes events.
    Organiser,
    /// Changes the settings.
    Manager,
}

/// What a server has not chosen yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// A time zone, by the guild or by the operator.
    pub zone: bool,
    /// A channel for events.
    pub channel: bool,
}

/// What this person can do.
#[must_use]
pub fn help(reader: Reader, missing: Missing) -> Message {
    let position = reader.position;
    let field = |name: &str, value: &str| Field {
        name: name.to_owned(),
        value: value.to_owned(),
        inline: false,
    };
    let everybody = field("Everybody", EVERYBODY);
    let organisers = field("Organisers", ORGANISERS);
    let managers = field("With the permission Manage Server", MANAGERS);
    let mut fields = match position {
        Position::Member => vec![everybody],
        Position::Organiser => vec![organisers, everybody],
        Position::Manager => vec![managers, organisers, everybody],
    };
    if reader.operates {
        fields.push(field("You run me", OPERATORS));
    }
    let description = next_step(position, missing).unwrap_or_default();
    let title = "What you can do".to_owned();
    Message::card(Embed { title, description, color: BLUE, fields, ..Embed::default() })
        .row(buttons(position))
}

fn next_step(position: Position, missing: Missing) -> Option<String> {
    let what = match missing {
        Missing { zone: true, channel: true } => "a time zone and a channel for events",
        Missing { zone: true, channel: false } => "a time zone",
        Missing { zone: false, channel: true } => "a channel for events",
        Missing { zone: false, channel: false } => return None,
    };
    match position {
        Position::Member => None,
        Position::Organiser => Some(format!(
            "**Next step:** this server has not chosen {what}. Ask somebody with Manage Server to \
             use `/settings`; you can create events meanwhile."
        )),
        Position::Manager => {
            Some(format!("**Next step:** this server has not chosen {what}. `/settings` does it."))
        }
    }
}

fn buttons(position: Position) -> Vec<Button> {
    let new = Button::new(Style::Primary, "Create an event", Action::New(None));
    let settings = Button::new(Style::Secondary, "Settings", Action::Settings);
    match position {
        Position::Member => Vec::new(),
        Position::Organiser => vec![new],
        Position::Manager => vec![new, settings],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::commands::definitions::{Definition, definitions};
    use crate::views::judged::check;
    use crate::views::samples::texts;

    const NONE: Missing = Missing { zone: false, channel: false };
    const BOTH: Missing = Missing { zone: true, channel: true };

    const fn member(position: Position) -> Reader {
        Reader { position, operates: false }
    }

    #[test]
    fn help_names_every_command_and_none_that_does_not_exist() {
        let reader = Reader { position: Position::Manager, operates: true };
        let help = help(reader, NONE);
        check(&help).unwrap();
        let help = texts(&help);
        let named: BTreeSet<_> =
            help.split('`').filter(|text| text.starts_with('/')).map(str::to_owned).collect();
        let exist: BTreeSet<_> = definitions().iter().flat_map(Definition::paths).collect();
        assert_eq!(named, exist);
    }

    #[test]
    fn a_member_is_not_told_what_only_others_can_do() {
        let help = help(member(Position::Member), BOTH);
        check(&help).unwrap();
        for others in ["/settings", "/event create", "/system_health"] {
            assert!(!texts(&help).contains(others), "{others}");
        }
        assert_eq!(help.components, []);
    }

    #[test]
    fn in_a_new_server_the_next_step_comes_first() {
        for (position, words) in [
            (Position::Organiser, "a time zone and a channel for events. Ask somebody"),
            (Position::Manager, "a time zone and a channel for events. `/settings` does it"),
        ] {
            let help = help(member(position), BOTH);
            check(&help).unwrap();
            assert!(texts(&help).contains(words), "{}", texts(&help));
        }
        assert!(!texts(&help(member(Position::Manager), NONE)).contains("Next step"));
    }
}
