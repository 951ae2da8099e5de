//! What every store must do, told once and run for each.

mod attendance;
mod changes;
mod clocks;
mod connections;
mod creating;
mod deliveries;
mod direct;
mod drafts;
mod due;
mod grants;
mod guilds;
mod lanes;
mod lists;
mod news;
mod nudges;
mod places;
mod posts;
mod presences;
mod privacy;
mod reminders;
mod reports;
mod rosters;
mod schedules;
mod taps;
mod telling;
mod templates;
mod troubles;
mod undoing;
mod upkeep;
mod wishes;

/// Runs every story on a fresh store of one kind; `$fresh` makes it, with what keeps it alive.
macro_rules! conformance {
    ($world:ident, $fresh:path, $($file:ident { $($story:ident)* })*) => {
        mod $world {
            $(mod $file {
                $(#[tokio::test]
                async fn $story() {
                    let (store, _alive) = $fresh();
                    let scene = crate::scene::Scene::new(store);
                    crate::conformance::$file::$story(&scene).await;
                })*
            })*
        }
    };
}

/// All stories, for one kind of store. Another database adds one line below.
macro_rules! all_stories {
    ($world:ident, $fresh:path) => {
        conformance! { $world, $fresh,
            guilds {
                a_new_guild_is_greeted_once
                a_guild_that_gave_a_command_before_it_arrived_is_new
                a_guild_that_comes_back_finds_everything_as_it_was
                nothing_is_sent_to_a_guild_that_removed_the_bot
                settings_are_defaults_until_they_are_changed
                organiser_roles_keep_their_order_and_are_replaced
                a_member_chooses_a_zone_and_forgets_it
                a_removal_that_nobody_saw_is_noticed_later
            }
            nudges {
                an_empty_week_is_told_on_its_monday_and_once
                a_week_with_an_event_or_an_occurrence_is_not_told
                a_week_on_which_the_schedule_rests_is_not_told
                what_was_planned_before_the_report_left_is_not_told
                a_week_is_not_told_of_a_day_late_or_without_the_bot
                a_clock_that_was_years_ahead_decides_no_week
            }
            presences {
                only_who_has_a_place_is_marked_and_each_once
                who_came_without_a_place_is_marked_if_they_have_answered
                the_rest_can_be_marked_at_once_and_that_taken_back
                what_was_marked_otherwise_since_stays
                an_event_of_another_guild_cannot_be_marked
                marks_stand_in_the_history_and_in_what_is_kept_on_a_member
                who_was_erased_keeps_a_mark_without_a_name
                an_event_keeps_the_first_secret_of_its_codes
            }
            reports {
                members_are_counted_once_for_each_day_and_week
                who_comes_most_often_is_counted_without_those_who_were_missing
                who_came_before_and_answers_nothing_is_listed
                hidden_names_are_left_out_where_all_read
                an_event_says_who_was_missing_and_who_did_not_answer
                a_member_is_followed_week_by_week
                five_thousand_members_are_added_up_within_bounds
            }
            privacy {
                a_member_is_told_all_that_is_kept
                an_organiser_is_told_of_their_events_acts_and_templates
                an_erased_member_leaves_a_place_without_a_name
                who_is_erased_before_the_start_leaves_the_place_to_the_next
                who_is_erased_while_the_event_is_off_leaves_the_place_once_it_is_on
                the_history_says_that_somebody_was_erased
                who_was_erased_can_sign_up_anew_and_be_erased_again
                an_erased_organiser_is_named_nowhere
                messages_that_wait_lose_the_name_and_those_for_nobody_else_end
                nobody_else_is_touched
            }
            troubles {
                what_came_too_late_is_told_once_in_one_report
                without_a_channel_for_it_nobody_is_told_of_what_is_too_late
                of_messages_to_members_that_came_too_late_nobody_is_told
                a_broken_channel_is_told_once_until_it_works
                without_a_channel_for_it_the_events_organiser_is_told
                a_report_that_its_channel_does_not_take_goes_to_an_organiser
                what_was_taken_back_is_not_told
                a_failed_message_is_tried_again_when_somebody_asks
                what_may_have_arrived_is_looked_for_before_it_is_sent_again
                what_is_not_worth_it_any_more_is_not_tried_again
                a_channel_that_works_again_gets_what_waits_for_it
                a_deleted_post_is_told_once
                the_outlook_names_what_events_to_come_need
                channels_are_in_use_by_when_something_is_due_in_them
                the_outlook_names_what_series_and_reminders_need
                a_channel_of_a_series_is_told_when_it_breaks
                a_thread_of_a_post_is_told_when_it_breaks
                a_sound_database_says_so
            }
            templates {
                a_template_is_found_by_its_name_in_any_case_as_it_was_saved
                a_name_is_given_once_in_a_guild
                templates_are_listed_by_name_and_found_by_a_part_of_it
                a_deleted_template_comes_back_unless_its_name_was_given_again
                a_saved_template_is_taken_back_for_a_while_and_only_itself
                a_template_takes_the_place_of_another_until_that_is_taken_back
                a_guild_has_so_many_templates_and_no_more
            }
            creating {
                a_new_event_is_stored_as_it_was_given
                the_same_interaction_creates_one_event
                an_event_of_another_guild_does_not_exist
                times_are_kept_to_the_millisecond
            }
            taps {
                answers_are_kept_in_order
                the_same_answer_again_changes_nothing
                an_option_that_is_not_offered_changes_nothing
                a_full_event_puts_newcomers_on_the_waitlist
                a_place_that_becomes_free_goes_to_who_waits_longest
                an_answer_can_be_taken_back_and_given_again
                a_repeated_tap_changes_nothing
                a_late_repeat_does_not_undo_a_later_answer
                a_closed_event_takes_no_answers
                until_the_start_a_closed_event_lets_members_go_and_the_next_come_up
                an_event_of_another_guild_cannot_be_tapped
                every_taken_answer_is_a_new_version
                every_answer_shows_what_is_stored
                sixty_four_at_once_fill_ten_places_in_order_of_commit
                a_tap_is_told_where_the_post_is
            }
            rosters {
                an_option_has_places_of_its_own
                options_below_a_heading_share_its_places
                nobody_loses_a_place_without_agreeing
                guests_come_along_as_far_as_the_rules_go
                who_waits_cannot_bring_more_than_there_will_ever_be_room_for
                guests_are_not_carried_to_where_there_will_never_be_room
                only_those_may_answer_whom_the_rules_let
                priority_stands_before_others_in_line
                an_offer_is_told_accepted_or_goes_to_the_next
                a_place_is_accepted_or_declined_only_while_it_is_held
                a_place_that_is_held_can_be_accepted_whatever_the_event_offers_by_now
                who_may_go_first_by_now_does_by_answering_again
                the_line_stands_by_the_list_of_those_who_go_first_as_it_is_now
                while_answers_are_closed_a_place_is_not_offered_but_given
                an_offer_lasts_until_answers_close_and_the_place_goes_to_the_next
                an_organiser_answers_for_a_member
                what_was_done_for_a_member_is_taken_back_with_all_that_it_was
                two_members_swap_and_nobody_in_line_comes_between
                who_swaps_with_somebody_in_line_is_told_and_all_is_taken_back
                what_cannot_be_swapped_changes_nothing
                a_member_is_moved_although_it_costs_the_place
                who_comes_late_is_put_back_with_the_time_moved_with_the_event
                what_was_done_for_a_member_is_not_taken_back_late_nor_over_their_own_answer
                an_organiser_answers_until_the_event_is_over
                an_option_that_is_removed_keeps_its_answers
                new_rules_and_options_seat_anew
                who_loses_a_place_is_told_if_nothing_happened_since
                where_names_are_hidden_a_loss_that_did_not_last_is_told_to_nobody
                an_event_is_as_it_was_at_each_version
                the_organiser_is_asked_once_if_too_few_are_coming
                organisers_are_asked_in_the_channel_that_the_guild_chose_for_them
            }
            grants {
                who_comes_gets_the_role_and_loses_it_again
                a_role_under_way_when_the_bot_is_removed_is_given_after_its_return
                what_was_there_before_is_never_taken
                what_was_asked_for_may_be_there_and_is_taken
                who_changes_their_mind_meanwhile_gets_what_they_want_last
                a_role_waits_as_long_as_it_is_told
                another_event_that_gives_the_role_keeps_it
                at_the_end_and_when_it_is_off_roles_go
                a_clock_that_was_behind_gives_no_role_of_what_is_over
                an_erased_member_loses_the_role
            }
            schedules {
                an_occurrence_is_posted_once_when_its_time_comes
                after_a_time_away_what_is_not_over_is_posted
                what_is_made_late_reminds_those_who_need_not_have_answered
                what_an_early_end_of_a_rest_brings_reminds_of_nothing_before_it
                after_months_away_nobody_hears_of_every_day
                a_skipped_occurrence_is_not_made
                an_ended_series_makes_nothing_until_it_goes_on
                a_changed_series_is_posted_by_its_new_plan
                a_change_of_a_series_is_made_once_and_not_on_top_of_another
                a_change_of_a_series_is_taken_back_by_its_author
                a_creation_taken_back_ends_the_series
                an_occurrence_can_be_made_ahead_and_is_not_made_again
                a_date_that_is_moved_alone_is_posted_by_its_new_start
                a_move_of_a_date_that_is_taken_back_takes_its_posting_back
                a_date_made_ahead_reminds_nobody_of_what_they_cannot_see
                an_occurrence_made_ahead_can_be_posted_at_once
                a_date_that_was_called_off_is_not_made_again_however_long_ago
                an_ended_series_without_events_goes_after_its_time
                an_occurrence_made_ahead_can_be_posted_elsewhere
                what_was_made_ahead_goes_with_its_date_or_its_series
                what_went_with_its_date_is_not_among_what_can_be_brought_back
                what_was_made_ahead_and_not_changed_is_as_its_series
                a_series_has_reminders_of_its_own_and_what_was_made_ahead_follows
                what_was_changed_alone_stays_until_the_week_rests_there
                what_was_changed_alone_comes_back_with_its_skipped_date
                what_was_changed_alone_comes_back_when_the_end_is_taken_back
                what_was_changed_alone_comes_back_when_the_rest_of_its_week_ends
                what_an_organiser_deleted_does_not_come_back_with_its_date
                the_weekly_schedule_rests_on_skipped_days
                a_guild_has_so_many_skips_and_events_a_day
                a_guild_that_removed_the_bot_has_nothing_made
                a_week_that_is_being_set_up_is_remembered
                what_a_clock_ahead_took_for_missed_is_made_in_its_time
                what_a_clock_ahead_passed_over_is_made_once_it_is_right
                what_a_clock_far_ahead_passed_over_is_made_once_it_is_right
                what_was_over_before_its_post_is_told_once
                an_end_that_is_taken_back_has_missed_nothing
                a_series_that_a_clock_ahead_held_waits_no_longer_than_any
                what_is_due_while_a_series_is_held_is_late_and_not_missed
                what_begins_while_it_is_held_is_reminded_of_no_more
                what_is_due_while_a_clock_that_was_ahead_holds_a_series_is_late
                nothing_is_made_ahead_of_a_series_that_has_ended
                a_rest_that_ends_early_has_missed_nothing
                what_was_missed_before_a_rest_is_told_though_that_ends_early
                a_rest_that_is_forgotten_has_missed_nothing
                a_day_takes_place_after_all_though_a_later_one_was_posted
                a_clock_an_hour_ahead_loses_no_occurrence
                a_clock_half_a_day_ahead_loses_no_occurrence
                what_was_passed_over_by_a_clock_ahead_is_made_in_its_time
                what_an_organiser_deleted_stays_deleted_at_every_start
                a_post_that_waits_for_its_time_is_no_mistake_of_a_clock
                what_was_made_at_one_time_of_a_day_is_not_made_at_another
                an_erased_organiser_is_named_by_no_series_and_no_event_of_it
            }
            reminders {
                each_is_due_at_its_time_and_once
                a_reminder_leaves_the_post_as_it_is
                whom_a_reminder_is_for_still_is_known_when_it_leaves
                who_has_no_place_is_known_when_a_reminder_leaves
                a_clock_that_goes_back_repeats_nothing
                after_a_time_away_what_is_worth_it_goes_out_and_the_rest_is_noted
                an_event_that_is_over_is_reminded_of_still
                a_move_plans_anew_and_takes_back_what_has_not_left
                a_move_takes_back_what_waits_for_its_turn
                what_does_not_take_place_is_not_reminded_of
                an_edit_of_the_title_loses_no_reminder
                a_list_is_the_guilds_until_an_event_has_its_own
                a_new_list_holds_from_then_on_and_the_old_one_until_then
                whom_two_reminders_mean_at_one_instant_hears_of_it_once
                where_names_are_hidden_reminders_name_nobody
                a_role_is_mentioned_as_a_whole
                who_came_before_and_has_not_answered_is_reminded
                a_change_is_taken_back_unless_the_list_was_changed_since
            }
            clocks {
                an_event_taken_for_over_is_as_it_was
                a_reminder_left_out_too_early_leaves_also_if_that_is_seen_after_it_was_due
                a_reminder_that_left_ahead_of_its_time_does_not_leave_again
                a_reminder_planned_ahead_of_its_time_leaves_in_time
                nothing_waits_for_a_time_that_is_far_off
                a_post_left_out_too_early_is_due_again
                an_offer_lasts_no_longer_than_its_time
            }
            direct {
                news_go_directly_to_those_who_want_that
                who_wants_none_any_more_gets_none
                what_is_told_goes_out_once_and_says_how_far_it_is
                something_is_told_to_those_with_a_place_or_without
                nobody_is_told_too_often
                what_was_taken_back_in_time_nobody_hears
                nothing_is_told_where_nobody_comes
            }
            telling {
                a_note_is_kept_and_the_post_looks_the_same
                who_comes_late_is_shown_so
                who_comes_late_does_so_by_as_much_when_the_event_moves
                who_comes_late_still_does_after_a_change_of_the_time_was_undone
                what_is_said_counts_once_and_the_latest_counts
                nothing_can_be_said_without_an_answer_or_after_the_end
                a_roster_is_read_in_parts_and_in_order
                who_waits_for_an_answer_is_ranked_among_those_who_wait_for_it
                the_history_tells_who_did_what_newest_first
                the_history_tells_of_reminders_and_of_posts_made_again
                a_line_of_history_has_what_was_and_what_is
            }
            changes {
                an_edit_is_stored_and_makes_the_post_stale
                a_change_that_is_refused_changes_nothing
                an_event_of_another_guild_cannot_be_changed
                more_places_promote_and_fewer_unseat
                a_cancelled_event_is_restored_with_its_answers
                a_closed_event_is_reopened
                a_deleted_event_takes_back_its_post
                a_post_that_is_leaving_while_its_event_is_deleted_is_removed
                a_deleted_event_that_was_posted_is_to_be_removed
                an_edit_on_top_of_anothers_is_not_made_but_told
                an_edit_of_what_is_cancelled_is_refused_as_such
                a_repeated_change_changes_nothing
                a_post_left_out_while_cancelled_is_made_after_all
                a_post_that_was_made_is_not_made_again_after_a_cancellation
            }
            attendance {
                answers_are_counted_by_what_they_mean
                answers_are_listed_latest_event_first
            }
            undoing {
                a_change_is_taken_back_with_the_answers_given_since
                who_lost_a_place_by_a_mistake_has_it_again
                who_left_since_a_mistake_leaves_the_place_to_the_line
                who_lost_an_offer_by_a_closing_has_one_again_once_that_is_undone
                what_takes_place_after_all_offers_places_anew
                only_who_made_the_latest_change_takes_it_back_and_in_time
                a_repeated_undo_changes_nothing
                an_undo_is_a_change_of_its_own_in_the_history
                a_creation_that_is_taken_back_is_told_and_comes_back
                what_was_called_off_is_listed_until_it_is_let_go
            }
            news {
                a_move_is_told_to_those_who_may_come_after_a_moment
                a_change_of_title_is_no_news
                a_cancellation_taken_back_in_time_is_never_told
                a_cancellation_that_went_out_is_followed_by_its_end
                a_move_back_in_time_is_never_told
                a_second_move_replaces_the_first
                a_cancellation_taken_back_still_tells_the_move_before_it
                news_in_somebodys_hands_goes_out_and_is_followed
                promotions_are_told_at_once
                a_promotion_is_told_even_if_the_event_moves_after_it
                many_are_told_in_parts_in_order
                where_names_are_hidden_news_name_nobody_and_direct_messages_arrive
            }
            deliveries {
                a_delivery_is_in_one_pair_of_hands
                a_lease_that_ends_sets_the_delivery_free
                attempts_are_counted_and_the_first_is_remembered
                an_ended_delivery_is_never_attempted_again
                whoever_was_too_slow_changes_nothing_any_more
                who_gave_a_delivery_back_does_not_hold_it
                a_message_of_who_was_too_slow_is_not_sent_again
                an_attempt_that_was_not_taken_counts_as_never_made
                an_unclear_attempt_is_remembered_whatever_comes_after
                a_look_that_told_nothing_counts_though_nothing_was_sent
                a_postponed_delivery_waits_and_keeps_when_it_was_due
                a_message_that_exists_counts_even_after_the_end
                every_end_ends
                old_deliveries_are_forgotten
            }
            lanes {
                a_channel_gets_its_deliveries_one_after_the_other
                channels_do_not_wait_for_each_other
                a_postponed_delivery_keeps_its_turn
                a_delivery_due_later_does_not_hold_up_one_due_now
                many_that_wait_in_one_channel_hide_nothing_in_another
                a_guild_that_removed_the_bot_holds_up_no_messages_of_others
            }
            due {
                nothing_is_due_in_an_empty_store
                a_delivery_then_its_lease_then_the_event_is_due
                who_waits_in_a_lane_is_not_due
                events_turn_when_their_time_comes
                at_most_so_many_events_turn_at_once
                events_of_a_guild_that_removed_the_bot_turn_when_it_is_back
            }
            posts {
                a_post_leads_to_its_event_in_its_guild_alone
                a_sent_post_shows_what_it_was_sent_with
                a_post_is_stale_until_it_shows_the_newest_version
                a_post_that_is_to_be_refreshed_is_stale_whatever_it_shows
                what_a_post_shows_never_becomes_older
                an_older_copy_of_a_post_says_nothing_about_it
                the_oldest_change_comes_first
                a_post_that_is_gone_is_posted_again_once
                a_new_message_is_judged_by_what_it_shows
                a_post_that_was_never_sent_can_be_posted_again
                live_posts_are_those_of_events_that_are_not_over
            }
            wishes {
                choices_are_of_one_guild_and_quiet_hours_of_all
                who_wants_no_mention_is_left_out_of_reminders_and_of_no_other_news
                who_chose_otherwise_while_a_reminder_waited_is_not_mentioned
                a_reminder_for_nobody_is_noted_and_not_posted
                quiet_hours_leave_mentions_out_and_move_direct_messages_to_their_end
                what_cannot_wait_until_the_quiet_hours_end_is_left_out
                quiet_hours_are_in_the_zone_of_the_member
                what_waits_for_a_member_who_wants_none_any_more_is_skipped
                those_who_have_not_answered_are_mentioned_once
                too_many_are_not_mentioned_one_by_one
                choices_are_told_and_erased
                a_message_put_off_until_another_reminder_is_due_does_not_stand_for_it
                whose_turn_would_come_after_the_start_gets_no_message_before_it
                a_direct_reminder_takes_nobodys_mention_at_the_same_instant
            }
            places {
                a_thread_is_opened_on_the_post_where_the_guild_wants_it
                news_go_into_the_thread_once_there_is_one
                reminders_go_into_the_thread_unless_they_are_for_the_channel
                a_chore_that_cannot_be_done_is_listed_in_its_guild
                what_was_given_up_anywhere_is_listed_for_the_operator
                nothing_is_done_for_a_guild_that_removed_the_bot
                a_moved_post_replaces_the_one_before_when_it_is_there
                a_move_that_discord_refuses_leaves_the_post_where_it_is
                a_move_is_taken_back_for_a_while_unless_there_was_another
                of_two_moves_the_later_one_counts_whichever_arrives_first
                what_waits_to_be_posted_is_posted_at_once_where_it_is_moved
                what_waits_to_be_posted_is_posted_when_it_is_asked_for
                an_event_of_another_guild_cannot_be_moved
                a_moved_post_gets_a_thread_and_the_one_before_is_archived
                a_post_in_a_forum_is_a_thread_and_its_event_stays_the_forums
                news_of_a_post_in_a_forum_that_is_not_known_have_no_place
                a_thread_is_called_as_its_event_is_and_gets_a_name_in_five_minutes
                a_thread_that_got_an_outdated_name_is_given_the_present_one
                a_thread_that_may_be_there_since_before_a_renaming_is_renamed
                a_post_in_a_forum_is_renamed_though_it_was_on_its_way
                a_post_in_a_forum_that_was_found_is_renamed_if_its_event_was
                an_event_without_a_thread_has_nothing_to_rename
                a_name_planned_by_a_clock_that_was_ahead_waits_no_longer
                a_post_left_behind_by_a_clock_that_was_ahead_is_deleted_all_the_same
                posts_are_deleted_so_long_after_the_end_as_the_guild_wants
                a_post_that_is_found_after_the_end_is_cleaned_away_as_well
                posts_stay_and_threads_are_archived_where_the_guild_wants_that
                a_cancelled_event_is_cleaned_away_when_it_would_have_ended
            }
            upkeep {
                nothing_is_to_go_from_what_is_in_use
                an_event_that_was_called_off_goes_after_its_time
                what_a_clock_that_was_behind_called_off_is_kept_from_its_creation_on
                a_guild_goes_after_its_time_with_all_that_is_its
                a_guild_that_came_back_in_time_keeps_everything
                a_large_event_goes_in_pieces_of_which_nobody_sees_half
                a_deleted_template_goes_after_its_time
                an_event_goes_when_its_guild_has_kept_it_long_enough
                a_choice_of_how_long_to_keep_takes_effect_after_a_while
                how_long_one_guild_keeps_events_is_no_other_guilds_business
            }
            lists {
                upcoming_events_come_soonest_first_in_windows
                the_nearest_events_come_first
                words_are_found_in_any_case
                exact_titles_come_before_those_that_contain_the_words
                events_between_two_instants
                what_a_member_answered
                guilds_see_only_their_own_events
            }
            connections {
                a_session_is_kept_and_forgotten
                begun_sessions_are_counted_within_a_time
                registered_commands_are_remembered_per_application
            }
            drafts {
                a_draft_is_for_who_filled_it_in
                a_draft_saved_again_replaces_itself
                old_drafts_are_forgotten
            }
        }
    };
}

all_stories!(sqlite_with_threads, crate::sqlite::fresh_with_threads);
all_stories!(sqlite_inline, crate::sqlite::fresh_in_memory);
