//! Numbers to look back on.

use std::ops::Range;

use jiff::Timestamp;
use muster_domain::id::EventId;
use muster_domain::rules::EventRules;
use muster_store::Store;
use muster_store::model::{
    Marked, MemberReportRequest, MemberTally, MemberWeek, NamesOf, NewEvent, Presence, Report,
    ReportLimits, ReportRequest, Turnout,
};

use super::presences::marking;
use crate::scene::{GUILD, MAYBE, NO, OTHER_GUILD, Scene, YES, details_at, minute, user, users};

const LIMITS: ReportLimits = ReportLimits { events: 10, options: 5, consistent: 3, members: 6_000 };

fn minutes(range: Range<i64>) -> Range<Timestamp> {
    minute(range.start)..minute(range.end)
}

/// Minutes 100 to 120 in two "days", and two "weeks" that end there.
fn request(names: NamesOf) -> ReportRequest {
    ReportRequest {
        guild: GUILD,
        time: minutes(100..120),
        days: vec![minutes(100..110), minutes(110..120)],
        weeks: vec![minutes(80..100), minutes(100..120)],
        consistency: minutes(80..120),
        seen_since: minute(50),
        names,
        limits: LIMITS,
        now: minute(115),
    }
}

async fn report<S: Store>(scene: &Scene<S>) -> Report {
    scene.store.report(request(NamesOf::AllEvents)).await.unwrap()
}

async fn begins<S: Store>(scene: &Scene<S>, at: i64) -> EventId {
    scene.created(details_at(at, at + 1)).await.sheet.event.id
}

async fn marks<S: Store>(scene: &Scene<S>, event: EventId, members: &[u64], what: Presence) {
    let whom = Marked::Members(users(members.iter().copied()));
    scene.store.mark(marking(scene, event, whom, Some(what))).await.unwrap();
}

pub(crate) async fn members_are_counted_once_for_each_day_and_week<S: Store>(scene: &Scene<S>) {
    let [first, second, next_day] =
        [begins(scene, 101).await, begins(scene, 105).await, begins(scene, 112).await];
    for event in [first, second] {
        scene.tap(event, 1, YES).await;
        scene.tap(event, 2, NO).await;
    }
    scene.tap(next_day, 3, YES).await;
    scene.tap(next_day, 1, MAYBE).await;
    marks(scene, first, &[1], Presence::Present).await;
    let cancelled = begins(scene, 113).await;
    scene.tap(cancelled, 4, YES).await;
    scene.change(cancelled, muster_domain::change::EventChange::Cancel, 2).await;
    let report = report(scene).await;
    let expected = [
        Turnout { events: 2, answered: 2, coming: 1, present: 1, absent: 0 },
        Turnout { events: 1, answered: 2, coming: 1, present: 0, absent: 0 },
    ];
    assert_eq!(report.days, expected);
    let whole = Turnout { events: 3, answered: 3, coming: 2, present: 1, absent: 0 };
    assert_eq!((report.whole, report.weeks), (whole, vec![Turnout::default(), whole]));
    assert_eq!((report.seen, report.members.total), (3, 3));
    let events: Vec<_> = report.events.rows.iter().map(|row| row.turnout.answered).collect();
    assert_eq!((events, report.events.total), (vec![2, 2, 2], 3));
    let options: Vec<_> =
        report.options.iter().map(|total| (&*total.label, total.answers)).collect();
    assert_eq!(options, [("Yes", 3), ("No", 2), ("Maybe", 1)]);
    let foreign = ReportRequest { guild: OTHER_GUILD, ..request(NamesOf::AllEvents) };
    let foreign = scene.store.report(foreign).await.unwrap();
    assert_eq!((foreign.whole, foreign.seen, foreign.begun), (Turnout::default(), 0, 0));
}

pub(crate) async fn who_comes_most_often_is_counted_without_those_who_were_missing<S: Store>(
    scene: &Scene<S>,
) {
    let mut events = Vec::new();
    for at in [85, 95, 105, 118] {
        events.push(begins(scene, at).await);
    }
    for event in &events {
        scene.tap(*event, 1, YES).await;
        scene.tap(*event, 2, YES).await;
    }
    scene.tap(events[0], 3, YES).await;
    scene.tap(events[1], 4, NO).await;
    marks(scene, events[0], &[1], Presence::Absent).await;
    let report = report(scene).await;
    let tallies: Vec<_> = report
        .consistent
        .iter()
        .map(|tally: &MemberTally| (tally.member, tally.came, tally.coming, tally.absent))
        .collect();
    // The event at 118 has not begun at 115.
    assert_eq!(tallies, [(user(2), 3, 4, 0), (user(1), 2, 4, 1), (user(3), 1, 1, 0)]);
    assert_eq!(report.begun, 3);
}

pub(crate) async fn who_came_before_and_answers_nothing_is_listed<S: Store>(scene: &Scene<S>) {
    let (long_ago, lately) = (begins(scene, 30).await, begins(scene, 60).await);
    let (later, now) = (begins(scene, 70).await, begins(scene, 105).await);
    scene.tap(long_ago, 9, YES).await;
    for member in [1, 2, 3] {
        scene.tap(lately, member, YES).await;
    }
    scene.tap(lately, 4, NO).await;
    scene.tap(later, 3, YES).await;
    scene.tap(now, 1, NO).await;
    let report = report(scene).await;
    assert_eq!((report.unanswered.rows, report.unanswered.total), (users([3, 2]), 2));
    assert_eq!(report.seen, 3);
    let one = ReportRequest {
        limits: ReportLimits { members: 1, ..LIMITS },
        ..request(NamesOf::AllEvents)
    };
    let one = scene.store.report(one).await.unwrap().unanswered;
    assert_eq!((one.rows, one.total), (users([3]), 2));
}

pub(crate) async fn hidden_names_are_left_out_where_all_read<S: Store>(scene: &Scene<S>) {
    let rules = EventRules { names_hidden: true, ..EventRules::default() };
    let hidden = NewEvent { rules, ..scene.new_event(details_at(101, 102)) };
    let hidden = scene.store.create_event(hidden, minute(0)).await.unwrap().sheet.event.id;
    let open = begins(scene, 103).await;
    scene.tap(hidden, 1, YES).await;
    scene.tap(open, 2, YES).await;
    let named = async |names| {
        let report = scene.store.report(request(names)).await.unwrap();
        let members: Vec<_> = report.consistent.iter().map(|tally| tally.member).collect();
        (members, report.begun)
    };
    assert_eq!(named(NamesOf::AllEvents).await, (users([1, 2]), 2));
    assert_eq!(named(NamesOf::OpenEvents).await, (users([2]), 1));
}

pub(crate) async fn an_event_says_who_was_missing_and_who_did_not_answer<S: Store>(
    scene: &Scene<S>,
) {
    let (before, event) = (begins(scene, 60).await, begins(scene, 105).await);
    for member in [1, 2, 5] {
        scene.tap(before, member, YES).await;
    }
    for member in [1, 3, 4] {
        scene.tap(event, member, YES).await;
    }
    marks(scene, event, &[3], Presence::Absent).await;
    marks(scene, event, &[1], Presence::Present).await;
    let store = &scene.store;
    let report = store.event_report(GUILD, event, minute(50), LIMITS).await.unwrap().unwrap();
    let turnout = Turnout { events: 1, answered: 3, coming: 3, present: 1, absent: 1 };
    assert_eq!((report.turnout, report.seen), (turnout, 5));
    assert_eq!((report.absent.rows, report.absent.total), (users([3]), 1));
    assert_eq!((report.unanswered.rows, report.unanswered.total), (users([2, 5]), 2));
    assert_eq!(store.event_report(OTHER_GUILD, event, minute(50), LIMITS).await, Ok(None));
}

pub(crate) async fn a_member_is_followed_week_by_week<S: Store>(scene: &Scene<S>) {
    let mut events = Vec::new();
    for at in [85, 95, 105, 106, 118] {
        events.push(begins(scene, at).await);
    }
    scene.tap(events[0], 1, YES).await;
    scene.tap(events[2], 1, NO).await;
    scene.tap(events[3], 1, YES).await;
    marks(scene, events[3], &[1], Presence::Absent).await;
    let weeks = request(NamesOf::AllEvents).weeks;
    let (guild, member, now) = (GUILD, user(1), minute(115));
    let request = MemberReportRequest { guild, member, weeks, events: 10, now };
    let report = scene.store.member_report(request).await.unwrap();
    let expected = [
        MemberWeek { begun: 2, answered: 1, came: 1, absent: 0 },
        MemberWeek { begun: 2, answered: 2, came: 0, absent: 1 },
    ];
    assert_eq!(report.weeks, expected);
    assert_eq!(report.events.total, 5);
    let rows = &report.events.rows;
    let latest: Vec<_> = rows.iter().map(|row| row.event).collect();
    assert_eq!(latest, events.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(rows[1].presence, Some(Presence::Absent));
    assert_eq!(rows[1].answer.as_ref().map(|(label, _)| &**label), Some("Yes"));
    assert_eq!((rows[0].answer.is_none(), rows[0].presence), (true, None));
}

pub(crate) async fn five_thousand_members_are_added_up_within_bounds<S: Store>(scene: &Scene<S>) {
    let (before, event) = (begins(scene, 90).await, begins(scene, 105).await);
    for member in 1..=5_000 {
        scene.tap(event, member, YES).await;
        scene.tap(before, member + 2_500, YES).await;
    }
    let report = report(scene).await;
    assert_eq!((report.whole.coming, report.seen), (5_000, 7_500));
    assert_eq!((report.members.rows.len(), report.members.total), (5_000, 5_000));
    assert_eq!((report.unanswered.rows.len(), report.unanswered.total), (2_500, 2_500));
    assert_eq!((report.consistent.len(), report.consistent[0].came), (3, 2));
}
