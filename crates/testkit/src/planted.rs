//! The planted bugs of the store: what a wrong store would answer or write.

mod reading;
mod series;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use muster_domain::id::{EventId, InteractionId, UserId};
use muster_domain::roster::{Answer, Place};
use muster_store::model::{Ask, Delivery, DeliveryContent, Tap, Tapped};
use rusqlite::{Connection, params};

use crate::mortal::Mortal;
use crate::plant::Plant;

/// Before any event of a run begins.
const LONG_BEFORE: SignedDuration = SignedDuration::from_hours(200);

/// A bug in the store, or none.
pub(crate) struct Planted {
    plant: Plant,
    database: PathBuf,
    stranger: UserId,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    first_picks: BTreeMap<(EventId, UserId), u8>,
    taps: u64,
    /// Whether a bug that shows once a life has done so.
    is_done: bool,
}

impl Planted {
    /// The bug in the store of this database. `stranger` takes part in nothing.
    #[must_use]
    pub(crate) fn new(plant: Plant, database: PathBuf, stranger: UserId) -> Self {
        Self { plant, database, stranger, state: Mutex::default() }
    }

    /// Which bug.
    #[must_use]
    pub(crate) const fn plant(&self) -> Plant {
        self.plant
    }

    pub(crate) fn before_tap(&self, tap: Tap, mortal: &Mortal) -> Tap {
        let taps = self.count_tap();
        // Saved with every third tap only, as if commits were lazy.
        if self.plant == Plant::AnsweredBeforeSaved && taps.is_multiple_of(3) {
            mortal.pretend();
        }
        if self.plant == Plant::RepeatCounts {
            let least = self.last_tap(&tap).map_or(0, |last| last.saturating_add(1));
            let interaction = InteractionId::new(tap.interaction.get().max(least));
            return Tap { interaction, ..tap };
        }
        if self.plant == Plant::WrongMember && tap.by != tap.member {
            return Tap { member: self.stranger, ..tap };
        }
        if self.plant == Plant::ClosedEventTakesTaps {
            return Tap { at: tap.at - LONG_BEFORE, ..tap };
        }
        tap
    }

    /// After a change of an event's answers was made.
    pub(crate) fn after_options(&self, event: EventId, interaction: InteractionId) {
        let event = event.get().cast_signed();
        if self.plant == Plant::OptionsForgotten {
            let sql = "DELETE FROM event_log WHERE interaction = ?1";
            self.write(sql, params![interaction.get().cast_signed()]);
        }
        if self.plant == Plant::RemovedStaysOpen {
            let sql = "
                UPDATE event_option SET removed = 1 WHERE event = ?1 AND position = 0 AND version =
                  (SELECT options_version FROM event WHERE id = ?1)";
            self.write(sql, params![event]);
        }
    }

    /// After an organiser told something.
    pub(crate) fn after_telling(&self, event: EventId) {
        if self.plant == Plant::ToldToAllButOne {
            let sql = "
                DELETE FROM delivery_mention WHERE delivery =
                  (SELECT max(id) FROM delivery WHERE event = ?1 AND told_by IS NOT NULL)
                AND position = 0";
            self.write(sql, params![event.get().cast_signed()]);
        }
    }

    /// Before it is put right what a clock that was ahead brought about.
    pub(crate) fn before_mending(&self) {
        if self.plant == Plant::RemindsAgain {
            let sql = "
                UPDATE delivery SET outcome = 'skipped', attempts = 0
                WHERE news = 'reminder' AND outcome = 'sent'";
            self.write(sql, params![]);
        }
    }

    /// After reminders whose time has come became deliveries.
    pub(crate) fn after_turn(&self) {
        if self.plant == Plant::SwallowedByDirect {
            let sql = "
                DELETE FROM delivery
                WHERE kind = 'notice' AND news = 'reminder' AND outcome IS NULL AND attempts = 0
                  AND EXISTS (SELECT 1 FROM delivery d
                    WHERE d.event = delivery.event AND d.kind = 'direct'
                      AND d.reminds_at = delivery.reminds_at)";
            self.write(sql, params![]);
        }
    }

    /// The attempts that a claimed delivery is known to have had.
    fn forgets_attempts(&self, delivery: &mut Delivery) {
        let is_in_forum = self.plant == Plant::ForumPostedAgain && delivery.in_forum;
        if self.plant == Plant::SentWithoutALook || is_in_forum {
            delivery.first_attempt = None;
        }
    }

    pub(crate) fn after_tap(&self, tap: &Tap, tapped: Tapped) -> Tapped {
        let (event, member) = (tap.event.get().cast_signed(), tap.member.get().cast_signed());
        if self.plant == Plant::Overbooked && waits(&tapped) {
            let sql = "UPDATE signup SET place = 0 WHERE event = ?1 AND member = ?2";
            self.write(sql, params![event, member]);
        }
        if self.plant == Plant::OverbookedBelowAHeading && waits(&tapped) {
            self.overbooks_below_a_heading(tap);
        }
        if self.plant == Plant::WaitlistOutOfOrder && waits(&tapped) {
            let sql = "UPDATE signup SET sequence = -sequence WHERE event = ?1 AND member = ?2";
            self.write(sql, params![event, member]);
        }
        if self.plant == Plant::EarlierTapWins
            && is_taken(&tapped)
            && let Some(first) = self.first_pick(tap)
        {
            let sql = "UPDATE signup SET option = ?3 WHERE event = ?1 AND member = ?2";
            self.write(sql, params![event, member, first]);
        }
        if self.plant == Plant::AnswerWithoutTheTap { without(tap, tapped) } else { tapped }
    }

    pub(crate) fn after_claim(&self, mut claimed: Vec<Delivery>) -> Vec<Delivery> {
        for delivery in &mut claimed {
            self.forgets_attempts(delivery);
            if let (Plant::StrangerMentioned, DeliveryContent::Notice { mentions, .. }) =
                (self.plant, &mut delivery.content)
            {
                mentions.push(self.stranger);
            }
        }
        if self.plant == Plant::DeliveryForgotten {
            claimed.retain(|delivery| matches!(delivery.content, DeliveryContent::Post(_)));
        }
        claimed
    }

    /// Seats who waits for nothing but the places of a heading, in the history as well.
    fn overbooks_below_a_heading(&self, tap: &Tap) {
        const WAITS_BELOW: &str = "
            event = ?1 AND member = ?2 AND EXISTS (SELECT 1 FROM event e
              JOIN event_option o ON o.event = e.id AND o.version = e.options_version
              JOIN signup s ON s.event = e.id AND s.member = ?2 AND s.option = o.id
              WHERE e.id = ?1 AND e.capacity IS NULL AND o.capacity IS NULL)";
        let (event, member) = (tap.event.get().cast_signed(), tap.member.get().cast_signed());
        let tapped = tap.interaction.get().cast_signed();
        let sql =
            format!("UPDATE signup_log SET to_place = 0 WHERE interaction = ?3 AND {WAITS_BELOW}");
        self.write(&sql, params![event, member, tapped]);
        let sql = format!("UPDATE signup SET place = 0 WHERE place = 1 AND {WAITS_BELOW}");
        self.write(&sql, params![event, member]);
    }

    fn first_pick(&self, tap: &Tap) -> Option<u8> {
        let Ask::Pick { option, .. } = tap.ask else { return None };
        let pick = option.get();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Some(*state.first_picks.entry((tap.event, tap.member)).or_insert(pick))
    }

    fn last_tap(&self, tap: &Tap) -> Option<u64> {
        let sql = "SELECT interaction FROM signup WHERE event = ?1 AND member = ?2";
        let key = params![tap.event.get().cast_signed(), tap.member.get().cast_signed()];
        let db = Connection::open(&self.database).ok()?;
        let last: i64 = db.query_row(sql, key, |row| row.get(0)).ok()?;
        Some(last.cast_unsigned())
    }

    fn count_tap(&self) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.taps += 1;
        state.taps
    }

    /// Whether this is the first time in this life.
    fn is_first(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        !std::mem::replace(&mut state.is_done, true)
    }

    /// Writes past the store. A bug that cannot be planted is one that is not found.
    fn write(&self, sql: &str, with: impl rusqlite::Params) {
        let written = Connection::open(&self.database).and_then(|db| db.execute(sql, with));
        drop(written);
    }
}

fn is_taken(tapped: &Tapped) -> bool {
    matches!(tapped, Tapped::Answered(Answer::Taken { .. }, _))
}

fn waits(tapped: &Tapped) -> bool {
    matches!(
        tapped,
        Tapped::Answered(Answer::Taken { now, .. }, _) if now.place == Place::Waiting
    )
}

/// The same answer with a post on which who tapped is not.
fn without(tap: &Tap, tapped: Tapped) -> Tapped {
    let Tapped::Answered(answer, mut sheet) = tapped else {
        return tapped;
    };
    for (_, names) in &mut sheet.columns {
        names.first.retain(|entry| entry.member != tap.member);
    }
    sheet.waitlist.first.retain(|entry| entry.member != tap.member);
    Tapped::Answered(answer, sheet)
}
