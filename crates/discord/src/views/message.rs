//! The shapes of messages as Discord takes them, typed so that a wrong one does not compile.
//! (Discord docs: "Message")

use muster_domain::id::{RoleId, UserId};
use serde::{Serialize, Serializer};

use crate::rest::File;

pub use super::button::{Button, Style};
pub use super::component::{Component, Kind};
pub use super::form::{Choice, Modal, TextInput};
pub use super::select::{EntitySelect, Select, SelectOption};

/// Only the person who asked sees the message.
pub const EPHEMERAL: u32 = 1 << 6;
/// The message is made of components alone.
pub const COMPONENTS_V2: u32 = 1 << 15;

/// A message, complete: whatever it does not have is removed by an edit.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Message {
    /// Text before the embeds; `None` in a message of components alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Cards, at most 10; `None` in a message of components alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embeds: Option<Vec<Embed>>,
    /// Buttons, selects, or everything.
    pub components: Vec<Component>,
    /// [`EPHEMERAL`], [`COMPONENTS_V2`].
    #[serde(skip_serializing_if = "is_zero")]
    pub flags: u32,
    /// Who is notified; never more than was chosen.
    pub allowed_mentions: AllowedMentions,
    /// Files that go along, at most 10.
    #[serde(
        rename = "attachments",
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "named"
    )]
    pub files: Vec<File>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    id: String,
    filename: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
}

/// What the message says of its files; they themselves stand beside it.
fn named<S: Serializer>(files: &[File], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(files.iter().enumerate().map(|(index, file)| {
        let (id, filename) = (index.to_string(), file.name());
        Attachment { id, filename, description: file.description() }
    }))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_zero(flags: &u32) -> bool {
    *flags == 0
}

impl Message {
    /// A message of text.
    pub fn text(content: impl Into<String>) -> Self {
        Self { content: Some(content.into()), embeds: Some(Vec::new()), ..Self::default() }
    }

    /// A message of one card.
    #[must_use]
    pub fn card(embed: Embed) -> Self {
        Self::cards(vec![embed])
    }

    /// A message of cards.
    #[must_use]
    pub fn cards(embeds: Vec<Embed>) -> Self {
        Self { content: Some(String::new()), embeds: Some(embeds), ..Self::default() }
    }

    /// A message of components alone ("Components V2").
    #[must_use]
    pub fn panel(components: Vec<Component>) -> Self {
        Self { components, flags: COMPONENTS_V2, ..Self::default() }
    }

    /// The message with one more row of buttons; none if there are no buttons.
    #[must_use]
    pub fn row(mut self, buttons: Vec<Button>) -> Self {
        if !buttons.is_empty() {
            self.components.push(Component::buttons(buttons));
        }
        self
    }

    /// The message with one more component.
    #[must_use]
    pub fn with(mut self, component: Component) -> Self {
        self.components.push(component);
        self
    }

    /// The message with one more file.
    #[must_use]
    pub fn file(mut self, file: File) -> Self {
        self.files.push(file);
        self
    }

    /// The message without saying who sees it: an edit cannot change that.
    #[must_use]
    pub const fn seen_as_it_is(mut self) -> Self {
        self.flags &= !EPHEMERAL;
        self
    }

    /// The message, seen by nobody but who asked.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.flags |= EPHEMERAL;
        self
    }
}

/// Who a message notifies. The default is nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AllowedMentions {
    /// `everyone`, if that was chosen.
    pub parse: Vec<&'static str>,
    /// Roles, at most 100.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "role_ids")]
    pub roles: Vec<RoleId>,
    /// Members, at most 100.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "user_ids")]
    pub users: Vec<UserId>,
}

fn role_ids<S: Serializer>(roles: &[RoleId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(roles.iter().map(ToString::to_string))
}

fn user_ids<S: Serializer>(users: &[UserId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(users.iter().map(ToString::to_string))
}

/// A card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Embed {
    /// At most 256 characters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// At most 4,096 characters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The bar at its side, as 0xRRGGBB.
    pub color: u32,
    /// At most 25.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// The picture below the fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Small print.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<Footer>,
}

/// The picture of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Image {
    /// At most 2,048 characters.
    pub url: String,
}

/// A part of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// 1 to 256 characters.
    pub name: String,
    /// 1 to 1,024 characters.
    pub value: String,
    /// Whether it stands beside others.
    pub inline: bool,
}

/// The small print of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Footer {
    /// At most 2,048 characters.
    pub text: String,
}
