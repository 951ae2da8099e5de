//! What a change that is taken back leaves to whom, and who is told of it.

use super::*;

/// A change to `room` is made, people answer, and at second 70 it is taken back. `answered` are
/// those who did, with what they had until then.
fn undone(
    table: &mut Table,
    room: Seating,
    answered: &[(u64, Option<(OptionId, Place)>)],
    meanwhile: impl FnOnce(&mut Table),
) -> Moved {
    let before = table.roster.clone();
    table.roster.reseat(room, at(0));
    let mut former = former(&before.iter().collect::<Vec<_>>(), &table.roster);
    meanwhile(table);
    for (member, was) in answered {
        former.insert(UserId::new(*member), Former::Changed(*was));
    }
    table.roster.take_back(before.seating().clone(), &former, at(70))
}

fn prior(member: u64, option: OptionId) -> Answering {
    Answering { priority: true, ..alone(member, option) }
}

/// The same, in which Tank does not count as coming.
fn without_tanks(seating: &Seating) -> Seating {
    let mut seating = seating.clone();
    let tank = seating.options.iter_mut().find(|option| option.id == TANK);
    tank.unwrap().coming = false;
    seating
}

fn members<const N: usize>(members: [u64; N]) -> Vec<UserId> {
    members.map(UserId::new).to_vec()
}

#[test]
fn who_has_a_place_keeps_it_before_those_who_had_none() {
    let mut table = Table::with_places(3);
    table.answer(1, TANK);
    let mut one_tank = table.roster.seating().clone();
    one_tank.options[2].capacity = places(1);
    let answered = [(4, None), (5, None), (6, None)];
    let moved = undone(&mut table, one_tank, &answered, |table| {
        table.say(prior(4, TANK));
        table.answer(5, YES);
        table.answer(6, YES);
        assert_eq!(table.waitlist(), [4], "there is one tank");
    });
    assert_eq!(moved, Moved::default());
    assert_eq!((table.column(YES), table.waitlist()), (vec![5, 6], vec![4]));
}

#[test]
fn an_answer_that_took_no_place_has_none_to_keep_when_it_counts_as_coming_again() {
    let mut table = Table::with_places(1);
    table.answer(1, TANK);
    table.answer(2, YES);
    let without = without_tanks(table.roster.seating());
    let moved = undone(&mut table, without, &[(3, None)], |table| {
        assert_eq!(table.column(YES), [2]);
        table.say(prior(3, TANK));
        table.roster.withdraw(UserId::new(1), at(0));
    });
    assert_eq!(moved, Moved::default(), "3 has lost nothing");
    assert_eq!((table.column(YES), table.waitlist()), (vec![2], vec![3]));
}

#[test]
fn of_those_who_came_since_the_first_in_line_have_what_is_left_and_are_told_in_that_order() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    let more = seating(places(4));
    let moved = undone(&mut table, more, &[(2, None), (3, None), (4, None)], |table| {
        table.answer(2, YES);
        table.say(prior(3, YES));
        table.say(prior(4, YES));
        table.roster.withdraw(UserId::new(1), at(0));
    });
    assert_eq!(moved, Moved { unseated: members([4, 2]), ..Moved::default() });
    assert_eq!(table.column(YES), [3]);
}

#[test]
fn who_had_a_place_and_answered_again_goes_before_who_was_not_coming() {
    let mut table = Table::with_places(1);
    table.answer(1, YES);
    table.answer(2, NO);
    let answered = [(1, Some((YES, Place::Seated))), (2, Some((NO, Place::Seated)))];
    let moved = undone(&mut table, seating(places(2)), &answered, |table| {
        table.answer(2, YES);
        table.roster.withdraw(UserId::new(1), at(0));
        table.answer(1, YES);
    });
    assert_eq!(moved, Moved { unseated: members([2]), ..Moved::default() });
    assert_eq!((table.column(YES), table.waitlist()), (vec![1], vec![2]));
}

#[test]
fn whose_offer_lapsed_meanwhile_waits_again_and_has_lost_no_place() {
    let mut table = Table::offering(1);
    table.answer(1, YES);
    table.answer(2, YES);
    let more = Seating { capacity: places(2), ..table.roster.seating().clone() };
    let moved = undone(&mut table, more, &[], |table| {
        assert_eq!(table.offered(), [2]);
        table.roster.lapse(at(60));
    });
    assert_eq!(moved, Moved::default());
    assert_eq!(table.waitlist(), [2]);
}

#[test]
fn an_offer_that_the_change_left_alone_may_have_lapsed() {
    let mut table = Table::offering(1);
    table.answer(1, YES);
    table.answer(2, YES);
    table.roster.withdraw(UserId::new(1), at(0));
    let mut one_tank = table.roster.seating().clone();
    one_tank.options[2].capacity = places(1);
    let moved = undone(&mut table, one_tank, &[], |_| {});
    assert_eq!(moved, Moved { passed: members([2]), ..Moved::default() });
}

#[test]
fn an_answer_that_counts_as_coming_no_more_is_no_place_that_one_gets() {
    let with = seating(places(1));
    let mut table = Table::with(without_tanks(&with));
    table.answer(1, YES);
    table.answer(2, TANK);
    let moved = undone(&mut table, with, &[], |table| assert_eq!(table.waitlist(), [2]));
    assert_eq!(moved, Moved::default());
    assert_eq!(table.column(TANK), [2]);
}
