//! The promises of the trait, as cases that every backend has to pass.
//!
//! A backend joins with one line: `suite!(path::to::open)`, where `open` gives an empty store and
//! whatever has to be kept alive meanwhile. Each case becomes a test of its own name.

pub mod access;
pub mod accounts;
pub mod administered;
pub mod audit;
pub mod erasure;
pub mod finding;
pub mod ledger;
pub mod record;
pub mod ties;
pub mod ways_in;
pub mod worklists;

macro_rules! each {
    ($open:path; $($part:ident: $($case:ident)+;)+) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                let (store, _keep) = $open().await;
                crate::conformance::$part::$case(store).await;
            }
        )+)+
    };
}
pub(crate) use each;

macro_rules! suite {
    ($open:path) => {
        crate::conformance::each! { $open;
            record:
                an_append_reads_back_as_given
                a_stream_is_read_from_any_version
                a_stale_append_is_refused_whole
                a_repeated_key_gives_the_first_answer
                a_refused_append_leaves_its_key_free
                several_streams_change_together_or_not_at_all
                an_event_id_is_used_once
                what_can_never_be_kept_is_refused
                of_many_writers_one_wins_each_version
                a_command_that_was_sent_is_carried_out
                streams_are_listed_in_order
                report_numbers_are_given_once;
            finding:
                people_are_found_by_their_terms
                what_somebody_is_found_by_is_replaced
                nobody_is_found_in_what_may_not_be_seen
                an_erased_person_is_not_found_again;
            worklists:
                each_condition_selects_its_rows
                paging_shows_every_row_once_in_order
                rows_that_come_and_go_do_not_disturb_paging
                a_count_agrees_with_its_list
                a_row_can_be_derived_anew_without_events
                a_reference_belongs_to_one_report;
            ties:
                ties_read_back_as_given_and_follow_the_row
                a_list_and_its_count_hold_what_somebody_may_see;
            accounts:
                users_read_back_as_saved
                sign_in_names_ignore_case_and_belong_to_one_user
                a_disabled_user_has_no_session
                sessions_begin_move_on_and_end
                a_token_works_once
                a_token_works_for_its_purpose_and_time
                failures_are_counted_within_a_window
                failure_counters_are_bounded_and_the_strongest_stay
                settings_keep_the_last_value
                what_has_ended_is_forgotten;
            ways_in:
                a_session_is_renewed_under_another_token
                a_user_changes_together_with_the_log
                passkeys_read_back_until_they_are_removed
                a_passkey_moves_on_once_for_each_use
                the_last_way_in_stays
                of_the_last_two_passkeys_one_stays
                an_identity_belongs_to_one_user
                changes_read_newest_first_and_stay
                whoever_is_signed_in_elsewhere_is_out_when_a_way_in_changes;
            access:
                repeats_within_the_window_are_one_entry
                every_user_report_and_purpose_has_entries_of_its_own
                the_log_reads_newest_first_page_by_page;
            ledger:
                every_event_and_access_is_an_entry_in_order
                a_look_that_goes_with_a_step_stands_whatever_comes_of_it
                what_was_refused_is_no_entry
                a_head_is_signed_once_and_verifies
                a_reason_makes_an_entry_of_its_own;
            administered:
                every_change_of_an_account_is_an_entry
                a_change_that_does_not_happen_is_no_entry
                what_was_administered_is_found_by_person_and_time;
            audit:
                looks_are_found_by_everything_they_are_asked_for
                what_was_erased_is_found
                whoever_has_a_conflict_is_shown_no_look_at_that_report
                what_was_given_to_others_is_found
                the_log_as_lines_verifies;
            erasure:
                one_persons_words_go_and_the_rest_stays
                a_whole_report_goes_and_its_place_in_the_log_stays
                what_is_not_there_cannot_be_erased;
        }
    };
}
pub(crate) use suite;
