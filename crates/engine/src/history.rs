//! The history of an event, for its organisers: who did what, when, and in which way.

use std::collections::HashMap;

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{EventId, MessageId, UserId};
use muster_domain::rights::Actor;
use muster_store::model::{
    EventStep, Happened, HistoryLine, Page, Posted, Presence, RosterLine, RosterPart, SeenEvent,
    SignupWay, Window,
};
use muster_store::port::{Events, Presences as _};

use crate::app::{App, World};
use crate::limits::{EXPORTED_HISTORY_MAX, EXPORTED_SIGNUPS_MAX, LIST_ROWS};
use crate::refusal::{Refusal, Stop};

/// A page of an event's history.
#[derive(Clone, Debug)]
pub struct Log {
    /// The event as it is now.
    pub event: Event,
    /// The lines, newest first.
    pub page: Page<LogLine>,
}

/// A line of the history.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// What happened.
    pub line: HistoryLine,
    /// The event before and after, if something was changed about it.
    pub change: Option<Box<(Event, Event)>>,
}

/// All that is known about an event.
#[derive(Clone, Debug)]
pub struct Export {
    /// The event with its counts.
    pub posted: Posted,
    /// Its roster, option by option, then those without a place; at most
    /// [`EXPORTED_SIGNUPS_MAX`].
    pub signups: Page<RosterLine>,
    /// Its history, newest first; at most [`EXPORTED_HISTORY_MAX`].
    pub history: Page<HistoryLine>,
    /// Who was there, of those of whom it is known.
    pub presences: HashMap<UserId, Presence>,
}

impl Export {
    /// Since when each member answers as they do, as far as the history reaches back.
    #[must_use]
    pub fn answered_at(&self) -> HashMap<UserId, Timestamp> {
        let mut answered = HashMap::new();
        for line in &self.history.rows {
            let Happened::Signup { member, way, before, now: Some(now) } = line.what else {
                continue;
            };
            let is_the_same = before.is_some_and(|before| before.option == now.option);
            if way != SignupWay::Erased && !is_the_same {
                answered.entry(member).or_insert(line.at);
            }
        }
        answered
    }
}

impl<W: World> App<W> {
    /// The event of which a message is the post; a post has no buttons any more when its event is
    /// over or cancelled.
    pub async fn event_of_post(
        &self,
        actor: &Actor,
        message: MessageId,
    ) -> Result<Option<EventId>, Stop> {
        Ok(self.store().event_of_post(actor.guild, message).await?)
    }

    /// A page of an event's history, counted from 0; for organisers.
    pub async fn log(&self, actor: &Actor, event: EventId, page: usize) -> Result<Log, Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        let window = Window::page(page, LIST_ROWS);
        let found = self.store().history(actor.guild, event, window).await?;
        let Page { rows, total } = found.ok_or(Refusal::NoSuchEvent)?;
        let mut lines = Vec::with_capacity(rows.len());
        for line in rows {
            let change = self.change_of(&posted.sheet.event, &line).await?;
            lines.push(LogLine { line, change });
        }
        Ok(Log { event: posted.sheet.event, page: Page { rows: lines, total } })
    }

    /// The event before and after a line of its history.
    async fn change_of(
        &self,
        event: &Event,
        line: &HistoryLine,
    ) -> Result<Option<Box<(Event, Event)>>, Stop> {
        let (Happened::Event(step) | Happened::Undone(step)) = line.what else {
            return Ok(None);
        };
        let (EventStep::Edited | EventStep::Rules | EventStep::Options | EventStep::Image) = step
        else {
            return Ok(None);
        };
        let as_of = |version| SeenEvent { event: event.id, version };
        let before = as_of(line.version.saturating_sub(1));
        let before = self.store().event_as_of(event.guild, before).await?;
        let after = self.store().event_as_of(event.guild, as_of(line.version)).await?;
        Ok(before.zip(after).map(Box::new))
    }

    /// All that is known about an event; for organisers.
    pub async fn export(&self, actor: &Actor, event: EventId) -> Result<Export, Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        let (store, guild) = (self.store(), actor.guild);
        let window = Window::first(EXPORTED_SIGNUPS_MAX);
        let signups = store.roster_page(guild, event, RosterPart::Everyone, window).await?;
        let newest = Window::first(EXPORTED_HISTORY_MAX);
        let history = store.history(guild, event, newest).await?;
        let presences = store.presences(guild, event, window).await?;
        let (signups, history) = signups.zip(history).ok_or(Refusal::NoSuchEvent)?;
        let rows = presences.map(|list| list.rows).unwrap_or_default();
        let presences = rows.into_iter().filter_map(|(member, state)| Some((member, state?)));
        Ok(Export { posted, signups, history, presences: presences.collect() })
    }
}
