//! Makes posts show the newest state of their events: at most one edit per message and gap, one at
//! a time in a channel, channels beside each other. Only the last state counts.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use muster_domain::id::{ChannelId, EventId};
use muster_store::StoreError;
use muster_store::port::Deliveries;
use tokio::sync::mpsc;
use tracing::warn;

use super::edit::{EditEnd, Stale};
use super::pace::{Pace, is_old};
use crate::app::{App, World};
use crate::background::EDITS;
use crate::discord::{Discord, DiscordError};
use crate::limits::{
    EDIT_DRAIN, EDIT_GAP, EDITS_MAX, OLD_EDIT_GAP, POSTS_CHECKED_AT_START, STALE_POSTS_MAX,
    STALE_POSTS_OF_CHANNEL_MAX, STORE_FAILED_PAUSE,
};
use crate::ports::{Clock, Tasks};

/// Gathers what becomes stale together, so that a burst costs one look into the store.
const LOOK_GAP: Duration = Duration::from_millis(100);

/// An edit that ended.
#[derive(Clone, Copy)]
struct Edited {
    stale: Stale,
    is_old: bool,
    end: EditEnd,
}

/// Tells of the end of an edit, even of one that ends by a defect.
struct Report {
    edited: Edited,
    done: mpsc::Sender<Edited>,
}

impl Drop for Report {
    fn drop(&mut self) {
        // There is a place for every edit under way, and nobody listens after the end has come.
        let _heard = self.done.try_send(self.edited);
    }
}

/// What is to be edited, and what is being edited. Times are on the monotonic clock.
struct Desk {
    pace: Pace,
    /// Stale posts in the order in which they became so.
    wanted: Vec<Stale>,
    editing: BTreeMap<ChannelId, EventId>,
    /// When to look into the store.
    look_at: Option<Duration>,
}

impl Desk {
    fn new(now: Duration) -> Self {
        let (pace, wanted, editing) = Default::default();
        Self { pace, wanted, editing, look_at: Some(now) }
    }

    /// Looks into the store by then.
    fn look_by(&mut self, at: Duration) {
        self.look_at = Some(self.look_at.map_or(at, |before| before.min(at)));
    }

    /// How many more posts can wait here.
    fn room(&self) -> usize {
        STALE_POSTS_MAX.saturating_sub(self.wanted.len())
    }

    /// Takes what a look has found. Of one channel only so many wait here: the others are looked
    /// for again later, so that they leave room for other channels.
    fn take(&mut self, found: Vec<Stale>, now: Duration) {
        let mut of_channel = BTreeMap::<ChannelId, usize>::new();
        for stale in &self.wanted {
            *of_channel.entry(stale.channel).or_default() += 1;
        }
        for stale in found {
            let count = of_channel.entry(stale.channel).or_default();
            if *count >= STALE_POSTS_OF_CHANNEL_MAX {
                self.pace.pause(stale.event, now.saturating_add(OLD_EDIT_GAP));
            } else {
                *count += 1;
                self.wanted.push(stale);
            }
        }
    }

    /// Posts that a look need not find.
    fn known(&self) -> BTreeSet<EventId> {
        let mut known = self.pace.waiting();
        known.extend(self.wanted.iter().map(|stale| stale.event));
        known.extend(self.editing.values());
        known
    }

    fn ended(&mut self, edited: &Edited, now: Duration) {
        let Edited { stale, is_old, end } = *edited;
        self.editing.remove(&stale.channel);
        match end {
            // It may have become stale again meanwhile, which a look could not find.
            EditEnd::Nothing => self.look_by(now.saturating_add(LOOK_GAP)),
            EditEnd::Asked => self.pace.edited(stale.event, stale.channel, is_old, now),
            EditEnd::Later(pause) => self.pace.pause(stale.event, now.saturating_add(pause)),
            EditEnd::Pause(pause) => {
                self.pace.edited(stale.event, stale.channel, is_old, now);
                self.pace.pause(stale.event, now.saturating_add(pause.max(EDIT_GAP)));
            }
        }
    }

    /// When there is something to do without anything else happening.
    fn next(&self, now: Duration, is_old: impl Fn(&Stale) -> bool) -> Option<Duration> {
        let wanted = self.wanted.iter();
        let wanted = wanted.map(|one| self.pace.earliest(one.event, one.channel, is_old(one)));
        // Those of which the time has come wait for an edit that is under way.
        let wanted = wanted.filter(|at| *at > now);
        let look_at = self.look_at.filter(|_| self.room() > 0);
        wanted.chain(look_at).chain(self.pace.next()).min()
    }
}

impl<W: World> App<W> {
    /// Keeps posts true, until the end comes. Run once per application, on a task of its own.
    pub async fn run_reconciler(self) {
        let _under_way = self.begin_work();
        // Beside: it may take long, and nothing else waits for it.
        let beside = self.clone();
        self.env().spawn("look for posts", async move {
            let look = async {
                beside.look_for_posts().await;
                beside.look_at_channels().await;
            };
            beside.until_closing(look).await;
        });
        let (done, mut ended) = mpsc::channel(EDITS_MAX);
        let mut desk = Desk::new(self.env().monotonic());
        let waiting = self.vitals().meters.queues.gauge("posts to edit", STALE_POSTS_MAX);
        while !self.is_closing() {
            self.look(&mut desk).await;
            self.begin_edits(&mut desk, &done);
            waiting.is(desk.wanted.len());
            let next = desk.next(self.env().monotonic(), |one| is_old(one.message, self.now()));
            tokio::select! {
                biased;
                () = self.closing() => {}
                Some(edited) = ended.recv() => desk.ended(&edited, self.env().monotonic()),
                () = self.stale_changed() => {
                    desk.look_by(self.env().monotonic().saturating_add(LOOK_GAP));
                }
                () = self.forgiven() => desk.pace.resume(self.env().monotonic()),
                () = self.sleep_till(next) => {}
            }
        }
    }

    async fn sleep_till(&self, at: Option<Duration>) {
        match at {
            None => std::future::pending().await,
            Some(at) => self.env().sleep(at.saturating_sub(self.env().monotonic())).await,
        }
    }

    /// Writes down what was seen to be shown, so that a restart edits nothing needlessly.
    pub async fn write_down_shown(&self) -> Result<(), StoreError> {
        let shown = self.board().take_shown();
        if shown.is_empty() { Ok(()) } else { self.store().posts_shown(shown).await }
    }

    /// Finds out at start-up which posts were deleted meanwhile.
    async fn look_for_posts(&self) {
        let live = match self.store().live_posts(self.now(), POSTS_CHECKED_AT_START).await {
            Ok(live) => live,
            Err(error) => return warn!(%error, "which posts there are could not be read"),
        };
        for posted in live {
            let Some(message) = posted.post.message else {
                continue;
            };
            let looked = self.discord().look_for(posted.post.channel, message).await;
            if let Err(DiscordError::MessageGone | DiscordError::ChannelGone) = looked {
                self.post_is_gone(&posted).await;
            }
        }
    }

    /// Finds out which posts are stale, if it is time to.
    async fn look(&self, desk: &mut Desk) {
        let now = self.env().monotonic();
        if desk.pace.forget_what_is_past(now) {
            desk.look_by(now);
        }
        let room = desk.room();
        if room == 0 || desk.look_at.is_none_or(|at| at > now) {
            return;
        }
        desk.look_at = None;
        let found = self.task(EDITS, || self.stale_posts(desk.known(), room)).await;
        match found.map(Option::unwrap_or_default) {
            Ok(found) => {
                if found.len() == room {
                    desk.look_by(now.saturating_add(LOOK_GAP));
                }
                desk.take(found, now);
            }
            Err(error) => {
                warn!(%error, "posts could not be read");
                desk.look_by(now.saturating_add(STORE_FAILED_PAUSE));
            }
        }
    }

    async fn stale_posts(
        &self,
        but: BTreeSet<EventId>,
        limit: usize,
    ) -> Result<Vec<Stale>, StoreError> {
        self.write_down_shown().await?;
        let found = self.store().stale_posts(but, limit).await?;
        Ok(found.iter().filter_map(Stale::of).collect())
    }

    /// Begins the edits whose time has come, in the order in which the posts became stale.
    fn begin_edits(&self, desk: &mut Desk, done: &mpsc::Sender<Edited>) {
        let now = self.env().monotonic();
        let Desk { pace, wanted, editing, .. } = desk;
        wanted.retain(|stale| {
            let is_old = is_old(stale.message, self.now());
            let is_time = pace.earliest(stale.event, stale.channel, is_old) <= now;
            if !is_time || editing.len() >= EDITS_MAX || editing.contains_key(&stale.channel) {
                return true;
            }
            if self.board().is_writing(stale.event) {
                pace.pause(stale.event, now.saturating_add(EDIT_GAP));
                return true;
            }
            editing.insert(stale.channel, stale.event);
            self.begin_edit(*stale, is_old, done.clone());
            false
        });
    }

    fn begin_edit(&self, stale: Stale, is_old: bool, done: mpsc::Sender<Edited>) {
        let (app, under_way) = (self.clone(), self.begin_work());
        self.env().spawn("edit of a post", async move {
            let edited = Edited { stale, is_old, end: EditEnd::Nothing };
            let mut report = Report { edited, done };
            tokio::select! {
                biased;
                end = app.make_true(stale) => report.edited.end = end,
                () = app.edits_drained() => {}
            }
            drop((report, under_way));
        });
    }

    /// Returns a while after the end has come.
    async fn edits_drained(&self) {
        self.closing().await;
        self.env().sleep(EDIT_DRAIN).await;
    }
}
