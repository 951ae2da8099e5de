//! Who was there, of those who have a place.

use muster_domain::id::{EventId, InteractionId};
use muster_store::Store;
use muster_store::model::{
    CheckInSecret, Happened, MarkOutcome, MarkRequest, Marked, Presence, UnmarkRequest, Window,
};

use crate::scene::{GUILD, HOST, NO, OTHER_GUILD, Scene, YES, minute, user, users};

const ALL: Window = Window { skip: 0, limit: 100 };

pub(crate) fn marking<S: Store>(
    scene: &Scene<S>,
    event: EventId,
    whom: Marked,
    presence: Option<Presence>,
) -> MarkRequest {
    let (by, interaction, at) = (HOST, scene.interaction(), minute(70));
    MarkRequest { guild: GUILD, event, whom, presence, by, interaction, at }
}

async fn marks<S: Store>(
    scene: &Scene<S>,
    event: EventId,
    whom: Marked,
    presence: Option<Presence>,
) -> (usize, InteractionId) {
    let request = marking(scene, event, whom, presence);
    let made_with = request.interaction;
    match scene.store.mark(request).await.unwrap() {
        MarkOutcome::Made(count) => (count, made_with),
        MarkOutcome::NoSuchEvent => panic!("the event is there"),
    }
}

fn unmarking<S: Store>(
    scene: &Scene<S>,
    event: EventId,
    made_with: InteractionId,
) -> UnmarkRequest {
    let (guild, by, interaction, at) = (GUILD, HOST, scene.interaction(), minute(71));
    UnmarkRequest { guild, event, made_with, by, interaction, at }
}

/// Who is marked how, in the order of the roster.
async fn states<S: Store>(scene: &Scene<S>, event: EventId) -> Vec<(u64, Option<Presence>)> {
    let list = scene.store.presences(GUILD, event, ALL).await.unwrap().unwrap();
    list.rows.into_iter().map(|(member, state)| (member.get(), state)).collect()
}

const THERE: Option<Presence> = Some(Presence::Present);
const MISSING: Option<Presence> = Some(Presence::Absent);

/// Members 1 and 2 have a place, 3 waits, and 4 does not come.
async fn event<S: Store>(scene: &Scene<S>) -> EventId {
    let event = scene.event_for(2).await;
    for member in 1..=3 {
        scene.tap(event, member, YES).await;
    }
    scene.tap(event, 4, NO).await;
    event
}

pub(crate) async fn only_who_has_a_place_is_marked_and_each_once<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    let whom = Marked::Members(users([1, 3, 4, 99]));
    let request = marking(scene, event, whom.clone(), THERE);
    assert_eq!(scene.store.mark(request.clone()).await, Ok(MarkOutcome::Made(1)));
    assert_eq!(scene.store.mark(request).await, Ok(MarkOutcome::Made(0)), "a repeat");
    assert_eq!(marks(scene, event, whom, THERE).await.0, 0, "the same mark");
    assert_eq!(states(scene, event).await, [(1, THERE), (2, None)]);
    let list = scene.store.presences(GUILD, event, Window { skip: 1, limit: 1 }).await;
    let list = list.unwrap().unwrap();
    assert_eq!((list.present, list.absent, list.total, list.rows.len()), (1, 0, 2, 1));
    assert_eq!(scene.store.presence_of(event, user(1)).await, Ok(THERE));
    assert_eq!(scene.store.presence_of(event, user(2)).await, Ok(None));
}

pub(crate) async fn who_came_without_a_place_is_marked_if_they_have_answered<S: Store>(
    scene: &Scene<S>,
) {
    let event = event(scene).await;
    let whom = || Marked::Answered(users([1, 3, 4, 99]));
    let (count, made_with) = marks(scene, event, whom(), THERE).await;
    assert_eq!(count, 3);
    let came = [(1, THERE), (2, None), (3, THERE), (4, THERE)];
    assert_eq!(states(scene, event).await, came);
    let list = scene.store.presences(GUILD, event, ALL).await.unwrap().unwrap();
    assert_eq!((list.present, list.absent, list.total), (3, 0, 4));
    assert_eq!(marks(scene, event, Marked::TheRest, MISSING).await.0, 1, "those with a place");
    assert_eq!(marks(scene, event, whom(), MISSING).await.0, 3);
    assert_eq!(states(scene, event).await, [(1, MISSING), (2, MISSING)]);
    assert_eq!(scene.store.presence_of(event, user(3)).await, Ok(None), "nobody missed them");
    assert_eq!(scene.store.unmark(unmarking(scene, event, made_with)).await, Ok(0));
}

pub(crate) async fn the_rest_can_be_marked_at_once_and_that_taken_back<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    marks(scene, event, Marked::Members(users([2])), MISSING).await;
    let (count, made_with) = marks(scene, event, Marked::TheRest, THERE).await;
    assert_eq!((count, states(scene, event).await), (1, vec![(1, THERE), (2, MISSING)]));
    let unmark = unmarking(scene, event, made_with);
    let undone = scene.store.unmark(unmark).await;
    assert_eq!((undone, states(scene, event).await), (Ok(1), vec![(1, None), (2, MISSING)]));
    let again = scene.store.unmark(unmark).await;
    assert_eq!(again, Ok(0));
    assert_eq!(marks(scene, event, Marked::Everybody, THERE).await.0, 2);
    assert_eq!(states(scene, event).await, [(1, THERE), (2, THERE)]);
}

pub(crate) async fn what_was_marked_otherwise_since_stays<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    let (_, made_with) = marks(scene, event, Marked::Everybody, THERE).await;
    marks(scene, event, Marked::Members(users([2])), MISSING).await;
    assert_eq!(scene.store.unmark(unmarking(scene, event, made_with)).await, Ok(1));
    assert_eq!(states(scene, event).await, [(1, None), (2, MISSING)]);
}

pub(crate) async fn an_event_of_another_guild_cannot_be_marked<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    let (_, made_with) = marks(scene, event, Marked::Everybody, THERE).await;
    let foreign = marking(scene, event, Marked::Everybody, MISSING);
    let foreign = MarkRequest { guild: OTHER_GUILD, ..foreign };
    assert_eq!(scene.store.mark(foreign).await, Ok(MarkOutcome::NoSuchEvent));
    let unmark = UnmarkRequest { guild: OTHER_GUILD, ..unmarking(scene, event, made_with) };
    assert_eq!(scene.store.unmark(unmark).await, Ok(0));
    assert_eq!(scene.store.presences(OTHER_GUILD, event, ALL).await, Ok(None));
    assert_eq!(states(scene, event).await, [(1, THERE), (2, THERE)]);
}

pub(crate) async fn marks_stand_in_the_history_and_in_what_is_kept_on_a_member<S: Store>(
    scene: &Scene<S>,
) {
    let event = event(scene).await;
    marks(scene, event, Marked::Members(users([1])), THERE).await;
    marks(scene, event, Marked::Members(users([1])), MISSING).await;
    let member = user(1);
    let first = Happened::Presence { member, before: None, now: THERE };
    let second = Happened::Presence { member, before: THERE, now: MISSING };
    let history = scene.store.history(GUILD, event, ALL).await.unwrap().unwrap();
    assert_eq!(history.total, 7);
    let newest: Vec<_> = history.rows.iter().take(2).map(|line| (line.what, line.by)).collect();
    assert_eq!(newest, [(second, HOST), (first, HOST)]);
    let held = scene.store.held_on(member).await.unwrap();
    assert!(held.history.iter().any(|(_, line)| line.what == second), "theirs");
    let held = scene.store.held_on(HOST).await.unwrap();
    assert_eq!(held.acts.iter().filter(|(_, line)| line.what == first).count(), 1, "the host's");
}

pub(crate) async fn who_was_erased_keeps_a_mark_without_a_name<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    marks(scene, event, Marked::Everybody, THERE).await;
    scene.store.erase_member(user(1), minute(72)).await.unwrap();
    scene.store.erase_member(HOST, minute(72)).await.unwrap();
    let states = states(scene, event).await;
    assert!(states.iter().all(|(member, state)| *member != 1 && *state == THERE), "{states:?}");
    let history = scene.store.history(GUILD, event, ALL).await.unwrap().unwrap();
    let mentioned = history.rows.iter().flat_map(|line| match line.what {
        Happened::Presence { member, .. } => [line.by, member],
        Happened::Event(_) | Happened::Undone(_) | Happened::Deed(_) | Happened::Signup { .. } => {
            [line.by, line.by]
        }
    });
    let named: Vec<_> = mentioned.filter(|member| [user(1), HOST].contains(member)).collect();
    assert_eq!(named, []);
}

pub(crate) async fn an_event_keeps_the_first_secret_of_its_codes<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    let secret = async |guild, byte| {
        let fresh = CheckInSecret::new([byte; 32]);
        let kept = scene.store.check_in_secret(guild, event, fresh).await.unwrap();
        kept.map(|kept| kept.expose()[0])
    };
    assert_eq!(secret(OTHER_GUILD, 1).await, None);
    assert_eq!([secret(GUILD, 2).await, secret(GUILD, 3).await], [Some(2), Some(2)]);
    scene.change(event, muster_domain::change::EventChange::Delete, 2).await;
    assert_eq!(secret(GUILD, 4).await, None, "it is taken back");
}
