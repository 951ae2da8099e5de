//! Whom a text pings: what is written, what the sender allows, and what the sender may.

use super::model::{Channel, Pings};
use super::{Permissions, World};
use crate::ids::{RoleId, UserId};
use crate::validate::message::AllowedMentions;

impl World {
    /// Whom `text`, written by `author` in `channel`, pings.
    pub(super) fn pings(
        &self,
        (channel, author): (&Channel, UserId),
        text: &str,
        allowed: &AllowedMentions,
    ) -> Pings {
        let may_all = self.effective(channel, author).contains(Permissions::MENTION_EVERYONE);
        let everyone_written = text.contains("@everyone") || text.contains("@here");
        let users = ids_in(text, "<@").map(UserId::new);
        let roles = ids_in(text, "<@&").map(RoleId::new);
        let guild = channel.guild.and_then(|guild| self.guild(guild));
        let role_pings = |role: &RoleId| {
            let role = guild.and_then(|guild| guild.roles.get(role));
            role.is_some_and(|role| role.mentionable || may_all)
        };
        Pings {
            users: users.filter(|id| self.user(*id).is_some() && allowed.users.takes(id)).collect(),
            roles: roles.filter(|id| allowed.roles.takes(id)).filter(role_pings).collect(),
            everyone: everyone_written && allowed.everyone && may_all,
        }
    }
}

/// The ids of all mentions that begin with `opening` and end with `>`.
fn ids_in<'a>(text: &'a str, opening: &'a str) -> impl Iterator<Item = u64> + 'a {
    text.match_indices(opening).filter_map(move |(at, found)| {
        let rest = text.get(at + found.len()..)?;
        let rest = rest.strip_prefix('!').unwrap_or(rest);
        let (id, _) = rest.split_once('>')?;
        id.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::ids_in;

    #[test]
    fn mentions_are_found_by_kind() {
        let text = "<@1> and <@!2>, <@&3>, <#4>, <@broken>, <@5";
        assert_eq!(ids_in(text, "<@").collect::<Vec<_>>(), [1, 2]);
        assert_eq!(ids_in(text, "<@&").collect::<Vec<_>>(), [3]);
    }
}
