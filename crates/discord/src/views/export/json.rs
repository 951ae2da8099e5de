//! An event as one document for programs: stable, and described in the organiser's guide. Numbers
//! of Discord's are texts, as many readers of JSON would round them; times are in UTC.

use jiff::Timestamp;
use muster_domain::answer_option::{AnswerOption, Options};
use muster_domain::event::Event;
use muster_domain::heading::SharedPlaces;
use muster_domain::text::{Description, ImageUrl, Location, Note};
use muster_engine::history::Export;
use muster_store::model::{Deed, Happened, HistoryLine, LoggedAnswer, Presence, RosterLine};
use serde::Serialize;

use super::{deed, place, place_now, presence, step, way};

/// Grows when a program that read the document before would misread it.
const FORMAT: u32 = 1;

/// Everything, as it is written.
pub(super) fn all(export: &Export) -> Vec<u8> {
    let answered = export.answered_at();
    let event = &export.posted.sheet.event;
    let options = &event.options;
    let there = |member| export.presences.get(member).copied();
    let answers = export.signups.rows.iter();
    let document = Document {
        format: FORMAT,
        event: ThisEvent::of(event),
        answers: answers
            .map(|line| {
                let (since, there) = (answered.get(&line.member), there(&line.member));
                Signup::of(options, line, since.copied(), there)
            })
            .collect(),
        log: export.history.rows.iter().map(|line| Entry::of(options, line)).collect(),
    };
    // Without spaces, as Discord takes no large files. Nothing in it can fail to be written.
    serde_json::to_vec(&document).unwrap_or_default()
}

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    event: ThisEvent<'a>,
    answers: Vec<Signup<'a>>,
    log: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct ThisEvent<'a> {
    id: String,
    server: String,
    channel: String,
    host: String,
    title: &'a str,
    starts: String,
    ends: String,
    zone: &'a str,
    description: Option<&'a str>,
    location: Option<&'a str>,
    image: Option<&'a str>,
    capacity: Option<u32>,
    cancelled: bool,
    options: Vec<Offer<'a>>,
    groups: Vec<Group<'a>>,
}

impl<'a> ThisEvent<'a> {
    fn of(event: &'a Event) -> Self {
        let details = &event.details;
        Self {
            id: event.id.to_string(),
            server: event.guild.to_string(),
            channel: event.channel.to_string(),
            host: event.host.to_string(),
            title: details.title.as_str(),
            starts: details.span.start().to_string(),
            ends: details.span.end().to_string(),
            zone: details.zone.name(),
            description: details.description.as_ref().map(Description::as_str),
            location: details.location.as_ref().map(Location::as_str),
            image: event.image.as_ref().map(ImageUrl::as_str),
            capacity: details.capacity.map(muster_domain::capacity::Capacity::get),
            cancelled: event.cancelled_at.is_some(),
            options: event.options.iter().map(Offer::of).collect(),
            groups: event.options.shared().iter().map(Group::of).collect(),
        }
    }
}

/// A heading that has places, which the options below it share.
#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    capacity: u32,
}

impl<'a> Group<'a> {
    fn of(shared: &'a SharedPlaces) -> Self {
        Self { name: &shared.heading, capacity: shared.capacity.get() }
    }
}

#[derive(Serialize)]
struct Offer<'a> {
    id: u8,
    label: &'a str,
    emoji: &'a str,
    group: Option<&'a str>,
    coming: bool,
    capacity: Option<u32>,
    removed: bool,
}

impl<'a> Offer<'a> {
    fn of(option: &'a AnswerOption) -> Self {
        Self {
            id: option.id.get(),
            label: &option.label,
            emoji: &option.emoji,
            group: option.group.as_deref(),
            coming: option.coming,
            capacity: option.capacity.map(muster_domain::capacity::Capacity::get),
            removed: option.removed,
        }
    }
}

#[derive(Serialize)]
struct Signup<'a> {
    member: String,
    answer: Answer<'a>,
    rank: usize,
    arrives: Option<String>,
    leaves: Option<String>,
    note: Option<&'a str>,
    since: Option<String>,
    attendance: &'static str,
}

impl<'a> Signup<'a> {
    fn of(
        options: &'a Options,
        line: &'a RosterLine,
        since: Option<Timestamp>,
        there: Option<Presence>,
    ) -> Self {
        let at = |instant: Option<Timestamp>| instant.map(|instant| instant.to_string());
        let answer = Answer::of(options, line.signup.into());
        Self {
            member: line.member.to_string(),
            answer: Answer { place: place_now(line.signup.place), ..answer },
            rank: line.rank,
            arrives: at(line.details.arrives),
            leaves: at(line.details.leaves),
            note: line.details.note.as_ref().map(Note::as_str),
            since: at(since),
            attendance: presence(there),
        }
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    option: u8,
    label: Option<&'a str>,
    place: &'static str,
    guests: u8,
}

impl<'a> Answer<'a> {
    fn of(options: &'a Options, answer: LoggedAnswer) -> Self {
        Self {
            option: answer.option.get(),
            label: options.get(answer.option).map(|option| &*option.label),
            place: place(answer.place),
            guests: answer.guests.get(),
        }
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    at: String,
    by: String,
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Answer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<Answer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attendance: Option<[&'static str; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    undo: bool,
}

impl<'a> Entry<'a> {
    fn of(options: &'a Options, line: &HistoryLine) -> Self {
        let (at, by) = (line.at.to_string(), line.by.to_string());
        let answer = |answer: Option<LoggedAnswer>| answer.map(|one| Answer::of(options, one));
        let (member, before, now) = (None, None, None);
        let (attendance, channel, undo) = (None, None, false);
        let blank = Self { at, by, what: "", member, before, now, attendance, channel, undo };
        match line.what {
            Happened::Event(what) => Self { what: step(what), ..blank },
            Happened::Undone(what) => Self { what: step(what), undo: true, ..blank },
            Happened::Deed(what) => {
                let channel = match what {
                    Deed::Reposted(channel) => Some(channel.to_string()),
                    Deed::Reminders | Deed::Told => None,
                };
                Self { what: deed(what), channel, ..blank }
            }
            Happened::Signup { member, way: how, before, now } => Self {
                what: way(how),
                member: Some(member.to_string()),
                before: answer(before),
                now: answer(now),
                ..blank
            },
            Happened::Presence { member, before, now } => Self {
                what: "attendance",
                member: Some(member.to_string()),
                attendance: Some([presence(before), presence(now)]),
                ..blank
            },
        }
    }
}
