//! The weekly schedule: what a guild plans for each day of the week, once and for all weeks.

mod posting;

use jiff::civil::{Date, DateTime, Weekday};
use muster_domain::duration::parse_duration;
use muster_domain::event::EventDetails;
use muster_domain::id::{ChannelId, InteractionId, SeriesId};
use muster_domain::limits::{DURATION_DEFAULT, SKIP_DAYS_MAX};
use muster_domain::recurrence::{self, Frequency, NthWeekday, Recurrence, Rule};
use muster_domain::rights::Actor;
use muster_domain::series::{ExtraFields, Series, SeriesPlan, SeriesStep};
use muster_domain::settings::GuildSettings;
use muster_domain::text::{Description, Title, quoted};
use muster_domain::when::{self, DateOrder, Understood, parse_times_of_day};
use muster_domain::zone::Zone;
use muster_store::model::{
    Cause, Draft, EventForm, ScheduleSkip, SeenSeries, SetupState, SkipKept,
};
use muster_store::port::{Drafts as _, Schedules as _};

use crate::app::{App, World};
use crate::create::{MadeOf, Submission, place_for_post};
use crate::reading::optional;
use crate::refusal::{Field, Number, PlanRefusal, Refusal, Stop};
use crate::series::{Place, SeriesDone, plan_of, read_repeat};

pub use self::posting::{PostDay, PostedAgain, PostedDay};

/// The days of the week, in the order of the schedule.
pub const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// What a guild has planned.
#[derive(Clone, Debug)]
pub struct Week {
    /// What every week has: the schedule's series, by day and time.
    pub days: Vec<Series>,
    /// Series beside the schedule.
    pub others: Vec<Series>,
    /// When the schedule rests, from today on.
    pub skips: Vec<ScheduleSkip>,
    /// Today, where the guild is.
    pub today: Date,
    /// What the guild has chosen.
    pub settings: GuildSettings,
}

impl Week {
    /// What is planned on this day of the week.
    pub fn of(&self, day: Weekday) -> impl Iterator<Item = &Series> {
        self.days.iter().filter(move |series| series.day == Some(day))
    }
}

/// A form for a series, or for a day of the schedule: raw words, not read yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeriesForm {
    /// What its events are called.
    pub title: String,
    /// At which time of day, with or without an end.
    pub time: String,
    /// How long they last; empty for the end that was said, else for the default.
    pub duration: String,
    /// What they are about; may be empty.
    pub description: String,
    /// How it repeats; `None` where the form does not say, as on a day of the schedule.
    pub repeat: Option<String>,
    /// The extra fields; `None` where the form has none.
    pub fields: Option<String>,
    /// The channel that was chosen beside the form, if one was.
    pub channel: Option<ChannelId>,
}

/// What a form for a day says, as the next event would be.
struct FirstOfDay {
    /// What the clock on the wall is to show when it begins.
    wall: DateTime,
    details: EventDetails,
    fields: ExtraFields,
}

impl<W: World> App<W> {
    /// What a guild has planned; for organisers.
    pub async fn week(&self, actor: &Actor) -> Result<Week, Stop> {
        let settings = self.organiser_settings(actor).await?;
        let zone = self.week_zone(actor, &settings).await?;
        let today = zone.rules().to_datetime(self.now()).date();
        let all = self.store().all_series(actor.guild).await?;
        let (days, others) = all.into_iter().partition(|series| series.day.is_some());
        let skips = self.store().skips(actor.guild, today).await?;
        Ok(Week { days, others, skips, today, settings })
    }

    /// The zone of the guild's week: its own, else the operator's or the organiser's.
    async fn week_zone(&self, actor: &Actor, settings: &GuildSettings) -> Result<Zone, Stop> {
        if let Some(zone) = settings.zone.clone().or_else(|| self.config().default_zone.clone()) {
            return Ok(zone);
        }
        let own = self.zone_for(actor.user, settings).await?;
        own.map(|zone| zone.zone().clone()).ok_or_else(|| PlanRefusal::NoZone.into())
    }

    /// Keeps a form for a series that was not taken, to be opened again; for organisers.
    pub async fn keep_series_form(
        &self,
        actor: &Actor,
        id: InteractionId,
        form: &SeriesForm,
    ) -> Result<(), Stop> {
        self.organiser_settings(actor).await?;
        let form = EventForm {
            title: form.title.clone(),
            when: form.time.clone(),
            duration: form.duration.clone(),
            description: form.description.clone(),
            repeat: form.repeat.clone().unwrap_or_default(),
            // A day's extra fields stand where an event has its answers: a series has neither.
            options: form.fields.clone().unwrap_or_default(),
            channel: form.channel,
            ..EventForm::default()
        };
        let draft = Draft { guild: actor.guild, member: actor.user, edits: None, form };
        Ok(self.store().save_draft(id, draft, self.now()).await?)
    }

    /// A form for a series that this organiser filled in before.
    pub async fn kept_series_form(
        &self,
        actor: &Actor,
        id: InteractionId,
    ) -> Result<SeriesForm, Stop> {
        self.organiser_settings(actor).await?;
        let EventForm { title, when, duration, description, repeat, options, channel, .. } =
            self.draft(actor, id).await?.form;
        let (repeat, fields) = (Some(repeat), Some(options));
        Ok(SeriesForm { title, time: when, duration, description, repeat, fields, channel })
    }

    /// Plans one more event on a day of every week; for organisers.
    pub async fn plan_day(
        &self,
        submission: &Submission<'_>,
        day: Weekday,
        form: &SeriesForm,
    ) -> Result<Series, Stop> {
        let settings = self.organiser_settings(submission.actor).await?;
        let zone = self.week_zone(submission.actor, &settings).await?;
        let channel = place_for_post(submission, &settings)?;
        let first = self.first_of_day(&zone, day, form)?;
        let mention = submission.form.mention.or(settings.mention_role);
        let mut made_of = MadeOf::usual();
        made_of.rules.names_hidden |= settings.names_hidden;
        let FirstOfDay { wall, details, fields } = first;
        let place = Place { channel, mention };
        let plan = plan_of(wall, details, made_of, place, every_week(day)?);
        let plan = SeriesPlan { fields, ..plan };
        self.create_series(submission, plan, Some(day), None).await
    }

    /// What a form for a day says.
    fn first_of_day(
        &self,
        zone: &Zone,
        day: Weekday,
        form: &SeriesForm,
    ) -> Result<FirstOfDay, Stop> {
        let read = ReadSeries::of(form)?;
        let now = self.now();
        let mut date = zone.rules().to_datetime(now).date();
        // A day of today whose time has passed begins next week.
        let begins = zone.rules().to_timestamp(date.to_datetime(read.time)).ok();
        if date.weekday() == day && begins.is_some_and(|begins| begins <= now) {
            date = date.tomorrow().unwrap_or(date);
        }
        while date.weekday() != day {
            date = date.tomorrow().map_err(|_| PlanRefusal::NoOccurrence)?;
        }
        let wall = date.to_datetime(read.time);
        let start = zone.rules().to_timestamp(wall);
        let start = start.map_err(|_| PlanRefusal::NoOccurrence)?;
        let lasts = read.lasts.unwrap_or(DURATION_DEFAULT);
        let end = start.checked_add(lasts).map_err(|_| Refusal::Span)?;
        let span = muster_domain::event::Span::new(start, end).map_err(|_| Refusal::Span)?;
        let (title, description, zone) = (read.title, read.description, zone.clone());
        let (location, capacity) = (None, None);
        let details = EventDetails { title, span, zone, description, location, capacity };
        Ok(FirstOfDay { wall, details, fields: read.fields.unwrap_or_default() })
    }

    /// Changes a series by a form that was filled with what it was; for organisers.
    pub async fn edit_series(
        &self,
        submission: &Submission<'_>,
        seen: SeenSeries,
        form: &SeriesForm,
    ) -> Result<SeriesDone, Stop> {
        let series = self.series(submission.actor, seen.series).await?.series;
        let read = ReadSeries::of(form)?;
        let mut plan = series.plan.at_time(read.time);
        plan.title = read.title;
        plan.made_of.description = read.description;
        plan.made_of.duration = read.lasts.unwrap_or(plan.made_of.duration);
        plan.fields = read.fields.unwrap_or(plan.fields);
        if let Some(words) = form.repeat.as_deref() {
            plan.recurrence = self.new_rule(&plan, words, submission.locale)?;
        }
        let plan = plan.checked().map_err(PlanRefusal::Plan)?;
        if plan.beginning_after(self.now()).is_none() {
            return Err(PlanRefusal::NoOccurrence.into());
        }
        let step = SeriesStep::Plan(Box::new(plan));
        let interaction = submission.interaction;
        self.change_series(submission.actor, seen, step, interaction).await
    }

    /// The rule that words give a series; as it is, exceptions included, if they are its own.
    fn new_rule(
        &self,
        plan: &SeriesPlan,
        words: &str,
        locale: &str,
    ) -> Result<Recurrence, Refusal> {
        if words.trim() == plan.recurrence.in_words() {
            return Ok(plan.recurrence.clone());
        }
        let context = recurrence::Context {
            now: self.now(),
            zone: plan.zone.rules(),
            date_order: DateOrder::for_locale(locale),
            first: Some(plan.start.date()),
        };
        Ok(read_repeat(words, &context)?.map_err(PlanRefusal::WhichRepeat)?)
    }

    /// Ends all that is planned on a day of the week; returns what that was. For organisers.
    pub async fn clear_day(
        &self,
        actor: &Actor,
        day: Weekday,
        interaction: InteractionId,
    ) -> Result<Vec<Series>, Stop> {
        let week = self.week(actor).await?;
        let mut ended = Vec::new();
        for series in week.of(day) {
            let step = SeriesStep::End;
            let done = self
                .change_series(actor, SeenSeries::whatever(series.id), step, interaction)
                .await?;
            ended.push(*done.now);
        }
        if ended.is_empty() { Err(PlanRefusal::NothingPlanned(day).into()) } else { Ok(ended) }
    }

    /// Plans again what was ended on a day; for organisers.
    pub async fn resume_series(
        &self,
        actor: &Actor,
        series: SeriesId,
        interaction: InteractionId,
    ) -> Result<SeriesDone, Stop> {
        self.change_series(actor, SeenSeries::whatever(series), SeriesStep::Resume, interaction)
            .await
    }

    /// Has the schedule rest on a day, or from one to another; for organisers.
    pub async fn skip_days(
        &self,
        actor: &Actor,
        (from, to): (&str, &str),
        locale: &str,
    ) -> Result<ScheduleSkip, Stop> {
        let settings = self.organiser_settings(actor).await?;
        let zone = self.week_zone(actor, &settings).await?;
        let first = self.named_day(from, &zone, locale)?;
        let last = if to.trim().is_empty() { first } else { self.named_day(to, &zone, locale)? };
        let days = first.until(last).map_or(i32::MAX, |span| span.get_days());
        if last < first || days > SKIP_DAYS_MAX {
            return Err(PlanRefusal::SkipDays.into());
        }
        let skip = ScheduleSkip { first, last, by: actor.user, at: self.now() };
        match self.store().skip_days(actor.guild, skip).await? {
            SkipKept::TooMany => Err(PlanRefusal::TooManySkips.into()),
            SkipKept::Kept => {
                self.wake_scheduler();
                Ok(skip)
            }
        }
    }

    /// Has the schedule go on where it was to rest; whether it was. For organisers.
    pub async fn unskip_days(&self, actor: &Actor, first: Date, last: Date) -> Result<bool, Stop> {
        self.organiser_settings(actor).await?;
        let cause = Cause { by: actor.user, at: self.now() };
        let was = self.store().unskip_days(actor.guild, first, last, cause).await?;
        self.wake_scheduler();
        Ok(was)
    }

    /// The day that words name: today or later.
    fn named_day(&self, words: &str, zone: &Zone, locale: &str) -> Result<Date, Refusal> {
        let none = || PlanRefusal::NoDay(quoted(words));
        let today = zone.rules().to_datetime(self.now()).date();
        let midnight = zone.rules().to_timestamp(today.to_datetime(jiff::civil::Time::midnight()));
        let context = when::Context {
            now: midnight.map_err(|_| none())?,
            zone: zone.rules(),
            date_order: DateOrder::for_locale(locale),
        };
        // The last minute of a day, so that today counts.
        let last = jiff::civil::Time::constant(23, 59, 0, 0);
        match when::understand_day(words, last, &context) {
            Ok(Understood::One(moment)) => Ok(zone.rules().to_datetime(moment.start).date()),
            Ok(Understood::Several(_)) | Err(_) => Err(none().into()),
        }
    }

    /// How far the guild is in setting up its week; for organisers.
    pub async fn setup_state(&self, actor: &Actor) -> Result<Option<SetupState>, Stop> {
        self.organiser_settings(actor).await?;
        Ok(self.store().setup_state(actor.guild).await?)
    }

    /// Goes to a day in setting up the week, or to its end; for organisers.
    pub async fn set_up(&self, actor: &Actor, day: Option<Weekday>) -> Result<Week, Stop> {
        let week = self.week(actor).await?;
        let state = SetupState { day, by: actor.user, at: self.now() };
        self.store().set_setup_state(actor.guild, state).await?;
        Ok(week)
    }
}

/// The rule of a day of the schedule.
fn every_week(day: Weekday) -> Result<Recurrence, Refusal> {
    let rule = Rule { weekdays: vec![NthWeekday::every(day)], ..Rule::every(Frequency::Weekly) };
    Ok(Recurrence::new(rule).map_err(PlanRefusal::Repeat)?)
}

/// A form for a series, read.
struct ReadSeries {
    title: Title,
    time: jiff::civil::Time,
    lasts: Option<jiff::SignedDuration>,
    description: Option<Description>,
    fields: Option<ExtraFields>,
}

impl ReadSeries {
    fn of(form: &SeriesForm) -> Result<Self, Refusal> {
        let title = Title::parse(&form.title).map_err(|e| Refusal::Text(Field::Title, e))?;
        let description = optional(Description::parse(&form.description))
            .map_err(|e| Refusal::Text(Field::Description, e))?;
        let times = parse_times_of_day(&form.time).map_err(Refusal::TimeOfDay);
        let times = times.map_err(Number::Time.refused())?;
        let said = Some(form.duration.as_str()).filter(|words| !words.trim().is_empty());
        let duration = said.map(parse_duration).transpose().map_err(Refusal::Duration);
        let duration = duration.map_err(Number::Duration.refused())?;
        let fields = form.fields.as_deref().map(ExtraFields::parse).transpose();
        Ok(Self {
            title,
            time: times.time,
            lasts: duration.or(times.lasts),
            description,
            fields: fields.map_err(PlanRefusal::ExtraFields)?,
        })
    }
}
