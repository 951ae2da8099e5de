//! What a post shows of an event: its facts, counts and first names, however many signed up.

use jiff::Timestamp;

use crate::answer_option::{AnswerOption, OptionId};
use crate::event::{Event, Span};
use crate::heading::SharedPlaces;
use crate::id::UserId;
use crate::limits::NAMES_SHOWN_MAX;
use crate::roster::{Guests, Place, Roster, Signup};
use crate::signup_details::SignupDetails;

/// One member, as a post names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub member: UserId,
    /// What they answered.
    pub option: OptionId,
    /// Who comes along.
    pub guests: Guests,
    /// When they arrive, if later than the start.
    pub arrives: Option<Timestamp>,
    /// When they leave, if earlier than the end.
    pub leaves: Option<Timestamp>,
    /// Until when a place is held for them to accept, if one is.
    pub offered_until: Option<Timestamp>,
}

/// Some members of a longer list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The first ones, at most [`NAMES_SHOWN_MAX`]; none if names are hidden.
    pub first: Vec<Entry>,
    /// How many members there are in all.
    pub total: usize,
    /// How many people that is, with their guests.
    pub people: usize,
}

/// An event with its roster, as far as a post can show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The event.
    pub event: Event,
    /// Members per option, in the event's order of options. Removed options are among them as long
    /// as somebody has picked them.
    pub columns: Vec<(OptionId, Names)>,
    /// Members who are offered a place.
    pub offered: Names,
    /// People for whom places are held, by the option under which that is; without those of none.
    pub held: Vec<(OptionId, usize)>,
    /// Members who wait for a place.
    pub waitlist: Names,
    /// Members who let an offer lapse.
    pub passed: Names,
    /// People who are coming and have a place, guests among them.
    pub coming: usize,
}

impl Sheet {
    /// What a post shows of `event` with `roster`; `details` tells what a member said beside the
    /// answer. Costs as much as what is shown, not as much as the roster is long.
    #[must_use]
    pub fn of<'a>(
        event: &Event,
        roster: &Roster,
        details: impl Fn(UserId) -> Option<&'a SignupDetails>,
    ) -> Self {
        let names_max = if event.rules.names_hidden { 0 } else { NAMES_SHOWN_MAX };
        let view = View { roster, names_max, span: event.details.span, details };
        let is_shown = |id: OptionId| {
            let offered = event.options.get(id).is_some_and(|option| !option.removed);
            offered || roster.column(id).len() > 0
        };
        let ids = event.options.iter().map(|option| option.id).filter(|id| is_shown(*id));
        Self {
            event: event.clone(),
            columns: ids.map(|id| (id, view.column(id))).collect(),
            offered: view.names(roster.offered(), roster.people_offered()),
            held: held(event, roster),
            waitlist: view.names(roster.waitlist(), roster.people_waiting()),
            passed: view.names(roster.passed(), roster.people_passed()),
            coming: roster.seated(),
        }
    }

    /// People for whom places under an option are held, guests among them.
    #[must_use]
    pub fn held_in(&self, id: OptionId) -> usize {
        self.held.iter().find(|(option, _)| *option == id).map_or(0, |(_, people)| *people)
    }

    /// The same of places that the options below a heading share.
    #[must_use]
    pub fn held_below(&self, places: &SharedPlaces) -> usize {
        let takes_one = |option: &AnswerOption| option.coming && places.are_for(option);
        let is_below = |id: OptionId| self.event.options.get(id).is_some_and(takes_one);
        let held = self.held.iter().filter(|(id, _)| is_below(*id)).map(|(_, people)| *people);
        held.fold(0, usize::saturating_add)
    }

    /// Members who have answered, whatever the answer.
    #[must_use]
    pub fn answered(&self) -> usize {
        let lines = [&self.offered, &self.waitlist, &self.passed].map(|names| names.total);
        let columns = self.columns.iter().map(|(_, names)| names.total);
        columns.chain(lines).fold(0, usize::saturating_add)
    }
}

/// Nothing is looked for where no place is held.
fn held(event: &Event, roster: &Roster) -> Vec<(OptionId, usize)> {
    if roster.people_offered() == 0 {
        return Vec::new();
    }
    let held = event.options.iter().map(|option| (option.id, roster.held_in(option.id)));
    held.filter(|(_, people)| *people > 0).collect()
}

/// How names come onto a sheet.
struct View<'a, F> {
    roster: &'a Roster,
    names_max: usize,
    span: Span,
    details: F,
}

impl<'a, F: Fn(UserId) -> Option<&'a SignupDetails>> View<'_, F> {
    fn column(&self, id: OptionId) -> Names {
        let members = self.roster.column(id);
        let coming = self.roster.seating().is_coming(id);
        let people = if coming { self.roster.seated_in(id) } else { members.len() };
        self.names(members, people)
    }

    fn names(&self, members: impl ExactSizeIterator<Item = UserId>, people: usize) -> Names {
        let total = members.len();
        let first = members.take(self.names_max).filter_map(|member| self.entry(member)).collect();
        Names { first, total, people }
    }

    fn entry(&self, member: UserId) -> Option<Entry> {
        let signup = self.roster.signup(member)?;
        let details = (self.details)(member);
        let (arrives, leaves) =
            details.map(|said| said.times_within(self.span)).unwrap_or_default();
        let offered_until = match signup.place {
            Place::Offered(until) => Some(until),
            Place::Seated | Place::Waiting | Place::Passed => None,
        };
        let Signup { option, guests, .. } = signup;
        Some(Entry { member, option, guests, arrives, leaves, offered_until })
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::answer_option::Options;
    use crate::capacity::Capacity;
    use crate::event::tests::{at, event};
    use crate::roster::{Answering, Moment, Sequence};

    const YES: OptionId = OptionId::new(0);

    fn roster_with(event: &Event, parties: &[(u64, i64)]) -> Roster {
        let mut roster = Roster::new(event.seating());
        for (number, (member, guests)) in (1..).zip(parties) {
            let guests = Guests::parse(*guests).unwrap();
            let answering = Answering { guests, ..Answering::alone(UserId::new(*member), YES) };
            roster.answer(answering, Moment { now: at(12), next: Sequence(number) });
        }
        roster
    }

    fn names(names: &Names) -> (Vec<u64>, usize, usize) {
        let members = names.first.iter().map(|entry| entry.member.get()).collect();
        (members, names.total, names.people)
    }

    #[test]
    fn people_are_counted_and_members_named() {
        let mut event = event();
        event.details.capacity = Capacity::parse(4).ok();
        event.rules.offer = Some(SignedDuration::from_mins(5));
        let mut roster = roster_with(&event, &[(1, 2), (2, 1), (3, 0), (4, 3)]);
        roster.withdraw(UserId::new(3), at(12));
        let late = SignupDetails { arrives: Some(at(19)), ..SignupDetails::default() };
        let sheet = Sheet::of(&event, &roster, |member| (member.get() == 1).then_some(&late));
        assert_eq!(names(&sheet.columns[0].1), (vec![1], 1, 3));
        assert_eq!(names(&sheet.waitlist), (vec![2, 4], 2, 6));
        assert_eq!((sheet.coming, sheet.answered()), (3, 3));
        assert_eq!(sheet.columns[0].1.first[0].arrives, Some(at(19)));
        roster.withdraw(UserId::new(1), at(13));
        let sheet = Sheet::of(&event, &roster, |_| None);
        assert_eq!(names(&sheet.offered), (vec![2], 1, 2));
        assert_eq!((sheet.held_in(YES), sheet.held.len()), (2, 1), "with the guest");
        let until = at(13) + SignedDuration::from_mins(5);
        assert_eq!(sheet.offered.first[0].offered_until, Some(until));
        roster.lapse(until);
        assert_eq!(names(&Sheet::of(&event, &roster, |_| None).passed), (vec![2], 1, 2));
    }

    #[test]
    fn hidden_names_leave_the_counts() {
        let mut event = event();
        event.rules.names_hidden = true;
        let sheet = Sheet::of(&event, &roster_with(&event, &[(1, 1), (2, 0)]), |_| None);
        assert_eq!(names(&sheet.columns[0].1), (vec![], 2, 3));
    }

    #[test]
    fn a_removed_option_is_shown_while_somebody_has_picked_it() {
        let mut event = event();
        let roster = roster_with(&event, &[(1, 0)]);
        let maybe = event.options.iter().nth(2).cloned().unwrap();
        event.options = event.options.edited(&Options::new(vec![maybe]).unwrap()).unwrap();
        let sheet = Sheet::of(&event, &roster, |_| None);
        let ids: Vec<_> = sheet.columns.iter().map(|(id, _)| id.get()).collect();
        assert_eq!(ids, [2, 0]);
    }
}
