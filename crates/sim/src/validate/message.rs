//! Reads the body of everything that makes or changes a message.

use std::collections::BTreeSet;

use serde_json::Value;

use super::errors::{Errors, Form};
use super::fields::{self, Object, Presence};
use super::files::{self, Files};
use super::{components, embeds};
use crate::ids::{MessageId, RoleId, UserId};
use crate::world::model::flags;

/// What the body belongs to; decides defaults and which flags may be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `POST /channels/{c}/messages`.
    Create,
    /// First answers and follow-ups of interactions.
    Reply,
    /// Any edit. `v2` tells whether the message is made of components already.
    Edit {
        /// The message carries the flag.
        v2: bool,
        /// Through an interaction token: mentions default as in replies.
        by_token: bool,
    },
}

impl Purpose {
    const fn flags(self) -> u64 {
        match self {
            Self::Create => {
                flags::SUPPRESS_EMBEDS | flags::SUPPRESS_NOTIFICATIONS | flags::COMPONENTS_V2
            }
            Self::Reply => {
                flags::SUPPRESS_EMBEDS
                    | flags::EPHEMERAL
                    | flags::SUPPRESS_NOTIFICATIONS
                    | flags::COMPONENTS_V2
            }
            Self::Edit { .. } => flags::SUPPRESS_EMBEDS | flags::COMPONENTS_V2,
        }
    }

    const fn defaults(self) -> AllowedMentions {
        let from_interaction = match self {
            Self::Create | Self::Edit { by_token: false, .. } => false,
            Self::Reply | Self::Edit { by_token: true, .. } => true,
        };
        let roles = if from_interaction { Allowed::nobody() } else { Allowed::All };
        AllowedMentions { everyone: !from_interaction, users: Allowed::All, roles }
    }
}

/// A message body that passed the checks. `None` means "not said".
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) content: Option<String>,
    pub(crate) embeds: Option<Vec<Value>>,
    pub(crate) components: Option<Vec<Value>>,
    pub(crate) flags: Option<u64>,
    pub(crate) mentions: AllowedMentions,
    pub(crate) nonce: Option<Value>,
    pub(crate) enforce_nonce: bool,
    pub(crate) tts: bool,
    pub(crate) reference: Option<MessageId>,
    pub(crate) attachments: Option<Vec<Value>>,
}

impl Draft {
    /// Whether nothing is said; files that come with it count apart.
    pub(crate) fn is_empty(&self) -> bool {
        let none = |list: &Option<Vec<Value>>| list.as_ref().is_none_or(Vec::is_empty);
        self.content.as_ref().is_none_or(String::is_empty)
            && none(&self.embeds)
            && none(&self.components)
    }
}

/// Who may be pinged by what is in the text (Discord docs: allowed mentions object).
#[derive(Debug, Clone, PartialEq)]
pub struct AllowedMentions {
    /// Everyone, and everyone here.
    pub everyone: bool,
    /// People.
    pub users: Allowed<UserId>,
    /// Roles.
    pub roles: Allowed<RoleId>,
}

/// All of a kind, or only some.
#[derive(Debug, Clone, PartialEq)]
pub enum Allowed<T> {
    /// Whoever is named in the text.
    All,
    /// These alone.
    Only(BTreeSet<T>),
}

impl AllowedMentions {
    /// Nobody at all.
    pub(crate) const fn nobody() -> Self {
        Self { everyone: false, users: Allowed::nobody(), roles: Allowed::nobody() }
    }
}

impl<T: Ord> Allowed<T> {
    const fn nobody() -> Self {
        Self::Only(BTreeSet::new())
    }

    pub(crate) fn takes(&self, id: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(id),
        }
    }
}

/// Checks a message body against every limit.
pub(crate) fn read(body: &Value, purpose: Purpose, files: Files<'_>) -> Result<Draft, Errors> {
    let mut form = Form::default();
    let draft = read_in(&mut form, body, purpose, files);
    match draft {
        Some(draft) => form.finish(draft),
        None => form.finish(()).and(Err(Errors::default())),
    }
}

/// Checks a message body as a part of a larger form.
pub(crate) fn read_in(
    form: &mut Form,
    body: &Value,
    purpose: Purpose,
    files: Files<'_>,
) -> Option<Draft> {
    let object = fields::object(form, body)?;
    let flags = read_flags(form, object, purpose);
    let was_v2 = matches!(purpose, Purpose::Edit { v2: true, .. });
    let v2 = was_v2 || flags.is_some_and(|flags| flags & flags::COMPONENTS_V2 != 0);
    let draft = Draft {
        content: read_content(form, object),
        embeds: read_list(form, object, "embeds", 10),
        components: read_list(form, object, "components", 40),
        flags,
        mentions: read_mentions(form, object, purpose.defaults()),
        nonce: read_nonce(form, object),
        enforce_nonce: fields::boolean(form, object, "enforce_nonce").unwrap_or(false),
        tts: fields::boolean(form, object, "tts").unwrap_or(false),
        reference: read_reference(form, object),
        attachments: read_list(form, object, "attachments", 10),
    };
    let embeds = draft.embeds.as_deref().unwrap_or_default();
    form.at("embeds", |form| embeds::check(form, embeds));
    let components = draft.components.as_deref().unwrap_or_default();
    form.at("components", |form| {
        components::check_message(form, components, v2);
    });
    files::check(form, &draft, files);
    if v2 {
        forbid_legacy(form, &draft);
    }
    Some(draft)
}

/// A message made of components has no other parts.
fn forbid_legacy(form: &mut Form, draft: &Draft) {
    let code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
    let says = |field| format!("The '{field}' field cannot be used when using IS_COMPONENTS_V2");
    if draft.content.as_ref().is_some_and(|content| !content.is_empty()) {
        form.wrong_at("content", code, says("content"));
    }
    if draft.embeds.as_ref().is_some_and(|embeds| !embeds.is_empty()) {
        form.wrong_at("embeds", code, says("embeds"));
    }
}

fn read_content(form: &mut Form, object: &Object) -> Option<String> {
    if object.get("content").is_some_and(Value::is_null) {
        return Some(String::new());
    }
    let text = fields::text(form, object, "content", 0..=2000, Presence::Optional)?;
    Some(text.trim().to_owned())
}

fn read_list(form: &mut Form, object: &Object, key: &str, max: usize) -> Option<Vec<Value>> {
    if object.get(key).is_some_and(Value::is_null) {
        return Some(Vec::new());
    }
    fields::list(form, object, key, 0..=max, Presence::Optional).map(<[Value]>::to_vec)
}

fn read_flags(form: &mut Form, object: &Object, purpose: Purpose) -> Option<u64> {
    let bits = fields::integer(form, object, "flags", 0..=i64::MAX, Presence::Optional)?;
    u64::try_from(bits).ok().map(|bits| bits & purpose.flags())
}

fn read_nonce(form: &mut Form, object: &Object) -> Option<Value> {
    let nonce = fields::given(object, "nonce")?;
    if !nonce.is_i64() && !nonce.is_u64() {
        fields::text(form, object, "nonce", 0..=25, Presence::Optional);
    }
    Some(nonce.clone())
}

fn read_reference(form: &mut Form, object: &Object) -> Option<MessageId> {
    let reference = fields::given(object, "message_reference")?;
    form.at("message_reference", |form| {
        let reference = fields::object(form, reference)?;
        let id = fields::given(reference, "message_id").and_then(MessageId::read);
        if id.is_none() {
            form.wrong_at("message_id", "BASE_TYPE_REQUIRED", "This field is required");
        }
        id
    })
}

fn read_mentions(form: &mut Form, object: &Object, defaults: AllowedMentions) -> AllowedMentions {
    let Some(value) = fields::given(object, "allowed_mentions") else {
        return defaults;
    };
    form.at("allowed_mentions", |form| {
        let Some(object) = fields::object(form, value) else {
            return AllowedMentions::nobody();
        };
        let parse = fields::list(form, object, "parse", 0..=3, Presence::Optional);
        let parse = parse.unwrap_or_default();
        check_parse(form, parse);
        let parses = |kind: &str| parse.iter().any(|value| value == kind);
        AllowedMentions {
            everyone: parses("everyone"),
            users: read_allowed(form, object, ("users", parses("users")), UserId::read),
            roles: read_allowed(form, object, ("roles", parses("roles")), RoleId::read),
        }
    })
}

fn check_parse(form: &mut Form, parse: &[Value]) {
    let known = ["users", "roles", "everyone"];
    form.at("parse", |form| {
        for (index, value) in parse.iter().enumerate() {
            if !value.as_str().is_some_and(|kind| known.contains(&kind)) {
                let message = "Value must be one of {'everyone', 'roles', 'users'}.";
                form.nth(index, |form| form.wrong("BASE_TYPE_CHOICES", message));
            }
        }
    });
}

fn read_allowed<T: Ord>(
    form: &mut Form,
    object: &Object,
    (key, all): (&str, bool),
    read: impl Fn(&Value) -> Option<T>,
) -> Allowed<T> {
    let listed = fields::list(form, object, key, 0..=100, Presence::Optional);
    let listed = listed.unwrap_or_default();
    if !all {
        return Allowed::Only(listed.iter().filter_map(read).collect());
    }
    if !listed.is_empty() {
        let message = format!("parse:[\"{key}\"] and {key}: [ids...] are mutually exclusive.");
        form.wrong("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
    }
    Allowed::All
}
