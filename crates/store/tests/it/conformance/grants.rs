//! Roles that follow from rosters: wanted, given, taken, and whose they were before.

use muster_domain::answer_option::Options;
use muster_domain::change::EventChange;
use muster_domain::id::{EventId, RoleId, UserId};
use muster_store::Store;
use muster_store::model::{Grant, GrantEnd, GrantStep, RoleState};

use crate::scene::{END, GUILD, NO, Scene, YES, minute, user};

const ROLE: RoleId = RoleId::new(9);

/// An event, posted, whose Yes gives a role.
async fn giving<S: Store>(scene: &Scene<S>) -> EventId {
    let event = scene.posted_event(5).await;
    let mut options: Vec<_> = Options::default_four().iter().cloned().collect();
    options[0].granted = Some(ROLE);
    scene.change(event, EventChange::Options(Options::new(options).unwrap()), 0).await;
    event
}

/// What is to be done at this minute.
async fn due<S: Store>(scene: &Scene<S>, at: i64) -> Vec<Grant> {
    while scene.store.plan_grants(minute(at), 10).await.unwrap() > 0 {}
    scene.store.due_grants(minute(at), 10).await.unwrap()
}

fn steps(grants: &[Grant]) -> Vec<(UserId, GrantStep)> {
    grants.iter().map(|grant| (grant.member, grant.step)).collect()
}

async fn end<S: Store>(scene: &Scene<S>, grant: Grant, end: GrantEnd) {
    assert!(scene.store.grant_asked(grant).await.unwrap());
    scene.store.grant_ended(grant, end).await.unwrap();
}

const GIVE: GrantStep = GrantStep::Give { asked: false };

pub(crate) async fn who_comes_gets_the_role_and_loses_it_again<S: Store>(scene: &Scene<S>) {
    let event = giving(scene).await;
    scene.tap(event, 1, YES).await;
    scene.tap(event, 2, NO).await;
    let first = due(scene, 1).await;
    assert_eq!(steps(&first), [(user(1), GIVE)]);
    assert_eq!((first[0].event, first[0].role), (event, ROLE));
    end(scene, first[0], GrantEnd::Given).await;
    assert_eq!(due(scene, 2).await, []);
    let held = scene.store.held_on(user(1)).await.unwrap();
    let given: Vec<_> = held.roles.iter().map(|it| (it.event.event, it.role, it.state)).collect();
    assert_eq!(given, [(event, ROLE, RoleState::Given)], "and the member can ask for that");
    assert_eq!(scene.store.next_grant().await, Ok(None));
    scene.tap(event, 1, NO).await;
    let second = due(scene, 3).await;
    assert_eq!(steps(&second), [(user(1), GrantStep::Take)]);
    end(scene, second[0], GrantEnd::Gone).await;
    assert_eq!(due(scene, 4).await, []);
}

pub(crate) async fn a_role_under_way_when_the_bot_is_removed_is_given_after_its_return<S: Store>(
    scene: &Scene<S>,
) {
    scene.store.guild_arrived(GUILD, minute(0)).await.unwrap();
    let event = giving(scene).await;
    scene.tap(event, 1, YES).await;
    let first = due(scene, 1).await;
    assert!(scene.store.grant_asked(first[0]).await.unwrap());
    scene.store.guild_left(GUILD, minute(1)).await.unwrap();
    // "Unknown Guild"
    scene.store.grant_ended(first[0], GrantEnd::Gone).await.unwrap();
    assert_eq!(due(scene, 2).await, []);
    scene.store.guild_arrived(GUILD, minute(3)).await.unwrap();
    assert_eq!(steps(&due(scene, 3).await), [(user(1), GrantStep::Give { asked: true })]);
}

pub(crate) async fn what_was_there_before_is_never_taken<S: Store>(scene: &Scene<S>) {
    let event = giving(scene).await;
    scene.tap(event, 1, YES).await;
    let first = due(scene, 1).await;
    end(scene, first[0], GrantEnd::Had).await;
    scene.tap(event, 1, NO).await;
    assert_eq!(due(scene, 2).await, []);
}

pub(crate) async fn what_was_asked_for_may_be_there_and_is_taken<S: Store>(scene: &Scene<S>) {
    let event = giving(scene).await;
    scene.tap(event, 1, YES).await;
    let first = due(scene, 1).await;
    // Asked, and then a crash: nobody knows.
    assert!(scene.store.grant_asked(first[0]).await.unwrap());
    assert_eq!(steps(&due(scene, 2).await), [(user(1), GrantStep::Give { asked: true })]);
    scene.tap(event, 1, NO).await;
    assert_eq!(steps(&due(scene, 3).await), [(user(1), GrantStep::Take)]);
}

pub(crate) async fn who_changes_their_mind_meanwhile_gets_what_they_want_last<S: Store>(
    scene: &Scene<S>,
) {
    let event = giving(scene).await;
    scene.tap(event, 1, YES).await;
    let first = due(scene, 1).await;
    assert!(scene.store.grant_asked(first[0]).await.unwrap());
    scene.tap(event, 1, NO).await;
    let take = due(scene, 2).await;
    // The giving ends only now: the taking stays to be done.
    scene.store.grant_ended(first[0], GrantEnd::Given).await.unwrap();
    assert_eq!(due(scene, 3).await, take);
    scene.tap(event, 1, YES).await;
    assert_eq!(steps(&due(scene, 4).await), [(user(1), GrantStep::Give { asked: true })]);
    assert!(!scene.store.grant_asked(take[0]).await.unwrap(), "it is not to be taken any more");
}

pub(crate) async fn a_role_waits_as_long_as_it_is_told<S: Store>(scene: &Scene<S>) {
    let event = giving(scene).await;
    scene.tap(event, 1, YES).await;
    let first = due(scene, 1).await;
    end(scene, first[0], GrantEnd::Later(minute(9))).await;
    assert_eq!(due(scene, 8).await, []);
    assert_eq!(scene.store.next_grant().await, Ok(Some(minute(9))));
    assert_eq!(due(scene, 9).await.len(), 1);
}

pub(crate) async fn another_event_that_gives_the_role_keeps_it<S: Store>(scene: &Scene<S>) {
    let (first, second) = (giving(scene).await, giving(scene).await);
    for event in [first, second] {
        scene.tap(event, 1, YES).await;
    }
    let [one, two] = due(scene, 1).await[..] else { panic!("two") };
    end(scene, one, GrantEnd::Given).await;
    // The second finds that the member has it: from us.
    end(scene, two, GrantEnd::Had).await;
    scene.tap(one.event, 1, NO).await;
    let taking = due(scene, 2).await;
    assert!(!scene.store.grant_asked(taking[0]).await.unwrap(), "it stays for the other");
    scene.tap(two.event, 1, NO).await;
    assert_eq!(steps(&due(scene, 3).await), [(user(1), GrantStep::Take)]);
}

pub(crate) async fn at_the_end_and_when_it_is_off_roles_go<S: Store>(scene: &Scene<S>) {
    let event = giving(scene).await;
    scene.tap(event, 1, YES).await;
    let first = due(scene, 1).await;
    end(scene, first[0], GrantEnd::Given).await;
    scene.change(event, EventChange::Cancel, 2).await;
    assert_eq!(steps(&due(scene, 3).await), [(user(1), GrantStep::Take)]);
    scene.change(event, EventChange::Restore, 4).await;
    assert_eq!(steps(&due(scene, 5).await), [(user(1), GrantStep::Give { asked: true })]);
    scene.store.turn_events(minute(END), 10).await.unwrap();
    let last = due(scene, END).await;
    assert_eq!(steps(&last), [(user(1), GrantStep::Take)]);
}

pub(crate) async fn a_clock_that_was_behind_gives_no_role_of_what_is_over<S: Store>(
    scene: &Scene<S>,
) {
    let event = giving(scene).await;
    scene.tap(event, 1, YES).await;
    scene.store.turn_events(minute(END), 10).await.unwrap();
    assert_eq!(due(scene, 2).await, [], "planned late, by the time of before");
    assert_eq!(due(scene, END).await, []);
}

pub(crate) async fn an_erased_member_loses_the_role<S: Store>(scene: &Scene<S>) {
    let event = giving(scene).await;
    scene.tap(event, 1, YES).await;
    let first = due(scene, 1).await;
    end(scene, first[0], GrantEnd::Given).await;
    scene.store.erase_member(user(1), minute(2)).await.unwrap();
    let last = due(scene, 3).await;
    assert_eq!(steps(&last), [(user(1), GrantStep::Take)]);
    end(scene, last[0], GrantEnd::Gone).await;
    assert_eq!(due(scene, 4).await, []);
}
