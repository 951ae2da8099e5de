//! Any sequence of steps, on the roster and on a model of its rules that walks plain lists.

use proptest::prelude::*;

use super::*;

/// The rules again, slow and plain: one list of signups, looked through for every question.
#[derive(Clone, Debug)]
struct Model {
    seating: Seating,
    signups: Vec<(UserId, Signup)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TooMany {
    Under(OptionId),
    Below(HeadingId),
    InAll,
}

impl Model {
    fn signup(&self, member: UserId) -> Option<Signup> {
        self.signups.iter().find(|(known, _)| *known == member).map(|(_, signup)| *signup)
    }

    /// Answers that were not so before.
    fn changed_since(&self, before: &Self) -> impl Iterator<Item = (UserId, Signup)> {
        let same = |(member, held): &&(UserId, Signup)| before.signup(*member) == Some(*held);
        self.signups.iter().filter(move |one| !same(one)).copied()
    }

    fn people(&self, counts: impl Fn(&Signup) -> bool) -> usize {
        let holds = |signup: &Signup| {
            self.seating.is_coming(signup.option)
                && matches!(signup.place, Place::Seated | Place::Offered(_))
        };
        let here = self.signups.iter().filter(|(_, signup)| holds(signup) && counts(signup));
        here.map(|(_, signup)| signup.guests.party()).sum()
    }

    /// Whether somebody has to go, and if it is an option or a heading that is too full, which.
    fn too_many(&self) -> Option<TooMany> {
        let full = self.seating.options.iter().find(|option| {
            let limit = option.capacity.map_or(usize::MAX, Capacity::places);
            self.people(|signup| signup.option == option.id) > limit
        });
        let limit = self.seating.capacity.map_or(usize::MAX, Capacity::places);
        let below = (0..).map_while(HeadingId::of).zip(&self.seating.shared);
        let mut overfull = below.filter(|(heading, places)| {
            self.people(|signup| self.heading(signup) == Some(*heading)) > places.places()
        });
        match (full, overfull.next()) {
            (Some(option), _) => Some(TooMany::Under(option.id)),
            (None, Some((heading, _))) => Some(TooMany::Below(heading)),
            (None, None) => (self.people(|_| true) > limit).then_some(TooMany::InAll),
        }
    }

    fn heading(&self, signup: &Signup) -> Option<HeadingId> {
        self.seating.option(signup.option).and_then(|option| option.heading)
    }

    fn put(&mut self, member: UserId, place: Place) {
        for (known, signup) in &mut self.signups {
            if *known == member {
                signup.place = place;
            }
        }
    }

    /// Whether a member can be seated: by trying.
    fn fits(&self, member: UserId) -> bool {
        let mut tried = self.clone();
        tried.put(member, Place::Seated);
        tried.too_many().is_none()
    }

    fn fill(&mut self, now: Timestamp) {
        loop {
            let mut line: Vec<_> =
                self.signups.iter().filter(|(_, s)| s.place == Place::Waiting).collect();
            line.sort_by_key(|(_, signup)| (!signup.priority, signup.since));
            let Some(member) = line.iter().map(|(m, _)| *m).find(|m| self.fits(*m)) else {
                return;
            };
            let place = match self.seating.offer {
                None => Place::Seated,
                Some(time) => Place::Offered(now + time),
            };
            self.put(member, place);
        }
    }

    fn answer(&mut self, answering: Answering, moment: Moment) {
        let before = self.signup(answering.member);
        let coming = self.seating.is_coming(answering.option);
        let has_it = before.is_some_and(|b| b.option == answering.option);
        let same = has_it && before.is_some_and(|b| b.guests == answering.guests);
        let settled = before.is_some_and(|b| {
            b.place == Place::Seated
                || (b.place == Place::Waiting && b.priority == answering.priority)
        });
        let known = self.seating.option(answering.option);
        if !known.is_some_and(|o| o.offered || has_it) || (same && settled) {
            return;
        }
        let was = before.filter(|b| self.seating.is_coming(b.option));
        let holds = was.is_some_and(|b| matches!(b.place, Place::Seated | Place::Offered(_)));
        let keeps_rank = coming && was.is_some_and(|b| b.place != Place::Passed);
        let since = if keeps_rank { was.unwrap().since } else { moment.next };
        let mut after = self.clone();
        after.signups.retain(|(member, _)| *member != answering.member);
        let Answering { member, option, guests, priority, .. } = answering;
        let signup = Signup { option, place: Place::Waiting, since, guests, priority };
        after.signups.push((member, signup));
        if !coming || after.fits(member) {
            after.put(member, Place::Seated);
        } else if holds && !answering.may_lose_place {
            return;
        }
        after.fill(moment.now);
        *self = after;
    }

    fn withdraw(&mut self, member: UserId, now: Timestamp) {
        if self.signup(member).is_some() {
            self.signups.retain(|(known, _)| *known != member);
            self.fill(now);
        }
    }

    fn lapse(&mut self, now: Timestamp) {
        self.pass(now);
        self.fill(now);
    }

    fn pass(&mut self, now: Timestamp) {
        for (_, signup) in &mut self.signups {
            if matches!(signup.place, Place::Offered(until) if until <= now) {
                signup.place = Place::Passed;
            }
        }
    }

    /// Whoever is offered a place has an offer like one that is made now.
    fn resume(&mut self, now: Timestamp) {
        for (_, signup) in &mut self.signups {
            if matches!(signup.place, Place::Offered(_)) {
                signup.place =
                    self.seating.offer.map_or(Place::Seated, |time| Place::Offered(now + time));
            }
        }
        self.fill(now);
    }

    fn next_lapse(&self) -> Option<Timestamp> {
        let offers = self.signups.iter().filter_map(|(_, signup)| match signup.place {
            Place::Offered(until) => Some(until),
            Place::Seated | Place::Waiting | Place::Passed => None,
        });
        offers.min()
    }

    fn reseat(&mut self, seating: Seating, now: Timestamp) {
        self.seating = seating;
        for index in 0..self.signups.len() {
            if !self.seating.is_coming(self.signups[index].1.option) {
                self.signups[index].1.place = Place::Seated;
            }
        }
        self.pass(now);
        self.make_room();
        self.fill(now);
    }

    fn put_back(&mut self, member: UserId, earlier: Signup, now: Timestamp) {
        self.signups.retain(|(known, _)| *known != member);
        let place = match earlier.place {
            _ if !self.seating.is_coming(earlier.option) => Place::Seated,
            Place::Offered(_) => Place::Waiting,
            place @ (Place::Seated | Place::Waiting | Place::Passed) => place,
        };
        self.signups.push((member, Signup { place, ..earlier }));
        self.make_room();
        self.fill(now);
    }

    /// Two have each other's answers and places, if there is room for both.
    fn swap(&mut self, (member, with): (UserId, UserId), option: OptionId, moment: Moment) -> bool {
        let (Some(mine), Some(theirs)) = (self.signup(member), self.signup(with)) else {
            return false;
        };
        let below = |id| self.seating.option(id).and_then(|option| option.heading);
        let same_places =
            |one| one == option || (below(one).is_some() && below(one) == below(option));
        let comes = theirs.place == Place::Seated && self.seating.is_coming(theirs.option);
        let wanted = same_places(theirs.option) && comes;
        let had = mine.option == option && mine.place == Place::Seated;
        let open = |id| self.seating.option(id).is_some_and(|option| option.offered);
        let possible = member != with && wanted && !had;
        let coming = [mine.option, option].map(|option| self.seating.is_coming(option));
        if !possible || !coming[1] || !open(option) || !open(mine.option) {
            return false;
        }
        let mut after = self.clone();
        after.signups.retain(|(known, _)| ![member, with].contains(known));
        let keeps = coming[0] && mine.place != Place::Passed;
        let since = if keeps { mine.since } else { moment.next };
        after.signups.push((member, Signup { option, place: Place::Seated, since, ..mine }));
        if after.too_many().is_some() {
            return false;
        }
        let since = if coming[0] { theirs.since } else { Sequence(moment.next.0 + 1) };
        let guests = if coming[0] { theirs.guests } else { Guests::NONE };
        let left = Signup { option: mine.option, place: Place::Waiting, since, guests, ..theirs };
        after.signups.push((with, left));
        if !coming[0] || after.fits(with) {
            after.put(with, Place::Seated);
        } else if matches!(mine.place, Place::Seated | Place::Offered(_)) {
            return false;
        }
        after.fill(moment.now);
        *self = after;
        true
    }

    fn prefer(&mut self, first: u16) {
        for (member, signup) in &mut self.signups {
            signup.priority = is_first(first, *member);
        }
    }

    fn shorten_offers(&mut self, latest: Timestamp) {
        for (_, signup) in &mut self.signups {
            if let Place::Offered(until) = &mut signup.place {
                *until = latest.min(*until);
            }
        }
    }

    /// Whoever came last goes back to the line while there are too many; then who fits beside the
    /// rest after all comes back.
    fn make_room(&mut self) {
        let mut unseated = Vec::new();
        while let Some(too_many) = self.too_many() {
            let holds = |s: &Signup| {
                self.seating.is_coming(s.option)
                    && matches!(s.place, Place::Seated | Place::Offered(_))
                    && match too_many {
                        TooMany::Under(option) => option == s.option,
                        TooMany::Below(heading) => self.heading(s) == Some(heading),
                        TooMany::InAll => true,
                    }
            };
            let last = self.signups.iter().filter(|(_, s)| holds(s)).max_by_key(|(_, s)| s.since);
            let (member, held) = *last.unwrap();
            self.put(member, Place::Waiting);
            unseated.push((member, held));
        }
        unseated.sort_by_key(|(_, held)| (!held.priority, held.since));
        for (member, held) in unseated {
            self.put(member, held.place);
            if self.too_many().is_some() {
                self.put(member, Place::Waiting);
            }
        }
    }
}

/// Places of the event, of Tank, and of the heading over Yes and Tank.
#[derive(Clone, Copy, Debug)]
struct Room {
    capacity: Option<i64>,
    tanks: i64,
    below: Option<i64>,
}

fn any_room() -> impl Strategy<Value = Room> {
    let room = (prop::option::of(1..8i64), 1..4i64, prop::option::of(1..6i64));
    room.prop_map(|(capacity, tanks, below)| Room { capacity, tanks, below })
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Answer {
        member: u64,
        option: u8,
        guests: i64,
        priority: bool,
        may_lose_place: bool,
    },
    Withdraw {
        member: u64,
    },
    Wait {
        seconds: i64,
    },
    Seating {
        room: Room,
        coming: u8,
        offer: bool,
    },
    /// Another seating, and that back at once.
    Undone {
        room: Room,
        coming: u8,
    },
    /// The answer that a member had so many changes ago.
    PutBack {
        member: u64,
        ago: usize,
    },
    /// Those stand before others whose bits are set.
    Prefer {
        first: u16,
    },
    /// No offer lasts longer than so many seconds from now.
    Shorten {
        seconds: i64,
    },
    /// It takes place after all.
    Resume,
    /// A member has this answer with the place of another one, who has theirs.
    Swap {
        member: u64,
        with: u64,
        option: u8,
    },
}

fn any_step() -> impl Strategy<Value = Step> {
    let answer = (0..12u64, 0..5u8, 0..4i64, any::<bool>(), any::<bool>());
    let seating = (any_room(), 0..8u8, any::<bool>());
    prop_oneof![
        10 => answer.prop_map(|(member, option, guests, priority, may_lose_place)| {
            Step::Answer { member, option, guests: guests / 2, priority, may_lose_place }
        }),
        2 => (0..12u64).prop_map(|member| Step::Withdraw { member }),
        2 => (1..90i64).prop_map(|seconds| Step::Wait { seconds }),
        1 => seating.prop_map(|(room, coming, offer)| Step::Seating { room, coming, offer }),
        1 => (any_room(), 0..8u8).prop_map(|(room, coming)| Step::Undone { room, coming }),
        1 => (0..12u64, 0..3usize).prop_map(|(member, ago)| Step::PutBack { member, ago }),
        1 => any::<u16>().prop_map(|first| Step::Prefer { first }),
        1 => (0..60i64).prop_map(|seconds| Step::Shorten { seconds }),
        1 => Just(Step::Resume),
        2 => (0..12u64, 0..12u64, 0..4u8).prop_map(|(member, with, option)| {
            Step::Swap { member, with, option }
        }),
    ]
}

fn seating_of(room: Room, coming: u8, offer: bool) -> Seating {
    let capacity = room.capacity.and_then(places);
    let mut seating = match room.below.and_then(places) {
        Some(below) => sharing(capacity, below),
        None => seating(capacity),
    };
    seating.options[2].capacity = places(room.tanks);
    seating.options[0].coming = coming & 1 == 0;
    seating.options[2].coming = coming & 2 == 0;
    seating.options[3].offered = coming & 4 != 0;
    seating.offer = offer.then(|| jiff::SignedDuration::from_secs(60));
    seating
}

fn is_first(first: u16, member: UserId) -> bool {
    first >> member.get() & 1 == 1
}

/// Who moved between two states, the actor aside, each list sorted.
fn difference(before: &Model, after: &Model, actor: Option<UserId>) -> Moved {
    let mut moved = Moved::default();
    for (member, now) in &after.signups {
        let Some(was) = before.signup(*member).filter(|_| Some(*member) != actor) else {
            continue;
        };
        let coming = after.seating.is_coming(now.option);
        match (was.place, now.place) {
            (Place::Waiting, Place::Seated) if !coming => {}
            (Place::Waiting, Place::Seated) => moved.promoted.push(*member),
            (Place::Waiting, Place::Offered(_)) => moved.offered.push(*member),
            (Place::Seated | Place::Offered(_), Place::Waiting) => moved.unseated.push(*member),
            (Place::Offered(_), Place::Passed) => moved.passed.push(*member),
            _ => {}
        }
    }
    sorted(moved)
}

fn sorted(mut moved: Moved) -> Moved {
    let lists = [&mut moved.promoted, &mut moved.offered, &mut moved.unseated, &mut moved.passed];
    for list in lists {
        list.sort_unstable();
    }
    moved
}

fn assert_sound(roster: &Roster) {
    let options = || roster.seating.options.iter();
    let mut listed: Vec<_> = options().flat_map(|option| roster.column(option.id)).collect();
    listed.extend(roster.waitlist().chain(roster.offered()).chain(roster.passed()));
    listed.sort_unstable();
    let everyone = listed.len();
    listed.dedup();
    assert_eq!(listed.len(), everyone, "somebody is listed twice");
    assert_eq!(everyone, roster.len(), "somebody is missing");
    let in_options: usize = options().map(|option| roster.seated_in(option.id)).sum();
    assert_eq!(in_options, roster.seated(), "the columns and the whole disagree");
    let limit = roster.seating.capacity.map_or(usize::MAX, Capacity::places);
    assert!(roster.seated() <= limit, "overbooked");
    for (heading, limit) in (0..).map_while(HeadingId::of).zip(&roster.seating.shared) {
        let below = options().filter(|option| option.heading == Some(heading) && option.coming);
        let people: usize = below.map(|option| roster.seated_in(option.id)).sum();
        assert!(people <= limit.places(), "overbooked below a heading");
    }
    let rank = |member| roster.signup(member).map(|s| (!s.priority, s.since)).unwrap();
    assert!(roster.waitlist().map(rank).is_sorted(), "the line is out of order");
}

/// Guests are counted with whoever brings them, whatever their place.
fn assert_counted(roster: &Roster, model: &Model) {
    let people = |is_there: fn(Place) -> bool| -> usize {
        let theirs = model.signups.iter().filter(|(_, signup)| is_there(signup.place));
        theirs.map(|(_, signup)| signup.guests.party()).sum()
    };
    let offered = people(|place| matches!(place, Place::Offered(_)));
    assert_eq!(roster.people_waiting(), people(|place| place == Place::Waiting));
    assert_eq!(roster.people_offered(), offered);
    assert_eq!(roster.people_passed(), people(|place| place == Place::Passed));
}

/// Whoever is offered a place has it by giving the same answer again.
fn assert_offers_can_be_accepted(roster: &Roster, moment: Moment) {
    for member in roster.offered() {
        let held = roster.signup(member).unwrap();
        let Signup { option, guests, priority, .. } = held;
        let again = Answering { member, option, guests, priority, may_lose_place: false };
        let mut accepted = roster.clone();
        let answer = accepted.answer(again, moment);
        let place = accepted.signup(member).map(|signup| signup.place);
        assert_eq!(place, Some(Place::Seated), "{held:?}: {answer:?}");
    }
}

/// The roster and the model, which take the same steps.
struct Both {
    roster: Roster,
    model: Model,
    now: Timestamp,
    /// All that anybody ever had, the latest last.
    answers: Vec<(UserId, Signup)>,
}

/// Who moved by a step, and who took it.
type Taken = Result<(Moved, Option<UserId>), TestCaseError>;

impl Both {
    fn take(&mut self, step: Step, index: u64) -> Taken {
        let now = self.now;
        match step {
            Step::Answer { member, option, guests, priority, may_lose_place } => {
                let guests = Guests::parse(guests).unwrap();
                let alone = alone(member, OptionId::new(option));
                let answering = Answering { guests, priority, may_lose_place, ..alone };
                self.answer(answering, Moment { now, next: Sequence(index) })
            }
            Step::Withdraw { member } => self.withdraw(UserId::new(member)),
            Step::Wait { seconds } => {
                self.now += jiff::SignedDuration::from_secs(seconds);
                self.model.lapse(self.now);
                Ok((self.roster.lapse(self.now), None))
            }
            Step::Seating { room, coming, offer } => {
                let seating = seating_of(room, coming, offer);
                self.model.reseat(seating.clone(), now);
                Ok((self.roster.reseat(seating, now), None))
            }
            Step::Undone { room, coming } => {
                let offer = self.roster.seating.offer.is_some();
                self.undone(seating_of(room, coming, offer));
                Ok((Moved::default(), None))
            }
            Step::PutBack { member, ago } => self.put_back(UserId::new(member), ago),
            Step::Prefer { first } => self.prefer(first),
            Step::Shorten { seconds } => {
                self.shorten_offers(now + jiff::SignedDuration::from_secs(seconds))
            }
            Step::Resume => self.resume(),
            Step::Swap { member, with, option } => {
                let (member, with) = (UserId::new(member), UserId::new(with));
                let moment = Moment { now, next: Sequence(index) };
                self.swap(member, with, OptionId::new(option), moment)
            }
        }
    }

    /// The line has another order, and nothing else is another: the places are what they were.
    fn prefer(&mut self, first: u16) -> Taken {
        let before = self.model.clone();
        self.model.prefer(first);
        let changed = self.roster.prefer(|member, _| is_first(first, member));
        let expected: Vec<_> = self.model.changed_since(&before).collect();
        prop_assert_eq!(changed.len(), expected.len());
        for (member, signup) in expected {
            prop_assert!(changed.contains(&(member, signup.priority)));
        }
        Ok((Moved::default(), None))
    }

    fn answer(&mut self, answering: Answering, moment: Moment) -> Taken {
        let before = self.model.signup(answering.member);
        self.model.answer(answering, moment);
        let after = self.model.signup(answering.member);
        match self.roster.answer(answering, moment) {
            Answer::Taken { before: was, now, moved } => {
                prop_assert_eq!((was, Some(now)), (before, after));
                Ok((moved, Some(answering.member)))
            }
            Answer::Same(held) | Answer::WouldLosePlace(held) => {
                prop_assert_eq!(Some(held), after);
                Ok((Moved::default(), None))
            }
            Answer::NoSuchOption => Ok((Moved::default(), None)),
        }
    }

    fn withdraw(&mut self, member: UserId) -> Taken {
        let before = self.model.signup(member);
        self.model.withdraw(member, self.now);
        match self.roster.withdraw(member, self.now) {
            Some((was, moved)) => {
                prop_assert_eq!(Some(was), before);
                Ok((moved, Some(member)))
            }
            None => Ok((Moved::default(), None)),
        }
    }

    fn put_back(&mut self, member: UserId, ago: usize) -> Taken {
        let mut theirs = self.answers.iter().rev().filter(|(who, _)| *who == member);
        let Some((_, earlier)) = theirs.nth(ago).copied() else {
            return Ok((Moved::default(), None));
        };
        let before = self.model.signup(member);
        self.model.put_back(member, earlier, self.now);
        let (was, moved) = self.roster.put_back(&[(member, earlier)], self.now);
        prop_assert_eq!(was, vec![before]);
        prop_assert_eq!(self.roster.signup(member), self.model.signup(member));
        Ok((moved, Some(member)))
    }

    fn swap(&mut self, member: UserId, with: UserId, option: OptionId, moment: Moment) -> Taken {
        let before = self.model.clone();
        let is_possible = self.model.swap((member, with), option, moment);
        let swapped = self.roster.swap(member, with, option, moment);
        prop_assert_eq!(swapped.is_ok(), is_possible);
        let mut others = difference(&before, &self.model, Some(member));
        for list in [&mut others.promoted, &mut others.offered, &mut others.unseated] {
            list.retain(|other| *other != with);
        }
        if let Ok(Swapped { before: was, now, moved }) = swapped {
            let both = |model: &Model| [member, with].map(|who| model.signup(who).unwrap());
            prop_assert_eq!((was, now), (both(&before), both(&self.model)));
            prop_assert_eq!(sorted(moved), others);
        }
        Ok((difference(&before, &self.model, None), None))
    }

    /// Nothing is left of a change that is taken back at once, but that offers which it ended are
    /// made anew.
    fn undone(&mut self, seating: Seating) {
        let earlier = self.roster.seating.clone();
        self.roster.reseat(seating, self.now);
        let former = former(&self.model.signups, &self.roster);
        self.roster.take_back(earlier, &former, self.now);
        let anew = self.roster.coming_up(self.now);
        for (member, signup) in &mut self.model.signups {
            if former.contains_key(member) && matches!(signup.place, Place::Offered(_)) {
                signup.place = anew;
            }
        }
    }

    /// Whoever was offered a place hears of it anew, also if its end is the same.
    fn resume(&mut self) -> Taken {
        let before = self.model.clone();
        self.model.resume(self.now);
        let others = difference(&before, &self.model, None);
        let mut expected = others.clone();
        for (member, now) in &self.model.signups {
            let was = before.signup(*member).map(|was| was.place);
            match (was, now.place) {
                (Some(Place::Offered(_)), Place::Seated) => expected.promoted.push(*member),
                (Some(Place::Offered(_)), _) => expected.offered.push(*member),
                _ => {}
            }
        }
        prop_assert_eq!(sorted(self.roster.resume(self.now)), sorted(expected));
        Ok((others, None))
    }

    fn shorten_offers(&mut self, latest: Timestamp) -> Taken {
        let before = self.model.clone();
        self.model.shorten_offers(latest);
        let mut shortened = self.roster.shorten_offers(latest);
        shortened.sort_unstable();
        let mut expected: Vec<_> = self.model.changed_since(&before).map(|(who, _)| who).collect();
        expected.sort_unstable();
        prop_assert_eq!(shortened, expected);
        Ok((Moved::default(), None))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_steps_lead_to_what_the_plain_rules_say_and_survive_storage(
        steps in prop::collection::vec(any_step(), 0..45),
        room in any_room(),
        offer in any::<bool>(),
    ) {
        let seating = seating_of(Room { tanks: 2, ..room }, 0, offer);
        let (roster, model) =
            (Roster::new(seating.clone()), Model { seating, signups: Vec::new() });
        let mut both = Both { roster, model, now: at(0), answers: Vec::new() };
        for (index, step) in (1u64..).step_by(2).zip(steps) {
            let before = both.model.clone();
            let (moved, actor) = both.take(step, index)?;
            let Both { roster, model, now, answers } = &mut both;
            answers.extend(model.changed_since(&before));
            prop_assert_eq!(sorted(moved), difference(&before, model, actor));
            prop_assert_eq!(roster.is_empty(), model.signups.is_empty());
            prop_assert_eq!(roster.next_lapse(), model.next_lapse());
            assert_sound(roster);
            assert_counted(roster, model);
            assert_offers_can_be_accepted(roster, Moment { now: *now, next: Sequence(index) });
            prop_assert_eq!(roster.signups.len(), model.signups.len());
            for (member, signup) in &model.signups {
                prop_assert_eq!(roster.signup(*member), Some(*signup));
            }
        }
        let roster = both.roster;
        let stored: Vec<_> = roster.signups.iter().map(|(m, s)| (*m, *s)).collect();
        let again = Roster::from_stored(roster.seating.clone(), stored);
        prop_assert_eq!(again.signups, roster.signups);
        prop_assert_eq!(again.hall, roster.hall);
    }
}
