//! The rosters that the writer keeps at hand, so that a tap reads nothing from the disk.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use muster_domain::event::Event;
use muster_domain::id::{EventId, GuildId, InteractionId, MessageId, UserId};
use muster_domain::roster::{Roster, Sequence};
use muster_domain::sheet::Sheet;
use muster_domain::signup_details::SignupDetails;
use rusqlite::Connection;

use super::events::stored_roster::StoredRoster;
use super::events::{event_row, read_post};
use super::meters::{Meters, add, many};
use super::segmented_lru::{Bounds, SegmentedLru};
use super::weight;
use crate::error::StoreError;

/// Bytes of them at most: about a hundred thousand signups.
const BYTES_MAX: usize = 20 << 20;

/// An event with all its signups, exactly as stored.
pub(super) struct LoadedEvent {
    pub(super) event: Event,
    pub(super) roster: Roster,
    /// Larger than every sequence that the roster has seen.
    pub(super) next: Sequence,
    /// The latest tap of every member who ever answered.
    pub(super) last_taps: HashMap<UserId, InteractionId>,
    /// What members said beside their answers, of those who said something.
    pub(super) details: HashMap<UserId, SignupDetails>,
    /// The message that is the event's post, once it was sent.
    pub(super) message: Option<MessageId>,
}

impl LoadedEvent {
    /// What the event's post shows now.
    pub(super) fn sheet(&self) -> Sheet {
        Sheet::of(&self.event, &self.roster, |member| self.details.get(&member))
    }
}

/// Rosters at hand. What is in here equals what the open transaction would read.
pub(super) struct Rosters {
    loaded: SegmentedLru<EventId, LoadedEvent>,
    /// Which ones the open transaction may have changed.
    touched: Vec<EventId>,
    /// How much may be kept at hand in all, rosters and results.
    entries_max: usize,
    meters: Arc<Meters>,
}

impl Rosters {
    /// None yet, and between two transactions no more than `entries_max` together with results.
    pub(super) fn new(entries_max: usize, meters: Arc<Meters>) -> Self {
        let bounds = Bounds { entries: entries_max, bytes: BYTES_MAX };
        Self { loaded: SegmentedLru::new(bounds), touched: Vec::new(), entries_max, meters }
    }

    pub(super) const fn meters(&self) -> &Arc<Meters> {
        &self.meters
    }

    /// An event with its roster; `None` if there is no such event. Whoever changes it in memory
    /// writes the same to the database, or fails.
    pub(super) fn open(
        &mut self,
        db: &Connection,
        id: EventId,
    ) -> Result<Option<&mut LoadedEvent>, StoreError> {
        let meter = &self.meters.rosters;
        if self.has(id) {
            add(&meter.hits, 1);
            self.touched.push(id);
            return Ok(self.loaded.get_mut(id));
        }
        add(&meter.misses, 1);
        let Some(loaded) = load(db, id)? else { return Ok(None) };
        self.touched.push(id);
        Ok(Some(self.loaded.put(id, loaded)))
    }

    /// Whether an event is at hand.
    pub(super) fn has(&self, id: EventId) -> bool {
        self.loaded.get(id).is_some()
    }

    /// Forgets one event, which will be read again.
    pub(super) fn forget(&mut self, id: EventId) {
        self.loaded.remove(id);
    }

    /// Forgets the events of a guild, each of which holds something of its settings.
    pub(super) fn forget_guild(&mut self, guild: GuildId) {
        for id in self.loaded.keys_of(|loaded| loaded.event.guild == guild) {
            self.loaded.remove(id);
        }
    }

    /// Forgets everything that the open transaction may have changed: it was undone.
    pub(super) fn forget_touched(&mut self) {
        for id in self.touched.drain(..) {
            self.loaded.remove(id);
        }
        self.tell();
    }

    /// The transaction was committed. Lets go of what is beyond the bounds.
    pub(super) fn keep_touched(&mut self) {
        if self.touched.is_empty() {
            return;
        }
        self.touched.sort_unstable();
        self.touched.dedup();
        for id in self.touched.drain(..) {
            self.loaded.used(id, weight::of_loaded);
        }
        self.loaded.set_entries_max(self.meters.places_of_rosters(self.entries_max));
        let gone = self.loaded.keep_within();
        add(&self.meters.rosters.evicted, many(gone.keys.len()));
        self.tell();
    }

    /// Lets go of so many percent; returns the bytes of those. No transaction may be open.
    pub(super) fn let_go(&mut self, percent: u8) -> u64 {
        let gone = self.loaded.let_go(percent);
        add(&self.meters.rosters.reclaimed, many(gone.keys.len()));
        self.tell();
        many(gone.bytes)
    }

    fn tell(&self) {
        let meter = &self.meters.rosters;
        meter.entries.store(many(self.loaded.len()), Relaxed);
        meter.bytes.store(many(self.loaded.bytes()), Relaxed);
    }
}

fn load(db: &Connection, id: EventId) -> Result<Option<LoadedEvent>, StoreError> {
    let Some(event) = event_row::read(db, id)? else {
        return Ok(None);
    };
    let StoredRoster { roster, details, last_taps, next } = StoredRoster::read(db, &event)?;
    let message = read_post(db, id)?.and_then(|post| post.message);
    Ok(Some(LoadedEvent { event, roster, next, last_taps, details, message }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::events::tests::{database_with_events, sign_up};

    fn rosters(events_max: usize) -> Rosters {
        Rosters::new(events_max, Arc::default())
    }

    fn open(rosters: &mut Rosters, db: &Connection, id: u64) {
        assert!(rosters.open(db, EventId::new(id)).unwrap().is_some());
    }

    #[test]
    fn at_most_so_many_events_are_at_hand_and_those_used_again_stay() {
        let db = database_with_events(8);
        let mut rosters = rosters(5);
        for id in (1..=5).chain([1]).chain(6..=8) {
            open(&mut rosters, &db, id);
            rosters.keep_touched();
        }
        let kept = [1, 2, 3, 4, 5, 6, 7, 8].map(|id| rosters.has(EventId::new(id)));
        assert_eq!(kept, [true, false, false, false, true, true, true, true]);
        let shown = rosters.meters.caches(std::time::Duration::ZERO)[0];
        assert_eq!((shown.hits, shown.misses, shown.evicted, shown.entries), (1, 8, 3, 5));
    }

    #[test]
    fn what_the_open_transaction_touched_stays_whatever_the_bounds() {
        let db = database_with_events(3);
        let mut rosters = rosters(0);
        (1..=3).for_each(|id| open(&mut rosters, &db, id));
        open(&mut rosters, &db, 1);
        assert_eq!(rosters.meters.rosters.hits.load(Relaxed), 1);
        rosters.keep_touched();
        assert_eq!((rosters.loaded.len(), rosters.loaded.bytes()), (0, 0), "0 keeps nothing");
    }

    #[test]
    fn its_bytes_grow_with_a_roster_and_are_given_back_with_it() {
        let db = database_with_events(2);
        sign_up(&db, 2, 1_000);
        let mut rosters = rosters(5);
        let mut bytes = |id| {
            let before = rosters.loaded.bytes();
            open(&mut rosters, &db, id);
            rosters.keep_touched();
            rosters.loaded.bytes() - before
        };
        let (small, large) = (bytes(1), bytes(2));
        assert!(small > 500 && small < 5_000, "{small}");
        assert!(large - small > 1_000 * 60 && large - small < 1_000 * 400, "{large}");
        assert_eq!(rosters.let_go(100), u64::try_from(small + large).unwrap());
        assert_eq!(rosters.meters.rosters.bytes.load(Relaxed), 0);
    }

    #[test]
    fn what_a_transaction_touched_and_undid_is_read_again() {
        let db = database_with_events(1);
        let mut rosters = rosters(5);
        let id = EventId::new(1);
        rosters.open(&db, id).unwrap().unwrap().event.version = 77;
        rosters.forget_touched();
        assert_eq!(rosters.open(&db, id).unwrap().unwrap().event.version, 1);
    }

    #[test]
    fn once_a_guild_speaks_another_language_its_events_are_read_again() {
        let db = database_with_events(2);
        let mut rosters = rosters(5);
        for id in [1, 2] {
            open(&mut rosters, &db, id);
        }
        rosters.keep_touched();
        rosters.forget_guild(GuildId::new(2));
        assert!([1, 2].iter().all(|id| rosters.has(EventId::new(*id))), "another guild's");
        rosters.forget_guild(GuildId::new(1));
        assert!([1, 2].iter().all(|id| !rosters.has(EventId::new(*id))));
    }

    #[test]
    fn the_next_sequence_is_above_all_stored_ones() {
        let db = database_with_events(1);
        sign_up(&db, 1, 10);
        let mut rosters = rosters(5);
        let loaded = rosters.open(&db, EventId::new(1)).unwrap().unwrap();
        assert_eq!((loaded.next, loaded.roster.len()), (Sequence(11), 10));
    }

    #[test]
    fn an_unknown_event_is_not_kept() {
        let db = database_with_events(1);
        let mut rosters = rosters(5);
        assert!(rosters.open(&db, EventId::new(9)).unwrap().is_none());
        assert_eq!(rosters.loaded.len(), 0);
    }
}
