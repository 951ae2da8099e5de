//! Guilds, their settings and members' zones.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::id::{GuildId, RoleId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::settings::{GuildSettings, Language, SettingsChange};
use muster_domain::zone::Zone;
use muster_store::model::{Arrival, Shard};
use muster_store::port::Guilds;
use tracing::info;

use crate::app::{App, World};
use crate::refusal::{Refusal, Stop};

/// A zone, and who chose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZoneInForce {
    /// The member's own.
    Own(Zone),
    /// The guild's.
    Guild(Zone),
    /// The operator's default.
    Default(Zone),
}

impl ZoneInForce {
    /// The zone itself.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        match self {
            Self::Own(zone) | Self::Guild(zone) | Self::Default(zone) => zone,
        }
    }
}

impl<W: World> App<W> {
    /// The bot is in this guild, as Discord says at each connection. Returns once it is stored,
    /// or something newer is known of the guild.
    pub async fn guild_arrived(&self, guild: GuildId) -> Result<(), Stop> {
        let stored = || self.store().guild_arrived(guild, self.now());
        match self.store_news(guild, stored).await? {
            Some(Arrival::New) => self.wake_scheduler(),
            // What was due and what its posts do not show yet has waited for this.
            Some(Arrival::Returned) => {
                // Its channels refused us while we were not there. Which they are is not known
                // here, and others refuse but once more.
                self.forgive_all();
                self.wake_all();
            }
            Some(Arrival::Known) | None => {}
        }
        Ok(())
    }

    /// The bot was removed from this guild. Returns as [`App::guild_arrived`] does.
    pub async fn guild_left(&self, guild: GuildId) -> Result<(), Stop> {
        let stored = || self.store().guild_left(guild, self.now());
        self.store_news(guild, stored).await.map(drop)
    }

    /// These are all guilds of a shard that the bot is in, as Discord says when a session begins:
    /// from the others it was removed while it was away.
    pub async fn only_guilds(&self, shard: Shard, present: BTreeSet<GuildId>) -> Result<(), Stop> {
        self.membership().begin_anew();
        let gone = self.store().only_guilds(shard, present, self.now()).await?;
        if gone > 0 {
            info!(shard = shard.number, gone, "the bot was removed from guilds while it was away");
        }
        Ok(())
    }

    /// A guild's settings.
    pub async fn settings(&self, guild: GuildId) -> Result<GuildSettings, Stop> {
        Ok(self.store().settings(guild).await?)
    }

    /// What is spoken in a guild, if that is at hand: for answers for which nothing is to be read.
    #[must_use]
    pub fn language_at_hand(&self, guild: GuildId) -> Option<Language> {
        self.store().language_at_hand(guild)
    }

    /// A guild's settings, for somebody who may change them.
    pub async fn settings_as_manager(&self, actor: &Actor) -> Result<GuildSettings, Stop> {
        if !actor.is_manager() {
            return Err(Refusal::NotManager.into());
        }
        self.settings(actor.guild).await
    }

    /// Changes one setting; returns all of them.
    pub async fn change_settings(
        &self,
        actor: &Actor,
        change: SettingsChange,
    ) -> Result<GuildSettings, Stop> {
        if !actor.is_manager() {
            return Err(Refusal::NotManager.into());
        }
        let changed = self.store().change_settings(actor.guild, change, self.now()).await?;
        // Posts that are planned ahead, or a look at the week, may be due earlier than before.
        self.wake_scheduler();
        Ok(changed)
    }

    /// A guild's settings, for an organiser; refused for anybody else.
    pub async fn organiser_settings(&self, actor: &Actor) -> Result<GuildSettings, Stop> {
        let settings = self.settings(actor.guild).await?;
        if actor.is_organiser(&settings.organiser_roles) {
            Ok(settings)
        } else {
            Err(Refusal::NotOrganiser.into())
        }
    }

    /// Refuses a role that this organiser may not notify: one that Discord would not let them
    /// mention themselves, unless the guild chose it for its events.
    pub async fn check_mention(
        &self,
        actor: &Actor,
        role: RoleId,
        mentionable: bool,
    ) -> Result<(), Stop> {
        if self.may_mention(actor, role, mentionable).await? {
            Ok(())
        } else {
            Err(Refusal::MayNotMention(role).into())
        }
    }

    /// Whether [`App::check_mention`] takes it. Anything but this answer is an error: a role is not
    /// to be left out because the store failed.
    pub async fn may_mention(
        &self,
        actor: &Actor,
        role: RoleId,
        mentionable: bool,
    ) -> Result<bool, Stop> {
        let chosen = self.organiser_settings(actor).await?.mention_role;
        let may = actor.permissions.allow(Permissions::MENTION_EVERYONE);
        Ok(may || mentionable || chosen == Some(role))
    }

    /// Whether this member is an organiser.
    pub async fn is_organiser(&self, actor: &Actor) -> Result<bool, Stop> {
        let settings = self.settings(actor.guild).await?;
        Ok(actor.is_organiser(&settings.organiser_roles))
    }

    /// The zone in which a member's words are read: their own, the guild's, the operator's
    /// default; `None` if nobody chose one.
    pub async fn zone_for(
        &self,
        member: UserId,
        settings: &GuildSettings,
    ) -> Result<Option<ZoneInForce>, Stop> {
        let own = self.store().member_zone(member).await?.map(ZoneInForce::Own);
        let guild = || settings.zone.clone().map(ZoneInForce::Guild);
        let default = || self.config().default_zone.clone().map(ZoneInForce::Default);
        Ok(own.or_else(guild).or_else(default))
    }

    /// The zone in which a guild counts its days; UTC if nobody chose one.
    #[must_use]
    pub fn zone_of_guild(&self, settings: &GuildSettings) -> jiff::tz::TimeZone {
        let zone = settings.zone.as_ref().or(self.config().default_zone.as_ref());
        zone.map_or(jiff::tz::TimeZone::UTC, |zone| zone.rules().clone())
    }

    /// A member chooses a zone, or none.
    pub async fn choose_zone(&self, member: UserId, zone: Option<Zone>) -> Result<(), Stop> {
        Ok(self.store().set_member_zone(member, zone).await?)
    }
}

/// The instants between which a day of a guild lies, `days` after today (−1 is yesterday).
#[must_use]
pub fn day_of(
    now: Timestamp,
    zone: &jiff::tz::TimeZone,
    days: i32,
) -> Option<(Timestamp, Timestamp)> {
    let today = now.to_zoned_datetime(zone.clone()).date();
    let day = today.checked_add(jiff::Span::new().days(days)).ok()?;
    let next = day.checked_add(jiff::Span::new().days(1)).ok()?;
    let begin =
        |date: jiff::civil::Date| date.to_zoned_datetime(zone.clone()).ok().map(|z| z.timestamp());
    Some((begin(day)?, begin(next)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_with_a_daylight_saving_change_has_23_or_25_hours() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let spring: Timestamp = "2027-03-28T10:00:00Z".parse().unwrap();
        let (from, to) = day_of(spring, zone.rules(), 0).unwrap();
        assert_eq!(to.duration_since(from).as_hours(), 23);
        let (from, to) = day_of(spring, zone.rules(), -1).unwrap();
        assert_eq!(
            (from.to_string(), to.duration_since(from).as_hours()),
            ("2027-03-26T23:00:00Z".into(), 24)
        );
    }
}
