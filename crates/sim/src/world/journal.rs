//! Everything that was taken from bots, in order: the judge of what went out once, twice or never.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::{Pings, World};
use crate::ids::{AppId, ChannelId, InteractionId, MessageId};
use crate::validate::message::AllowedMentions;

/// The most entries that are kept; the oldest go first.
const MAX_ENTRIES: usize = 50_000;

/// One thing that was taken from a bot.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// Counts from 0 on, without gaps.
    pub number: u64,
    /// When, in simulated time.
    pub at: Timestamp,
    /// From which application.
    pub app: AppId,
    /// What.
    pub what: Accepted,
}

/// By what right a bot did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// With its own token.
    Bot,
    /// With the token of an interaction.
    Interaction(InteractionId),
}

/// What a bot did.
#[derive(Debug, Clone, PartialEq)]
pub enum Accepted {
    /// A message was written.
    Created {
        /// The message.
        message: MessageId,
        /// Where.
        channel: ChannelId,
        /// By what right.
        way: Way,
        /// The sender's own mark, as text.
        nonce: Option<String>,
        /// Whom the sender allowed to be pinged.
        allowed: AllowedMentions,
        /// Who was.
        pings: Pings,
    },
    /// A message with this enforced nonce was there already, and was given back.
    Repeated {
        /// The message.
        message: MessageId,
        /// Where.
        channel: ChannelId,
        /// The mark, as text.
        nonce: String,
    },
    /// A message was edited.
    Edited {
        /// The message.
        message: MessageId,
        /// Where.
        channel: ChannelId,
        /// By what right.
        way: Way,
        /// Whom the sender allowed to be mentioned.
        allowed: AllowedMentions,
        /// Who is now.
        pings: Pings,
    },
    /// A message was deleted.
    Deleted {
        /// The message.
        message: MessageId,
        /// Where.
        channel: ChannelId,
        /// By what right.
        way: Way,
    },
    /// A channel or thread was deleted, with all messages in it.
    Emptied {
        /// The channel.
        channel: ChannelId,
    },
    /// An interaction got its first answer. What this wrote or edited stands before it.
    Answered {
        /// The interaction.
        interaction: InteractionId,
        /// Type number of the callback.
        callback: u8,
        /// How long after the interaction, in simulated time.
        after: SignedDuration,
    },
}

/// The entries that are kept.
#[derive(Debug, Default)]
pub(super) struct Journal {
    entries: VecDeque<Acceptance>,
    next: u64,
}

impl World {
    /// What was taken from bots, oldest first: the newest 50,000 entries.
    #[must_use]
    pub fn accepted(&self) -> impl DoubleEndedIterator<Item = &Acceptance> {
        self.journal.entries.iter()
    }

    /// How many entries were taken and are not kept any more.
    #[must_use]
    pub fn accepted_and_forgotten(&self) -> u64 {
        self.journal.entries.front().map_or(self.journal.next, |oldest| oldest.number)
    }

    pub(super) fn accept(&mut self, app: AppId, what: Accepted) {
        let journal = &mut self.journal;
        if journal.entries.len() >= MAX_ENTRIES {
            journal.entries.pop_front();
        }
        let number = journal.next;
        journal.next += 1;
        journal.entries.push_back(Acceptance { number, at: self.now, app, what });
    }
}
