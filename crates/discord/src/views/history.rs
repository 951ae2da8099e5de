//! The history of an event, page by page, in words.

use muster_domain::answer_option::OptionId;
use muster_domain::event::Event;
use muster_domain::id::UserId;
use muster_engine::history::{Log, LogLine};
use muster_engine::limits::LIST_ROWS;
use muster_store::model::{
    Deed, EventStep, Happened, LoggedAnswer, LoggedPlace, Presence, SignupWay,
};

use crate::custom_id::Action;
use crate::views::differences::differences;
use crate::views::message::{Embed, Footer, Message};
use crate::views::messages::{Key, Words};
use crate::views::pager::Pager;
use crate::views::text::{fitted, length, person_in, plain, shortened, title_of};

const BLUE: u32 = 0x58_65_F2;

/// Characters of an embed's description. (Discord docs: "Embed Limits")
const DESCRIPTION_MAX: usize = 4_096;

/// Characters of what was changed, in one line: the first that lets a page fit is taken.
const CHANGES_MAX: [usize; 3] = [600, 300, 150];

/// A page of an event's history, newest first. `number` counts from 0.
#[must_use]
pub fn log(words: Words, log: &Log, number: u32) -> Message {
    let mut description = String::new();
    for changes_max in CHANGES_MAX {
        let line = |line| in_words(words, &log.event, line, changes_max);
        let lines: Vec<_> = log.page.rows.iter().map(line).collect();
        description = lines.join("\n");
        if length(&description) <= DESCRIPTION_MAX {
            break;
        }
    }
    if description.is_empty() {
        words.plain(Key::LogEmpty).clone_into(&mut description);
    }
    let pager = Pager::new(number, log.page.total, LIST_ROWS);
    let page = pager.in_words(words);
    let footer = words.counted_with(Key::LogEntries, log.page.total, &[("page", &page)]);
    let to = |page| Action::LogPage(log.event.id, page);
    let turns = [Key::LogNewer, Key::LogOlder].map(|key| words.plain(key));
    Message::card(Embed {
        title: words.filled(Key::LogTitle, &[("title", &title_of(&log.event))]),
        description,
        color: BLUE,
        footer: Some(Footer { text: footer }),
        ..Embed::default()
    })
    .row(pager.turns(turns, to).collect())
}

/// "12 March 2027 20:00 · @Zofia answered **Yes**"
fn in_words(words: Words, event: &Event, entry: &LogLine, changes_max: usize) -> String {
    let line = &entry.line;
    let did = |key, who| words.filled(key, &[("member", &person_in(words, who))]);
    let by = |what: String, member: UserId| {
        if line.by == member {
            return what;
        }
        words.filled(Key::LogBy, &[("what", &what), ("member", &person_in(words, line.by))])
    };
    let with_changes = |what: String| with_changes(words, what, entry, changes_max);
    let what = match line.what {
        Happened::Event(step) => with_changes(did(event_step(step), line.by)),
        Happened::Undone(step) => with_changes(did(undone_step(step), line.by)),
        Happened::Signup { member, way, before, now } => {
            let answer = Answered { words, event, member, before, now };
            by(answer.in_words(way), member)
        }
        Happened::Deed(deed) => deed_in_words(words, line.by, deed),
        Happened::Presence { member, now: Some(Presence::Present), .. } if line.by == member => {
            did(Key::LogCheckedIn, member)
        }
        Happened::Presence { member, now, .. } => by(did(marked(now), member), member),
    };
    format!("<t:{}:f> · {what}", line.at.as_second())
}

/// What was done, with what that changed, if that is known.
fn with_changes(words: Words, what: String, entry: &LogLine, changes_max: usize) -> String {
    let changes = entry.change.as_ref();
    let changes = changes.map(|change| differences(words, &change.0, &change.1));
    let Some(changes) = changes.filter(|changes| !changes.is_empty()) else { return what };
    let changes = cut(&changes.join("; "), changes_max);
    words.filled(Key::LogChanges, &[("what", &what), ("changes", &changes)])
}

/// Cut where it is too long, without half an escape at its end.
fn cut(text: &str, max: usize) -> String {
    let cut = fitted(text, max);
    if cut.len() == text.len() { cut } else { cut.replace("\\…", "…") }
}

const fn marked(now: Option<Presence>) -> Key {
    match now {
        Some(Presence::Present) => Key::LogPresent,
        Some(Presence::Absent) => Key::LogAbsent,
        None => Key::LogUnmarked,
    }
}

const fn event_step(step: EventStep) -> Key {
    match step {
        EventStep::Created => Key::LogEventCreated,
        EventStep::Edited => Key::LogEventEdited,
        EventStep::Cancelled => Key::LogEventCancelled,
        EventStep::Restored => Key::LogEventRestored,
        EventStep::Closed => Key::LogEventClosed,
        EventStep::Reopened => Key::LogEventReopened,
        EventStep::Deleted => Key::LogEventDeleted,
        EventStep::Rules => Key::LogEventRules,
        EventStep::Options => Key::LogEventAnswers,
        EventStep::Image => Key::LogEventPicture,
    }
}

/// Only what can be done and undone over and over is told apart.
const fn undone_step(step: EventStep) -> Key {
    match step {
        EventStep::Edited => Key::LogUndoneEdited,
        EventStep::Rules => Key::LogUndoneRules,
        EventStep::Options => Key::LogUndoneAnswers,
        EventStep::Image => Key::LogUndonePicture,
        EventStep::Created
        | EventStep::Cancelled
        | EventStep::Restored
        | EventStep::Closed
        | EventStep::Reopened
        | EventStep::Deleted => event_step(step),
    }
}

fn deed_in_words(words: Words, by: UserId, deed: Deed) -> String {
    let (key, channel) = match deed {
        Deed::Reminders => (Key::LogReminders, String::new()),
        Deed::Reposted(channel) => (Key::LogReposted, format!("<#{channel}>")),
        Deed::Told => (Key::LogTold, String::new()),
    };
    words.filled(key, &[("member", &person_in(words, by)), ("channel", &channel)])
}

/// An answer of a member before and after.
struct Answered<'a> {
    words: Words,
    event: &'a Event,
    member: UserId,
    before: Option<LoggedAnswer>,
    now: Option<LoggedAnswer>,
}

impl Answered<'_> {
    fn in_words(&self, way: SignupWay) -> String {
        self.said(match way {
            SignupWay::Tap | SignupWay::Organiser => self.answered(),
            SignupWay::Promoted => Key::LogPromoted,
            SignupWay::Unseated => Key::LogUnseated,
            SignupWay::Offered => Key::LogOffered,
            SignupWay::Passed => Key::LogPassed,
            SignupWay::Reassigned => Key::LogReassigned,
            SignupWay::Details => Key::LogDetails,
            SignupWay::Erased => Key::LogErased,
        })
    }

    fn said(&self, key: Key) -> String {
        let answer = |answer: Option<LoggedAnswer>| answer.map(|it| self.answer(it));
        let now = answer(self.now.or(self.before)).unwrap_or_default();
        let before = answer(self.before).unwrap_or_default();
        let member = person_in(self.words, self.member);
        let values = [("member", member.as_str()), ("answer", &now), ("before", &before)];
        self.words.filled(key, &values)
    }

    fn answered(&self) -> Key {
        match (self.before, self.now) {
            (None, Some(_)) => Key::LogAnswered,
            (Some(_), None) => Key::LogAnsweredWithdrew,
            // Somebody who goes before others by now, or no more.
            (Some(before), Some(now)) if before == now => Key::LogAnsweredAgain,
            (Some(_), Some(_)) => Key::LogAnsweredChanged,
            (None, None) => Key::LogAnsweredNothing,
        }
    }

    /// "**Yes** and 2 guests, on the waitlist"
    fn answer(&self, answer: LoggedAnswer) -> String {
        let words = self.words;
        let label = label(words, self.event, answer.option);
        let name = [("name", label.as_str())];
        let said = match usize::from(answer.guests.get()) {
            0 => words.filled(Key::LogAnswer, &name),
            guests => words.counted_with(Key::LogAnswerGuests, guests, &name),
        };
        let key = match answer.place {
            LoggedPlace::Seated => return said,
            LoggedPlace::Waiting => Key::LogAnswerWaiting,
            LoggedPlace::Offered => Key::LogAnswerOffered,
            LoggedPlace::Passed => Key::LogAnswerPassed,
        };
        words.filled(key, &[("answer", &said)])
    }
}

fn label(words: Words, event: &Event, option: OptionId) -> String {
    let found = event.options.get(option);
    let name = |option| plain(&shortened(&event.options.name_of(option), 60));
    found.map_or_else(|| words.plain(Key::LogAnswerUnknown).to_owned(), name)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::SignedDuration;
    use muster_domain::id::ChannelId;
    use muster_domain::roster::Guests;
    use muster_store::model::{HistoryLine, Page};

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{NOW, event, fullest_event, huge, longest_event, texts, wrapped};

    fn line(by: u64, what: Happened) -> LogLine {
        let line = HistoryLine { version: 1, at: NOW, by: UserId::new(by), what };
        LogLine { line, change: None }
    }

    fn answer(option: u8, place: LoggedPlace, guests: i64) -> LoggedAnswer {
        let guests = Guests::parse(guests).unwrap();
        LoggedAnswer { option: OptionId::new(option), place, guests }
    }

    fn signup(way: SignupWay, before: Option<LoggedAnswer>, now: Option<LoggedAnswer>) -> Happened {
        Happened::Signup { member: UserId::new(7), way, before, now }
    }

    fn log_of(event: Event, rows: Vec<LogLine>, total: usize) -> Log {
        Log { event, page: Page { rows, total } }
    }

    #[test]
    fn a_line_says_who_did_what_when_and_in_which_way() {
        let mut later = event();
        later.details.capacity = muster_domain::capacity::Capacity::parse(5).ok();
        let mut edited = line(4, Happened::Event(EventStep::Edited));
        edited.change = Some(Box::new((event(), later)));
        let mut undone = line(4, Happened::Undone(EventStep::Edited));
        undone.change = edited.change.as_deref().cloned().map(|(before, now)| (now, before).into());
        let yes = Some(answer(0, LoggedPlace::Seated, 0));
        let waiting = Some(answer(0, LoggedPlace::Waiting, 2));
        let seated = Some(answer(0, LoggedPlace::Seated, 2));
        let no = Some(answer(1, LoggedPlace::Seated, 0));
        let rows = vec![
            line(4, Happened::Event(EventStep::Cancelled)),
            undone,
            edited,
            line(7, signup(SignupWay::Tap, yes, None)),
            line(9, signup(SignupWay::Promoted, waiting, seated)),
            line(4, signup(SignupWay::Organiser, None, waiting)),
            line(7, signup(SignupWay::Tap, no, yes)),
            line(7, signup(SignupWay::Details, yes, yes)),
            line(4, Happened::Deed(Deed::Reposted(ChannelId::new(5)))),
            line(4, Happened::Deed(Deed::Told)),
            line(4, Happened::Deed(Deed::Reminders)),
            line(4, Happened::Event(EventStep::Created)),
        ];
        expect![[r"
            Log of Raid \*night\*
            <t:1795780800:f> · <@4> cancelled it
            <t:1795780800:f> · <@4> undid an edit: places: 5 → no limit
            <t:1795780800:f> · <@4> edited it: places: no limit → 5
            <t:1795780800:f> · <@7> withdrew **Yes**
            <t:1795780800:f> · <@7> moved up from the waitlist: **Yes** and 2 guests · by
                <@9>
            <t:1795780800:f> · <@7> answered **Yes** and 2 guests, on the waitlist · by
                <@4>
            <t:1795780800:f> · <@7> changed **No** to **Yes**
            <t:1795780800:f> · <@7> said something beside the answer
            <t:1795780800:f> · <@4> had it posted again in <#5>
            <t:1795780800:f> · <@4> told those who are coming something
            <t:1795780800:f> · <@4> changed its reminders
            <t:1795780800:f> · <@4> created the event
            11 entries, newest first · page 1 of 2"]]
        .assert_eq(&wrapped(&texts(&log(Words::usual(), &log_of(event(), rows, 11), 0))));
    }

    #[test]
    fn pages_lead_to_newer_and_older_lines() {
        let leads = |number, total| {
            let message = log(Words::usual(), &log_of(event(), Vec::new(), total), number);
            check(&message).unwrap();
            let sent = serde_json::to_string(&message).unwrap();
            [0, 1, 2].map(|page| sent.contains(&format!("\"m1:hp:1:{page}\"")))
        };
        assert_eq!(leads(0, 10), [false, false, false]);
        assert_eq!(leads(0, 25), [false, true, false]);
        assert_eq!(leads(1, 25), [true, false, true]);
        assert_eq!(leads(2, 25), [false, true, false]);
        assert_eq!(leads(9, 25), [false, false, true], "back to the last one");
    }

    #[test]
    fn a_page_of_the_longest_changes_fits() {
        let mut moved = longest_event();
        let span = moved.details.span;
        let later = span.start() + SignedDuration::from_hours(1);
        moved.details.span = muster_domain::event::Span::new(later, span.end()).unwrap();
        for (before, after) in [(event(), fullest_event()), (moved, longest_event())] {
            let edited = || {
                let mut line = line(huge(0), Happened::Event(EventStep::Edited));
                line.change = Some(Box::new((before.clone(), after.clone())));
                line
            };
            let rows = (0..10).map(|_| edited()).collect();
            check(&log(Words::usual(), &log_of(fullest_event(), rows, 1_000_000), u32::MAX))
                .unwrap();
        }
        let most = Some(answer(0, LoggedPlace::Passed, 10));
        let what = Happened::Signup {
            member: UserId::new(huge(1)),
            way: SignupWay::Organiser,
            before: most,
            now: most,
        };
        let rows = (0..10).map(|_| line(huge(0), what)).collect();
        check(&log(Words::usual(), &log_of(fullest_event(), rows, 1_000_000), 3)).unwrap();
    }
}
