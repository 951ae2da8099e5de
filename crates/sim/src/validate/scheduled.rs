//! Reads what makes or changes a native scheduled event (Discord docs: guild scheduled event).

use jiff::Timestamp;
use serde_json::Value;

use super::errors::{Errors, Form};
use super::fields::{self, Object, Presence};
use super::recurrence;
use crate::ids::ChannelId;
use crate::world::{Recurrence, ScheduledKind, ScheduledStatus};

/// What a body says in a field that may be null.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Said<T> {
    #[default]
    Nothing,
    Null,
    This(T),
}

impl<T: Clone> Said<T> {
    /// What holds from now on, where `before` did.
    pub(crate) fn over(&self, before: Option<T>) -> Option<T> {
        match self {
            Self::Nothing => before,
            Self::Null => None,
            Self::This(new) => Some(new.clone()),
        }
    }
}

/// What the body says. `None` is "not said".
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct EventForm {
    pub(crate) name: Option<String>,
    pub(crate) description: Said<String>,
    /// Whether there is a picture.
    pub(crate) image: Said<()>,
    pub(crate) start: Option<Timestamp>,
    pub(crate) end: Said<Timestamp>,
    pub(crate) kind: Option<ScheduledKind>,
    pub(crate) channel: Said<ChannelId>,
    pub(crate) location: Option<String>,
    pub(crate) status: Option<ScheduledStatus>,
    pub(crate) rule: Said<Recurrence>,
}

/// Reads the body of a new event, where name, privacy, start and kind are required, or of a change.
pub(crate) fn read(body: &Value, presence: Presence) -> Result<EventForm, Errors> {
    let mut form = Form::default();
    let Some(object) = fields::object(&mut form, body) else {
        return form.finish(()).and(Err(Errors::default()));
    };
    let form = &mut form;
    fields::integer(form, object, "privacy_level", 2..=2, presence);
    let event = EventForm {
        name: fields::text(form, object, "name", 1..=100, presence).map(str::to_owned),
        description: read_description(form, object),
        image: read_image(form, object),
        start: instant(form, object, "scheduled_start_time", presence),
        end: said(object, "scheduled_end_time", || {
            instant(form, object, "scheduled_end_time", Presence::Optional)
        }),
        kind: read_kind(form, object, presence),
        channel: said(object, "channel_id", || {
            fields::given(object, "channel_id").and_then(ChannelId::read)
        }),
        location: read_location(form, object),
        status: read_status(form, object),
        rule: said(object, "recurrence_rule", || recurrence::read(form, object)),
    };
    std::mem::take(form).finish(event)
}

/// What `read` finds under a key that may be null.
fn said<T>(object: &Object, key: &str, read: impl FnOnce() -> Option<T>) -> Said<T> {
    match object.get(key) {
        None => Said::Nothing,
        Some(Value::Null) => Said::Null,
        Some(_) => read().map_or(Said::Nothing, Said::This),
    }
}

fn read_description(form: &mut Form, object: &Object) -> Said<String> {
    said(object, "description", || {
        let text = fields::text(form, object, "description", 0..=1_000, Presence::Optional);
        text.map(str::to_owned)
    })
}

fn read_image(form: &mut Form, object: &Object) -> Said<()> {
    said(object, "image", || {
        let text = fields::text(form, object, "image", 0..=usize::MAX, Presence::Optional)?;
        if !text.starts_with("data:image/") {
            form.wrong_at("image", "IMAGE_INVALID", "Invalid image data.");
        }
        Some(())
    })
}

fn read_kind(form: &mut Form, object: &Object, presence: Presence) -> Option<ScheduledKind> {
    match fields::integer(form, object, "entity_type", 1..=3, presence)? {
        1 => Some(ScheduledKind::Stage),
        2 => Some(ScheduledKind::Voice),
        _ => Some(ScheduledKind::External),
    }
}

fn read_location(form: &mut Form, object: &Object) -> Option<String> {
    let metadata = fields::given(object, "entity_metadata")?;
    form.at("entity_metadata", |form| {
        let metadata = fields::object(form, metadata)?;
        fields::text(form, metadata, "location", 1..=100, Presence::Optional).map(str::to_owned)
    })
}

fn read_status(form: &mut Form, object: &Object) -> Option<ScheduledStatus> {
    match fields::integer(form, object, "status", 1..=4, Presence::Optional)? {
        1 => Some(ScheduledStatus::Scheduled),
        2 => Some(ScheduledStatus::Active),
        3 => Some(ScheduledStatus::Completed),
        _ => Some(ScheduledStatus::Canceled),
    }
}

/// An instant as ISO 8601 has it, with its offset.
pub(super) fn instant(
    form: &mut Form,
    object: &Object,
    key: &str,
    presence: Presence,
) -> Option<Timestamp> {
    let text = fields::text(form, object, key, 1..=100, presence)?;
    let read = text.parse().ok();
    if read.is_none() {
        let message = format!("Could not parse {text}. Should be ISO8601.");
        form.wrong_at(key, "DATE_TIME_TYPE_PARSE", message);
    }
    read
}
