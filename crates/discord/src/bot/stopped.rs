//! What is said where a handler stopped, and in which language.

use muster_engine::refusal::Stop;
use muster_engine::{App, World};
use tracing::error;

use crate::interaction::{Body, Interaction};
use crate::reply::Reply;
use crate::views::messages::Words;
use crate::views::refusal;

/// Turns a refusal into words for who asked, and a fault into words for both sides.
pub(super) async fn in_words<W: World>(
    app: &App<W>,
    interaction: &Interaction,
    stop: Stop,
) -> Reply {
    let typing = matches!(interaction.body, Body::Autocomplete(_));
    match stop {
        Stop::Refused(_) if typing => Reply::Choices(Vec::new()),
        Stop::Refused(refused) => {
            Reply::say(refusal::said(words(app, interaction).await, &refused))
        }
        Stop::Failed(fault) => {
            error!(interaction = %interaction.id, %fault, "an interaction failed");
            if typing {
                Reply::Choices(Vec::new())
            } else {
                Reply::say(refusal::failed(at_hand(app, interaction)))
            }
        }
    }
}

/// What is spoken in the guild; the usual language outside of one, or if its settings cannot be
/// had.
async fn words<W: World>(app: &App<W>, interaction: &Interaction) -> Words {
    let Some(actor) = &interaction.actor else { return Words::usual() };
    let settings = app.settings(actor.guild).await;
    settings.map_or_else(|_| Words::usual(), |settings| Words::of(settings.language))
}

/// The same where nothing is to be read: the usual language if that of the guild is not at hand.
pub(crate) fn at_hand<W: World>(app: &App<W>, interaction: &Interaction) -> Words {
    let guild = interaction.actor.as_ref().map(|actor| actor.guild);
    guild.and_then(|guild| app.language_at_hand(guild)).map_or_else(Words::usual, Words::of)
}
