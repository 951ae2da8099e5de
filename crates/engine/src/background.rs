//! Background work as tasks: each waits for a place at the gate, has its time, is tried again when
//! the store fails, and leaves a record. While nothing is to be done, nothing of this happens.

use std::time::Duration;

use muster_store::StoreError;
use muster_vitals::backoff::Backoff;
use muster_vitals::tasks::{Kind, Limit, Outcome, Permit, Policy, Priority};

use crate::app::{App, World};
use crate::ports::{Clock as _, Rng as _, within};
use crate::refusal::Stop;

/// What is due: events turn, occurrences are made, deliveries are begun. In short passes; what
/// they begin goes on beside them and is never cut.
pub(crate) const DUE: Kind = uncut("deliveries", Priority::Critical);

/// Finding posts that show an old state.
pub(crate) const EDITS: Kind = uncut("edits", Priority::High);

/// Planning which roles follow from rosters.
pub(crate) const ROLES_PLANNED: Kind = tried("roles planned", Priority::Normal);

/// Giving or taking one role.
pub(crate) const ROLE: Kind = once("role", Priority::Normal);

/// Opening or archiving one thread, or deleting one message.
pub(crate) const CHORE: Kind = once("chore", Priority::Normal);

/// Letting go of one piece of what is kept no longer.
pub(crate) const UPKEEP: Kind = tried("upkeep", Priority::Low);

/// Files that somebody looks at the screen for: they go before what nobody waits for.
pub const EXPORT: Kind = uncut("export", Priority::High);

/// Numbers that somebody looks at the screen for.
pub const REPORT: Kind = uncut("report", Priority::High);

const fn uncut(name: &'static str, priority: Priority) -> Kind {
    Kind { name, priority, policy: Policy::UNCUT }
}

/// A step that was read from the store is not tried again as it was read: it may be half done
/// since, and a role that we gave would look like one that the member had. It is read anew instead.
const fn once(name: &'static str, priority: Priority) -> Kind {
    let policy = Policy { limit: Limit::Setting, tries: 1, backoff: Backoff::NONE };
    Kind { name, priority, policy }
}

/// A store that fails is asked again soon, and then once more.
const fn tried(name: &'static str, priority: Priority) -> Kind {
    let backoff = Backoff { first: Duration::from_secs(1), max: Duration::from_secs(30) };
    Kind { name, priority, policy: Policy { limit: Limit::Setting, tries: 3, backoff } }
}

/// What came of one step at Discord, which the store knows as well, for whoever counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Discord did it, or nothing is wanted any more.
    Done,
    /// It is for later: Discord said so, or nobody knows what came of it.
    PutOff,
    /// Discord refuses it. Where it is tried again after all, somebody has to change something
    /// first.
    GivenUp,
}

impl<W: World> App<W> {
    /// Does `work` as a task of this kind: again after a while if it fails and may be tried again.
    /// `None` if it took too long or the end came first.
    pub async fn task<T, F>(
        &self,
        kind: Kind,
        work: impl Fn() -> F,
    ) -> Result<Option<T>, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        for retry in 0.. {
            let Some(permit) = self.place_for(kind).await else { return Ok(None) };
            let began = self.env().monotonic();
            let Some(done) = self.in_its_time(kind, work()).await else {
                self.end_task(permit, Outcome::TimedOut, began);
                return Ok(None);
            };
            let error = match done {
                Ok(done) => {
                    self.end_task(permit, Outcome::Succeeded, began);
                    return Ok(Some(done));
                }
                Err(error) => error,
            };
            if retry + 1 >= kind.policy.tries || self.is_closing() {
                self.end_task(permit, Outcome::Failed, began);
                return Err(error);
            }
            permit.retry();
            let wait = kind.policy.backoff.jittered(retry, self.env().next_u64());
            self.until_closing(self.env().sleep(wait)).await;
        }
        Ok(None)
    }

    /// Does one step at Discord as a task of this kind. One that Discord refuses has failed, though
    /// all is well with the store; one that is put off counts once it has ended.
    pub(crate) async fn step(
        &self,
        kind: Kind,
        work: impl Future<Output = Result<Step, StoreError>>,
    ) -> Result<(), StoreError> {
        let Some(permit) = self.place_for(kind).await else { return Ok(()) };
        let began = self.env().monotonic();
        let outcome = match self.in_its_time(kind, work).await {
            Some(Ok(Step::Done)) => Outcome::Succeeded,
            Some(Ok(Step::GivenUp)) => Outcome::Failed,
            Some(Ok(Step::PutOff)) => {
                permit.retry();
                return Ok(());
            }
            Some(Err(error)) => {
                self.end_task(permit, Outcome::Failed, began);
                return Err(error);
            }
            None => Outcome::TimedOut,
        };
        self.end_task(permit, outcome, began);
        Ok(())
    }

    /// Does what somebody waits for as a task of this kind. A refusal is an answer like any other.
    pub async fn asked_for<T>(
        &self,
        kind: Kind,
        work: impl Future<Output = Result<T, Stop>>,
    ) -> Result<T, Stop> {
        let permit = self.vitals().tasks.admit(kind).await;
        let began = self.env().monotonic();
        let done = work.await;
        let outcome = match &done {
            Ok(_) | Err(Stop::Refused(_)) => Outcome::Succeeded,
            Err(Stop::Failed(_)) => Outcome::Failed,
        };
        self.end_task(permit, outcome, began);
        done
    }

    /// A place at the gate, unless the end comes first.
    async fn place_for(&self, kind: Kind) -> Option<Permit> {
        tokio::select! {
            biased;
            permit = self.vitals().tasks.admit(kind) => Some(permit),
            () = self.closing() => None,
        }
    }

    async fn in_its_time<T>(&self, kind: Kind, work: impl Future<Output = T>) -> Option<T> {
        match kind.policy.timeout(self.vitals().tasks.settings().timeout) {
            Some(limit) => within(self.env(), limit, work).await,
            None => Some(work.await),
        }
    }

    fn end_task(&self, permit: Permit, outcome: Outcome, began: Duration) {
        let now = self.env().monotonic();
        permit.end(outcome, now, now.saturating_sub(began));
    }
}
