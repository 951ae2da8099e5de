//! Where everybody sits and stands: kept so that each question of the roster costs as much as its
//! answer, however many signed up.

use std::cmp::Reverse;
use std::collections::btree_map::Values;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Guests, HeadingId, Place, Seating, Sequence, Signup};
use crate::answer_option::OptionId;
use crate::id::UserId;

type InOrder<K = Sequence> = BTreeMap<K, UserId>;

/// A rank in line: priority first, then who came first.
type Rank = (Reverse<bool>, Sequence);

/// Members of one event by where they are. Knows nothing of the rules of moving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hall {
    /// Seated members of each option, coming or not.
    columns: BTreeMap<OptionId, InOrder>,
    /// Members that hold places of each coming option, by offer or seated.
    holders: BTreeMap<OptionId, InOrder>,
    /// People in those places.
    taken: BTreeMap<OptionId, usize>,
    /// People in the places that options below each heading share.
    taken_below: BTreeMap<HeadingId, usize>,
    /// People in the places of all coming options.
    taken_in_all: usize,
    /// People in the places of each option that are only offered.
    in_offers: BTreeMap<OptionId, usize>,
    offered: InOrder,
    lapses: BTreeSet<(Timestamp, Sequence)>,
    line: InOrder<Rank>,
    /// The line cut by what a party needs, so that the first that fits is found without a walk.
    needs: BTreeMap<(OptionId, Guests), InOrder<Rank>>,
    passed: InOrder,
    people_passed: usize,
}

/// The memory of a tree in bytes: leaves of eleven places, of which six are taken where all came
/// in order, and as much again for each eleventh of them.
fn tree<K>(tree: &InOrder<K>) -> usize {
    let leaf = (size_of::<(K, UserId)>() * 11).saturating_add(16);
    let leaves = tree.len().div_ceil(6);
    leaves.saturating_add(leaves.div_ceil(11)).saturating_mul(leaf)
}

/// Members in an order, whose number is known.
type Members<'a, K> = std::iter::Copied<Values<'a, K, UserId>>;

impl Hall {
    /// People who are coming and confirmed.
    pub(super) fn seated(&self) -> usize {
        self.taken_in_all.saturating_sub(self.in_offers())
    }

    /// People in line.
    pub(super) fn waiting(&self) -> usize {
        let parties = self.needs.iter();
        parties.map(|((_, guests), members)| guests.party() * members.len()).sum()
    }

    /// People who let an offer lapse.
    pub(super) const fn people_passed(&self) -> usize {
        self.people_passed
    }

    /// People for whom places are held.
    pub(super) fn in_offers(&self) -> usize {
        self.in_offers.values().sum()
    }

    /// People who are coming and confirmed under an option.
    pub(super) fn seated_in(&self, option: OptionId) -> usize {
        count_of(&self.taken, &option).saturating_sub(count_of(&self.in_offers, &option))
    }

    /// People for whom places of an option are held.
    pub(super) fn held_in(&self, option: OptionId) -> usize {
        count_of(&self.in_offers, &option)
    }

    /// The memory that it takes beside itself, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let columns = self.columns.values().chain(self.holders.values());
        let needs = self.needs.values().map(tree);
        let trees = columns.map(tree).chain(needs);
        let rest =
            [tree(&self.line), tree(&self.offered), tree(&self.passed), self.lapses.len() * 48];
        trees.chain(rest).fold(0, usize::saturating_add)
    }

    pub(super) fn column(&self, option: OptionId) -> Members<'_, Sequence> {
        static EMPTY: InOrder = BTreeMap::new();
        self.columns.get(&option).unwrap_or(&EMPTY).values().copied()
    }

    pub(super) fn line(&self) -> Members<'_, Rank> {
        self.line.values().copied()
    }

    pub(super) fn offered(&self) -> Members<'_, Sequence> {
        self.offered.values().copied()
    }

    pub(super) fn passed(&self) -> Members<'_, Sequence> {
        self.passed.values().copied()
    }

    pub(super) fn next_lapse(&self) -> Option<Timestamp> {
        self.lapses.first().map(|(until, _)| *until)
    }

    /// The member whose offer lapsed first, if one has by `now`.
    pub(super) fn first_lapsed(&self, now: Timestamp) -> Option<UserId> {
        let (until, since) = self.lapses.first()?;
        if *until > now { None } else { self.offered.get(since).copied() }
    }

    /// Whether a party has room under an option.
    pub(super) fn fits(&self, seating: &Seating, option: OptionId, guests: Guests) -> bool {
        let free = seating.room().saturating_sub(self.taken_in_all);
        let free_here = seating.room_in(option).saturating_sub(count_of(&self.taken, &option));
        let free_below = seating.heading_of(option).map_or(usize::MAX, |heading| {
            seating.room_below(heading).saturating_sub(count_of(&self.taken_below, &heading))
        });
        guests.party() <= free.min(free_here).min(free_below)
    }

    /// The first in line whose party has room.
    pub(super) fn first_that_fits(&self, seating: &Seating) -> Option<UserId> {
        let heads = self.needs.iter().filter_map(|((option, guests), members)| {
            let head = members.first_key_value()?;
            self.fits(seating, *option, *guests).then_some(head)
        });
        heads.min_by_key(|(rank, _)| **rank).map(|(_, member)| *member)
    }

    /// Who came last to an option, below a heading, or to an event that has more people than room.
    pub(super) fn last_too_many(&self, seating: &Seating) -> Option<UserId> {
        let too_many = |(option, people): (&OptionId, &usize)| {
            (*people > seating.room_in(*option)).then_some(*option)
        };
        let too_many_below = |(heading, people): (&HeadingId, &usize)| {
            (*people > seating.room_below(*heading)).then_some(*heading)
        };
        if let Some(option) = self.taken.iter().find_map(too_many) {
            return self.last_of(|one| one == option);
        }
        if let Some(heading) = self.taken_below.iter().find_map(too_many_below) {
            return self.last_of(|option| seating.heading_of(option) == Some(heading));
        }
        if self.taken_in_all <= seating.room() { None } else { self.last_of(|_| true) }
    }

    /// Who came last of those who hold places of these options.
    fn last_of(&self, options: impl Fn(OptionId) -> bool) -> Option<UserId> {
        let holders = self.holders.iter().filter(|(option, _)| options(**option));
        let lasts = holders.filter_map(|(_, members)| members.last_key_value());
        lasts.max_by_key(|(since, _)| **since).map(|(_, member)| *member)
    }

    pub(super) fn insert(&mut self, seating: &Seating, member: UserId, signup: &Signup) {
        let Signup { option, place, since, guests, .. } = *signup;
        match place {
            Place::Seated => {
                self.columns.entry(option).or_default().insert(since, member);
            }
            Place::Offered(until) => {
                self.offered.insert(since, member);
                self.lapses.insert((until, since));
                *self.in_offers.entry(option).or_default() += guests.party();
            }
            Place::Waiting => {
                self.line.insert(rank_of(signup), member);
                self.needs.entry((option, guests)).or_default().insert(rank_of(signup), member);
            }
            Place::Passed => {
                self.passed.insert(since, member);
                self.people_passed += guests.party();
            }
        }
        if takes_room(seating, signup) {
            self.holders.entry(option).or_default().insert(since, member);
            *self.taken.entry(option).or_default() += guests.party();
            if let Some(heading) = seating.heading_of(option) {
                *self.taken_below.entry(heading).or_default() += guests.party();
            }
            self.taken_in_all += guests.party();
        }
    }

    pub(super) fn remove(&mut self, seating: &Seating, signup: &Signup) {
        let Signup { option, place, since, guests, .. } = *signup;
        match place {
            Place::Seated => remove_from(&mut self.columns, &option, &since),
            Place::Offered(until) => {
                self.offered.remove(&since);
                self.lapses.remove(&(until, since));
                take_away(&mut self.in_offers, &option, guests.party());
            }
            Place::Waiting => {
                self.line.remove(&rank_of(signup));
                remove_from(&mut self.needs, &(option, guests), &rank_of(signup));
            }
            Place::Passed => {
                self.passed.remove(&since);
                self.people_passed = self.people_passed.saturating_sub(guests.party());
            }
        }
        if takes_room(seating, signup) {
            remove_from(&mut self.holders, &option, &since);
            take_away(&mut self.taken, &option, guests.party());
            if let Some(heading) = seating.heading_of(option) {
                take_away(&mut self.taken_below, &heading, guests.party());
            }
            self.taken_in_all = self.taken_in_all.saturating_sub(guests.party());
        }
    }
}

fn takes_room(seating: &Seating, signup: &Signup) -> bool {
    super::holds_place(signup.place) && seating.is_coming(signup.option)
}

const fn rank_of(signup: &Signup) -> Rank {
    (Reverse(signup.priority), signup.since)
}

fn count_of<K: Ord>(counts: &BTreeMap<K, usize>, key: &K) -> usize {
    counts.get(key).copied().unwrap_or_default()
}

fn take_away<K: Ord + Copy>(counts: &mut BTreeMap<K, usize>, key: &K, people: usize) {
    let left = count_of(counts, key).saturating_sub(people);
    if left == 0 {
        counts.remove(key);
    } else {
        counts.insert(*key, left);
    }
}

fn remove_from<O: Ord, K: Ord>(orders: &mut BTreeMap<O, InOrder<K>>, of: &O, key: &K) {
    if let Some(order) = orders.get_mut(of) {
        order.remove(key);
        if order.is_empty() {
            orders.remove(of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_takes_no_less_than_what_is_in_it_and_not_many_times_that() {
        let members: InOrder = (0..1_000).map(|n| (Sequence(n), UserId::new(n))).collect();
        let least = 1_000 * size_of::<(Sequence, UserId)>();
        assert!((least..4 * least).contains(&tree(&members)), "{}", tree(&members));
    }

    #[test]
    fn ends_of_offers_take_room_as_well() {
        let lapses = (0..1_000).map(|n| (Timestamp::UNIX_EPOCH, Sequence(n)));
        let hall = Hall { lapses: lapses.collect(), ..Hall::default() };
        let least = 1_000 * size_of::<(Timestamp, Sequence)>();
        assert!((least..4 * least).contains(&hall.bytes()), "{}", hall.bytes());
    }
}
