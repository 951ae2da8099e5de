//! Looking things up: lists of events, a day's rosters, a member's own answers.

use jiff::Timestamp;
use muster_domain::id::{EventId, UserId};
use muster_domain::rights::Actor;
use muster_domain::roster::Signup;
use muster_domain::text::quoted;
use muster_store::model::{Attendance, Listing, Page, Posted, Window};
use muster_store::port::Events;

use crate::app::{App, World};
use crate::guilds::day_of;
use crate::limits::{ATTENDANCE_PAST, DAY_EVENTS_MAX, LIST_ROWS};
use crate::refusal::{Refusal, Stop};

/// Which events somebody is offered to pick from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Those that are coming up.
    Upcoming,
    /// Any, nearest to now first.
    Any,
}

impl<W: World> App<W> {
    /// A page of the events that are coming up, counted from 0.
    pub async fn upcoming(&self, actor: &Actor, page: usize) -> Result<Page<Posted>, Stop> {
        let listing = Listing::Upcoming(self.now());
        Ok(self.store().list(actor.guild, listing, "", Window::page(page, LIST_ROWS)).await?)
    }

    /// Events whose title contains what was typed, at most `limit`.
    pub async fn suggest(
        &self,
        actor: &Actor,
        choice: Choice,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<Posted>, Stop> {
        let listing = match choice {
            Choice::Upcoming => Listing::Upcoming(self.now()),
            Choice::Any => Listing::Nearest(self.now()),
        };
        Ok(self.store().list(actor.guild, listing, typed, Window::first(limit)).await?.rows)
    }

    /// The event that somebody named: by its number, as autocomplete fills it in, or by words that
    /// are the title of just one event or, failing that and unless they are a number, stand in the
    /// title of just one.
    pub async fn named(&self, actor: &Actor, words: &str) -> Result<EventId, Stop> {
        let words = words.trim();
        // Numbers of ours have 63 bits.
        let number = words.parse::<u64>().ok().filter(|number| i64::try_from(*number).is_ok());
        if let Some(event) = number.map(EventId::new)
            && self.store().event(actor.guild, event).await?.is_some()
        {
            return Ok(event);
        }
        let unknown = || Refusal::NoEventLike(quoted(words));
        if words.is_empty() {
            return Err(unknown().into());
        }
        let found = self.suggest(actor, Choice::Any, words, 2).await?;
        let folded = words.to_lowercase();
        let is_exact =
            |line: &Posted| line.sheet.event.details.title.as_str().to_lowercase() == folded;
        // What has a number of our kind may be gone, or of elsewhere: no other event is meant that
        // has it somewhere in its title.
        if number.is_some() && !found.iter().any(is_exact) {
            return Err(Refusal::NoSuchEvent.into());
        }
        match found.as_slice() {
            [only] => Ok(only.sheet.event.id),
            // The store lists exact titles first.
            [first, second] if is_exact(first) && !is_exact(second) => Ok(first.sheet.event.id),
            _ => Err(unknown().into()),
        }
    }

    /// The events of a day of the guild, `days` after today (−1 is yesterday).
    pub async fn day(&self, actor: &Actor, days: i32) -> Result<Vec<Posted>, Stop> {
        let settings = self.settings(actor.guild).await?;
        let zone = self.zone_of_guild(&settings);
        let Some((from, to)) = day_of(self.now(), &zone, days) else {
            return Ok(Vec::new());
        };
        Ok(self.store().between(actor.guild, from, to, DAY_EVENTS_MAX).await?)
    }

    /// A page of what a member has answered to events that are not over.
    pub async fn mine(&self, actor: &Actor, page: usize) -> Result<Page<(Posted, Signup)>, Stop> {
        let store = self.store();
        let window = Window::page(page, LIST_ROWS);
        Ok(store.answers_of(actor.guild, actor.user, self.now(), window).await?)
    }

    /// What a member has answered within [`ATTENDANCE_PAST`] and to what is coming up, with a page
    /// of the answers; for organisers and for the member.
    pub async fn attendance(
        &self,
        actor: &Actor,
        member: UserId,
        page: usize,
    ) -> Result<Attendance, Stop> {
        may_see(actor, member, self.is_organiser(actor).await?)?;
        let now = self.now();
        let since = now.saturating_sub(ATTENDANCE_PAST).unwrap_or(Timestamp::MIN);
        let window = Window::page(page, LIST_ROWS);
        Ok(self.store().attendance(actor.guild, member, since..now, window).await?)
    }
}

/// Whose answers somebody may see: their own, and as an organiser everybody's.
fn may_see(actor: &Actor, member: UserId, organiser: bool) -> Result<(), Refusal> {
    if organiser || actor.user == member { Ok(()) } else { Err(Refusal::NotOrganiser) }
}
