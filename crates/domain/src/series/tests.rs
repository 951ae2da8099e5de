//! Series: what their events are, and what organisers can do to them.

use jiff::civil::date;

use super::*;
use crate::event::tests::event;
use crate::recurrence::{Frequency, Rule};
use crate::text::Description;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Every evening at eight in Berlin, for two hours, from the 20th of October 2026 on.
fn plan() -> SeriesPlan {
    SeriesPlan {
        title: Title::parse("Raid").unwrap(),
        made_of: Template {
            description: Description::parse("Bring water.").ok(),
            ..Template::plain(SignedDuration::from_hours(2))
        },
        fields: ExtraFields::parse("Outfit: kilt").unwrap(),
        channel: ChannelId::new(3),
        zone: Zone::parse("Europe/Berlin").unwrap(),
        start: date(2026, 10, 20).at(20, 0, 0, 0),
        recurrence: Recurrence::new(Rule::every(Frequency::Daily)).unwrap(),
        posting: Posting::default(),
    }
}

fn series() -> Series {
    let (id, guild, host) = (SeriesId::new(1), GuildId::new(2), UserId::new(4));
    let (day, made_to, ended_at, held_until) = (None, None, None, None);
    Series { id, guild, host, day, plan: plan(), version: 1, made_to, ended_at, held_until }
}

#[test]
fn nothing_is_posted_while_a_series_is_held_and_all_else_at_its_time() {
    let held = Series { held_until: Some(at("2026-10-20T12:00:00Z")), ..series() };
    let nine = date(2026, 10, 20).at(9, 0, 0, 0).time();
    let posts: Vec<_> =
        held.upcoming(2).into_iter().map(|next| held.post_at(next, nine).to_string()).collect();
    assert_eq!(posts, ["2026-10-20T12:00:00Z", "2026-10-21T07:00:00Z"]);
}

#[test]
fn events_keep_the_time_on_the_wall_when_clocks_change() {
    let starts: Vec<_> =
        plan().following(None, 6).iter().map(|occurrence| occurrence.at.to_string()).collect();
    assert_eq!(starts[4..], ["2026-10-24T18:00:00Z", "2026-10-25T19:00:00Z"]);
}

#[test]
fn an_event_has_all_of_its_series_with_its_extra_fields() {
    let first = plan().after(None).unwrap();
    let details = plan().details(first).unwrap();
    assert_eq!(details.span.duration(), SignedDuration::from_hours(2));
    let text = details.description.unwrap();
    assert_eq!(
        (details.title.as_str(), text.as_str()),
        ("Raid", "Bring water.\n\n**Outfit:** kilt")
    );
}

#[test]
fn a_plan_of_which_no_event_can_be_made_is_refused() {
    let mut long = plan();
    long.made_of.description = Description::parse(&"x".repeat(Description::MAX)).ok();
    assert_eq!(long.checked(), Err(SeriesPlanError::TextTooLong));
    let mut endless = plan();
    endless.made_of.duration = SignedDuration::from_hours(24 * 31);
    assert_eq!(endless.checked(), Err(SeriesPlanError::Length));
    assert!(plan().checked().is_ok());
}

#[test]
fn the_next_to_begin_is_found_whatever_clocks_show() {
    let next = |now: &str| plan().beginning_after(at(now)).unwrap().at.to_string();
    assert_eq!(next("2026-01-01T00:00:00Z"), "2026-10-20T18:00:00Z");
    assert_eq!(next("2026-10-20T17:59:59Z"), "2026-10-20T18:00:00Z");
    assert_eq!(next("2026-10-20T18:00:00Z"), "2026-10-21T18:00:00Z");
    // At two, clocks go on to three on the 28th of March 2027: it begins an hour later than it says.
    let night = SeriesPlan { start: date(2027, 3, 27).at(2, 30, 0, 0), ..plan() };
    let next = night.beginning_after(at("2027-03-28T01:00:00Z")).unwrap();
    assert_eq!(
        (next.at.to_string().as_str(), next.wall),
        ("2027-03-28T01:30:00Z", date(2027, 3, 28).at(2, 30, 0, 0))
    );
}

#[test]
fn what_was_made_is_not_made_again_and_what_has_ended_makes_nothing() {
    let first = date(2026, 10, 20).at(20, 0, 0, 0);
    let series = Series { made_to: Some(first), ..series() };
    assert_eq!(series.next().map(|next| next.wall.date()), Some(date(2026, 10, 21)));
    assert_eq!(series.upcoming(3).len(), 3);
    let ended = Series { ended_at: Some(at("2026-10-20T21:00:00Z")), ..series };
    assert!(ended.next().is_none() && ended.upcoming(3).is_empty());
}

#[test]
fn a_series_goes_on_as_one_of_its_events_was_changed() {
    let mut before = event();
    before.details.description = plan().details(plan().after(None).unwrap()).unwrap().description;
    let mut after = before.clone();
    after.details.location = crate::text::Location::parse("Bridge").ok();
    let later = after.details.span.start() + SignedDuration::from_mins(30);
    after.details.span = crate::event::Span::new(later, after.details.span.end()).unwrap();
    let like = plan().changed_like(&before, &after);
    // The event begins at 18:30 UTC, which is 19:30 in Berlin by then.
    assert_eq!(like.start, date(2026, 10, 20).at(19, 30, 0, 0));
    assert_eq!(like.made_of.location, after.details.location);
    assert_eq!(like.made_of.duration, SignedDuration::from_mins(90));
    assert_eq!(
        (&like.made_of.description, &like.fields),
        (&plan().made_of.description, &plan().fields)
    );
    after.details.description = Description::parse("No kilts.").ok();
    let like = plan().changed_like(&before, &after);
    assert_eq!(
        (like.made_of.description, like.fields.is_empty()),
        (after.details.description, true)
    );
}

#[test]
fn what_was_not_changed_of_an_event_stays_as_the_series_has_it() {
    let mut before = event();
    // Of this week alone, or older than what the series offers by now.
    before.rules.names_hidden = true;
    before.details.capacity = crate::capacity::Capacity::parse(3).ok();
    before.options = crate::option_words::read("Tank 2, Bench").unwrap();
    let mut after = before.clone();
    after.details.title = Title::parse("Siege").unwrap();
    let like = plan().changed_like(&before, &after);
    assert_eq!(like, SeriesPlan { title: after.details.title, ..plan() });
}

#[test]
fn what_is_left_out_stays_so_at_another_time_of_day() {
    let second = date(2026, 10, 21).at(20, 0, 0, 0);
    let skipped = series().stepped(SeriesStep::Skip(second), at("2026-10-01T00:00:00Z")).unwrap();
    let later = skipped.plan.at_time(jiff::civil::time(21, 0, 0, 0));
    let days: Vec<_> = later.following(None, 2).iter().map(|o| o.wall.date().day()).collect();
    assert_eq!(days, [20, 22]);
}

#[test]
fn only_what_is_to_come_can_be_left_out() {
    let now = at("2026-10-01T00:00:00Z");
    let made = Series { made_to: Some(date(2026, 10, 20).at(20, 0, 0, 0)), ..series() };
    let skip =
        |day, hour| made.stepped(SeriesStep::Skip(date(2026, 10, day).at(hour, 0, 0, 0)), now);
    assert_eq!(skip(20, 20), Err(SeriesRefusal::NoSuchOccurrence), "made already");
    assert_eq!(skip(21, 19), Err(SeriesRefusal::NoSuchOccurrence), "never was one");
    let skipped = skip(21, 20).unwrap();
    assert_eq!(skipped.next().map(|next| next.wall.date().day()), Some(22));
    let back = skipped.stepped(SeriesStep::Unskip(date(2026, 10, 21).at(20, 0, 0, 0)), now);
    assert_eq!(back.unwrap().next().map(|next| next.wall.date().day()), Some(21));
}

#[test]
fn a_series_ends_and_goes_on() {
    let now = at("2026-10-01T00:00:00Z");
    let ended = series().stepped(SeriesStep::End, now).unwrap();
    assert_eq!(ended.ended_at, Some(now));
    assert_eq!(ended.stepped(SeriesStep::End, now), Err(SeriesRefusal::Ended));
    let resumed = ended.stepped(SeriesStep::Resume, now).unwrap();
    assert_eq!((resumed.ended_at, resumed.next()), (None, series().next()));
    assert_eq!(series().stepped(SeriesStep::Resume, now), Err(SeriesRefusal::GoesOn));
}

#[test]
fn what_was_over_while_a_series_had_ended_is_not_made_when_it_goes_on() {
    let ended = series().stepped(SeriesStep::End, at("2026-10-20T12:00:00Z")).unwrap();
    let resumed = |now: &str| {
        let resumed = ended.stepped(SeriesStep::Resume, at(now)).unwrap();
        resumed.next().map(|next| next.wall.date().day())
    };
    assert_eq!(resumed("2026-10-20T19:59:59Z"), Some(20), "it takes place still");
    assert_eq!(resumed("2026-10-20T20:00:00Z"), Some(21));
    assert_eq!(resumed("2026-10-24T12:00:00Z"), Some(24));
}

#[test]
fn what_is_over_cannot_take_place_after_all() {
    let first = date(2026, 10, 20).at(20, 0, 0, 0);
    let skipped = series().stepped(SeriesStep::Skip(first), at("2026-10-20T12:00:00Z")).unwrap();
    let back = |now: &str| skipped.stepped(SeriesStep::Unskip(first), at(now));
    assert!(back("2026-10-20T19:59:59Z").is_ok());
    assert_eq!(back("2026-10-20T20:00:00Z"), Err(SeriesRefusal::NoSuchOccurrence));
}

#[test]
fn a_series_goes_on_at_its_time_as_an_event_that_daylight_saving_moved_on() {
    let night = SeriesPlan { start: date(2027, 3, 27).at(2, 30, 0, 0), ..plan() };
    let mut before = event();
    let start = at("2027-03-28T01:30:00Z");
    before.details.span = crate::event::Span::new(start, at("2027-03-28T02:30:00Z")).unwrap();
    let mut after = before.clone();
    after.details.title = Title::parse("Siege").unwrap();
    let time = |after: &Event| night.clone().changed_like(&before, after).start.time();
    assert_eq!(time(&after), jiff::civil::time(2, 30, 0, 0), "and no other was asked for");
    let later = at("2027-03-28T02:00:00Z");
    after.details.span = crate::event::Span::new(later, at("2027-03-28T03:00:00Z")).unwrap();
    assert_eq!(time(&after), jiff::civil::time(4, 0, 0, 0));
}

#[test]
fn other_answers_are_for_what_is_still_to_be_made_and_change_nothing_else() {
    let before = Series { made_to: Some(date(2026, 10, 14).at(20, 0, 0, 0)), ..series() };
    let options = crate::option_words::read("Tank 2, Bench").unwrap();
    let step = SeriesStep::Options(options.clone());
    let after = before.stepped(step, at("2026-10-01T00:00:00Z")).unwrap();
    let mut expected = before.clone();
    expected.plan.made_of.options = options;
    assert_eq!(after, expected);
    assert_eq!(after.next(), before.next());
}
