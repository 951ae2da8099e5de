//! The parts of messages and forms. (Discord docs: "Component Reference")

use serde::{Serialize, Serializer};

use super::button::Button;
use super::form::TextInput;
use super::select::{EntitySelect, Select};
use crate::rest::File;

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
    /// A choice among people.
    UserSelect(EntitySelect<5>),
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
    /// Pictures, in a message of components alone.
    Gallery {
        #[doc(hidden)]
        #[serde(rename = "type")]
        kind: Kind<12>,
        /// One to ten pictures.
        items: Vec<Picture>,
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

/// A picture among others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    media: Media,
    /// What is to be seen in it; 1 to 1,024 characters.
    description: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Media {
    url: String,
}

impl Component {
    /// A picture that goes along as a file, with what is said of it there.
    #[must_use]
    pub fn picture(file: &File) -> Self {
        let media = Media { url: format!("attachment://{}", file.name()) };
        let description = file.description().to_owned();
        Self::Gallery { kind: Kind, items: vec![Picture { media, description }] }
    }

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

    /// A choice in a form.
    #[must_use]
    pub fn choice(label: &str, select: Select) -> Self {
        let (label, description) = (label.to_owned(), String::new());
        Self::Label { kind: Kind, label, description, component: Box::new(Self::Select(select)) }
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
