//! A roster as it is stored, with what members said beside their answers.

use std::collections::HashMap;

use muster_domain::event::Event;
use muster_domain::id::{InteractionId, UserId};
use muster_domain::roster::{Roster, Sequence};
use muster_domain::sheet::Sheet;
use muster_domain::signup_details::SignupDetails;
use rusqlite::Connection;

use super::signup_row;
use crate::port::Stored;

/// All answers to an event.
pub(in crate::sqlite) struct StoredRoster {
    pub(in crate::sqlite) roster: Roster,
    /// What members said, of those who said something.
    pub(in crate::sqlite) details: HashMap<UserId, SignupDetails>,
    /// The latest tap of every member who ever answered.
    pub(in crate::sqlite) last_taps: HashMap<UserId, InteractionId>,
    /// Larger than every sequence that the roster has seen.
    pub(in crate::sqlite) next: Sequence,
}

impl StoredRoster {
    /// Reads the answers to `event`.
    pub(in crate::sqlite) fn read(db: &Connection, event: &Event) -> Stored<Self> {
        let (mut details, mut last_taps) = (HashMap::new(), HashMap::new());
        let mut signups = Vec::new();
        let mut latest = Sequence(0);
        for stored in signup_row::all_of(db, event.id)? {
            latest = latest.max(stored.sequence);
            last_taps.insert(stored.member, stored.interaction);
            if stored.details != SignupDetails::default() {
                details.insert(stored.member, stored.details);
            }
            signups.extend(stored.signup.map(|signup| (stored.member, signup)));
        }
        let roster = Roster::from_stored(event.seating(), signups);
        Ok(Self { roster, details, last_taps, next: Sequence(latest.0.saturating_add(1)) })
    }

    /// What the post of `event` shows with these answers.
    pub(in crate::sqlite) fn sheet(&self, event: &Event) -> Sheet {
        Sheet::of(event, &self.roster, |member| self.details.get(&member))
    }
}
