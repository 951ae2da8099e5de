//! Steps on answers: what each does, what is refused, and what none of them ever loses.

use proptest::prelude::*;

use super::*;
use crate::option_words;

fn face(label: &str) -> Face {
    let label = OptionLabel::parse(label).unwrap();
    Face { label, emoji: None, capacity: None, heading: None, shared: None }
}

fn below(name: &str, places: i64, face: Face) -> Face {
    Face { heading: GroupName::parse(name).ok(), shared: Capacity::parse(places).ok(), ..face }
}

fn raid() -> Options {
    option_words::read("🛡 Tank 2, 💚 Healer 3, Bench").unwrap()
}

const TANK: OptionId = OptionId::new(0);
const HEALER: OptionId = OptionId::new(1);
const BENCH: OptionId = OptionId::new(2);
const RAIDER: RoleId = RoleId::new(7);

/// What comes of an edit when the event makes it.
fn after(present: &Options, edit: OptionEdit) -> Result<Options, OptionEditError> {
    Ok(present.edited(&edit.made_on(present)?)?)
}

fn labels(options: &Options) -> Vec<(u8, &str)> {
    options.offered().map(|option| (option.id.get(), &*option.label)).collect()
}

#[test]
fn a_new_answer_is_the_last_and_means_what_its_words_say() {
    let absent = after(&raid(), OptionEdit::Add(face("Absent"))).unwrap();
    assert_eq!(labels(&absent).last(), Some(&(3, "Absent")));
    assert!(!absent.get(OptionId::new(3)).unwrap().coming);
    let seats = Face { capacity: Capacity::parse(4).ok(), ..face("Maybe") };
    let maybe = after(&absent, OptionEdit::Add(seats)).unwrap();
    assert!(maybe.get(OptionId::new(4)).unwrap().coming, "places make it a way of coming");
}

#[test]
fn a_new_face_keeps_who_may_pick_it_and_what_it_gives() {
    let first = after(&raid(), OptionEdit::Grant(TANK, Some(RAIDER))).unwrap();
    let new = below("Front", 0, Face { emoji: Emoji::parse("⚔"), ..face("Warrior") });
    let tank = after(&first, OptionEdit::Rewrite(TANK, new)).unwrap().get(TANK).unwrap().clone();
    assert_eq!((&*tank.label, &*tank.emoji, tank.capacity), ("Warrior", "⚔", None));
    assert_eq!((tank.group.as_deref(), tank.granted), (Some("Front"), Some(RAIDER)));
    assert!(tank.coming, "it was a way of coming before");
}

/// `heading places`, one for each heading that has places.
fn shared(options: &Options) -> Vec<String> {
    options.shared().iter().map(|s| format!("{} {}", s.heading, s.capacity)).collect()
}

fn tanks() -> Options {
    option_words::read("Tank 2: Warrior, Paladin; Healer 3: Priest; Bench").unwrap()
}

const WARRIOR: OptionId = OptionId::new(0);

#[test]
fn the_places_of_a_heading_are_the_same_for_all_below_it() {
    let rewritten = |places| {
        let edit = OptionEdit::Rewrite(WARRIOR, below("Tank", places, face("Warrior")));
        shared(&after(&tanks(), edit).unwrap())
    };
    assert_eq!(rewritten(4), ["Tank 4", "Healer 3"]);
    assert_eq!(rewritten(0), ["Healer 3"], "without a number there is no limit");
    let painted = after(&tanks(), OptionEdit::Paint(WARRIOR, Colour::Red)).unwrap();
    assert_eq!(shared(&painted), ["Tank 2", "Healer 3"]);
}

#[test]
fn who_joins_a_heading_takes_its_places_as_they_are() {
    for (edit, places) in [
        (OptionEdit::Add(below("Tank", 0, face("Druid"))), ["Tank 2", "Healer 3"]),
        (OptionEdit::Add(below("Tank", 4, face("Druid"))), ["Tank 4", "Healer 3"]),
        // The number that stood there before was that of the other heading.
        (OptionEdit::Rewrite(WARRIOR, below("Healer", 2, face("Warrior"))), ["Healer 3", "Tank 2"]),
        (OptionEdit::Rewrite(WARRIOR, below("Healer", 5, face("Warrior"))), ["Healer 5", "Tank 2"]),
    ] {
        assert_eq!(shared(&after(&tanks(), edit.clone()).unwrap()), places, "{edit:?}");
    }
    let new = OptionEdit::Rewrite(WARRIOR, below("Melee", 2, face("Warrior")));
    assert_eq!(shared(&after(&tanks(), new).unwrap()), ["Melee 2", "Tank 2", "Healer 3"]);
}

#[test]
fn who_leaves_a_heading_leaves_its_places_there_whatever_the_form_still_says() {
    let leaves = |id, places| OptionEdit::Rewrite(id, below("", places, face("Alone")));
    for places in [2, 0] {
        let alone = after(&tanks(), leaves(WARRIOR, places)).unwrap();
        assert_eq!(alone.get(WARRIOR).unwrap().group, None);
        assert_eq!(shared(&alone), ["Tank 2", "Healer 3"]);
    }
    let priest = OptionId::new(2);
    assert_eq!(shared(&after(&tanks(), leaves(priest, 3)).unwrap()), ["Tank 2"]);
    // Nobody would take the places that are left.
    let with_absent = option_words::read("Tank 2: Warrior, Absent").unwrap();
    assert!(shared(&after(&with_absent, leaves(WARRIOR, 2)).unwrap()).is_empty());
    // A number that was written says more than that it was there before.
    let needs_one = Err(OptionEditError::SharedPlacesNeedHeading);
    for refused in [leaves(WARRIOR, 5), OptionEdit::Add(below("", 2, face("Druid")))] {
        assert_eq!(after(&tanks(), refused), needs_one);
    }
}

#[test]
fn a_heading_keeps_its_places_while_anything_stands_below_it() {
    let priest = OptionId::new(2);
    let gone = after(&tanks(), OptionEdit::Remove(priest)).unwrap();
    // Who picked it takes a place there still, and it can be offered again.
    assert_eq!(shared(&gone), ["Tank 2", "Healer 3"]);
    let back = after(&gone, OptionEdit::OfferAgain(priest)).unwrap();
    assert_eq!(shared(&back), ["Tank 2", "Healer 3"]);
    assert_eq!(shared(&gone.only_offered()), ["Tank 2"]);
    let words = |words| OptionEdit::Words(option_words::read(words).unwrap());
    let fewer = after(&tanks(), words("Tank: Warrior, Paladin; Healer 1: Priest")).unwrap();
    assert_eq!(shared(&fewer), ["Healer 1"]);
    assert_eq!(shared(&fewer.edited(&tanks()).unwrap()), ["Tank 2", "Healer 3"]);
}

#[test]
fn each_part_of_an_answer_changes_alone() {
    let parts = [
        OptionEdit::Paint(BENCH, Colour::Red),
        OptionEdit::Coming(BENCH, true),
        OptionEdit::Told(BENCH, false),
        OptionEdit::Allow(BENCH, vec![RAIDER]),
    ];
    let all = parts.into_iter().try_fold(raid(), |options, edit| after(&options, edit)).unwrap();
    let bench = all.get(BENCH).unwrap();
    assert_eq!((bench.colour, bench.coming, bench.told), (Colour::Red, true, false));
    assert_eq!(&*bench.allowed, [RAIDER]);
    assert_eq!(all.get(TANK), raid().get(TANK));
}

#[test]
fn answers_move_and_stay_within_the_list() {
    let moved = |id, to| {
        labels(&after(&raid(), OptionEdit::Move(id, to)).unwrap())
            .iter()
            .map(|(id, _)| *id)
            .collect::<Vec<_>>()
    };
    assert_eq!(moved(BENCH, 0), [2, 0, 1]);
    assert_eq!(moved(TANK, 1), [1, 0, 2]);
    assert_eq!(moved(TANK, 99), [1, 2, 0]);
}

#[test]
fn a_removed_answer_comes_back_as_it_was() {
    let gone = after(&raid(), OptionEdit::Remove(TANK)).unwrap();
    assert_eq!(labels(&gone), [(1, "Healer"), (2, "Bench")]);
    assert_eq!(after(&gone, OptionEdit::Remove(TANK)), Err(OptionEditError::NoSuchOption));
    let back = after(&gone, OptionEdit::OfferAgain(TANK)).unwrap();
    assert_eq!(labels(&back), [(1, "Healer"), (2, "Bench"), (0, "Tank")]);
    assert_eq!(back.get(TANK), raid().get(TANK));
    assert_eq!(after(&back, OptionEdit::OfferAgain(TANK)), Err(OptionEditError::NoSuchOption));
}

#[test]
fn what_cannot_be_is_refused_and_named() {
    let raider = Some(RAIDER);
    for (edit, why) in [
        (OptionEdit::Add(face("tank")), OptionEditError::Twice("tank".into())),
        (OptionEdit::Rewrite(TANK, face("BENCH")), OptionEditError::Twice("Bench".into())),
        (OptionEdit::Coming(HEALER, false), OptionEditError::PlacesNeedComing),
        (OptionEdit::Grant(BENCH, raider), OptionEditError::GrantNeedsComing),
        (OptionEdit::Paint(OptionId::new(9), Colour::Red), OptionEditError::NoSuchOption),
        (OptionEdit::Allow(TANK, vec![RAIDER; 26]), OptionEditError::TooManyRoles(26)),
    ] {
        assert_eq!(after(&raid(), edit), Err(why));
    }
    let idle = after(&tanks(), OptionEdit::Coming(OptionId::new(2), false));
    assert_eq!(idle, Err(OptionEditError::SharedPlacesNeedComing("Healer".into())));
    let alone = option_words::read("Yes").unwrap();
    let last = after(&alone, OptionEdit::Remove(TANK));
    assert_eq!(last, Err(OptionEditError::Options(OptionsError::None)));
}

#[test]
fn words_keep_what_they_cannot_say() {
    let first = after(&raid(), OptionEdit::Allow(TANK, vec![RAIDER])).unwrap();
    let words = option_words::read("Bench, Tank 4").unwrap();
    let anew = after(&first, OptionEdit::Words(words)).unwrap();
    assert_eq!(labels(&anew), [(2, "Bench"), (0, "Tank")]);
    assert_eq!(&*anew.get(TANK).unwrap().allowed, [RAIDER]);
}

fn any_edit() -> impl Strategy<Value = OptionEdit> {
    let id = (0_u8..8).prop_map(OptionId::new);
    let heading = prop::option::of(("[xy]", 0_i64..4));
    let parts = ("[a-c]{1,2}", prop::option::of(1_i64..5), heading);
    let face = parts.prop_map(|(label, places, heading)| {
        let capacity = places.and_then(|places| Capacity::parse(places).ok());
        let face = Face { capacity, ..face(&label) };
        match heading {
            Some((name, places)) => below(&name, places, face),
            None => face,
        }
    });
    (id, face, 0_usize..8, any::<bool>(), 0_u8..10).prop_map(|(id, face, to, yes, kind)| match kind
    {
        0 => OptionEdit::Add(face),
        1 => OptionEdit::Rewrite(id, face),
        2 => OptionEdit::Paint(id, Colour::Grey),
        3 => OptionEdit::Coming(id, yes),
        4 => OptionEdit::Told(id, yes),
        5 => OptionEdit::Allow(id, vec![RAIDER]),
        6 => OptionEdit::Grant(id, yes.then_some(RAIDER)),
        7 => OptionEdit::Move(id, to),
        8 => OptionEdit::Remove(id),
        _ => OptionEdit::OfferAgain(id),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is done in whatever order: no answer is lost that was ever there, no two that are
    /// offered bear one name below one heading, what takes places counts as coming, and a heading has
    /// places only while somebody can take them.
    #[test]
    fn edits_never_lose_an_answer(edits in prop::collection::vec(any_edit(), 1..40)) {
        let mut options = raid();
        for edit in edits {
            let Ok(next) = after(&options, edit) else { continue };
            for option in options.iter() {
                prop_assert!(next.get(option.id).is_some());
            }
            let name = |o: &AnswerOption| (o.group.clone(), o.label.to_lowercase());
            let mut names: Vec<_> = next.offered().map(name).collect();
            names.sort_unstable();
            names.dedup();
            prop_assert_eq!(names.len(), next.offered().count());
            prop_assert!(next.offered().all(|o| o.coming || (o.capacity.is_none() && o.granted.is_none())));
            for places in next.shared() {
                let below: Vec<_> = next.iter().filter(|option| places.are_for(option)).collect();
                let offered = || below.iter().filter(|option| !option.removed);
                prop_assert!(!below.is_empty());
                prop_assert!(offered().count() == 0 || offered().any(|option| option.coming));
                let once = next.shared().iter().filter(|one| one.heading == places.heading);
                prop_assert_eq!(once.count(), 1);
            }
            options = next;
        }
    }
}
