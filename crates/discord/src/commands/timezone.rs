//! `/timezone`: shows the zone in which a member's times are read, and takes their own.

use muster_domain::id::InteractionId;
use muster_domain::zone::Zone;
use muster_engine::World;
use muster_engine::guilds::ZoneInForce;
use muster_engine::refusal::{Refusal, Stop};

use crate::commands::Context;
use crate::custom_id::FormAction;
use crate::interaction::Command;
use crate::reply::Reply;
use crate::views::message::Choice;
use crate::views::timezone;

/// Shows the zone in force; with a zone, makes it the member's own.
pub async fn run<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let (name, words) = (command.options.text("zone"), ctx.words().await?);
    if name.trim().is_empty() {
        let zone = present(ctx).await?;
        let locale = &ctx.interaction.locale;
        return Ok(Reply::private(timezone::in_force(words, zone.as_ref(), locale, ctx.app.now())));
    }
    let zone = Zone::parse(name).map_err(Refusal::Zone)?;
    ctx.app.choose_zone(ctx.actor.user, Some(zone.clone())).await?;
    Ok(Reply::private(timezone::zone_chosen(words, &zone, ctx.app.now())))
}

/// Zones while one is being typed.
#[must_use]
pub fn suggest<W: World>(ctx: &Context<'_, W>, command: &Command) -> Vec<Choice> {
    timezone::choices(command.options.text("zone"), ctx.app.now())
}

/// Opens the form for a zone that is not in the list; what waits for it goes on afterwards.
pub async fn open_form<W: World>(
    ctx: &Context<'_, W>,
    draft: Option<InteractionId>,
) -> Result<Reply, Stop> {
    let zone = present(ctx).await?;
    let name = zone.as_ref().map_or("", |zone| zone.zone().name());
    Ok(Reply::Form(timezone::zone_form(ctx.words().await?, FormAction::Zone(draft), name)))
}

async fn present<W: World>(ctx: &Context<'_, W>) -> Result<Option<ZoneInForce>, Stop> {
    let settings = ctx.app.settings(ctx.actor.guild).await?;
    ctx.app.zone_for(ctx.actor.user, &settings).await
}
