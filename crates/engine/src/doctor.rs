//! Tests what the bot needs in a guild, and has failed messages tried again.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId, RoleId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::settings::GuildSettings;
use muster_domain::text::Title;
use muster_store::model::{
    Condition, FailedLine, GonePost, Outlook, Page, Retried, UnreadableKind, UnreadableRow, Window,
};
use muster_store::port::Troubles as _;
use tracing::warn;

use crate::app::{App, World};
use crate::deliver::Delivered;
use crate::discord::{ChannelFound, Discord, Examined, RoleFound};
use crate::limits::{
    CLOCK_TOLERANCE, DOCTOR_TESTS_MAX, DOCTOR_WAIT, FAILED_ROWS, OVERDUE, POST_WAIT, SPACE_LITTLE,
};
use crate::ports::{Tasks, within};
use crate::refusal::{Refusal, Stop};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something does not work.
    Broken,
    /// Something works in part, or will soon not work.
    Warning,
    /// Something could be better, or is worth knowing.
    Note,
}

/// What a channel is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelUse {
    /// It is the guild's channel for events.
    Events,
    /// It is the guild's channel for organisers.
    Organisers,
    /// Events to come are posted there.
    Posts,
}

/// Something that the doctor found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Discord did not say in time how things are.
    DiscordSilent,
    /// A channel does not exist any more.
    ChannelGone(ChannelId, ChannelUse),
    /// The bot may not write into a channel, for lack of these permissions.
    CannotWrite(ChannelId, ChannelUse, Permissions),
    /// The bot can write into a channel, and lacks these permissions that posts need.
    Lacks(ChannelId, ChannelUse, Permissions),
    /// A role that is to be mentioned does not exist any more.
    MentionGone(RoleId),
    /// The bot would mention a role in a channel, and may not.
    MayNotMention(ChannelId, RoleId),
    /// The bot cannot give a role that an answer gives.
    RoleNotGiven(RoleId, NotGiven),
    /// A row was set aside because it cannot be read; with the title of what it is about, if that
    /// can be.
    Unreadable(UnreadableKind, Option<Title>),
    /// Messages that should have gone out are tried still.
    Overdue(usize),
    /// The post of an event was deleted.
    PostGone(EventId, Title, ChannelId),
    /// Our clock is so far behind Discord's, or before it if it is less than nothing.
    ClockOff(SignedDuration),
    /// The database is not sound.
    DatabaseUnsound,
    /// There is little space left for the database.
    LittleSpace,
    /// Members who asked for direct messages take none.
    ClosedToUs(usize),
    /// The guild has chosen no time zone.
    NoZone,
    /// The guild has chosen no channel for organisers.
    NoAdminChannel,
}

impl Finding {
    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::ChannelGone(..)
            | Self::CannotWrite(..)
            | Self::MayNotMention(..)
            | Self::RoleNotGiven(..)
            | Self::Unreadable(..)
            | Self::DatabaseUnsound
            | Self::LittleSpace => Severity::Broken,
            Self::DiscordSilent
            | Self::Lacks(..)
            | Self::MentionGone(_)
            | Self::Overdue(_)
            | Self::PostGone(..)
            | Self::ClockOff(_) => Severity::Warning,
            Self::ClosedToUs(_) | Self::NoZone | Self::NoAdminChannel => Severity::Note,
        }
    }
}

/// What the doctor found in a guild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkup {
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// Messages that failed, those that ended last first.
    pub failed: Page<FailedLine>,
    /// Which page of them it is, from 0.
    pub page: usize,
    /// How many channels were tested.
    pub channels: usize,
    /// How many roles were.
    pub roles: usize,
    /// When something is due next; `None` if nothing is.
    pub next_due: Option<Timestamp>,
    /// When all this was looked at.
    pub at: Timestamp,
}

/// What became of a message that somebody had tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryEnd {
    /// Discord has it.
    Sent,
    /// It is on its way.
    UnderWay,
    /// Discord refuses it as before.
    RefusedAgain,
    /// Nobody can tell whether it arrived, and it is not sent again.
    StillUnclear,
    /// It is not worth sending any more.
    NotWorthIt,
    /// There is no such failed message.
    NoSuch,
}

impl<W: World> App<W> {
    /// Tests everything that the bot needs in a guild, for somebody with Manage Server. A channel
    /// that is found to work gets at once what waits for it.
    pub async fn checkup(&self, actor: &Actor, page: usize) -> Result<Checkup, Stop> {
        let settings = self.settings_as_manager(actor).await?;
        let (guild, now) = (actor.guild, self.now());
        let late = now.saturating_sub(OVERDUE).unwrap_or(now);
        let outlook = self.store().outlook(guild, now, late, DOCTOR_TESTS_MAX).await?;
        let window = Window { skip: page.saturating_mul(FAILED_ROWS), limit: FAILED_ROWS };
        let failed = self.store().failed(guild, now, window).await?;
        let condition = self.store().condition(now).await?;
        let needs = Needs::of(guild, &settings, &outlook);
        let (channels, roles) = (needs.channels(), needs.roles());
        let examined = self.discord().examine(guild, &channels, &roles);
        let mut findings = match within(self.env(), DOCTOR_WAIT, examined).await {
            Some(Ok(examined)) => {
                self.note_channels(guild, &examined).await?;
                needs.findings(&examined)
            }
            Some(Err(error)) => {
                warn!(%guild, %error, "Discord does not tell the doctor how a guild is");
                vec![Finding::DiscordSilent]
            }
            None => vec![Finding::DiscordSilent],
        };
        findings.extend(of_deliveries(&outlook));
        findings.extend(self.of_machine(&condition));
        findings.extend(self.of_settings(&settings));
        findings.sort_by_key(Finding::severity);
        let (channels, roles) = (channels.len(), roles.len());
        let next_due = outlook.next_due;
        Ok(Checkup { findings, failed, page, channels, roles, next_due, at: now })
    }

    /// What works gets what waits for it, and what does not is told like everything else.
    async fn note_channels(&self, guild: GuildId, examined: &Examined) -> Result<(), Stop> {
        for (channel, found) in &examined.channels {
            let breakage = found.breakage();
            if breakage.is_none() {
                self.discord().forgive(*channel);
            }
            if self.store().channel_tested(guild, *channel, breakage, self.now()).await? {
                self.wake_scheduler();
            }
        }
        Ok(())
    }

    fn of_machine(&self, condition: &Condition) -> Vec<Finding> {
        let ahead = self.discord().clock_ahead();
        let off = ahead.filter(|ahead| ahead.abs() > CLOCK_TOLERANCE).map(Finding::ClockOff);
        let unsound = condition.sound.is_err().then_some(Finding::DatabaseUnsound);
        let is_little = condition.free_bytes.is_some_and(|free| free < SPACE_LITTLE);
        let little = is_little.then_some(Finding::LittleSpace);
        off.into_iter().chain(unsound).chain(little).collect()
    }

    fn of_settings(&self, settings: &GuildSettings) -> Vec<Finding> {
        let has_zone = settings.zone.is_some() || self.config().default_zone.is_some();
        let zone = (!has_zone).then_some(Finding::NoZone);
        let admin = settings.admin_channel.is_none().then_some(Finding::NoAdminChannel);
        zone.into_iter().chain(admin).collect()
    }

    /// Has a failed message tried again, for somebody with Manage Server, and waits a moment for
    /// what becomes of it.
    pub async fn retry_failed(
        &self,
        actor: &Actor,
        delivery: DeliveryId,
    ) -> Result<RetryEnd, Stop> {
        if !actor.is_manager() {
            return Err(Refusal::NotManager.into());
        }
        match self.store().retry(actor.guild, delivery, self.now()).await? {
            Retried::Again(channel) => {
                if let Some(channel) = channel {
                    self.discord().forgive(channel);
                }
                Ok(self.send_again(delivery).await)
            }
            Retried::UnderWay => Ok(RetryEnd::UnderWay),
            Retried::NotWorthIt => Ok(RetryEnd::NotWorthIt),
            Retried::NoSuch => Ok(RetryEnd::NoSuch),
        }
    }

    async fn send_again(&self, delivery: DeliveryId) -> RetryEnd {
        let (app, under_way) = (self.clone(), self.begin_work());
        let (sender, receiver) = tokio::sync::oneshot::channel();
        // On a task of its own, so that the attempt ends properly when the answer stops waiting.
        self.env().spawn("failed message again", async move {
            let delivered = app.deliver_now(delivery).await;
            // Nobody listens any more once the answer has gone out.
            drop(sender.send(delivered));
            app.wake_scheduler();
            drop(under_way);
        });
        match within(self.env(), POST_WAIT, receiver).await {
            Some(Ok(Delivered::Sent(..))) => RetryEnd::Sent,
            Some(Ok(Delivered::Dead(_))) => RetryEnd::RefusedAgain,
            Some(Ok(Delivered::Skipped)) => RetryEnd::StillUnclear,
            Some(Ok(Delivered::Later) | Err(_)) | None => RetryEnd::UnderWay,
        }
    }
}

fn of_deliveries(outlook: &Outlook) -> Vec<Finding> {
    let overdue = (outlook.overdue > 0).then_some(Finding::Overdue(outlook.overdue));
    let gone = outlook.gone.iter().map(|GonePost { event, title, channel }| {
        Finding::PostGone(*event, title.clone(), *channel)
    });
    let unreadable = outlook
        .unreadable
        .iter()
        .map(|UnreadableRow { kind, title, .. }| Finding::Unreadable(*kind, title.clone()));
    let closed = (outlook.closed_to_us > 0).then_some(Finding::ClosedToUs(outlook.closed_to_us));
    unreadable.chain(overdue).chain(gone).chain(closed).collect()
}

/// What a guild needs of Discord.
struct Needs {
    guild: GuildId,
    channels: Vec<(ChannelId, ChannelUse)>,
    mentions: Vec<(ChannelId, RoleId)>,
    granted: Vec<RoleId>,
}

impl Needs {
    fn of(guild: GuildId, settings: &GuildSettings, outlook: &Outlook) -> Self {
        let events = settings.channel.map(|channel| (channel, ChannelUse::Events));
        let organisers = settings.admin_channel.map(|channel| (channel, ChannelUse::Organisers));
        let posts = outlook.channels.iter().map(|channel| (*channel, ChannelUse::Posts));
        let mut seen = BTreeSet::new();
        let channels = events.into_iter().chain(organisers).chain(posts);
        let channels = channels.filter(|(channel, _)| seen.insert(*channel)).collect();
        let usual = settings.channel.zip(settings.mention_role);
        let mut seen = BTreeSet::new();
        let mentions = usual.into_iter().chain(outlook.mentions.iter().copied());
        let mentions = mentions.filter(|mention| seen.insert(*mention)).collect();
        Self { guild, channels, mentions, granted: outlook.granted.clone() }
    }

    fn channels(&self) -> Vec<ChannelId> {
        self.channels.iter().map(|(channel, _)| *channel).collect()
    }

    fn roles(&self) -> Vec<RoleId> {
        let mentioned = self.mentions.iter().map(|(_, role)| *role);
        let all: BTreeSet<_> = mentioned.chain(self.granted.iter().copied()).collect();
        all.into_iter().collect()
    }

    fn findings(&self, examined: &Examined) -> Vec<Finding> {
        let channel = |id| examined.channels.iter().find(|(found, _)| *found == id);
        let role = |id| examined.roles.iter().find(|(found, _)| *found == id);
        let channels = self.channels.iter().filter_map(|(id, used)| {
            let (_, found) = channel(*id)?;
            of_channel(*id, *used, *found)
        });
        let mentions = self.mentions.iter().filter_map(|(place, id)| {
            let (_, place_found) = channel(*place)?;
            self.of_mention((*place, *place_found), *id, role(*id)?.1)
        });
        let granted = self.granted.iter().filter_map(|id| {
            let found = role(*id)?.1.given;
            found.err().map(|why| Finding::RoleNotGiven(*id, why))
        });
        let mut findings: Vec<_> = channels.chain(mentions).chain(granted).collect();
        // A role that is gone is missed in every channel, and told once.
        findings.dedup();
        findings
    }

    fn of_mention(
        &self,
        (channel, place): (ChannelId, ChannelFound),
        role: RoleId,
        found: RoleFound,
    ) -> Option<Finding> {
        let ChannelFound::There { permissions, .. } = place else { return None };
        let is_everyone = role.get() == self.guild.get();
        let may = permissions.allow(Permissions::MENTION_EVERYONE);
        match found.given {
            Err(NotGiven::NoSuchRole) if !is_everyone => Some(Finding::MentionGone(role)),
            _ if may || (found.mentionable && !is_everyone) => None,
            _ if permissions.is_empty() => None,
            _ => Some(Finding::MayNotMention(channel, role)),
        }
    }
}

fn of_channel(channel: ChannelId, used: ChannelUse, found: ChannelFound) -> Option<Finding> {
    use muster_store::model::Breakage;
    match found.breakage()? {
        Breakage::Gone => Some(Finding::ChannelGone(channel, used)),
        Breakage::Refuses => Some(Finding::CannotWrite(channel, used, found.missing())),
        Breakage::Lacks => Some(Finding::Lacks(channel, used, found.missing())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUILD: GuildId = GuildId::new(1);
    const CHANNEL: ChannelId = ChannelId::new(2);
    const ROLE: RoleId = RoleId::new(3);

    fn needs(role: RoleId) -> Needs {
        let settings = GuildSettings {
            channel: Some(CHANNEL),
            mention_role: Some(role),
            ..GuildSettings::default()
        };
        let outlook = Outlook {
            channels: vec![CHANNEL],
            mentions: vec![(CHANNEL, role)],
            granted: vec![ROLE],
            ..Outlook::default()
        };
        Needs::of(GUILD, &settings, &outlook)
    }

    fn found(role: RoleId, permissions: Permissions, found: RoleFound) -> Vec<Finding> {
        let there = ChannelFound::There { permissions, is_thread: false };
        let (channels, roles) = (vec![(CHANNEL, there)], vec![(role, found), (ROLE, found)]);
        needs(role).findings(&Examined { channels, roles })
    }

    #[test]
    fn each_channel_and_role_is_asked_for_once() {
        let needs = needs(ROLE);
        assert_eq!((needs.channels(), needs.roles()), (vec![CHANNEL], vec![ROLE]));
        assert_eq!(needs.mentions, [(CHANNEL, ROLE)]);
    }

    #[test]
    fn a_role_that_nobody_else_may_mention_needs_mention_everyone() {
        let role = RoleFound { mentionable: false, given: Ok(()) };
        let may_not = Finding::MayNotMention(CHANNEL, ROLE);
        assert_eq!(found(ROLE, Permissions::TO_POST, role), [may_not]);
        assert_eq!(found(ROLE, Permissions::ADMINISTRATOR, role), []);
        let open = RoleFound { mentionable: true, ..role };
        assert_eq!(found(ROLE, Permissions::TO_POST, open), []);
        let everyone = RoleId::new(GUILD.get());
        let may_not = Finding::MayNotMention(CHANNEL, everyone);
        assert_eq!(found(everyone, Permissions::TO_POST, open), [may_not]);
    }

    #[test]
    fn what_is_gone_or_above_the_bot_is_named() {
        let gone = RoleFound { mentionable: false, given: Err(NotGiven::NoSuchRole) };
        let named = found(ROLE, Permissions::TO_POST, gone);
        let not_given = Finding::RoleNotGiven(ROLE, NotGiven::NoSuchRole);
        assert_eq!(named, [Finding::MentionGone(ROLE), not_given]);
        let hidden =
            found(ROLE, Permissions::default(), RoleFound { mentionable: true, given: Ok(()) });
        let cannot = Finding::CannotWrite(CHANNEL, ChannelUse::Events, Permissions::TO_POST);
        assert_eq!(hidden, [cannot]);
    }
}
