//! Rights in channels, step by step as Discord computes them.

use muster_sim::World;
use muster_sim::world::{NewChannel, NewRole, OverwriteTarget, Permissions};

use crate::bot::friday;

const VIEW: Permissions = Permissions::VIEW_CHANNEL;
const SEND: Permissions = Permissions::SEND_MESSAGES;
const NONE: Permissions = Permissions::NONE;

#[test]
fn overwrites_apply_in_order() {
    let everyone = "everyone";
    let (red, blue, member) = ("red", "blue", "member");
    // Each case: overwrites as (target, allow, deny), and whether the member may see and send.
    for (overwrites, sees, sends) in [
        (vec![], true, true),
        (vec![(everyone, NONE, VIEW)], false, true),
        (vec![(everyone, NONE, SEND)], true, false),
        (vec![(everyone, NONE, SEND), (red, SEND, NONE)], true, true),
        (vec![(red, NONE, SEND)], true, false),
        (vec![(red, NONE, SEND), (blue, SEND, NONE)], true, true),
        (vec![(red, SEND, NONE), (member, NONE, SEND)], true, false),
        (vec![(everyone, NONE, VIEW | SEND), (member, VIEW, NONE)], true, false),
        (vec![(everyone, SEND, NONE), (red, NONE, SEND), (member, SEND, NONE)], true, true),
    ] {
        let mut world = World::new(1, friday());
        let owner = world.add_user("owner");
        let user = world.add_user("user");
        let guild = world.add_guild("Guild", owner);
        let roles = [red, blue].map(|name| world.add_role(guild, NewRole::named(name, NONE)));
        world.join(guild, user, &roles);
        let target = |name: &str| match name {
            "everyone" => OverwriteTarget::Role(guild.everyone()),
            "red" => OverwriteTarget::Role(roles[0]),
            "blue" => OverwriteTarget::Role(roles[1]),
            _ => OverwriteTarget::Member(user),
        };
        let new = NewChannel::text("c");
        let new = overwrites
            .iter()
            .fold(new, |new, (name, allow, deny)| new.overwrite(target(name), *allow, *deny));
        let channel = world.add_channel(guild, new);
        let channel = world.channel(channel).unwrap();
        let may = world.permissions(channel, user);
        assert_eq!((may.contains(VIEW), may.contains(SEND)), (sees, sends), "{overwrites:?}");
        let works = world.effective(channel, user);
        assert_eq!(works.contains(SEND), sees && sends, "nothing works unseen: {overwrites:?}");
        assert_eq!(world.permissions(channel, owner), Permissions::ALL);
    }
}

#[test]
fn administrators_pass_overwrites_and_strangers_have_nothing() {
    let mut world = World::new(1, friday());
    let owner = world.add_user("owner");
    let admin = world.add_user("admin");
    let stranger = world.add_user("stranger");
    let guild = world.add_guild("Guild", owner);
    let role = world.add_role(guild, NewRole::named("admin", Permissions::ADMINISTRATOR));
    world.join(guild, admin, &[role]);
    let hidden = NewChannel::text("c").overwrite(OverwriteTarget::Member(admin), NONE, VIEW);
    let channel = world.add_channel(guild, hidden);
    let channel = world.channel(channel).unwrap();
    assert_eq!(world.permissions(channel, admin), Permissions::ALL);
    assert_eq!(world.permissions(channel, stranger), NONE);
}

#[test]
fn who_cannot_send_cannot_embed_or_attach() {
    let mut world = World::new(1, friday());
    let owner = world.add_user("owner");
    let user = world.add_user("user");
    let guild = world.add_guild("Guild", owner);
    world.join(guild, user, &[]);
    let everyone = OverwriteTarget::Role(guild.everyone());
    let channel = world.add_channel(guild, NewChannel::text("c").overwrite(everyone, NONE, SEND));
    let channel = world.channel(channel).unwrap();
    let embed = Permissions::EMBED_LINKS;
    assert!(world.permissions(channel, user).contains(embed), "payloads carry it all the same");
    assert!(!world.effective(channel, user).contains(embed));
}
