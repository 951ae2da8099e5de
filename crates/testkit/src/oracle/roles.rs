//! Exactly those have the crew's role who are coming by an answer that gives it.

use std::collections::BTreeSet;

use muster_sim::ids::UserId;

use super::database::{Kept, KeptEvent};
use super::door::Spot;
use crate::stage::Stage;
use crate::words::is_nobody;

/// An event that ends so near to now is judged neither way.
const ABOUT_MS: i64 = 5 * 60 * 1_000;

/// After so long what was removed with its guild is gone, and nobody knows whose roles there were.
const KEPT_MS: i64 = 20 * 24 * 3_600 * 1_000;

/// Compares the crew with those who are coming, once nothing is left to do.
pub(super) fn judge(stage: &Stage, kept: &Kept) {
    let now_ms = stage.wall.now().as_millisecond();
    let is_near = |event: &KeptEvent| (event.state.ends_ms - now_ms).abs() < ABOUT_MS;
    let is_long = now_ms - stage.epoch.begin().as_millisecond() > KEPT_MS;
    if stage.ledger.is_removed() || is_long || kept.events.values().any(is_near) {
        return;
    }
    let live = kept.events.values().filter(|event| {
        let decided = &event.state;
        !decided.is_cancelled && !decided.is_deleted && now_ms < decided.ends_ms
    });
    let wanted: BTreeSet<u64> = live.flat_map(crew).collect();
    let (guild, role) = (stage.cast.guild, stage.cast.crew);
    let there: BTreeSet<u64> = stage.inside.world(|world| {
        let members = world.guild(guild).map(|guild| guild.members.clone()).unwrap_or_default();
        let has = members.into_iter().filter(|(_, member)| member.roles.contains(&role));
        has.map(|(id, _): (UserId, _)| id.get()).collect()
    });
    if there != wanted {
        let what = format!("the crew is {there:?}, and those who come are {wanted:?}");
        stage.ledger.violation("roles", what);
    }
}

/// The members with a place under an answer that gives the role.
fn crew(event: &KeptEvent) -> Vec<u64> {
    let options = event.all_options();
    let gives = |option: Option<u8>| {
        options.iter().any(|known| Some(known.id) == option && known.gives && known.is_coming)
    };
    let seated = event.signups.iter().filter(|(_, signup)| signup.spot == Spot::Seated);
    // Who was erased keeps a place and no role.
    let members = seated.filter(|(_, signup)| gives(signup.option)).map(|(member, _)| *member);
    members.filter(|member| !is_nobody(*member)).collect()
}
