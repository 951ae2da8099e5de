//! The roster's rules by example and as properties over any sequence of answers.

use proptest::prelude::*;

use super::*;

const YES: OptionId = OptionId::new(0);
const NO: OptionId = OptionId::new(1);
const MOBILE: OptionId = OptionId::new(3);

struct Table {
    roster: Roster,
    options: Options,
    next: u64,
}

impl Table {
    fn with_places(places: i64) -> Self {
        let capacity = Some(Capacity::parse(places).unwrap());
        Self { roster: Roster::new(capacity), options: Options::default_four(), next: 0 }
    }

    fn answer(&mut self, member: u64, option: OptionId) -> Answer {
        self.next += 1;
        self.roster.answer(&self.options, UserId::new(member), option, Sequence(self.next))
    }

    fn waitlist(&self) -> Vec<u64> {
        self.roster.waitlist().map(UserId::get).collect()
    }

    fn column(&self, option: OptionId) -> Vec<u64> {
        self.roster.column(option).map(UserId::get).collect()
    }
}

fn promoted(answer: Answer) -> Vec<u64> {
    match answer {
        Answer::Taken { promoted, .. } => promoted.into_iter().map(UserId::get).collect(),
        Answer::Same(_) | Answer::NoSuchOption => panic!("the answer was not taken: {answer:?}"),
    }
}

#[test]
fn the_last_place_goes_to_the_first_and_the_next_one_waits() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    table.answer(2, YES);
    assert_eq!((table.column(YES), table.waitlist()), (vec![1], vec![2]));
}

#[test]
fn who_says_no_frees_the_place_for_the_one_who_waits_longest() {
    let mut table = Table::with_places(1);
    for member in 1..=3 {
        table.answer(member, YES);
    }
    let answer = table.answer(1, NO);
    assert_eq!(promoted(answer), [2]);
    assert_eq!(
        (table.column(YES), table.column(NO), table.waitlist()),
        (vec![2], vec![1], vec![3])
    );
}

#[test]
fn switching_between_two_ways_of_coming_keeps_the_place_and_the_rank() {
    let mut table = Table::with_places(1);
    for member in 1..=3 {
        table.answer(member, YES);
    }
    assert_eq!(promoted(table.answer(1, MOBILE)), Vec::<u64>::new());
    table.answer(2, MOBILE);
    assert_eq!((table.column(MOBILE), table.waitlist()), (vec![1], vec![2, 3]));
}

#[test]
fn the_same_answer_again_changes_nothing() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    assert!(matches!(table.answer(1, YES), Answer::Same(Signup { option: YES, .. })));
}

#[test]
fn an_option_that_is_not_offered_changes_nothing() {
    let mut table = Table::with_places(1);
    assert_eq!(table.answer(1, OptionId::new(9)), Answer::NoSuchOption);
    assert!(table.roster.is_empty());
}

#[test]
fn fewer_places_send_the_last_comers_to_the_head_of_the_waitlist() {
    let mut table = Table::with_places(3);
    for member in 1..=4 {
        table.answer(member, YES);
    }
    let moved = table.roster.set_capacity(Some(Capacity::parse(1).unwrap()));
    assert_eq!(moved.unseated, [UserId::new(2), UserId::new(3)]);
    assert_eq!((table.column(YES), table.waitlist()), (vec![1], vec![2, 3, 4]));
    let moved = table.roster.set_capacity(None);
    assert_eq!(moved.promoted.len(), 3);
    assert_eq!(table.column(YES), [1, 2, 3, 4]);
}

#[derive(Clone, Debug)]
enum Step {
    Answer { member: u64, option: u8 },
    Withdraw { member: u64 },
    Capacity(Option<i64>),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..12u64, 0..5u8).prop_map(|(member, option)| Step::Answer { member, option }),
        2 => (0..12u64).prop_map(|member| Step::Withdraw { member }),
        1 => prop::option::of(1..6i64).prop_map(Step::Capacity),
    ]
}

fn assert_sound(roster: &Roster, options: &Options) {
    let waiting: Vec<_> = roster.waitlist().collect();
    let mut listed: Vec<_> = options.iter().flat_map(|o| roster.column(o.id)).collect();
    let coming: usize =
        options.iter().filter(|o| o.coming).map(|o| roster.column(o.id).len()).sum();
    listed.extend(&waiting);
    listed.sort_unstable();
    let everyone = listed.len();
    listed.dedup();
    assert_eq!(listed.len(), everyone, "somebody is listed twice");
    assert_eq!(everyone, roster.len(), "somebody is missing");
    assert_eq!(coming, roster.seated());
    if let Some(capacity) = roster.capacity() {
        assert!(coming <= capacity.places(), "overbooked");
        assert!(waiting.is_empty() || coming == capacity.places(), "a place stays free");
    } else {
        assert!(waiting.is_empty(), "somebody waits although nothing is limited");
    }
    let order: Vec<_> = waiting.iter().map(|m| roster.signup(*m).unwrap().since).collect();
    assert!(order.is_sorted(), "the waitlist is out of order");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_sequence_of_steps_leaves_a_sound_roster_that_survives_storage(
        steps in prop::collection::vec(any_step(), 0..60),
        places in prop::option::of(1..6i64),
    ) {
        let options = Options::default_four();
        let mut roster = Roster::new(places.map(|n| Capacity::parse(n).unwrap()));
        for (index, step) in (1u64..).zip(steps) {
            match step {
                Step::Answer { member, option } => {
                    let member = UserId::new(member);
                    roster.answer(&options, member, OptionId::new(option), Sequence(index));
                }
                Step::Withdraw { member } => {
                    roster.withdraw(UserId::new(member));
                }
                Step::Capacity(places) => {
                    roster.set_capacity(places.map(|n| Capacity::parse(n).unwrap()));
                }
            }
            assert_sound(&roster, &options);
        }
        let stored = roster.signups.iter().map(|(member, signup)| (*member, *signup));
        let again = Roster::from_stored(&options, roster.capacity(), stored);
        assert_sound(&again, &options);
        prop_assert_eq!(again.signups, roster.signups);
        prop_assert_eq!(again.columns.values().flatten().count(), roster.columns.values().flatten().count());
        prop_assert_eq!(again.waiting, roster.waiting);
    }
}
