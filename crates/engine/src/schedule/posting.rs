//! Posts a day's events at once. What is posted already is brought up to date, or moved.

use jiff::Span;
use jiff::civil::{Date, Time, Weekday};
use muster_domain::event::Phase;
use muster_domain::id::{ChannelId, EventId, InteractionId};
use muster_domain::recurrence::Occurrence;
use muster_domain::rights::Actor;
use muster_domain::series::Series;
use muster_store::model::{PostWhen, Posted};
use muster_store::port::{Deliveries as _, Events as _, Schedules as _};

use super::WEEK;
use crate::app::{App, World};
use crate::create::{KnownChannel, can_post};
use crate::moving::Repost;
use crate::refusal::{PlanRefusal, Refusal, Stop};

/// A day of the schedule that is to be posted.
#[derive(Clone, Copy, Debug)]
pub struct PostDay<'a> {
    /// Which day; today's if it is `None`.
    pub day: Option<Weekday>,
    /// Where its events are to be; where each is or belongs if it is `None`.
    pub channel: Option<ChannelId>,
    /// The interaction that asks for it. No event is posted again twice with the same.
    pub interaction: InteractionId,
    /// The channels of which Discord told something.
    pub channels: &'a [KnownChannel],
}

/// What became of posting a day's events at once.
#[derive(Clone, Debug)]
pub struct PostedDay {
    /// The day.
    pub day: Date,
    /// Events that are being posted.
    pub new: Vec<Posted>,
    /// Events that were posted already, with what is done about their posts.
    pub known: Vec<(Posted, PostedAgain)>,
}

/// What is done about the post of an event that was posted already. All answers stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostedAgain {
    /// It is edited to show the newest state.
    Refreshed,
    /// It is posted again in this channel, and goes where it is.
    Moved(ChannelId),
    /// It was deleted, and is posted again in this channel.
    Restored(ChannelId),
    /// Nothing: the event is over, or cancelled.
    Kept,
}

impl<W: World> App<W> {
    /// Posts what a day of the schedule has, today's or the next one's; for organisers.
    pub async fn post_day(&self, actor: &Actor, wanted: PostDay<'_>) -> Result<PostedDay, Stop> {
        let week = self.week(actor).await?;
        if let Some(channel) = wanted.channel {
            can_post(channel, wanted.channels)?;
        }
        let day = wanted.day.unwrap_or_else(|| week.today.weekday());
        let mut date = week.today;
        while date.weekday() != day {
            date = date.checked_add(Span::new().days(1)).map_err(|_| PlanRefusal::NoOccurrence)?;
        }
        let mut posted = PostedDay { day: date, new: Vec::new(), known: Vec::new() };
        for series in week.of(day) {
            self.post_of_day(actor, series, wanted, &mut posted).await?;
        }
        if posted.new.is_empty() && posted.known.is_empty() {
            return Err(PlanRefusal::NothingPlanned(day).into());
        }
        Ok(posted)
    }

    async fn post_of_day(
        &self,
        actor: &Actor,
        series: &Series,
        wanted: PostDay<'_>,
        posted: &mut PostedDay,
    ) -> Result<(), Stop> {
        let found = match (self.event_of_day(series, posted.day).await?, wanted.channel) {
            (Some(found), _) if found.post.message.is_some() => Some(found),
            // It waits for its time, to be posted elsewhere.
            (Some(mut found), Some(channel)) if found.sheet.event.channel != channel => {
                self.move_within(actor, found.sheet.event.id, wanted, channel).await?;
                found.sheet.event.channel = channel;
                Some(found)
            }
            (Some(_) | None, _) => self.post_new(actor, series, wanted, posted.day).await?,
        };
        match found {
            Some(found) if found.post.message.is_some() => {
                let done = self.post_known(actor, &found, wanted).await?;
                posted.known.push((found, done));
            }
            made => posted.new.extend(made),
        }
        Ok(())
    }

    /// The event that a series has for this day, whenever it begins by now; where the day is left
    /// out, one that was moved there.
    async fn event_of_day(&self, series: &Series, day: Date) -> Result<Option<Posted>, Stop> {
        let (guild, now) = (series.guild, self.now());
        let made = self.store().occurrences_made(guild, series.id, now, WEEK.len()).await?;
        if let Some((_, event)) = made.into_iter().find(|(wall, _)| wall.date() == day) {
            return Ok(self.store().event(guild, event).await?);
        }
        if occurrence_on(series, day).is_some() {
            return Ok(None);
        }
        let rules = series.plan.zone.rules();
        let begins =
            |event: &Posted| rules.to_datetime(event.sheet.event.details.span.start()).date();
        let known = self.store().events_of_series(guild, series.id, now, WEEK.len()).await?;
        Ok(known.into_iter().find(|event| begins(event) == day))
    }

    /// Posts a series' event of this day, unless it is posted already; `None` if there is none, as
    /// the day is over or left out.
    async fn post_new(
        &self,
        actor: &Actor,
        series: &Series,
        wanted: PostDay<'_>,
        day: Date,
    ) -> Result<Option<Posted>, Stop> {
        let Some(next) = occurrence_on(series, day) else { return Ok(None) };
        let post = (PostWhen::Now, wanted.channel);
        match self.make_ahead(actor, series.id, next.wall, post).await {
            Ok(made) => Ok(Some(made)),
            Err(Stop::Refused(Refusal::Planning(PlanRefusal::Step(_)))) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Sees to the post of an event that has one.
    async fn post_known(
        &self,
        actor: &Actor,
        found: &Posted,
        wanted: PostDay<'_>,
    ) -> Result<PostedAgain, Stop> {
        let event = &found.sheet.event;
        match event.phase(self.now()) {
            Phase::Open | Phase::Closed | Phase::Running => {}
            Phase::Over | Phase::Cancelled | Phase::Deleted => return Ok(PostedAgain::Kept),
        }
        let channel = wanted.channel.unwrap_or(event.channel);
        if found.post.gone_at.is_some() {
            self.move_within(actor, event.id, wanted, channel).await?;
            return Ok(PostedAgain::Restored(channel));
        }
        if channel != event.channel {
            self.move_within(actor, event.id, wanted, channel).await?;
            return Ok(PostedAgain::Moved(channel));
        }
        self.store().refresh_post(actor.guild, event.id, self.now()).await?;
        self.wake_reconciler();
        Ok(PostedAgain::Refreshed)
    }

    async fn move_within(
        &self,
        actor: &Actor,
        event: EventId,
        wanted: PostDay<'_>,
        channel: ChannelId,
    ) -> Result<(), Stop> {
        let PostDay { interaction, channels, .. } = wanted;
        let repost = Repost { channel: Some(channel), takes_back: None, channels, interaction };
        self.repost(actor, event, repost).await.map(|_| ())
    }
}

/// The occurrence of a series on this day.
fn occurrence_on(series: &Series, day: Date) -> Option<Occurrence> {
    let before = day.to_datetime(Time::midnight()).checked_sub(Span::new().seconds(1)).ok();
    series.plan.after(before).filter(|next| next.wall.date() == day)
}
