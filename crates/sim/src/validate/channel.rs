//! Reads what makes or changes channels and threads (Discord docs: channels, threads).

use serde_json::Value;

use super::errors::{Errors, Form};
use super::fields::{self, Object, Presence};
use crate::world::ChannelKind;

/// After how many quiet minutes threads may be archived.
const ARCHIVE_MINS: [i64; 4] = [60, 1_440, 4_320, 10_080];
/// What a thread has when its maker says nothing.
const ARCHIVE_MINS_DEFAULT: u32 = 4_320;
/// The longest wait between two messages of a person.
const MAX_SLOWMODE_S: i64 = 21_600;

/// A thread to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewThread {
    pub(crate) name: String,
    /// Plays no part when the thread begins with a message.
    pub(crate) kind: ChannelKind,
    pub(crate) auto_archive_mins: u32,
    pub(crate) slowmode_s: u32,
    pub(crate) invitable: bool,
}

/// A change of a channel or thread. `None` means "not said".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ChannelChange {
    pub(crate) name: Option<String>,
    pub(crate) topic: Option<String>,
    pub(crate) slowmode_s: Option<u32>,
    pub(crate) archived: Option<bool>,
    pub(crate) locked: Option<bool>,
    pub(crate) invitable: Option<bool>,
    pub(crate) auto_archive_mins: Option<u32>,
}

/// Reads a thread to be made. Without a type it is private (Discord docs: start thread without
/// message).
pub(crate) fn read_thread(body: &Value) -> Result<NewThread, Errors> {
    let mut form = Form::default();
    let Some(object) = fields::object(&mut form, body) else {
        return form.finish(()).and(Err(Errors::default()));
    };
    let name = fields::text(&mut form, object, "name", 1..=100, Presence::Required);
    let new = NewThread {
        name: name.unwrap_or_default().to_owned(),
        kind: read_kind(&mut form, object),
        auto_archive_mins: read_archive(&mut form, object).unwrap_or(ARCHIVE_MINS_DEFAULT),
        slowmode_s: read_slowmode(&mut form, object).unwrap_or(0),
        invitable: fields::boolean(&mut form, object, "invitable").unwrap_or(true),
    };
    form.finish(new)
}

/// Reads a change of a channel or thread.
pub(crate) fn read_change(body: &Value) -> Result<ChannelChange, Errors> {
    let mut form = Form::default();
    let Some(object) = fields::object(&mut form, body) else {
        return form.finish(()).and(Err(Errors::default()));
    };
    let text = |form: &mut Form, key: &str, length| {
        fields::text(form, object, key, length, Presence::Optional).map(str::to_owned)
    };
    let change = ChannelChange {
        name: text(&mut form, "name", 1..=100),
        topic: text(&mut form, "topic", 0..=1_024),
        slowmode_s: read_slowmode(&mut form, object),
        archived: fields::boolean(&mut form, object, "archived"),
        locked: fields::boolean(&mut form, object, "locked"),
        invitable: fields::boolean(&mut form, object, "invitable"),
        auto_archive_mins: read_archive(&mut form, object),
    };
    form.finish(change)
}

fn read_kind(form: &mut Form, object: &Object) -> ChannelKind {
    match fields::integer(form, object, "type", 10..=12, Presence::Optional) {
        Some(10) => ChannelKind::AnnouncementThread,
        Some(11) => ChannelKind::PublicThread,
        _ => ChannelKind::PrivateThread,
    }
}

fn read_archive(form: &mut Form, object: &Object) -> Option<u32> {
    let key = "auto_archive_duration";
    let mins = fields::integer(form, object, key, 0..=i64::MAX, Presence::Optional)?;
    if !ARCHIVE_MINS.contains(&mins) {
        let message = "Value must be one of (60, 1440, 4320, 10080).";
        form.wrong_at(key, "BASE_TYPE_CHOICES", message);
    }
    u32::try_from(mins).ok()
}

fn read_slowmode(form: &mut Form, object: &Object) -> Option<u32> {
    let range = 0..=MAX_SLOWMODE_S;
    let seconds = fields::integer(form, object, "rate_limit_per_user", range, Presence::Optional)?;
    u32::try_from(seconds).ok()
}
