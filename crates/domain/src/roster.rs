//! Who answered what, who has a place and who waits: the rules of a roster.

use std::collections::{BTreeMap, HashMap};

use crate::answer_option::{OptionId, Options};
use crate::capacity::Capacity;
use crate::id::UserId;

/// Orders the answers of one event: a later answer has a larger number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(pub u64);

/// Whether a member who is coming has one of the limited places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Confirmed. Answers that are not coming, and events without limit, are always confirmed.
    Seated,
    /// On the waitlist.
    Waiting,
}

/// One member's answer to one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signup {
    /// The option picked.
    pub option: OptionId,
    /// Confirmed or waiting.
    pub place: Place,
    /// Since when in the order of the roster. Switching between options that are both coming
    /// keeps it; everything else begins anew at the end.
    pub since: Sequence,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was taken.
    Taken {
        /// The answer before, if there was one.
        before: Option<Signup>,
        /// The answer now.
        now: Signup,
        /// Members who got a place because of it, in order.
        promoted: Vec<UserId>,
    },
    /// The member had given the same answer already; nothing changed.
    Same(Signup),
    /// The event does not offer this option.
    NoSuchOption,
}

/// All signups of one event, in order.
///
/// Invariants, held after every call: nobody is in it twice; with a capacity, at most that many
/// members are coming and seated; nobody waits while a place is free; the waitlist is in order of
/// [`Signup::since`].
#[derive(Clone, Debug, Default)]
pub struct Roster {
    capacity: Option<Capacity>,
    signups: HashMap<UserId, Signup>,
    columns: BTreeMap<OptionId, BTreeMap<Sequence, UserId>>,
    /// Seated members that are coming, latest last.
    seated: BTreeMap<Sequence, UserId>,
    waiting: BTreeMap<Sequence, UserId>,
}

impl Roster {
    /// An empty roster with so many places, or without limit.
    #[must_use]
    pub fn new(capacity: Option<Capacity>) -> Self {
        Self { capacity, ..Self::default() }
    }

    /// A roster as stored, exactly as it was left.
    #[must_use]
    pub fn from_stored(
        options: &Options,
        capacity: Option<Capacity>,
        signups: impl IntoIterator<Item = (UserId, Signup)>,
    ) -> Self {
        let mut roster = Self::new(capacity);
        for (member, signup) in signups {
            roster.insert(options, member, signup);
        }
        roster
    }

    /// Places offered, or `None` without limit.
    #[must_use]
    pub const fn capacity(&self) -> Option<Capacity> {
        self.capacity
    }

    /// A member's answer.
    #[must_use]
    pub fn signup(&self, member: UserId) -> Option<Signup> {
        self.signups.get(&member).copied()
    }

    /// Members who answered, whatever the answer.
    #[must_use]
    pub fn len(&self) -> usize {
        self.signups.len()
    }

    /// Whether nobody answered yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.signups.is_empty()
    }

    /// Members who are coming and have a place.
    #[must_use]
    pub fn seated(&self) -> usize {
        self.seated.len()
    }

    /// Members with a place under this option, in order; those who wait are not among them.
    #[must_use]
    pub fn column(&self, option: OptionId) -> impl ExactSizeIterator<Item = UserId> + '_ {
        static EMPTY: BTreeMap<Sequence, UserId> = BTreeMap::new();
        self.columns.get(&option).unwrap_or(&EMPTY).values().copied()
    }

    /// The waitlist, in order.
    #[must_use]
    pub fn waitlist(&self) -> impl ExactSizeIterator<Item = UserId> + '_ {
        self.waiting.values().copied()
    }

    /// A member answers.
    ///
    /// `next` must be larger than every sequence that the roster has seen.
    pub fn answer(
        &mut self,
        options: &Options,
        member: UserId,
        picked: OptionId,
        next: Sequence,
    ) -> Answer {
        let Some(option) = options.get(picked) else {
            return Answer::NoSuchOption;
        };
        let before = self.signup(member);
        if let Some(same) = before.filter(|signup| signup.option == picked) {
            return Answer::Same(same);
        }
        let was_coming =
            before.filter(|signup| options.get(signup.option).is_some_and(|o| o.coming));
        if before.is_some() {
            self.remove(member);
        }
        let now = match (option.coming, was_coming) {
            (true, Some(held)) => Signup { option: picked, ..held },
            (true, None) => {
                Signup { option: picked, place: self.place_for_newcomer(), since: next }
            }
            (false, _) => Signup { option: picked, place: Place::Seated, since: next },
        };
        self.insert(options, member, now);
        Answer::Taken { before, now, promoted: self.promote() }
    }

    /// A member takes the answer back. Returns it and who got a place because of it, in order;
    /// `None` when there was no answer.
    pub fn withdraw(&mut self, member: UserId) -> Option<(Signup, Vec<UserId>)> {
        let before = self.remove(member)?;
        Some((before, self.promote()))
    }

    /// Changes how many places there are.
    ///
    /// With fewer places than are taken, those who came last go to the waitlist, where they stand
    /// before all who came after them.
    pub fn set_capacity(&mut self, capacity: Option<Capacity>) -> Reseated {
        self.capacity = capacity;
        let mut unseated = Vec::new();
        while self.free_places().is_none() {
            let Some((since, member)) = self.seated.pop_last() else {
                break;
            };
            self.waiting.insert(since, member);
            self.set_place(member, Place::Waiting);
            unseated.push(member);
        }
        unseated.reverse();
        Reseated { promoted: self.promote(), unseated }
    }

    /// Free places; `None` when more are taken than there are.
    fn free_places(&self) -> Option<usize> {
        match self.capacity {
            None => Some(usize::MAX),
            Some(capacity) => capacity.places().checked_sub(self.seated.len()),
        }
    }

    fn place_for_newcomer(&self) -> Place {
        match self.free_places() {
            None | Some(0) => Place::Waiting,
            Some(_) if self.waiting.is_empty() => Place::Seated,
            Some(_) => Place::Waiting,
        }
    }

    /// Gives free places to those who wait longest.
    fn promote(&mut self) -> Vec<UserId> {
        let mut promoted = Vec::new();
        while self.free_places().is_some_and(|free| free > 0) {
            let Some((since, member)) = self.waiting.pop_first() else {
                break;
            };
            self.seated.insert(since, member);
            self.set_place(member, Place::Seated);
            promoted.push(member);
        }
        promoted
    }

    fn set_place(&mut self, member: UserId, place: Place) {
        let Some(signup) = self.signups.get_mut(&member) else {
            return;
        };
        signup.place = place;
        let Signup { option, since, .. } = *signup;
        let column = self.columns.entry(option).or_default();
        match place {
            Place::Seated => column.insert(since, member),
            Place::Waiting => column.remove(&since),
        };
    }

    fn insert(&mut self, options: &Options, member: UserId, signup: Signup) {
        self.signups.insert(member, signup);
        let coming = options.get(signup.option).is_some_and(|option| option.coming);
        match signup.place {
            Place::Waiting => {
                self.waiting.insert(signup.since, member);
            }
            Place::Seated => {
                self.columns.entry(signup.option).or_default().insert(signup.since, member);
                if coming {
                    self.seated.insert(signup.since, member);
                }
            }
        }
    }

    fn remove(&mut self, member: UserId) -> Option<Signup> {
        let signup = self.signups.remove(&member)?;
        self.waiting.remove(&signup.since);
        self.seated.remove(&signup.since);
        if let Some(column) = self.columns.get_mut(&signup.option) {
            column.remove(&signup.since);
        }
        Some(signup)
    }
}

/// Who moved because the number of places changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reseated {
    /// Members who got a place, in order.
    pub promoted: Vec<UserId>,
    /// Members who lost theirs to the waitlist, in order.
    pub unseated: Vec<UserId>,
}

#[cfg(test)]
mod tests;
