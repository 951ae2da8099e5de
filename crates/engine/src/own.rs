//! What members say beside their own answers: a note, guests, that they come late or go early.

use jiff::Timestamp;
use muster_domain::duration::parse_duration;
use muster_domain::event::Span;
use muster_domain::id::{EventId, GuildId, InteractionId, UserId};
use muster_domain::rights::Actor;
use muster_domain::roster::Guests;
use muster_domain::sheet::Sheet;
use muster_domain::signup_details::DetailsChange;
use muster_domain::text::{Note, quoted};
use muster_domain::when::{self, DateOrder, Understood};
use muster_domain::zone::Zone;
use muster_store::model::{Ask, DescribeRequest, Described, Posted, RosterLine};
use muster_store::port::Events;

use crate::answer::{TapOutcome, TapRequest};
use crate::app::{App, World};
use crate::reading::optional;
use crate::refusal::{Field, Number, Refusal, Stop};

/// A member's own answer, with the event that it is about.
#[derive(Clone, Debug)]
pub struct OwnAnswer {
    /// The event and its post.
    pub posted: Posted,
    /// The answer, with what was said beside it.
    pub line: RosterLine,
}

/// Words for when somebody comes and goes.
#[derive(Clone, Copy, Debug)]
pub struct TimeWords<'a> {
    /// When they come, if late; empty for in time.
    pub arrives: &'a str,
    /// When they go, if early; empty for at the end.
    pub leaves: &'a str,
    /// The guild's language, as Discord calls it.
    pub locale: &'a str,
}

impl<W: World> App<W> {
    /// The actor's own answer to an event.
    pub async fn own_answer(&self, actor: &Actor, event: EventId) -> Result<OwnAnswer, Stop> {
        let posted = self.event(actor, event).await?;
        let line = self.store().signup_of(actor.guild, event, actor.user).await?;
        Ok(OwnAnswer { posted, line: line.ok_or(Refusal::NoAnswerYet)? })
    }

    /// The actor's own answer to an event, if there is one. Where its sheet names everybody who has
    /// answered, and not the actor, the store is not asked.
    pub async fn own_line(&self, actor: &Actor, sheet: &Sheet) -> Result<Option<RosterLine>, Stop> {
        let lists = [&sheet.offered, &sheet.waitlist, &sheet.passed];
        let all = || sheet.columns.iter().map(|(_, names)| names).chain(lists);
        let is_named = all().any(|names| names.first.iter().any(|one| one.member == actor.user));
        if !is_named && all().all(|names| names.total == names.first.len()) {
            return Ok(None);
        }
        Ok(self.store().signup_of(actor.guild, sheet.event.id, actor.user).await?)
    }

    /// Keeps the actor's note, or forgets it.
    pub async fn note(
        &self,
        actor: &Actor,
        event: EventId,
        words: &str,
        interaction: InteractionId,
    ) -> Result<OwnAnswer, Stop> {
        let note = optional(Note::parse(words)).map_err(|e| Refusal::Text(Field::Note, e))?;
        self.describe(actor, event, DetailsChange::Note(note), interaction).await
    }

    /// Keeps when the actor comes and goes.
    pub async fn come_and_go(
        &self,
        actor: &Actor,
        event: EventId,
        words: TimeWords<'_>,
        interaction: InteractionId,
    ) -> Result<OwnAnswer, Stop> {
        let posted = self.event(actor, event).await?;
        let event = &posted.sheet.event;
        let zone = self.zone_for_editing(actor, event).await?;
        let span = event.details.span;
        let after_start = |ahead| span.start().checked_add(ahead);
        let before_end = |ahead| span.end().checked_sub(ahead);
        let arrives = read_time(words.arrives, words.locale, span, &zone, after_start);
        let leaves = read_time(words.leaves, words.locale, span, &zone, before_end);
        let arrives = arrives.map_err(Number::Arrives.refused())?;
        let leaves = leaves.map_err(Number::Leaves.refused())?;
        let change = DetailsChange::times(span, arrives, leaves)
            .map_err(|error| Refusal::Times(error, span))?;
        self.describe(actor, event.id, change, interaction).await
    }

    /// Has the actor bring so many guests; once answers have closed, until the start, only fewer.
    pub async fn bring(
        &self,
        actor: &Actor,
        event: EventId,
        guests: Guests,
        interaction: InteractionId,
    ) -> Result<OwnAnswer, Stop> {
        let request = TapRequest { event, ask: Ask::Guests(guests), interaction, post: None };
        let outcome = self.tap(actor, request).await?;
        self.wake_reconciler();
        if let TapOutcome::Closed(sheet) = outcome {
            return Err(Refusal::AnswersClosed(sheet.event.phase(self.now())).into());
        }
        self.own_answer(actor, event).await
    }

    /// Whether the actor is told about the event by direct message, too.
    pub async fn tell_directly(
        &self,
        actor: &Actor,
        event: EventId,
        direct: bool,
        interaction: InteractionId,
    ) -> Result<OwnAnswer, Stop> {
        self.describe(actor, event, DetailsChange::Direct(direct), interaction).await
    }

    /// The member gets no more direct messages about an event, said outside of its guild. Who has
    /// no answer to it gets none anyway.
    pub async fn no_direct(
        &self,
        guild: GuildId,
        member: UserId,
        event: EventId,
        interaction: InteractionId,
    ) -> Result<(), Stop> {
        let (change, at) = (DetailsChange::Direct(false), self.now());
        let request = DescribeRequest { guild, event, member, by: member, change, interaction, at };
        self.store().describe(request).await?;
        Ok(())
    }

    async fn describe(
        &self,
        actor: &Actor,
        event: EventId,
        change: DetailsChange,
        interaction: InteractionId,
    ) -> Result<OwnAnswer, Stop> {
        let (guild, member, at) = (actor.guild, actor.user, self.now());
        let request = DescribeRequest { guild, event, member, by: member, change, interaction, at };
        match self.store().describe(request).await? {
            Described::NoSuchEvent => return Err(Refusal::NoSuchEvent.into()),
            Described::Closed(phase, _) => return Err(Refusal::AnswersClosed(phase).into()),
            Described::NoAnswerYet(_) => return Err(Refusal::NoAnswerYet.into()),
            Described::Moved(_) => return Err(Refusal::ChangedMeanwhile.into()),
            Described::Repeated(_) | Described::Kept(_) => self.wake_reconciler(),
        }
        self.own_answer(actor, event).await
    }
}

/// A time while the event goes on: a length from one of its ends, or a time of the day, which is
/// the first one after the start.
fn read_time(
    words: &str,
    locale: &str,
    span: Span,
    zone: &Zone,
    from_end: impl Fn(jiff::SignedDuration) -> Result<Timestamp, jiff::Error>,
) -> Result<Option<Timestamp>, Refusal> {
    const BESIDE: [&str; 6] =
        ["late", "later", "early", "earlier", "after the start", "before the end"];
    let words = words.trim();
    if words.is_empty() {
        return Ok(None);
    }
    let not_understood = || Refusal::NoTimeInEvent(quoted(words), span);
    let lower = words.to_lowercase();
    let beside = BESIDE.into_iter().find_map(|end| lower.strip_suffix(end));
    // "1:30 late" is a length, and "20:30" a time of the day.
    let length = beside.or_else(|| (!lower.contains(':')).then_some(&*lower));
    if let Some(Ok(length)) = length.map(parse_duration) {
        return from_end(length).map(Some).map_err(|_| not_understood());
    }
    let date_order = DateOrder::for_locale(locale);
    let context = when::Context { now: span.start(), zone: zone.rules(), date_order };
    let moments = match when::understand(words, &context) {
        Ok(Understood::One(moment)) => vec![moment],
        Ok(Understood::Several(moments)) => moments,
        Err(_) => return Err(not_understood()),
    };
    let within = |at: &Timestamp| *at > span.start() && *at < span.end();
    let mut within = moments.into_iter().map(|moment| moment.start).filter(within);
    // Of "8" in the morning and in the evening, at most one is while the event goes on.
    match (within.next(), within.next()) {
        (Some(at), None) => Ok(Some(at)),
        _ => Err(not_understood()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(words: &str) -> Timestamp {
        words.parse().unwrap()
    }

    /// From 20:00 to 23:00 in Berlin.
    fn span() -> Span {
        Span::new(at("2026-11-27T19:00:00Z"), at("2026-11-27T22:00:00Z")).unwrap()
    }

    fn arrives(words: &str) -> Option<Timestamp> {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let after_start = |length| span().start().checked_add(length);
        read_time(words, "de", span(), &berlin, after_start).unwrap()
    }

    #[test]
    fn late_is_a_length_or_a_time_of_the_day() {
        for words in ["20:30", "30m", "30 min late", "half an hour later", "8:30 pm"] {
            assert_eq!(arrives(words), Some(at("2026-11-27T19:30:00Z")), "{words}");
        }
        assert_eq!(arrives("  "), None);
    }

    #[test]
    fn a_bare_hour_is_the_one_while_the_event_goes_on() {
        assert_eq!(arrives("9"), Some(at("2026-11-27T20:00:00Z")));
    }

    #[test]
    fn what_is_not_while_the_event_goes_on_is_refused() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        for words in ["19:00", "23:30", "soon", "tomorrow", "5"] {
            let before_end = |length| span().end().checked_sub(length);
            let refused = read_time(words, "de", span(), &berlin, before_end);
            assert_eq!(refused, Err(Refusal::NoTimeInEvent(words.to_owned(), span())), "{words}");
        }
    }
}
