//! Many at once: nobody's answer is lost, no place is given twice, and the post ends up right.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use muster_sim::ids::MessageId;
use serde_json::json;

use crate::people::Person;
use crate::stage::Stage;
use crate::words;

#[tokio::test]
async fn two_who_tap_at_the_same_time_are_both_on_the_post() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    tokio::join!(zofia.taps(raid, "Yes"), mikko.taps(raid, "No"));
    stage.shows(raid, "Yes: Zofia | No: Mikko").await;
    stage.ends().await;
}

fn crowd(stage: &Stage, size: usize) -> Vec<Person> {
    (0..size).map(|number| stage.newcomer(&format!("member-{number:02}"))).collect()
}

/// The names in one column of the post.
fn column(stage: &Stage, post: MessageId, label: &str) -> Vec<String> {
    let roster = stage.sim.world(|world| words::roster(world, world.message(post).unwrap()));
    let columns = roster.split(" | ").filter_map(|column| column.split_once(": "));
    let found = columns.into_iter().find(|(heading, _)| *heading == label);
    found.map_or_else(Vec::new, |(_, names)| names.split(", ").map(str::to_owned).collect())
}

#[tokio::test]
async fn of_thirty_who_tap_at_once_five_get_the_places_and_the_rest_wait_in_order() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 5})).await;
    let crowd = crowd(&stage, 30);
    join_all(crowd.iter().map(|who| who.taps(raid, "Yes"))).await;
    stage.says(raid, "Waitlist (25)").await;
    stage.says(raid, "Yes (5)").await;
    let (seated, waiting) = (column(&stage, raid, "Yes"), column(&stage, raid, "Waitlist"));
    let all: BTreeSet<_> = seated.iter().chain(&waiting).collect();
    assert_eq!((seated.len(), waiting.len(), all.len()), (5, 25, 30), "nobody twice");
    let leaves = crowd.iter().find(|who| stage.name(who) == seated[0]).unwrap();
    leaves.taps(raid, "No").await;
    stage.says(raid, "Waitlist (24)").await;
    stage.says(raid, "No (1)").await;
    assert_eq!(column(&stage, raid, "Yes")[..], [&seated[1..], &waiting[..1]].concat());
    assert_eq!(column(&stage, raid, "Waitlist")[..], waiting[1..]);
    stage.ends().await;
}

#[tokio::test]
async fn whoever_changes_their_mind_at_once_with_others_has_the_last_word() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 3})).await;
    let crowd = crowd(&stage, 12);
    let changes = crowd.iter().map(|who| async move {
        for label in ["Yes", "No", "Maybe"] {
            who.taps(raid, label).await;
        }
    });
    join_all(changes).await;
    stage.says(raid, "Maybe (12)").await;
    assert_eq!(column(&stage, raid, "Maybe").len(), 12);
    assert!(column(&stage, raid, "Yes").is_empty() && column(&stage, raid, "Waitlist").is_empty());
    stage.ends().await;
}

#[tokio::test]
async fn an_edit_among_taps_loses_none_of_them() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let crowd = crowd(&stage, 20);
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    let taps = join_all(crowd.iter().map(|who| who.taps(raid, "Yes")));
    let (_, edited) = tokio::join!(taps, form.submits(json!({"title": "Big", "capacity": "4"})));
    edited.says("is changed.");
    stage.says(raid, "Big").await;
    stage.says(raid, "Places: 4 of 4 · full").await;
    stage.says(raid, "Waitlist (16)").await;
    stage.ends().await;
}

#[tokio::test]
async fn an_event_that_is_cancelled_among_taps_ends_up_cancelled() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let crowd = crowd(&stage, 10);
    let taps = join_all(crowd.iter().map(|who| who.taps(raid, "Yes")));
    let (joao, cancel) = (stage.joao(), json!({"event": "Raid"}));
    let (_, cancelled) = tokio::join!(taps, joao.runs("event cancel", cancel));
    cancelled.says("is cancelled");
    stage.says(raid, "Cancelled: Raid").await;
    stage.no_longer_says(raid, "[Yes]").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_form_that_is_handed_in_twice_makes_one_event() {
    let stage = Stage::new().await;
    let form = stage.joao().runs("event create", json!({})).await;
    let values = json!({"title": "Raid", "when": "tomorrow 20:00"});
    form.submits(values.clone()).await;
    let again = stage.joao().user.submit(form.form().id, values).await;
    assert!(again.is_err(), "the form is closed");
    assert_eq!(stage.messages(stage.demo.events).len(), 1);
    stage.ends().await;
}
