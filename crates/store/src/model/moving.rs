//! An event that is to be posted somewhere else.

use jiff::Timestamp;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId, InteractionId, UserId};

/// An event that is to be posted again in a channel. When it was, its message before is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveRequest {
    /// The guild that it belongs to.
    pub guild: GuildId,
    /// Which event.
    pub event: EventId,
    /// Where it is to be posted: the channel where it is, too.
    pub channel: ChannelId,
    /// The delivery of a move that this takes back: then nothing is done if the event was posted
    /// again since, or if that was too long ago.
    pub takes_back: Option<DeliveryId>,
    /// Who asks for it.
    pub by: UserId,
    /// The interaction that asks for it; a repeat of the same one posts nothing more.
    pub interaction: InteractionId,
    /// Now.
    pub at: Timestamp,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moving {
    /// The guild has no such event.
    NoSuchEvent,
    /// It is posted by this delivery.
    Begun(DeliveryId),
    /// The same interaction asked for it before, of this delivery.
    Repeated(DeliveryId),
    /// This member had it posted again after the move that was to be taken back.
    MovedSince(UserId),
    /// That move was made too long ago to be taken back.
    TooLate,
}
