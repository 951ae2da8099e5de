//! A delivery on its way out: what it says, and the places that may take it.

use muster_domain::id::{ChannelId, MessageId, UserId};
use muster_domain::sheet::Sheet;
use muster_store::model::{Delivery, DeliveryContent, Posted};

use crate::discord::Outgoing;

/// A delivery that is still wanted, with what it says now.
pub(super) struct Ready {
    pub(super) delivery: Delivery,
    pub(super) posted: Option<Posted>,
}

impl Ready {
    /// The message, if there is still something that it is about.
    pub(super) fn message(&self) -> Option<Outgoing<'_>> {
        Some(match (&self.delivery.content, self.sheet()) {
            (DeliveryContent::Greeting, _) => Outgoing::Greeting(self.delivery.id),
            (DeliveryContent::Post(_), Some(sheet)) if self.was_posted() => {
                Outgoing::PostAgain(sheet)
            }
            (DeliveryContent::Post(_), Some(sheet)) => Outgoing::Post(sheet),
            (DeliveryContent::Direct { news, words, .. }, Some(sheet)) => Outgoing::Direct {
                delivery: self.delivery.id,
                sheet,
                post: self.post(),
                news: *news,
                words: words.as_ref(),
            },
            (
                DeliveryContent::Notice { news, words, mentions, role, part, parts, .. },
                Some(sheet),
            ) => Outgoing::Notice {
                delivery: self.delivery.id,
                sheet,
                news: *news,
                words: words.as_ref(),
                mentions,
                role: *role,
                part: *part,
                parts: *parts,
            },
            (
                DeliveryContent::Post(_)
                | DeliveryContent::Notice { .. }
                | DeliveryContent::Direct { .. },
                None,
            ) => return None,
        })
    }

    /// The channel, and the post's for what the event's thread does not take.
    pub(super) fn places_from(&self, channel: ChannelId) -> Vec<Place> {
        let post = self.posted.as_ref().map(|posted| &posted.post);
        let beside = post.filter(|post| post.thread == Some(channel)).map(|post| post.channel);
        std::iter::once(channel).chain(beside).map(Place::Channel).collect()
    }

    /// The event's message, and where it is.
    fn post(&self) -> Option<(ChannelId, MessageId)> {
        let post = &self.posted.as_ref()?.post;
        post.message.map(|message| (post.channel, message))
    }

    /// Whether the event was announced before.
    fn was_posted(&self) -> bool {
        self.post().is_some()
    }

    pub(super) fn sheet(&self) -> Option<&Sheet> {
        self.posted.as_ref().map(|posted| &posted.sheet)
    }
}

/// Where a delivery goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Channel(ChannelId),
    SystemChannel,
    WhoAddedTheBot,
    Member(UserId),
}
