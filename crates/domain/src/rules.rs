//! What an organiser can demand of those who sign up, and who meets it.

use jiff::SignedDuration;

use crate::answer_option::AnswerOption;
use crate::capacity::Capacity;
use crate::id::RoleId;
use crate::roster::Guests;

/// How few are too few, and when that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minimum {
    /// People who must be coming.
    pub people: Capacity,
    /// How long before the start the organiser is asked whether to cancel.
    pub before_start: SignedDuration,
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

impl EventRules {
    /// Whether a member with these roles may come in this way.
    pub fn check(
        &self,
        option: &AnswerOption,
        guests: Guests,
        roles: &[RoleId],
    ) -> Result<(), NotEligible> {
        let has_any = |wanted: &[RoleId]| roles.iter().any(|role| wanted.contains(role));
        let open_to = |wanted: &[RoleId]| wanted.is_empty() || has_any(wanted);
        match () {
            () if has_any(&self.denied) => Err(NotEligible::Denied),
            () if !open_to(&self.allowed) => Err(NotEligible::Event),
            () if !open_to(&option.allowed) => Err(NotEligible::Option),
            () if guests > self.guests_max => Err(NotEligible::Guests(self.guests_max)),
            () => Ok(()),
        }
    }

    /// Whether a member with these roles stands before others in line.
    #[must_use]
    pub fn has_priority(&self, roles: &[RoleId]) -> bool {
        roles.iter().any(|role| self.priority.contains(role))
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
    fn one_role_of_several_gives_priority() {
        let rules = EventRules { priority: vec![RAIDER, TANK], ..EventRules::default() };
        assert!(rules.has_priority(&[BANNED, TANK]));
        assert!(!rules.has_priority(&[BANNED]));
    }
}
