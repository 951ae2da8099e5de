//! The rules of a roster once more, in the simplest way there is: one list of parties, gone through
//! from the beginning each time.
//!
//! It shares nothing with the product but the words of the organiser's guide.

use std::collections::{BTreeMap, BTreeSet};

/// What a member has of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// A place, or an answer that needs none.
    Seated,
    /// In line.
    Waiting,
    /// A place is held.
    Offered,
    /// Let an offer lapse.
    Passed,
}

impl Spot {
    /// The place with this number in the database.
    pub(super) const fn numbered(number: i64) -> Self {
        match number {
            1 => Self::Waiting,
            2 => Self::Offered,
            3 => Self::Passed,
            _ => Self::Seated,
        }
    }

    const fn holds(self) -> bool {
        matches!(self, Self::Seated | Self::Offered)
    }
}

/// For how many an option has room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Room {
    /// By itself.
    pub(super) own: Option<u64>,
    /// Together with all others under the same heading.
    pub(super) below: Option<(String, u64)>,
}

/// A member with guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Party {
    pub(super) option: u8,
    pub(super) guests: u64,
    /// Whether the role counted, when they answered, of which rules speak.
    pub(super) has_role: bool,
    /// Its number in the order of arrival.
    pub(super) since: u64,
    pub(super) spot: Spot,
}

/// Who was where before an organiser decided something, and what became of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    before: BTreeMap<u64, Party>,
    /// Whom the decision moved.
    moved: BTreeSet<u64>,
    /// Who has answered since, or was answered for.
    pub(super) answered: BTreeSet<u64>,
}

impl Past {
    /// What a decision made of these.
    pub(super) fn of(before: BTreeMap<u64, Party>, after: &BTreeMap<u64, Party>) -> Self {
        let is_elsewhere = |(member, was): &(&u64, &Party)| {
            after.get(*member).is_some_and(|party| party.spot != was.spot)
        };
        let moved = before.iter().filter(is_elsewhere).map(|(member, _)| *member).collect();
        Self { before, moved, answered: BTreeSet::new() }
    }
}

/// The room behind the door, and the line before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Door {
    pub(super) capacity: Option<u64>,
    /// Options that are coming, and for how many there is room.
    pub(super) coming: BTreeMap<u8, Room>,
    /// Whether who comes up is asked first.
    pub(super) offers: bool,
    /// Whether that role stands before others in line.
    pub(super) prefers: bool,
    pub(super) parties: BTreeMap<u64, Party>,
    pub(super) arrivals: u64,
}

impl Door {
    /// A member answers. While no role stands before others, nobody asks who has it.
    pub(super) fn answers(&mut self, member: u64, option: u8, guests: u64, has_role: bool) {
        self.arrivals += 1;
        let before = self.parties.remove(&member);
        let known = before.is_some_and(|before| before.has_role);
        let has_role = if self.prefers { has_role } else { known };
        let held = before.filter(|before| self.coming.contains_key(&before.option));
        let is_coming = self.coming.contains_key(&option);
        let rank = held.filter(|held| is_coming && held.spot != Spot::Passed);
        let since = rank.map_or(self.arrivals, |held| held.since);
        let mut party = Party { option, guests, has_role, since, spot: Spot::Waiting };
        // Who had a place keeps it; of the others, nobody in line fits, or they would be in.
        if !is_coming || self.has_room(&party) {
            party.spot = Spot::Seated;
        }
        self.parties.insert(member, party);
        self.fill();
    }

    /// A member takes the answer back.
    pub(super) fn leaves(&mut self, member: u64) {
        self.parties.remove(&member);
        self.fill();
    }

    /// Members let their offers lapse.
    pub(super) fn lapses(&mut self, members: &[u64]) {
        self.passes(members);
        self.fill();
    }

    /// The same, without anybody else yet.
    pub(super) fn passes(&mut self, members: &[u64]) {
        for member in members {
            self.put(*member, Spot::Passed);
        }
    }

    /// Nobody can accept an offer any more: those that are open have lapsed.
    pub(super) fn ends_offers(&mut self) {
        for party in self.parties.values_mut().filter(|party| party.spot == Spot::Offered) {
            party.spot = Spot::Passed;
        }
    }

    /// It takes place after all: offers are open anew, or given where nothing is offered now.
    pub(super) fn resumes(&mut self) {
        let spot = if self.offers { Spot::Offered } else { Spot::Seated };
        for party in self.parties.values_mut().filter(|party| party.spot == Spot::Offered) {
            party.spot = spot;
        }
        self.fill();
    }

    /// There is room for another number now, and other options are coming. Who came last goes, and
    /// comes back in if there is room for a smaller party after all.
    pub(super) fn arranged(&mut self, capacity: Option<u64>, coming: BTreeMap<u8, Room>) {
        (self.capacity, self.coming) = (capacity, coming);
        for party in self.parties.values_mut() {
            if !self.coming.contains_key(&party.option) {
                party.spot = Spot::Seated;
            }
        }
        self.make_room();
        self.fill();
    }

    /// What was arranged is as it was before. Whom that had moved, and who has not answered since,
    /// is back where they were; who had no place then has what is left.
    pub(super) fn taken_back(
        &mut self,
        capacity: Option<u64>,
        coming: BTreeMap<u8, Room>,
        past: &Past,
    ) {
        self.capacity = capacity;
        let were_coming = std::mem::replace(&mut self.coming, coming);
        let mut later = Vec::new();
        for (member, party) in &mut self.parties {
            let held = *party;
            party.spot = match past.before.get(member) {
                _ if !self.coming.contains_key(&party.option) => Spot::Seated,
                Some(was) if past.moved.contains(member) && !past.answered.contains(member) => {
                    match was.spot {
                        Spot::Offered if !self.offers => Spot::Seated,
                        spot @ (Spot::Seated | Spot::Waiting | Spot::Offered | Spot::Passed) => {
                            spot
                        }
                    }
                }
                Some(was) if was.spot.holds() && self.coming.contains_key(&was.option) => held.spot,
                Some(_) | None if held.spot.holds() => Spot::Waiting,
                Some(_) | None => held.spot,
            };
            let has_place = held.spot.holds() && were_coming.contains_key(&held.option);
            if party.spot == Spot::Waiting && has_place {
                later.push((*member, held));
            }
        }
        self.make_room();
        later.sort_by_key(|(_, party)| self.rank(party));
        for (member, party) in later {
            if self.has_room(&party) {
                self.put(member, party.spot);
            }
        }
        self.fill();
    }

    /// Members have the answers again that were changed for them: with their ranks, and their
    /// places, too, for which who came last makes room. What was held for them they are in line for
    /// again.
    pub(super) fn puts_back(&mut self, earlier: &[(u64, Party)]) {
        for (member, mut party) in earlier.iter().copied() {
            party.spot = match party.spot {
                _ if !self.coming.contains_key(&party.option) => Spot::Seated,
                Spot::Offered => Spot::Waiting,
                spot @ (Spot::Seated | Spot::Waiting | Spot::Passed) => spot,
            };
            self.parties.insert(member, party);
        }
        self.make_room();
        self.fill();
    }

    /// A member has this answer with the place of another one, who has what the member had. Each
    /// keeps the rank, if they were coming and still are.
    pub(super) fn swaps(&mut self, (member, option): (u64, u8), with: u64) {
        let (Some(mine), Some(theirs)) =
            (self.parties.get(&member).copied(), self.parties.get(&with).copied())
        else {
            return;
        };
        let were_coming = self.coming.contains_key(&mine.option);
        let next = self.arrivals + 1;
        self.arrivals += 2;
        let keeps = were_coming && mine.spot != Spot::Passed;
        let since = if keeps { mine.since } else { next };
        let gets = Party { option, since, spot: Spot::Seated, ..mine };
        let since = if were_coming { theirs.since } else { next + 1 };
        let guests = if were_coming { theirs.guests } else { 0 };
        let gives = Party { option: mine.option, since, guests, spot: Spot::Waiting, ..theirs };
        self.parties.insert(member, gets);
        self.parties.insert(with, gives);
        if !were_coming || self.has_room(&gives) {
            self.put(with, Spot::Seated);
        }
        self.fill();
    }

    fn make_room(&mut self) {
        let mut gone = Vec::new();
        while let Some((last, party)) = self.last_too_many() {
            gone.push((last, party));
            self.put(last, Spot::Waiting);
        }
        gone.sort_by_key(|(_, party)| self.rank(party));
        for (member, party) in gone {
            if self.has_room(&party) {
                self.put(member, party.spot);
            }
        }
    }

    /// Who came last to an option that has more than it has room for, or else under a heading that
    /// has, or else to the event.
    fn last_too_many(&self) -> Option<(u64, Party)> {
        let over = |(option, room): (&u8, &Room)| {
            (self.taken(|one| one == *option) > room.own.unwrap_or(u64::MAX)).then_some(*option)
        };
        if let Some(full) = self.coming.iter().find_map(over) {
            return self.last_of(|option| option == full);
        }
        let mut headings = self.coming.values().filter_map(|room| room.below.as_ref());
        let too_many = |(heading, room): &&(String, u64)| {
            self.taken(|one| self.is_below(one, heading)) > *room
        };
        if let Some((full, _)) = headings.find(too_many) {
            return self.last_of(|option| self.is_below(option, full));
        }
        let fits = self.taken(|_| true) <= self.capacity.unwrap_or(u64::MAX);
        if fits { None } else { self.last_of(|_| true) }
    }

    fn last_of(&self, here: impl Fn(u8) -> bool) -> Option<(u64, Party)> {
        let holders = self.parties.iter().filter(|(_, p)| self.holds_room(p) && here(p.option));
        holders.max_by_key(|(_, party)| party.since).map(|(member, party)| (*member, *party))
    }

    /// Whether an option stands under a heading that has places.
    fn is_below(&self, option: u8, heading: &str) -> bool {
        let below = self.coming.get(&option).and_then(|room| room.below.as_ref());
        below.is_some_and(|(name, _)| name == heading)
    }

    /// The line, in order.
    pub(super) fn line(&self) -> Vec<u64> {
        let mut line: Vec<_> =
            self.parties.iter().filter(|(_, party)| party.spot == Spot::Waiting).collect();
        line.sort_by_key(|(_, party)| self.rank(party));
        line.into_iter().map(|(member, _)| *member).collect()
    }

    fn rank(&self, party: &Party) -> (bool, u64) {
        (!(self.prefers && party.has_role), party.since)
    }

    fn fill(&mut self) {
        let spot = if self.offers { Spot::Offered } else { Spot::Seated };
        loop {
            let fits = |member: &u64| self.parties.get(member).is_some_and(|p| self.has_room(p));
            let Some(next) = self.line().into_iter().find(fits) else { return };
            self.put(next, spot);
        }
    }

    fn put(&mut self, member: u64, spot: Spot) {
        if let Some(party) = self.parties.get_mut(&member) {
            party.spot = spot;
        }
    }

    fn holds_room(&self, party: &Party) -> bool {
        party.spot.holds() && self.coming.contains_key(&party.option)
    }

    /// People who hold places of these options.
    fn taken(&self, here: impl Fn(u8) -> bool) -> u64 {
        let holds = |party: &&Party| self.holds_room(party) && here(party.option);
        self.parties.values().filter(holds).map(|party| 1 + party.guests).sum()
    }

    fn has_room(&self, party: &Party) -> bool {
        let fits = |room: Option<u64>, taken: u64| {
            room.is_none_or(|room| taken + 1 + party.guests <= room)
        };
        let here = self.coming.get(&party.option);
        let own = here.and_then(|room| room.own);
        let below = here.and_then(|room| room.below.as_ref());
        fits(self.capacity, self.taken(|_| true))
            && fits(own, self.taken(|option| option == party.option))
            && below.is_none_or(|(heading, room)| {
                fits(Some(*room), self.taken(|option| self.is_below(option, heading)))
            })
    }
}
