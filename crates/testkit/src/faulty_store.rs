//! The real store with a point before and after every step.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_domain::change::EventChange;
use muster_domain::event::Event;
use muster_domain::id::{DeliveryId, EventId, GuildId, MessageId, UserId};
use muster_domain::roster::Signup;
use muster_store::StoreError;
use muster_store::model::{
    Attendance, ChangeRequest, Changed, Created, DescribeRequest, Described, EventOrigin,
    HistoryLine, Listing, NewEvent, Outdated, Page, Posted, Reaches, RosterLine, RosterPart,
    SeenEvent, Tap, TapAnswer, TellRequest, Telling, Told, UndoRequest, Undone, Window,
};
use muster_store::port::{Events, Stored};
use muster_store::sqlite::SqliteStore;
use tokio::sync::SetOnce;

use crate::env::WallClock;
use crate::faults::{Fault, Faults, Layer, READING, WRITING};
use crate::house_rules::HouseRules;
use crate::mortal::Mortal;
use crate::oracle::Watch;
use crate::planted::Planted;
use crate::trace::Trace;

/// The store of one life.
pub(crate) struct FaultyStore {
    /// The real one.
    pub(crate) inner: SqliteStore,
    /// What goes wrong.
    pub(crate) faults: Arc<Faults>,
    /// What is noted.
    pub(crate) trace: Arc<Trace>,
    /// The life that it belongs to.
    pub(crate) mortal: Arc<Mortal>,
    /// Looks at what was committed.
    pub(crate) watch: Watch,
    /// A bug on purpose.
    pub(crate) planted: Planted,
    /// The machine's clock, which stands while the machine sleeps.
    pub(crate) wall: Arc<WallClock>,
    /// What events demand.
    pub(crate) house_rules: HouseRules,
    /// Whether a sync has failed: then nothing works any more.
    pub(crate) has_failed: SetOnce<()>,
}

/// Takes a method through its points: `step!(self, READING, settings(guild))`.
macro_rules! step {
    ($self:ident, $can:ident, $name:ident($($arg:ident),*)) => {
        step!($self, $can, 0, $name($($arg),*))
    };
    ($self:ident, $can:ident, $subject:expr, $name:ident($($arg:ident),*)) => {{
        $self.begins(stringify!($name), format_args!("{:?}", ($(&$arg,)*)));
        let work = $self.inner.$name($($arg),*);
        $self.step((stringify!($name), $can, $subject), work).await
    }};
}

/// When it comes back what a planted bug forgot: after Discord's memory of it.
const FORGOTTEN_FOR: SignedDuration = SignedDuration::from_mins(11);

mod deliveries;
mod records;
mod reports;
mod schedules;

impl FaultyStore {
    fn begins(&self, name: &'static str, with: fmt::Arguments<'_>) {
        self.trace.note("store", format_args!("{name} {with}"));
    }

    async fn step<T: fmt::Debug>(
        &self,
        (name, can, subject): (&'static str, &'static [Fault], u64),
        work: impl Future<Output = Stored<T>> + Send,
    ) -> Stored<T> {
        let fault = self.faults.draw((Layer::Store, name), can, subject);
        self.before(name, fault).await?;
        let is_undone = fault == Some(Fault::SyncFailed) && self.faults.below(2) == 0;
        let done = if is_undone { Err(StoreError::Stopped) } else { work.await };
        if done.is_ok() {
            self.watch.look(name);
        }
        self.trace.note("store", format_args!("{name} -> {done:?}"));
        match fault {
            Some(Fault::CrashAfter) => match self.mortal.die().await {},
            Some(Fault::SyncFailed) => {
                // It may have failed before.
                drop(self.has_failed.set(()));
                return Err(failed_sync());
            }
            Some(Fault::DelayAfter) => self.pause(self.faults.long_wait()).await,
            _ => self.pause(Duration::from_millis(self.faults.below(3))).await,
        }
        done
    }

    async fn before(&self, name: &'static str, fault: Option<Fault>) -> Stored<()> {
        self.wall.is_awake().await;
        if self.has_failed.initialized() {
            return Err(failed_sync());
        }
        if let Some(fault) = fault {
            self.trace.note("fault", format_args!("{name} {fault:?}"));
        }
        match fault {
            Some(Fault::CrashBefore) => match self.mortal.die().await {},
            Some(Fault::Error) => return Err(StoreError::Database("injected".into())),
            Some(Fault::DiskFull) => return Err(StoreError::DiskFull),
            Some(Fault::DelayBefore) => self.pause(self.faults.long_wait()).await,
            _ => {}
        }
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "the disk is no part of the bot's world")]
    async fn pause(&self, duration: Duration) {
        if !duration.is_zero() {
            tokio::time::sleep(duration).await;
        }
    }
}

fn failed_sync() -> StoreError {
    StoreError::SyncFailed("injected".into())
}

impl Events for FaultyStore {
    async fn create_event_to_post(
        &self,
        new: NewEvent,
        post_at: Timestamp,
        at: Timestamp,
    ) -> Stored<Created> {
        let EventOrigin::Interaction(id) = new.origin else {
            return step!(self, WRITING, 0, create_event_to_post(new, post_at, at));
        };
        let (subject, new) = (id.get(), self.house_rules.applied(id.get(), new));
        let has_model = self.house_rules.ledger.has_model(subject);
        let new = if has_model { self.planted.before_copy(new) } else { new };
        step!(self, WRITING, subject, create_event_to_post(new, post_at, at))
    }

    async fn event(&self, guild: GuildId, event: EventId) -> Stored<Option<Posted>> {
        step!(self, READING, event(guild, event))
    }

    async fn is_elsewhere(&self, guild: GuildId, event: EventId) -> Stored<bool> {
        step!(self, READING, is_elsewhere(guild, event))
    }

    async fn event_of_post(&self, guild: GuildId, message: MessageId) -> Stored<Option<EventId>> {
        step!(self, READING, event_of_post(guild, message))
    }

    async fn edited_since(&self, guild: GuildId, seen: SeenEvent) -> Stored<Option<Outdated>> {
        step!(self, READING, edited_since(guild, seen))
    }

    async fn change_event(&self, request: ChangeRequest) -> Stored<Changed> {
        let (event, interaction) = (request.event, request.interaction);
        let is_of_options = matches!(request.change, EventChange::Options(_));
        let due = self.planted.before_change(event);
        let changed = step!(self, WRITING, interaction.get(), change_event(request))?;
        self.planted.after_change(event, due);
        if is_of_options && matches!(changed, Changed::Made { .. }) {
            self.planted.after_options(event, interaction);
        }
        Ok(changed)
    }

    async fn undo(&self, request: UndoRequest) -> Stored<Undone> {
        step!(self, WRITING, request.interaction.get(), undo(request))
    }

    async fn tap(&self, tap: Tap) -> Stored<TapAnswer> {
        let tap = self.planted.before_tap(tap, &self.mortal);
        let subject = tap.interaction.get();
        let asked = tap.clone();
        let TapAnswer { tapped, post } = step!(self, WRITING, subject, tap(tap))?;
        Ok(TapAnswer { tapped: self.planted.after_tap(&asked, tapped), post })
    }

    async fn describe(&self, request: DescribeRequest) -> Stored<Described> {
        let subject = request.interaction.get();
        step!(self, WRITING, subject, describe(request))
    }

    async fn tell(&self, request: TellRequest) -> Stored<Told> {
        let (event, subject) = (request.event, request.interaction.get());
        let told = step!(self, WRITING, subject, tell(request))?;
        self.planted.after_telling(event);
        Ok(told)
    }

    async fn tellings(
        &self,
        guild: GuildId,
        event: EventId,
    ) -> Stored<Option<(Reaches, Option<Telling>)>> {
        step!(self, READING, tellings(guild, event))
    }

    async fn take_back_telling(
        &self,
        guild: GuildId,
        event: EventId,
        first: DeliveryId,
        at: Timestamp,
    ) -> Stored<Option<Telling>> {
        step!(self, WRITING, take_back_telling(guild, event, first, at))
    }

    async fn event_as_of(&self, guild: GuildId, seen: SeenEvent) -> Stored<Option<Event>> {
        step!(self, READING, event_as_of(guild, seen))
    }

    async fn roster_page(
        &self,
        guild: GuildId,
        event: EventId,
        part: RosterPart,
        window: Window,
    ) -> Stored<Option<Page<RosterLine>>> {
        let read = step!(self, READING, roster_page(guild, event, part, window))?;
        Ok(read.map(|page| self.planted.after_roster(part, page)))
    }

    async fn signup_of(
        &self,
        guild: GuildId,
        event: EventId,
        member: UserId,
    ) -> Stored<Option<RosterLine>> {
        step!(self, READING, signup_of(guild, event, member))
    }

    async fn history(
        &self,
        guild: GuildId,
        event: EventId,
        window: Window,
    ) -> Stored<Option<Page<HistoryLine>>> {
        let read = step!(self, READING, history(guild, event, window))?;
        Ok(read.map(|page| self.planted.after_history(page)))
    }

    async fn list(
        &self,
        guild: GuildId,
        listing: Listing,
        words: &str,
        window: Window,
    ) -> Stored<Page<Posted>> {
        step!(self, READING, list(guild, listing, words, window))
    }

    async fn between(
        &self,
        guild: GuildId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Stored<Vec<Posted>> {
        step!(self, READING, between(guild, from, to, limit))
    }

    async fn answers_of(
        &self,
        guild: GuildId,
        member: UserId,
        now: Timestamp,
        window: Window,
    ) -> Stored<Page<(Posted, Signup)>> {
        step!(self, READING, answers_of(guild, member, now, window))
    }

    async fn attendance(
        &self,
        guild: GuildId,
        member: UserId,
        past: Range<Timestamp>,
        window: Window,
    ) -> Stored<Attendance> {
        let read = step!(self, READING, attendance(guild, member, past, window))?;
        Ok(self.planted.after_attendance(read))
    }
}
