//! What a person in this position can do here, and the next step for a new server.

use crate::custom_id::Action;
use crate::views::message::{Button, Embed, Field, Message, Style};
use crate::views::messages::{Key, Words};

const BLUE: u32 = 0x58_65_F2;

/// For who runs the bot, in whatever server: in English, as all that is for them.
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
pub fn help(words: Words, reader: Reader, missing: Missing) -> Message {
    let position = reader.position;
    let field = |name: &str, value: &str| Field {
        name: name.to_owned(),
        value: value.to_owned(),
        inline: false,
    };
    let of = |name, can| field(words.plain(name), words.plain(can));
    let everybody = of(Key::HelpEverybody, Key::HelpEverybodyCan);
    let organisers = of(Key::HelpOrganisers, Key::HelpOrganisersCan);
    let managers = of(Key::HelpManagers, Key::HelpManagersCan);
    let mut fields = match position {
        Position::Member => vec![everybody],
        Position::Organiser => vec![organisers, everybody],
        Position::Manager => vec![managers, organisers, everybody],
    };
    if reader.operates {
        fields.push(field("You run me", OPERATORS));
    }
    let description = next_step(words, position, missing).unwrap_or_default();
    let title = words.plain(Key::HelpTitle).to_owned();
    Message::card(Embed { title, description, color: BLUE, fields, ..Embed::default() })
        .row(buttons(words, position))
}

fn next_step(words: Words, position: Position, missing: Missing) -> Option<String> {
    let what = match missing {
        Missing { zone: true, channel: true } => Key::HelpNextBoth,
        Missing { zone: true, channel: false } => Key::HelpNextZone,
        Missing { zone: false, channel: true } => Key::HelpNextChannel,
        Missing { zone: false, channel: false } => return None,
    };
    let key = match position {
        Position::Member => return None,
        Position::Organiser => Key::HelpNextOrganiser,
        Position::Manager => Key::HelpNextManager,
    };
    Some(words.filled(key, &[("what", words.plain(what))]))
}

fn buttons(words: Words, position: Position) -> Vec<Button> {
    let new = Button::new(Style::Primary, words.plain(Key::GreetingCreate), Action::New(None));
    let settings = words.plain(Key::GreetingSettings);
    let settings = Button::new(Style::Secondary, settings, Action::Settings);
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
        let help = help(Words::usual(), reader, NONE);
        check(&help).unwrap();
        let help = texts(&help);
        let named: BTreeSet<_> =
            help.split('`').filter(|text| text.starts_with('/')).map(str::to_owned).collect();
        let exist: BTreeSet<_> = definitions().iter().flat_map(Definition::paths).collect();
        assert_eq!(named, exist);
    }

    #[test]
    fn a_member_is_not_told_what_only_others_can_do() {
        let help = help(Words::usual(), member(Position::Member), BOTH);
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
            let help = help(Words::usual(), member(position), BOTH);
            check(&help).unwrap();
            assert!(texts(&help).contains(words), "{}", texts(&help));
        }
        assert!(
            !texts(&help(Words::usual(), member(Position::Manager), NONE)).contains("Next step")
        );
    }
}
