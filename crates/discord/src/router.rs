//! Picks the handler for an interaction. Every handler checks rights itself.

mod components;
mod forms;

use muster_engine::answer::OfferReply;
use muster_engine::background::REPORT;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::{App, World};

use crate::commands::operating::{Asked, Operating};
use crate::commands::{
    Context, attendance, definitions, doctor, event, help, history, offer, operating, own, privacy,
    reminders, report, rsvp, schedule, settings, template, timezone,
};
use crate::custom_id::{Action, PersonAction, Subject};
use crate::interaction::{Body, Command, Interaction};
use crate::reply::Reply;
use crate::views::doctor::elsewhere;
use crate::views::message::{COMPONENTS_V2, Message};
use crate::views::messages::Words;

/// Handles one interaction: returns the one answer to it.
pub(crate) async fn handle<W: World>(
    app: &App<W>,
    operating: Option<&Operating>,
    interaction: &Interaction,
) -> Result<Reply, Stop> {
    if let Some(reply) = everywhere(app, operating, interaction).await? {
        return Ok(reply);
    }
    let Some(actor) = &interaction.actor else {
        return Err(Refusal::GuildOnly.into());
    };
    let operates = operating.is_some_and(|operating| operating.is_operator(interaction.user));
    let ctx = Context { app, actor, interaction, operates };
    app.note_forums(actor.guild, interaction.forums()).await?;
    let reply = match &interaction.body {
        Body::Component(component) => components::used(&ctx, component).await,
        // What is no tap goes beside it, so that a tap carries nothing of it along.
        Body::Command(command) => Box::pin(command_used(&ctx, command)).await,
        Body::Autocomplete(command) => Box::pin(typing(&ctx, command)).await,
        Body::Form(form) => Box::pin(forms::handed_in(&ctx, form)).await,
        Body::Unknown => Err(Refusal::Unknown.into()),
    }?;
    Ok(match reply {
        Reply::Update(message) if !can_take_the_place(&message, interaction) => {
            Reply::private(message)
        }
        kept @ (Reply::Private(_)
        | Reply::Public(_)
        | Reply::Update(_)
        | Reply::Post { .. }
        | Reply::Form(_)
        | Reply::Choices(_)
        | Reply::Thinking
        | Reply::ChangesLater
        | Reply::Nothing) => kept,
    })
}

/// What is for one person never takes the place of what is for all, and a message of components
/// alone and one with text never take each other's.
fn can_take_the_place(message: &Message, interaction: &Interaction) -> bool {
    let is_panel = message.flags & COMPONENTS_V2 != 0;
    interaction.from_private_message && interaction.from_panel == is_panel
}

/// What is about a person or about the running bot, and not about a guild, works in a direct
/// message with the bot as well.
async fn everywhere<W: World>(
    app: &App<W>,
    operating: Option<&Operating>,
    interaction: &Interaction,
) -> Result<Option<Reply>, Stop> {
    let asked = match &interaction.body {
        Body::Command(command) if command.name == "privacy" => {
            return privacy::run(app, interaction, command).await.map(Some);
        }
        Body::Command(command) => Asked::by_command(&command.name),
        Body::Component(component) => {
            let action = component.action;
            if let Some(Subject::Person(action)) = action.map(Action::subject) {
                return Box::pin(on_person(app, interaction, action)).await.map(Some);
            }
            // A report may have come as a direct message.
            if interaction.actor.is_none() && matches!(action, Some(Action::Doctor(_))) {
                return Ok(Some(Reply::say(elsewhere(Words::usual()))));
            }
            action.and_then(Asked::by_action)
        }
        Body::Autocomplete(_) | Body::Form(_) | Body::Unknown => None,
    };
    Ok(match asked {
        Some(asked) => Some(Box::pin(operating::answer(app, operating, interaction, asked)).await),
        None => None,
    })
}

async fn on_person<W: World>(
    app: &App<W>,
    interaction: &Interaction,
    action: PersonAction,
) -> Result<Reply, Stop> {
    match action {
        PersonAction::NoDirect(guild, event, _) => {
            own::no_direct(app, interaction, guild, event).await
        }
        PersonAction::OfferAccept(guild, event) => {
            offer::reply(app, interaction, (guild, event), OfferReply::Accept).await
        }
        PersonAction::OfferDecline(guild, event) => {
            offer::reply(app, interaction, (guild, event), OfferReply::Decline).await
        }
        PersonAction::PrivacyErase => privacy::erase(app, interaction).await,
    }
}

async fn command_used<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    match command.name.as_str() {
        "event" => event::run(ctx, command).await,
        "rsvp" => rsvp::run(ctx, command).await,
        "template" => template::run(ctx, command).await,
        "reminders" => reminders::run(ctx, command).await,
        "schedule" => schedule::run(ctx, command).await,
        "report" => ctx.app.asked_for(REPORT, report::run(ctx, command)).await,
        "timezone" => timezone::run(ctx, command).await,
        "settings" => settings::open(ctx).await,
        "doctor" => doctor::open(ctx).await,
        "help" => help::run(ctx).await,
        definitions::EVENT_LOG => history::log_of_message(ctx, command).await,
        definitions::ATTENDANCE => attendance::open(ctx, command).await,
        _ => Err(Refusal::Unknown.into()),
    }
}

async fn typing<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let choices = match command.name.as_str() {
        "event" => event::suggest(ctx, command).await?,
        "template" => template::suggest(ctx, command).await?,
        "reminders" => reminders::suggest(ctx, command).await?,
        "report" => report::suggest(ctx, command).await?,
        "timezone" => timezone::suggest(ctx, command),
        _ => Vec::new(),
    };
    Ok(Reply::Choices(choices))
}
