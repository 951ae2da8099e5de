//! Tests what the bot needs in a guild, and has failed messages tried again.

mod needs;

use jiff::{SignedDuration, Timestamp};
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId, RoleId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::settings::GuildSettings;
use muster_domain::text::Title;
use muster_store::model::{
    ChoreKind, Condition, FailedCause, FailedLine, GonePost, Outlook, Page, Retried,
    UnreadableKind, UnreadableRow, Window,
};
use muster_store::port::{Chores as _, Troubles as _};
use tracing::warn;

use self::needs::Needs;
use crate::app::{App, MemberLists, World};
use crate::deliver::Delivered;
use crate::discord::{Discord, DiscordError, Examined};
use crate::limits::{
    CLOCK_TOLERANCE, DOCTOR_CHORES_MAX, DOCTOR_NEEDS_MAX, DOCTOR_TESTS_TOGETHER, DOCTOR_WAIT,
    FAILED_ROWS, OVERDUE, POST_WAIT, SPACE_LITTLE,
};
use crate::ports::{Clock as _, Tasks, within};
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
    /// A series posts there.
    Series,
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
    /// The server wants threads, and the bot lacks these permissions to open them in a channel and
    /// to write into them.
    NoThreads(ChannelId, Permissions),
    /// Something about a post was given up.
    GivenUp(Undone),
    /// Lists of members are to be read, and Discord does not let the bot.
    MembersRefused,
    /// Those of a role are to be reminded who have not answered, and who has a role is not known.
    RoleUnknown(RoleId),
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
    /// The database could not be tested in time: something else that takes long is under way.
    DatabaseBusy,
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
            | Self::MembersRefused
            | Self::RoleUnknown(_)
            | Self::Unreadable(..)
            | Self::DatabaseUnsound
            | Self::LittleSpace => Severity::Broken,
            Self::DiscordSilent
            | Self::Lacks(..)
            | Self::MentionGone(_)
            | Self::NoThreads(..)
            | Self::GivenUp(_)
            | Self::Overdue(_)
            | Self::PostGone(..)
            | Self::DatabaseBusy
            | Self::ClockOff(_) => Severity::Warning,
            Self::ClosedToUs(_) | Self::NoZone | Self::NoAdminChannel => Severity::Note,
        }
    }
}

/// Something about an event's post that the bot has given up to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// What.
    pub kind: ChoreKind,
    /// The event's title.
    pub title: Title,
    /// In which channel or thread.
    pub channel: ChannelId,
    /// Why.
    pub cause: FailedCause,
    /// What the bot lacks for it there now.
    pub missing: Permissions,
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
    /// How many more are in use, for which there was no time.
    pub untested: usize,
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
    /// It is told in the event's post, and no post is known.
    NoPost,
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
        let outlook = self.store().outlook(guild, now, late, DOCTOR_NEEDS_MAX).await?;
        let window = Window::page(page, FAILED_ROWS);
        let failed = self.store().failed(guild, now, window).await?;
        let given_up = self.store().given_up_chores(guild, now, DOCTOR_CHORES_MAX).await?;
        // A copy that is being made, or another test, may keep it waiting.
        let condition = within(self.env(), DOCTOR_WAIT, self.store().condition(now)).await;
        let condition = condition.transpose()?;
        let needs = Needs::of(guild, &settings, &outlook).with_given_up(given_up);
        let (mut findings, untested) = match self.of_discord(guild, &needs, &outlook).await {
            Ok((examined, of_members)) => {
                self.note_channels(guild, &needs, &examined).await?;
                let findings = needs.findings(&examined).into_iter().chain(of_members).collect();
                (findings, needs.untested(&examined))
            }
            Err(()) => (vec![Finding::DiscordSilent], 0),
        };
        findings.extend(of_deliveries(&outlook));
        findings.extend(self.of_machine(condition.as_ref()));
        findings.extend(self.of_settings(&settings));
        findings.sort_by_key(Finding::severity);
        let channels = needs.channels().len().saturating_sub(untested);
        let (roles, next_due) = (needs.roles().len(), outlook.next_due);
        Ok(Checkup { findings, failed, page, channels, untested, roles, next_due, at: now })
    }

    /// What Discord says in time of what is needed, and what is wrong with lists of members; an
    /// error if it says nothing.
    async fn of_discord(
        &self,
        guild: GuildId,
        needs: &Needs,
        outlook: &Outlook,
    ) -> Result<(Examined, Vec<Finding>), ()> {
        let (looked_at, roles) = (needs.looked_at(), needs.roles());
        let begun = self.env().monotonic();
        let mut parts = looked_at.chunks(DOCTOR_TESTS_TOGETHER);
        let asked = async {
            let first = parts.next().unwrap_or_default();
            let examined = self.discord().examine(guild, first, &roles).await?;
            Ok::<_, DiscordError>((examined, self.of_members(guild, outlook).await?))
        };
        let (mut examined, of_members) = match within(self.env(), DOCTOR_WAIT, asked).await {
            Some(Ok(said)) => said,
            Some(Err(error)) => {
                warn!(%guild, %error, "Discord does not tell the doctor how a guild is");
                return Err(());
            }
            None => return Err(()),
        };
        for part in parts {
            let took = self.env().monotonic().saturating_sub(begun);
            let asked = self.discord().examine(guild, part, &[]);
            match within(self.env(), DOCTOR_WAIT.saturating_sub(took), asked).await {
                Some(Ok(more)) => examined.channels.extend(more.channels),
                Some(Err(_)) | None => break,
            }
        }
        Ok((examined, of_members))
    }

    /// What works gets what waits for it, and what does not is told like everything else.
    async fn note_channels(
        &self,
        guild: GuildId,
        needs: &Needs,
        examined: &Examined,
    ) -> Result<(), Stop> {
        let used = needs.channels();
        for (channel, found) in examined.channels.iter().filter(|(id, _)| used.contains(id)) {
            let breakage = found.breakage();
            if breakage.is_none() {
                self.forgive(*channel);
            }
            if self.store().channel_tested(guild, *channel, breakage, self.now()).await? {
                self.wake_scheduler();
            }
        }
        Ok(())
    }

    /// Whether it can be known who is in the guild, where that is needed.
    async fn of_members(
        &self,
        guild: GuildId,
        outlook: &Outlook,
    ) -> Result<Vec<Finding>, DiscordError> {
        match self.config().member_lists {
            MemberLists::On if self.discord().may_list_members(guild).await? => Ok(Vec::new()),
            MemberLists::On => Ok(vec![Finding::MembersRefused]),
            MemberLists::Off => {
                Ok(outlook.unanswered_of.iter().copied().map(Finding::RoleUnknown).collect())
            }
        }
    }

    fn of_machine(&self, condition: Option<&Condition>) -> Vec<Finding> {
        let ahead = self.discord().clock_ahead();
        let off = ahead.filter(|ahead| ahead.abs() > CLOCK_TOLERANCE).map(Finding::ClockOff);
        let Some(condition) = condition else {
            return off.into_iter().chain([Finding::DatabaseBusy]).collect();
        };
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
        self.retry_failed_in(actor.guild, delivery).await
    }

    /// The same in whichever guild, for whoever operates the bot; the caller knows that they do.
    pub async fn retry_failed_in(
        &self,
        guild: GuildId,
        delivery: DeliveryId,
    ) -> Result<RetryEnd, Stop> {
        match self.store().retry(guild, delivery, self.now()).await? {
            Retried::Again(channel) => {
                if let Some(channel) = channel {
                    self.forgive(channel);
                }
                Ok(self.send_again(delivery).await)
            }
            Retried::UnderWay => Ok(RetryEnd::UnderWay),
            Retried::NotWorthIt => Ok(RetryEnd::NotWorthIt),
            Retried::NoSuch => Ok(RetryEnd::NoSuch),
        }
    }

    /// Has all that was given up about posts done again, for somebody with Manage Server.
    pub async fn retry_chores(&self, actor: &Actor) -> Result<RetryEnd, Stop> {
        if !actor.is_manager() {
            return Err(Refusal::NotManager.into());
        }
        self.retry_chores_in(actor.guild).await
    }

    /// The same in whichever guild, for whoever operates the bot; the caller knows that they do.
    pub async fn retry_chores_in(&self, guild: GuildId) -> Result<RetryEnd, Stop> {
        let now = self.now();
        for given_up in self.store().given_up_chores(guild, now, DOCTOR_CHORES_MAX).await? {
            self.forgive(given_up.chore.channel);
        }
        self.store().retry_chores(guild, now).await?;
        self.wake_chores();
        Ok(RetryEnd::UnderWay)
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
            Some(Ok(Delivered::NotWanted)) => RetryEnd::NotWorthIt,
            Some(Ok(Delivered::NoPost)) => RetryEnd::NoPost,
            Some(Ok(Delivered::Unclear)) => RetryEnd::StillUnclear,
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
