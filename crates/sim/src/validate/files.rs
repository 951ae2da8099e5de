//! Checks what a message says of its files: that each is there, and that nothing else is named
//! (Discord docs: uploading files).

use std::collections::BTreeSet;

use serde_json::Value;

use super::errors::Form;
use super::fields::{self, Object, Presence};
use super::message::Draft;
use crate::ids::AttachmentId;
use crate::world::{Attachment, Upload, plain_name};

/// The most files of one message.
const MAX_FILES: usize = 10;
/// The most file types that an option or field may be limited to.
const MAX_TYPES: usize = 10;

/// The files that a message may name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Files<'f> {
    /// What comes with the request.
    pub(crate) uploads: &'f [Upload],
    /// What the message has already.
    pub(crate) kept: &'f [Attachment],
}

impl Files<'_> {
    fn knows(&self, id: AttachmentId) -> bool {
        self.uploads.iter().any(|upload| upload.index == id.get())
            || self.kept.iter().any(|file| file.id == id)
    }

    /// The names that the message will have, and how many files.
    fn after(&self, entries: Option<&[Value]>) -> (BTreeSet<String>, usize) {
        let said = |id: u64| entries.unwrap_or_default().iter().find(|entry| names(entry, id));
        let kept =
            self.kept.iter().filter(|file| entries.is_none() || said(file.id.get()).is_some());
        let kept = kept.map(|file| file.filename.clone());
        let added = self.uploads.iter().map(|upload| {
            let renamed = said(upload.index).and_then(|entry| entry["filename"].as_str());
            plain_name(renamed.unwrap_or(&upload.filename))
        });
        let all: Vec<_> = kept.chain(added).collect();
        let count = all.len();
        (all.into_iter().collect(), count)
    }
}

/// Whether an entry of `attachments` means the file with this id or index.
pub(crate) fn names(entry: &Value, id: u64) -> bool {
    AttachmentId::read(&entry["id"]).is_some_and(|named| named.get() == id)
}

/// Checks the entries of `attachments`, how many files there are, and what components refer to.
pub(super) fn check(form: &mut Form, draft: &Draft, files: Files<'_>) {
    let entries = draft.attachments.as_deref();
    let (there, count) = files.after(entries);
    form.at("attachments", |form| {
        for (index, entry) in entries.unwrap_or_default().iter().enumerate() {
            form.nth(index, |form| check_entry(form, entry, files));
        }
        if count > MAX_FILES {
            form.wrong("BASE_TYPE_MAX_LENGTH", format!("Must be {MAX_FILES} or fewer in length."));
        }
    });
    form.at("components", |form| {
        check_references(form, draft.components.as_deref().unwrap_or_default(), &there);
    });
}

fn check_entry(form: &mut Form, entry: &Value, files: Files<'_>) {
    let Some(entry) = fields::object(form, entry) else {
        return;
    };
    fields::text(form, entry, "filename", 1..=1024, Presence::Optional);
    fields::text(form, entry, "description", 0..=1024, Presence::Optional);
    fields::boolean(form, entry, "is_spoiler");
    match fields::given(entry, "id").map(AttachmentId::read) {
        None => form.wrong_at("id", "BASE_TYPE_REQUIRED", "This field is required"),
        Some(Some(id)) if files.knows(id) => {}
        Some(_) => {
            form.wrong_at("id", "ATTACHMENT_NOT_FOUND", "Attachment not found");
        }
    }
}

fn check_references(form: &mut Form, components: &[Value], there: &BTreeSet<String>) {
    for (index, component) in components.iter().enumerate() {
        form.nth(index, |form| check_component(form, component, there));
    }
}

fn check_component(form: &mut Form, component: &Value, there: &BTreeSet<String>) {
    for key in ["media", "file"] {
        let url = component.get(key).and_then(|media| media["url"].as_str()).unwrap_or_default();
        let missing = url.strip_prefix("attachment://").filter(|n| !there.contains(&plain_name(n)));
        if missing.is_some() {
            let code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
            form.at(key, |form| form.wrong_at("url", code, "Referenced attachment not found"));
        }
    }
    if let Some(inner) = component.get("accessory") {
        form.at("accessory", |form| check_component(form, inner, there));
    }
    for key in ["components", "items"] {
        if let Some(list) = component.get(key).and_then(Value::as_array) {
            form.at(key, |form| check_references(form, list, there));
        }
    }
}

/// Checks `file_types`: `image`, `video`, `audio`, or an ending such as `.pdf`.
pub(super) fn check_types(form: &mut Form, object: &Object) {
    let types = fields::list(form, object, "file_types", 0..=MAX_TYPES, Presence::Optional);
    form.at("file_types", |form| {
        for (index, value) in types.unwrap_or_default().iter().enumerate() {
            let known = value.as_str().is_some_and(|text| {
                matches!(text, "image" | "video" | "audio")
                    || (text.len() > 1 && text.starts_with('.'))
            });
            if !known {
                let message = "File type must be image, video, audio or begin with a dot.";
                form.nth(index, |form| form.wrong("BASE_TYPE_CHOICES", message));
            }
        }
    });
}

/// Whether a file of this name is one of `types`. Only the name counts, and no list takes all.
pub(crate) fn fits(types: &Value, filename: &str) -> bool {
    let Some(types) = types.as_array().filter(|types| !types.is_empty()) else {
        return true;
    };
    let name = filename.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    types.iter().filter_map(Value::as_str).any(|kind| match kind {
        "image" => ends(&[".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"]),
        "video" => ends(&[".mp4", ".mov", ".webm"]),
        "audio" => ends(&[".mp3", ".ogg", ".wav", ".m4a", ".flac"]),
        ending => name.ends_with(&ending.to_lowercase()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_name_tells_the_type() {
        for (types, name, fitting) in [
            (json!(null), "a.exe", true),
            (json!([]), "a.exe", true),
            (json!(["image"]), "A.PNG", true),
            (json!(["image"]), "a.pdf", false),
            (json!(["video", ".PDF"]), "a.pdf", true),
            (json!(["audio"]), "png", false),
        ] {
            assert_eq!(fits(&types, name), fitting, "{types} {name}");
        }
    }
}
