//! Reminders whose time has come: they become deliveries in the commit that notes up to when all is
//! done, so that none goes out twice and none is lost.

use std::collections::HashSet;

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{EventId, RoleId, UserId};
use muster_domain::limits::{MENTIONS_MAX, REMINDED_WHO_CAME};
use muster_domain::notice::{Direct, News, remind, remind_role, tell_directly};
use muster_domain::reminder::{
    Audience, Reminder, ReminderPlace, Reminders, is_worth_it, reminded,
};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::event_row;
use crate::port::Stored;
use crate::sqlite::columns::{Column, only, whole_ms};
use crate::sqlite::deliveries::insert::{self, About, Reminds, Where};
use crate::sqlite::deliveries::posts;
use crate::sqlite::deliveries::report::TOO_LATE;
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::{reminders, wishes};

/// Has those reminded whose reminders became due after `after` and by `now`, each of them once for
/// one instant. What is too late is noted as left out.
pub(super) fn due(
    db: &Connection,
    loaded: &LoadedEvent,
    after: Timestamp,
    now: Timestamp,
) -> Stored<()> {
    let event = &loaded.event;
    let list = reminders::of(db, event)?.reminders;
    let mut told = Told::default();
    for (reminder, due) in list.due(event, after, now) {
        if told.is_another(due) {
            told.begin(due, was_reminded(db, event.id, due)?);
        }
        if told.is_done {
            continue;
        }
        if goes_before_its_post(db, event, reminder, due)? {
            continue;
        }
        if is_worth_it(event, due, now) {
            send(db, loaded, reminder, &mut told, now)?;
        } else {
            insert::missed(db, about(event, reminder, due), due, now)?;
        }
    }
    Ok(())
}

/// Whether a reminder for others than those who answered would come before the post of its event: a
/// date of a series can be made ahead of its time. Of the others nobody is reminded then, either,
/// as they are not made yet.
fn goes_before_its_post(
    db: &Connection,
    event: &Event,
    reminder: &Reminder,
    due: Timestamp,
) -> Stored<bool> {
    if event.series.is_none() || reminder.audience.has_answered() {
        return Ok(false);
    }
    Ok(posts::first_due(db, event.id)?.is_some_and(|post_at| due <= post_at))
}

/// Who was reminded at one instant: "at 16:00" can be an hour before, too.
#[derive(Default)]
struct Told {
    due: Option<Timestamp>,
    /// Whether a reminder of that instant left already: by a clock that was ahead, and that shows
    /// the instant for the second time now.
    is_done: bool,
    /// Whom a message in a channel was for.
    mentioned: HashSet<UserId>,
    /// Whom a direct message was for. Those who asked for one get both.
    messaged: HashSet<UserId>,
    roles: HashSet<RoleId>,
}

impl Told {
    fn is_another(&self, due: Timestamp) -> bool {
        self.due != Some(due)
    }

    /// At this instant, nobody yet.
    fn begin(&mut self, due: Timestamp, is_done: bool) {
        *self = Self { due: Some(due), is_done, ..Self::default() };
    }
}

/// Whether members were reminded of an event for this instant of its list, or may have been. A
/// message to one of them may have left at another: spread, or at the end of their quiet hours.
fn was_reminded(db: &Connection, event: EventId, due: Timestamp) -> Stored<bool> {
    const SQL: &str = "
        SELECT EXISTS (
          SELECT 1 FROM delivery
          WHERE event = ?1 AND news = 'reminder' AND reminds_at = ?2
            AND (outcome IS NOT 'skipped' OR attempts > 0))";
    let params = params![Column(event), Column(whole_ms(due))];
    Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
}

/// Has reminders that a clock which was ahead left out count as left out now; returns when the
/// earliest of them was due.
pub(super) fn no_longer_ahead(
    db: &Connection,
    event: EventId,
    now: Timestamp,
) -> Stored<Option<Timestamp>> {
    const EARLIEST: &str = "
        SELECT reminds_at FROM delivery
        WHERE event = ?1 AND news = 'reminder' AND outcome = 'skipped' AND attempts = 0
          AND ended_at > ?2
        ORDER BY reminds_at LIMIT 1";
    const MEND: &str = "
        UPDATE delivery SET ended_at = ?2
        WHERE event = ?1 AND news = 'reminder' AND outcome = 'skipped' AND attempts = 0
          AND ended_at > ?2";
    let params = params![Column(event), Column(now)];
    let due = db.prepare_cached(EARLIEST)?.query_row(params, only).optional()?;
    db.prepare_cached(MEND)?.execute(params)?;
    Ok(due)
}

fn about<'a>(event: &'a Event, reminder: &'a Reminder, due: Timestamp) -> About<'a> {
    // The role of everyone has the number of the guild.
    let everyone = RoleId::new(event.guild.get());
    let is_everyone = reminder.audience == Audience::Everyone;
    let role = if is_everyone { Some(everyone) } else { reminder.audience.role() };
    let place = match reminder.place {
        ReminderPlace::Thread | ReminderPlace::Direct => Where::Thread,
        ReminderPlace::Channel => Where::Channel,
    };
    let words = reminder.text.as_ref();
    let reminds = Some(Reminds { at: due, audience: reminder.audience });
    About { event, known_version: event.version, words, told: None, role, place, reminds }
}

fn send(
    db: &Connection,
    loaded: &LoadedEvent,
    reminder: &Reminder,
    told: &mut Told,
    now: Timestamp,
) -> Stored<()> {
    let Some(due) = told.due else { return Ok(()) };
    let (event, about) = (&loaded.event, about(&loaded.event, reminder, due));
    if !reminder.audience.has_answered() {
        return to_others(db, about, reminder, told);
    }
    let mut members = reminded(reminder.audience, event, &loaded.roster);
    let wants = |member: &UserId| loaded.details.get(member).is_some_and(|said| said.direct);
    let messaged = members.iter().copied();
    let messaged: Vec<_> =
        messaged.filter(|member| wants(member) && told.messaged.insert(*member)).collect();
    match reminder.place {
        ReminderPlace::Thread | ReminderPlace::Channel => {
            members.retain(|member| told.mentioned.insert(*member));
            in_channel(db, about, &members, due, now)?;
        }
        ReminderPlace::Direct => {}
    }
    for direct in tell_directly(News::Reminder, &messaged, |_| true, due) {
        directly(db, about, direct, due, now)?;
    }
    Ok(())
}

/// Reminds those who need not have answered.
fn to_others(
    db: &Connection,
    about: About<'_>,
    reminder: &Reminder,
    told: &mut Told,
) -> Stored<()> {
    let Some(due) = told.due else { return Ok(()) };
    match (reminder.audience, about.role) {
        (Audience::Unanswered | Audience::UnansweredOf(_), _) => insert::unanswered(db, about, due),
        (_, Some(role)) if told.roles.insert(role) => {
            insert::notice(db, about, &remind_role(due)).map(|_| ())
        }
        (_, _) => Ok(()),
    }
}

/// Has those reminded of an event that was made late, by a series that nobody looked at when it was
/// due, whom its reminders since then are for although they have not answered: nobody can have.
pub(in crate::sqlite) fn late(
    db: &Connection,
    event: &Event,
    since: Timestamp,
    now: Timestamp,
) -> Stored<()> {
    let list = reminders::of(db, event)?.reminders;
    let mut told = Told::default();
    let due = list.due(event, since, now).into_iter();
    for (reminder, due) in due.filter(|(reminder, _)| !reminder.audience.has_answered()) {
        if told.is_another(due) {
            told.begin(due, false);
        }
        if is_worth_it(event, due, now) {
            to_others(db, about(event, reminder, due), reminder, &mut told)?;
        } else {
            insert::missed(db, about(event, reminder, due), due, now)?;
        }
    }
    Ok(())
}

/// Mentions those who want that at this moment, if names are not hidden. If that is nobody, nothing
/// is posted.
fn in_channel(
    db: &Connection,
    about: About<'_>,
    members: &[UserId],
    due: Timestamp,
    now: Timestamp,
) -> Stored<()> {
    let mentioned = wishes::mentioned(db, about.event, members, now)?;
    for notice in remind(about.event, &mentioned, due) {
        insert::notice(db, about, &notice)?;
    }
    if mentioned.is_empty() && !members.is_empty() {
        let nobody = insert::notice(db, about, &remind_role(due))?;
        insert::left_out(db, nobody, "nobody wanted to be mentioned", now)?;
    }
    Ok(())
}

/// Tells one member, when their turn comes or at the end of their quiet hours, if that is still
/// worth it.
fn directly(
    db: &Connection,
    about: About<'_>,
    direct: Direct,
    due: Timestamp,
    now: Timestamp,
) -> Stored<()> {
    let wish = wishes::of(db, about.event, direct.member)?;
    if !wish.choices.direct {
        return Ok(());
    }
    let (leaves, why) = match wish.quiet_until(direct.due.max(now), about.event) {
        // Spread as before, as many have the same hours.
        Some(end) => {
            let later = end.saturating_add(direct.due.duration_since(due)).unwrap_or(end);
            (later, "it fell into quiet hours")
        }
        None => (direct.due, TOO_LATE),
    };
    if is_worth_it(about.event, due, leaves) {
        insert::direct(db, about, &Direct { due: leaves, ..direct })?;
    } else {
        let missed = insert::direct(db, about, &direct)?;
        insert::left_out(db, missed, why, now)?;
    }
    Ok(())
}

/// Those who came to events of the guild lately and have not answered this one, those who came last
/// first; one more than can be mentioned, so that it is known if they are too many.
pub(in crate::sqlite) fn who_came_before(db: &Connection, event: &Event) -> Stored<Vec<UserId>> {
    const SQL: &str = "
        SELECT s.member FROM event e
        JOIN signup s ON s.event = e.id AND s.place = 0 AND s.option IS NOT NULL
        JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option AND o.coming = 1
        WHERE e.guild = ?1 AND e.ends_at BETWEEN ?2 AND ?3 AND e.id <> ?4
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL AND s.member < ?5
          AND NOT EXISTS (
            SELECT 1 FROM signup t
            WHERE t.event = ?4 AND t.member = s.member AND t.option IS NOT NULL)
        GROUP BY s.member ORDER BY max(e.ends_at) DESC, s.member LIMIT ?6";
    let start = event.details.span.start();
    let since = start.saturating_sub(REMINDED_WHO_CAME).unwrap_or(Timestamp::MIN);
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(
        params![
            Column(event.guild),
            Column(since),
            Column(start),
            Column(event.id),
            Column(UserId::ERASED_FROM),
            Column(MENTIONS_MAX.saturating_add(1)),
        ],
        only,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Plans an event's reminders, which are these, anew: those that are due by now count as done.
pub(in crate::sqlite) fn plan_reminders(
    db: &Connection,
    event: EventId,
    list: &Reminders,
    at: Timestamp,
) -> Stored<()> {
    let Some(event) = event_row::read(db, event)? else { return Ok(()) };
    event_row::set_looked_at(db, event.id, at)?;
    if let Some(next) = list.next(&event, event_row::looked_at(db, event.id)?) {
        event_row::set_turn_by(db, event.id, next)?;
    }
    Ok(())
}
