//! Reads what makes or changes channels and threads (Discord docs: channels, threads).

use serde_json::Value;

use super::errors::{Errors, Form};
use super::fields::{self, Object, Presence};
use super::files::Files;
use super::message::{self, Draft, Purpose};
use crate::ids::TagId;
use crate::world::ChannelKind;

/// After how many quiet minutes threads may be archived.
const ARCHIVE_MINS: [i64; 4] = [60, 1_440, 4_320, 10_080];
/// What a thread has when its maker says nothing.
const ARCHIVE_MINS_DEFAULT: u32 = 4_320;
/// The flag bit of a post that stands above all others (Discord docs: channel flags).
pub(crate) const PINNED: u64 = 1 << 1;
/// The flag bit of a forum whose posts need a tag (Discord docs: channel flags).
pub(crate) const REQUIRE_TAG: u64 = 1 << 4;
/// The longest wait between two messages of a person.
const MAX_SLOWMODE_S: i64 = 21_600;

/// A thread to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewThread {
    pub(crate) name: String,
    /// Plays no part when the thread begins with a message.
    pub(crate) kind: ChannelKind,
    pub(crate) auto_archive_mins: Option<u32>,
    pub(crate) slowmode_s: u32,
    pub(crate) invitable: bool,
    /// The tags of a post in a forum.
    pub(crate) tags: Vec<TagId>,
}

impl NewThread {
    /// After how many quiet minutes it is archived, where its channel has `usual` ones.
    pub(crate) fn archive_mins(&self, usual: Option<u32>) -> u32 {
        self.auto_archive_mins.or(usual).unwrap_or(ARCHIVE_MINS_DEFAULT)
    }
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
    /// What new threads in the channel have.
    pub(crate) thread_archive_mins: Option<u32>,
    /// The tags of a post.
    pub(crate) tags: Option<Vec<TagId>>,
    pub(crate) flags: Option<u64>,
}

impl ChannelChange {
    /// Whether who made a thread may do it without managing threads.
    pub(crate) fn is_for_owners(&self) -> bool {
        self.locked.is_none() && self.slowmode_s.is_none() && self.flags.is_none()
    }
}

/// Reads a thread to be made. Without a type it is private (Discord docs: start thread without
/// message).
pub(crate) fn read_thread(body: &Value) -> Result<NewThread, Errors> {
    let mut form = Form::default();
    let Some(object) = fields::object(&mut form, body) else {
        return form.finish(()).and(Err(Errors::default()));
    };
    let new = read_new(&mut form, object);
    form.finish(new)
}

/// Reads a post to be made in a forum, with the message that it begins with. There is no nonce.
pub(crate) fn read_post(body: &Value, files: Files<'_>) -> Result<(NewThread, Draft), Errors> {
    let mut form = Form::default();
    let Some(object) = fields::object(&mut form, body) else {
        return form.finish(()).and(Err(Errors::default()));
    };
    let new = read_new(&mut form, object);
    let said = fields::given(object, "message");
    if said.is_none() {
        form.wrong_at("message", "BASE_TYPE_REQUIRED", "This field is required");
    }
    let draft = said.and_then(|said| {
        form.at("message", |form| message::read_in(form, said, Purpose::Create, files))
    });
    match draft {
        Some(draft) => form.finish((new, Draft { nonce: None, enforce_nonce: false, ..draft })),
        None => form.finish(()).and(Err(Errors::default())),
    }
}

fn read_new(form: &mut Form, object: &Object) -> NewThread {
    let name = fields::text(form, object, "name", 1..=100, Presence::Required);
    NewThread {
        name: name.unwrap_or_default().to_owned(),
        kind: read_kind(form, object),
        auto_archive_mins: read_archive(form, object, "auto_archive_duration"),
        slowmode_s: read_slowmode(form, object).unwrap_or(0),
        invitable: fields::boolean(form, object, "invitable").unwrap_or(true),
        tags: read_tags(form, object).unwrap_or_default(),
    }
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
        auto_archive_mins: read_archive(&mut form, object, "auto_archive_duration"),
        thread_archive_mins: read_archive(&mut form, object, "default_auto_archive_duration"),
        tags: read_tags(&mut form, object),
        flags: read_flags(&mut form, object),
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

/// Ids that are none are those of no tag.
fn read_tags(form: &mut Form, object: &Object) -> Option<Vec<TagId>> {
    let listed = fields::list(form, object, "applied_tags", 0..=5, Presence::Optional)?;
    Some(listed.iter().map(|id| TagId::read(id).unwrap_or(TagId::new(0))).collect())
}

fn read_flags(form: &mut Form, object: &Object) -> Option<u64> {
    let bits = fields::integer(form, object, "flags", 0..=i64::MAX, Presence::Optional)?;
    u64::try_from(bits).ok()
}

fn read_archive(form: &mut Form, object: &Object, key: &str) -> Option<u32> {
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
