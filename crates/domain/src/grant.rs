//! Roles that members have while they are coming by an answer that gives one, and which roles an
//! organiser can have given.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::event::{Event, Phase};
use crate::id::{RoleId, UserId};
use crate::rights::Permissions;
use crate::roster::Roster;

/// Who is to have which role because of an event, until it is over or does not take place: those
/// with a place under an answer that gives one.
#[must_use]
pub fn granted(event: &Event, roster: &Roster, now: Timestamp) -> BTreeSet<(UserId, RoleId)> {
    if !matches!(event.phase(now), Phase::Open | Phase::Closed | Phase::Running) {
        return BTreeSet::new();
    }
    let giving = event.options.iter().filter(|option| option.coming);
    let giving = giving.filter_map(|option| option.granted.map(|role| (option.id, role)));
    giving
        .flat_map(|(option, role)| roster.column(option).map(move |member| (member, role)))
        .filter(|(member, _)| !member.is_erased())
        .collect()
}

/// A role of a guild, as far as giving it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenRole {
    /// What it allows.
    pub permissions: Permissions,
    /// Its rank; 0 is that of everyone.
    pub position: i64,
    /// Whether something other than people hands it out.
    pub managed: bool,
}

/// Somebody who would give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Giver {
    /// What they may do in the guild.
    pub permissions: Permissions,
    /// The position of their highest role; the owner's is above all.
    pub highest: i64,
}

/// Why a role is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotGiven {
    /// There is no such role, or it is everyone's.
    NoSuchRole,
    /// Something other than people hands it out.
    Managed,
    /// It has a say over others or over the server, which nobody gets by a tap.
    HasPower,
    /// Who asks may not manage roles, or not one so high.
    NotYours,
    /// The bot may not manage roles.
    BotMayNot,
    /// The role is not below the bot's own.
    AboveBot,
}

/// Whether a role can be given by an answer, both when it is chosen and whenever it is given: who
/// asks must be able to hand it out themselves, and so must the bot.
pub fn may_give(role: Option<GivenRole>, asks: Giver, bot: Giver) -> Result<(), NotGiven> {
    let role = role.filter(|role| role.position > 0).ok_or(NotGiven::NoSuchRole)?;
    let manages = |giver: Giver| giver.permissions.allow(Permissions::MANAGE_ROLES);
    if role.managed {
        return Err(NotGiven::Managed);
    }
    if role.permissions.0 & Permissions::POWER.0 != 0 {
        return Err(NotGiven::HasPower);
    }
    if !manages(asks) || asks.highest <= role.position {
        return Err(NotGiven::NotYours);
    }
    if !manages(bot) {
        return Err(NotGiven::BotMayNot);
    }
    if bot.highest <= role.position {
        return Err(NotGiven::AboveBot);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer_option::Options;
    use crate::event::tests::{at, event};
    use crate::roster::{Answering, Moment, Sequence};

    const RAIDER: RoleId = RoleId::new(9);

    #[test]
    fn who_has_a_place_has_the_role_until_the_event_is_over() {
        let mut event = event();
        let mut options: Vec<_> = event.options.iter().cloned().collect();
        options[0].granted = Some(RAIDER);
        event.options = Options::new(options).unwrap();
        event.details.capacity = crate::capacity::Capacity::parse(1).ok();
        let mut roster = Roster::new(event.seating());
        let yes = event.options.iter().next().unwrap().id;
        for (member, sequence) in [(UserId::new(1), 1), (UserId::new(2), 2)] {
            let moment = Moment { now: at(12), next: Sequence(sequence) };
            roster.answer(Answering::alone(member, yes), moment);
        }
        let of = |event: &Event, now| granted(event, &roster, now).into_iter().collect::<Vec<_>>();
        assert_eq!(of(&event, at(12)), [(UserId::new(1), RAIDER)], "who waits has none");
        assert_eq!(of(&event, at(19)), [(UserId::new(1), RAIDER)]);
        assert_eq!(of(&event, at(20)), []);
        event.cancelled_at = Some(at(13));
        assert_eq!(of(&event, at(14)), []);
    }

    #[test]
    fn a_role_is_given_by_those_who_could_hand_it_out_and_has_no_power() {
        let plain = GivenRole { permissions: Permissions(0), position: 2, managed: false };
        let giver = |bits: Permissions, highest| Giver { permissions: bits, highest };
        let (may, may_not) = (Permissions::MANAGE_ROLES, Permissions(0));
        let try_role = |role| may_give(Some(role), giver(may, 3), giver(may, 3));
        assert_eq!(try_role(plain), Ok(()));
        assert_eq!(may_give(None, giver(may, 3), giver(may, 3)), Err(NotGiven::NoSuchRole));
        assert_eq!(try_role(GivenRole { position: 0, ..plain }), Err(NotGiven::NoSuchRole));
        assert_eq!(try_role(GivenRole { managed: true, ..plain }), Err(NotGiven::Managed));
        for power in [Permissions::ADMINISTRATOR, Permissions::MANAGE_GUILD, may] {
            let role = GivenRole { permissions: power, ..plain };
            assert_eq!(try_role(role), Err(NotGiven::HasPower));
        }
        let by = |asks, bot| may_give(Some(plain), asks, bot);
        assert_eq!(by(giver(may_not, 9), giver(may, 3)), Err(NotGiven::NotYours));
        assert_eq!(by(giver(may, 2), giver(may, 3)), Err(NotGiven::NotYours));
        assert_eq!(by(giver(may, 3), giver(may_not, 9)), Err(NotGiven::BotMayNot));
        assert_eq!(by(giver(may, 3), giver(may, 2)), Err(NotGiven::AboveBot));
        assert_eq!(by(giver(Permissions::ADMINISTRATOR, 3), giver(may, 3)), Ok(()));
    }
}
