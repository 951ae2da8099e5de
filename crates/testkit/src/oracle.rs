//! Judges a run: what was seen from outside must fit what is on the disk, whatever went wrong.
//!
//! The rules are numbered as in the test programme: I1 no acknowledged answer is lost, I2 nothing
//! is sent twice, I3 everything due is done or accounted for, I4 nobody is overbooked, I5 posts
//! show the roster, I6 a channel that refused is left alone, I7 nothing is asked again for ever, I8
//! every interaction is answered once, I9 nobody is notified who should not be.
//!
//! What can be seen at once is judged at once: by the ledger, by the watch over rosters, for I6 by
//! `refusing.rs`, and for I7 by `ledger/looks.rs`.

mod answers;
mod database;
mod deliveries;
mod door;
mod interactions;
mod kept;
mod made;
mod moved;
mod plans;
mod posts;
mod purge;
mod read;
mod reminded;
mod reminding;
mod replay;
mod roles;
mod series;
mod telling;
mod threads;
mod timeline;
mod watch;
mod zones;

use std::fmt;
use std::time::Duration;

use self::database::Kept;
pub(crate) use self::made::{Shape, decisions, judge as judge_made, shape};
pub(crate) use self::purge::{End, judge as judge_purge};
pub(crate) use self::read::{
    Looked, answers_of, attendance, judge_attendance, judge_data, judge_files, judge_log,
    judge_page, look,
};
pub(crate) use self::watch::Watch;
use crate::stage::Stage;

/// Something that must never be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which rule.
    pub rule: &'static str,
    /// When it was seen, since the beginning.
    pub at: Duration,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:.3} s: {}", self.rule, self.at.as_secs_f64(), self.what)
    }
}

/// Judges what is on the disk and in Discord at the end, when nothing has gone wrong for hours and
/// nothing is left to do.
pub(crate) fn judge(stage: &Stage) {
    let kept = match Kept::read(&stage.disk.database()) {
        Ok(kept) => kept,
        Err(error) => return stage.ledger.violation("oracle", error.to_string()),
    };
    for event in kept.events.values() {
        replay::judge(stage, event);
        answers::judge(stage, event);
        posts::judge(stage, event);
        threads::judge(stage, &kept, event);
        reminding::judge(stage, &kept, event);
        telling::judge(stage, &kept, event);
    }
    reminding::judge_kept(stage, &kept);
    moved::judge(stage, &kept);
    answers::judge_acknowledged(stage, &kept);
    deliveries::judge(stage, &kept);
    roles::judge(stage, &kept);
    zones::judge(stage, &kept);
    series::judge(stage, &kept);
    interactions::judge(stage);
}

/// Whether every post shows its event that was not changed so lately, as by an offer that ended;
/// the first that does not.
pub(crate) fn first_untrue_post(stage: &Stage, lately: Duration) -> Option<String> {
    let lately_ms = i64::try_from(lately.as_millis()).unwrap_or(i64::MAX);
    let since_ms = stage.wall.now().as_millisecond().saturating_sub(lately_ms);
    match Kept::read(&stage.disk.database()) {
        Ok(kept) => {
            let mut settled = kept.events.values().filter(|event| event.is_settled_since(since_ms));
            settled.find_map(|event| posts::untrue(stage, event))
        }
        Err(error) => Some(error.to_string()),
    }
}
