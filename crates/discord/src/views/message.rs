//! The shapes of messages and forms as Discord takes them, typed so that a wrong one does not
//! compile. (Discord docs: "Message", "Component Reference", "Modal")

use muster_domain::id::{ChannelId, RoleId, UserId};
use serde::{Serialize, Serializer};

use crate::custom_id::Action;

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
    /// Small print.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<Footer>,
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

/// The number that tells Discord which component follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kind<const N: u8>;

impl<const N: u8> Serialize for Kind<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(N)
    }
}

/// A part of a message or form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Component {
    /// Up to five buttons, or one select.
    Row {
        #[doc(hidden)]
        #[serde(rename = "type")]
        kind: Kind<1>,
        /// What stands in the row.
        components: Vec<Self>,
    },
    /// A button.
    Button(Button),
    /// A choice among given texts.
    Select(Select),
    /// A choice among roles.
    RoleSelect(EntitySelect<6>),
    /// A choice among channels.
    ChannelSelect(EntitySelect<8>),
    /// Text in markdown, in a message of components alone or in a form.
    Text {
        #[doc(hidden)]
        #[serde(rename = "type")]
        kind: Kind<10>,
        /// 1 to 4,000 characters.
        content: String,
    },
    /// A line.
    Separator {
        #[doc(hidden)]
        #[serde(rename = "type")]
        kind: Kind<14>,
    },
    /// A box around other components.
    Container {
        #[doc(hidden)]
        #[serde(rename = "type")]
        kind: Kind<17>,
        /// The bar at its side, as 0xRRGGBB.
        accent_color: u32,
        /// What stands in it.
        components: Vec<Self>,
    },
    /// Text beside a button.
    Section {
        #[doc(hidden)]
        #[serde(rename = "type")]
        kind: Kind<9>,
        /// One to three texts.
        components: Vec<Self>,
        /// The button.
        accessory: Box<Self>,
    },
    /// A field of a form, with its label.
    Label {
        #[doc(hidden)]
        #[serde(rename = "type")]
        kind: Kind<18>,
        /// At most 45 characters.
        label: String,
        /// At most 100 characters.
        #[serde(skip_serializing_if = "String::is_empty")]
        description: String,
        /// The field itself.
        component: Box<Self>,
    },
    /// A text to be written in a form.
    Input(TextInput),
}

impl Component {
    /// A row of buttons.
    #[must_use]
    pub fn buttons(buttons: Vec<Button>) -> Self {
        Self::row(buttons.into_iter().map(Self::Button).collect())
    }

    /// A row.
    #[must_use]
    pub const fn row(components: Vec<Self>) -> Self {
        Self::Row { kind: Kind, components }
    }

    /// Text in markdown.
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text { kind: Kind, content: content.into() }
    }

    /// A box around other components.
    #[must_use]
    pub const fn container(accent_color: u32, components: Vec<Self>) -> Self {
        Self::Container { kind: Kind, accent_color, components }
    }

    /// Text beside a button.
    pub fn section(content: impl Into<String>, button: Button) -> Self {
        let accessory = Box::new(Self::Button(button));
        Self::Section { kind: Kind, components: vec![Self::text(content)], accessory }
    }

    /// A line.
    #[must_use]
    pub const fn separator() -> Self {
        Self::Separator { kind: Kind }
    }

    /// A text field of a form.
    #[must_use]
    pub fn field(label: &str, description: &str, input: TextInput) -> Self {
        Self::Label {
            kind: Kind,
            label: label.to_owned(),
            description: description.to_owned(),
            component: Box::new(Self::Input(input)),
        }
    }
}

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Blue.
    Primary,
    /// Grey.
    Secondary,
    /// Green.
    Success,
    /// Red.
    Danger,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Button {
    #[serde(rename = "type")]
    kind: Kind<2>,
    style: u8,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<Emoji>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Emoji {
    name: String,
}

impl Button {
    /// A button that does something.
    pub fn new(style: Style, label: impl Into<String>, action: Action) -> Self {
        let style = match style {
            Style::Primary => 1,
            Style::Secondary => 2,
            Style::Success => 3,
            Style::Danger => 4,
        };
        let custom_id = Some(action.to_string());
        Self { style, custom_id, ..Self::blank(label.into()) }
    }

    /// A button that leads to a page.
    pub fn link(label: impl Into<String>, url: String) -> Self {
        Self { style: 5, url: Some(url), ..Self::blank(label.into()) }
    }

    const fn blank(label: String) -> Self {
        Self {
            kind: Kind,
            style: 2,
            label,
            emoji: None,
            custom_id: None,
            url: None,
            disabled: false,
        }
    }

    /// The button with a Unicode emoji before its words; none if empty.
    #[must_use]
    pub fn emoji(mut self, emoji: &str) -> Self {
        self.emoji = (!emoji.is_empty()).then(|| Emoji { name: emoji.to_owned() });
        self
    }

    /// The button, not to be used now.
    #[must_use]
    pub const fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

/// A choice among given texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Select {
    #[serde(rename = "type")]
    kind: Kind<3>,
    custom_id: String,
    placeholder: String,
    options: Vec<SelectOption>,
}

impl Select {
    /// A choice of one of 1 to 25 options; the placeholder has at most 150 characters.
    #[must_use]
    pub fn new(action: Action, placeholder: &str, options: Vec<SelectOption>) -> Self {
        let placeholder = placeholder.to_owned();
        Self { kind: Kind, custom_id: action.to_string(), placeholder, options }
    }
}

/// One text to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SelectOption {
    /// 1 to 100 characters.
    pub label: String,
    /// 1 to 100 characters.
    pub value: String,
}

/// A choice among things of the guild: roles (`N` = 6) or channels (`N` = 8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntitySelect<const N: u8> {
    #[serde(rename = "type")]
    kind: Kind<N>,
    custom_id: String,
    placeholder: String,
    min_values: usize,
    max_values: usize,
    default_values: Vec<DefaultValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channel_types: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct DefaultValue {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl EntitySelect<6> {
    /// A choice of up to `max` roles, or none.
    pub fn roles(action: Action, placeholder: &str, chosen: &[RoleId], max: usize) -> Self {
        let ids = chosen.iter().map(ToString::to_string);
        Self::of(action, placeholder, "role", ids.collect(), max)
    }
}

impl EntitySelect<8> {
    /// A choice of one channel of these types, or none.
    pub fn channel(
        action: Action,
        placeholder: &str,
        chosen: Option<ChannelId>,
        channel_types: Vec<u8>,
    ) -> Self {
        let ids = chosen.iter().map(ToString::to_string).collect();
        Self { channel_types, ..Self::of(action, placeholder, "channel", ids, 1) }
    }
}

impl<const N: u8> EntitySelect<N> {
    fn of(
        action: Action,
        placeholder: &str,
        kind: &'static str,
        chosen: Vec<String>,
        max_values: usize,
    ) -> Self {
        Self {
            kind: Kind,
            custom_id: action.to_string(),
            placeholder: placeholder.to_owned(),
            min_values: 0,
            max_values,
            default_values: chosen.into_iter().map(|id| DefaultValue { id, kind }).collect(),
            channel_types: Vec::new(),
        }
    }
}

/// A text to be written in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextInput {
    #[serde(rename = "type")]
    kind: Kind<4>,
    custom_id: &'static str,
    style: u8,
    required: bool,
    max_length: usize,
    #[serde(skip_serializing_if = "String::is_empty")]
    value: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    placeholder: String,
}

impl TextInput {
    /// One line, at most `max_length` characters.
    #[must_use]
    pub const fn line(custom_id: &'static str, max_length: usize) -> Self {
        Self {
            kind: Kind,
            custom_id,
            style: 1,
            required: true,
            max_length,
            value: String::new(),
            placeholder: String::new(),
        }
    }

    /// Several lines, at most `max_length` characters.
    #[must_use]
    pub fn lines(custom_id: &'static str, max_length: usize) -> Self {
        Self { style: 2, ..Self::line(custom_id, max_length) }
    }

    /// The field, which may stay empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// The field with this in it, shortened to its length.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        self.value = value.chars().take(self.max_length).collect();
        self
    }

    /// The field with an example of at most 100 characters.
    #[must_use]
    pub fn placeholder(mut self, placeholder: &str) -> Self {
        placeholder.clone_into(&mut self.placeholder);
        self
    }
}

/// A form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Modal {
    custom_id: String,
    title: String,
    components: Vec<Component>,
}

impl Modal {
    /// A form with a title of at most 45 characters and one to five fields.
    #[must_use]
    pub fn new(action: Action, title: &str, components: Vec<Component>) -> Self {
        Self { custom_id: action.to_string(), title: title.chars().take(45).collect(), components }
    }
}

/// A suggestion while typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is shown, 1 to 100 characters.
    pub name: String,
    /// What is filled in, 1 to 100 characters.
    pub value: String,
}
