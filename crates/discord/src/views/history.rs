//! The history of an event, page by page, in words.

use muster_domain::answer_option::OptionId;
use muster_domain::event::Event;
use muster_engine::history::{Log, LogLine};
use muster_engine::limits::LIST_ROWS;
use muster_store::model::{
    Deed, EventStep, Happened, LoggedAnswer, LoggedPlace, Presence, SignupWay,
};

use crate::custom_id::Action;
use crate::views::differences::differences;
use crate::views::message::{Embed, Footer, Message};
use crate::views::pager::Pager;
use crate::views::text::{counted, fitted, length, person, plain, shortened, title_of};

const BLUE: u32 = 0x58_65_F2;

/// Characters of an embed's description. (Discord docs: "Embed Limits")
const DESCRIPTION_MAX: usize = 4_096;

/// Characters of what was changed, in one line: the first that lets a page fit is taken.
const CHANGES_MAX: [usize; 3] = [600, 300, 150];

/// A page of an event's history, newest first. `number` counts from 0.
#[must_use]
pub fn log(log: &Log, number: u32) -> Message {
    let mut description = String::new();
    for changes_max in CHANGES_MAX {
        let line = |line| in_words(&log.event, line, changes_max);
        let lines: Vec<_> = log.page.rows.iter().map(line).collect();
        description = lines.join("\n");
        if length(&description) <= DESCRIPTION_MAX {
            break;
        }
    }
    if description.is_empty() {
        "There is nothing on this page.".clone_into(&mut description);
    }
    let pager = Pager::new(number, log.page.total, LIST_ROWS);
    let entries = counted(log.page.total, "entry", "entries");
    let footer = format!("{entries}, newest first · page {pager}");
    let to = |page| Action::LogPage(log.event.id, page);
    Message::card(Embed {
        title: format!("Log of {}", title_of(&log.event)),
        description,
        color: BLUE,
        footer: Some(Footer { text: footer }),
        ..Embed::default()
    })
    .row(pager.turns(["Newer", "Older"], to).collect())
}

/// "12 March 2027 20:00 · @Zofia answered **Yes**"
fn in_words(event: &Event, entry: &LogLine, changes_max: usize) -> String {
    let line = &entry.line;
    let what = match line.what {
        Happened::Event(step) | Happened::Undone(step) => {
            let is_undone = matches!(line.what, Happened::Undone(_));
            let what = if is_undone { undone_step(step) } else { event_step(step) };
            let changes = entry.change.as_ref().map(|change| differences(&change.0, &change.1));
            let changes = changes.filter(|changes| !changes.is_empty());
            let changes = changes.map(|changes| cut(&changes.join("; "), changes_max));
            let changes = changes.map_or_else(String::new, |changes| format!(": {changes}"));
            format!("{} {what}{changes}", person(line.by))
        }
        Happened::Signup { member, way, before, now } => {
            let answer = Answered { event, before, now };
            let other = if line.by == member {
                String::new()
            } else {
                format!(" · by {}", person(line.by))
            };
            format!("{} {}{other}", person(member), answer.in_words(way))
        }
        Happened::Deed(deed) => format!("{} {}", person(line.by), deed_in_words(deed)),
        Happened::Presence { member, now, .. } if line.by == member => {
            format!("{} {}", person(member), checked_in(now))
        }
        Happened::Presence { member, now, .. } => {
            format!("{} {} · by {}", person(member), marked(now), person(line.by))
        }
    };
    format!("<t:{}:f> · {what}", line.at.as_second())
}

/// Cut where it is too long, without half an escape at its end.
fn cut(text: &str, max: usize) -> String {
    let cut = fitted(text, max);
    if cut.len() == text.len() { cut } else { cut.replace("\\…", "…") }
}

const fn checked_in(now: Option<Presence>) -> &'static str {
    match now {
        Some(Presence::Present) => "checked in",
        Some(Presence::Absent) | None => marked(now),
    }
}

const fn marked(now: Option<Presence>) -> &'static str {
    match now {
        Some(Presence::Present) => "was marked as having been there",
        Some(Presence::Absent) => "was marked as absent",
        None => "is not marked any more",
    }
}

const fn event_step(step: EventStep) -> &'static str {
    match step {
        EventStep::Created => "created the event",
        EventStep::Edited => "edited it",
        EventStep::Cancelled => "cancelled it",
        EventStep::Restored => "brought it back",
        EventStep::Closed => "closed the answers",
        EventStep::Reopened => "opened the answers again",
        EventStep::Deleted => "took it back",
        EventStep::Rules => "changed the rules",
        EventStep::Options => "changed the answers on offer",
        EventStep::Image => "changed the picture",
    }
}

/// Only what can be done and undone over and over is told apart.
const fn undone_step(step: EventStep) -> &'static str {
    match step {
        EventStep::Edited => "undid an edit",
        EventStep::Rules => "undid a change of the rules",
        EventStep::Options => "undid a change of the answers on offer",
        EventStep::Image => "undid a change of the picture",
        EventStep::Created
        | EventStep::Cancelled
        | EventStep::Restored
        | EventStep::Closed
        | EventStep::Reopened
        | EventStep::Deleted => event_step(step),
    }
}

fn deed_in_words(deed: Deed) -> String {
    match deed {
        Deed::Reminders => "changed its reminders".to_owned(),
        Deed::Reposted(channel) => format!("had it posted again in <#{channel}>"),
        Deed::Told => "told those who are coming something".to_owned(),
    }
}

/// An answer before and after.
struct Answered<'a> {
    event: &'a Event,
    before: Option<LoggedAnswer>,
    now: Option<LoggedAnswer>,
}

impl Answered<'_> {
    fn in_words(&self, way: SignupWay) -> String {
        let option = self.now.or(self.before).map_or_else(String::new, |now| self.answer(now));
        match way {
            SignupWay::Tap | SignupWay::Organiser => self.answered(),
            SignupWay::Promoted => format!("moved up from the waitlist: {option}"),
            SignupWay::Unseated => format!("moved to the waitlist: {option}"),
            SignupWay::Offered => format!("is offered a place: {option}"),
            SignupWay::Passed => format!("let an offered place pass: {option}"),
            SignupWay::Reassigned => format!("was moved to {option}"),
            SignupWay::Details => "said something beside the answer".to_owned(),
            SignupWay::Erased => "had everything about them erased".to_owned(),
        }
    }

    fn answered(&self) -> String {
        match (self.before, self.now) {
            (None, Some(now)) => format!("answered {}", self.answer(now)),
            (Some(before), None) => format!("withdrew {}", self.answer(before)),
            // Somebody who goes before others by now, or no more.
            (Some(before), Some(now)) if before == now => {
                format!("answered {} again", self.answer(now))
            }
            (Some(before), Some(now)) => {
                format!("changed {} to {}", self.answer(before), self.answer(now))
            }
            (None, None) => "said nothing new".to_owned(),
        }
    }

    /// "**Yes** and 2 guests, on the waitlist"
    fn answer(&self, answer: LoggedAnswer) -> String {
        let mut words = format!("**{}**", label(self.event, answer.option));
        let guests = usize::from(answer.guests.get());
        if guests > 0 {
            words.push_str(" and ");
            words.push_str(&counted(guests, "guest", "guests"));
        }
        words.push_str(match answer.place {
            LoggedPlace::Seated => "",
            LoggedPlace::Waiting => ", on the waitlist",
            LoggedPlace::Offered => ", a place held",
            LoggedPlace::Passed => ", after an offer that passed",
        });
        words
    }
}

fn label(event: &Event, option: OptionId) -> String {
    let found = event.options.get(option);
    let name = |option| plain(&shortened(&event.options.name_of(option), 60));
    found.map_or_else(|| "an answer".to_owned(), name)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::SignedDuration;
    use muster_domain::id::{ChannelId, UserId};
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
        .assert_eq(&wrapped(&texts(&log(&log_of(event(), rows, 11), 0))));
    }

    #[test]
    fn pages_lead_to_newer_and_older_lines() {
        let leads = |number, total| {
            let message = log(&log_of(event(), Vec::new(), total), number);
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
            check(&log(&log_of(fullest_event(), rows, 1_000_000), u32::MAX)).unwrap();
        }
        let most = Some(answer(0, LoggedPlace::Passed, 10));
        let what = Happened::Signup {
            member: UserId::new(huge(1)),
            way: SignupWay::Organiser,
            before: most,
            now: most,
        };
        let rows = (0..10).map(|_| line(huge(0), what)).collect();
        check(&log(&log_of(fullest_event(), rows, 1_000_000), 3)).unwrap();
    }
}
