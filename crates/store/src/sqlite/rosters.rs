//! The rosters that the writer keeps at hand, so that a tap reads nothing from the disk.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use muster_domain::event::Event;
use muster_domain::id::{EventId, InteractionId, MessageId, UserId};
use muster_domain::roster::{Roster, Sequence};
use muster_domain::sheet::Sheet;
use muster_domain::signup_details::SignupDetails;
use rusqlite::Connection;

use super::events::stored_roster::StoredRoster;
use super::events::{event_row, read_post};
use crate::error::StoreError;

/// Events kept at hand: many times what is answered at the same time on a small server.
const EVENTS_MAX: usize = 512;

/// Signups kept at hand, over all events: about 200 bytes each, so 20 MB.
const SIGNUPS_MAX: usize = 100_000;

/// An event with all its signups, exactly as stored.
pub(super) struct Held {
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
    used: u64,
}

impl Held {
    /// What the event's post shows now.
    pub(super) fn sheet(&self) -> Sheet {
        Sheet::of(&self.event, &self.roster, |member| self.details.get(&member))
    }
}

/// Rosters at hand. What is in here equals what the open transaction would read.
#[derive(Default)]
pub(super) struct Rosters {
    held: HashMap<EventId, Held>,
    /// Which ones the open transaction may have changed.
    touched: Vec<EventId>,
    uses: u64,
}

impl Rosters {
    /// An event with its roster; `None` if there is no such event. Whoever changes it in memory
    /// writes the same to the database, or fails.
    pub(super) fn open(
        &mut self,
        db: &Connection,
        id: EventId,
    ) -> Result<Option<&mut Held>, StoreError> {
        self.uses = self.uses.saturating_add(1);
        let held = match self.held.entry(id) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => match load(db, id)? {
                Some(loaded) => place.insert(loaded),
                None => return Ok(None),
            },
        };
        self.touched.push(id);
        held.used = self.uses;
        Ok(Some(held))
    }

    /// Whether an event is at hand.
    pub(super) fn has(&self, id: EventId) -> bool {
        self.held.contains_key(&id)
    }

    /// Forgets one event, which will be read again.
    pub(super) fn forget(&mut self, id: EventId) {
        self.held.remove(&id);
    }

    /// Forgets everything that the open transaction may have changed: it was undone.
    pub(super) fn forget_touched(&mut self) {
        for id in self.touched.drain(..) {
            self.held.remove(&id);
        }
    }

    /// The transaction was committed. Lets go of what was not used longest, down to the bounds.
    pub(super) fn keep_touched(&mut self) {
        self.touched.clear();
        let mut signups: usize = self.held.values().map(|held| held.last_taps.len()).sum();
        while self.held.len() > EVENTS_MAX || (signups > SIGNUPS_MAX && self.held.len() > 1) {
            let oldest = self.held.iter().min_by_key(|(_, held)| held.used);
            let Some((&id, held)) = oldest else { return };
            signups = signups.saturating_sub(held.last_taps.len());
            self.held.remove(&id);
        }
    }
}

fn load(db: &Connection, id: EventId) -> Result<Option<Held>, StoreError> {
    let Some(event) = event_row::read(db, id)? else {
        return Ok(None);
    };
    let StoredRoster { roster, details, last_taps, next } = StoredRoster::read(db, &event)?;
    let message = read_post(db, id)?.and_then(|post| post.message);
    Ok(Some(Held { event, roster, next, last_taps, details, message, used: 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::events::tests::{database_with_events, sign_up};

    #[test]
    fn at_most_so_many_events_are_at_hand_and_the_latest_used_stay() {
        let events = u64::try_from(EVENTS_MAX).unwrap() + 3;
        let db = database_with_events(events);
        let mut rosters = Rosters::default();
        for id in (1..=events).chain([1]) {
            assert!(rosters.open(&db, EventId::new(id)).unwrap().is_some());
        }
        rosters.keep_touched();
        assert_eq!(rosters.held.len(), EVENTS_MAX);
        let kept = [1, 2, 3, 4, 5].map(|id| rosters.held.contains_key(&EventId::new(id)));
        assert_eq!(kept, [true, false, false, false, true]);
    }

    #[test]
    fn what_a_transaction_touched_and_undid_is_read_again() {
        let db = database_with_events(1);
        let mut rosters = Rosters::default();
        let id = EventId::new(1);
        rosters.open(&db, id).unwrap().unwrap().event.version = 77;
        rosters.forget_touched();
        assert_eq!(rosters.open(&db, id).unwrap().unwrap().event.version, 1);
    }

    #[test]
    fn the_next_sequence_is_above_all_stored_ones() {
        let db = database_with_events(1);
        sign_up(&db, 1, 10);
        let mut rosters = Rosters::default();
        let held = rosters.open(&db, EventId::new(1)).unwrap().unwrap();
        assert_eq!((held.next, held.roster.len()), (Sequence(11), 10));
    }

    #[test]
    fn an_unknown_event_is_not_kept() {
        let db = database_with_events(1);
        let mut rosters = Rosters::default();
        assert!(rosters.open(&db, EventId::new(9)).unwrap().is_none());
        assert!(rosters.held.is_empty());
    }
}
