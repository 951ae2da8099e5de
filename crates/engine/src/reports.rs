//! Reports for organisers: a week, one event, one member.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{EventId, UserId};
use muster_domain::limits::REMINDED_WHO_CAME;
use muster_domain::report::{Period, Slice, Stretch, named_day};
use muster_domain::rights::Actor;
use muster_domain::text::quoted;
use muster_store::model::{
    EventReport, MemberReport, MemberReportRequest, NamesOf, Presence, Report, ReportLimits,
    ReportRequest, RosterLine, RosterPart, Window,
};
use muster_store::port::{Events as _, Presences as _, Reports as _};

use crate::app::{App, World};
use crate::limits::{REPORT_CONSISTENT, REPORT_EVENTS_MAX, REPORT_MEMBERS_MAX, REPORT_OPTIONS_MAX};
use crate::refusal::{Refusal, Stop};

const LIMITS: ReportLimits = ReportLimits {
    events: REPORT_EVENTS_MAX,
    options: REPORT_OPTIONS_MAX,
    consistent: REPORT_CONSISTENT,
    members: REPORT_MEMBERS_MAX,
};

/// Who reads a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// The organiser who asked for it.
    Organiser,
    /// Everybody in the channel.
    Everybody,
}

/// A report on some days.
#[derive(Clone, Debug)]
pub struct WeekReport {
    /// How many days.
    pub stretch: Stretch,
    /// Which ones.
    pub period: Period,
    /// The zone of its days.
    pub zone: TimeZone,
    /// The numbers.
    pub report: Report,
    /// Whether those who come most often are named.
    pub leaderboard: Leaderboard,
    /// When the numbers were looked up: some of the weeks may not be over.
    pub now: Timestamp,
}

/// Whether those who come most often are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaderboard {
    /// They are.
    Named,
    /// The guild did not turn it on, or hides names.
    Hidden,
}

/// A report on one event.
#[derive(Clone, Debug)]
pub struct OneEvent {
    /// The numbers.
    pub report: EventReport,
    /// Who answered, option by option, then those without a place; nobody in a report that all may
    /// read.
    pub signups: Vec<RosterLine>,
    /// Who was there, of those of whom it is known.
    pub presences: HashMap<UserId, Presence>,
}

/// A report on one member.
#[derive(Clone, Debug)]
pub struct OneMember {
    /// Who.
    pub member: UserId,
    /// The weeks that it looks back on, oldest first.
    pub weeks: Vec<Slice>,
    /// The zone of its days.
    pub zone: TimeZone,
    /// The numbers.
    pub report: MemberReport,
    /// When they were looked up: the last week is not over.
    pub now: Timestamp,
}

impl<W: World> App<W> {
    /// The present day of a guild, and the zone in which it counts its days.
    async fn today(&self, actor: &Actor) -> Result<(Date, TimeZone), Stop> {
        let settings = self.settings(actor.guild).await?;
        let zone = self.zone_of_guild(&settings);
        Ok((self.now().to_zoned_datetime(zone.clone()).date(), zone))
    }

    /// The weeks that can be reported on, as the Monday and the Sunday of each, the latest first.
    pub async fn report_weeks(&self, actor: &Actor) -> Result<Vec<(Date, Date)>, Stop> {
        let (today, zone) = self.today(actor).await?;
        let period = Period::of(Stretch::Week, today, &zone).ok_or(Refusal::Unknown)?;
        let last_day = |slice: &Slice| {
            let sunday = slice.begins.checked_add(jiff::Span::new().days(6));
            sunday.ok().map(|sunday| (slice.begins, sunday))
        };
        Ok(period.weeks.iter().rev().filter_map(last_day).collect())
    }

    /// The numbers of the week that was named: nothing for this one, `last`, or a date; for
    /// organisers.
    pub async fn week_report(
        &self,
        actor: &Actor,
        stretch: Stretch,
        words: &str,
        readers: Readers,
    ) -> Result<WeekReport, Stop> {
        let settings = self.organiser_settings(actor).await?;
        let (today, zone) = self.today(actor).await?;
        let no_such_week = || Refusal::NoSuchWeek(quoted(words));
        let day = named_day(words, today).ok_or_else(no_such_week)?;
        let period = Period::of(stretch, day, &zone).ok_or_else(no_such_week)?;
        let (time, now) = (period.time(), self.now());
        let report = self
            .store()
            .report(ReportRequest {
                guild: actor.guild,
                days: period.days.iter().map(|day| day.time.clone()).collect(),
                weeks: period.weeks.iter().map(|week| week.time.clone()).collect(),
                consistency: period.time_of_weeks(),
                seen_since: before(time.start, REMINDED_WHO_CAME),
                time,
                names: match readers {
                    Readers::Organiser => NamesOf::AllEvents,
                    Readers::Everybody => NamesOf::OpenEvents,
                },
                limits: LIMITS,
                now,
            })
            .await?;
        let leaderboard = match readers {
            Readers::Organiser => Leaderboard::Named,
            Readers::Everybody if settings.leaderboards && !settings.names_hidden => {
                Leaderboard::Named
            }
            Readers::Everybody => Leaderboard::Hidden,
        };
        Ok(WeekReport { stretch, period, zone, report, leaderboard, now })
    }

    /// The numbers of one event, for these readers; for organisers to ask for.
    pub async fn event_report(
        &self,
        actor: &Actor,
        event: EventId,
        readers: Readers,
    ) -> Result<OneEvent, Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        let since = before(posted.sheet.event.details.span.start(), REMINDED_WHO_CAME);
        let (store, guild) = (self.store(), actor.guild);
        let report = store.event_report(guild, event, since, LIMITS).await?;
        let report = report.ok_or(Refusal::NoSuchEvent)?;
        if readers == Readers::Everybody {
            return Ok(OneEvent { report, signups: Vec::new(), presences: HashMap::new() });
        }
        let window = Window::first(LIMITS.members);
        let signups = store.roster_page(guild, event, RosterPart::Everyone, window).await?;
        let marks = store.presences(guild, event, window).await?;
        let signups = signups.ok_or(Refusal::NoSuchEvent)?;
        let rows = marks.map(|list| list.rows).unwrap_or_default();
        let presences = rows.into_iter().filter_map(|(member, state)| Some((member, state?)));
        Ok(OneEvent { report, signups: signups.rows, presences: presences.collect() })
    }

    /// The numbers of one member over the last weeks; for organisers.
    pub async fn member_report(&self, actor: &Actor, member: UserId) -> Result<OneMember, Stop> {
        self.organiser_settings(actor).await?;
        let (today, zone) = self.today(actor).await?;
        let period = Period::of(Stretch::Week, today, &zone).ok_or(Refusal::Unknown)?;
        let (weeks, now) = (period.weeks, self.now());
        let request = MemberReportRequest {
            guild: actor.guild,
            member,
            weeks: weeks.iter().map(|week| week.time.clone()).collect(),
            events: REPORT_EVENTS_MAX,
            now,
        };
        let report = self.store().member_report(request).await?;
        Ok(OneMember { member, weeks, zone, report, now })
    }
}

fn before(at: Timestamp, length: SignedDuration) -> Timestamp {
    at.checked_sub(length).unwrap_or(Timestamp::MIN)
}
