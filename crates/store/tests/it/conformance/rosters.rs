//! Places of options, guests, offers, who may come, and what organisers do for members.

use jiff::SignedDuration;
use muster_domain::answer_option::{AnswerOption, OptionId, Options};
use muster_domain::capacity::Capacity;
use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::Phase;
use muster_domain::heading::SharedPlaces;
use muster_domain::id::{ChannelId, EventId, RoleId, UserId};
use muster_domain::notice::News;
use muster_domain::option_words;
use muster_domain::roster::{Answer, Guests, NotSwapped, Place, Signup};
use muster_domain::rules::{EventRules, NotEligible};
use muster_domain::settings::SettingsChange;
use muster_domain::signup_details::DetailsChange;
use muster_domain::text::Note;
use muster_store::Store;
use muster_store::model::{
    Ask, ChangeRequest, Changed, DeliveryContent, DescribeRequest, NewEvent, NotPutBack, Tap,
    Tapped, UndoRequest, Undone, Window,
};

use crate::scene::{
    END, GUILD, HOST, MAYBE, NO, START, Scene, YES, details, members, minute, move_to, resize,
    second, user, users,
};

const TANK: OptionId = OptionId::new(0);
const HEALER: OptionId = OptionId::new(1);
const BENCH: OptionId = OptionId::new(2);

fn guests(number: i64) -> Guests {
    Guests::parse(number).unwrap()
}

/// "Tank 1, Healer 2, Bench": two ways of coming with places, and one that is not coming.
fn raid() -> Options {
    option_words::read("🛡️ Tank 1, 💚 Healer 2, Bench").unwrap()
}

async fn event_with<S: Store>(scene: &Scene<S>, options: Options, rules: EventRules) -> EventId {
    event_for(scene, 0, options, rules).await
}

async fn event_for<S: Store>(
    scene: &Scene<S>,
    places: i64,
    options: Options,
    rules: EventRules,
) -> EventId {
    let new = NewEvent { options, rules, ..scene.new_event(details(places)) };
    let created = scene.store.create_event(new, minute(0)).await.unwrap();
    scene.send(created.delivery, 5, 1).await;
    created.sheet.event.id
}

fn with_guests() -> EventRules {
    EventRules { guests_max: guests(3), ..EventRules::default() }
}

fn offering() -> EventRules {
    EventRules { offer: Some(SignedDuration::from_mins(5)), ..EventRules::default() }
}

async fn asked<S: Store>(scene: &Scene<S>, event: EventId, member: u64, ask: Ask) -> Tapped {
    scene.store.tap(scene.asking(event, member, ask)).await.unwrap().tapped
}

#[expect(clippy::needless_pass_by_value, reason = "what became of a tap ends here")]
fn now(tapped: Tapped) -> Signup {
    let Tapped::Answered(Answer::Taken { now, .. }, _) = tapped else {
        panic!("not taken: {tapped:?}")
    };
    now
}

/// What an organiser has a member answer, whatever the rules say.
fn insisted<S: Store>(scene: &Scene<S>, event: EventId, member: u64, ask: Ask) -> Tap {
    Tap { by: HOST, force: true, ..scene.asking(event, member, ask) }
}

/// The version of the event that came of a tap.
fn version_of(tapped: Tapped) -> u64 {
    let (Tapped::Answered(_, sheet) | Tapped::Withdrawn { sheet, .. }) = tapped else {
        panic!("not taken: {tapped:?}")
    };
    sheet.event.version
}

fn pick(option: OptionId) -> Ask {
    Ask::Pick { option, may_lose_place: false }
}

/// What is due at this minute and mentions members, in order.
async fn news<S: Store>(scene: &Scene<S>, at: i64) -> Vec<(News, Vec<u64>)> {
    let mut told = Vec::new();
    while let Some(delivery) = scene.claim(at).await.pop() {
        if let DeliveryContent::Notice { news, mentions, .. } = &delivery.content {
            told.push((*news, mentions.iter().map(|user| user.get()).collect()));
        }
        scene.sent(&delivery, 6, 0).await;
    }
    told
}

pub(crate) async fn an_option_has_places_of_its_own<S: Store>(scene: &Scene<S>) {
    let event = event_with(scene, raid(), EventRules::default()).await;
    let mut places = Vec::new();
    for (member, option) in [(1, TANK), (2, TANK), (3, HEALER), (4, BENCH)] {
        places.push(scene.seat(event, member, option).await);
    }
    assert_eq!(places, [Place::Seated, Place::Waiting, Place::Seated, Place::Seated]);
    scene.withdraw(event, 1).await;
    assert_eq!(scene.names(event, TANK).await, [users([2]), vec![]]);
}

pub(crate) async fn options_below_a_heading_share_its_places<S: Store>(scene: &Scene<S>) {
    let options = option_words::read("Tank 2: Warrior, Paladin; Bench").unwrap();
    let (warrior, paladin) = (OptionId::new(0), OptionId::new(1));
    let event = event_with(scene, options, EventRules::default()).await;
    for (member, option) in [(1, warrior), (2, paladin), (3, warrior), (4, paladin)] {
        scene.tap(event, member, option).await;
    }
    assert_eq!(scene.names(event, warrior).await, [users([1]), users([3, 4])]);
    assert_eq!(scene.names(event, paladin).await[0], users([2]));
    scene.withdraw(event, 2).await;
    assert_eq!(scene.names(event, warrior).await, [users([1, 3]), users([4])]);
    let more = option_words::read("Tank 3: Warrior, Paladin; Bench").unwrap();
    scene.change(event, EventChange::Options(more), 2).await;
    assert_eq!(scene.names(event, paladin).await, [users([4]), vec![]]);
    let fewer = option_words::read("Tank 1: Warrior, Paladin; Bench").unwrap();
    scene.change(event, EventChange::Options(fewer), 3).await;
    assert_eq!(scene.names(event, warrior).await, [users([1]), users([3, 4])]);
}

pub(crate) async fn nobody_loses_a_place_without_agreeing<S: Store>(scene: &Scene<S>) {
    let event = event_with(scene, raid(), EventRules::default()).await;
    scene.tap(event, 1, TANK).await;
    scene.tap(event, 2, HEALER).await;
    let before = scene.read(event).await;
    let told = scene.tap(event, 2, TANK).await;
    assert!(matches!(told, Tapped::WouldLosePlace(Signup { option: HEALER, .. }, _)), "{told:?}");
    assert_eq!(scene.read(event).await, before);
    let agreed = Ask::Pick { option: TANK, may_lose_place: true };
    assert_eq!(now(asked(scene, event, 2, agreed).await).place, Place::Waiting);
    assert_eq!(scene.names(event, TANK).await, [users([1]), users([2])]);
}

pub(crate) async fn guests_come_along_as_far_as_the_rules_go<S: Store>(scene: &Scene<S>) {
    let options = option_words::read("Yes, No, Mobile").unwrap();
    let mobile = OptionId::new(2);
    let event = event_for(scene, 4, options, with_guests()).await;
    let none = asked(scene, event, 1, Ask::Guests(guests(1))).await;
    assert!(matches!(none, Tapped::NoAnswerYet(_)), "{none:?}");
    scene.tap(event, 1, YES).await;
    let many = asked(scene, event, 1, Ask::Guests(guests(4))).await;
    assert!(matches!(many, Tapped::NotEligible(NotEligible::Guests(max), _) if max == guests(3)));
    assert_eq!(now(asked(scene, event, 1, Ask::Guests(guests(2))).await).guests, guests(2));
    assert_eq!(scene.read(event).await.sheet.coming, 3);
    assert_eq!(now(scene.tap(event, 1, mobile).await).guests, guests(2), "they come along");
    scene.tap(event, 2, YES).await;
    let full = asked(scene, event, 1, Ask::Guests(guests(3))).await;
    assert!(matches!(full, Tapped::WouldLosePlace(..)), "{full:?}");
    assert_eq!(now(scene.tap(event, 1, NO).await).guests, Guests::NONE);
    assert_eq!(now(scene.tap(event, 1, YES).await).guests, Guests::NONE, "and stay at home");
    assert_eq!(scene.read(event).await.sheet.coming, 2);
}

pub(crate) async fn who_waits_cannot_bring_more_than_there_will_ever_be_room_for<S: Store>(
    scene: &Scene<S>,
) {
    let event = event_for(scene, 2, option_words::read("Yes, No").unwrap(), with_guests()).await;
    for member in 1..=3 {
        scene.tap(event, member, YES).await;
    }
    let many = asked(scene, event, 3, Ask::Guests(guests(2))).await;
    assert!(matches!(many, Tapped::NeverRoom(YES, 2, _)), "{many:?}");
    let fits = now(asked(scene, event, 3, Ask::Guests(guests(1))).await);
    assert_eq!((fits.place, fits.guests), (Place::Waiting, guests(1)));
}

pub(crate) async fn guests_are_not_carried_to_where_there_will_never_be_room<S: Store>(
    scene: &Scene<S>,
) {
    let options = option_words::read("Yes 3, Healer 1, Bench").unwrap();
    let event = event_for(scene, 0, options, with_guests()).await;
    for member in 1..=2 {
        scene.tap(event, member, YES).await;
        asked(scene, event, member, Ask::Guests(guests(2))).await;
    }
    let before = scene.read(event).await;
    for (member, may_lose_place) in [(1, false), (1, true), (2, false)] {
        let pick = Ask::Pick { option: HEALER, may_lose_place };
        let never = asked(scene, event, member, pick).await;
        assert!(matches!(never, Tapped::NeverRoom(HEALER, 1, _)), "{member}: {never:?}");
    }
    let forced = insisted(scene, event, 2, pick(HEALER));
    let never = scene.store.tap(forced).await.unwrap().tapped;
    assert!(matches!(never, Tapped::NeverRoom(HEALER, 1, _)), "{never:?}");
    assert_eq!(scene.read(event).await, before);
    // Their party is too large for what there is by now: whoever asks hears so.
    let fewer = option_words::read("Yes 2, Healer 1, Bench").unwrap();
    scene.change(event, EventChange::Options(fewer), 3).await;
    let same = scene.tap(event, 2, YES).await;
    assert!(matches!(same, Tapped::NeverRoom(YES, 2, _)), "{same:?}");
    assert_eq!(now(scene.tap(event, 2, BENCH).await).guests, Guests::NONE);
    assert_eq!(now(scene.tap(event, 2, HEALER).await).place, Place::Seated);
}

pub(crate) async fn only_those_may_answer_whom_the_rules_let<S: Store>(scene: &Scene<S>) {
    let (raider, banned) = (RoleId::new(1), RoleId::new(2));
    let rules = EventRules { allowed: vec![raider], denied: vec![banned], ..EventRules::default() };
    let event = event_with(scene, Options::default_four(), rules).await;
    let tap = |roles: Vec<RoleId>| Tap { roles: roles.into(), ..scene.asking(event, 1, pick(YES)) };
    for (roles, why) in [(vec![], NotEligible::Event), (vec![raider, banned], NotEligible::Denied)]
    {
        let told = scene.store.tap(tap(roles)).await.unwrap().tapped;
        assert!(matches!(told, Tapped::NotEligible(found, _) if found == why), "{told:?}");
    }
    let taken = scene.store.tap(tap(vec![raider])).await.unwrap().tapped;
    assert_eq!(now(taken).place, Place::Seated);
    // Who lost the role keeps the answer, can take it back, and hears that it is the same.
    let same = scene.store.tap(tap(vec![])).await.unwrap().tapped;
    assert!(matches!(same, Tapped::Answered(Answer::Same(_), _)), "{same:?}");
    assert!(matches!(scene.withdraw(event, 1).await, Tapped::Withdrawn { .. }));
}

pub(crate) async fn priority_stands_before_others_in_line<S: Store>(scene: &Scene<S>) {
    let role = RoleId::new(1);
    let rules = EventRules { priority: vec![role], ..EventRules::default() };
    let event = event_for(scene, 1, Options::default_four(), rules).await;
    for member in [1, 2] {
        scene.tap(event, member, YES).await;
    }
    let with_role = Tap { roles: Box::new([role]), ..scene.asking(event, 3, pick(YES)) };
    scene.store.tap(with_role).await.unwrap();
    assert_eq!(scene.names(event, YES).await, [users([1]), users([3, 2])]);
}

pub(crate) async fn an_offer_is_told_accepted_or_goes_to_the_next<S: Store>(scene: &Scene<S>) {
    scene.without_reminders().await;
    let event = event_for(scene, 1, Options::default_four(), offering()).await;
    for member in 1..=4 {
        scene.tap(event, member, YES).await;
    }
    scene.withdraw(event, 1).await;
    let sheet = scene.read(event).await.sheet;
    assert_eq!((members(&sheet.offered), sheet.coming), (users([2]), 0));
    assert_eq!(sheet.offered.first[0].offered_until, Some(minute(6)));
    assert_eq!(news(scene, 2).await, [(News::Offered, vec![2])]);
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(6))));
    assert_eq!(scene.store.turn_events(second(359), 10).await, Ok(0));
    assert_eq!(scene.store.turn_events(minute(6), 10).await, Ok(1));
    let latest = Window { skip: 0, limit: 2 };
    let lapsed = scene.store.history(GUILD, event, latest).await.unwrap().unwrap().rows;
    assert!(lapsed.iter().all(|line| line.by == user(2)), "it was nobody else: {lapsed:?}");
    let sheet = scene.read(event).await.sheet;
    assert_eq!((members(&sheet.offered), members(&sheet.passed)), (users([3]), users([2])));
    assert_eq!(news(scene, 6).await, [(News::Offered, vec![3])]);
    let accepts = Tap { at: minute(7), ..scene.asking(event, 3, pick(YES)) };
    assert_eq!(now(scene.store.tap(accepts).await.unwrap().tapped).place, Place::Seated);
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(START))));
    // Who let it pass answers again and waits behind the others.
    let again = Tap { at: minute(8), ..scene.asking(event, 2, pick(YES)) };
    assert_eq!(now(scene.store.tap(again).await.unwrap().tapped).place, Place::Waiting);
    assert_eq!(scene.names(event, YES).await, [users([3]), users([4, 2])]);
}

pub(crate) async fn a_place_is_accepted_or_declined_only_while_it_is_held<S: Store>(
    scene: &Scene<S>,
) {
    let role = RoleId::new(1);
    let rules = EventRules { priority: vec![role], ..offering() };
    let event = event_for(scene, 1, Options::default_four(), rules).await;
    let is_not_held = |told: &Tapped| matches!(told, Tapped::NotHeld(_));
    for member in [1, 2, 4] {
        scene.tap(event, member, YES).await;
    }
    let first = Tap { roles: Box::new([role]), ..scene.asking(event, 3, pick(YES)) };
    scene.store.tap(first).await.unwrap();
    for (member, ask) in [(9, Ask::Accept(None)), (1, Ask::Accept(None)), (2, Ask::Decline)] {
        let told = asked(scene, event, member, ask).await;
        assert!(is_not_held(&told), "{member}: {told:?}");
    }
    scene.withdraw(event, 1).await;
    let told = asked(scene, event, 3, Ask::Accept(Some(MAYBE))).await;
    assert!(is_not_held(&told), "it is held for another answer: {told:?}");
    // Nothing is known of the member's roles where it is accepted.
    let place = now(asked(scene, event, 3, Ask::Accept(None)).await);
    assert_eq!((place.place, place.priority), (Place::Seated, true));
    scene.withdraw(event, 3).await;
    assert_eq!(members(&scene.read(event).await.sheet.offered), users([2]));
    let late = Tap { at: minute(6), ..scene.asking(event, 2, Ask::Accept(None)) };
    let told = scene.store.tap(late).await.unwrap().tapped;
    assert!(is_not_held(&told), "its time is over: {told:?}");
    let told = asked(scene, event, 2, Ask::Decline).await;
    assert!(matches!(told, Tapped::Withdrawn { .. }), "{told:?}");
    assert_eq!(members(&scene.read(event).await.sheet.offered), users([4]));
    assert_eq!(now(asked(scene, event, 4, Ask::Accept(Some(YES))).await).place, Place::Seated);
}

pub(crate) async fn a_place_that_is_held_can_be_accepted_whatever_the_event_offers_by_now<
    S: Store,
>(
    scene: &Scene<S>,
) {
    let rules = EventRules { guests_max: guests(1), ..offering() };
    let event = event_for(scene, 0, raid(), rules.clone()).await;
    scene.tap(event, 1, TANK).await;
    scene.tap(event, 2, TANK).await;
    scene.tap(event, 3, TANK).await;
    // The tanks' answer is removed, and nobody can bring guests any more.
    let mut options: Vec<_> = raid().iter().cloned().collect();
    options[0].removed = true;
    scene.change(event, EventChange::Options(Options::new(options).unwrap()), 1).await;
    scene.change(event, EventChange::Rules(offering()), 1).await;
    scene.withdraw(event, 1).await;
    assert_eq!(members(&scene.read(event).await.sheet.offered), users([2]));
    assert_eq!(scene.seat(event, 2, TANK).await, Place::Seated);
    let more = asked(scene, event, 2, Ask::Guests(guests(1))).await;
    assert!(matches!(more, Tapped::NotEligible(NotEligible::Guests(_), _)), "the rules hold");
    let tapped = asked(scene, event, 4, pick(TANK)).await;
    assert!(matches!(tapped, Tapped::Answered(Answer::NoSuchOption, _)), "{tapped:?}");
    // With guests that were allowed when they answered.
    let event = event_for(scene, 2, Options::default_four(), rules).await;
    let party = Ask::Guests(guests(1));
    for member in [1, 2] {
        scene.tap(event, member, YES).await;
        asked(scene, event, member, party).await;
    }
    scene.change(event, EventChange::Rules(offering()), 1).await;
    scene.withdraw(event, 1).await;
    assert_eq!(scene.seat(event, 2, YES).await, Place::Seated);
    assert_eq!(scene.read(event).await.sheet.coming, 2);
}

pub(crate) async fn who_may_go_first_by_now_does_by_answering_again<S: Store>(scene: &Scene<S>) {
    const FIRST: RoleId = RoleId::new(7);
    let event = event_for(scene, 1, Options::default_four(), EventRules::default()).await;
    for member in [1, 2, 3] {
        scene.tap(event, member, YES).await;
    }
    let rules = EventRules { priority: [FIRST].into(), ..EventRules::default() };
    scene.change(event, EventChange::Rules(rules), 1).await;
    let again = Tap { roles: [FIRST].into(), ..scene.asking(event, 3, pick(YES)) };
    let answered = scene.store.tap(again).await.unwrap().tapped;
    assert_eq!(now(answered).place, Place::Waiting);
    assert_eq!(scene.names(event, YES).await[1], users([3, 2]));
}

pub(crate) async fn the_line_stands_by_the_list_of_those_who_go_first_as_it_is_now<S: Store>(
    scene: &Scene<S>,
) {
    const A: RoleId = RoleId::new(1);
    const B: RoleId = RoleId::new(2);
    let listing = |roles: &[RoleId]| EventRules { priority: roles.to_vec(), ..<_>::default() };
    let event = event_for(scene, 1, Options::default_four(), listing(&[A, B])).await;
    let roles: [&[RoleId]; 5] = [&[A], &[], &[A], &[B], &[A, B]];
    for (member, roles) in (1..).zip(roles) {
        let tap = Tap { roles: roles.into(), ..scene.asking(event, member, pick(YES)) };
        scene.store.tap(tap).await.unwrap();
    }
    let places = async || scene.names(event, YES).await;
    let now_lists = async |roles: &[RoleId]| {
        scene.change(event, EventChange::Rules(listing(roles)), 1).await;
        places().await
    };
    assert_eq!(places().await, [users([1]), users([3, 4, 5, 2])]);
    assert_eq!(now_lists(&[B]).await, [users([1]), users([4, 5, 2, 3])]);
    assert_eq!(now_lists(&[]).await, [users([1]), users([2, 3, 4, 5])], "and nobody loses a place");
    let version = scene.read(event).await.sheet.event.version;
    let (interaction, at) = (scene.interaction(), minute(1));
    let undo = UndoRequest { guild: GUILD, event, version, by: HOST, interaction, at };
    assert!(matches!(scene.store.undo(undo).await, Ok(Undone::Made { .. })));
    assert_eq!(places().await, [users([1]), users([4, 5, 2, 3])]);
    let told = scene.store.held_on(user(5)).await.unwrap();
    assert_eq!(told.answers[0].first_by, [A, B], "which is kept on a member, and told them");
    // An answer that is put back stands by the list as it is then.
    let ask = |ask| scene.store.tap(insisted(scene, event, 3, ask));
    let version = version_of(ask(Ask::Withdraw).await.unwrap().tapped);
    assert_eq!(now_lists(&[A]).await, [users([1]), users([5, 2, 4])]);
    now(ask(Ask::PutBack(version)).await.unwrap().tapped);
    assert_eq!(places().await, [users([1]), users([3, 5, 2, 4])]);
    assert_eq!(now_lists(&[B]).await, [users([1]), users([4, 5, 2, 3])]);
}

pub(crate) async fn while_answers_are_closed_a_place_is_not_offered_but_given<S: Store>(
    scene: &Scene<S>,
) {
    let event = event_for(scene, 1, Options::default_four(), offering()).await;
    for member in 1..=3 {
        scene.tap(event, member, YES).await;
    }
    scene.withdraw(event, 1).await;
    assert_eq!(members(&scene.read(event).await.sheet.offered), users([2]));
    // What is on offer by then cannot be accepted any more, and goes to the next at once.
    scene.change(event, EventChange::Close, 2).await;
    assert_eq!(scene.names(event, YES).await, [users([3]), vec![]]);
    assert_eq!(members(&scene.read(event).await.sheet.passed), users([2]));
}

pub(crate) async fn an_offer_lasts_until_answers_close_and_the_place_goes_to_the_next<S: Store>(
    scene: &Scene<S>,
) {
    scene.without_reminders().await;
    let offer = Some(SignedDuration::from_hours(24));
    let rules = EventRules { offer, ..EventRules::default() };
    let event = event_for(scene, 1, Options::default_four(), rules.clone()).await;
    for member in 1..=3 {
        scene.tap(event, member, YES).await;
    }
    scene.withdraw(event, 1).await;
    let until = async || scene.read(event).await.sheet.offered.first[0].offered_until;
    assert_eq!(until().await, Some(minute(START)));
    let close_before = SignedDuration::from_mins(10);
    let rules = EventRules { close_before, ..rules };
    scene.change(event, EventChange::Rules(rules), 2).await;
    assert_eq!(until().await, Some(minute(START - 10)), "they close earlier now");
    assert_eq!(news(scene, 3).await, [(News::Offered, vec![2])]);
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(START - 10))));
    scene.store.turn_events(minute(START - 10), 10).await.unwrap();
    let sheet = scene.read(event).await.sheet;
    assert_eq!((members(&sheet.passed), sheet.coming), (users([2]), 1));
    assert_eq!(scene.names(event, YES).await, [users([3]), vec![]]);
    assert_eq!(news(scene, START - 10).await, [(News::Promoted, vec![3])]);
}

pub(crate) async fn an_organiser_answers_for_a_member<S: Store>(scene: &Scene<S>) {
    let rules = EventRules { allowed: vec![RoleId::new(1)], ..EventRules::default() };
    let event = event_with(scene, Options::default_four(), rules).await;
    let own = scene.asking(event, 1, pick(MAYBE));
    let added = insisted(scene, event, 1, pick(YES));
    let told = scene.store.tap(added.clone()).await.unwrap().tapped;
    assert_eq!(now(told).place, Place::Seated);
    // What the member tapped before that and what arrives after it is still theirs.
    let mine = Tap { roles: Box::new([RoleId::new(1)]), ..own };
    assert_eq!(now(scene.store.tap(mine).await.unwrap().tapped).option, MAYBE);
    let repeated = scene.store.tap(added).await.unwrap().tapped;
    assert!(matches!(repeated, Tapped::Repeated(_)), "{repeated:?}");
    let removed = insisted(scene, event, 1, Ask::Withdraw);
    let told = scene.store.tap(removed.clone()).await.unwrap().tapped;
    assert!(matches!(told, Tapped::Withdrawn { .. }), "{told:?}");
    let repeated = scene.store.tap(removed).await.unwrap().tapped;
    assert!(matches!(repeated, Tapped::Repeated(_)), "{repeated:?}");
    assert!(scene.names(event, MAYBE).await[0].is_empty());
}

pub(crate) async fn what_was_done_for_a_member_is_taken_back_with_all_that_it_was<S: Store>(
    scene: &Scene<S>,
) {
    let rules = EventRules { priority: vec![RoleId::new(1)], ..with_guests() };
    let event = event_for(scene, 3, Options::default_four(), rules).await;
    let first = Tap { roles: Box::new([RoleId::new(1)]), ..scene.asking(event, 1, pick(YES)) };
    scene.store.tap(first).await.unwrap();
    let had = now(asked(scene, event, 1, Ask::Guests(guests(2))).await);
    for member in 2..=4 {
        scene.tap(event, member, YES).await;
    }
    let (member, by, interaction, at) = (user(1), user(1), scene.interaction(), minute(1));
    let change = DetailsChange::Note(Note::parse("by bus").ok());
    let said = DescribeRequest { guild: GUILD, event, member, by, change, interaction, at };
    scene.store.describe(said).await.unwrap();
    let line = scene.store.signup_of(GUILD, event, user(1)).await.unwrap().unwrap();

    for ask in [Ask::Withdraw, pick(NO)] {
        let done = scene.store.tap(insisted(scene, event, 1, ask)).await.unwrap().tapped;
        let version = version_of(done);
        assert_eq!(scene.names(event, YES).await, [users([2, 3, 4]), vec![]]);
        let back = insisted(scene, event, 1, Ask::PutBack(version));
        assert_eq!(now(scene.store.tap(back).await.unwrap().tapped), had);
        assert_eq!(scene.names(event, YES).await, [users([1]), users([2, 3, 4])]);
        let again = scene.store.signup_of(GUILD, event, user(1)).await.unwrap().unwrap();
        assert_eq!(again, line, "with rank, guests, note and priority");
    }
}

/// "Tank 1, Healer 2, Bench" with a tank, two healers and one who waits for the tank's place.
async fn full_raid<S: Store>(scene: &Scene<S>) -> EventId {
    scene.without_reminders().await;
    let event = event_with(scene, raid(), with_guests()).await;
    for (member, option) in [(1, TANK), (2, HEALER), (3, HEALER), (4, TANK)] {
        scene.tap(event, member, option).await;
    }
    event
}

fn swap(with: u64, option: OptionId) -> Ask {
    Ask::Swap { with: user(with), option }
}

pub(crate) async fn two_members_swap_and_nobody_in_line_comes_between<S: Store>(scene: &Scene<S>) {
    let event = full_raid(scene).await;
    let asks = insisted(scene, event, 1, pick(HEALER));
    let tapped = scene.store.tap(asks).await.unwrap().tapped;
    assert!(matches!(tapped, Tapped::WouldLosePlace(..)), "{tapped:?}");
    let swaps = insisted(scene, event, 1, swap(3, HEALER));
    let tapped = scene.store.tap(swaps.clone()).await.unwrap().tapped;
    let version = version_of(tapped);
    assert_eq!(scene.names(event, TANK).await, [users([3]), users([4])]);
    assert_eq!(scene.names(event, HEALER).await[0], users([1, 2]), "each has their own rank");
    let again = scene.store.tap(swaps).await.unwrap().tapped;
    assert!(matches!(again, Tapped::Repeated(_)), "{again:?}");
    assert_eq!(news(scene, 3).await, [], "both have a place as before");
    let undo = insisted(scene, event, 1, Ask::PutBack(version));
    scene.store.tap(undo).await.unwrap();
    assert_eq!(scene.names(event, TANK).await, [users([1]), users([4])]);
    assert_eq!(scene.names(event, HEALER).await[0], users([2, 3]));
    let page = scene.store.history(GUILD, event, Window { skip: 0, limit: 4 }).await.unwrap();
    let ways = page.unwrap().rows.iter().map(|line| (line.by, line.version)).collect::<Vec<_>>();
    let (swapped, undone) = ((HOST, version), (HOST, version + 1));
    assert_eq!(ways, [undone, undone, swapped, swapped]);
}

/// Who hears at this minute of a place, and who of its loss, which still concerns them.
async fn up_and_down<S: Store>(scene: &Scene<S>, at: i64) -> [Vec<UserId>; 2] {
    let told = losses(scene, at).await;
    let named = |wanted: News| {
        let found = told.iter().find(|(news, ..)| *news == wanted);
        found.map(|(_, named, still)| (named.clone(), still.clone()))
    };
    let (up, down) = (named(News::Promoted).unwrap(), named(News::Unseated).unwrap());
    assert_eq!((down.0.clone(), told.len()), (down.1, 2));
    [up.0, down.0]
}

pub(crate) async fn who_swaps_with_somebody_in_line_is_told_and_all_is_taken_back<S: Store>(
    scene: &Scene<S>,
) {
    let event = full_raid(scene).await;
    scene.tap(event, 5, TANK).await;
    asked(scene, event, 1, Ask::Guests(guests(0))).await;
    let tapped = scene.store.tap(insisted(scene, event, 5, swap(1, TANK))).await.unwrap().tapped;
    let version = version_of(tapped);
    assert_eq!(scene.names(event, TANK).await, [users([5]), users([1, 4])]);
    assert_eq!(up_and_down(scene, 3).await, [users([5]), users([1])]);
    let stranger = Tap { by: user(9), ..insisted(scene, event, 5, Ask::PutBack(version)) };
    let refused = scene.store.tap(stranger).await.unwrap().tapped;
    let since = NotPutBack::AnsweredSince(HOST);
    assert!(matches!(refused, Tapped::NotPutBack(why, _) if why == since), "{refused:?}");
    scene.store.tap(insisted(scene, event, 5, Ask::PutBack(version))).await.unwrap();
    assert_eq!(scene.names(event, TANK).await, [users([1]), users([4, 5])]);
    assert_eq!(up_and_down(scene, 5).await, [users([1]), users([5])]);
    // Whoever of the two answers anew has the last word.
    let tapped = scene.store.tap(insisted(scene, event, 5, swap(1, TANK))).await.unwrap().tapped;
    let version = version_of(tapped);
    scene.tap(event, 1, BENCH).await;
    let late = scene.store.tap(insisted(scene, event, 5, Ask::PutBack(version))).await.unwrap();
    let since = NotPutBack::AnsweredSince(user(1));
    assert!(matches!(late.tapped, Tapped::NotPutBack(why, _) if why == since), "{late:?}");
}

pub(crate) async fn what_cannot_be_swapped_changes_nothing<S: Store>(scene: &Scene<S>) {
    let event = full_raid(scene).await;
    asked(scene, event, 2, Ask::Guests(guests(1))).await;
    scene.withdraw(event, 3).await;
    asked(scene, event, 2, Ask::Guests(guests(1))).await;
    let before = scene.read(event).await;
    for (member, with, option, why) in [
        (1, 4, TANK, NotSwapped::NoPlace),
        (1, 2, TANK, NotSwapped::NoPlace),
        (2, 2, HEALER, NotSwapped::NoPlace),
        (2, 9, HEALER, NotSwapped::NoPlace),
        (9, 2, HEALER, NotSwapped::NoPlace),
        // Two have no room in one place.
        (2, 1, TANK, NotSwapped::NoRoom),
    ] {
        let asks = insisted(scene, event, member, swap(with, option));
        let tapped = scene.store.tap(asks).await.unwrap().tapped;
        assert!(matches!(tapped, Tapped::NotSwapped(said, _) if said == why), "{tapped:?}");
    }
    assert_eq!(scene.read(event).await, before);
}

pub(crate) async fn a_member_is_moved_although_it_costs_the_place<S: Store>(scene: &Scene<S>) {
    let role = RoleId::new(5);
    let rules = EventRules { priority: vec![role], ..EventRules::default() };
    let event = event_with(scene, raid(), rules).await;
    let first = Tap { roles: [role].into(), ..scene.tap_of(event, 1, Some(TANK)) };
    scene.store.tap(first).await.unwrap();
    for (member, option) in [(2, HEALER), (3, HEALER), (4, TANK), (5, HEALER)] {
        scene.tap(event, member, option).await;
    }
    // Nobody knows their roles here, and they go first as they did.
    scene.store.tap(insisted(scene, event, 1, Ask::Move(HEALER))).await.unwrap();
    assert_eq!(scene.names(event, TANK).await, [users([4]), users([1, 5])]);
    scene.withdraw(event, 2).await;
    assert_eq!(scene.names(event, HEALER).await, [users([1, 3]), users([5])]);
}

pub(crate) async fn who_comes_late_is_put_back_with_the_time_moved_with_the_event<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    let change = DetailsChange::Times { arrives: Some(minute(START + 10)), leaves: None };
    let (member, by, interaction, at) = (user(1), user(1), scene.interaction(), minute(1));
    let said = DescribeRequest { guild: GUILD, event, member, by, change, interaction, at };
    scene.store.describe(said).await.unwrap();
    let removed = insisted(scene, event, 1, Ask::Withdraw);
    let version = version_of(scene.store.tap(removed).await.unwrap().tapped);
    scene.change(event, move_to(START + 500, END + 500), 2).await;
    let back = insisted(scene, event, 1, Ask::PutBack(version));
    assert_eq!(now(scene.store.tap(back).await.unwrap().tapped).place, Place::Seated);
    let line = scene.store.signup_of(GUILD, event, user(1)).await.unwrap().unwrap();
    assert_eq!(line.details.arrives, Some(minute(START + 510)));
}

pub(crate) async fn what_was_done_for_a_member_is_not_taken_back_late_nor_over_their_own_answer<
    S: Store,
>(
    scene: &Scene<S>,
) {
    let event = scene.event().await;
    let added =
        version_of(scene.store.tap(insisted(scene, event, 1, pick(YES))).await.unwrap().tapped);
    let back =
        |version, at| Tap { at: minute(at), ..insisted(scene, event, 1, Ask::PutBack(version)) };
    let late = scene.store.tap(back(added, 17)).await.unwrap().tapped;
    assert!(matches!(late, Tapped::NotPutBack(NotPutBack::TooLate, _)), "{late:?}");
    scene.tap(event, 1, MAYBE).await;
    let since = scene.store.tap(back(added, 2)).await.unwrap().tapped;
    let by = NotPutBack::AnsweredSince(user(1));
    assert!(matches!(since, Tapped::NotPutBack(why, _) if why == by), "{since:?}");
    assert_eq!(scene.names(event, MAYBE).await[0], users([1]));
    // Who was not on the roster before is not afterwards.
    let event = scene.event().await;
    let added =
        version_of(scene.store.tap(insisted(scene, event, 1, pick(YES))).await.unwrap().tapped);
    let gone = Tap { event, ..back(added, 2) };
    let gone = scene.store.tap(gone).await.unwrap().tapped;
    assert!(matches!(gone, Tapped::Withdrawn { .. }), "{gone:?}");
}

pub(crate) async fn an_organiser_answers_until_the_event_is_over<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    scene.change(event, EventChange::Close, 2).await;
    let tap = |at: i64| Tap { at: minute(at), ..insisted(scene, event, 1, pick(YES)) };
    assert_eq!(now(scene.store.tap(tap(3)).await.unwrap().tapped).place, Place::Seated);
    let late = Tap { ask: pick(NO), ..tap(START + 1) };
    assert_eq!(now(scene.store.tap(late).await.unwrap().tapped).option, NO);
    let over = scene.store.tap(tap(END)).await.unwrap().tapped;
    assert!(matches!(over, Tapped::Closed(Phase::Over, _)), "{over:?}");
}

fn only(labels: &[(u8, &str)]) -> Options {
    let yes = Options::default_four().iter().next().cloned().unwrap();
    let option = |(id, label): &(u8, &str)| AnswerOption {
        id: OptionId::new(*id),
        label: (*label).into(),
        ..yes.clone()
    };
    Options::new(labels.iter().map(option).collect()).unwrap()
}

pub(crate) async fn an_option_that_is_removed_keeps_its_answers<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, MAYBE).await;
    scene.tap(event, 2, YES).await;
    let change = EventChange::Options(only(&[(0, "Coming"), (9, "Remote")]));
    let Changed::Made { now: after, .. } = scene.change(event, change.clone(), 2).await else {
        panic!("not made")
    };
    let sheet = scene.read(event).await.sheet;
    assert_eq!(after.sheet, sheet);
    let shown: Vec<_> = sheet.columns.iter().map(|(id, names)| (id.get(), names.total)).collect();
    assert_eq!(shown, [(0, 1), (4, 0), (2, 1)], "Maybe is not offered and still there");
    let gone = scene.tap(event, 3, MAYBE).await;
    assert!(matches!(gone, Tapped::Answered(Answer::NoSuchOption, _)), "{gone:?}");
    assert_eq!(scene.seat(event, 1, OptionId::new(4)).await, Place::Seated);
    let again = scene.change(event, EventChange::Options(sheet.event.options), 3).await;
    assert!(matches!(again, Changed::Refused(ChangeRefusal::Nothing, _)), "{again:?}");
    // Before the edit, another one had not seen it.
    let blind = ChangeRequest { seen: Some(1), ..scene.change_of(event, change, 4) };
    let told = scene.store.change_event(blind).await.unwrap();
    assert!(matches!(told, Changed::Outdated(_)), "{told:?}");
}

pub(crate) async fn new_rules_and_options_seat_anew<S: Store>(scene: &Scene<S>) {
    let event = event_with(scene, raid(), with_guests()).await;
    for member in 1..=3 {
        scene.tap(event, member, HEALER).await;
    }
    assert_eq!(scene.names(event, HEALER).await, [users([1, 2]), users([3])]);
    let mut wider: Vec<_> = raid().iter().cloned().collect();
    wider[1].capacity = Capacity::parse(3).ok();
    let wider = EventChange::Options(Options::new(wider).unwrap());
    let Changed::Made { moved, .. } = scene.change(event, wider, 2).await else {
        panic!("not made")
    };
    assert_eq!(moved.promoted, users([3]));
    assert_eq!(news(scene, 3).await, [(News::Promoted, vec![3])]);
    // Healers are not coming any more, so that nobody waits.
    let mut fewer: Vec<_> = raid().iter().cloned().collect();
    fewer[1].capacity = Capacity::parse(1).ok();
    let Changed::Made { moved, .. } =
        scene.change(event, EventChange::Options(Options::new(fewer.clone()).unwrap()), 3).await
    else {
        panic!("not made")
    };
    assert_eq!(moved.unseated, users([2, 3]));
    fewer[1].coming = false;
    scene.change(event, EventChange::Options(Options::new(fewer).unwrap()), 4).await;
    let sheet = scene.read(event).await.sheet;
    assert_eq!((members(&sheet.columns[1].1), sheet.waitlist.total), (users([1, 2, 3]), 0));
    let tapped = scene.tap(event, 2, BENCH).await;
    assert_eq!(now(tapped).place, Place::Seated);
}

/// News that are due at this minute, with whom they name and whom a loss concerns still.
async fn losses<S: Store>(scene: &Scene<S>, at: i64) -> Vec<(News, Vec<UserId>, Vec<UserId>)> {
    let mut told = Vec::new();
    while let Some(delivery) = scene.claim(at).await.pop() {
        if let DeliveryContent::Notice { news, mentions, .. } = &delivery.content {
            let still = scene.store.still_unseated(delivery.id).await.unwrap();
            told.push((*news, mentions.clone(), still));
        }
        scene.sent(&delivery, 6, 0).await;
    }
    told
}

pub(crate) async fn who_loses_a_place_is_told_if_nothing_happened_since<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event_for(4).await;
    for member in 1..=4 {
        scene.tap(event, member, YES).await;
    }
    let places = async |places, minute| scene.change(event, resize(places), minute).await;
    assert_eq!(losses(scene, 1).await, []);
    places(1, 2).await;
    places(2, 2).await;
    // Who was told nothing of the loss is told nothing of the place.
    scene.tap(event, 3, NO).await;
    assert_eq!(losses(scene, 3).await, [(News::Unseated, users([2, 3, 4]), users([4]))]);
    places(3, 4).await;
    assert_eq!(losses(scene, 5).await, [(News::Promoted, users([4]), vec![])], "they had heard");
    places(1, 6).await;
    let (member, by, interaction, at) = (user(4), user(4), scene.interaction(), minute(6));
    let change = DetailsChange::Note(Note::parse("by bus").ok());
    let said = DescribeRequest { guild: GUILD, event, member, by, change, interaction, at };
    scene.store.describe(said).await.unwrap();
    assert_eq!(losses(scene, 7).await[0].2, users([2, 4]), "a note is no answer");
}

pub(crate) async fn where_names_are_hidden_a_loss_that_did_not_last_is_told_to_nobody<S: Store>(
    scene: &Scene<S>,
) {
    let rules = EventRules { names_hidden: true, ..EventRules::default() };
    let event = event_for(scene, 2, Options::default_four(), rules).await;
    for member in 1..=2 {
        scene.tap(event, member, YES).await;
    }
    for (places, minute) in [(1, 2), (2, 2)] {
        scene.change(event, resize(places), minute).await;
    }
    assert_eq!(losses(scene, 3).await, [(News::Unseated, vec![], vec![])]);
    scene.change(event, resize(1), 4).await;
    assert_eq!(losses(scene, 5).await, [(News::Unseated, vec![], users([2]))]);
}

pub(crate) async fn an_event_is_as_it_was_at_each_version<S: Store>(scene: &Scene<S>) {
    let role = |n| RoleId::new(n);
    let event = scene.posted_event(5).await;
    let first = scene.read(event).await.sheet.event;
    let rules = EventRules {
        guests_max: guests(2),
        allowed: vec![role(3), role(1)],
        denied: vec![role(2)],
        priority: vec![role(1)],
        names_hidden: true,
        ..offering()
    };
    scene.change(event, EventChange::Rules(rules.clone()), 2).await;
    let mut options: Vec<_> = raid().iter().cloned().collect();
    options[0].allowed = Box::new([role(9), role(8)]);
    options[0].granted = Some(role(7));
    options[0].group = Some("Roles".into());
    let shared = SharedPlaces { heading: "Roles".into(), capacity: Capacity::parse(4).unwrap() };
    let options = Options::new(options).unwrap().sharing([shared]);
    scene.change(event, EventChange::Options(options.clone()), 3).await;
    let image = muster_domain::text::ImageUrl::parse("https://example.org/a.png").unwrap();
    scene.change(event, EventChange::Image(Some(image.clone())), 4).await;
    let last = scene.read(event).await.sheet.event;
    assert_eq!((&last.rules, &last.image), (&rules, &Some(image)));
    assert_eq!(last.options.shared(), options.shared());
    let as_of = async |version| {
        let seen = muster_store::model::SeenEvent { event, version };
        scene.store.event_as_of(crate::scene::GUILD, seen).await.unwrap().unwrap()
    };
    assert_eq!(as_of(1).await, first);
    let second = as_of(2).await;
    assert_eq!((second.rules, second.options), (rules, first.options));
    assert_eq!((as_of(3).await.options, as_of(3).await.image), (last.options.clone(), None));
    assert_eq!(as_of(4).await, last);
    let seen = muster_store::model::SeenEvent { event, version: 1 };
    assert_eq!(scene.store.event_as_of(crate::scene::OTHER_GUILD, seen).await, Ok(None));
}

pub(crate) async fn the_organiser_is_asked_once_if_too_few_are_coming<S: Store>(scene: &Scene<S>) {
    scene.without_reminders().await;
    let people = Capacity::parse(2).unwrap();
    let before_start = SignedDuration::from_mins(30);
    let minimum = Some(muster_domain::rules::Minimum { people, before_start });
    let rules = EventRules { minimum, ..EventRules::default() };
    let few = event_with(scene, Options::default_four(), rules.clone()).await;
    let enough = event_with(scene, Options::default_four(), rules).await;
    for (event, member) in [(few, 1), (enough, 1), (enough, 2)] {
        scene.tap(event, member, YES).await;
    }
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(30))));
    assert_eq!(scene.store.turn_events(minute(30), 10).await, Ok(2));
    assert_eq!(news(scene, 30).await, [(News::TooFew, vec![HOST.get()])]);
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(START))));
    assert_eq!(scene.store.turn_events(minute(START), 10).await, Ok(2));
    assert!(news(scene, START).await.is_empty());
    assert_eq!(user(HOST.get()), scene.read(few).await.sheet.event.host);
}

pub(crate) async fn organisers_are_asked_in_the_channel_that_the_guild_chose_for_them<S: Store>(
    scene: &Scene<S>,
) {
    let own = ChannelId::new(777);
    let change = SettingsChange::AdminChannel(Some(own));
    scene.store.change_settings(crate::scene::GUILD, change, minute(0)).await.unwrap();
    let people = Capacity::parse(2).unwrap();
    let before_start = SignedDuration::from_mins(30);
    let minimum = Some(muster_domain::rules::Minimum { people, before_start });
    let rules = EventRules { minimum, ..EventRules::default() };
    event_with(scene, Options::default_four(), rules).await;
    scene.store.turn_events(minute(30), 10).await.unwrap();
    let due = scene.claim(30).await;
    let places: Vec<_> = due.iter().map(|delivery| delivery.channel).collect();
    assert_eq!(places, [Some(own)]);
}
