//! The commands as Discord is told of them, once, and again only when they differ.
//! (Discord docs: "Application Commands")

mod fingerprint;
mod operating;
mod schedule;

use muster_domain::limits::IMAGE_URL_MAX;
use muster_domain::text::{Announcement, Description, Location};

pub use self::fingerprint::{fingerprint, fingerprint_of_both};
use serde::Serialize;

/// Text that we read ourselves is cut only well beyond what we take, so that our own words say
/// what is wrong with it.
const WORDS_MAX: usize = 200;

/// Text, announcement channels, threads and forums. (Discord docs: "Channel Types")
const POSTING_CHANNELS: &[u8] = &[0, 5, 10, 11, 12, 15];

const IN_SERVERS: &[u8] = &[0];
const IN_SERVERS_AND_WITH_THE_BOT: &[u8] = &[0, 1];

/// A command that is typed. (Discord docs: "Application Command Types")
const TYPED: u8 = 1;
/// A command of a person's context menu.
const ON_PERSON: u8 = 2;
/// A command of a message's context menu.
const ON_MESSAGE: u8 = 3;

/// The command on a message that shows the log of its event.
pub const EVENT_LOG: &str = "Event log";
/// The command on a person that shows what they answer.
pub const ATTENDANCE: &str = "Attendance";

/// The permission Manage Server, as a decimal number in text.
const MANAGE_SERVER: &str = "32";

/// A command.
#[derive(Clone, Debug, Serialize)]
pub struct Definition {
    /// 1 to 32 characters; lower case, but for those of context menus.
    pub name: &'static str,
    #[serde(rename = "type")]
    kind: u8,
    /// 1 to 100 characters; empty for those of context menus.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: &'static str,
    /// Subcommands, or what can be given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Opt>,
    /// Who sees it, unless the server decides otherwise; everybody if `None`. Never trusted: every
    /// handler checks rights itself.
    pub default_member_permissions: Option<&'static str>,
    /// Where it can be used. (Discord docs: "Interaction Contexts")
    contexts: &'static [u8],
    /// Installed to servers only.
    integration_types: [u8; 1],
}

/// A subcommand or something that can be given with a command.
#[derive(Clone, Debug, Serialize)]
pub struct Opt {
    #[serde(rename = "type")]
    kind: Kind,
    /// 1 to 32 characters, lower case.
    pub name: &'static str,
    /// 1 to 100 characters.
    pub description: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    required: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    autocomplete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "<[u8]>::is_empty")]
    channel_types: &'static [u8],
    #[serde(skip_serializing_if = "<[Choice]>::is_empty")]
    choices: &'static [Choice],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<Self>,
}

/// One of the values that can be given.
#[derive(Clone, Copy, Debug, Serialize)]
struct Choice {
    name: &'static str,
    value: &'static str,
}

/// What kind of option it is, by Discord's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Subcommand = 1,
    Text = 3,
    Integer = 4,
    User = 6,
    Channel = 7,
    Role = 8,
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self {
            Self::Subcommand => 1,
            Self::Text => 3,
            Self::Integer => 4,
            Self::User => 6,
            Self::Channel => 7,
            Self::Role => 8,
        })
    }
}

impl Definition {
    const fn new(name: &'static str, description: &'static str, options: Vec<Opt>) -> Self {
        Self {
            name,
            kind: TYPED,
            description,
            options,
            default_member_permissions: None,
            contexts: IN_SERVERS,
            integration_types: [0],
        }
    }

    /// A command of the context menu of people or messages. (Discord docs: "User commands" and
    /// "Message commands")
    fn menu(kind: u8, name: &'static str) -> Self {
        Self { kind, ..Self::new(name, "", Vec::new()) }
    }

    /// What can be typed: `/help`, or `/event create` and its sisters.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        let is_typed = self.kind == TYPED;
        let subcommands = self.options.iter().filter(|option| option.kind == Kind::Subcommand);
        let mut paths: Vec<_> =
            subcommands.map(|option| format!("/{} {}", self.name, option.name)).collect();
        if paths.is_empty() && is_typed {
            paths.push(format!("/{}", self.name));
        }
        paths.into_iter()
    }
}

impl Opt {
    const fn new(kind: Kind, name: &'static str, description: &'static str) -> Self {
        Self {
            kind,
            name,
            description,
            required: false,
            autocomplete: false,
            max_length: None,
            channel_types: &[],
            choices: &[],
            options: Vec::new(),
        }
    }

    fn subcommand(name: &'static str, description: &'static str, options: Vec<Self>) -> Self {
        Self { options, ..Self::new(Kind::Subcommand, name, description) }
    }

    fn text(name: &'static str, description: &'static str, max_length: usize) -> Self {
        Self { max_length: Some(max_length), ..Self::new(Kind::Text, name, description) }
    }

    fn completed(self) -> Self {
        Self { autocomplete: true, ..self }
    }

    fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

const DOCTOR: &str = "Check that I have all I need here, and how to fix what is missing";

/// All commands that exist.
#[must_use]
pub fn definitions() -> Vec<Definition> {
    let zone = Opt::text("zone", "Your time zone, like Europe/Berlin", WORDS_MAX).completed();
    let mut all = vec![
        event(),
        rsvp(),
        template(),
        reminders(),
        schedule::schedule(),
        report(),
        Definition::new("timezone", "See or choose your time zone", vec![zone]),
        Definition {
            default_member_permissions: Some(MANAGE_SERVER),
            ..Definition::new("settings", "Set Muster up for this server", Vec::new())
        },
        privacy(),
        Definition {
            default_member_permissions: Some(MANAGE_SERVER),
            ..Definition::new("doctor", DOCTOR, Vec::new())
        },
        Definition::new("help", "What you can do here, and the next step", Vec::new()),
        Definition::menu(ON_MESSAGE, EVENT_LOG),
        Definition::menu(ON_PERSON, ATTENDANCE),
    ];
    all.extend(operating::all());
    all
}

fn event() -> Definition {
    let named = || vec![which()];
    let subcommands = vec![
        Opt::subcommand("create", "Create an event and post it", create()),
        Opt::subcommand("edit", "Change an event", vec![which(), picture(), moved()]),
        Opt::subcommand("cancel", "Call an event off; it can be brought back", named()),
        Opt::subcommand("show", "Look at an event", named()),
        Opt::subcommand("list", "What is coming up", Vec::new()),
        Opt::subcommand("duplicate", "Create an event like another one", duplicate()),
        Opt::subcommand("close", "Take no more answers to an event", named()),
        Opt::subcommand("reopen", "Take answers to an event again", named()),
        Opt::subcommand("add", "Answer for a member, even if the rules would stop them", add()),
        Opt::subcommand("remove", "Take back a member's answer", vec![which(), member()]),
        Opt::subcommand("log", "Who did what to an event, and when", named()),
        Opt::subcommand("export", "All answers to an event, as files", vec![which(), format()]),
    ];
    Definition::new("event", "Plan events and see what is coming up", subcommands)
}

fn which() -> Opt {
    Opt::text("event", "Which event: start typing its title", WORDS_MAX).completed().required()
}

fn member() -> Opt {
    Opt::new(Kind::User, "member", "Which member").required()
}

fn add() -> Vec<Opt> {
    let option = Opt::text("option", "Which answer to give them", WORDS_MAX);
    vec![which(), member(), option.completed().required()]
}

fn picture() -> Opt {
    Opt::text("image", "The address of a picture: https://…", IMAGE_URL_MAX)
}

fn moved() -> Opt {
    posted_in("Move the post to this channel; the old post is deleted")
}

fn format() -> Opt {
    const FORMATS: &[Choice] = &[
        Choice { name: "CSV, for spreadsheets", value: "csv" },
        Choice { name: "JSON, for programs", value: "json" },
    ];
    let format = Opt::text("format", "CSV unless you choose JSON", WORDS_MAX);
    Opt { choices: FORMATS, max_length: None, ..format }
}

fn when() -> Opt {
    let examples = "When it begins: fri 8pm · tomorrow 19:30 · 12 March 20:00 · in 2 hours";
    Opt::text("when", examples, WORDS_MAX).completed()
}

fn duplicate() -> Vec<Opt> {
    vec![which(), when(), posted_in("Where it is posted, if not where the other one is"), closing()]
}

fn posted_in(description: &'static str) -> Opt {
    Opt { channel_types: POSTING_CHANNELS, ..Opt::new(Kind::Channel, "channel", description) }
}

fn closing() -> Opt {
    Opt::text("close", "How long before the start answers close: 2h · 1 day", WORDS_MAX)
}

fn create() -> Vec<Opt> {
    let place = "Where it is: a place or a link";
    vec![
        // Without a length, so that our own words say what is wrong with it.
        Opt::new(Kind::Text, "title", "What it is called"),
        when(),
        Opt::text("duration", "How long it lasts: 90m · 1h30 · 2 days", WORDS_MAX),
        Opt::text("description", "What it is about", 2 * Description::MAX),
        Opt::text("location", place, 2 * Location::MAX),
        posted_in("Where it is posted, if not in the usual channel"),
        Opt::new(Kind::Integer, "capacity", "How many can come; the rest goes to a waitlist"),
        Opt::new(Kind::Role, "mention", "A role to notify, if not the usual one"),
        Opt::text("options", "The answers: Yes, No · 🛡 Tank 2, 💚 Healer 3, Bench · Raid", 1_000)
            .completed(),
        closing(),
        picture(),
        Opt::text("template", "What fills in the rest, saved from an event", WORDS_MAX).completed(),
        Opt::text(
            "repeat",
            "How it repeats: every Tuesday and Thursday · last Sunday of the month",
            1_000,
        )
        .completed(),
    ]
}

fn privacy() -> Definition {
    let subcommands = vec![
        Opt::subcommand("export", "Everything that I keep about you, as a file", Vec::new()),
        Opt::subcommand("erase", "Erase everything that I keep about you", Vec::new()),
    ];
    Definition {
        contexts: IN_SERVERS_AND_WITH_THE_BOT,
        ..Definition::new("privacy", "See or erase what I keep about you", subcommands)
    }
}

fn template() -> Definition {
    let name = |what| Opt::text("name", what, WORDS_MAX).required();
    let subcommands = vec![
        Opt::subcommand(
            "save",
            "Save an event's set-up, to create more like it",
            vec![which(), name("What the template is called")],
        ),
        Opt::subcommand("list", "The templates of this server", Vec::new()),
        Opt::subcommand(
            "delete",
            "Delete a template; events made from it stay",
            vec![name("Which template").completed()],
        ),
    ];
    Definition::new("template", "Save events as templates, and reuse them", subcommands)
}

fn reminders() -> Definition {
    let reset = "Reset to the default; with an event, to the reminders of all events here";
    let event = || Opt {
        required: false,
        ..Opt::text("event", "Only this event; leave empty for all events", WORDS_MAX).completed()
    };
    let there = Opt::text("reminder", "Which one", WORDS_MAX).completed().required();
    let subcommands = vec![
        Opt::subcommand("view", "When members are reminded", vec![event()]),
        Opt::subcommand("add", "Add a reminder", [reminder(), vec![event()]].concat()),
        Opt::subcommand("remove", "Remove a reminder", vec![there, event()]),
        Opt::subcommand("reset", reset, vec![event()]),
    ];
    Definition::new("reminders", "When and how members are reminded of events", subcommands)
}

fn reminder() -> Vec<Opt> {
    const AUDIENCES: &[Choice] = &[
        Choice { name: "all who are coming or may come, and the waitlist", value: "expected" },
        Choice { name: "those who are coming", value: "going" },
        Choice { name: "those who may come", value: "maybe" },
        Choice { name: "the waitlist", value: "waitlisted" },
        Choice { name: "those who have not answered", value: "unanswered" },
        Choice { name: "everyone", value: "everyone" },
    ];
    const PLACES: &[Choice] = &[
        Choice { name: "in the event's thread, or the channel if it has none", value: "thread" },
        Choice { name: "in the channel", value: "channel" },
        Choice { name: "by direct message, to those who want that", value: "direct" },
    ];
    let when = "When: 15m before · at 16:00 · at the start · 1h after";
    let audience = "Who is reminded; by default all who are coming or may come, and the waitlist";
    let role = "Remind this role instead; with \"those who have not answered\", only its members who have not";
    let place = "Where, if not in the event's thread";
    let text = "What it says; {title} {start} {relative} {host} {location} {count} are filled in";
    vec![
        Opt::text("when", when, WORDS_MAX).completed().required(),
        Opt { choices: AUDIENCES, ..Opt::new(Kind::Text, "audience", audience) },
        Opt::new(Kind::Role, "role", role),
        Opt { choices: PLACES, ..Opt::new(Kind::Text, "place", place) },
        Opt::text("text", text, 2 * Announcement::MAX),
    ]
}

fn report() -> Definition {
    let week = || {
        let which = "Which week, if not this one: last · 2026-11-23";
        vec![Opt::text("week", which, WORDS_MAX).completed()]
    };
    let subcommands = vec![
        Opt::subcommand("week", "Who answered and who came, Monday to Sunday", week()),
        Opt::subcommand("midweek", "Who answered and who came, Monday to Wednesday", week()),
        Opt::subcommand("member", "How often a member comes", vec![member()]),
        Opt::subcommand("event", "Who answered an event, and who was there", vec![which()]),
    ];
    Definition::new("report", "See who answers and who comes", subcommands)
}

fn rsvp() -> Definition {
    let subcommands = vec![
        Opt::subcommand("today", "Who is coming today", Vec::new()),
        Opt::subcommand("yesterday", "Who came yesterday", Vec::new()),
        Opt::subcommand("mine", "What you have answered", Vec::new()),
    ];
    Definition::new("rsvp", "See who is coming, and your own answers", subcommands)
}

#[cfg(test)]
mod tests;
