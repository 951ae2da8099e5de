//! An interaction as Discord sends it, read leniently: only what we need, and nothing that is new
//! or missing elsewhere makes it fail. (Discord docs: "Receiving and Responding")

mod parse;
mod values;

use std::collections::HashMap;
use std::str::FromStr;

use muster_domain::id::{ChannelId, InteractionId, MessageId, RoleId, UserId};
use muster_domain::rights::Actor;
use muster_engine::create::{ChannelKind, KnownChannel};
use zeroize::Zeroizing;

use crate::custom_id::{Action, FormAction, verb};
use crate::rest::model::ApplicationId;

pub(crate) use parse::kind_of;
pub use parse::{Unreadable, parse};
pub use values::{Fields, Options, Value};

/// One interaction.
#[derive(Debug)]
pub struct Interaction {
    /// Its identity; a repeat has the same one.
    pub id: InteractionId,
    /// What allows to answer it, for fifteen minutes.
    pub token: ReplyToken,
    /// The application that it was sent to, for answers that come later.
    pub application: ApplicationId,
    /// Who acts, in which guild; `None` in a direct message.
    pub actor: Option<Actor>,
    /// Who acts.
    pub user: UserId,
    /// The channels of which Discord told what the bot may do there: where it happened, and those
    /// that were chosen.
    pub channels: Vec<KnownChannel>,
    /// Roles that were chosen and that anybody may mention.
    pub mentionable_roles: Vec<RoleId>,
    /// The roles of members of the guild that were chosen.
    pub members: HashMap<UserId, Vec<RoleId>>,
    /// The language of who acts.
    pub locale: String,
    /// The language of the guild.
    pub guild_locale: String,
    /// The message whose component was used.
    pub message: Option<MessageId>,
    /// Whether that message is one that only who acts can see.
    pub from_private_message: bool,
    /// Whether that message is one of components alone, which it stays for ever.
    pub from_panel: bool,
    /// What is asked.
    pub body: Body,
}

impl Interaction {
    /// Those of the channels that are forums.
    #[must_use]
    pub fn forums(&self) -> Vec<ChannelId> {
        let forums = self.channels.iter().filter(|known| known.kind == ChannelKind::Forum);
        forums.map(|known| known.id).collect()
    }
}

impl Interaction {
    /// What is asked, in words that there are few of: the command, or what a component or form is
    /// for.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.body {
            Body::Command(Command { name, subcommand, .. }) if subcommand.is_empty() => {
                name.clone()
            }
            Body::Command(Command { name, subcommand, .. }) => format!("{name} {subcommand}"),
            Body::Autocomplete(command) => format!("{} (typing)", command.name),
            Body::Component(component) => {
                format!("button {}", component.verb().unwrap_or("unknown"))
            }
            Body::Form(form) => format!("form {}", form.verb().unwrap_or("unknown")),
            Body::Unknown => "unknown".to_owned(),
        }
    }
}

/// What an interaction asks.
#[derive(Debug)]
pub enum Body {
    /// A command was used.
    Command(Command),
    /// A command is being typed.
    Autocomplete(Command),
    /// A button was tapped or a select used.
    Component(Component),
    /// A form was handed in.
    Form(Form),
    /// Something newer than we are.
    Unknown,
}

/// A command with its options.
#[derive(Debug)]
pub struct Command {
    /// Its name.
    pub name: String,
    /// Its subcommand, or empty.
    pub subcommand: String,
    /// The options given.
    pub options: Options,
    /// The option being typed.
    pub focused: Option<String>,
    /// What a command of a context menu was used on.
    pub target: Option<Target>,
    /// The custom ids on the message on which it was used.
    pub marks: Vec<String>,
}

/// What a command of a context menu was used on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A person.
    User(UserId),
    /// A message.
    Message(MessageId),
}

/// A button or select.
#[derive(Debug)]
pub struct Component {
    /// What it asks for; `None` if we make no component that asks so.
    pub action: Option<Action>,
    /// The same as it was sent.
    pub custom_id: String,
    /// What was chosen, in a select.
    pub values: Vec<String>,
}

/// A form.
#[derive(Debug)]
pub struct Form {
    /// What it asks for; `None` if we make no form that asks so.
    pub action: Option<FormAction>,
    /// The same as it was sent.
    pub custom_id: String,
    /// What was written.
    pub fields: Fields,
}

/// What allows to answer an interaction: as good as a password for fifteen minutes.
pub struct ReplyToken(Zeroizing<String>);

impl ReplyToken {
    /// Wraps a token as Discord sent it.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(Zeroizing::new(token))
    }

    /// The token itself, for the address of an answer and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ReplyToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReplyToken(…)")
    }
}

impl Form {
    /// The verb of what it asks for, if that is ours.
    #[must_use]
    pub fn verb(&self) -> Option<&str> {
        self.action.and_then(|_| verb(&self.custom_id))
    }
}

impl Component {
    /// The verb of what it asks for, if that is ours.
    #[must_use]
    pub fn verb(&self) -> Option<&str> {
        self.action.and_then(|_| verb(&self.custom_id))
    }

    /// What was chosen, or the first of it; empty if nothing was.
    #[must_use]
    pub fn first(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// The same read as a number or whatever else we wrote into the list; `None` if it is none.
    #[must_use]
    pub fn parsed<T: FromStr>(&self) -> Option<T> {
        self.first().parse().ok()
    }

    /// The channel chosen, if one was.
    #[must_use]
    pub fn channel(&self) -> Option<ChannelId> {
        self.parsed().map(ChannelId::new)
    }

    /// The person chosen, if one was.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        self.parsed().map(UserId::new)
    }

    /// The people chosen.
    #[must_use]
    pub fn users(&self) -> Vec<UserId> {
        self.values.iter().filter_map(|id| id.parse().ok().map(UserId::new)).collect()
    }

    /// The role chosen, if one was.
    #[must_use]
    pub fn role(&self) -> Option<RoleId> {
        self.parsed().map(RoleId::new)
    }

    /// The roles chosen.
    #[must_use]
    pub fn roles(&self) -> Vec<RoleId> {
        self.values.iter().filter_map(|id| id.parse().ok().map(RoleId::new)).collect()
    }
}
