//! What an organiser can demand of those who sign up, and who meets it.

use jiff::SignedDuration;
use thiserror::Error;

use crate::answer_option::{AnswerOption, Options};
use crate::capacity::Capacity;
use crate::id::RoleId;
use crate::limits::{CLOSE_BEFORE_MAX, MINIMUM_BEFORE_MAX, OFFER_MAX, OFFER_MIN, RULE_ROLES_MAX};
use crate::roster::Guests;

/// How few are too few, and when that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minimum {
    /// People who must be coming.
    pub people: Capacity,
    /// How long before the start the organiser is asked whether to cancel.
    pub before_start: SignedDuration,
}

/// Which roles a list of the rules is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleList {
    /// Who may sign up.
    Allowed,
    /// Who may not.
    Denied,
    /// Who stands before others in line.
    Priority,
}

/// How members can say themselves that they are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CheckIn {
    /// Not at all; organisers mark who was there.
    #[default]
    Off,
    /// By tapping a button.
    Button,
    /// By typing the code that an organiser shows to those who are there.
    Code,
}

/// A rule that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RulesError {
    /// Answers would close after the start, or more than [`CLOSE_BEFORE_MAX`] before it.
    #[error("answers can close 0 minutes to {} days before the start",
        CLOSE_BEFORE_MAX.as_hours() / 24)]
    CloseBefore(SignedDuration),
    /// The time to accept a place is under [`OFFER_MIN`] or over [`OFFER_MAX`].
    #[error("a place can be held for {} minute to {} days",
        OFFER_MIN.as_mins(), OFFER_MAX.as_hours() / 24)]
    Offer(SignedDuration),
    /// The minimum is looked at after the start, or more than [`MINIMUM_BEFORE_MAX`] before it.
    #[error("the minimum can be checked 0 minutes to {} days before the start",
        MINIMUM_BEFORE_MAX.as_hours() / 24)]
    MinimumBefore(SignedDuration),
    /// More than [`RULE_ROLES_MAX`] roles in a list.
    #[error("{given} roles are too many; {max} are possible", max = RULE_ROLES_MAX)]
    TooManyRoles {
        /// In which list.
        list: RoleList,
        /// How many were given.
        given: usize,
    },
}

/// Conditions of one event. The default demands nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventRules {
    /// Guests that one member may bring.
    pub guests_max: Guests,
    /// How long who comes up from the line has to accept; without it the place is theirs at once.
    pub offer: Option<SignedDuration>,
    /// How long before the start answers close.
    pub close_before: SignedDuration,
    /// How few are too few.
    pub minimum: Option<Minimum>,
    /// Only members with one of these roles may sign up; nobody is left out if there are none.
    pub allowed: Vec<RoleId>,
    /// Members with one of these roles may not sign up, whatever else they have.
    pub denied: Vec<RoleId>,
    /// Members with one of these roles stand before the others in line.
    pub priority: Vec<RoleId>,
    /// Whether only counts are shown, and names to organisers alone.
    pub names_hidden: bool,
    /// Whether and how members can check in themselves while it takes place.
    pub check_in: CheckIn,
}

/// What an organiser does to a part of the rules, from the panel where they are edited. The rest
/// stays as it is when the step is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RulesEdit {
    /// The numbers, which one form shows together.
    Numbers {
        /// Guests that one member may bring.
        guests_max: Guests,
        /// How long who comes up from the line has to accept.
        offer: Option<SignedDuration>,
        /// How long before the start answers close.
        close_before: SignedDuration,
        /// How few are too few.
        minimum: Option<Minimum>,
    },
    /// One of the lists of roles.
    Roles(RoleList, Vec<RoleId>),
    /// Whether names are hidden.
    NamesHidden(bool),
    /// Whether and how members can check in themselves.
    CheckIn(CheckIn),
}

impl RulesEdit {
    /// The rules once the step is made on `present`; their bounds are not checked yet.
    #[must_use]
    pub fn made_on(self, present: &EventRules) -> EventRules {
        let mut rules = present.clone();
        match self {
            Self::Numbers { guests_max, offer, close_before, minimum } => {
                rules = EventRules { guests_max, offer, close_before, minimum, ..rules };
            }
            Self::Roles(RoleList::Allowed, chosen) => rules.allowed = chosen,
            Self::Roles(RoleList::Denied, chosen) => rules.denied = chosen,
            Self::Roles(RoleList::Priority, chosen) => rules.priority = chosen,
            Self::NamesHidden(hidden) => rules.names_hidden = hidden,
            Self::CheckIn(how) => rules.check_in = how,
        }
        rules
    }
}

/// Why a member may not pick an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotEligible {
    /// The event is for other roles.
    Event,
    /// The event is closed to one of the member's roles.
    Denied,
    /// The option is for other roles.
    Option,
    /// More guests than one member may bring.
    Guests(Guests),
}

/// Which roles decide whether somebody can answer an event at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Eligible {
    /// One of these is needed, if there are any.
    allowed: Vec<RoleId>,
    /// None of these may be there.
    denied: Vec<RoleId>,
    /// One of these is needed as well, if there are any: every answer on offer is for some of them.
    answers: Vec<RoleId>,
}

impl Eligible {
    /// Whether it is everybody.
    #[must_use]
    pub const fn is_everybody(&self) -> bool {
        self.allowed.is_empty() && self.denied.is_empty() && self.answers.is_empty()
    }

    /// Whether a member with these roles can answer.
    #[must_use]
    pub fn has(&self, roles: &[RoleId]) -> bool {
        let has_any = |wanted: &[RoleId]| roles.iter().any(|role| wanted.contains(role));
        let open_to = |wanted: &[RoleId]| wanted.is_empty() || has_any(wanted);
        !has_any(&self.denied) && open_to(&self.allowed) && open_to(&self.answers)
    }
}

impl EventRules {
    /// Who can give at least one of these answers, as far as roles decide.
    #[must_use]
    pub fn eligible(&self, options: &Options) -> Eligible {
        let is_open = options.offered().any(|option| option.allowed.is_empty());
        let roles = options.offered().filter(|_| !is_open).flat_map(|option| option.allowed.iter());
        let answers = roles.copied().collect();
        Eligible { allowed: self.allowed.clone(), denied: self.denied.clone(), answers }
    }

    /// Checks every bound. Which roles and options there are is not looked at.
    pub fn validate(&self) -> Result<(), RulesError> {
        let before_start = SignedDuration::ZERO..=CLOSE_BEFORE_MAX;
        if !before_start.contains(&self.close_before) {
            return Err(RulesError::CloseBefore(self.close_before));
        }
        if let Some(offer) = self.offer.filter(|time| !(OFFER_MIN..=OFFER_MAX).contains(time)) {
            return Err(RulesError::Offer(offer));
        }
        let before = self.minimum.map_or(SignedDuration::ZERO, |minimum| minimum.before_start);
        if !(SignedDuration::ZERO..=MINIMUM_BEFORE_MAX).contains(&before) {
            return Err(RulesError::MinimumBefore(before));
        }
        let lists = [
            (RoleList::Allowed, self.allowed.len()),
            (RoleList::Denied, self.denied.len()),
            (RoleList::Priority, self.priority.len()),
        ];
        match lists.into_iter().find(|(_, given)| *given > RULE_ROLES_MAX) {
            Some((list, given)) => Err(RulesError::TooManyRoles { list, given }),
            None => Ok(()),
        }
    }

    /// Whether a member with these roles may come in this way.
    pub fn check(
        &self,
        option: &AnswerOption,
        guests: Guests,
        roles: &[RoleId],
    ) -> Result<(), NotEligible> {
        let has_any = |wanted: &[RoleId]| roles.iter().any(|role| wanted.contains(role));
        let open_to = |wanted: &[RoleId]| wanted.is_empty() || has_any(wanted);
        if has_any(&self.denied) {
            return Err(NotEligible::Denied);
        }
        if !open_to(&self.allowed) {
            return Err(NotEligible::Event);
        }
        if !open_to(&option.allowed) {
            return Err(NotEligible::Option);
        }
        if guests > self.guests_max {
            return Err(NotEligible::Guests(self.guests_max));
        }
        Ok(())
    }

    /// Whether a member with these roles stands before others in line.
    #[must_use]
    pub fn has_priority(&self, roles: &[RoleId]) -> bool {
        roles.iter().any(|role| self.priority.contains(role))
    }

    /// Of the roles of somebody who answers those that decide on priority, now or once the list is
    /// another one: the ones on it, in the order of the list.
    #[must_use]
    pub fn priority_roles(&self, roles: &[RoleId]) -> Vec<RoleId> {
        self.priority.iter().copied().filter(|role| roles.contains(role)).collect()
    }

    /// Whether who answered before this list came about stands before others in line by it: by a
    /// role that counted when they answered and is on it. Of whom nobody knows by which roles they
    /// stand there, `had` says whether they did, which holds while any role is on it.
    #[must_use]
    pub fn keeps_priority(&self, counted: Option<&[RoleId]>, had: bool) -> bool {
        match counted {
            Some(roles) => self.has_priority(roles),
            None => had && !self.priority.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer_option::Options;

    const RAIDER: RoleId = RoleId::new(1);
    const BANNED: RoleId = RoleId::new(2);
    const TANK: RoleId = RoleId::new(3);

    fn tank_only() -> AnswerOption {
        let yes = Options::default_four().iter().next().cloned().unwrap();
        AnswerOption { allowed: Box::new([TANK]), ..yes }
    }

    #[test]
    fn without_conditions_everybody_may_come_alone() {
        let rules = EventRules::default();
        let yes = AnswerOption { allowed: Box::default(), ..tank_only() };
        assert_eq!(rules.check(&yes, Guests::NONE, &[]), Ok(()));
        let one = Guests::parse(1).unwrap();
        assert_eq!(rules.check(&yes, one, &[]), Err(NotEligible::Guests(Guests::NONE)));
    }

    #[test]
    fn a_denied_role_outweighs_an_allowed_one() {
        let rules =
            EventRules { allowed: vec![RAIDER], denied: vec![BANNED], ..EventRules::default() };
        let check = |roles: &[RoleId]| rules.check(&tank_only(), Guests::NONE, roles);
        assert_eq!(check(&[]), Err(NotEligible::Event));
        assert_eq!(check(&[RAIDER, TANK, BANNED]), Err(NotEligible::Denied));
        assert_eq!(check(&[RAIDER]), Err(NotEligible::Option));
        assert_eq!(check(&[RAIDER, TANK]), Ok(()));
    }

    #[test]
    fn who_can_answer_at_all_may_give_one_of_the_answers_on_offer() {
        let rules =
            EventRules { allowed: vec![RAIDER], denied: vec![BANNED], ..EventRules::default() };
        let open = Options::default_four();
        assert!(EventRules::default().eligible(&open).is_everybody());
        let raiders = EventRules { denied: Vec::new(), ..rules.clone() };
        let unbanned = EventRules { allowed: Vec::new(), ..rules.clone() };
        assert!(!raiders.eligible(&open).is_everybody());
        assert!(!unbanned.eligible(&open).is_everybody());
        let eligible = rules.eligible(&open);
        let members: [&[RoleId]; 4] = [&[RAIDER], &[TANK, RAIDER], &[TANK], &[RAIDER, BANNED]];
        assert_eq!(members.map(|theirs| eligible.has(theirs)), [true, true, false, false]);
        for theirs in members {
            let can = open.offered().any(|one| rules.check(one, Guests::NONE, theirs).is_ok());
            assert_eq!(can, eligible.has(theirs), "{theirs:?}");
        }
        let tanks_alone = Options::new(vec![tank_only()]).unwrap();
        assert!(!EventRules::default().eligible(&tanks_alone).is_everybody());
        let eligible = rules.eligible(&tanks_alone);
        assert_eq!(members.map(|theirs| eligible.has(theirs)), [false, true, false, false]);
        let mut some: Vec<_> = open.iter().cloned().collect();
        some[0].allowed = Box::new([TANK]);
        let some = Options::new(some).unwrap();
        assert!(EventRules::default().eligible(&some).is_everybody(), "others are for all");
    }

    #[test]
    fn rules_are_bounded_and_each_bound_is_named() {
        let hours = SignedDuration::from_hours;
        let none = EventRules::default;
        let minimum = |before_start| {
            let people = Capacity::parse(10_000).unwrap();
            EventRules { minimum: Some(Minimum { people, before_start }), ..none() }
        };
        let roles = |count| (1..=count).map(RoleId::new).collect::<Vec<_>>();
        for sound in [
            none(),
            EventRules { close_before: hours(720), ..none() },
            EventRules { offer: Some(SignedDuration::from_mins(1)), ..none() },
            EventRules { offer: Some(hours(168)), ..none() },
            minimum(hours(720)),
            EventRules { allowed: roles(25), denied: roles(25), priority: roles(25), ..none() },
        ] {
            assert_eq!(sound.validate(), Ok(()));
        }
        let minute_more = |time: SignedDuration| time + SignedDuration::from_mins(1);
        let (list, given) = (RoleList::Denied, 26);
        for (broken, error) in [
            (EventRules { close_before: hours(-1), ..none() }, RulesError::CloseBefore(hours(-1))),
            (
                EventRules { close_before: minute_more(hours(720)), ..none() },
                RulesError::CloseBefore(minute_more(hours(720))),
            ),
            (
                EventRules { offer: Some(SignedDuration::from_secs(59)), ..none() },
                RulesError::Offer(SignedDuration::from_secs(59)),
            ),
            (
                EventRules { offer: Some(minute_more(hours(168))), ..none() },
                RulesError::Offer(minute_more(hours(168))),
            ),
            (minimum(hours(-1)), RulesError::MinimumBefore(hours(-1))),
            (EventRules { denied: roles(26), ..none() }, RulesError::TooManyRoles { list, given }),
        ] {
            assert_eq!(broken.validate(), Err(error));
        }
    }

    #[test]
    fn each_part_of_the_rules_is_edited_alone() {
        let full = EventRules {
            guests_max: Guests::parse(2).unwrap(),
            close_before: SignedDuration::from_hours(1),
            allowed: vec![RAIDER],
            ..EventRules::default()
        };
        let roles = |list| RulesEdit::Roles(list, vec![TANK]).made_on(&full);
        assert_eq!(roles(RoleList::Allowed), EventRules { allowed: vec![TANK], ..full.clone() });
        assert_eq!(roles(RoleList::Denied), EventRules { denied: vec![TANK], ..full.clone() });
        assert_eq!(roles(RoleList::Priority), EventRules { priority: vec![TANK], ..full.clone() });
        let hidden = RulesEdit::NamesHidden(true).made_on(&full);
        assert_eq!(hidden, EventRules { names_hidden: true, ..full.clone() });
        let offer = Some(SignedDuration::from_mins(30));
        let people = Capacity::parse(5).unwrap();
        let minimum = Some(Minimum { people, before_start: SignedDuration::from_hours(3) });
        let (guests_max, close_before) = (Guests::NONE, SignedDuration::ZERO);
        let numbers = RulesEdit::Numbers { guests_max, offer, close_before, minimum };
        let expected =
            EventRules { allowed: vec![RAIDER], offer, minimum, ..EventRules::default() };
        assert_eq!(numbers.made_on(&full), expected);
    }

    #[test]
    fn who_answered_goes_first_by_the_roles_that_counted_then_and_are_listed_now() {
        let list = |roles: &[RoleId]| EventRules { priority: roles.to_vec(), ..<_>::default() };
        let counted = list(&[RAIDER, TANK]).priority_roles(&[BANNED, TANK, RAIDER]);
        assert_eq!(counted, [RAIDER, TANK]);
        assert_eq!(list(&[]).priority_roles(&[TANK]), []);
        let keeps = |now: &[RoleId], counted| list(now).keeps_priority(counted, true);
        for (now, keeps_it) in
            [(&[RAIDER, BANNED][..], true), (&[RAIDER], true), (&[BANNED], false), (&[], false)]
        {
            assert_eq!(keeps(now, Some(&[RAIDER, TANK])), keeps_it, "{now:?}");
            assert_eq!(keeps(now, None), !now.is_empty(), "{now:?}, where nobody knows");
        }
        assert!(!list(&[TANK]).keeps_priority(None, false));
        assert!(!list(&[TANK]).keeps_priority(Some(&[]), true));
        assert!(list(&[TANK]).keeps_priority(Some(&[TANK]), false));
    }

    #[test]
    fn one_role_of_several_gives_priority() {
        let rules = EventRules { priority: vec![RAIDER, TANK], ..EventRules::default() };
        assert!(rules.has_priority(&[BANNED, TANK]));
        assert!(!rules.has_priority(&[BANNED]));
    }
}
