//! A member's reply to the offer of a place, on the message that tells of it.

use muster_domain::id::{EventId, GuildId};
use muster_domain::roster::Place;
use muster_engine::answer::{OfferAnswered, OfferReply, TapOutcome};
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::{App, World};

use crate::interaction::Interaction;
use crate::reply::Reply;
use crate::views::messages::Words;
use crate::views::own;

/// Takes or lets go the place that is held for who taps, and for nobody else: whoever sees the
/// message can tap. The message stays as it is.
pub async fn reply<W: World>(
    app: &App<W>,
    interaction: &Interaction,
    (guild, event): (GuildId, EventId),
    reply: OfferReply,
) -> Result<Reply, Stop> {
    if let Some(actor) = interaction.actor.as_ref().filter(|actor| actor.guild != guild) {
        app.note_if_elsewhere(actor, event).await?;
        return Err(Refusal::NoSuchEvent.into());
    }
    let member = (guild, interaction.user);
    let answered = app.reply_to_offer(member, event, reply, interaction.id).await?;
    let OfferAnswered { outcome, line } = answered;
    let (line, now) = (line.as_ref(), app.now());
    Ok(Reply::private(match (outcome, line) {
        (TapOutcome::Taken(sheet), Some(line)) if line.signup.place == Place::Seated => {
            let words = Words::of_event(&sheet.event);
            let said = own::accepted(words, &sheet.event, line);
            // In a direct message it has no guild by which its rights could be known.
            let withdraw = interaction.actor.as_ref().map(|_| own::withdraw(words, &sheet.event));
            said.row(withdraw.into_iter().collect())
        }
        (TapOutcome::Taken(sheet), Some(line)) => {
            own::answered(Words::of_event(&sheet.event), &sheet.event, line, now)
        }
        (TapOutcome::Taken(sheet) | TapOutcome::Withdrawn(sheet), _) => {
            own::withdrawn(Words::of_event(&sheet.event), &sheet.event)
        }
        (TapOutcome::Closed(sheet), _) => {
            return Err(Refusal::AnswersClosed(sheet.event.phase(now)).into());
        }
        (
            TapOutcome::NotHeld(sheet)
            | TapOutcome::Same(_, sheet)
            | TapOutcome::WouldLosePlace(_, _, sheet),
            line,
        ) => own::not_held(Words::of_event(&sheet.event), &sheet.event, line, now),
    }))
}
