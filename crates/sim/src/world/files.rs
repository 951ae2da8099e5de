//! Files that come with messages and those that people give to commands and forms: kept for a
//! while, within bounds.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;

use super::World;
use super::model::{Attachment, Message};
use crate::ids::{AttachmentId, MessageId, UserId};

/// The most bytes of a file that a person gives to a command or form.
pub(crate) const MAX_GIVEN: usize = 8 * 1024 * 1024;
/// The most bytes of all files together; the oldest go first.
const MAX_KEPT: usize = 64 * 1024 * 1024;
/// The most files, so that empty ones are bounded, too.
const MAX_FILES: usize = 10_000;

/// One uploaded part `files[n]`.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// The `n`.
    pub(crate) index: u64,
    pub(crate) filename: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Bytes,
}

/// A file that is still there.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) about: Attachment,
    pub(crate) bytes: Bytes,
    /// Whoever gave it to a command or form; files of messages have nobody.
    pub(crate) giver: Option<UserId>,
}

/// All files by age.
#[derive(Debug, Default)]
pub(super) struct Files {
    kept: BTreeMap<AttachmentId, Kept>,
    size: usize,
}

impl Files {
    fn put(&mut self, file: Kept) {
        self.size += file.bytes.len();
        self.kept.insert(file.about.id, file);
        while self.size > MAX_KEPT || self.kept.len() > MAX_FILES {
            let Some((_, oldest)) = self.kept.pop_first() else {
                break;
            };
            self.size -= oldest.bytes.len();
        }
    }

    fn drop(&mut self, id: AttachmentId) {
        if let Some(gone) = self.kept.remove(&id) {
            self.size -= gone.bytes.len();
        }
    }
}

impl World {
    /// A file that is still kept.
    pub(crate) fn file(&self, id: AttachmentId) -> Option<&Kept> {
        self.files.kept.get(&id)
    }

    /// The content of a message's file, unless it is gone: 64 MiB are kept, the newest files.
    #[must_use]
    pub fn file_content(&self, id: AttachmentId) -> Option<Bytes> {
        self.file(id).map(|file| file.bytes.clone())
    }

    /// Where a file is found.
    pub(crate) fn file_url(&self, file: &Attachment) -> String {
        let name = encoded(&file.filename);
        format!("{}/attachments/{}/{name}", self.url(), file.id)
    }

    /// The files of a message.
    pub(super) fn files_of(&self, message: Option<MessageId>) -> &[Attachment] {
        let message = message.and_then(|id| self.message(id));
        message.map_or(&[], |message| &message.attachments)
    }

    /// A person puts a file at hand for a command or form.
    pub(crate) fn give_file(
        &mut self,
        user: UserId,
        filename: &str,
        content_type: &str,
        bytes: Bytes,
    ) -> AttachmentId {
        let upload = Upload {
            index: 0,
            filename: filename.into(),
            content_type: content_type.into(),
            bytes,
        };
        self.keep_file(upload, None, Some(user)).id
    }

    /// Makes attachments of uploads; `entries` are the form's `attachments`, which describe them.
    pub(super) fn attach(&mut self, uploads: Vec<Upload>, entries: &[Value]) -> Vec<Attachment> {
        let find = |index: u64| {
            let id = |entry: &&Value| AttachmentId::read(&entry["id"]).map(AttachmentId::get);
            entries.iter().find(|entry| id(entry) == Some(index))
        };
        uploads.into_iter().map(|upload| self.attach_one(find(upload.index), upload)).collect()
    }

    fn attach_one(&mut self, entry: Option<&Value>, mut upload: Upload) -> Attachment {
        let said = |key: &str| entry.and_then(|entry| entry[key].as_str()).map(str::to_owned);
        if let Some(name) = said("filename") {
            upload.filename = name;
        }
        self.keep_file(upload, said("description"), None)
    }

    fn keep_file(
        &mut self,
        upload: Upload,
        description: Option<String>,
        giver: Option<UserId>,
    ) -> Attachment {
        let filename = plain_name(&upload.filename);
        let about = Attachment {
            id: AttachmentId::new(self.next_id()),
            content_type: kind_of(&filename, upload.content_type),
            filename,
            description,
            size: upload.bytes.len(),
        };
        self.files.put(Kept { about: about.clone(), bytes: upload.bytes, giver });
        about
    }

    /// Lets go of the files of `before` that `after` has no longer.
    pub(super) fn drop_files(&mut self, before: &[Attachment], after: &[Attachment]) {
        for file in before {
            if !after.iter().any(|kept| kept.id == file.id) {
                self.files.drop(file.id);
            }
        }
    }

    /// Writes the addresses of files where the message names them by `attachment://`.
    pub(super) fn link_files(&self, message: &mut Message) {
        let links: Vec<Link> = message
            .attachments
            .iter()
            .map(|file| Link { file: file.clone(), url: self.file_url(file) })
            .collect();
        for embed in &mut message.embeds {
            for key in ["image", "thumbnail"] {
                embed.get_mut(key).map(|media| link(media, &links));
            }
        }
        for component in &mut message.components {
            link_in(component, &links);
        }
    }
}

struct Link {
    file: Attachment,
    url: String,
}

fn link_in(component: &mut Value, links: &[Link]) {
    component.get_mut("media").map(|media| link(media, links));
    if let Some(found) = component.get_mut("file").and_then(|file| link(file, links))
        && let Some(fields) = component.as_object_mut()
    {
        fields.insert("name".into(), found.file.filename.as_str().into());
        fields.insert("size".into(), found.file.size.into());
    }
    if let Some(inner) = component.get_mut("accessory") {
        link_in(inner, links);
    }
    for key in ["components", "items"] {
        let list = component.get_mut(key).and_then(Value::as_array_mut);
        for inner in list.into_iter().flatten() {
            link_in(inner, links);
        }
    }
}

/// Fills in an unfurled media item that names one of the files, or shows it by its address.
fn link<'l>(media: &mut Value, links: &'l [Link]) -> Option<&'l Link> {
    let url = media["url"].as_str()?;
    let name = url.strip_prefix("attachment://").map(plain_name);
    let mut fitting = links.iter().filter(|link| match &name {
        Some(name) => link.file.filename == *name,
        None => link.url == url,
    });
    let found = fitting.next()?;
    let fields = media.as_object_mut()?;
    fields.insert("url".into(), found.url.as_str().into());
    fields.insert("proxy_url".into(), found.url.as_str().into());
    fields.insert("content_type".into(), found.file.content_type.as_str().into());
    if fields.contains_key("id") {
        fields.insert("attachment_id".into(), found.file.id.to_string().into());
    }
    Some(found)
}

/// The name that a file gets: without spaces and what has a meaning in paths.
pub(crate) fn plain_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let name: String = name.trim().chars().map(plain).collect();
    if name.is_empty() { "unknown".into() } else { name }
}

fn encoded(name: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => char::from(byte).into(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(letter).collect()
}

/// The kind that was told, or else what the name's ending says.
fn kind_of(filename: &str, told: String) -> String {
    if !matches!(told.as_str(), "" | "application/octet-stream") {
        return told;
    }
    let ending = filename.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    let kind = match ending.as_deref() {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("ics") => "text/calendar; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("json") => "application/json; charset=utf-8",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    kind.into()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn upload(size: usize) -> Upload {
        let bytes = Bytes::from(vec![0; size]);
        Upload { index: 0, filename: "a b/ü.csv".into(), content_type: String::new(), bytes }
    }

    #[test]
    fn the_oldest_files_go_when_there_are_too_many_bytes() {
        let mut world = World::new(1, Timestamp::UNIX_EPOCH);
        let files: Vec<_> =
            (0..9).flat_map(|_| world.attach(vec![upload(MAX_GIVEN)], &[])).collect();
        let there = |world: &World, n: usize| world.file_content(files[n].id).is_some();
        assert!(!there(&world, 0));
        assert!((1..9).all(|n| there(&world, n)), "64 MiB fit");
        world.drop_files(&files[1..2], &[]);
        world.attach(vec![upload(MAX_GIVEN)], &[]);
        assert!(there(&world, 2), "the space of a deleted file is free again");
    }

    #[test]
    fn names_are_made_plain_and_tell_the_kind() {
        let mut world = World::new(1, Timestamp::UNIX_EPOCH);
        let file = world.attach(vec![upload(1)], &[]).remove(0);
        assert_eq!(file.filename, "a_b_ü.csv");
        assert_eq!(file.content_type, "text/csv; charset=utf-8");
        let url = world.file_url(&file);
        assert_eq!(url, format!("/attachments/{}/a_b_%C3%BC.csv", file.id));
    }
}
