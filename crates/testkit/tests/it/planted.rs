//! The oracle finds every bug that is planted.

use muster_testkit::{Kind, Plant, Run};

/// Within so many seeds each must be found.
const SEEDS_MAX: u64 = 80;

/// Checks that some seed shows the bug, by breaking one of these rules.
#[track_caller]
fn found(plant: Plant, rules: &[&str]) {
    found_in(Kind::Whole, plant, rules);
}

/// The same in stories of this kind.
#[track_caller]
fn found_in(kind: Kind, plant: Plant, rules: &[&str]) {
    let shows = |seed: u64| {
        let report = Run::of(seed).about(kind).with(plant).go();
        report.is_ok_and(|report| report.violations.iter().any(|v| rules.contains(&v.rule)))
    };
    assert!((0..SEEDS_MAX).any(shows), "{plant:?} was not found in {SEEDS_MAX} seeds");
}

#[test]
fn an_answer_before_it_is_saved_is_found() {
    found(Plant::AnsweredBeforeSaved, &["I1"]);
}

#[test]
fn one_too_many_is_found() {
    found(Plant::Overbooked, &["I4"]);
}

#[test]
fn one_too_many_below_a_heading_is_found() {
    found(Plant::OverbookedBelowAHeading, &["I4"]);
}

#[test]
fn a_waitlist_out_of_order_is_found() {
    found(Plant::WaitlistOutOfOrder, &["I4"]);
}

#[test]
fn an_earlier_tap_that_wins_is_found() {
    found(Plant::EarlierTapWins, &["I1", "I4"]);
}

#[test]
fn a_repeat_that_counts_is_found() {
    found(Plant::RepeatCounts, &["I1"]);
}

#[test]
fn a_post_that_is_never_brought_up_to_date_is_found() {
    found(Plant::StaleForEver, &["I5"]);
}

#[test]
fn a_forgotten_edit_is_found() {
    found(Plant::EditForgotten, &["I5"]);
}

#[test]
fn two_answers_are_found() {
    found(Plant::AnsweredTwice, &["I8", "refused"]);
}

#[test]
fn a_missing_answer_is_found() {
    found(Plant::NeverAnswered, &["I8"]);
}

#[test]
fn an_answer_without_the_tap_is_found() {
    found(Plant::AnswerWithoutTheTap, &["I1"]);
}

#[test]
fn a_mention_of_somebody_else_is_found() {
    found(Plant::StrangerMentioned, &["I9"]);
}

#[test]
fn sending_before_marking_is_found() {
    found(Plant::SentBeforeMarked, &["I2"]);
}

#[test]
fn a_forgotten_delivery_is_found() {
    found(Plant::DeliveryForgotten, &["I3"]);
}

#[test]
fn a_delivery_that_is_given_up_wrongly_is_found() {
    found_in(Kind::Deliveries, Plant::GivenUp, &["I3"]);
}

#[test]
fn to_stop_looking_for_a_message_too_soon_is_found() {
    found_in(Kind::Deliveries, Plant::GivenUpLooking, &["I3"]);
}

#[test]
fn a_channel_that_is_not_left_alone_is_found() {
    found(Plant::RefusedAgain, &["I6"]);
}

#[test]
fn what_is_kept_for_ever_is_found() {
    found(Plant::KeptForEver, &["kept"]);
}

#[test]
fn a_tap_that_came_too_late_is_found() {
    found(Plant::ClosedEventTakesTaps, &["I1"]);
}

#[test]
fn an_answer_for_the_wrong_member_is_found() {
    found(Plant::WrongMember, &["I1"]);
}

#[test]
fn a_forgotten_change_of_answers_is_found() {
    found(Plant::OptionsForgotten, &["I1"]);
}

#[test]
fn a_removed_answer_that_takes_answers_is_found() {
    found(Plant::RemovedStaysOpen, &["I4"]);
}

#[test]
fn a_role_that_is_never_taken_is_found() {
    found(Plant::RoleKept, &["roles"]);
}

#[test]
fn what_a_clock_that_was_ahead_leaves_behind_is_found() {
    found_in(Kind::Clocks, Plant::TimesNotMended, &["I3", "I5"]);
}

#[test]
fn a_reminder_that_a_clock_set_back_repeats_is_found() {
    found_in(Kind::Clocks, Plant::RemindsAgain, &["I2"]);
}

#[test]
fn sending_again_without_a_look_is_found() {
    found_in(Kind::Deliveries, Plant::SentWithoutALook, &["I2"]);
}

#[test]
fn an_occurrence_of_which_there_are_two_events_is_found() {
    found_in(Kind::Deliveries, Plant::OccurrenceTwice, &["series"]);
}

#[test]
fn an_occurrence_that_is_posted_twice_is_found() {
    found_in(Kind::Deliveries, Plant::OccurrencePostedAgain, &["I2"]);
}

#[test]
fn an_occurrence_that_is_passed_over_is_found() {
    found_in(Kind::Deliveries, Plant::OccurrenceForgotten, &["I3"]);
}

#[test]
fn an_occurrence_that_was_missed_without_a_trace_is_found() {
    found_in(Kind::Deliveries, Plant::MissedForgotten, &["I3"]);
}

#[test]
fn a_date_that_takes_place_though_it_is_left_out_is_found() {
    found_in(Kind::Deliveries, Plant::SkippedIsMade, &["series"]);
}

#[test]
fn a_series_that_does_not_follow_its_clocks_is_found() {
    found_in(Kind::Zones, Plant::SeriesOnAnOffset, &["zones"]);
}

#[test]
fn a_thread_that_is_never_opened_is_found() {
    found_in(Kind::Places, Plant::ThreadForgotten, &["I3"]);
}

#[test]
fn a_post_in_a_forum_that_is_sent_twice_is_found() {
    found_in(Kind::Places, Plant::ForumPostedAgain, &["I2"]);
}

#[test]
fn a_reminder_that_direct_messages_swallow_is_found() {
    found_in(Kind::Reminders, Plant::SwallowedByDirect, &["I3"]);
}

#[test]
fn a_date_that_is_moved_without_its_post_is_found() {
    found_in(Kind::Dates, Plant::MovedKeepsItsPost, &["I3"]);
}

#[test]
fn a_series_that_goes_on_after_its_end_is_found() {
    found_in(Kind::Deliveries, Plant::EndedGoesOn, &["series"]);
}

#[test]
fn a_log_that_forgets_is_found() {
    found(Plant::LogForgetsALine, &["log"]);
}

#[test]
fn what_is_told_to_all_but_one_is_found() {
    found(Plant::ToldToAllButOne, &["I9"]);
}

#[test]
fn a_log_out_of_order_is_found() {
    found(Plant::LogOutOfOrder, &["log"]);
}

#[test]
fn a_file_without_the_waitlist_is_found() {
    found(Plant::ExportForgetsTheWaitlist, &["export"]);
}

#[test]
fn a_formula_in_a_table_is_found() {
    found(Plant::FormulasInTables, &["export"]);
}

#[test]
fn attendance_that_leaves_events_out_is_found() {
    found(Plant::AttendanceForgetsSilence, &["attendance"]);
}

#[test]
fn a_template_without_the_places_of_its_headings_is_found() {
    found(Plant::TemplateLosesHeadings, &["template"]);
}

#[test]
fn a_template_that_outlives_its_end_is_found() {
    found(Plant::DeletedTemplateStays, &["template"]);
}

#[test]
fn a_copy_without_a_limit_is_found() {
    found(Plant::CopyLosesPlaces, &["template"]);
}

#[test]
fn data_without_an_answer_is_found() {
    found(Plant::DataForgetsAnAnswer, &["data"]);
}
