//! A delivery on its way out: what it says, and the places that may take it.

use muster_domain::id::{ChannelId, MessageId, UserId};
use muster_domain::notice::HeldPlace;
use muster_domain::sheet::Sheet;
use muster_store::model::{Delivery, DeliveryContent, Posted};

use super::subject::Subject;
use super::troubles::Troubles;
use crate::discord::{Direct, Notice, Outgoing};

/// A delivery that is still wanted, with what it says now.
pub(super) struct Ready {
    pub(super) delivery: Delivery,
    pub(super) about: Subject,
}

impl Ready {
    /// The message, if there is still something that it is about.
    pub(super) fn message(&self) -> Option<Outgoing<'_>> {
        let Delivery { id: delivery, guild, .. } = self.delivery;
        if let Subject::Troubles(Troubles { language, report, channels }) = &self.about {
            let language = *language;
            return Some(Outgoing::Report { delivery, guild, language, report, channels });
        }
        if self.delivery.content == DeliveryContent::Greeting {
            return Some(Outgoing::Greeting(delivery));
        }
        let sheet = self.sheet()?;
        match &self.delivery.content {
            DeliveryContent::Post(_) if self.was_posted() => Some(Outgoing::PostAgain(sheet)),
            DeliveryContent::Post(_) => Some(Outgoing::Post(sheet)),
            DeliveryContent::Direct { news, words, .. } => {
                let direct = Direct {
                    sheet,
                    post: self.post(),
                    news: *news,
                    words: words.as_ref(),
                    held: self.held().first().copied(),
                    is_waiting: !self.waiting().is_empty(),
                };
                Some(Outgoing::Direct(delivery, direct))
            }
            DeliveryContent::Notice {
                news, words, mentions, audience, role, part, parts, ..
            } => {
                let notice = Notice {
                    sheet,
                    news: *news,
                    words: words.as_ref(),
                    mentions: self.concerned().unwrap_or(mentions),
                    waiting: self.waiting(),
                    held: self.held(),
                    audience: *audience,
                    role: *role,
                    part: *part,
                    parts: *parts,
                };
                Some(Outgoing::Notice(delivery, notice))
            }
            DeliveryContent::Unanswered { .. }
            | DeliveryContent::Greeting
            | DeliveryContent::Report { .. } => None,
        }
    }

    /// The event that it is about, if it is about one.
    fn posted(&self) -> Option<&Posted> {
        match &self.about {
            Subject::Event { posted, .. } => Some(posted),
            Subject::Guild | Subject::Troubles(_) => None,
        }
    }

    /// Those whom it concerns still, if that can have changed since it was planned.
    fn concerned(&self) -> Option<&[UserId]> {
        match &self.about {
            Subject::Event { concerned, .. } => concerned.as_deref(),
            Subject::Guild | Subject::Troubles(_) => None,
        }
    }

    /// Those of whom it says that they are on the waitlist.
    fn waiting(&self) -> &[UserId] {
        match &self.about {
            Subject::Event { waiting, .. } => waiting,
            Subject::Guild | Subject::Troubles(_) => &[],
        }
    }

    /// The places that are held for the members whom it tells that.
    fn held(&self) -> &[HeldPlace] {
        match &self.about {
            Subject::Event { held, .. } => held,
            Subject::Guild | Subject::Troubles(_) => &[],
        }
    }

    /// The channel, and the post's for what the event's thread does not take.
    pub(super) fn places_from(&self, channel: ChannelId) -> Vec<Place> {
        let post = self.posted().map(|posted| &posted.post);
        let beside = post.filter(|post| post.thread == Some(channel)).map(|post| post.channel);
        std::iter::once(channel).chain(beside).map(Place::Channel).collect()
    }

    /// The event's message, and where it is.
    fn post(&self) -> Option<(ChannelId, MessageId)> {
        let post = &self.posted()?.post;
        post.message.map(|message| (post.channel, message))
    }

    /// Whether the event was announced before.
    fn was_posted(&self) -> bool {
        self.post().is_some()
    }

    pub(super) fn sheet(&self) -> Option<&Sheet> {
        self.posted().map(|posted| &posted.sheet)
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
