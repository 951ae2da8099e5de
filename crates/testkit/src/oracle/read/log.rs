//! The log that somebody is shown has what happened, line by line, newest first, and nothing else.

use std::time::Duration;

use muster_sim::world::Message;

use super::history::{Entry, Had, What};
use super::{Looked, Snapshot};
use crate::ledger::TAKEN;
use crate::oracle::door::Spot;
use crate::stage::Stage;
use crate::words::{NOBODY, is_nobody, text};

/// Lines on a page.
const LINES: usize = 10;

/// Judges a page; the first one has the number 0.
pub(crate) fn judge_page(stage: &Stage, looked: Looked<'_>, page: &Message, number: usize) {
    let (Some(shown), Some(total)) = (lines(page), total(page)) else { return };
    let count = |snapshot: Option<&Snapshot>| snapshot.map(|snapshot| snapshot.entries.len());
    let (least, most) = (count(looked.before), count(looked.after));
    let taken_back = |snapshot: Option<&Snapshot>| snapshot.map(|snapshot| snapshot.taken_back);
    let grew = taken_back(looked.before) == taken_back(looked.after);
    let is_wrong =
        least.is_some_and(|least| total < least) || most.is_some_and(|most| total > most);
    if grew && is_wrong {
        let what = format!("a log of {least:?} to {most:?} lines is said to have {total}");
        stage.ledger.violation("log", what);
    }
    let Some(now) = looked.same() else { return };
    let there = now.entries.iter().skip(number * LINES).take(LINES);
    let expected: Vec<Line> = there.map(|entry| line(now, entry)).collect();
    let fits = |(shown, expected): (&String, &Line)| expected.is(shown);
    if shown.len() != expected.len() || !shown.iter().zip(&expected).all(fits) {
        let id = now.event.id;
        let what = format!("page {number} of event {id} has {shown:#?}, not {expected:#?}");
        stage.ledger.violation("log", what);
    }
}

/// Judges all pages of a log: what members were told that it is taken, before somebody began to
/// read it, is in it.
pub(crate) fn judge_all(stage: &Stage, event: u64, began: Duration, pages: &[Message]) {
    // None is shown where the event is gone, or cannot be read.
    let shown: Option<Vec<Vec<String>>> = pages.iter().map(lines).collect();
    let totals: Vec<_> = pages.iter().map(total).collect();
    let Some(shown) = shown.filter(|_| totals.windows(2).all(|two| two.first() == two.last()))
    else {
        return;
    };
    let shown: Vec<String> = shown.into_iter().flatten().collect();
    let asked = stage.ledger.lock().asked.clone();
    let is_mine = |of: u64| of == event;
    for (interaction, asked) in &asked {
        let of = asked.pick.map(|pick| pick.event).or(asked.guests.map(|(event, _)| event));
        // An answer is not told at once; whoever asked this long before has been told.
        let is_taken = asked.accepted.contains(&TAKEN) && asked.told.is_some_and(|at| at < began);
        if !is_taken || !of.is_some_and(is_mine) || stage.is_erased(asked.member) {
            continue;
        }
        let since = (stage.epoch.ms_at(asked.at) - stage.skew_ms()).div_euclid(1_000);
        let begins = format!(" · <@{}> ", asked.member);
        let is_it = |line: &&String| {
            let at = line.strip_prefix("<t:").and_then(|rest| rest.split(':').next());
            let at = at.and_then(|at| at.parse::<i64>().ok());
            line.contains(&begins) && at.is_some_and(|at| at >= since)
        };
        if !shown.iter().any(|line| is_it(&line)) {
            let what = format!("{interaction} was taken and is not in the log: {asked:?}");
            stage.ledger.violation("log", what);
        }
    }
}

/// The lines that a page shows; `None` if it is no page of a log.
fn lines(page: &Message) -> Option<Vec<String>> {
    let card = page.embeds.first().filter(|card| text(card, "/title").starts_with("Log of "))?;
    Some(text(card, "/description").lines().map(str::to_owned).collect())
}

/// "1,234 entries, newest first · page 1 of 2"
fn total(page: &Message) -> Option<usize> {
    let footer = text(page.embeds.first()?, "/footer/text");
    footer.split(' ').next()?.replace(',', "").parse().ok()
}

/// What a line says, in whole or as it begins.
#[derive(Debug)]
struct Line {
    words: String,
    goes_on: bool,
}

impl Line {
    fn is(&self, shown: &str) -> bool {
        let rest = shown.strip_prefix(&*self.words);
        rest.is_some_and(|rest| rest.is_empty() || (self.goes_on && rest.starts_with(": ")))
    }
}

fn line(now: &Snapshot, entry: &Entry) -> Line {
    let mut goes_on = false;
    let by = person(entry.by);
    let what = match &entry.what {
        What::Event(change, takes_back) => {
            goes_on = true;
            format!("{by} {}", done_to_event(change, *takes_back))
        }
        What::Deed(deed, channel) => format!("{by} {}", deed_in_words(deed, *channel)),
        What::Mark(member) => person(*member),
        What::Answer { member, way, before, now: had } => {
            let words = answered(now, way, *before, *had);
            let other = if entry.by == *member { String::new() } else { format!(" · by {by}") };
            format!("{} {words}{other}", person(*member))
        }
    };
    Line { words: format!("<t:{}:f> · {what}", entry.at_ms.div_euclid(1_000)), goes_on }
}

fn person(member: u64) -> String {
    if is_nobody(member) { NOBODY.to_owned() } else { format!("<@{member}>") }
}

fn done_to_event(change: &str, takes_back: bool) -> &'static str {
    match (change, takes_back) {
        ("created", _) => "created the event",
        ("edited", false) => "edited it",
        ("edited", true) => "undid an edit",
        ("cancelled", _) => "cancelled it",
        ("restored", _) => "brought it back",
        ("closed", _) => "closed the answers",
        ("reopened", _) => "opened the answers again",
        ("deleted", _) => "took it back",
        ("rules", false) => "changed the rules",
        ("rules", true) => "undid a change of the rules",
        ("options", false) => "changed the answers on offer",
        ("options", true) => "undid a change of the answers on offer",
        (_, false) => "changed the picture",
        (_, true) => "undid a change of the picture",
    }
}

fn deed_in_words(deed: &str, channel: Option<u64>) -> String {
    match (deed, channel) {
        ("reposted", Some(channel)) => format!("had it posted again in <#{channel}>"),
        ("told", _) => "told those who are coming something".to_owned(),
        _ => "changed its reminders".to_owned(),
    }
}

fn answered(now: &Snapshot, way: &str, before: Option<Had>, had: Option<Had>) -> String {
    let either = had.or(before).map_or_else(String::new, |had| answer(now, had));
    match (way, before, had) {
        ("promoted", ..) => format!("moved up from the waitlist: {either}"),
        ("unseated", ..) => format!("moved to the waitlist: {either}"),
        ("offered", ..) => format!("is offered a place: {either}"),
        ("passed", ..) => format!("let an offered place pass: {either}"),
        ("reassigned", ..) => format!("was moved to {either}"),
        ("details", ..) => "said something beside the answer".to_owned(),
        ("erased", ..) => "had everything about them erased".to_owned(),
        (_, None, Some(_)) => format!("answered {either}"),
        (_, Some(_), None) => format!("withdrew {either}"),
        (_, Some(before), Some(had)) if before == had => format!("answered {either} again"),
        (_, Some(before), Some(_)) => format!("changed {} to {either}", answer(now, before)),
        (_, None, None) => "said nothing new".to_owned(),
    }
}

/// "**Yes** and 2 guests, on the waitlist"
fn answer(now: &Snapshot, had: Had) -> String {
    let guests = match had.guests {
        0 => String::new(),
        1 => " and 1 guest".to_owned(),
        guests => format!(" and {guests} guests"),
    };
    let place = match had.spot {
        Spot::Seated => "",
        Spot::Waiting => ", on the waitlist",
        Spot::Offered => ", a place held",
        Spot::Passed => ", after an offer that passed",
    };
    let name = now.called(had.option).replace('(', "\\(").replace(')', "\\)");
    format!("**{name}**{guests}{place}")
}
