//! What is handed to a member about them has every answer that they have, as it stands, and none
//! that they have not.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::oracle::database::{Kept, KeptEvent};
use crate::oracle::door::Spot;
use crate::stage::Stage;
use crate::words::{at, text};

/// An answer: how it is called, what place it has, and how many guests.
type Answer = (String, String, u64);

/// A member's answers by event; `None` if the database cannot be read.
pub(crate) fn answers_of(stage: &Stage, member: u64) -> Option<BTreeMap<u64, Answer>> {
    let kept = Kept::read(&stage.disk.database()).ok()?;
    let answer = |event: &KeptEvent| {
        let signup = event.signups.get(&member)?;
        let option = event.all_options().iter().find(|one| Some(one.id) == signup.option)?;
        let label = match &option.heading {
            Some(heading) => format!("{} ({heading})", option.label),
            None => option.label.clone(),
        };
        let place = match signup.spot {
            Spot::Seated => "has a place",
            Spot::Waiting => "on the waitlist",
            Spot::Offered => "offered a place",
            Spot::Passed => "missed an offer",
        };
        Some((event.id, (label, place.to_owned(), signup.guests)))
    };
    Some(kept.events.values().filter_map(answer).collect())
}

/// Judges the file that a member was handed.
pub(crate) fn judge(stage: &Stage, member: u64, expected: &BTreeMap<u64, Answer>, file: &str) {
    let data: Value = serde_json::from_str(file).unwrap_or_default();
    let answer = |one: &Value| {
        let event = text(one, "/event/event").parse().ok()?;
        let answer = at(one, "/answer").as_object()?;
        let word = |name: &str| answer.get(name)?.as_str().map(str::to_owned);
        Some((event, (word("option")?, word("place")?, answer.get("guests")?.as_u64()?)))
    };
    let list = at(&data, "/answers").as_array().into_iter().flatten();
    let told: BTreeMap<u64, Answer> = list.filter_map(answer).collect();
    if text(&data, "/member") != member.to_string() || told != *expected {
        let what = format!("{member} was handed {told:?}, not {expected:?}");
        stage.ledger.violation("data", what);
    }
}
