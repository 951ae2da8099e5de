//! Roles that a member lacks, may not mention, or cannot hand out.

use muster_domain::grant::NotGiven;
use muster_domain::id::RoleId;
use muster_domain::rules::NotEligible;

use super::listed;
use crate::views::messages::{Key, Words};

/// At most five roles are named, so that the answer stays short.
const ROLES_NAMED_MAX: usize = 5;

/// A message about a role.
pub(super) fn of_role(words: Words, key: Key, role: RoleId) -> String {
    words.filled(key, &[("role", &format!("<@&{role}>"))])
}

pub(super) fn not_eligible(words: Words, why: NotEligible, roles: &[RoleId]) -> String {
    let of_roles = |key| words.filled(key, &[("roles", &one_of(words, roles))]);
    match why {
        NotEligible::Event => of_roles(Key::RefusalRoleEvent),
        NotEligible::Denied => words.plain(Key::RefusalRoleDenied).to_owned(),
        NotEligible::Option => of_roles(Key::RefusalRoleAnswer),
        NotEligible::Guests(max) if max.get() == 0 => {
            words.plain(Key::RefusalGuestsNone).to_owned()
        }
        NotEligible::Guests(max) => words.counted(Key::RefusalGuestsMost, usize::from(max.get())),
    }
}

fn one_of(words: Words, roles: &[RoleId]) -> String {
    let names: Vec<_> =
        roles.iter().take(ROLES_NAMED_MAX).map(|role| format!("<@&{role}>")).collect();
    match (names.is_empty(), roles.len() > names.len()) {
        (true, _) => words.plain(Key::RefusalRoleSome).to_owned(),
        (false, false) => listed(words, Key::RefusalOr, &names),
        (false, true) => words.filled(Key::RefusalRoleMore, &[("roles", &names.join(", "))]),
    }
}

pub(super) fn not_given(words: Words, role: RoleId, why: NotGiven) -> String {
    let key = match why {
        NotGiven::NoSuchRole => Key::RefusalGivesGone,
        NotGiven::Managed => Key::RefusalGivesManaged,
        NotGiven::HasPower => Key::RefusalGivesPower,
        NotGiven::NotYours => Key::RefusalGivesYours,
        NotGiven::BotMayNot => Key::RefusalGivesMine,
        NotGiven::AboveBot => Key::RefusalGivesAbove,
    };
    of_role(words, key, role)
}
