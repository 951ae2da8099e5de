//! What a guild has chosen.

use jiff::SignedDuration;
use jiff::civil::{Time, time};
use thiserror::Error;

use crate::id::{ChannelId, RoleId};
use crate::limits::{CLEAN_UP_HOURS_MAX, RETENTION_DAYS_MAX};
use crate::zone::Zone;

/// A language that Muster speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
}

impl Language {
    /// All that there are.
    pub const ALL: [Self; 1] = [Self::English];

    /// Its code. (BCP 47)
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }
}

/// How long events that are over are kept: 1 to [`RETENTION_DAYS_MAX`] days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Retention(u32);

/// The number of days was 0 or too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("events are kept for 1 to {max} days, not {given}", max = RETENTION_DAYS_MAX)]
pub struct RetentionError {
    /// What was asked for.
    pub given: i64,
}

impl Retention {
    /// Checks a number of days that a person gave.
    pub fn parse(given: i64) -> Result<Self, RetentionError> {
        u32::try_from(given)
            .ok()
            .filter(|days| (1..=RETENTION_DAYS_MAX).contains(days))
            .map(Self)
            .ok_or(RetentionError { given })
    }

    /// The days.
    #[must_use]
    pub const fn days(self) -> u32 {
        self.0
    }
}

/// So many hours after the end of an event: 1 to [`CLEAN_UP_HOURS_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HoursAfterEnd(u16);

/// The number of hours was 0 or too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("posts are cleaned away 1 to {max} hours after the end, not {given}",
    max = CLEAN_UP_HOURS_MAX)]
pub struct HoursAfterEndError {
    /// What was asked for.
    pub given: i64,
}

impl HoursAfterEnd {
    /// Checks a number of hours.
    pub fn parse(given: i64) -> Result<Self, HoursAfterEndError> {
        u16::try_from(given)
            .ok()
            .filter(|hours| (1..=CLEAN_UP_HOURS_MAX).contains(hours))
            .map(Self)
            .ok_or(HoursAfterEndError { given })
    }

    /// The hours.
    #[must_use]
    pub const fn hours(self) -> u16 {
        self.0
    }

    /// The same as a length of time.
    #[must_use]
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_hours(self.0.into())
    }
}

/// What becomes of the post of an event that is over. Answers are kept in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CleanUp {
    /// It stays.
    #[default]
    Keep,
    /// It is deleted so long after the end, and its thread archived.
    Delete(HoursAfterEnd),
    /// Its thread is archived so long after the end. A post without one stays.
    Archive(HoursAfterEnd),
}

/// A guild's settings; everything unset is Muster's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the settings")]
pub struct GuildSettings {
    /// Where events are posted when the organiser names no channel.
    pub channel: Option<ChannelId>,
    /// The zone in which "today" and words for time are read, unless a member has their own.
    pub zone: Option<Zone>,
    /// Roles whose members are organisers, beside those with Manage Events or Manage Server.
    /// At most [`crate::limits::ORGANISER_ROLES_MAX`].
    pub organiser_roles: Vec<RoleId>,
    /// The role that new posts mention when the organiser names none.
    pub mention_role: Option<RoleId>,
    /// The language in which it is spoken to.
    pub language: Language,
    /// How long events that are over are kept; for ever unless it says so.
    pub retention: Option<Retention>,
    /// Whether new events show counts alone, and names to organisers only.
    pub names_hidden: bool,
    /// Where organisers are told what concerns them alone.
    pub admin_channel: Option<ChannelId>,
    /// The time of day, on the guild's clocks, of an event of which only the day is said. While it
    /// is unset, the time is asked for.
    pub event_time: Option<Time>,
    /// The time of day, on the guild's clocks, at which events are posted that are planned ahead;
    /// see [`GuildSettings::posts_at`].
    pub posting_time: Option<Time>,
    /// Whether a report that all see names those who come most often.
    pub leaderboards: bool,
    /// Whether a thread is opened for each new event.
    pub threads: bool,
    /// What becomes of the posts of events that end from now on.
    pub clean_up: CleanUp,
    /// Whether organisers are told on Mondays that nothing is planned for the week.
    pub nudges: bool,
}

/// When events that are planned ahead are posted while the guild has chosen no time: nine o'clock.
pub const POSTING_TIME_DEFAULT: Time = time(9, 0, 0, 0);

/// One change to a guild's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsChange {
    /// Post there, or where the command is used.
    Channel(Option<ChannelId>),
    /// Read times so, or ask.
    Zone(Option<Zone>),
    /// These roles are organisers.
    OrganiserRoles(Vec<RoleId>),
    /// Mention this role, or nobody.
    MentionRole(Option<RoleId>),
    /// Speak this language.
    Language(Language),
    /// Keep events that are over so long, or for ever.
    Retention(Option<Retention>),
    /// New events show names, or counts alone.
    NamesHidden(bool),
    /// Tell organisers there.
    AdminChannel(Option<ChannelId>),
    /// The usual times of day of events and of their posts.
    Times {
        /// When events take place of which only the day is said; or ask.
        event: Option<Time>,
        /// When events are posted that are planned ahead; or at [`POSTING_TIME_DEFAULT`].
        posting: Option<Time>,
    },
    /// A report that all see names those who come most often, or nobody.
    Leaderboards(bool),
    /// New events get a thread, or none.
    Threads(bool),
    /// This becomes of posts of events that end from now on.
    CleanUp(CleanUp),
    /// Organisers are told on Mondays that nothing is planned for the week, or are not.
    Nudges(bool),
}

impl GuildSettings {
    /// The settings with one change made.
    #[must_use]
    pub fn changed(mut self, change: SettingsChange) -> Self {
        match change {
            SettingsChange::Channel(channel) => self.channel = channel,
            SettingsChange::Zone(zone) => self.zone = zone,
            SettingsChange::OrganiserRoles(roles) => self.organiser_roles = roles,
            SettingsChange::MentionRole(role) => self.mention_role = role,
            SettingsChange::Language(language) => self.language = language,
            SettingsChange::Retention(retention) => self.retention = retention,
            SettingsChange::NamesHidden(hidden) => self.names_hidden = hidden,
            SettingsChange::AdminChannel(channel) => self.admin_channel = channel,
            SettingsChange::Times { event, posting } => {
                self.event_time = event;
                self.posting_time = posting;
            }
            SettingsChange::Leaderboards(shown) => self.leaderboards = shown,
            SettingsChange::Threads(threads) => self.threads = threads,
            SettingsChange::CleanUp(clean_up) => self.clean_up = clean_up,
            SettingsChange::Nudges(nudges) => self.nudges = nudges,
        }
        self
    }

    /// The time of day at which events are posted that are planned ahead.
    #[must_use]
    pub fn posts_at(&self) -> Time {
        self.posting_time.unwrap_or(POSTING_TIME_DEFAULT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_are_cleaned_away_from_an_hour_to_thirty_days_after_the_end() {
        assert_eq!(HoursAfterEnd::parse(720).map(HoursAfterEnd::hours), Ok(720));
        for given in [0, -1, 721, i64::MAX] {
            assert_eq!(HoursAfterEnd::parse(given), Err(HoursAfterEndError { given }));
        }
    }

    #[test]
    fn events_are_kept_from_a_day_to_ten_years() {
        assert_eq!(Retention::parse(3_650).map(Retention::days), Ok(3_650));
        for given in [0, -1, 3_651, i64::MAX] {
            assert_eq!(Retention::parse(given), Err(RetentionError { given }));
        }
    }
}
