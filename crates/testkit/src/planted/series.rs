//! The planted bugs of what repeats.

use jiff::Timestamp;
use muster_domain::id::EventId;
use muster_domain::series::SeriesStep;
use muster_domain::zone::Zone;
use muster_store::model::{Delivery, DeliveryContent, DeliveryEnd, NewSeries};
use rusqlite::{Connection, params};

use super::Planted;
use crate::plant::Plant;

/// For how long a series has ended that goes on by itself, in milliseconds.
const ENDS_FOR_MS: i64 = 120_000;

impl Planted {
    /// Before a series is created: it goes by the offset from UTC that its zone has now.
    pub(crate) fn before_series(&self, mut new: NewSeries, at: Timestamp) -> NewSeries {
        if self.plant == Plant::SeriesOnAnOffset {
            let hours = new.plan.zone.rules().to_offset(at).seconds() / 3_600;
            // The names have their signs the other way around.
            let zone = Zone::parse(&format!("Etc/GMT{:+}", -hours));
            new.plan.zone = zone.unwrap_or(new.plan.zone);
        }
        new
    }

    /// Before an event is changed: when its post is due that waits.
    pub(crate) fn before_change(&self, event: EventId) -> Option<i64> {
        if self.plant != Plant::MovedKeepsItsPost {
            return None;
        }
        let sql = "
            SELECT d.due_at FROM delivery d JOIN event e ON e.id = d.event
            WHERE e.id = ?1 AND e.series IS NOT NULL AND d.kind = 'post' AND d.outcome IS NULL";
        let event = event.get().cast_signed();
        let db = Connection::open(&self.database).ok()?;
        db.query_row(sql, [event], |row| row.get(0)).ok()
    }

    /// After it was.
    pub(crate) fn after_change(&self, event: EventId, due: Option<i64>) {
        if let Some(due) = due {
            let sql = "
                UPDATE delivery SET due_at = ?2, ready_at = ?2
                WHERE event = ?1 AND kind = 'post' AND outcome IS NULL";
            self.write(sql, params![event.get().cast_signed(), due]);
        }
    }

    /// Whether this step of a series is told to be made and leaves no trace.
    pub(crate) fn forgets_step(&self, step: &SeriesStep) -> bool {
        self.plant == Plant::SkippedIsMade && matches!(step, SeriesStep::Skip(_))
    }

    /// Before what is due is made of series.
    pub(crate) fn before_make(&self, now: Timestamp) {
        if self.plant == Plant::OccurrenceForgotten {
            let sql = "UPDATE series SET post_at = NULL WHERE post_at <= ?1";
            self.write(sql, params![now.as_millisecond()]);
        }
        if self.plant == Plant::EndedGoesOn {
            let ended = now.as_millisecond() - ENDS_FOR_MS;
            let goes_on = "UPDATE series_version SET ended_at = NULL WHERE ended_at < ?1";
            self.write(goes_on, params![ended]);
            self.write("UPDATE series SET post_at = 0 WHERE post_at IS NULL", params![]);
        }
    }

    /// After it was.
    pub(crate) fn after_make(&self, made: usize) {
        if made == 0 {
            return;
        }
        if self.plant == Plant::OccurrenceTwice && self.is_first() {
            let forget = "UPDATE event SET series = NULL, occurrence = NULL";
            self.write(forget, params![]);
            self.write("UPDATE series SET made_to = NULL, post_at = 0", params![]);
        }
        if self.plant == Plant::MissedForgotten {
            let sql = "
                DELETE FROM event WHERE series IS NOT NULL AND deleted_at IS NOT NULL
                  AND EXISTS (SELECT 1 FROM delivery d
                    WHERE d.event = event.id AND d.kind = 'post' AND d.outcome = 'skipped')";
            self.write(sql, params![]);
        }
    }

    /// Whether it is not recorded that this post of a series was sent: the first one of this life.
    pub(crate) fn forgets_post(&self, claimed: &Delivery, end: &DeliveryEnd) -> bool {
        let (DeliveryContent::Post(event), DeliveryEnd::Sent { .. }) = (&claimed.content, end)
        else {
            return false;
        };
        let is_it = self.plant == Plant::OccurrencePostedAgain && self.is_of_series(*event);
        is_it && self.is_first()
    }

    fn is_of_series(&self, event: EventId) -> bool {
        let sql = "SELECT series IS NOT NULL FROM event WHERE id = ?1";
        let event = event.get().cast_signed();
        let db = Connection::open(&self.database);
        db.and_then(|db| db.query_row(sql, [event], |row| row.get(0))).unwrap_or(false)
    }
}
