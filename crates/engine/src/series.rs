//! Series as organisers create, see and change them.

mod like;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time, Weekday};
use muster_domain::change::ChangeRefusal;
use muster_domain::event::EventDetails;
use muster_domain::id::{ChannelId, EventId, InteractionId, SeriesId};
use muster_domain::option_edit::OptionEdit;
use muster_domain::recurrence::{self, Occurrence, Recurrence};
use muster_domain::rights::Actor;
use muster_domain::series::{Posting, Series, SeriesPlan, SeriesStep};
use muster_domain::settings::GuildSettings;
use muster_domain::template::Template;
use muster_domain::when::DateOrder;
use muster_domain::zone::Zone;
use muster_store::model::{
    MakeRequest, NewSeries, OccurrenceMade, PostWhen, Posted, SeenSeries, SeriesChanged,
    SeriesCreated, SeriesRequest, SeriesUndo, SeriesUndone,
};
use muster_store::port::Schedules as _;

use crate::app::{App, World};
use crate::create::{MadeOf, Submission};
use crate::reading::{FormContext, UsualTime};
use crate::refusal::{PlanRefusal, Refusal, Stop};

/// A series before and after a change.
#[derive(Clone, Debug)]
pub struct SeriesDone {
    /// What it was.
    pub before: Box<Series>,
    /// What it is.
    pub now: Box<Series>,
}

/// A series as an organiser looks at it.
#[derive(Clone, Debug)]
pub struct SeriesView {
    /// The series.
    pub series: Series,
    /// What its guild has chosen: its posting time among it.
    pub settings: GuildSettings,
    /// Its events that are neither over nor deleted, soonest first.
    pub events: Vec<Posted>,
    /// Occurrences that have such an event, in order.
    pub made: Vec<(DateTime, EventId)>,
}

impl SeriesView {
    /// The event that was made of an occurrence already: also at another time of its day, if the
    /// series has been moved from there since.
    #[must_use]
    pub fn made_at(&self, wall: DateTime) -> Option<EventId> {
        let is_its = |made: DateTime| {
            made == wall || (made.date() == wall.date() && !self.series.plan.has(made))
        };
        self.made.iter().find(|(made, _)| is_its(*made)).map(|(_, event)| *event)
    }

    /// When the next date that is not made yet is posted by itself.
    #[must_use]
    pub fn next_post(&self) -> Option<Timestamp> {
        let usual = self.settings.posts_at();
        self.series.next().map(|next| self.series.post_at(next, usual))
    }

    /// The first date, if it waits at this instant for its answers to be put together.
    #[must_use]
    pub fn held_date(&self, now: Timestamp) -> Option<DateTime> {
        let held = self.series.held_until.filter(|until| *until > now);
        let next = self.series.next().filter(|_| held.is_some())?;
        self.made_at(next.wall).is_none().then_some(next.wall)
    }
}

/// Events of a series that its panel shows.
const EVENTS_SHOWN: usize = 5;

/// Occurrences of a series that are looked for among those made: more dates are never shown.
const MADE_MAX: usize = 50;

/// Reads how something repeats, from the day of its first start on. Where the words can be read in
/// several ways, those are returned.
pub(crate) fn read_repeat(
    words: &str,
    context: &recurrence::Context<'_>,
) -> Result<Result<Recurrence, Vec<Recurrence>>, Refusal> {
    match recurrence::parse_recurrence(words, context).map_err(PlanRefusal::Repeat)? {
        recurrence::Understood::One(rule) => Ok(Ok(rule)),
        recurrence::Understood::Several(rules) => Ok(Err(rules)),
    }
}

impl<W: World> App<W> {
    /// Creates a series from a form for an event that says how it repeats. Its first event is made
    /// when it is to be posted.
    pub(crate) async fn create_series(
        &self,
        submission: &Submission<'_>,
        plan: SeriesPlan,
        day: Option<Weekday>,
        held_until: Option<Timestamp>,
    ) -> Result<Series, Stop> {
        let (guild, host) = (submission.actor.guild, submission.actor.user);
        let interaction = submission.interaction;
        let plan = plan.checked().map_err(PlanRefusal::Plan)?;
        if plan.beginning_after(self.now()).is_none() {
            return Err(PlanRefusal::NoOccurrence.into());
        }
        let new = NewSeries { guild, host, day, plan, held_until, interaction };
        match self.store().create_series(new, self.now()).await? {
            SeriesCreated::TooMany => Err(PlanRefusal::TooManySeries(day).into()),
            SeriesCreated::Made(series) => {
                self.wake_scheduler();
                Ok(*series)
            }
        }
    }

    /// A series of the actor's guild; for organisers.
    pub async fn series(&self, actor: &Actor, series: SeriesId) -> Result<SeriesView, Stop> {
        let settings = self.organiser_settings(actor).await?;
        let found = self.store().series(actor.guild, series).await?;
        let series = found.ok_or(PlanRefusal::NoSuchSeries)?;
        self.series_view(settings, series).await
    }

    pub(crate) async fn series_view(
        &self,
        settings: GuildSettings,
        series: Series,
    ) -> Result<SeriesView, Stop> {
        let (guild, id) = (series.guild, series.id);
        let events = self.store().events_of_series(guild, id, self.now(), EVENTS_SHOWN).await?;
        let made = self.store().occurrences_made(guild, id, self.now(), MADE_MAX).await?;
        Ok(SeriesView { series, settings, events, made })
    }

    /// The series that an event is of; for organisers.
    pub async fn series_of(&self, actor: &Actor, event: EventId) -> Result<SeriesView, Stop> {
        let settings = self.organiser_settings(actor).await?;
        let found = self.store().series_of(actor.guild, event).await?;
        self.series_view(settings, found.ok_or(PlanRefusal::NoSuchSeries)?).await
    }

    /// Changes a series, once per interaction; for organisers. Nothing is changed on top of another
    /// version than the one that was seen, if one is named.
    pub async fn change_series(
        &self,
        actor: &Actor,
        seen: SeenSeries,
        step: SeriesStep,
        interaction: InteractionId,
    ) -> Result<SeriesDone, Stop> {
        self.organiser_settings(actor).await?;
        let (guild, by, at) = (actor.guild, actor.user, self.now());
        let SeenSeries { series, version } = seen;
        let request = SeriesRequest { guild, series, by, step, seen: version, interaction, at };
        match self.store().change_series(request).await? {
            SeriesChanged::NoSuchSeries => Err(PlanRefusal::NoSuchSeries.into()),
            SeriesChanged::Refused(refusal) => Err(PlanRefusal::Step(refusal).into()),
            SeriesChanged::Outdated(_) => Err(PlanRefusal::ChangedMeanwhile.into()),
            SeriesChanged::Made { before, now } => {
                self.wake_scheduler();
                Ok(SeriesDone { before, now })
            }
        }
    }

    /// Takes back a change that the actor made to a series; for organisers. The first version's is
    /// its creation: its events are taken back, too.
    pub async fn undo_series(
        &self,
        actor: &Actor,
        series: SeriesId,
        version: u64,
        interaction: InteractionId,
    ) -> Result<Series, Stop> {
        self.organiser_settings(actor).await?;
        let (guild, by, at) = (actor.guild, actor.user, self.now());
        let undo = SeriesUndo { guild, series, version, by, interaction, at };
        match self.store().undo_series(undo).await? {
            SeriesUndone::NoSuchSeries => Err(PlanRefusal::NoSuchSeries.into()),
            SeriesUndone::ChangedSince(by) => Err(PlanRefusal::ChangedSince(by).into()),
            SeriesUndone::TooLate => Err(Refusal::TooLateToUndo.into()),
            SeriesUndone::Made(now) => {
                self.wake_all();
                Ok(*now)
            }
        }
    }

    /// Has a series be posted by these words; for organisers.
    pub async fn set_posting(
        &self,
        actor: &Actor,
        seen: SeenSeries,
        words: &str,
        interaction: InteractionId,
    ) -> Result<SeriesDone, Stop> {
        let posting = Posting::parse(words).map_err(PlanRefusal::Posting)?;
        let step = SeriesStep::Posting(posting);
        self.change_series(actor, seen, step, interaction).await
    }

    /// Changes the answers that events of a series offer by one step, for all that are still to be
    /// made; for organisers. On top of another version than `seen`, if one is named, nothing is
    /// changed.
    pub async fn edit_series_options(
        &self,
        actor: &Actor,
        seen: SeenSeries,
        edit: OptionEdit,
        interaction: InteractionId,
    ) -> Result<(), Stop> {
        if let OptionEdit::Grant(_, Some(role)) = edit {
            self.check_grant(actor, role).await?;
        }
        let present = self.series(actor, seen.series).await?.series;
        let options = &present.plan.made_of.options;
        // Nobody has picked any of them, so that nothing is kept of those that were removed.
        let wanted = edit.made_on(options).map_err(Refusal::OptionEdit)?.only_offered();
        if wanted == *options {
            return Err(Refusal::Change(ChangeRefusal::Nothing).into());
        }
        let seen = SeenSeries { version: seen.version.or(Some(present.version)), ..seen };
        self.change_series(actor, seen, SeriesStep::Options(wanted), interaction).await?;
        Ok(())
    }

    /// Makes the event of an occurrence ahead of its time, in a channel if not in that of its
    /// series; for organisers.
    pub async fn make_ahead(
        &self,
        actor: &Actor,
        series: SeriesId,
        occurrence: DateTime,
        (post, channel): (PostWhen, Option<ChannelId>),
    ) -> Result<Posted, Stop> {
        self.organiser_settings(actor).await?;
        let (guild, at) = (actor.guild, self.now());
        let request = MakeRequest { guild, series, occurrence, post, channel, at };
        match self.store().make_occurrence(request).await? {
            OccurrenceMade::NoSuchSeries => Err(PlanRefusal::NoSuchSeries.into()),
            OccurrenceMade::NoSuchOccurrence => {
                Err(PlanRefusal::Step(muster_domain::series::SeriesRefusal::NoSuchOccurrence)
                    .into())
            }
            OccurrenceMade::Made(posted) => {
                self.wake_scheduler();
                Ok(*posted)
            }
        }
    }

    /// How an event of a form would repeat, as far as its words are understood: for suggestions
    /// while they are written. `when` is what was written of its first start, maybe nothing yet.
    pub async fn repeats(
        &self,
        actor: &Actor,
        (words, when): (&str, &str),
        locale: &str,
    ) -> Result<Repeats, Stop> {
        let settings = self.settings(actor.guild).await?;
        let Some(zone) = self.zone_for(actor.user, &settings).await? else {
            return Ok(Repeats::default());
        };
        let zone = zone.zone().clone();
        let usual = UsualTime::of(&settings, self.zone_of_guild(&settings));
        let (now, chosen, usual) = (self.now(), None, usual.as_ref());
        let first = FormContext { now, zone: &zone, locale, chosen, usual }.first_wall(when);
        let context = recurrence::Context {
            now,
            zone: zone.rules(),
            date_order: DateOrder::for_locale(locale),
            first: first.map(DateTime::date),
        };
        let rules = match read_repeat(words, &context) {
            Ok(Ok(rule)) => vec![rule],
            Ok(Err(rules)) => rules,
            Err(_) => Vec::new(),
        };
        let is_open = when.trim().is_empty();
        let start = first.or_else(|| is_open.then(|| zone.rules().to_datetime(now)));
        let next = |rule: &Recurrence| match start {
            Some(start) => rule.occurrences(start, zone.rules()).take(DATES_SUGGESTED).collect(),
            None => Vec::new(),
        };
        let dates = rules.iter().map(next).collect();
        Ok(Repeats { rules, dates, zone: Some(zone) })
    }
}

/// Dates that a suggestion names.
const DATES_SUGGESTED: usize = 3;

/// How words for a series are understood.
#[derive(Clone, Debug, Default)]
pub struct Repeats {
    /// The readings.
    pub rules: Vec<Recurrence>,
    /// The first dates of each; none while the first start is not clear.
    pub dates: Vec<Vec<Occurrence>>,
    /// The zone in which they were read; `None` if nobody has chosen one.
    pub zone: Option<Zone>,
}

/// The plan of a series whose first event would be this one, when the clock on the wall shows that.
pub(crate) fn plan_of(
    start: DateTime,
    details: EventDetails,
    made_of: MadeOf,
    place: Place,
    recurrence: Recurrence,
) -> SeriesPlan {
    let EventDetails { title, span, zone, description, location, capacity } = details;
    // Whole minutes, as people give them.
    let time = Time::new(start.hour(), start.minute(), 0, 0).unwrap_or_else(|_| start.time());
    SeriesPlan {
        title,
        made_of: Template {
            duration: span.duration(),
            description,
            location,
            capacity,
            options: made_of.options,
            rules: made_of.rules,
            image: made_of.image,
            mention: place.mention,
            reminders: made_of.reminders,
        },
        fields: muster_domain::series::ExtraFields::default(),
        channel: place.channel,
        zone,
        start: start.date().to_datetime(time),
        recurrence,
        posting: Posting::default(),
    }
}

/// Where events are posted, and who is mentioned there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) channel: ChannelId,
    pub(crate) mention: Option<muster_domain::id::RoleId>,
}
