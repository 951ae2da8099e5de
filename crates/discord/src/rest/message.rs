//! Routes about messages and the channels that hold them.

use bytes::Bytes;
use hyper::Method;
use jiff::Timestamp;
use muster_domain::id::{ChannelId, MessageId, UserId};
use muster_engine::ports::Env;

use super::model::{Channel, Message, Threads};
use super::{Again, Body, Call, Rest, RestError, Wire};

/// Whether a new message may be sent again when nobody knows if it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// The body carries `nonce` and `enforce_nonce`, so Discord itself drops the repeat.
    ByNonce,
    /// The same, and an earlier request may have made it, at this instant by the machine's clock:
    /// it leaves only while Discord remembers that.
    ByNonceSince(Timestamp),
    /// It would appear twice.
    Never,
}

/// Which messages of a channel to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// The newest.
    Newest,
    /// The oldest after this one.
    After(MessageId),
    /// The newest before this one.
    Before(MessageId),
}

impl<E: Env, W: Wire> Rest<E, W> {
    /// Posts a message.
    pub async fn create_message(
        &self,
        channel: ChannelId,
        body: Body,
        repeat: Repeat,
    ) -> Result<Message, RestError> {
        self.create_marked_message(channel, body, repeat, std::future::ready(true)).await
    }

    /// Posts a message, and does `mark` just before: when it may leave by the governor, and before
    /// its first byte. It does not leave if that comes to false.
    pub async fn create_marked_message(
        &self,
        channel: ChannelId,
        body: Body,
        repeat: Repeat,
        mark: impl Future<Output = bool> + Send,
    ) -> Result<Message, RestError> {
        let path = format!("/channels/{channel}/messages");
        let mut call = Call::new("message.create", Method::POST, path).in_channel(channel);
        call.again = match repeat {
            Repeat::ByNonce => Again::ByNonce,
            Repeat::ByNonceSince(since) => {
                call.made_since = Some(since);
                Again::ByNonce
            }
            Repeat::Never => Again::Harmful,
        };
        self.call_json(call.marked(mark).with(body)?).await
    }

    /// Edits one of our messages.
    pub async fn edit_message(
        &self,
        channel: ChannelId,
        message: MessageId,
        body: Body,
    ) -> Result<Message, RestError> {
        let path = format!("/channels/{channel}/messages/{message}");
        let call = Call::new("message.edit", Method::PATCH, path).in_channel(channel);
        self.call_json(call.with(body)?).await
    }

    /// Reads one message.
    pub async fn message(
        &self,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<Message, RestError> {
        let path = format!("/channels/{channel}/messages/{message}");
        self.call_json(Call::get("message.get", path).split_by(channel.get())).await
    }

    /// Deletes a message.
    pub async fn delete_message(
        &self,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<(), RestError> {
        let path = format!("/channels/{channel}/messages/{message}");
        self.call_unit(Call::new("message.delete", Method::DELETE, path).in_channel(channel)).await
    }

    /// Lists up to `limit` (1 to 100) messages, newest first, as JSON text. Without the right to
    /// read the history Discord gives an empty list and no error.
    pub async fn messages(
        &self,
        channel: ChannelId,
        around: Around,
        limit: u8,
    ) -> Result<Bytes, RestError> {
        let limit = limit.clamp(1, 100);
        let place = match around {
            Around::Newest => String::new(),
            Around::After(message) => format!("&after={message}"),
            Around::Before(message) => format!("&before={message}"),
        };
        let path = format!("/channels/{channel}/messages?limit={limit}{place}");
        self.call(Call::get("message.list", path).split_by(channel.get())).await
    }

    /// Opens a thread on a message; it has the message's number.
    pub async fn start_thread(
        &self,
        channel: ChannelId,
        message: MessageId,
        body: Body,
    ) -> Result<Channel, RestError> {
        let path = format!("/channels/{channel}/messages/{message}/threads");
        // A refusal says nothing about messages: it does not count against the channel.
        let mut call = Call::new("thread.start", Method::POST, path).split_by(channel.get());
        // A second one is refused, as there is one.
        call.again = Again::Harmless;
        self.call_json(call.with(body)?).await
    }

    /// Creates a thread in a forum, with its first message, and does `mark` just before, as
    /// [`Self::create_marked_message`] does.
    pub async fn start_forum_thread(
        &self,
        forum: ChannelId,
        body: Body,
        mark: impl Future<Output = bool> + Send,
    ) -> Result<Channel, RestError> {
        let path = format!("/channels/{forum}/threads");
        let call = Call::new("thread.post", Method::POST, path).in_channel(forum);
        self.call_json(call.marked(mark).with(body)?).await
    }

    /// Takes a thread out of the archive, or puts it there.
    pub async fn set_archived(&self, thread: ChannelId, archived: bool) -> Result<(), RestError> {
        let body = Body::json(&serde_json::json!({ "archived": archived }));
        let path = format!("/channels/{thread}");
        let call = Call::new("thread.archive", Method::PATCH, path).split_by(thread.get());
        self.call(call.with(body)?).await.map(drop)
    }

    /// Gives a thread another name, and takes it out of the archive if it is there: nothing else
    /// can be changed in that.
    pub async fn rename(&self, thread: ChannelId, name: &str) -> Result<(), RestError> {
        let body = Body::json(&serde_json::json!({ "name": name, "archived": false }));
        let path = format!("/channels/{thread}");
        let call = Call::new("thread.rename", Method::PATCH, path).split_by(thread.get());
        self.call(call.with(body)?).await.map(drop)
    }

    /// The threads of a channel that are archived and public, the latest first, at most a hundred.
    pub async fn archived_threads(&self, channel: ChannelId) -> Result<Threads, RestError> {
        let path = format!("/channels/{channel}/threads/archived/public?limit=100");
        self.call_json(Call::get("thread.archived", path).split_by(channel.get())).await
    }

    /// Reads a channel or thread.
    pub async fn channel(&self, channel: ChannelId) -> Result<Channel, RestError> {
        let call = Call::get("channel.get", format!("/channels/{channel}")).split_by(channel.get());
        self.call_json(call).await
    }

    /// The direct-message channel with a person; the same one every time.
    pub async fn create_dm(&self, person: UserId) -> Result<Channel, RestError> {
        let body = Body::json(&serde_json::json!({ "recipient_id": person.to_string() }));
        let mut call = Call::new("dm.create", Method::POST, "/users/@me/channels".into());
        call.again = Again::Harmless;
        self.call_json(call.with(body)?).await
    }
}
