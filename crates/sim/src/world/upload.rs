//! Files that come with a message.

use bytes::Bytes;
use serde_json::Value;

use super::World;
use super::model::Attachment;
use crate::ids::AttachmentId;

/// One uploaded part `files[n]`.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// The `n`.
    pub(crate) index: u64,
    pub(crate) filename: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Bytes,
}

impl World {
    /// Makes attachments of uploads; `entries` are the form's `attachments`, which describe them.
    pub(super) fn attach(&mut self, uploads: Vec<Upload>, entries: &[Value]) -> Vec<Attachment> {
        uploads.into_iter().map(|upload| self.attach_one(upload, entries)).collect()
    }

    /// A file of any message.
    pub(crate) fn attachment(&self, id: AttachmentId) -> Option<&Attachment> {
        let messages = self.channels.values().flat_map(|channel| channel.messages.values());
        messages.flat_map(|message| &message.attachments).find(|file| file.id == id)
    }

    fn attach_one(&mut self, upload: Upload, entries: &[Value]) -> Attachment {
        let id_of = |entry: &&Value| AttachmentId::read(&entry["id"]).map(AttachmentId::get);
        let entry = entries.iter().find(|entry| id_of(entry) == Some(upload.index));
        let said = |key: &str| entry.and_then(|entry| entry[key].as_str()).map(str::to_owned);
        Attachment {
            id: AttachmentId::new(self.next_id()),
            filename: said("filename").unwrap_or(upload.filename),
            description: said("description"),
            content_type: upload.content_type,
            bytes: upload.bytes,
        }
    }
}
