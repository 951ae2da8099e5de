//! Reads a form: words become a title, a time, a number of places, or a refusal that says what to
//! write instead.

pub mod parts;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use muster_domain::capacity::Capacity;
use muster_domain::duration::{duration_in_words, parse_duration};
use muster_domain::event::{Event, EventDetails, Span};
use muster_domain::limits::DURATION_DEFAULT;
use muster_domain::settings::GuildSettings;
use muster_domain::template::Template;
use muster_domain::text::{Description, Location, TextError, Title, quoted};
use muster_domain::when::{self, DateOrder, Moment, Understood, WhenError};
use muster_domain::zone::Zone;
use muster_store::model::EventForm;

use crate::refusal::{Field, Number, Refusal};

/// In what light a form is read.
#[derive(Clone, Copy, Debug)]
pub struct FormContext<'a> {
    /// Now.
    pub now: Timestamp,
    /// The zone of the words.
    pub zone: &'a Zone,
    /// The guild's language, as Discord calls it.
    pub locale: &'a str,
    /// The reading that was chosen where the words were ambiguous.
    pub chosen: Option<&'a Moment>,
    /// When it takes place if only the day is said, if the guild has chosen that.
    pub usual: Option<&'a UsualTime>,
}

/// The time of day of events of which only the day is said.
#[derive(Clone, Debug)]
pub struct UsualTime {
    /// The time of day.
    pub time: Time,
    /// On these clocks: the guild's, whoever reads them.
    pub zone: TimeZone,
}

impl UsualTime {
    /// The one that a guild has chosen. `zone` is the one in which it counts its days.
    #[must_use]
    pub fn of(settings: &GuildSettings, zone: TimeZone) -> Option<Self> {
        settings.event_time.map(|time| Self { time, zone })
    }
}

/// Understands words for a time; a day alone is meant at the guild's usual time, if it has one.
pub fn understand(
    words: &str,
    context: &when::Context<'_>,
    usual: Option<&UsualTime>,
) -> Result<Understood, WhenError> {
    match (when::understand(words, context), usual) {
        (Err(WhenError::NoTime), Some(usual)) => {
            let context = when::Context { zone: &usual.zone, ..*context };
            when::understand_day(words, usual.time, &context)
        }
        (understood, _) => understood,
    }
}

/// A form, read.
#[derive(Clone, Debug)]
pub enum ReadForm {
    /// All of it is clear.
    Ready(Box<EventDetails>),
    /// The time has several readings, soonest first.
    WhichMoment(Vec<Moment>),
}

impl FormContext<'_> {
    /// Reads a form for a new event.
    pub fn read(&self, form: &EventForm) -> Result<ReadForm, Refusal> {
        let details = self.read_texts(form)?;
        let duration = read_lasting(form)?;
        let moment = match self.moment(&form.when)? {
            Ok(moment) => moment,
            Err(several) => return Ok(ReadForm::WhichMoment(several)),
        };
        Ok(details.ready(span(&moment, duration, DURATION_DEFAULT)?, self.zone))
    }

    /// Reads a form that was filled with the present values of `event`. A time that was left as it
    /// was stays exactly as it is, even if it has passed.
    pub fn read_edit(&self, event: &Event, form: &EventForm) -> Result<ReadForm, Refusal> {
        let details = self.read_texts(form)?;
        let duration = read_lasting(form)?;
        let before = form_of(event, self.zone);
        let present = event.details.span;
        if form.when.trim() != before.when || self.chosen.is_some() {
            let moment = match self.moment(&form.when)? {
                Ok(moment) => moment,
                Err(several) => return Ok(ReadForm::WhichMoment(several)),
            };
            return Ok(details.ready(span(&moment, duration, present.duration())?, self.zone));
        }
        let lasts = duration.unwrap_or_else(|| present.duration());
        let kept = if form.duration.trim() == before.duration { present.duration() } else { lasts };
        Ok(details.ready(span_of(present.start(), kept)?, &event.details.zone))
    }

    /// What the clock on the wall is to show at the start that a form says: where daylight saving
    /// moved that on, the time that was asked for.
    pub(crate) fn wall(&self, form: &EventForm, start: Timestamp) -> DateTime {
        let rules = self.zone.rules();
        let shown = rules.to_datetime(start);
        let is_skipped =
            |moment: Moment| moment.start == start && moment.note == Some(when::Note::Skipped);
        if !matches!(self.moment(&form.when), Ok(Ok(moment)) if is_skipped(moment)) {
            return shown;
        }
        // No gap is longer than a day.
        let before = start.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(start);
        let asked = rules.to_offset(before).to_datetime(start);
        let is_it = rules.to_timestamp(asked).is_ok_and(|at| at == start);
        if is_it { asked } else { shown }
    }

    /// The same for words alone; `None` if they are not one moment.
    pub(crate) fn first_wall(&self, words: &str) -> Option<DateTime> {
        let moment = self.moment(words).ok()?.ok()?;
        let form = EventForm { when: words.to_owned(), ..EventForm::default() };
        Some(self.wall(&form, moment.start))
    }

    fn moment(&self, words: &str) -> Result<Result<Moment, Vec<Moment>>, Refusal> {
        if let Some(chosen) = self.chosen {
            return Ok(Ok(*chosen));
        }
        let context = when::Context {
            now: self.now,
            zone: self.zone.rules(),
            date_order: DateOrder::for_locale(self.locale),
        };
        match understand(words, &context, self.usual).map_err(Refusal::When)? {
            Understood::One(moment) => Ok(Ok(moment)),
            Understood::Several(moments) => Ok(Err(moments)),
        }
    }

    #[expect(clippy::unused_self, reason = "the texts belong to the same reading")]
    fn read_texts(&self, form: &EventForm) -> Result<Texts, Refusal> {
        let title = Title::parse(&form.title).map_err(|e| Refusal::Text(Field::Title, e))?;
        let description = optional(Description::parse(&form.description))
            .map_err(|e| Refusal::Text(Field::Description, e))?;
        let location = optional(Location::parse(&form.location))
            .map_err(|e| Refusal::Text(Field::Location, e))?;
        let capacity = read_capacity(&form.capacity).map_err(Number::Places.refused())?;
        Ok(Texts { title, description, location, capacity })
    }
}

/// All of an event's details but its time.
struct Texts {
    title: Title,
    description: Option<Description>,
    location: Option<Location>,
    capacity: Option<Capacity>,
}

impl Texts {
    fn ready(self, span: Span, zone: &Zone) -> ReadForm {
        let Self { title, description, location, capacity } = self;
        let zone = zone.clone();
        let details = EventDetails { title, span, zone, description, location, capacity };
        ReadForm::Ready(Box::new(details))
    }
}

/// The form that shows an event as it is, with times of this zone.
#[must_use]
pub fn form_of(event: &Event, zone: &Zone) -> EventForm {
    EventForm {
        channel: Some(event.channel),
        mention: event.mention,
        ..form_of_details(&event.details, zone)
    }
}

/// The same for what an organiser decided about it.
#[must_use]
pub fn form_of_details(details: &EventDetails, zone: &Zone) -> EventForm {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    EventForm {
        title: details.title.to_string(),
        when: moment_in_figures(details.span.start(), zone),
        duration: duration_in_words(details.span.duration()),
        description: text(details.description.as_ref().map(Description::as_str)),
        location: text(details.location.as_ref().map(Location::as_str)),
        capacity: details.capacity.map(|places| places.to_string()).unwrap_or_default(),
        ..EventForm::default()
    }
}

/// A form in which whatever was left open is as the template says. Its answers, rules and picture
/// no words can carry: the form keeps the template's name for them.
#[must_use]
pub fn filled_from(form: EventForm, template: &Template) -> EventForm {
    let or = |given: String, words: Option<&str>| {
        if given.trim().is_empty() { words.unwrap_or_default().to_owned() } else { given }
    };
    let duration = duration_in_words(template.duration);
    let places = template.capacity.map(|places| places.to_string());
    EventForm {
        duration: or(form.duration, Some(&duration)),
        description: or(form.description, template.description.as_ref().map(Description::as_str)),
        location: or(form.location, template.location.as_ref().map(Location::as_str)),
        capacity: or(form.capacity, places.as_deref()),
        mention: form.mention.or(template.mention),
        ..form
    }
}

/// A form that was written on top of `seen`, on top of `now`: what its writer left alone is as it
/// is now, and what they wrote stays.
#[must_use]
pub fn carried_over(mine: &EventForm, seen: &EventForm, now: &EventForm) -> EventForm {
    let carry = |field: fn(&EventForm) -> &String| {
        let untouched = field(mine).trim() == field(seen).trim();
        field(if untouched { now } else { mine }).clone()
    };
    EventForm {
        title: carry(|form| &form.title),
        when: carry(|form| &form.when),
        duration: carry(|form| &form.duration),
        description: carry(|form| &form.description),
        location: carry(|form| &form.location),
        capacity: carry(|form| &form.capacity),
        ..mine.clone()
    }
}

/// An instant as it can be typed: `2026-11-27 20:00`, in this zone.
#[must_use]
pub fn moment_in_figures(at: Timestamp, zone: &Zone) -> String {
    let local = at.to_zoned_datetime(zone.rules().clone());
    local.strftime("%Y-%m-%d %H:%M").to_string()
}

/// A text that may be left empty.
pub(crate) fn optional<T>(parsed: Result<T, TextError>) -> Result<Option<T>, TextError> {
    match parsed {
        Ok(text) => Ok(Some(text)),
        Err(TextError::Empty) => Ok(None),
        Err(too_long @ TextError::TooLong { .. }) => Err(too_long),
    }
}

fn read_capacity(words: &str) -> Result<Option<Capacity>, Refusal> {
    let words = words.trim();
    if words.is_empty() {
        return Ok(None);
    }
    let not_a_number = || Refusal::CapacityNotANumber(quoted(words));
    let number: i64 = words.parse().map_err(|_| not_a_number())?;
    Capacity::parse(number).map(Some).map_err(Refusal::Capacity)
}

fn read_lasting(form: &EventForm) -> Result<Option<SignedDuration>, Refusal> {
    read_duration(&form.duration).map_err(Number::Duration.refused())
}

fn read_duration(words: &str) -> Result<Option<SignedDuration>, Refusal> {
    if words.trim().is_empty() {
        return Ok(None);
    }
    parse_duration(words).map(Some).map_err(Refusal::Duration)
}

/// The end that was said with the time counts before a duration, which may stand there from the
/// event before or from a template, and that before the default.
fn span(
    moment: &Moment,
    duration: Option<SignedDuration>,
    default: SignedDuration,
) -> Result<Span, Refusal> {
    match moment.end {
        Some(end) => Span::new(moment.start, end).map_err(|_| Refusal::Span),
        None => span_of(moment.start, duration.unwrap_or(default)),
    }
}

fn span_of(start: Timestamp, duration: SignedDuration) -> Result<Span, Refusal> {
    let end = start.checked_add(duration).map_err(|_| Refusal::Span)?;
    Span::new(start, end).map_err(|_| Refusal::Span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_was_said_counts_also_beside_a_duration() {
        let start: Timestamp = "2026-11-27T19:00:00Z".parse().unwrap();
        let hours = |hours| Some(SignedDuration::from_hours(hours));
        let lasts = |end: Option<Timestamp>, duration| {
            let moment = Moment { start, end, note: None };
            span(&moment, duration, DURATION_DEFAULT).map(Span::duration).ok()
        };
        let end = start.checked_add(SignedDuration::from_hours(3)).ok();
        assert_eq!([lasts(end, hours(1)), lasts(end, None)], [hours(3), hours(3)]);
        assert_eq!([lasts(None, hours(1)), lasts(None, None)], [hours(1), hours(2)]);
        assert_eq!(lasts(Some(start), hours(1)), None, "an end that cannot be is refused");
    }

    #[test]
    fn what_was_left_alone_follows_the_event_and_what_was_written_stays() {
        let form = |title: &str, when: &str| EventForm {
            title: title.into(),
            when: when.into(),
            ..EventForm::default()
        };
        let seen = form("Raid", "2027-03-13 20:00");
        let now = form("Raid", "2027-03-14 20:00");
        let mine = form("Big raid", "2027-03-13 20:00");
        assert_eq!(carried_over(&mine, &seen, &now), form("Big raid", "2027-03-14 20:00"));
        let both = form("Raid", "sunday 8pm");
        assert_eq!(carried_over(&both, &seen, &now), both);
    }

    #[test]
    fn a_day_alone_is_at_the_guilds_time_on_the_guilds_clocks() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        let context = when::Context { now, zone: &tokyo, date_order: DateOrder::DayFirst };
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let time = jiff::civil::time(20, 0, 0, 0);
        let usual = UsualTime { time, zone };
        let start = |words: &str, usual| match understand(words, &context, usual) {
            Ok(Understood::One(moment)) => Ok(moment.start.to_string()),
            Ok(Understood::Several(_)) => Ok("several".to_owned()),
            Err(error) => Err(error),
        };
        assert_eq!(start("fri", Some(&usual)).as_deref(), Ok("2026-11-27T19:00:00Z"));
        assert_eq!(start("fri 20:00", Some(&usual)).as_deref(), Ok("2026-11-27T11:00:00Z"));
        assert_eq!(start("fri", None), Err(WhenError::NoTime));
    }

    #[test]
    fn places_are_a_number_or_nothing() {
        assert_eq!(read_capacity(" "), Ok(None));
        assert_eq!(read_capacity("12").unwrap().unwrap().get(), 12);
        assert!(matches!(read_capacity("0"), Err(Refusal::Capacity(_))));
        assert!(matches!(read_capacity("1000000000"), Err(Refusal::Capacity(_))));
        assert_eq!(read_capacity("ten"), Err(Refusal::CapacityNotANumber("ten".into())));
    }
}
