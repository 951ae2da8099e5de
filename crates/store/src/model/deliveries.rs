//! Deliveries: what is to be sent once, and how that ended.

use jiff::Timestamp;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId, MessageId, RoleId, UserId};
use muster_domain::notice::News;
use muster_domain::reminder::Audience;
use muster_domain::text::Announcement;

use super::Breakage;

/// A delivery: one message to Discord that must be sent once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its identity, and its marker in the message.
    pub id: DeliveryId,
    /// Which claim of it this is. Whoever claims it later gets a larger number, and from then on
    /// this one counts no more.
    pub claim: u64,
    /// The guild on whose behalf it is sent.
    pub guild: GuildId,
    /// Where it goes; `None` for a greeting or a direct message whose place is not found yet.
    pub channel: Option<ChannelId>,
    /// Whether that is a forum: a post becomes a thread of its own there, and has no nonce. News
    /// have no place in it; they go into the event's post, which is their channel if it is known.
    pub in_forum: bool,
    /// What it says.
    pub content: DeliveryContent,
    /// When it was due.
    pub due: Timestamp,
    /// Of a reminder, the instant of its event's list: how late it is counts from then. It may have
    /// become due later, at the end of quiet hours.
    pub reminds_at: Option<Timestamp>,
    /// When its event was to begin as it was planned, if it is about an event. The event may have
    /// been moved since.
    pub planned_start: Option<Timestamp>,
    /// Attempts before this claim that Discord may have taken, and looks for what they left that
    /// told nothing. Above 0 the message may exist.
    pub attempts: u32,
    /// When the first of them was marked, if any was.
    pub first_attempt: Option<Timestamp>,
    /// When the last of them was marked, if any was.
    pub last_attempt: Option<Timestamp>,
    /// Which process marked the last attempt: a number drawn at each start.
    pub attempted_by: Option<u64>,
    /// The nonce of the last attempt; 1 to 25 characters.
    pub nonce: String,
    /// When an organiser had it tried again, if one had: lateness counts from then.
    pub retried: Option<Timestamp>,
}

/// What a delivery says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryContent {
    /// The post of an event.
    Post(EventId),
    /// News about an event.
    Notice {
        /// About which event.
        event: EventId,
        /// What happened.
        news: News,
        /// What an organiser said, if that is the news.
        words: Option<Announcement>,
        /// Members to mention.
        mentions: Vec<UserId>,
        /// Whom an organiser said it to, if that is the news.
        audience: Option<Audience>,
        /// The role to mention where no members are, if it is not the event's.
        role: Option<RoleId>,
        /// Which part it is, from 1.
        part: usize,
        /// How many parts there are.
        parts: usize,
    },
    /// News about an event, to one member by direct message.
    Direct {
        /// About which event.
        event: EventId,
        /// What happened.
        news: News,
        /// What an organiser said, if that is the news.
        words: Option<Announcement>,
        /// To whom.
        member: UserId,
    },
    /// A reminder for those who have not answered. Who they are is found out when its turn comes;
    /// then it becomes the messages that mention them.
    Unanswered {
        /// Of which event.
        event: EventId,
        /// What it says beside the event.
        words: Option<Announcement>,
        /// Those with this role; without, all.
        role: Option<RoleId>,
    },
    /// The first message to a guild.
    Greeting,
    /// What organisers are told of what went wrong.
    Report {
        /// To whom by direct message; `None` if it goes into the organisers' channel.
        member: Option<UserId>,
    },
}

/// Who may be meant by a reminder for those who have not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Candidates {
    /// Those who came to the guild's events lately.
    CameBefore,
    /// These members.
    These(Vec<UserId>),
    /// So many that nobody is mentioned one by one.
    TooMany,
}

impl DeliveryContent {
    /// The news that it tells, if it tells any.
    #[must_use]
    pub const fn news(&self) -> Option<News> {
        match self {
            Self::Notice { news, .. } | Self::Direct { news, .. } => Some(*news),
            Self::Unanswered { .. } => Some(News::Reminder),
            Self::Post(_) | Self::Greeting | Self::Report { .. } => None,
        }
    }
}

/// What is known of the attempts that were made under a claim and that brought no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempted {
    /// Discord took none of them, for certain: they count as never made.
    NotTaken,
    /// Discord may have taken one of them.
    Unclear,
    /// Discord took none of them, and nothing could tell what an earlier one had left. That counts
    /// as one attempt, so that it is not looked for so often, nor for ever.
    LookedInVain,
}

/// Whether a claim still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Hold {
    /// It does; what was asked is done.
    Ours,
    /// The delivery has ended or is in other hands; nothing was changed.
    Lost,
}

/// How a delivery ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryEnd {
    /// Discord has it.
    Sent {
        /// Where it went.
        channel: ChannelId,
        /// The message.
        message: MessageId,
        /// The version of the event that it shows, for a post.
        version: u64,
    },
    /// It is no longer wanted.
    Skipped(&'static str),
    /// It was left out though it was wanted, of which the organisers are told.
    Missed(MissedCause),
    /// Discord refuses it for good.
    Dead(String),
    /// Its channel takes no messages, of which the organisers are told once.
    Broken(Breakage),
    /// News that would go into the event's post in a forum, and no post is known.
    NoPost,
    /// Discord may or may not have it, and nothing can tell; it is not sent again.
    Unclear,
}

/// Why a delivery that was wanted was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissedCause {
    /// It came too late.
    TooLate,
    /// It is the post of an event that is over.
    Over,
    /// It is a reminder for those of a role who have not answered, where the members of the guild
    /// are not known.
    MembersUnknown,
}
