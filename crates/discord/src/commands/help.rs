//! `/help`: what the person who asks can do here.

use muster_domain::rights::Actor;
use muster_domain::settings::GuildSettings;
use muster_engine::World;
use muster_engine::refusal::Stop;

use crate::commands::Context;
use crate::reply::Reply;
use crate::views::help::{self, Missing, Position, Reader};
use crate::views::messages::Words;

/// Tells it, with the next step while the server is new.
pub async fn run<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let settings = ctx.app.settings(ctx.actor.guild).await?;
    let missing = Missing {
        zone: settings.zone.is_none() && ctx.app.config().default_zone.is_none(),
        channel: settings.channel.is_none(),
    };
    let reader = Reader { position: position(ctx.actor, &settings), operates: ctx.operates };
    let words = Words::of(settings.language);
    Ok(Reply::private(help::help(words, reader, missing)))
}

fn position(actor: &Actor, settings: &GuildSettings) -> Position {
    if actor.is_manager() {
        Position::Manager
    } else if actor.is_organiser(&settings.organiser_roles) {
        Position::Organiser
    } else {
        Position::Member
    }
}

#[cfg(test)]
mod tests {
    use muster_domain::id::{ChannelId, GuildId, RoleId, UserId};
    use muster_domain::rights::Permissions;

    use super::*;

    #[test]
    fn the_position_follows_permissions_and_roles() {
        let organiser_roles = vec![RoleId::new(7)];
        let settings = GuildSettings { organiser_roles, ..GuildSettings::default() };
        let member = Actor {
            user: UserId::new(1),
            guild: GuildId::new(2),
            channel: ChannelId::new(3),
            roles: Vec::new(),
            permissions: Permissions::default(),
        };
        let organiser = Actor { roles: vec![RoleId::new(7)], ..member.clone() };
        let manager = Actor { permissions: Permissions::MANAGE_GUILD, ..member.clone() };
        let positions = [member, organiser, manager].map(|actor| position(&actor, &settings));
        assert_eq!(positions, [Position::Member, Position::Organiser, Position::Manager]);
    }
}
