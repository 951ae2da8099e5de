//! What a series is told as, its forms, and that all of it fits.

use expect_test::expect;
use jiff::SignedDuration;
use muster_domain::limits::{REMINDERS_MAX, REPEAT_EXCLUDED_MAX};
use muster_domain::reminder::{Audience, Reminder, ReminderTime, Reminders};

use muster_domain::settings::GuildSettings;

use super::*;
use crate::custom_id::FormAction;
use crate::views::judged::{check, check_form};
use crate::views::samples::{event, fullest_event, posted, series_of, sheet_of, texts, wrapped};

fn view(series: Series, events: Vec<Posted>) -> SeriesView {
    SeriesView { series, settings: GuildSettings::default(), events, made: Vec::new() }
}

/// A series of which everything is as long as it can be.
fn fullest() -> SeriesView {
    let mut series = series_of(&fullest_event(), "", None);
    let mut rule = series.plan.recurrence.clone();
    for next in series.plan.following(None, REPEAT_EXCLUDED_MAX) {
        rule = rule.with_excluded(next.wall).unwrap();
    }
    series.plan.recurrence = rule;
    let ahead =
        (0..i64::try_from(REMINDERS_MAX).unwrap()).map(|n| SignedDuration::from_mins(43_199 - n));
    let reminders = ahead.map(|ahead| Reminder::at(ReminderTime::Before(ahead)));
    series.plan.made_of.reminders = Some(Reminders::from_stored(reminders));
    view(series, vec![posted(sheet_of(&fullest_event(), 1)); 5])
}

#[test]
fn a_series_says_when_it_takes_place_and_when_it_is_posted() {
    let panel =
        panel(Words::usual(), &view(series_of(&event(), "", None), Vec::new()), Made::Nothing);
    check(&panel).unwrap();
    let first: Vec<_> = texts(&panel).lines().take(6).map(ToOwned::to_owned).collect();
    expect![[r"
        ## 🔁 Raid \*night\*
        **every Tuesday and Thursday**, 20:00 – 22:00 (Europe/Berlin)
        Posted on the day at 09:00, in <#3>
        **To come**
        • <t:1796151600:F> (<t:1796151600:R>)
        • <t:1796324400:F> (<t:1796324400:R>)"]]
    .assert_eq(&wrapped(&first.join("\n")));
}

#[test]
fn reminders_of_its_own_are_named() {
    let said = |own| {
        let mut series = series_of(&event(), "", None);
        series.plan.made_of.reminders = own;
        texts(&panel(Words::usual(), &view(series, Vec::new()), Made::Nothing))
    };
    assert!(!said(None).contains("remind"), "{}", said(None));
    let own = "Its events have reminders of their own: at 16:00, 1h before, 15m before";
    assert!(said(Some(Reminders::default())).contains(own));
    assert!(said(Some(Reminders::none())).contains("Nobody is reminded of its events"));
    let hour = Reminder::at(ReminderTime::Before(SignedDuration::from_hours(1)));
    let twice = Reminder { audience: Audience::Everyone, ..hour };
    let one = Reminders::default().with(twice);
    assert!(said(one.ok()).contains(own), "each time is named once");
    let minutes = (1..=i64::try_from(REMINDERS_MAX).unwrap()).map(SignedDuration::from_mins);
    let many = minutes.map(|ahead| Reminder::at(ReminderTime::Before(ahead)));
    let said = said(Some(Reminders::from_stored(many)));
    assert!(said.contains(": 50m before, 49m before, "), "{said}");
    assert!(said.contains(", 41m before and 40 more"), "{said}");
}

#[test]
fn a_rule_that_leaves_out_months_says_so() {
    let mut series = series_of(&event(), "", None);
    let line = |series: &Series| {
        let panel = panel(Words::usual(), &view(series.clone(), Vec::new()), Made::Nothing);
        texts(&panel).lines().nth(2).unwrap().to_owned()
    };
    for (rule, start, said) in [
        ("FREQ=MONTHLY", "2027-01-31T20:00", "-# Months without that day are left out; write"),
        ("FREQ=YEARLY", "2028-02-29T20:00", "-# Only leap years have a 29 February; other"),
        ("FREQ=MONTHLY;BYDAY=5FR", "2027-01-29T20:00", "-# Months without a fifth one are left"),
        ("FREQ=MONTHLY", "2027-01-28T20:00", "Posted on the day at 09:00, in"),
    ] {
        series.plan.recurrence = Recurrence::from_text(&format!("RRULE:{rule}")).unwrap();
        series.plan.start = start.parse().unwrap();
        assert!(line(&series).starts_with(said), "{rule}: {}", line(&series));
    }
}

#[test]
fn a_date_that_has_an_event_at_another_time_stands_there_once() {
    let series = series_of(&event(), "", None);
    let wall = series.plan.following(None, 1)[0].wall;
    let made = vec![(wall, muster_domain::id::EventId::new(9))];
    let shown = view(series, vec![posted(sheet_of(&event(), 1))]);
    let lines = |view: &SeriesView| dates(Words::usual(), view).matches("•").count();
    let all = lines(&shown);
    assert_eq!(lines(&SeriesView { made, ..shown }), all - 1);
}

#[test]
fn the_fullest_series_fits_in_all_its_answers() {
    let view = fullest();
    let next = view.series.plan.following(None, 1)[0];
    check(&panel(Words::usual(), &view, Made::Change)).unwrap();
    check(&one(Words::usual(), &view.series, next)).unwrap();
    check(&place(Words::usual(), &view.series)).unwrap();
    check(&skipped(Words::usual(), &view, next.wall)).unwrap();
    check(&unskipped(Words::usual(), &view, next.wall)).unwrap();
    check(&posting_now(Words::usual(), &view.events[0])).unwrap();
    let rules = vec![view.series.plan.recurrence.clone(); 4];
    check(&which_repeat(Words::usual(), muster_domain::id::InteractionId::new(1), &rules)).unwrap();
    let action = FormAction::SeriesEdit(view.series.id, 1);
    check_form(&form(Words::usual(), action, "Edit the series", &form_of(&view.series))).unwrap();
    check_form(&posting_form(Words::usual(), &view.series, &"w".repeat(100))).unwrap();
    let ended = Series { ended_at: Some(jiff::Timestamp::MIN), ..view.series };
    check(&panel(Words::usual(), &SeriesView { series: ended, ..fullest() }, Made::Change))
        .unwrap();
}

#[test]
fn long_events_say_how_long_they_last() {
    let mut series = series_of(&event(), "", None);
    series.plan.made_of.duration = jiff::SignedDuration::from_hours(50);
    assert_eq!(times(Words::usual(), &series.plan), "20:00, for 2d 2h");
}
