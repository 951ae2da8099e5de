//! What organisers do for members: put them under an answer, move them, take their answer back.

use muster_domain::answer_option::{AnswerOption, OptionId};
use muster_domain::event::Event;
use muster_domain::id::{EventId, RoleId, UserId};
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::rosters::{AnswerFor, AnsweredFor, ForMember};
use muster_store::model::Ask;

use crate::commands::Context;
use crate::interaction::{Command, Component};
use crate::reply::Reply;
use crate::views::members;
use crate::views::message::{Choice, Message};
use crate::views::messages::Words;
use crate::views::text::shortened;

/// Opens the panel.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let event = &posted.sheet.event;
    Ok(Reply::private(members::panel(Words::of_event(event), event)))
}

/// The answer was chosen that somebody is to have.
pub async fn option<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    component: &Component,
) -> Result<Reply, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let event = &posted.sheet.event;
    let option = component.parsed().and_then(|id| event.options.get(OptionId::new(id)));
    let option = option.filter(|option| !option.removed).ok_or(Refusal::NoSuchOption)?;
    Ok(Reply::Update(members::who(Words::of_event(event), event, option)))
}

/// The member was chosen who is to have this answer.
pub async fn put<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    option: OptionId,
    component: &Component,
) -> Result<Reply, Stop> {
    let member = component.user().ok_or(Refusal::Unknown)?;
    let roles = roles_of(ctx, member)?;
    Ok(match answered(ctx, (event, member, roles), pick(option)).await? {
        AnsweredFor::Done(found) => Reply::Update(members::done(words_of(&found), member, &found)),
        // Nothing was done: the panel stays as it was, and the question comes below.
        asks @ AnsweredFor::WouldLosePlace { .. } => Reply::private(said(member, &asks)),
    })
}

/// The member has this answer, whatever place that costs.
pub async fn move_to<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    member: UserId,
    option: OptionId,
) -> Result<Reply, Stop> {
    // Their roles, which this message does not tell, stay what they were.
    let found = answered(ctx, (event, member, &[]), Ask::Move(option)).await?;
    Ok(Reply::Update(said(member, &found)))
}

/// The member was chosen with whom another one swaps, who gets this answer.
pub async fn swap<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    (member, option): (UserId, OptionId),
    component: &Component,
) -> Result<Reply, Stop> {
    let with = component.user().ok_or(Refusal::Unknown)?;
    let found = answered(ctx, (event, member, &[]), Ask::Swap { with, option }).await?;
    let AnsweredFor::Done(found) = found else { return Err(Refusal::Unknown.into()) };
    Ok(Reply::Update(members::swapped(words_of(&found), member, with, &found)))
}

/// The member was chosen whose answer is taken back.
pub async fn remove<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    component: &Component,
) -> Result<Reply, Stop> {
    let member = component.user().ok_or(Refusal::Unknown)?;
    taken_back(ctx, event, member).await.map(Reply::Update)
}

/// Takes back what was done, by which this version of the event came about.
pub async fn undo<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    member: UserId,
    version: u64,
) -> Result<Reply, Stop> {
    let found = answered(ctx, (event, member, &[]), Ask::PutBack(version)).await?;
    let AnsweredFor::Done(found) = found else { return Err(Refusal::Unknown.into()) };
    Ok(Reply::Update(members::done(words_of(&found), member, &without_undo(*found))))
}

/// `/event add`.
pub async fn add<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    command: &Command,
) -> Result<Message, Stop> {
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let member = command.options.user("member").ok_or(Refusal::NoSuchMember)?;
    let option = named(&posted.sheet.event, command.options.text("option"))?;
    let roles = roles_of(ctx, member)?;
    let found = answered(ctx, (event, member, roles), pick(option.id)).await?;
    Ok(said(member, &found))
}

/// `/event remove`.
pub async fn take_back<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    command: &Command,
) -> Result<Message, Stop> {
    let member = command.options.user("member").ok_or(Refusal::NoSuchMember)?;
    taken_back(ctx, event, member).await
}

/// Suggests answers of the event that was named.
pub async fn suggest<W: World>(
    ctx: &Context<'_, W>,
    command: &Command,
) -> Result<Vec<Choice>, Stop> {
    let Ok(event) = ctx.app.named(ctx.actor, command.options.text("event")).await else {
        return Ok(Vec::new());
    };
    let posted = ctx.app.event_as_organiser(ctx.actor, event).await?;
    let typed = command.options.text("option").trim().to_lowercase();
    let options = &posted.sheet.event.options;
    let fits = |option: &&AnswerOption| options.name_of(option).to_lowercase().contains(&typed);
    let choice = |option: &AnswerOption| {
        let name = shortened(&options.name_of(option), 100);
        Choice { name: name.clone(), value: name }
    };
    Ok(options.offered().filter(fits).map(choice).collect())
}

const fn pick(option: OptionId) -> Ask {
    Ask::Pick { option, may_lose_place: false }
}

/// An answer by its name, in any case; words that only one name begins with are enough.
fn named<'a>(event: &'a Event, words: &str) -> Result<&'a AnswerOption, Refusal> {
    let words = words.trim().to_lowercase();
    let offered = || event.options.offered();
    // As it was suggested.
    let name = |option: &AnswerOption| shortened(&event.options.name_of(option), 100);
    let name = |option: &AnswerOption| name(option).to_lowercase();
    if let Some(same) = offered().find(|option| name(option) == words) {
        return Ok(same);
    }
    let begins = |option: &&AnswerOption| !words.is_empty() && name(option).starts_with(&words);
    match offered().filter(begins).collect::<Vec<_>>()[..] {
        [only] => Ok(only),
        [] => Err(Refusal::NoSuchOption),
        ref several => {
            let name = |option: &&AnswerOption| event.options.name_of(option).into_owned();
            Err(Refusal::SeveralOptions(several.iter().map(name).collect()))
        }
    }
}

/// Who is not in the server has no roles that Discord could tell.
fn roles_of<'a, W: World>(ctx: &Context<'a, W>, member: UserId) -> Result<&'a [RoleId], Refusal> {
    ctx.interaction.members.get(&member).map(Vec::as_slice).ok_or(Refusal::NoSuchMember)
}

/// Takes a member's answer back. One who has left the server can still be taken off the roster.
async fn taken_back<W: World>(
    ctx: &Context<'_, W>,
    event: EventId,
    member: UserId,
) -> Result<Message, Stop> {
    let roles = roles_of(ctx, member).unwrap_or_default();
    let found = answered(ctx, (event, member, roles), Ask::Withdraw).await?;
    Ok(said(member, &found))
}

async fn answered<W: World>(
    ctx: &Context<'_, W>,
    (event, member, roles): (EventId, UserId, &[RoleId]),
    ask: Ask,
) -> Result<AnsweredFor, Stop> {
    let interaction = ctx.interaction.id;
    ctx.app.answer_for(ctx.actor, AnswerFor { event, member, roles, ask, interaction }).await
}

/// What was done, or the question before it.
fn said(member: UserId, found: &AnsweredFor) -> Message {
    match found {
        AnsweredFor::Done(found) => members::done(words_of(found), member, found),
        AnsweredFor::WouldLosePlace { posted, held, wanted } => {
            let event = &posted.sheet.event;
            let words = Words::of_event(event);
            members::would_lose_place(words, event, member, (*held, *wanted))
        }
    }
}

fn words_of(found: &ForMember) -> Words {
    Words::of_event(&found.posted.sheet.event)
}

/// What was taken back is not to be taken back again, which would be a game of two buttons.
fn without_undo(found: ForMember) -> ForMember {
    ForMember { before: found.now.as_ref().map(|line| line.signup), ..found }
}
