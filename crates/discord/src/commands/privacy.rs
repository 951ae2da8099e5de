//! `/privacy …`: what is kept on somebody, for them alone, in a server or in a direct message.

use muster_domain::id::UserId;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::{App, World};

use crate::interaction::{Command, Interaction};
use crate::reply::Reply;
use crate::views::privacy;

/// Runs a subcommand.
pub async fn run<W: World>(app: &App<W>, member: UserId, command: &Command) -> Result<Reply, Stop> {
    match command.subcommand.as_str() {
        "export" => {
            let data = app.held_on(member).await?;
            Ok(Reply::private(privacy::export(member, &data, app.now())))
        }
        "erase" => Ok(Reply::private(privacy::confirm())),
        _ => Err(Refusal::Unknown.into()),
    }
}

/// Erases everything on who tapped.
pub async fn erase<W: World>(app: &App<W>, interaction: &Interaction) -> Result<Reply, Stop> {
    let message = privacy::erased(app.erase_member(interaction.user).await?);
    // What is for one person never takes the place of what is for all.
    Ok(if interaction.from_private_message {
        Reply::Update(message)
    } else {
        Reply::private(message)
    })
}
