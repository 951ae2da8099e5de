//! Everything on one member: told as a whole, and erased without leaving a hole.

use muster_domain::change::EventChange;
use muster_domain::id::{EventId, InteractionId, UserId};
use muster_domain::notice::News;
use muster_domain::signup_details::{DetailsChange, SignupDetails};
use muster_domain::template::Template;
use muster_domain::text::{Note, TemplateName};
use muster_domain::zone::Zone;
use muster_store::Store;
use muster_store::model::{
    Changed, DeliveryContent, DescribeRequest, Draft, EventForm, Happened, LoggedPlace, MemberData,
    NewTemplate, SignupWay, Window,
};

use crate::scene::{GUILD, HOST, NO, START, Scene, YES, details, minute, user, users};

const BEA: u64 = 42;

const ALL: Window = Window { skip: 0, limit: 100 };

/// Bea has a zone, a form that waits, and an answer with a note.
async fn bea_is_known<S: Store>(scene: &Scene<S>, event: EventId) {
    let (store, bea) = (&scene.store, user(BEA));
    store.set_member_zone(bea, Zone::parse("Asia/Tokyo").ok()).await.unwrap();
    let form = EventForm { title: "Mine".into(), ..EventForm::default() };
    let draft = Draft { guild: GUILD, member: bea, edits: None, form };
    store.save_draft(InteractionId::new(5), draft, minute(0)).await.unwrap();
    scene.tap(event, BEA, NO).await;
    scene.tap(event, BEA, YES).await;
    note(scene, event, BEA, "by bus").await;
}

async fn note<S: Store>(scene: &Scene<S>, event: EventId, member: u64, words: &str) {
    let request = DescribeRequest {
        guild: GUILD,
        event,
        member: user(member),
        by: user(member),
        change: DetailsChange::Note(Note::parse(words).ok()),
        interaction: scene.interaction(),
        at: minute(1),
    };
    scene.store.describe(request).await.unwrap();
}

/// An event with so many places, whose post is message number 50.
async fn posted_for<S: Store>(scene: &Scene<S>, places: i64) -> EventId {
    let created = scene.created(details(places)).await;
    scene.send(created.delivery, 50, 1).await;
    created.sheet.event.id
}

async fn held<S: Store>(scene: &Scene<S>, member: UserId) -> MemberData {
    scene.store.held_on(member).await.unwrap()
}

async fn erase<S: Store>(scene: &Scene<S>, member: UserId, at: i64) {
    scene.store.erase_member(member, minute(at)).await.unwrap();
}

/// Whose name stands in the history, as whose answer or as who did it.
async fn in_history<S: Store>(scene: &Scene<S>, event: EventId) -> Vec<UserId> {
    let page = scene.store.history(GUILD, event, ALL).await.unwrap().unwrap();
    let members = page.rows.iter().flat_map(|line| match line.what {
        Happened::Event(_) | Happened::Undone(_) | Happened::Deed(_) => vec![line.by],
        Happened::Signup { member, .. } | Happened::Presence { member, .. } => {
            vec![line.by, member]
        }
    });
    members.collect()
}

pub(super) async fn a_member_is_told_all_that_is_kept<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    bea_is_known(scene, event).await;
    let data = held(scene, user(BEA)).await;
    assert_eq!(data.zone, Zone::parse("Asia/Tokyo").ok());
    let [answer] = data.answers.as_slice() else { panic!("{:?}", data.answers) };
    let (label, now) = answer.answer.clone().unwrap();
    assert_eq!((label.as_ref(), now.option, answer.event.event), ("Yes", YES, event));
    assert_eq!(answer.details.note.as_ref().map(Note::as_str), Some("by bus"));
    assert_eq!(data.history.len(), 3, "no, yes, a note");
    assert_eq!(data.drafts.len(), 1);
    assert!(data.is_whole() && data.hosted.is_empty() && data.acts.is_empty());
    assert_eq!(held(scene, user(1)).await, MemberData::default(), "of others, nothing");
}

pub(super) async fn an_organiser_is_told_of_their_events_acts_and_templates<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event().await;
    scene.change(event, EventChange::Close, 1).await;
    let mut tap = scene.tap_of(event, BEA, Some(YES));
    (tap.by, tap.force) = (HOST, true);
    scene.store.tap(tap).await.unwrap();
    let template = Template::of(&scene.read(event).await.sheet.event, None);
    let name = TemplateName::parse("Raid").unwrap();
    let new = NewTemplate { guild: GUILD, name, template, by: HOST };
    scene.store.save_template(new, minute(1)).await.unwrap();
    let data = held(scene, HOST).await;
    assert_eq!(data.hosted.iter().map(|held| held.event).collect::<Vec<_>>(), [event]);
    assert_eq!(data.acts.len(), 3, "created, closed, an answer given for somebody");
    assert_eq!(data.templates.len(), 1);
    assert!(data.answers.is_empty());
}

pub(super) async fn an_erased_member_leaves_a_place_without_a_name<S: Store>(scene: &Scene<S>) {
    let event = posted_for(scene, 2).await;
    bea_is_known(scene, event).await;
    for member in [1, 2] {
        scene.tap(event, member, YES).await;
    }
    let before = scene.read(event).await;
    scene.shown(event, 50, before.sheet.event.version).await;
    erase(scene, user(BEA), START).await;

    let nobody = UserId::erased(0);
    assert_eq!(scene.names(event, YES).await, [vec![nobody, user(1)], users([2])]);
    let after = scene.read(event).await;
    assert_eq!(after.sheet.coming, before.sheet.coming);
    assert_eq!(scene.stale().await, [event], "the post follows");
    let line = scene.store.signup_of(GUILD, event, nobody).await.unwrap().unwrap();
    assert_eq!(line.details, SignupDetails::default());
    let history = in_history(scene, event).await;
    assert!(history.contains(&nobody) && !history.contains(&user(BEA)), "{history:?}");
    let data = held(scene, user(BEA)).await;
    assert_eq!(data, MemberData { erased_at: Some(minute(START)), ..MemberData::default() });
}

pub(super) async fn who_is_erased_before_the_start_leaves_the_place_to_the_next<S: Store>(
    scene: &Scene<S>,
) {
    scene.without_reminders().await;
    let event = posted_for(scene, 1).await;
    for member in [BEA, 1, 2] {
        scene.tap(event, member, YES).await;
    }
    scene.shown(event, 50, scene.read(event).await.sheet.event.version).await;
    erase(scene, user(BEA), START - 1).await;
    assert_eq!(scene.names(event, YES).await, [users([1]), users([2])]);
    assert_eq!(scene.stale().await, [event], "the post follows");
    let told = scene.claim(START - 1).await;
    let [delivery] = &told[..] else { panic!("{told:?}") };
    let DeliveryContent::Notice { news, mentions, .. } = &delivery.content else {
        panic!("{delivery:?}")
    };
    assert_eq!((*news, mentions), (News::Promoted, &users([1])));
    let page = scene.store.history(GUILD, event, ALL).await.unwrap().unwrap();
    let erased = page.rows.iter().find_map(|line| {
        let Happened::Signup { member, way: SignupWay::Erased, before, now } = line.what else {
            return None;
        };
        Some((member, before.map(|answer| answer.place), now))
    });
    let nobody = UserId::erased(0);
    assert_eq!(erased, Some((nobody, Some(LoggedPlace::Seated), None)));
    // Whoever comes again has left nobody behind who could not be removed.
    for at in [START - 1, START - 1] {
        scene.tap(event, BEA, YES).await;
        erase(scene, user(BEA), at).await;
    }
    scene.tap(event, BEA, YES).await;
    assert_eq!(scene.names(event, YES).await, [users([1]), users([2, BEA])]);
    scene.store.turn_events(minute(START), 10).await.unwrap();
    assert_eq!(scene.read(event).await.sheet.answered(), 3);
}

pub(super) async fn who_is_erased_while_the_event_is_off_leaves_the_place_once_it_is_on<
    S: Store,
>(
    scene: &Scene<S>,
) {
    scene.without_reminders().await;
    let event = scene.event_for(1).await;
    for member in [BEA, 1] {
        scene.tap(event, member, YES).await;
    }
    scene.change(event, EventChange::Cancel, 2).await;
    erase(scene, user(BEA), 3).await;
    assert_eq!(scene.names(event, YES).await, [vec![], users([1])], "nobody comes to it");
    let restored = scene.change(event, EventChange::Restore, 4).await;
    let Changed::Made { moved, .. } = restored else { panic!("not made: {restored:?}") };
    assert_eq!(moved.promoted, users([1]));
    assert_eq!(scene.names(event, YES).await, [users([1]), vec![]]);
}

pub(super) async fn the_history_says_that_somebody_was_erased<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    bea_is_known(scene, event).await;
    erase(scene, user(BEA), START).await;
    let page = scene.store.history(GUILD, event, ALL).await.unwrap().unwrap();
    let newest = page.rows[0];
    let Happened::Signup { member, way, before, now } = newest.what else { panic!("{newest:?}") };
    assert_eq!((member, way, newest.at), (UserId::erased(0), SignupWay::Erased, minute(START)));
    assert_eq!((before, before.map(|answer| answer.option)), (now, Some(YES)));
    assert_eq!(page.rows.len(), 5, "created, no, yes, a note, erased");
}

pub(super) async fn who_was_erased_can_sign_up_anew_and_be_erased_again<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event().await;
    for at in [START, START + 1] {
        scene.tap(event, BEA, YES).await;
        erase(scene, user(BEA), at).await;
    }
    scene.tap(event, BEA, YES).await;
    let everybody = vec![UserId::erased(0), UserId::erased(1), user(BEA)];
    assert_eq!(scene.names(event, YES).await, [everybody, vec![]]);
    assert_eq!(held(scene, user(BEA)).await.erased_at, Some(minute(START + 1)));
}

pub(super) async fn an_erased_organiser_is_named_nowhere<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(50).await;
    scene.change(event, EventChange::Close, 1).await;
    let version = scene.read(event).await.sheet.event.version;
    scene.shown(event, 50, version).await;
    erase(scene, HOST, 2).await;
    assert_eq!(scene.read(event).await.sheet.event.host, UserId::erased(0));
    assert_eq!(in_history(scene, event).await, vec![UserId::erased(0); 2]);
    assert_eq!(scene.stale().await, [event], "the post named its host");
    assert_eq!(held(scene, HOST).await.acts, []);
}

pub(super) async fn messages_that_wait_lose_the_name_and_those_for_nobody_else_end<S: Store>(
    scene: &Scene<S>,
) {
    let event = posted_for(scene, 1).await;
    for member in [1, BEA, 2] {
        scene.tap(event, member, YES).await;
    }
    scene.withdraw(event, 1).await;
    scene.change(event, EventChange::Cancel, 2).await;
    erase(scene, user(BEA), 2).await;
    let mut told = Vec::new();
    for at in [3, 4] {
        for delivery in scene.claim(at).await {
            let DeliveryContent::Notice { mentions, .. } = &delivery.content else { continue };
            told.push(mentions.clone());
            scene.sent(&delivery, 60, 1).await;
        }
    }
    assert_eq!(told, [users([2])], "of Bea's promotion nobody is told");
}

pub(super) async fn nobody_else_is_touched<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    bea_is_known(scene, event).await;
    note(scene, event, BEA, "by train").await;
    let before = (scene.read(event).await, held(scene, user(BEA)).await);
    erase(scene, user(1), 2).await;
    assert_eq!((scene.read(event).await, held(scene, user(BEA)).await), before);
}
