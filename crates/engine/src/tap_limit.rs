//! How often one member may tap, so that nobody can wear out a post for all others; and how often
//! members and guilds may ask for anything else.

use muster_domain::id::{EventId, GuildId, UserId};
use muster_domain::rights::Actor;
use muster_store::StoreError;
use muster_store::port::Events as _;
use muster_vitals::limiter::Asked;
pub use muster_vitals::limiter::{Admission as TapAdmission, Rate as TapRate};
use muster_vitals::security::At;
use muster_vitals::snapshot::{Blocked, SecurityKind, Subject};
use tracing::warn;

use crate::app::{App, World};
use crate::ports::Clock as _;

impl<W: World> App<W> {
    /// Admits a member's tap, or refuses one too many. Nothing but the member's own taps counts.
    #[must_use]
    pub fn admit_tap(&self, member: UserId, guild: Option<GuildId>) -> TapAdmission {
        let Some(rate) = self.config().taps else { return TapAdmission::Taken };
        let now = self.env().monotonic();
        let admission = self.vitals().limiter.tap(member.get(), rate, now);
        if admission == TapAdmission::Burst {
            let (security, at) = (&self.vitals().security, self.both_clocks());
            tell(security.note_taps(member.get(), guild.map(GuildId::get), at));
        }
        admission
    }

    /// Admits a code that a member typed to check in, or refuses one too many, so that nobody can
    /// try them all.
    pub(crate) fn admit_code(&self, member: UserId) -> TapAdmission {
        self.vitals().limiter.code(member.get(), self.env().monotonic())
    }

    /// Admits a command, a form or a panel, or refuses one too many. Without a limit of taps there
    /// is none of these.
    #[must_use]
    pub fn admit(&self, member: UserId, guild: Option<GuildId>, asked: Asked<'_>) -> TapAdmission {
        if self.config().taps.is_none() {
            return TapAdmission::Taken;
        }
        let now = self.env().monotonic();
        // Direct messages are nobody's guild, and count as one of their own.
        let of = guild.map_or(member.get(), GuildId::get);
        let admission = self.vitals().limiter.ask(member.get(), of, asked, now);
        if admission == TapAdmission::Burst {
            self.note_security(SecurityKind::RateLimitBurst, member, guild);
        }
        admission
    }

    /// Takes note of something that should not happen, which may keep somebody out for a while.
    pub fn note_security(&self, kind: SecurityKind, member: UserId, guild: Option<GuildId>) {
        let (security, at) = (&self.vitals().security, self.both_clocks());
        tell(security.note(kind, Some(member.get()), guild.map(GuildId::get), at));
    }

    fn both_clocks(&self) -> At {
        At { wall: self.now(), monotonic: self.env().monotonic() }
    }

    /// Takes note of a member who asks for an event of another guild. An error is the store's.
    pub async fn note_if_elsewhere(&self, actor: &Actor, event: EventId) -> Result<(), StoreError> {
        if self.store().is_elsewhere(actor.guild, event).await? {
            self.note_security(SecurityKind::CrossGuild, actor.user, Some(actor.guild));
        }
        Ok(())
    }

    /// Why a member is kept out, if they are. Costs next to nothing while nobody is.
    #[must_use]
    pub fn kept_out(&self, member: UserId) -> Option<Blocked> {
        self.vitals().security.blocked(Subject::Member(member.get()), self.env().monotonic())
    }

    /// Why a guild is kept out, if it is; taps of its members are not.
    #[must_use]
    pub fn guild_kept_out(&self, guild: GuildId) -> Option<Blocked> {
        self.vitals().security.blocked(Subject::Guild(guild.get()), self.env().monotonic())
    }

    /// Whether somebody who is kept out is to be told so; the next minute, not again.
    #[must_use]
    pub fn tells_why(&self, member: UserId) -> bool {
        self.vitals().limiter.tells(member.get(), self.env().monotonic())
    }
}

/// Tells the operator who is kept out from now on.
fn tell(kept_out: Vec<Blocked>) {
    for Blocked { subject, kind, until } in kept_out {
        warn!(?subject, kind = kind.name(), %until, "blocked for a while");
    }
}
