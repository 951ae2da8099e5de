//! `/event …`: one handler per subcommand.

use muster_domain::change::EventChange;
use muster_domain::id::{ChannelId, DeliveryId, EventId};
use muster_domain::when::describe;
use muster_engine::change::Done;
use muster_engine::lists::Choice as Offer;
use muster_engine::moving::Repost;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::{World, reading};
use muster_store::model::{EventForm, Posted};

use crate::commands::{
    Context, event_forms, history, members, page_index, picture, suggest, template,
};
use crate::custom_id::FormAction;
use crate::interaction::Command;
use crate::reply::Reply;
use crate::views::message::{Choice, Message};
use crate::views::messages::{Key, Words};
use crate::views::text::shortened;
use crate::views::{forms, lists, panel};

/// Suggestions that Discord shows at most.
pub const CHOICES_MAX: usize = 25;

/// Runs a subcommand.
pub async fn run<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    match command.subcommand.as_str() {
        "create" => event_forms::create(ctx, command).await,
        "edit" => edit(ctx, command).await,
        "cancel" => cancel(ctx, named(ctx, command).await?).await.map(private),
        "close" => close(ctx, named(ctx, command).await?).await.map(private),
        "reopen" => reopen(ctx, named(ctx, command).await?).await.map(private),
        "show" => show(ctx, named(ctx, command).await?).await,
        "list" => list(ctx, 0).await.map(private),
        "duplicate" => duplicate(ctx, command).await,
        "add" => members::add(ctx, named(ctx, command).await?, command).await.map(private),
        "remove" => members::take_back(ctx, named(ctx, command).await?, command).await.map(private),
        "export" => history::export(ctx, named(ctx, command).await?, command).await.map(private),
        "log" => history::log(ctx, named(ctx, command).await?, 0).await.map(private),
        _ => Err(Refusal::Unknown.into()),
    }
}

fn private(message: Message) -> Reply {
    Reply::private(message)
}

async fn named<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<EventId, Stop> {
    ctx.app.named(ctx.actor, command.options.text("event")).await
}

/// Suggests while a subcommand is being typed.
pub async fn suggest<W: World>(
    ctx: &Context<'_, W>,
    command: &Command,
) -> Result<Vec<Choice>, Stop> {
    match command.focused.as_deref() {
        Some("when") => suggest::when(ctx, command.options.text("when")).await,
        Some("options") => Ok(suggest::options(command.options.text("options"))),
        Some("repeat") => suggest::repeat(ctx, &command.options).await,
        Some("template") => template::suggest_names(ctx, command.options.text("template")).await,
        Some("option") => members::suggest(ctx, command).await,
        Some("event") => suggest_events(ctx, command).await,
        _ => Ok(Vec::new()),
    }
}

/// Suggests events while one is being named.
pub async fn suggest_events<W: World>(
    ctx: &Context<'_, W>,
    command: &Command,
) -> Result<Vec<Choice>, Stop> {
    let offer = match command.subcommand.as_str() {
        "edit" | "cancel" | "close" | "reopen" | "add" | "remove" => Offer::Upcoming,
        _ => Offer::Any,
    };
    let typed = command.options.text("event");
    let settings = ctx.app.settings(ctx.actor.guild).await?;
    let zone = ctx.app.zone_for(ctx.actor.user, &settings).await?;
    let words = Words::of(settings.language);
    let events = ctx.app.suggest(ctx.actor, offer, typed, CHOICES_MAX).await?;
    let choice = |line: &Posted| {
        let event = &line.sheet.event;
        let zone = zone.as_ref().map_or(&event.details.zone, |zone| zone.zone());
        let when = describe(event.details.span.start(), zone.rules());
        let title = shortened(event.details.title.as_str(), 60);
        let name = match event.cancelled_at {
            Some(_) => {
                words.filled(Key::ListSuggestionCancelled, &[("title", &title), ("when", &when)])
            }
            None => format!("{title} · {when}"),
        };
        let name = shortened(&name, 100);
        Choice { name, value: event.id.to_string() }
    };
    Ok(events.iter().map(choice).collect())
}

async fn edit<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let event = named(ctx, command).await?;
    match (command.options.text("image"), command.options.channel("channel")) {
        ("", None) => open_edit(ctx, event).await,
        ("", Some(channel)) => move_to(ctx, event, Some(channel)).await.map(private),
        (address, None) => picture::give(ctx, event, address).await,
        (address, Some(channel)) => {
            // The post that comes shows the picture, and a picture that cannot be moves nothing.
            let done = picture::set(ctx, event, address).await?;
            let moved = move_to(ctx, event, Some(channel)).await?;
            let event = &done.now.sheet.event;
            Ok(private(moved.row(panel::picture_buttons(Words::of_event(event), event))))
        }
    }
}

/// Posts an event again in a channel, or else where it is; the post before goes.
async fn move_to<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    channel: Option<ChannelId>,
) -> Result<Message, Stop> {
    repost(ctx, event, channel, None).await
}

/// Posts an event again where it was before it was moved.
pub async fn move_back<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    channel: ChannelId,
    taken_back: DeliveryId,
) -> Result<Reply, Stop> {
    repost(ctx, event, Some(channel), Some(taken_back)).await.map(Reply::Update)
}

async fn repost<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    channel: Option<ChannelId>,
    takes_back: Option<DeliveryId>,
) -> Result<Message, Stop> {
    let (interaction, channels) = (ctx.interaction.id, ctx.interaction.channels.as_slice());
    let repost = Repost { channel, takes_back, channels, interaction };
    let moved = ctx.app.repost(ctx.actor, event, repost).await?;
    Ok(panel::moved(Words::of_event(&moved.before.sheet.event), &moved))
}

/// Posts an event again at the bottom of its channel.
pub async fn post_below<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    move_to(ctx, event, None).await.map(Reply::Update)
}

/// Opens the form to edit an event.
pub async fn open_edit<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let (form, seen) = ctx.app.form_of(ctx.actor, event).await?;
    let action = FormAction::Edit(seen);
    Ok(Reply::Form(forms::event_form(ctx.words().await?, action, forms::For::Edit, &form)))
}

/// Opens the form for the location of an event.
pub async fn open_location<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let (form, seen) = ctx.app.form_of(ctx.actor, event).await?;
    let action = FormAction::Location(seen);
    Ok(Reply::Form(forms::location_form(ctx.words().await?, action, &form.location)))
}

async fn change<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    change: EventChange,
) -> Result<Done, Stop> {
    ctx.app.change_event(ctx.actor, event, change, ctx.interaction.id).await
}

/// Calls an event off.
pub async fn cancel<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Message, Stop> {
    let done = change(ctx, event, EventChange::Cancel).await?;
    Ok(panel::cancelled(Words::of_event(&done.now.sheet.event), &done.now.sheet))
}

/// Takes back that an event was called off.
pub async fn restore<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Message, Stop> {
    let done = change(ctx, event, EventChange::Restore).await?;
    let event = &done.now.sheet.event;
    Ok(panel::restored(Words::of_event(event), event, &done.moved))
}

/// Closes the answers.
pub async fn close<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Message, Stop> {
    let done = change(ctx, event, EventChange::Close).await?;
    let event = &done.now.sheet.event;
    Ok(panel::closed(Words::of_event(event), event, &done.moved))
}

/// Takes answers again.
pub async fn reopen<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Message, Stop> {
    let done = change(ctx, event, EventChange::Reopen).await?;
    let event = &done.now.sheet.event;
    Ok(panel::reopened(Words::of_event(event), event, &done.moved))
}

/// Posts an event again whose post was deleted.
pub async fn post_again<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    ctx.app.post_again(ctx.actor, event).await?;
    let words = Words::of_event(&posted.sheet.event);
    Ok(Reply::Update(panel::posted_again(words, &posted)))
}

/// Shows an event, with what this member can do about it.
pub async fn show<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let posted = ctx.app.event(ctx.actor, event).await?;
    let organiser = ctx.app.is_organiser(ctx.actor).await?;
    let own = ctx.app.own_line(ctx.actor, &posted.sheet).await?;
    let words = Words::of_event(&posted.sheet.event);
    let (own, now) = (own.as_ref(), ctx.app.now());
    Ok(Reply::private(panel::panel(words, &posted, own, organiser, now)))
}

/// A page of the events that are coming up.
pub async fn list<W: World>(ctx: &Context<'_, W>, page: u32) -> Result<Message, Stop> {
    let rows = ctx.app.upcoming(ctx.actor, page_index(page)).await?;
    let organiser = ctx.app.is_organiser(ctx.actor).await?;
    Ok(lists::upcoming(ctx.words().await?, &rows, page, organiser, ctx.app.now()))
}

/// Copies an event to another time: at once if the time was given, else through the form.
async fn duplicate<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let event = named(ctx, command).await?;
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let original = &posted.sheet.event;
    // A copy notifies only whom this organiser may notify.
    let mention = match original.mention {
        Some(role) if ctx.app.may_mention(ctx.actor, role, false).await? => Some(role),
        Some(_) | None => None,
    };
    let copied = reading::form_of(original, &original.details.zone);
    let form = EventForm {
        mention,
        when: command.options.text("when").to_owned(),
        like: Some(event),
        channel: command.options.channel("channel").or(copied.channel),
        close: command.options.text("close").to_owned(),
        ..copied
    };
    if form.when.trim().is_empty() {
        return event_forms::open(ctx, form).await;
    }
    event_forms::submit_new(ctx, ctx.interaction.id, form, None).await.map(Reply::private)
}
