//! What somebody is told of a member's answers is what the rosters of all events that have begun
//! say, each counted here by itself.

use muster_sim::world::Message;

use crate::oracle::database::{Kept, KeptEvent};
use crate::oracle::door::Spot;
use crate::stage::Stage;
use crate::words::text;

/// How far it reaches back, in milliseconds.
const PAST_MS: i64 = 90 * 24 * 3_600_000;

/// What a member did about events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Did {
    Coming,
    WithoutAPlace,
    Maybe,
    NotComing,
    NotAnswered,
}

/// What a member is to be told of, in words; `None` if the database cannot be read.
pub(crate) fn attendance(stage: &Stage, member: u64) -> Option<String> {
    let kept = Kept::read(&stage.disk.database()).ok()?;
    let now_ms = stage.wall.now().as_millisecond();
    let begun = kept.events.values().filter(|event| {
        let starts_ms = event.state.starts_ms;
        let is_past = starts_ms < now_ms && starts_ms >= now_ms - PAST_MS;
        is_past && !event.state.is_off() && event.guild == stage.cast.guild.get()
    });
    let all: Vec<Did> = begun.map(|event| did(event, member)).collect();
    if all.is_empty() {
        return Some("no events.".to_owned());
    }
    let words = [
        (Did::Coming, "coming"),
        (Did::WithoutAPlace, "without a place"),
        (Did::Maybe, "maybe"),
        (Did::NotComing, "not coming"),
        (Did::NotAnswered, "not answered"),
    ];
    let count = |wanted: Did| all.iter().filter(|did| **did == wanted).count();
    let pieces = words.into_iter().map(|(did, words)| (count(did), words));
    let pieces = pieces.filter(|(count, _)| *count > 0);
    let pieces: Vec<_> = pieces.map(|(count, words)| format!("**{count}** {words}")).collect();
    let events = if all.len() == 1 { "event" } else { "events" };
    Some(format!("{} {events}: {}.", all.len(), pieces.join(", ")))
}

fn did(event: &KeptEvent, member: u64) -> Did {
    let signup = event.signups.get(&member);
    let picked = signup.and_then(|signup| signup.option);
    let option = event.all_options().iter().find(|option| Some(option.id) == picked);
    match (option, signup) {
        (Some(option), Some(signup)) if option.is_coming => match signup.spot {
            Spot::Seated => Did::Coming,
            Spot::Waiting | Spot::Offered | Spot::Passed => Did::WithoutAPlace,
        },
        (Some(option), Some(_)) if option.is_told => Did::Maybe,
        (Some(_), Some(_)) => Did::NotComing,
        (_, _) => Did::NotAnswered,
    }
}

/// Judges what somebody was told, where that is clear.
pub(crate) fn judge(stage: &Stage, member: u64, expected: Option<String>, told: &Message) {
    let Some(expected) = expected else { return };
    let card = told.embeds.first().map(|card| text(card, "/description"));
    let shown = card.unwrap_or(&told.content).lines().next().unwrap_or_default();
    let begins = format!("<@{member}> in the last 90 days: ");
    // Refused, or somebody else's.
    let Some(tally) = shown.strip_prefix(&*begins) else { return };
    if tally != expected {
        let what = format!("the attendance of {member} is {tally:?}, not {expected:?}");
        stage.ledger.violation("attendance", what);
    }
}
