//! Which components may stand where, and how large they may be (Discord docs: components).

use std::collections::HashSet;

use serde_json::Value;

use super::errors::Form;
use super::fields::{self, Object, Presence};
use super::inputs;

/// The most components of a message, nested ones counted.
const MAX_COMPONENTS: usize = 40;
/// The most characters in all text displays of one message.
const MAX_TEXT: usize = 4000;

/// Where a component stands; decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Directly in a message without the components flag.
    LegacyTop,
    /// Directly in a message made of components.
    Top,
    /// In a container.
    Container,
    /// In an action row of a message.
    Row,
    /// In a section.
    Section,
    /// Beside a section.
    Accessory,
    /// Directly in a modal.
    ModalTop,
    /// In the action row of a modal, the older way.
    ModalRow,
    /// In a label of a modal.
    Label,
}

impl Place {
    const fn takes(self) -> &'static [i64] {
        match self {
            Self::LegacyTop => &[1],
            Self::Top => &[1, 9, 10, 12, 13, 14, 17],
            Self::Container => &[1, 9, 10, 12, 13, 14],
            Self::Row => &[2, 3, 5, 6, 7, 8],
            Self::Section => &[10],
            Self::Accessory => &[2, 11],
            Self::ModalTop => &[1, 10, 18],
            Self::ModalRow => &[4],
            Self::Label => &[3, 4, 5, 6, 7, 8, 19, 21, 22, 23],
        }
    }

    pub(super) const fn in_modal(self) -> bool {
        match self {
            Self::ModalTop | Self::ModalRow | Self::Label => true,
            Self::LegacyTop
            | Self::Top
            | Self::Container
            | Self::Row
            | Self::Section
            | Self::Accessory => false,
        }
    }
}

/// What must be unique or bounded over a whole message or modal.
#[derive(Default)]
pub(super) struct Seen {
    custom_ids: HashSet<String>,
    ids: HashSet<i64>,
    count: usize,
    text: usize,
}

/// Checks the components of a message.
pub(super) fn check_message(form: &mut Form, list: &[Value], v2: bool) {
    let mut seen = Seen::default();
    let place = if v2 { Place::Top } else { Place::LegacyTop };
    if !v2 && list.len() > 5 {
        form.wrong("BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.");
    }
    each(form, list, place, &mut seen);
    if seen.count > MAX_COMPONENTS {
        let message = format!("Must be {MAX_COMPONENTS} or fewer in length.");
        form.wrong("BASE_TYPE_MAX_LENGTH", message);
    }
    if seen.text > MAX_TEXT {
        let message = format!("Displayable text must be {MAX_TEXT} or fewer in length.");
        form.wrong("COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message);
    }
}

/// Checks the components of a modal.
pub(super) fn check_modal(form: &mut Form, list: &[Value]) {
    each(form, list, Place::ModalTop, &mut Seen::default());
}

fn each(form: &mut Form, list: &[Value], place: Place, seen: &mut Seen) {
    for (index, value) in list.iter().enumerate() {
        form.nth(index, |form| check(form, value, place, seen));
    }
}

fn check(form: &mut Form, value: &Value, place: Place, seen: &mut Seen) {
    let Some(object) = fields::object(form, value) else {
        return;
    };
    seen.count += 1;
    let kind = object.get("type").and_then(Value::as_i64);
    let Some(kind) = kind.filter(|kind| place.takes().contains(kind)) else {
        let choices: Vec<_> = place.takes().iter().map(ToString::to_string).collect();
        let choices = choices.join(", ");
        let message = format!("Value of field \"type\" must be one of ({choices}).");
        return form.wrong_at("type", "UNION_TYPE_CHOICES", message);
    };
    check_id(form, object, seen);
    match kind {
        1 => check_row(form, object, place, seen),
        2 => check_button(form, object, seen),
        9 => check_section(form, object, seen),
        10 => check_text(form, object, seen),
        11 => check_media(form, object, "media"),
        12 => check_gallery(form, object),
        13 => check_file(form, object),
        14 => check_separator(form, object),
        17 => check_container(form, object, seen),
        18 => check_label(form, object, seen),
        _ => inputs::check(form, object, (kind, place), seen),
    }
}

fn check_id(form: &mut Form, object: &Object, seen: &mut Seen) {
    let id = fields::integer(form, object, "id", 0..=i64::from(i32::MAX), Presence::Optional);
    if let Some(id) = id.filter(|id| *id != 0)
        && !seen.ids.insert(id)
    {
        form.wrong_at("id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated");
    }
}

/// Checks presence, length and uniqueness of a custom id.
pub(super) fn check_custom_id(form: &mut Form, object: &Object, seen: &mut Seen) {
    let id = fields::text(form, object, "custom_id", 1..=100, Presence::Required);
    if let Some(id) = id
        && !seen.custom_ids.insert(id.to_owned())
    {
        let message = "Component custom id cannot be duplicated";
        form.wrong_at("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", message);
    }
}

fn check_row(form: &mut Form, object: &Object, place: Place, seen: &mut Seen) {
    let Some(list) = fields::list(form, object, "components", 1..=5, Presence::Required) else {
        return;
    };
    let inner = if place == Place::ModalTop { Place::ModalRow } else { Place::Row };
    form.at("components", |form| {
        let is_button = |value: &&Value| value["type"].as_i64() == Some(2);
        let wide = list.iter().filter(|value| !is_button(value)).count();
        if wide > 1 || (wide == 1 && list.len() > 1) {
            let message = "The specified component exceeds the maximum width";
            form.wrong("COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
        }
        each(form, list, inner, seen);
    });
}

fn check_button(form: &mut Form, object: &Object, seen: &mut Seen) {
    let style = fields::integer(form, object, "style", 1..=6, Presence::Required);
    fields::text(form, object, "label", 0..=80, Presence::Optional);
    fields::boolean(form, object, "disabled");
    check_emoji(form, object);
    match style {
        Some(5) => {
            fields::url(form, object, "url", Presence::Required);
            fields::text(form, object, "url", 1..=512, Presence::Optional);
            no_custom_id(form, object);
        }
        Some(6) => no_custom_id(form, object),
        Some(_) => {
            check_custom_id(form, object, seen);
            if fields::given(object, "url").is_some() {
                let message = "A url cannot be specified for this button style";
                form.wrong_at("url", "BUTTON_COMPONENT_URL_NOT_ALLOWED", message);
            }
        }
        None => {}
    }
    let shows = |key| fields::given(object, key).is_some_and(|value| value.as_str() != Some(""));
    if style != Some(6) && !shows("label") && !shows("emoji") {
        form.wrong_at("label", "BASE_TYPE_REQUIRED", "This field is required");
    }
}

fn no_custom_id(form: &mut Form, object: &Object) {
    if fields::given(object, "custom_id").is_some() {
        let message = "A custom id cannot be specified for this button style";
        form.wrong_at("custom_id", "BUTTON_COMPONENT_CUSTOM_ID_NOT_ALLOWED", message);
    }
}

/// An emoji is a custom one by id, or one of Unicode by name.
pub(super) fn check_emoji(form: &mut Form, object: &Object) {
    let Some(emoji) = fields::given(object, "emoji") else {
        return;
    };
    form.at("emoji", |form| {
        let Some(emoji) = fields::object(form, emoji) else {
            return;
        };
        let name = fields::given(emoji, "name").and_then(Value::as_str).unwrap_or_default();
        let custom = fields::given(emoji, "id").is_some();
        let plausible = !name.is_ascii() && name.chars().count() <= 16;
        if !custom && !plausible {
            form.wrong_at("name", "COMPONENT_INVALID_EMOJI", "Invalid emoji");
        }
    });
}

fn check_section(form: &mut Form, object: &Object, seen: &mut Seen) {
    let list = fields::list(form, object, "components", 1..=3, Presence::Required);
    form.at("components", |form| {
        each(form, list.unwrap_or_default(), Place::Section, seen);
    });
    match fields::given(object, "accessory") {
        None => form.wrong_at("accessory", "BASE_TYPE_REQUIRED", "This field is required"),
        Some(value) => form.at("accessory", |form| {
            check(form, value, Place::Accessory, seen);
        }),
    }
}

fn check_text(form: &mut Form, object: &Object, seen: &mut Seen) {
    let text = fields::text(form, object, "content", 1..=4000, Presence::Required);
    seen.text += text.map_or(0, |text| text.chars().count());
}

fn check_media(form: &mut Form, object: &Object, key: &str) {
    fields::text(form, object, "description", 0..=1024, Presence::Optional);
    fields::boolean(form, object, "spoiler");
    let Some(media) = fields::given(object, key) else {
        return form.wrong_at(key, "BASE_TYPE_REQUIRED", "This field is required");
    };
    form.at(key, |form| {
        if let Some(media) = fields::object(form, media) {
            fields::url(form, media, "url", Presence::Required);
        }
    });
}

/// A file component shows a file of the message itself, and nothing from elsewhere.
fn check_file(form: &mut Form, object: &Object) {
    check_media(form, object, "file");
    let url = fields::given(object, "file").and_then(|file| file["url"].as_str());
    if url.is_some_and(|url| url.contains("://") && !url.starts_with("attachment://")) {
        let message = "Only attachment references are supported";
        let code = "UNFURLED_MEDIA_ITEM_ATTACHMENT_REFERENCE_REQUIRED";
        form.at("file", |form| form.wrong_at("url", code, message));
    }
}

fn check_gallery(form: &mut Form, object: &Object) {
    let items = fields::list(form, object, "items", 1..=10, Presence::Required);
    form.at("items", |form| {
        for (index, item) in items.unwrap_or_default().iter().enumerate() {
            form.nth(index, |form| {
                if let Some(item) = fields::object(form, item) {
                    check_media(form, item, "media");
                }
            });
        }
    });
}

fn check_separator(form: &mut Form, object: &Object) {
    fields::boolean(form, object, "divider");
    fields::integer(form, object, "spacing", 1..=2, Presence::Optional);
}

fn check_container(form: &mut Form, object: &Object, seen: &mut Seen) {
    fields::integer(form, object, "accent_color", 0..=0x00ff_ffff, Presence::Optional);
    fields::boolean(form, object, "spoiler");
    let list = fields::list(form, object, "components", 1..=40, Presence::Required);
    form.at("components", |form| {
        each(form, list.unwrap_or_default(), Place::Container, seen);
    });
}

fn check_label(form: &mut Form, object: &Object, seen: &mut Seen) {
    fields::text(form, object, "label", 1..=45, Presence::Required);
    fields::text(form, object, "description", 0..=100, Presence::Optional);
    match fields::given(object, "component") {
        None => form.wrong_at("component", "BASE_TYPE_REQUIRED", "This field is required"),
        Some(value) => form.at("component", |form| check(form, value, Place::Label, seen)),
    }
}
