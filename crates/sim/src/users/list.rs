//! Which commands a person finds in a channel.

use serde_json::Value;

use crate::ids::{ChannelId, UserId};
use crate::json;
use crate::world::{Application, Channel, Command, Permissions, World};

/// The commands that `user` may use in `channel`, with their applications.
pub(crate) fn usable(
    world: &World,
    user: UserId,
    channel: ChannelId,
) -> Vec<(&Application, &Command)> {
    let Some(channel) = world.channel(channel).filter(|channel| world.sees(user, channel.id))
    else {
        return Vec::new();
    };
    let may = world.effective(channel, user);
    if !channel.kind.takes_messages() || !may.contains(Permissions::USE_APPLICATION_COMMANDS) {
        return Vec::new();
    }
    let here = world.apps().filter(|app| is_here(world, app, channel));
    let all = here.flat_map(|app| app.commands.values().map(move |command| (app, command)));
    all.filter(|(_, command)| is_offered(command, channel))
        .filter(|(_, command)| channel.guild.is_none() || is_allowed(command, may))
        .filter(|(_, command)| command.kind != 2 || may_write(channel, may))
        .collect()
}

/// Whether the application's bot is in the guild, or in the conversation.
pub(super) fn is_here(world: &World, app: &Application, channel: &Channel) -> bool {
    match channel.guild {
        Some(guild) => world.guild(guild).is_some_and(|guild| guild.members.contains_key(&app.bot)),
        None => channel.recipients.contains(&app.bot),
    }
}

fn is_offered(command: &Command, channel: &Channel) -> bool {
    if command.guild.is_some() {
        return command.guild == channel.guild;
    }
    let context = u64::from(channel.guild.is_none());
    match json::at(&command.definition, "contexts").as_array() {
        None => true,
        Some(contexts) => contexts.iter().any(|known| known.as_u64() == Some(context)),
    }
}

/// Commands on people are for those who may write here (Discord docs: user commands).
fn may_write(channel: &Channel, may: Permissions) -> bool {
    let needs = match channel.thread {
        Some(_) => Permissions::SEND_MESSAGES_IN_THREADS,
        None => Permissions::SEND_MESSAGES,
    };
    may.contains(needs)
}

/// Whether the default permissions of the command let this member use it. Rights are a matter of
/// guilds: in a direct conversation nobody needs any.
fn is_allowed(command: &Command, may: Permissions) -> bool {
    match command.needs {
        None => true,
        Some(Permissions::NONE) => may.contains(Permissions::ADMINISTRATOR),
        Some(needs) => may.contains(needs),
    }
}

/// The command's options, or those of a subcommand.
pub(super) fn options_of(definition: &Value) -> &[Value] {
    json::list(definition, "options")
}
