//! What organisers do with an event after it was created.

use serde_json::json;

use crate::stage::Stage;

#[tokio::test]
async fn the_edit_form_shows_what_is_and_an_edit_shows_on_the_post() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 5})).await;
    stage.zofia().taps(raid, "Yes").await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    let filled = ["title", "when", "duration", "capacity"].map(|field| form.filled(field));
    assert_eq!(filled, ["Raid", "2027-03-13 20:00", "2h", "5"]);
    let seen = form.submits(json!({"title": "Big raid", "description": "Bring snacks"})).await;
    seen.says("**Big raid** is changed.");
    stage.says(raid, "Big raid").await;
    stage.says(raid, "Bring snacks").await;
    stage.shows(raid, "Yes: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn fewer_places_make_the_last_wait_and_more_let_them_in_again() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 3})).await;
    for who in [stage.zofia(), stage.mikko(), stage.bea()] {
        who.taps(raid, "Yes").await;
    }
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    let fewer = form.submits(json!({"capacity": "1"})).await;
    fewer.says("2 members moved to the waitlist");
    stage.shows(raid, "Yes: Zofia | Waitlist: Mikko, Bea").await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"capacity": ""})).await.says("2 members moved up from the waitlist");
    stage.shows(raid, "Yes: Zofia, Mikko, Bea").await;
    stage.ends().await;
}

#[tokio::test]
async fn an_edit_that_is_wrong_changes_nothing_and_can_be_mended() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let before = stage.everything().await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    for (wrong, words) in [
        (json!({"when": "yesterday 20:00"}), "That time is over"),
        (json!({"when": "31 feb"}), "not in the calendar"),
        (json!({"capacity": "0"}), "0 places are not possible"),
        (json!({"capacity": "many"}), "is not a number of places"),
        (json!({"duration": "31 days"}), "30 days"),
        (json!({}), "nothing was changed"),
    ] {
        let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
        form.submits(wrong).await.says(words).says("[Change it]");
        assert_eq!(stage.everything().await, before);
    }
    let refused = form.submits(json!({"title": "Big raid", "capacity": "0"})).await;
    let again = refused.taps("Change it").await;
    assert_eq!((again.filled("title"), again.filled("capacity")), ("Big raid", "0"));
    again.submits(json!({"capacity": "4"})).await.says("**Big raid** is changed.");
    stage.says(raid, "Places: 0 of 4").await;
    stage.ends().await;
}

#[tokio::test]
async fn an_ambiguous_new_time_is_asked_about_and_picked() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    let question = form.submits(json!({"when": "sunday at 8"})).await;
    question.says("more than one way");
    question.taps("Sun 14 Mar 2027, 20:00 · in 2 days").await.says("**Raid** is changed.");
    stage.says(raid, "<t:1805050800:F>").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_location_is_set_changed_and_removed() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let panel = stage.joao().taps(raid, "⋯").await;
    panel.taps("Location").await.submits(json!({"location": "Old bridge"})).await;
    stage.says(raid, "Where: Old bridge").await;
    let form = panel.taps("Location").await;
    assert_eq!(form.filled("location"), "Old bridge");
    form.submits(json!({"location": ""})).await.says("**Raid** is changed.");
    stage.no_longer_says(raid, "Where").await;
    stage.ends().await;
}

#[tokio::test]
async fn closed_answers_are_refused_until_they_are_opened_again() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let yes = format!("m1:a:{}:0", stage.key(raid));
    let closed = stage.joao().runs("event close", json!({"event": "Raid"})).await;
    closed.says("**Raid** takes no more answers.");
    stage.says(raid, "(Yes)").await;
    stage.forged_tap(&stage.zofia(), &yes).await.says("Answers to this event are closed.");
    let twice = stage.joao().runs("event close", json!({"event": "Raid"})).await;
    twice.says("closed already");
    closed.taps("Undo").await.says("takes answers again");
    stage.says(raid, "[Yes]").await;
    stage.joao().runs("event reopen", json!({"event": "Raid"})).await.says("open already");
    stage.zofia().taps(raid, "Yes").await;
    stage.shows(raid, "Yes: Zofia").await;
    stage.joao().runs("event close", json!({"event": "Raid"})).await;
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    let moved = form.submits(json!({"when": "tomorrow 21:00"})).await;
    moved.says("Answers stay closed, as an organiser closed them: `/event reopen`.");
    stage.ends().await;
}

#[tokio::test]
async fn a_cancelled_event_takes_no_answers_and_comes_back_with_all() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let key = stage.key(raid);
    let seen = stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    seen.says("**Raid** is cancelled.");
    stage.says(raid, "Cancelled: Raid").await;
    assert!(!stage.reads(raid).contains("[Yes]"));
    let tap = stage.forged_tap(&stage.mikko(), &format!("m1:a:{key}:0")).await;
    tap.says("This event is cancelled");
    stage
        .joao()
        .runs("event edit", json!({"event": "Raid"}))
        .await
        .submits(json!({"title": "Late"}))
        .await
        .says("This event is cancelled");
    seen.taps("Undo").await.says("takes place after all");
    stage.says(raid, "[Yes]").await;
    stage.shows(raid, "Yes: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn answers_close_at_the_start_and_the_buttons_go_at_the_end() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "in 20 minutes", json!({"duration": "20m"})).await;
    stage.zofia().taps(raid, "Yes").await;
    stage.passes(21).await;
    stage.says(raid, "(Yes)").await;
    stage.passes(20).await;
    stage.says(raid, "It is over").await;
    assert!(!stage.reads(raid).contains("Yes]") && !stage.reads(raid).contains("[⋯]"));
    stage.shows(raid, "Yes: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_running_event_can_be_opened_for_late_answers() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "in 20 minutes", json!({"duration": "20m"})).await;
    stage.passes(21).await;
    stage.says(raid, "(Yes)").await;
    let panel = stage.joao().taps(raid, "⋯").await;
    panel.taps("Reopen answers").await.says("takes answers again");
    stage.says(raid, "[Yes]").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.shows(raid, "Yes: Zofia").await;
    stage.passes(20).await;
    stage.says(raid, "It is over").await;
    stage.ends().await;
}

#[tokio::test]
async fn what_is_over_stays_as_it_is() {
    let stage = Stage::new().await;
    let raid = stage.event_with("Raid", "in 10 minutes", json!({"duration": "10m"})).await;
    let key = stage.key(raid);
    stage.passes(21).await;
    stage.says(raid, "It is over").await;
    for command in ["event cancel", "event close", "event reopen"] {
        stage.joao().runs(command, json!({"event": "Raid"})).await.says("This event is over");
    }
    stage.forged_tap(&stage.zofia(), &format!("m1:a:{key}:0")).await.says("This event is over");
    stage.forged_tap(&stage.zofia(), &format!("m1:w:{key}")).await.says("This event is over");
    stage.shows(raid, "nobody").await;
    stage.ends().await;
}

#[tokio::test]
async fn show_tells_members_what_they_can_do_and_organisers_more() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    for seen in [
        stage.zofia().runs("event show", json!({"event": "raid"})).await,
        stage.zofia().taps(raid, "⋯").await,
    ] {
        seen.says("[Withdraw my answer]").says("[Go to the post]").says("✅ Yes (1): @Zofia");
        assert!(!seen.text().contains("[Edit]"), "{}", seen.text());
    }
    let organiser = stage.joao().runs("event show", json!({"event": "Raid"})).await;
    organiser.says("[Edit]").says("[Location]").says("[Close answers]").says("[Cancel the event]");
    stage.ends().await;
}

#[tokio::test]
async fn of_two_who_edit_at_once_the_second_is_told_and_overwrites_nothing() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let named = json!({"event": "Raid"});
    let first = stage.ada().runs("event edit", named.clone()).await;
    let second = stage.joao().runs("event edit", named).await;
    // An answer meanwhile is no edit.
    stage.zofia().taps(raid, "Yes").await;
    first.submits(json!({"title": "Big raid", "when": "tomorrow 21:00"})).await.says("is changed.");
    let told = second.submits(json!({"capacity": "5", "description": "Snacks"})).await;
    told.says("While your form was open").says("**Title:** Raid → Big raid").says("**Time:**");
    stage.says(raid, "Big raid").await;
    assert!(!stage.reads(raid).contains("Snacks"));

    let again = told.taps("Open my form again").await;
    let filled = ["title", "when", "capacity", "description"].map(|field| again.filled(field));
    assert_eq!(filled, ["Big raid", "2027-03-13 21:00", "5", "Snacks"]);
    again.submits(json!({})).await.says("**Big raid** is changed.");
    stage.says(raid, "Snacks").await;
    stage.says(raid, "Places: 1 of 5").await;
    stage.shows(raid, "Yes: Zofia").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_location_is_not_overwritten_unseen_and_other_edits_do_not_disturb_it() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let [first, second, third] = [stage.ada(), stage.joao(), stage.ada()];
    let [first, second, third] = [
        first.taps(raid, "⋯").await.taps("Location").await,
        second.taps(raid, "⋯").await.taps("Location").await,
        third.runs("event edit", json!({"event": "Raid"})).await,
    ];
    third.submits(json!({"title": "Big raid"})).await.says("is changed");
    first.submits(json!({"location": "Old bridge"})).await.says("is changed");
    stage.says(raid, "Where: Old bridge").await;
    stage.says(raid, "Big raid").await;
    let told = second.submits(json!({"location": "New bridge"})).await;
    told.says("changed the location: none → Old bridge");
    assert!(!stage.reads(raid).contains("New bridge"));
    let form = told.taps("Location").await;
    assert_eq!(form.filled("location"), "Old bridge");
    form.submits(json!({"location": "New bridge"})).await.says("is changed");
    stage.says(raid, "Where: New bridge").await;
    stage.ends().await;
}

#[tokio::test]
async fn a_title_that_stands_in_others_still_names_its_event() {
    let stage = Stage::new().await;
    stage.event("Raid night", "tomorrow 20:00").await;
    stage.event("Big raid", "tomorrow 21:00").await;
    stage.event("RAID", "sunday 20:00").await;
    let show = async |words: &str| stage.zofia().runs("event show", json!({"event": words})).await;
    show("raid").await.says("RAID");
    show("night").await.says("Raid night");
    show("rai").await.says("does not name just one event");
    stage.event("Raid", "sunday 21:00").await;
    show("raid").await.says("does not name just one event");
    stage.ends().await;
}
