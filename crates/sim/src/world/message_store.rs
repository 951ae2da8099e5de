//! Writing, reading, editing and deleting messages, with the rights that each needs.

use serde_json::Value;

use super::model::{Attachment, Channel, ChannelKind, Message, Origin, Pings, UsedNonce, flags};
use super::{Accepted, Change, Permissions, Refusal, Upload, Way, World};
use crate::ids::{AppId, ChannelId, MessageId, UserId};
use crate::render;
use crate::validate::files;
use crate::validate::message::{AllowedMentions, Draft};

/// The most messages that a channel keeps; the oldest go first.
const MAX_MESSAGES: usize = 5_000;
/// The most nonces that an application keeps.
const MAX_NONCES: usize = 10_000;

/// Who writes a new message, where, and what comes of it besides the draft.
pub(super) struct Writing {
    pub(super) author: UserId,
    pub(super) app: Option<AppId>,
    pub(super) channel: ChannelId,
    pub(super) kind: u8,
    pub(super) origin: Option<Origin>,
    pub(super) only_for: Option<UserId>,
}

impl World {
    /// A bot writes a message by `POST /channels/{c}/messages`.
    pub(crate) fn bot_sends(
        &mut self,
        app: AppId,
        channel: ChannelId,
        draft: Draft,
        uploads: Vec<Upload>,
    ) -> Result<MessageId, Refusal> {
        let bot = self.app(app).ok_or(Refusal::UnknownApplication)?.bot;
        let found = self.channel(channel).ok_or(Refusal::UnknownChannel)?;
        self.check_sending(found, bot, &draft, &uploads)?;
        if let Some((message, nonce)) = self.known_nonce(app, channel, &draft) {
            if !found.messages.contains_key(&message) {
                return Err(Refusal::UnknownMessage);
            }
            self.accept(app, Accepted::Repeated { message, channel, nonce });
            return Ok(message);
        }
        let nonce = draft.nonce.clone();
        let writing = Writing {
            author: bot,
            app: Some(app),
            channel,
            kind: if draft.reference.is_some() { 19 } else { 0 },
            origin: None,
            only_for: None,
        };
        let id = self.write(writing, draft, uploads)?;
        if let Some(nonce) = nonce {
            self.remember_nonce(
                app,
                UsedNonce { nonce: plain_nonce(&nonce), at: self.now, channel, message: id },
            );
        }
        Ok(id)
    }

    pub(super) fn check_sending(
        &self,
        channel: &Channel,
        author: UserId,
        draft: &Draft,
        uploads: &[Upload],
    ) -> Result<(), Refusal> {
        if channel.kind.takes_posts() {
            return Err(Refusal::ForumText);
        }
        if !channel.kind.takes_messages() {
            return Err(Refusal::NotText);
        }
        if channel.kind == ChannelKind::Dm {
            return if self.sees(author, channel.id) {
                self.check_dm(channel, author)
            } else {
                Err(Refusal::MissingAccess)
            };
        }
        self.check_writing(channel, author, draft, uploads)?;
        self.check_thread(channel, author)
    }

    /// What `author` may do in a guild's channel, if that is enough to write this.
    pub(super) fn check_writing(
        &self,
        channel: &Channel,
        author: UserId,
        draft: &Draft,
        uploads: &[Upload],
    ) -> Result<Permissions, Refusal> {
        let may = self.effective(channel, author);
        if !may.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        let mut needs = Permissions::SEND_MESSAGES;
        if draft.embeds.as_ref().is_some_and(|embeds| !embeds.is_empty()) {
            needs |= Permissions::EMBED_LINKS;
        }
        if !uploads.is_empty() {
            needs |= Permissions::ATTACH_FILES;
        }
        if draft.reference.is_some() {
            needs |= Permissions::READ_MESSAGE_HISTORY;
        }
        if may.contains(needs) { Ok(may) } else { Err(Refusal::MissingPermissions) }
    }

    /// The message that an enforced nonce made before, in the same channel and not long ago.
    fn known_nonce(
        &self,
        app: AppId,
        channel: ChannelId,
        draft: &Draft,
    ) -> Option<(MessageId, String)> {
        let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce).map(plain_nonce)?;
        let oldest = self.now.checked_sub(self.nonce_window).ok()?;
        let here = self.app(app)?.nonces.iter().filter(|used| used.channel == channel);
        let mut known = here.filter(|used| used.nonce == nonce && used.at >= oldest);
        known.next().map(|used| (used.message, nonce.clone()))
    }

    fn remember_nonce(&mut self, app: AppId, used: UsedNonce) {
        let oldest = self.now.checked_sub(self.nonce_window).unwrap_or(self.now);
        let Some(app) = self.apps.get_mut(&app) else {
            return;
        };
        let is_over = |used: &UsedNonce| used.at < oldest;
        while app.nonces.len() >= MAX_NONCES || app.nonces.front().is_some_and(is_over) {
            app.nonces.pop_front();
        }
        app.nonces.push_back(used);
    }

    /// Writes a message whose rights were checked. Refuses only what is empty.
    pub(super) fn write(
        &mut self,
        writing: Writing,
        draft: Draft,
        uploads: Vec<Upload>,
    ) -> Result<MessageId, Refusal> {
        let id = MessageId::new(self.next_id());
        self.write_as(id, writing, draft, uploads)
    }

    /// The same under an id that was given before.
    pub(super) fn write_as(
        &mut self,
        id: MessageId,
        writing: Writing,
        draft: Draft,
        uploads: Vec<Upload>,
    ) -> Result<MessageId, Refusal> {
        self.check_emoji_of(draft.components.as_deref())?;
        let attachments = self.attach(uploads, draft.attachments.as_deref().unwrap_or_default());
        let mut message = Message {
            id,
            channel: writing.channel,
            author: writing.author,
            application: writing.app,
            kind: writing.kind,
            content: draft.content.unwrap_or_default(),
            embeds: render::accepted_embeds(draft.embeds.unwrap_or_default()),
            components: render::accepted_components(draft.components.unwrap_or_default()),
            flags: draft.flags.unwrap_or(0),
            attachments,
            timestamp: self.now,
            edited: None,
            tts: draft.tts,
            nonce: draft.nonce,
            pings: Pings::default(),
            reference: draft.reference,
            origin: writing.origin,
            only_for: writing.only_for,
            dismissed: false,
        };
        if is_empty(&message) {
            return Err(Refusal::EmptyMessage);
        }
        self.link_files(&mut message);
        let channel = self.channel(writing.channel).ok_or(Refusal::UnknownChannel)?;
        let pings = self.pings((channel, message.author), &text_of(&message), &draft.mentions);
        self.keep(Message { pings, ..message }, draft.mentions);
        Ok(id)
    }

    /// Puts a finished message into its channel.
    pub(super) fn keep(&mut self, message: Message, allowed: AllowedMentions) {
        self.wake_thread(&message);
        if let Some(app) = message.application {
            let origin = message.origin.as_ref().map(|origin| origin.interaction);
            let created = Accepted::Created {
                message: message.id,
                channel: message.channel,
                way: origin.map_or(Way::Bot, Way::Interaction),
                nonce: message.nonce.as_ref().map(plain_nonce),
                allowed,
                pings: message.pings.clone(),
            };
            self.accept(app, created);
        }
        let Some(channel) = self.channels.get_mut(&message.channel) else {
            return;
        };
        if channel.messages.len() >= MAX_MESSAGES {
            let gone = channel.messages.pop_first().map(|(_, gone)| gone.attachments);
            self.drop_files(&gone.unwrap_or_default(), &[]);
        }
        if let Some(channel) = self.channels.get_mut(&message.channel) {
            channel.messages.insert(message.id, message.clone());
        }
        self.note(Change::MessageCreated(Box::new(message)));
    }

    /// A bot edits a message by its own token.
    pub(crate) fn bot_edits(
        &mut self,
        app: AppId,
        (channel, message): (ChannelId, MessageId),
        draft: &Draft,
        uploads: Vec<Upload>,
    ) -> Result<(), Refusal> {
        let bot = self.app(app).ok_or(Refusal::UnknownApplication)?.bot;
        let found = self.channel(channel).ok_or(Refusal::UnknownChannel)?;
        if !self.effective(found, bot).contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        let shown = found.messages.get(&message).filter(|message| message.only_for.is_none());
        if shown.ok_or(Refusal::UnknownMessage)?.author != bot {
            return Err(Refusal::NotYourMessage);
        }
        if found.thread.as_ref().is_some_and(|thread| thread.archived) {
            return Err(Refusal::ThreadArchived);
        }
        self.rewrite((channel, message), Way::Bot, draft, uploads)
    }

    /// Applies an edit whose rights were checked.
    pub(super) fn rewrite(
        &mut self,
        (channel, message): (ChannelId, MessageId),
        way: Way,
        draft: &Draft,
        uploads: Vec<Upload>,
    ) -> Result<(), Refusal> {
        self.check_emoji_of(draft.components.as_deref())?;
        let entries = draft.attachments.clone();
        let added = self.attach(uploads, entries.as_deref().unwrap_or_default());
        let found = self.channel(channel).ok_or(Refusal::UnknownChannel)?;
        let mut edited = found.messages.get(&message).ok_or(Refusal::UnknownMessage)?.clone();
        apply(&mut edited, draft);
        let before = edited.attachments.clone();
        if let Some(entries) = entries {
            keep_named(&mut edited.attachments, &entries);
        }
        edited.attachments.extend(added);
        if is_empty(&edited) {
            return Err(Refusal::EmptyMessage);
        }
        self.link_files(&mut edited);
        edited.pings = self.pings((found, edited.author), &text_of(&edited), &draft.mentions);
        // The first edit of a "thinking" message is its real beginning, not an edit.
        if edited.flags & flags::LOADING == 0 {
            edited.edited = Some(self.now);
        }
        edited.flags &= !flags::LOADING;
        if let Some(app) = edited.application {
            let (allowed, pings) = (draft.mentions.clone(), edited.pings.clone());
            self.accept(app, Accepted::Edited { message, channel, way, allowed, pings });
        }
        self.drop_files(&before, &edited.attachments);
        self.replace(edited);
        Ok(())
    }

    fn replace(&mut self, message: Message) {
        let Some(channel) = self.channels.get_mut(&message.channel) else {
            return;
        };
        channel.messages.insert(message.id, message.clone());
        self.note(Change::MessageUpdated(Box::new(message)));
    }

    /// Somebody deletes a message that is not ephemeral.
    pub(crate) fn delete_message(
        &mut self,
        user: UserId,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<(), Refusal> {
        let found = self.channel(channel).ok_or(Refusal::UnknownChannel)?;
        let may = self.effective(found, user);
        if !may.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        let shown = found.messages.get(&message).filter(|message| message.only_for.is_none());
        let own = shown.ok_or(Refusal::UnknownMessage)?.author == user;
        if !own && !may.contains(Permissions::MANAGE_MESSAGES) {
            return Err(Refusal::MissingPermissions);
        }
        if let Some(app) = self.app_of_bot(user).map(|app| app.id) {
            self.accept(app, Accepted::Deleted { message, channel, way: Way::Bot });
        }
        self.erase(channel, message)
    }

    /// Takes a message away, whoever may.
    pub(crate) fn erase(&mut self, channel: ChannelId, message: MessageId) -> Result<(), Refusal> {
        let found = self.channels.get_mut(&channel).ok_or(Refusal::UnknownChannel)?;
        let gone = found.messages.remove(&message).ok_or(Refusal::UnknownMessage)?;
        self.drop_files(&gone.attachments, &[]);
        self.note(Change::MessageDeleted(Box::new(gone)));
        Ok(())
    }
}

fn apply(message: &mut Message, draft: &Draft) {
    if let Some(content) = &draft.content {
        message.content.clone_from(content);
    }
    if let Some(embeds) = &draft.embeds {
        message.embeds = render::accepted_embeds(embeds.clone());
    }
    if let Some(components) = &draft.components {
        message.components = render::accepted_components(components.clone());
    }
    if let Some(sent) = draft.flags {
        let v2 = (message.flags | sent) & flags::COMPONENTS_V2;
        let settable = flags::SUPPRESS_EMBEDS | flags::COMPONENTS_V2;
        message.flags = (message.flags & !settable) | (sent & flags::SUPPRESS_EMBEDS) | v2;
    }
}

/// Keeps the files that an edit names, with the descriptions that it gives them.
fn keep_named(kept: &mut Vec<Attachment>, entries: &[Value]) {
    kept.retain_mut(|file| {
        let entry = entries.iter().find(|entry| files::names(entry, file.id.get()));
        if let Some(description) = entry.and_then(|entry| entry.get("description")) {
            file.description = description.as_str().map(str::to_owned);
        }
        entry.is_some()
    });
}

fn is_empty(message: &Message) -> bool {
    message.content.is_empty()
        && message.embeds.is_empty()
        && message.components.is_empty()
        && message.attachments.is_empty()
}

/// What of a message can ping: its text and its text displays, but not its embeds.
fn text_of(message: &Message) -> String {
    let mut text = message.content.clone();
    for component in &message.components {
        collect_text(component, &mut text);
    }
    text
}

fn collect_text(component: &Value, text: &mut String) {
    if component["type"] == 10
        && let Some(content) = component["content"].as_str()
    {
        text.push('\n');
        text.push_str(content);
    }
    for inner in component["components"].as_array().into_iter().flatten() {
        collect_text(inner, text);
    }
}

fn plain_nonce(nonce: &Value) -> String {
    nonce.as_str().map_or_else(|| nonce.to_string(), str::to_owned)
}
