//! `/template …`: one handler per subcommand.

use muster_domain::id::{EventId, TemplateId};
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop, TemplateRefusal};
use muster_store::model::TemplateUndo;

use crate::commands::{Context, event, page_index};
use crate::interaction::Command;
use crate::reply::Reply;
use crate::views::message::{Choice, Message};
use crate::views::{refusal, template};

/// Runs a subcommand.
pub async fn run<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    match command.subcommand.as_str() {
        "save" => save(ctx, command).await,
        "list" => list(ctx, 0).await.map(Reply::private),
        "delete" => delete(ctx, command).await,
        _ => Err(Refusal::Unknown.into()),
    }
}

/// Suggests while a subcommand is being typed.
pub async fn suggest<W: World>(
    ctx: &Context<'_, W>,
    command: &Command,
) -> Result<Vec<Choice>, Stop> {
    match (command.subcommand.as_str(), command.focused.as_deref()) {
        ("save", Some("event")) => event::suggest_events(ctx, command).await,
        ("delete", Some("name")) => suggest_names(ctx, command.options.text("name")).await,
        _ => Ok(Vec::new()),
    }
}

/// Suggests templates whose name contains what was typed.
pub async fn suggest_names<W: World>(
    ctx: &Context<'_, W>,
    typed: &str,
) -> Result<Vec<Choice>, Stop> {
    let names = ctx.app.suggest_templates(ctx.actor, typed, event::CHOICES_MAX).await?;
    let choice = |name: String| Choice { name: name.clone(), value: name };
    Ok(names.iter().map(|name| choice(name.to_string())).collect())
}

async fn save<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let event = ctx.app.named(ctx.actor, command.options.text("event")).await?;
    let name = command.options.text("name");
    let saved = match ctx.app.save_template(ctx.actor, event, name).await {
        Err(Stop::Refused(refused)) => return taken(ctx, refused).await,
        saved => saved?,
    };
    Ok(Reply::private(template::saved(ctx.words().await?, &saved, ctx.actor.guild)))
}

/// Offers to replace the template of the name that is taken; every other refusal stays one.
async fn taken<W: World>(ctx: &Context<'_, W>, refused: Refusal) -> Result<Reply, Stop> {
    let Refusal::Template(TemplateRefusal::NameTaken(_, event, other)) = refused else {
        return Err(refused.into());
    };
    let words = ctx.words().await?;
    let said = refusal::said(words, &refused);
    Ok(Reply::private(template::name_taken(words, said, event, other)))
}

/// Saves an event in the place of a template.
pub async fn replace<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    other: TemplateId,
) -> Result<Reply, Stop> {
    let saved = ctx.app.replace_template(ctx.actor, event, other).await?;
    let words = ctx.words().await?;
    Ok(Reply::Update(template::replaced(words, &saved, other, ctx.actor.guild)))
}

/// Takes that back.
pub async fn put_back<W: World>(
    ctx: &Context<'_, W>,
    id: TemplateId,
    replaced: TemplateId,
) -> Result<Reply, Stop> {
    let undo = TemplateUndo { deleted: id, restored: replaced };
    let gone = ctx.app.put_template_back(ctx.actor, undo).await?;
    Ok(Reply::Update(template::put_back(ctx.words().await?, &gone)))
}

/// A page of the guild's templates.
pub async fn list<W: World>(ctx: &Context<'_, W>, page: u32) -> Result<Message, Stop> {
    let rows = ctx.app.templates(ctx.actor, page_index(page)).await?;
    Ok(template::list(ctx.words().await?, &rows, page, ctx.actor.guild))
}

async fn delete<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let deleted = ctx.app.delete_template(ctx.actor, command.options.text("name")).await?;
    Ok(Reply::private(template::deleted(ctx.words().await?, &deleted)))
}

/// Takes the saving of a template back.
pub async fn take_back<W: World>(ctx: &Context<'_, W>, id: TemplateId) -> Result<Reply, Stop> {
    let deleted = ctx.app.take_template_back(ctx.actor, id).await?;
    Ok(Reply::Update(template::deleted(ctx.words().await?, &deleted)))
}

/// Brings a deleted template back.
pub async fn restore<W: World>(ctx: &Context<'_, W>, id: TemplateId) -> Result<Reply, Stop> {
    ctx.app.restore_template(ctx.actor, id).await?;
    Ok(Reply::Update(template::restored(ctx.words().await?)))
}
