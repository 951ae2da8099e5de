//! `/privacy …`: what is kept on somebody, for them alone, in a server or in a direct message.

use muster_domain::settings::Language;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::{App, World};

use crate::interaction::{Command, Interaction};
use crate::reply::Reply;
use crate::views::messages::Words;
use crate::views::privacy;

/// Runs a subcommand.
pub async fn run<W: World>(
    app: &App<W>,
    interaction: &Interaction,
    command: &Command,
) -> Result<Reply, Stop> {
    let (member, words) = (interaction.user, words(app, interaction).await?);
    match command.subcommand.as_str() {
        "export" => {
            let data = app.held_on(member).await?;
            Ok(Reply::private(privacy::export(words, member, &data, app.now())))
        }
        "erase" => Ok(Reply::private(privacy::confirm(words))),
        _ => Err(Refusal::Unknown.into()),
    }
}

/// Erases everything on who tapped.
pub async fn erase<W: World>(app: &App<W>, interaction: &Interaction) -> Result<Reply, Stop> {
    let words = words(app, interaction).await?;
    let message = privacy::erased(words, app.erase_member(interaction.user).await?);
    // What is for one person never takes the place of what is for all.
    Ok(if interaction.from_private_message {
        Reply::Update(message)
    } else {
        Reply::private(message)
    })
}

/// What is said in the guild's language; in a direct message, in the usual one.
async fn words<W: World>(app: &App<W>, interaction: &Interaction) -> Result<Words, Stop> {
    let language = match &interaction.actor {
        Some(actor) => app.settings(actor.guild).await?.language,
        None => Language::default(),
    };
    Ok(Words::of(language))
}
