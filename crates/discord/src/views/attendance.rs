//! What one member answered: in numbers, and event by event.

use jiff::Timestamp;
use muster_domain::id::UserId;
use muster_engine::limits::ATTENDANCE_PAST;
use muster_store::model::{Attendance, AttendanceCounts};

use crate::custom_id::Action;
use crate::views::lists;
use crate::views::message::Message;
use crate::views::messages::{Key, Words};
use crate::views::text::person_in;

/// A page of what a member answered. `number` counts from 0.
#[must_use]
pub fn attendance(
    words: Words,
    member: UserId,
    attendance: &Attendance,
    number: u32,
    now: Timestamp,
) -> Message {
    let mut heading = tally(words, member, &attendance.begun);
    if attendance.answers.total == 0 {
        heading.push('\n');
        heading.push_str(words.plain(Key::AttendanceNothing));
        return Message::text(heading);
    }
    let page = |to| Action::AttendancePage(member, to);
    lists::answered((words, &heading), &attendance.answers, number, now, page)
}

/// "@Zofia in the last 90 days: 12 events: **8** coming, **1** maybe, **2** not coming, **1** not
/// answered."
fn tally(words: Words, member: UserId, counts: &AttendanceCounts) -> String {
    let days = (ATTENDANCE_PAST.as_hours() / 24).to_string();
    let member = person_in(words, member);
    let whom = [("member", member.as_str()), ("days", &days)];
    if counts.events == 0 {
        return words.filled(Key::AttendanceNone, &whom);
    }
    let pieces = [
        (counts.coming, Key::AttendanceComing),
        (counts.waiting, Key::AttendanceWaiting),
        (counts.maybe, Key::AttendanceMaybe),
        (counts.not_coming, Key::AttendanceNotComing),
        (counts.unanswered(), Key::AttendanceUnanswered),
    ];
    let pieces = pieces.into_iter().filter(|(count, _)| *count > 0);
    let pieces: Vec<_> = pieces.map(|(count, key)| words.counted(key, count)).collect();
    let answers = pieces.join(", ");
    let [member, days] = whom;
    let values = [member, days, ("answers", answers.as_str())];
    let mut said = words.counted_with(Key::AttendanceEvents, counts.events, &values);
    if counts.absent > 0 {
        said.push(' ');
        said.push_str(&words.counted(Key::AttendanceAbsent, counts.absent));
    }
    said
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::answer_option::OptionId;
    use muster_domain::roster::{Guests, Place, Sequence, Signup};

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{
        NOW, event, huge, longest_event, page, posted, sheet_of, texts, wrapped,
    };

    const ZOFIA: UserId = UserId::new(7);

    fn signup(option: u8, place: Place) -> Signup {
        let (option, guests) = (OptionId::new(option), Guests::NONE);
        Signup { option, place, since: Sequence(1), guests, priority: false }
    }

    #[test]
    fn it_counts_what_has_begun_and_lists_the_answers() {
        let begun = AttendanceCounts {
            events: 12,
            coming: 8,
            waiting: 0,
            maybe: 1,
            not_coming: 2,
            absent: 1,
        };
        let rows = vec![(posted(sheet_of(&event(), 1)), signup(0, Place::Seated))];
        let message = attendance(
            Words::usual(),
            ZOFIA,
            &Attendance { begun, answers: page(rows, 1) },
            0,
            NOW,
        );
        check(&message).unwrap();
        expect![[r"
            Attendance
            <@7> in the last 90 days: 12 events: **8** coming, **1** maybe, **2** not
                coming, **1** not answered. Said yes and was absent: **1**.
            ✅ Yes · **Raid \*night\*** · <t:1795804200:f> ·
                [post](https://discord.com/channels/2/3/5)"]]
        .assert_eq(&wrapped(&texts(&message)));
    }

    #[test]
    fn who_never_answered_is_said_so() {
        let begun = AttendanceCounts::default();
        let message = attendance(
            Words::usual(),
            ZOFIA,
            &Attendance { begun, answers: page(vec![], 0) },
            0,
            NOW,
        );
        assert_eq!(
            texts(&message),
            "<@7> in the last 90 days: no events.\nNothing that is coming up is answered, either."
        );
    }

    #[test]
    fn the_longest_page_fits_and_leads_on() {
        let rows = (0..10).map(|_| {
            let long = posted(sheet_of(&longest_event(), 50));
            (long, signup(3, Place::Offered(Timestamp::MAX)))
        });
        let begun = AttendanceCounts {
            events: 90_000,
            coming: 10_000,
            waiting: 10_000,
            maybe: 10_000,
            not_coming: 10_000,
            absent: 10_000,
        };
        let answers = page(rows.collect(), 90_000);
        let member = UserId::new(huge(0) >> 1);
        let message = attendance(Words::usual(), member, &Attendance { begun, answers }, 3, NOW);
        check(&message).unwrap();
        let next = Action::AttendancePage(member, 4).to_string();
        assert!(serde_json::to_string(&message).unwrap().contains(&next));
    }
}
