//! Gives members the roles of their answers, and takes them away again. What follows from a roster
//! is planned when the roster has changed; giving and taking are the same however often they are
//! done, so that a crash costs nothing but doing the last step once more.

use std::collections::BTreeMap;
use std::time::Duration;

use muster_domain::grant::NotGiven;
use muster_domain::id::{GuildId, RoleId};
use muster_store::StoreError;
use muster_store::model::{Grant, GrantEnd, GrantStep};
use muster_store::port::Grants as _;
use tracing::{info, warn};

use crate::app::{App, World};
use crate::background::{ROLE, ROLES_PLANNED, Step};
use crate::discord::{Discord, DiscordError};
use crate::limits::{
    CLOCK_DOUBT_PAUSE, GRANTS_AT_ONCE, ROLE_FORBIDDEN_PAUSE, ROLE_KNOWN_FOR, ROLE_UNCLEAR_PAUSE,
    STORE_FAILED_PAUSE,
};
use crate::ports::Clock as _;

/// Whether roles can be given, as Discord said at these instants of the monotonic clock.
type Known = BTreeMap<(GuildId, RoleId), (Duration, Result<(), NotGiven>)>;

/// What became of a grant.
struct Ended {
    /// What the store is told.
    end: GrantEnd,
    /// How it counts as work.
    step: Step,
}

/// What there is to do.
#[derive(Default)]
struct ToDo {
    /// How many rosters were looked through.
    planned: usize,
    /// Which roles are to be given or taken.
    due: Vec<Grant>,
}

impl<W: World> App<W> {
    /// Gives and takes roles until the end comes. Run once per application, on a task of its own.
    pub async fn run_granter(self) {
        let _under_way = self.begin_work();
        while !self.is_closing() {
            if !self.can_go_by_the_clock().await {
                // By that time an event may seem to be over, and everybody lose their roles.
                self.wake_scheduler();
                self.until_closing(self.env().sleep(CLOCK_DOUBT_PAUSE)).await;
                continue;
            }
            match self.grant_what_is_due().await {
                Ok(0) => {
                    let next = self.store().next_grant().await;
                    self.wait_for_next("role", next, self.grants_changed()).await;
                }
                Ok(_) => {}
                Err(error) => {
                    warn!(%error, "roles that follow from answers could not be read or stored");
                    self.until_closing(self.env().sleep(STORE_FAILED_PAUSE)).await;
                }
            }
        }
    }

    async fn grants_to_do(&self) -> Result<ToDo, StoreError> {
        let planned = self.store().plan_grants(self.now(), GRANTS_AT_ONCE).await?;
        let due = self.store().due_grants(self.now(), GRANTS_AT_ONCE).await?;
        Ok(ToDo { planned, due })
    }

    /// Returns how much there was to do.
    async fn grant_what_is_due(&self) -> Result<usize, StoreError> {
        let found = self.task(ROLES_PLANNED, || self.grants_to_do()).await?;
        let ToDo { planned, due } = found.unwrap_or_default();
        let done = due.len();
        let mut known = Known::new();
        for grant in due {
            if self.is_closing() {
                break;
            }
            self.step(ROLE, self.grant(grant, &mut known)).await?;
        }
        Ok(planned.saturating_add(done))
    }

    async fn grant(&self, grant: Grant, known: &mut Known) -> Result<Step, StoreError> {
        let Some(Ended { end, step }) = self.change_role(grant, known).await? else {
            return Ok(Step::Done);
        };
        self.store().grant_ended(grant, end).await?;
        Ok(step)
    }

    /// Asks Discord; `None` if nothing is wanted any more.
    async fn change_role(
        &self,
        grant: Grant,
        known: &mut Known,
    ) -> Result<Option<Ended>, StoreError> {
        let Grant { guild, member, role, step, .. } = grant;
        if let GrantStep::Give { asked: false } = step {
            match self.discord().roles_of(guild, member).await {
                Ok(roles) if roles.contains(&role) => {
                    return Ok(Some(Ended { end: GrantEnd::Had, step: Step::Done }));
                }
                Ok(_) => {}
                Err(error) => return Ok(Some(self.not_changed(grant, &error))),
            }
        }
        if let GrantStep::Give { .. } = step {
            match self.may_be_given(guild, role, known).await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => return Ok(Some(self.withheld(grant, why))),
                Err(error) => return Ok(Some(self.not_changed(grant, &error))),
            }
        }
        if !self.store().grant_asked(grant).await? {
            return Ok(None);
        }
        let (done, end) = match step {
            GrantStep::Give { .. } => {
                (self.discord().give_role(guild, member, role).await, GrantEnd::Given)
            }
            GrantStep::Take => {
                (self.discord().take_role(guild, member, role).await, GrantEnd::Gone)
            }
        };
        Ok(Some(match done {
            Ok(()) => Ended { end, step: Step::Done },
            Err(error) => self.not_changed(grant, &error),
        }))
    }

    /// Whether a role can still be given: since it was chosen it may have got power over others, or
    /// a place above the bot's.
    async fn may_be_given(
        &self,
        guild: GuildId,
        role: RoleId,
        known: &mut Known,
    ) -> Result<Result<(), NotGiven>, DiscordError> {
        let now = self.env().monotonic();
        if let Some((at, said)) = known.get(&(guild, role))
            && now.saturating_sub(*at) < ROLE_KNOWN_FOR
        {
            return Ok(*said);
        }
        let found = self.discord().examine(guild, &[], &[role]).await?.roles;
        let found = found.into_iter().find(|(id, _)| *id == role);
        let said = found.map_or(Err(NotGiven::NoSuchRole), |(_, found)| found.given);
        known.insert((guild, role), (now, said));
        Ok(said)
    }

    fn later(&self, wait: Duration, step: Step) -> Ended {
        Ended { end: GrantEnd::Later(self.after(wait)), step }
    }

    /// What becomes of a role that is not to be given as it is now. Its organisers have to change
    /// something first, and learn what from `/doctor`.
    fn withheld(&self, grant: Grant, why: NotGiven) -> Ended {
        let Grant { guild, member, role, .. } = grant;
        match why {
            NotGiven::NoSuchRole => {
                info!(%guild, %member, %role, "a role is given no more, as there is none");
                Ended { end: GrantEnd::Gone, step: Step::GivenUp }
            }
            NotGiven::Managed
            | NotGiven::HasPower
            | NotGiven::NotYours
            | NotGiven::BotMayNot
            | NotGiven::AboveBot => {
                warn!(%guild, %role, ?why, "a role is not given as it is now");
                self.later(ROLE_FORBIDDEN_PAUSE, Step::GivenUp)
            }
        }
    }

    /// What becomes of a role that Discord did not give or take.
    fn not_changed(&self, grant: Grant, error: &DiscordError) -> Ended {
        let Grant { guild, member, role, step, .. } = grant;
        match error {
            DiscordError::Later(wait) => self.later(*wait, Step::PutOff),
            DiscordError::Unclear(_) => self.later(ROLE_UNCLEAR_PAUSE, Step::PutOff),
            DiscordError::Forbidden => {
                warn!(%guild, %role, %error, "a role cannot be given or taken");
                self.later(ROLE_FORBIDDEN_PAUSE, Step::GivenUp)
            }
            // The member left, or the role is gone.
            DiscordError::Refused(_)
            | DiscordError::MessageGone
            | DiscordError::CannotTell
            | DiscordError::ChannelGone => {
                info!(%guild, %member, %role, %error, "a role is given or taken no more");
                // Where nothing is left to take, nothing was to be done.
                let is_taken = step == GrantStep::Take;
                let step = if is_taken { Step::Done } else { Step::GivenUp };
                Ended { end: GrantEnd::Gone, step }
            }
        }
    }
}
