//! The roster's rules by example, and beside a slow and simple model over any sequence of steps.

mod model;
mod undoing;

use std::cmp::Reverse;

use super::*;
use crate::capacity::Capacity;

const YES: OptionId = OptionId::new(0);
const NO: OptionId = OptionId::new(1);
const TANK: OptionId = OptionId::new(2);
const GONE: OptionId = OptionId::new(3);

fn places(places: i64) -> Option<Capacity> {
    Capacity::parse(places).ok()
}

/// Yes and Tank are coming, Tank has two places; No is not; Gone was removed.
fn seating(capacity: Option<Capacity>) -> Seating {
    let option = |id, coming, capacity| OptionSeats {
        id,
        offered: id != GONE,
        coming,
        capacity,
        heading: None,
    };
    let options = vec![
        option(YES, true, None),
        option(NO, false, None),
        option(TANK, true, places(2)),
        option(GONE, true, None),
    ];
    Seating { capacity, options, shared: Vec::new(), offer: None }
}

/// The same, of which Yes, Tank and Gone stand below a heading with so many places.
fn sharing(capacity: Option<Capacity>, shared: Capacity) -> Seating {
    let mut seating = seating(capacity);
    for option in seating.options.iter_mut().filter(|option| option.id != NO) {
        option.heading = HeadingId::of(0);
    }
    Seating { shared: vec![shared], ..seating }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

struct Table {
    roster: Roster,
    next: u64,
}

impl Table {
    fn with(seating: Seating) -> Self {
        Self { roster: Roster::new(seating), next: 0 }
    }

    fn with_places(capacity: i64) -> Self {
        Self::with(seating(places(capacity)))
    }

    fn offering(capacity: i64) -> Self {
        let offer = Some(jiff::SignedDuration::from_secs(60));
        Self::with(Seating { offer, ..seating(places(capacity)) })
    }

    fn say(&mut self, answering: Answering) -> Answer {
        self.next += 1;
        self.roster.answer(answering, Moment { now: at(0), next: Sequence(self.next) })
    }

    fn answer(&mut self, member: u64, option: OptionId) -> Answer {
        self.say(alone(member, option))
    }

    fn waitlist(&self) -> Vec<u64> {
        self.roster.waitlist().map(UserId::get).collect()
    }

    fn column(&self, option: OptionId) -> Vec<u64> {
        self.roster.column(option).map(UserId::get).collect()
    }

    fn offered(&self) -> Vec<u64> {
        self.roster.offered().map(UserId::get).collect()
    }
}

fn alone(member: u64, option: OptionId) -> Answering {
    Answering::alone(UserId::new(member), option)
}

fn with_guests(member: u64, guests: i64) -> Answering {
    Answering { guests: Guests::parse(guests).unwrap(), ..alone(member, YES) }
}

fn moved(answer: Answer) -> Moved {
    match answer {
        Answer::Taken { moved, .. } => moved,
        Answer::Same(_) | Answer::WouldLosePlace(_) | Answer::NoSuchOption => {
            panic!("the answer was not taken: {answer:?}")
        }
    }
}

fn promoted(answer: Answer) -> Vec<u64> {
    moved(answer).promoted.into_iter().map(UserId::get).collect()
}

#[test]
fn the_last_place_goes_to_the_first_and_the_next_one_waits() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    table.answer(2, YES);
    assert_eq!((table.column(YES), table.waitlist()), (vec![1], vec![2]));
}

#[test]
fn all_below_a_heading_share_its_places() {
    let mut table = Table::with(sharing(None, places(2).unwrap()));
    for (member, option) in [(1, YES), (2, TANK), (3, YES), (4, TANK)] {
        table.answer(member, option);
    }
    assert_eq!((table.column(YES), table.column(TANK)), (vec![1], vec![2]));
    assert_eq!(table.waitlist(), [3, 4]);
    // Changing from one to the other needs no other place.
    assert_eq!(promoted(table.answer(2, YES)), [0; 0]);
    assert_eq!(table.column(YES), [1, 2]);
    assert_eq!(promoted(table.answer(1, NO)), [3]);
    // Fewer places are taken from who came last, whatever the answer.
    let (fewer, more) = (places(1).unwrap(), places(3).unwrap());
    let moved = table.roster.reseat(sharing(None, fewer), at(0));
    assert_eq!(moved.unseated, [UserId::new(3)]);
    let moved = table.roster.reseat(sharing(None, more), at(0));
    assert_eq!(moved.promoted, [3, 4].map(UserId::new));
}

#[test]
fn who_says_no_frees_the_place_for_the_one_who_waits_longest() {
    let mut table = Table::with_places(1);
    for member in 1..=3 {
        table.answer(member, YES);
    }
    assert_eq!(promoted(table.answer(1, NO)), [2]);
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
    assert_eq!(promoted(table.answer(1, TANK)), Vec::<u64>::new());
    table.answer(2, TANK);
    assert_eq!((table.column(TANK), table.waitlist()), (vec![1], vec![2, 3]));
}

#[test]
fn an_option_that_is_full_lets_its_own_wait_and_not_those_of_others() {
    let mut table = Table::with_places(4);
    for member in 1..=3 {
        table.answer(member, TANK);
    }
    table.answer(4, YES);
    assert_eq!((table.column(TANK), table.waitlist()), (vec![1, 2], vec![3]));
    assert_eq!((table.column(YES), table.roster.seated()), (vec![4], 3));
    assert_eq!(promoted(table.answer(1, NO)), [3]);
}

#[test]
fn nobody_loses_a_place_by_switching_without_agreeing() {
    let mut table = Table::with_places(5);
    for member in 1..=2 {
        table.answer(member, TANK);
    }
    table.answer(3, YES);
    assert!(matches!(table.answer(3, TANK), Answer::WouldLosePlace(held) if held.option == YES));
    assert_eq!(table.column(YES), [3]);
    let agreed = Answering { may_lose_place: true, ..alone(3, TANK) };
    assert_eq!(promoted(table.say(agreed)), Vec::<u64>::new());
    assert_eq!((table.column(YES), table.waitlist()), (vec![], vec![3]));
}

#[test]
fn a_party_is_seated_whole_or_not_at_all_and_lets_smaller_ones_go_before() {
    let mut table = Table::with_places(4);
    table.say(with_guests(1, 1));
    table.say(with_guests(2, 2));
    table.answer(3, YES);
    assert_eq!((table.column(YES), table.waitlist()), (vec![1, 3], vec![2]));
    assert_eq!((table.roster.seated(), table.roster.seated_in(YES)), (3, 3));
    assert_eq!(promoted(table.answer(1, NO)), [2]);
    assert_eq!(table.roster.seated(), 4);
}

#[test]
fn more_guests_than_there_is_room_for_are_asked_about() {
    let mut table = Table::with_places(2);
    table.say(with_guests(1, 1));
    assert!(matches!(table.say(with_guests(1, 2)), Answer::WouldLosePlace(_)));
    assert_eq!(table.roster.seated(), 2);
    table.answer(2, YES);
    assert_eq!(promoted(table.say(with_guests(1, 0))), [2]);
}

#[test]
fn priority_goes_before_others_in_line_and_unseats_nobody() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    table.answer(2, YES);
    table.say(Answering { priority: true, ..alone(3, YES) });
    assert_eq!((table.column(YES), table.waitlist()), (vec![1], vec![3, 2]));
}

#[test]
fn the_same_answer_again_changes_nothing() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    assert!(matches!(table.answer(1, YES), Answer::Same(Signup { option: YES, .. })));
    table.answer(2, YES);
    assert!(matches!(table.answer(2, YES), Answer::Same(Signup { place: Place::Waiting, .. })));
}

#[test]
fn an_option_that_is_not_offered_or_no_longer_changes_nothing() {
    let mut table = Table::with_places(1);
    assert_eq!(table.answer(1, OptionId::new(9)), Answer::NoSuchOption);
    assert_eq!(table.answer(1, GONE), Answer::NoSuchOption);
    assert!(table.roster.is_empty());
}

#[test]
fn an_offer_holds_the_place_until_it_is_accepted() {
    let mut table = Table::offering(1);
    for member in 1..=3 {
        table.answer(member, YES);
    }
    assert_eq!(moved(table.answer(1, NO)).offered, [UserId::new(2)]);
    assert_eq!((table.offered(), table.roster.seated()), (vec![2], 0));
    assert_eq!(table.roster.next_lapse(), Some(at(60)));
    table.answer(4, YES);
    assert_eq!(table.waitlist(), [3, 4], "the place is not free");
    table.answer(2, YES);
    assert_eq!((table.column(YES), table.offered()), (vec![2], vec![]));
    assert_eq!(table.roster.next_lapse(), None);
}

#[test]
fn an_offer_that_lapses_goes_to_the_next_and_is_not_made_again() {
    let mut table = Table::offering(1);
    for member in 1..=3 {
        table.answer(member, YES);
    }
    table.answer(1, NO);
    assert_eq!(table.roster.lapse(at(59)), Moved::default());
    let moved = table.roster.lapse(at(60));
    assert_eq!((moved.passed, moved.offered), (vec![UserId::new(2)], vec![UserId::new(3)]));
    let moved = table.roster.lapse(at(120));
    assert_eq!((moved.passed, moved.offered), (vec![UserId::new(3)], vec![]));
    assert_eq!(table.roster.passed().map(UserId::get).collect::<Vec<_>>(), [2, 3]);
    table.answer(3, YES);
    assert_eq!(table.column(YES), [3], "who asks again takes what nobody wanted");
}

#[test]
fn fewer_places_send_the_last_comers_to_the_head_of_the_line() {
    let mut table = Table::with_places(3);
    for member in 1..=4 {
        table.answer(member, YES);
    }
    let moved = table.roster.reseat(seating(places(1)), at(0));
    assert_eq!(moved.unseated, [UserId::new(2), UserId::new(3)]);
    assert_eq!((table.column(YES), table.waitlist()), (vec![1], vec![2, 3, 4]));
    let moved = table.roster.reseat(seating(None), at(0));
    assert_eq!(moved.promoted.len(), 3);
    assert_eq!(table.column(YES), [1, 2, 3, 4]);
}

#[test]
fn a_small_party_keeps_its_place_where_a_large_one_before_it_has_to_go() {
    let mut table = Table::offering(4);
    table.say(with_guests(1, 2));
    table.answer(2, YES);
    let fewer = Seating { capacity: places(2), ..table.roster.seating().clone() };
    let moved = table.roster.reseat(fewer, at(0));
    assert_eq!(moved, Moved { unseated: vec![UserId::new(1)], ..Moved::default() });
    assert_eq!((table.column(YES), table.waitlist()), (vec![2], vec![1]));
    assert!(table.offered().is_empty(), "a place that was held is not offered");
}

#[test]
fn a_removed_option_keeps_its_signups_and_their_places() {
    let mut offered = seating(places(1));
    offered.options[3].offered = true;
    let mut table = Table::with(offered);
    table.answer(1, GONE);
    table.answer(2, YES);
    assert_eq!(table.roster.reseat(seating(places(1)), at(0)), Moved::default());
    assert_eq!((table.column(GONE), table.waitlist()), (vec![1], vec![2]));
    assert_eq!(promoted(table.answer(1, NO)), [2]);
}

#[test]
fn without_priority_the_line_stands_in_the_order_of_arrival_and_nobody_loses_a_place() {
    let mut table = Table::with_places(2);
    let first = |member| Answering { priority: true, ..alone(member, YES) };
    table.say(first(1));
    table.answer(2, YES);
    table.answer(3, YES);
    table.say(first(4));
    table.answer(5, YES);
    table.say(first(6));
    assert_eq!((table.column(YES), table.waitlist()), (vec![1, 2], vec![4, 6, 3, 5]));
    let mut changed = table.roster.prefer(|_, _| false);
    changed.sort_unstable();
    assert_eq!(changed, [1, 4, 6].map(|member| (UserId::new(member), false)));
    assert_eq!((table.column(YES), table.waitlist()), (vec![1, 2], vec![3, 4, 5, 6]));
    let changed = table.roster.prefer(|member, had| had || member == UserId::new(5));
    assert_eq!(changed, [(UserId::new(5), true)]);
    assert_eq!(table.waitlist(), [5, 3, 4, 6]);
    assert_eq!(table.roster.prefer(|_, had| had), []);
    // Priority has no say in who has to go: that is who came last.
    assert_eq!(promoted(table.answer(2, NO)), [5]);
}

#[test]
fn an_option_that_is_no_longer_coming_frees_its_places() {
    let mut table = Table::with_places(2);
    for member in 1..=2 {
        table.answer(member, TANK);
    }
    table.answer(3, YES);
    let mut after = seating(places(2));
    after.options[2].coming = false;
    assert_eq!(table.roster.reseat(after, at(0)).promoted, [UserId::new(3)]);
    assert_eq!((table.column(TANK), table.roster.seated()), (vec![1, 2], 1));
}

#[test]
fn ten_thousand_on_ten_places_give_ten_and_the_rest_in_order() {
    let mut table = Table::with_places(10);
    for member in 1..=10_000 {
        table.answer(member, YES);
    }
    assert_eq!(table.column(YES), (1..=10).collect::<Vec<_>>());
    assert_eq!(table.waitlist(), (11..=10_000).collect::<Vec<_>>());
}

#[test]
fn all_answers_are_there_and_people_in_line_count_with_their_guests() {
    let mut table = Table::with_places(1);
    table.say(alone(1, YES));
    table.say(with_guests(2, 3));
    table.say(alone(3, NO));
    let mut members: Vec<_> = table.roster.iter().map(|(member, _)| member.get()).collect();
    members.sort_unstable();
    assert_eq!(members, [1, 2, 3]);
    assert_eq!((table.roster.seated(), table.roster.people_waiting()), (1, 4));
}

#[test]
fn a_party_is_its_member_and_the_guests() {
    let guests = Guests::parse(7).unwrap();
    assert_eq!((guests.get(), guests.party()), (7, 8));
}

#[test]
fn from_the_moment_that_places_are_offered_nobody_has_one_at_once() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    table.answer(2, YES);
    table.roster.offer_for(Some(jiff::SignedDuration::from_secs(60)));
    assert_eq!(promoted(table.answer(1, NO)), Vec::<u64>::new());
    assert_eq!(table.offered(), [2]);
}

#[test]
fn a_roster_takes_no_less_than_what_is_in_it_and_not_many_times_that() {
    assert_eq!(Table::with_places(1).roster.bytes(), 0);
    let signup = size_of::<(UserId, Signup)>();
    let in_order = size_of::<(Sequence, UserId)>();
    let in_line = size_of::<(Reverse<bool>, Sequence, UserId)>();
    // Seated ones are in their option's column and hold one of its places; those who wait are in
    // the line, and in the line of parties of their size.
    for (places, each) in [(1_000, signup + 2 * in_order), (1, signup + 2 * in_line)] {
        let mut table = Table::with_places(places);
        (1..=1_000).for_each(|member| drop(table.answer(member, YES)));
        let (bytes, least) = (table.roster.bytes(), 1_000 * each);
        assert!((least..4 * least).contains(&bytes), "{bytes} of at least {least}");
    }
}

#[test]
fn an_answer_that_is_put_back_has_its_rank_and_its_place_again() {
    let mut table = Table::with_places(2);
    for member in 1..=3 {
        table.answer(member, YES);
    }
    let first = table.roster.signup(UserId::new(1)).unwrap();
    table.roster.withdraw(UserId::new(1), at(0));
    assert_eq!((table.column(YES), table.waitlist()), (vec![2, 3], vec![]));
    let (before, moved) = table.roster.put_back(&[(UserId::new(1), first)], at(0));
    assert_eq!((before, table.roster.signup(UserId::new(1))), (vec![None], Some(first)));
    assert_eq!(moved.unseated, [UserId::new(3)]);
    assert_eq!((table.column(YES), table.waitlist()), (vec![1, 2], vec![3]));
}

#[test]
fn who_waited_waits_again_in_the_same_place_of_the_line() {
    let mut table = Table::with_places(1);
    for member in 1..=3 {
        table.answer(member, YES);
    }
    let second = table.roster.signup(UserId::new(2)).unwrap();
    table.answer(2, NO);
    let (_, moved) = table.roster.put_back(&[(UserId::new(2), second)], at(0));
    assert_eq!(table.roster.signup(UserId::new(2)), Some(second));
    assert_eq!(moved, Moved::default());
    assert_eq!(table.waitlist(), [2, 3]);
}

#[test]
fn who_was_offered_a_place_is_offered_one_anew_when_the_answer_is_put_back() {
    let mut table = Table::offering(1);
    table.answer(1, YES);
    table.answer(2, YES);
    table.answer(1, NO);
    let offered = table.roster.signup(UserId::new(2)).unwrap();
    assert_eq!(offered.place, Place::Offered(at(60)));
    table.answer(2, NO);
    let (_, moved) = table.roster.put_back(&[(UserId::new(2), offered)], at(5));
    let now = table.roster.signup(UserId::new(2)).unwrap();
    assert_eq!((now.place, now.since), (Place::Offered(at(65)), offered.since));
    assert_eq!(moved, Moved::default(), "it is about nobody else");
}

#[test]
fn an_answer_that_counts_as_coming_no_more_is_put_back_without_waiting() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    table.answer(2, TANK);
    let waited = table.roster.signup(UserId::new(2)).unwrap();
    assert_eq!(waited.place, Place::Waiting);
    table.roster.withdraw(UserId::new(2), at(0));
    let mut after = seating(places(1));
    after.options[2].coming = false;
    table.roster.reseat(after, at(0));
    table.roster.put_back(&[(UserId::new(2), waited)], at(0));
    let now = table.roster.signup(UserId::new(2)).unwrap();
    assert_eq!((now.place, table.column(TANK)), (Place::Seated, vec![2]));
}

#[test]
fn an_offer_that_would_last_too_long_is_shortened_and_no_other() {
    let mut table = Table::offering(1);
    table.answer(1, YES);
    table.answer(2, YES);
    table.answer(1, NO);
    let until = |table: &Table| table.roster.signup(UserId::new(2)).unwrap().place;
    assert_eq!(table.roster.shorten_offers(at(30)), [UserId::new(2)]);
    assert_eq!((until(&table), table.roster.next_lapse()), (Place::Offered(at(30)), Some(at(30))));
    assert_eq!(table.roster.shorten_offers(at(45)), []);
    assert_eq!(until(&table), Place::Offered(at(30)));
}

/// What a change did, as the history has it.
fn former(before: &[(UserId, Signup)], after: &Roster) -> HashMap<UserId, Former> {
    let moved = before.iter().filter(|(member, was)| after.signup(*member) != Some(*was));
    moved.map(|(member, was)| (*member, Former::Moved(was.place))).collect()
}

/// Seats anew, and takes that back after `meanwhile`, in which nobody answers.
fn there_and_back(table: &mut Table, to: Seating, meanwhile: impl FnOnce(&mut Roster)) -> Moved {
    let before = table.roster.clone();
    table.roster.reseat(to, at(0));
    let former = former(&before.iter().collect::<Vec<_>>(), &table.roster);
    meanwhile(&mut table.roster);
    table.roster.take_back(before.seating().clone(), &former, at(1))
}

#[test]
fn who_lost_a_place_by_a_change_that_is_taken_back_has_it_again() {
    let mut table = Table::offering(4);
    for member in 1..=4 {
        table.answer(member, YES);
    }
    table.say(Answering { priority: true, ..alone(5, YES) });
    let before = table.roster.clone();
    let fewer = Seating { capacity: places(2), ..before.seating().clone() };
    let moved = there_and_back(&mut table, fewer, |_| {});
    assert_eq!(moved, Moved { promoted: vec![UserId::new(3), UserId::new(4)], ..Moved::default() });
    assert_eq!(table.roster.signups, before.signups);
}

#[test]
fn who_came_up_by_a_change_that_is_taken_back_loses_the_place_before_others() {
    let mut table = Table::with_places(4);
    table.answer(1, YES);
    table.say(with_guests(2, 3));
    for member in 3..=5 {
        table.answer(member, YES);
    }
    table.roster.withdraw(UserId::new(1), at(0));
    let before = table.roster.clone();
    let more = Seating { capacity: places(7), ..before.seating().clone() };
    let moved = there_and_back(&mut table, more, |_| {});
    assert_eq!(moved, Moved { unseated: vec![UserId::new(2)], ..Moved::default() });
    assert_eq!(table.roster.signups, before.signups);
}

#[test]
fn who_answered_after_a_change_that_is_taken_back_has_what_is_left() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    table.answer(2, YES);
    let before = table.roster.clone();
    table.roster.reseat(seating(places(3)), at(0));
    let mut former = former(&before.iter().collect::<Vec<_>>(), &table.roster);
    table.answer(3, YES);
    table.roster.withdraw(UserId::new(1), at(0));
    former.insert(UserId::new(3), Former::Changed(None));
    let moved = table.roster.take_back(seating(places(1)), &former, at(1));
    assert_eq!(moved.unseated, [UserId::new(3)], "2 was in line before 3 came");
    assert_eq!(table.column(YES), [2]);
}

#[test]
fn an_offer_that_was_open_before_a_change_is_made_anew_and_who_passed_has_passed() {
    let mut table = Table::offering(1);
    for member in 1..=3 {
        table.answer(member, YES);
    }
    table.roster.withdraw(UserId::new(1), at(0));
    table.roster.lapse(at(60));
    let places_of =
        |table: &Table| [2, 3].map(|n| table.roster.signup(UserId::new(n)).unwrap().place);
    assert_eq!(places_of(&table), [Place::Passed, Place::Offered(at(120))]);
    let mut unlimited = table.roster.seating().clone();
    unlimited.options[0].coming = false;
    let moved = there_and_back(&mut table, unlimited, |_| {});
    assert_eq!(places_of(&table), [Place::Passed, Place::Offered(at(61))]);
    assert_eq!(moved, Moved { offered: vec![UserId::new(3)], ..Moved::default() });
}

#[test]
fn a_change_ends_offers_that_have_lapsed_and_taken_back_makes_them_anew() {
    let mut table = Table::offering(1);
    for member in 1..=4 {
        table.answer(member, YES);
    }
    table.roster.withdraw(UserId::new(1), at(0));
    assert_eq!(table.offered(), [2]);
    // Answers are closed: nobody can accept any more, and nothing is offered.
    table.roster.shorten_offers(at(0));
    let before: Vec<_> = table.roster.iter().collect();
    table.roster.offer_for(None);
    let closed = table.roster.seating().clone();
    let moved = table.roster.reseat(closed.clone(), at(0));
    let (second, third) = (vec![UserId::new(2)], vec![UserId::new(3)]);
    assert_eq!((moved.passed, moved.promoted), (second.clone(), third.clone()));
    let former = former(&before, &table.roster);
    let open = Seating { offer: Some(jiff::SignedDuration::from_secs(60)), ..closed };
    let moved = table.roster.take_back(open, &former, at(5));
    assert_eq!((moved.offered, moved.unseated), (second, third));
    assert_eq!((table.offered(), table.waitlist()), (vec![2], vec![3, 4]));
    assert_eq!(table.roster.next_lapse(), Some(at(65)), "for the full time");
}

#[test]
fn a_place_that_is_struck_goes_to_the_line_once_the_event_takes_place_after_all() {
    let mut table = Table::with_places(1);
    for member in 1..=2 {
        table.answer(member, YES);
    }
    let struck = table.roster.strike(UserId::new(1));
    assert_eq!(struck.map(|signup| signup.place), Some(Place::Seated));
    assert_eq!((table.column(YES), table.waitlist()), (vec![], vec![2]));
    assert_eq!(table.roster.resume(at(0)).promoted, [UserId::new(2)]);
    assert_eq!(table.roster.strike(UserId::new(1)), None);
}

#[test]
fn what_takes_place_after_all_makes_open_offers_anew_or_gives_the_places() {
    let mut table = Table::offering(1);
    for member in 1..=3 {
        table.answer(member, YES);
    }
    table.roster.withdraw(UserId::new(1), at(0));
    let moved = table.roster.resume(at(500));
    assert_eq!(moved, Moved { offered: vec![UserId::new(2)], ..Moved::default() });
    assert_eq!(table.roster.next_lapse(), Some(at(560)));
    table.roster.offer_for(None);
    let moved = table.roster.resume(at(600));
    assert_eq!(moved, Moved { promoted: vec![UserId::new(2)], ..Moved::default() });
    assert_eq!((table.column(YES), table.waitlist()), (vec![2], vec![3]));
}

impl Table {
    fn swap(&mut self, member: u64, with: u64, option: OptionId) -> Result<Swapped, NotSwapped> {
        let moment = Moment { now: at(0), next: Sequence(self.next + 1) };
        self.next += 2;
        self.roster.swap(UserId::new(member), UserId::new(with), option, moment)
    }
}

#[test]
fn two_swap_their_answers_and_nobody_in_line_comes_between() {
    let mut full = seating(places(4));
    full.options[0].capacity = places(2);
    let mut table = Table::with(full);
    for (member, option) in [(1, TANK), (2, TANK), (3, YES), (4, YES), (5, TANK)] {
        table.answer(member, option);
    }
    let swapped = table.swap(1, 4, YES).unwrap();
    assert_eq!(swapped.moved, Moved::default());
    assert_eq!((table.column(YES), table.column(TANK)), (vec![1, 3], vec![2, 4]));
    assert_eq!(table.waitlist(), [5], "each keeps their rank, and 5 still waits");
    // A place for somebody of the line: whoever had it waits instead, by their own rank.
    table.swap(5, 2, TANK).unwrap();
    assert_eq!((table.column(TANK), table.waitlist()), (vec![4, 5], vec![2]));
    // Who does not come takes the place of who does.
    table.answer(6, NO);
    table.swap(6, 3, YES).unwrap();
    assert_eq!((table.column(YES), table.column(NO)), (vec![1, 6], vec![3]));
}

#[test]
fn a_place_under_a_heading_is_swapped_for_with_whoever_has_it() {
    let mut table = Table::with(sharing(None, Capacity::parse(1).unwrap()));
    table.answer(1, YES);
    table.answer(2, TANK);
    assert_eq!((table.column(YES), table.waitlist()), (vec![1], vec![2]));
    table.swap(2, 1, TANK).unwrap();
    assert_eq!((table.column(TANK), table.waitlist()), (vec![2], vec![1]));
}

#[test]
fn who_gives_a_place_has_the_one_that_is_too_small_for_the_other() {
    let mut table = Table::with(seating(None));
    table.answer(3, TANK);
    table.answer(2, YES);
    table.say(Answering { option: TANK, ..with_guests(1, 1) });
    assert_eq!(table.waitlist(), [1]);
    let swapped = table.swap(1, 2, YES).unwrap();
    assert_eq!(
        swapped.now.map(|now| (now.option, now.place)),
        [(YES, Place::Seated), (TANK, Place::Seated)]
    );
    assert_eq!(swapped.moved, Moved::default(), "it is no news from the line");
}

#[test]
fn who_would_not_fit_with_guests_or_has_nothing_to_swap_does_not_swap() {
    let mut table = Table::with_places(3);
    table.answer(1, TANK);
    table.say(with_guests(2, 1));
    table.answer(3, YES);
    let before = table.roster.clone();
    for (member, with, option) in [(1, 3, TANK), (1, 1, TANK), (3, 9, YES), (9, 1, TANK)] {
        let refused = table.swap(member, with, option);
        assert_eq!(refused, Err(NotSwapped::NoPlace), "{member} with {with}");
        assert_eq!(table.roster.signups, before.signups);
    }
    // The two places of the party are not enough for one of three.
    table.roster.withdraw(UserId::new(3), at(0));
    table.say(with_guests(4, 2));
    assert_eq!((table.column(TANK), table.waitlist()), (vec![1], vec![4]));
    assert_eq!(table.swap(4, 1, TANK), Err(NotSwapped::NoRoom));
    assert_eq!(table.waitlist(), [4]);
}
