//! What somebody may do in a channel, computed as Discord computes it.
//! (Discord docs: "Permission Overwrites")

use muster_domain::grant::{GivenRole, Giver};
use muster_domain::id::{RoleId, UserId};
use muster_domain::rights::Permissions;

use crate::rest::model::{Channel, Guild, Overwrite};

/// Overwrites of a role have this type.
const OF_ROLE: u64 = 0;
/// Overwrites of a member have this type.
const OF_MEMBER: u64 = 1;

/// What a member with these roles may do in a channel. Give the parent of a thread.
#[must_use]
pub(crate) fn in_channel(
    guild: &Guild,
    channel: &Channel,
    member: UserId,
    roles: &[RoleId],
) -> Permissions {
    let everyone = RoleId::new(guild.id.get());
    let held = |id: RoleId| id == everyone || roles.contains(&id);
    let base = guild
        .roles
        .iter()
        .filter(|role| held(role.id))
        .fold(0, |bits, role| bits | role.permissions.0);
    if guild.owner_id == member || Permissions(base).allow(Permissions::ADMINISTRATOR) {
        return Permissions(u64::MAX);
    }
    let overwrites = &channel.permission_overwrites;
    let of_everyone = overwrites.iter().filter(|o| o.kind == OF_ROLE && o.id == everyone.get());
    let of_roles = overwrites.iter().filter(|o| {
        o.kind == OF_ROLE && o.id != everyone.get() && roles.contains(&RoleId::new(o.id))
    });
    let of_member = overwrites.iter().filter(|o| o.kind == OF_MEMBER && o.id == member.get());
    let bits = overwritten(base, of_everyone);
    let bits = overwritten(bits, of_roles);
    let bits = overwritten(bits, of_member);
    let seen = Permissions(bits).allow(Permissions::VIEW_CHANNEL);
    // Who cannot see a channel can do nothing in it.
    if seen { Permissions(bits) } else { Permissions::default() }
}

/// A member with these roles, as one who gives roles.
#[must_use]
pub(crate) fn giver(guild: &Guild, member: UserId, roles: &[RoleId]) -> Giver {
    if guild.owner_id == member {
        return Giver { permissions: Permissions(u64::MAX), highest: i64::MAX };
    }
    let everyone = RoleId::new(guild.id.get());
    let held = guild.roles.iter().filter(|role| role.id == everyone || roles.contains(&role.id));
    let none = Giver { permissions: Permissions(0), highest: 0 };
    held.fold(none, |giver, role| Giver {
        permissions: Permissions(giver.permissions.0 | role.permissions.0),
        highest: giver.highest.max(role.position),
    })
}

/// A role of a guild, as far as giving it goes; `None` for everyone's.
#[must_use]
pub(crate) fn given_role(guild: &Guild, role: RoleId) -> Option<GivenRole> {
    let found = guild.roles.iter().find(|known| known.id == role);
    let found = found.filter(|known| known.id.get() != guild.id.get())?;
    let (permissions, position, managed) = (found.permissions, found.position, found.managed);
    // Everyone's is the only one at the bottom; one that shares its place is above it all the same.
    Some(GivenRole { permissions, position: position.max(1), managed })
}

/// First all that is denied, then all that is allowed.
fn overwritten<'a>(bits: u64, overwrites: impl Iterator<Item = &'a Overwrite>) -> u64 {
    let (deny, allow) =
        overwrites.fold((0, 0), |(deny, allow), o| (deny | o.deny.0, allow | o.allow.0));
    (bits & !deny) | allow
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOT: UserId = UserId::new(9);

    #[test]
    fn who_gives_roles_has_a_rank_and_the_owner_is_above_all() {
        let guild: Guild = serde_json::from_str(
            r#"{"id":"1","owner_id":"2","roles":[{"id":"1","permissions":"8","position":0},
            {"id":"5","permissions":"268435456","position":3},{"id":"6","position":1}]}"#,
        )
        .unwrap();
        let [five, six] = [5, 6].map(RoleId::new);
        let giver_of = |roles: &[RoleId]| giver(&guild, BOT, roles);
        assert_eq!(giver_of(&[five, six]).highest, 3);
        assert_eq!(giver_of(&[six]).permissions, Permissions(8), "everyone's count");
        assert_eq!(giver(&guild, UserId::new(2), &[]).highest, i64::MAX);
        assert_eq!(given_role(&guild, RoleId::new(1)), None);
        assert_eq!(given_role(&guild, six).map(|role| role.position), Some(1));
        assert_eq!(given_role(&guild, RoleId::new(7)), None);
    }

    fn guild() -> Guild {
        serde_json::from_str(
            r#"{"id":"1","owner_id":"2","roles":[{"id":"1","permissions":"3072"},
            {"id":"5","permissions":"16384"},{"id":"6","permissions":"8"}]}"#,
        )
        .unwrap()
    }

    fn channel(overwrites: &str) -> Channel {
        let raw = format!(r#"{{"id":"3","type":0,"permission_overwrites":{overwrites}}}"#);
        serde_json::from_str(&raw).unwrap()
    }

    #[test]
    fn roles_add_up_and_overwrites_deny_then_allow() {
        let open = channel("[]");
        let bits = |channel: &Channel, roles: &[u64]| {
            let roles: Vec<_> = roles.iter().copied().map(RoleId::new).collect();
            in_channel(&guild(), channel, BOT, &roles).0
        };
        assert_eq!(bits(&open, &[]), 3_072);
        assert_eq!(bits(&open, &[5]), 3_072 + 16_384);
        assert_eq!(bits(&open, &[6]), u64::MAX);
        let read_only = channel(r#"[{"id":"1","type":0,"allow":"0","deny":"2048"}]"#);
        assert_eq!(bits(&read_only, &[]), 1_024);
        let for_bot = channel(
            r#"[{"id":"1","type":0,"allow":"0","deny":"2048"},
            {"id":"9","type":1,"allow":"2048","deny":"0"}]"#,
        );
        assert_eq!(bits(&for_bot, &[]), 3_072);
    }

    #[test]
    fn who_cannot_see_a_channel_can_do_nothing_there() {
        let hidden = channel(r#"[{"id":"1","type":0,"allow":"0","deny":"1024"}]"#);
        assert_eq!(in_channel(&guild(), &hidden, BOT, &[]), Permissions::default());
        assert_eq!(in_channel(&guild(), &hidden, UserId::new(2), &[]).0, u64::MAX);
    }
}
