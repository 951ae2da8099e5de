//! What is kept on somebody, as a file for them, and the question before it is erased.

use jiff::Timestamp;
use muster_domain::id::{EventId, SeriesId, UserId};
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::{Announcement, Note};
use muster_domain::zone::Zone;
use muster_engine::privacy::Erasing;
use muster_store::model::{
    Deed, EventForm, EventStep, Happened, HeldAnswer, HeldDelivery, HeldEvent, HeldPlan, HeldRole,
    HistoryLine, LoggedAnswer, LoggedPlace, MemberData, RoleState, SavedTemplate, SignupWay,
};
use serde_json::{Value, json};

use crate::custom_id::Action;
use crate::rest::File;
use crate::views::export::presence;
use crate::views::message::{Button, Message, Style};
use crate::views::messages::{Key, Words};

/// The answer with the file.
#[must_use]
pub fn export(words: Words, member: UserId, data: &MemberData, now: Timestamp) -> Message {
    let json = serde_json::to_vec_pretty(&as_json(member, data, now)).unwrap_or_default();
    let key = if data.is_whole() { Key::PrivacyExport } else { Key::PrivacyExportCut };
    let file = File::new("muster-data.json", "application/json", json);
    Message::text(words.plain(key)).file(file)
}

/// The question before everything is erased.
#[must_use]
pub fn confirm(words: Words) -> Message {
    let label = words.plain(Key::PrivacyErase);
    let erase = Button::new(Style::Danger, label, Action::PrivacyErase);
    Message::text(words.plain(Key::PrivacyConfirm)).row(vec![erase])
}

/// The answer to the erasure.
#[must_use]
pub fn erased(words: Words, erasing: Erasing) -> Message {
    Message::text(words.plain(match erasing {
        Erasing::Done => Key::PrivacyDone,
        Erasing::UnderWay => Key::PrivacyGoing,
    }))
}

/// Identities are text, as numbers of their size are not safe everywhere.
fn as_json(member: UserId, data: &MemberData, now: Timestamp) -> Value {
    let list = |rows: Vec<Value>| Value::Array(rows);
    json!({
        "member": member.to_string(),
        "exported_at": now.to_string(),
        "is_everything": data.is_whole(),
        "time_zone": data.zone.as_ref().map(Zone::name),
        "quiet_hours": data.quiet.map(|hours| json!({
            "from": hours.from().strftime("%H:%M").to_string(),
            "to": hours.to().strftime("%H:%M").to_string(),
        })),
        "reminders": list(data.reminders.iter().map(|(guild, choices)| json!({
            "server": guild.to_string(),
            "mention_me": choices.mentioned,
            "message_me": choices.direct,
        })).collect()),
        "answers": list(data.answers.iter().map(answer).collect()),
        "answer_history": list(data.history.iter().map(line).collect()),
        "events_created": list(data.hosted.iter().map(event).collect()),
        "acts_as_organiser": list(data.acts.iter().map(line).collect()),
        "templates_saved": list(data.templates.iter().map(|(guild, saved)| {
            template(&guild.to_string(), saved)
        }).collect()),
        "plans_made": list(data.plans.iter().map(|(guild, held, at)| {
            merged(json!({ "server": guild.to_string(), "at": at.to_string() }), plan(held))
        }).collect()),
        "unfinished_forms": list(data.drafts.iter().map(|(guild, form, at)| {
            draft(&guild.to_string(), form, *at)
        }).collect()),
        "roles_from_answers": list(data.roles.iter().map(role).collect()),
        "messages_for_or_by_you": list(data.deliveries.iter().map(delivery).collect()),
        "erased_before": data.erased_at.map(|at| at.to_string()),
    })
}

fn event(held: &HeldEvent) -> Value {
    json!({
        "event": held.event.to_string(),
        "server": held.guild.to_string(),
        "title": held.title,
        "starts_at": held.starts.to_string(),
    })
}

fn answer(held: &HeldAnswer) -> Value {
    let SignupDetails { note, arrives, leaves, direct } = &held.details;
    let roles: Vec<_> = held.first_by.iter().map(ToString::to_string).collect();
    json!({
        "event": event(&held.event),
        "answer": held.answer.as_ref().map(|(label, answer)| {
            json!({
                "option": label,
                "place": place(answer.place),
                "guests": answer.guests.get(),
            })
        }),
        "note": note.as_ref().map(Note::as_str),
        "arrives_at": arrives.map(|at| at.to_string()),
        "leaves_at": leaves.map(|at| at.to_string()),
        "told_by_direct_message": direct,
        "first_on_waitlist_by_roles": roles,
        "at": held.at.to_string(),
    })
}

fn line((event, line): &(EventId, HistoryLine)) -> Value {
    let shared = json!({ "event": event.to_string(), "at": line.at.to_string() });
    let more = match line.what {
        Happened::Event(what) => json!({ "done": step(what) }),
        Happened::Undone(what) => json!({ "done": step(what), "undo": true }),
        Happened::Deed(Deed::Reminders) => json!({ "done": "changed its reminders" }),
        Happened::Deed(Deed::Reposted(channel)) => {
            json!({ "done": "had the event posted again", "channel": channel.to_string() })
        }
        Happened::Deed(Deed::Told) => json!({ "done": "told those who are coming something" }),
        Happened::Signup { member, way: how, before, now } => json!({
            "whose_answer": shown(member),
            "by": shown(line.by),
            "done": way(how),
            "before": before.map(logged),
            "after": now.map(logged),
        }),
        Happened::Presence { member, before, now } => json!({
            "who_was_there": shown(member),
            "by": shown(line.by),
            "before": presence(before),
            "after": presence(now),
        }),
    };
    merged(shared, more)
}

fn merged(mut first: Value, second: Value) -> Value {
    if let (Value::Object(first), Value::Object(second)) = (&mut first, second) {
        first.extend(second);
    }
    first
}

/// A member, unless it is one who was erased.
fn shown(member: UserId) -> Option<String> {
    (!member.is_erased()).then(|| member.to_string())
}

fn logged(answer: LoggedAnswer) -> Value {
    json!({
        "option_number": answer.option.get(),
        "place": place(answer.place),
        "guests": answer.guests.get(),
    })
}

fn template(guild: &str, saved: &SavedTemplate) -> Value {
    json!({ "server": guild, "name": saved.name.as_str(), "at": saved.at.to_string() })
}

fn plan(held: &HeldPlan) -> Value {
    let series = |done: &str, id: &SeriesId, title: &str| {
        let id = id.to_string();
        json!({ "done": done, "series": id, "title": title })
    };
    match held {
        HeldPlan::Created(id, title) => series("created the series", id, title),
        HeldPlan::Decided(id, title) => series("decided how the series is", id, title),
        HeldPlan::Rest(first, last) => json!({
            "done": "had the weekly schedule rest",
            "from": first.to_string(),
            "to": last.to_string(),
        }),
        HeldPlan::SetUp => json!({ "done": "set up the weekly schedule" }),
    }
}

fn draft(guild: &str, form: &EventForm, at: Timestamp) -> Value {
    json!({
        "server": guild,
        "title": form.title,
        "when": form.when,
        "duration": form.duration,
        "description": form.description,
        "location": form.location,
        "capacity": form.capacity,
        "options": form.options,
        "closes": form.close,
        "image": form.image,
        "repeat": form.repeat,
        "like": form.like.map(|id| id.to_string()),
        "template": form.template,
        "channel": form.channel.map(|id| id.to_string()),
        "mention": form.mention.map(|id| id.to_string()),
        "at": at.to_string(),
    })
}

fn role(held: &HeldRole) -> Value {
    json!({
        "event": event(&held.event),
        "role": held.role.to_string(),
        "state": match held.state {
            RoleState::Wanted => "is to be given",
            RoleState::Given => "was given",
            RoleState::Had => "you had it before",
            RoleState::Unwanted => "is to be taken away",
        },
    })
}

fn delivery(held: &HeldDelivery) -> Value {
    json!({
        "message": held.message.map(|id| id.to_string()),
        "channel": held.channel.map(|id| id.to_string()),
        "server": held.guild.to_string(),
        "event": held.event.map(|id| id.to_string()),
        "due_at": held.due.to_string(),
        "you_wrote": held.told.as_ref().map(Announcement::as_str),
    })
}

const fn place(place: LoggedPlace) -> &'static str {
    match place {
        LoggedPlace::Seated => "has a place",
        LoggedPlace::Waiting => "on the waitlist",
        LoggedPlace::Offered => "offered a place",
        LoggedPlace::Passed => "missed an offer",
    }
}

const fn step(step: EventStep) -> &'static str {
    match step {
        EventStep::Created => "created the event",
        EventStep::Edited => "edited the event",
        EventStep::Cancelled => "cancelled the event",
        EventStep::Restored => "restored the event",
        EventStep::Closed => "closed its answers",
        EventStep::Reopened => "reopened its answers",
        EventStep::Deleted => "took the event back",
        EventStep::Rules => "changed its rules",
        EventStep::Options => "changed what it offers",
        EventStep::Image => "changed its picture",
    }
}

const fn way(way: SignupWay) -> &'static str {
    match way {
        SignupWay::Tap => "answered",
        SignupWay::Promoted => "moved up from the waitlist",
        SignupWay::Unseated => "moved to the waitlist",
        SignupWay::Offered => "was offered a place",
        SignupWay::Passed => "missed an offer",
        SignupWay::Organiser => "changed by an organiser",
        SignupWay::Reassigned => "changed with what the event offers",
        SignupWay::Details => "said something beside the answer",
        SignupWay::Erased => "erased",
    }
}

#[cfg(test)]
mod tests {
    use muster_domain::answer_option::OptionId;
    use muster_domain::id::{GuildId, RoleId};
    use muster_domain::reminder::{QuietHours, ReminderChoices};
    use muster_domain::roster::Guests;
    use muster_domain::settings::Language;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{NOW, texts};

    const BEA: UserId = UserId::new(42);

    fn words() -> Words {
        Words::of(Language::English)
    }

    fn data() -> MemberData {
        let guests = Guests::parse(1).unwrap();
        let logged = LoggedAnswer { option: OptionId::new(0), place: LoggedPlace::Waiting, guests };
        let event = HeldEvent {
            event: EventId::new(7),
            guild: GuildId::new(u64::MAX),
            title: "Raid".into(),
            starts: NOW,
        };
        let what = Happened::Signup {
            member: BEA,
            way: SignupWay::Organiser,
            before: None,
            now: Some(logged),
        };
        MemberData {
            zone: Zone::parse("Asia/Tokyo").ok(),
            quiet: QuietHours::parse("22:00 to 08:00").ok(),
            reminders: vec![(
                GuildId::new(u64::MAX),
                ReminderChoices { mentioned: false, direct: true },
            )],
            answers: vec![HeldAnswer {
                event,
                answer: Some(("Yes".into(), logged)),
                details: SignupDetails { note: Note::parse("by bus").ok(), ..Default::default() },
                first_by: vec![RoleId::new(u64::MAX)],
                at: NOW,
            }],
            history: vec![(
                EventId::new(7),
                HistoryLine { version: 2, at: NOW, by: UserId::erased(3), what },
            )],
            roles: vec![HeldRole {
                event: HeldEvent {
                    event: EventId::new(7),
                    guild: GuildId::new(5),
                    title: "Raid".into(),
                    starts: NOW,
                },
                role: RoleId::new(9),
                state: RoleState::Given,
            }],
            ..MemberData::default()
        }
    }

    #[test]
    fn the_file_says_in_words_what_is_kept_and_names_no_erased_member() {
        let message = export(words(), BEA, &data(), NOW);
        check(&message).unwrap();
        let json: Value = serde_json::from_slice(message.files[0].bytes()).unwrap();
        assert_eq!(json["time_zone"], "Asia/Tokyo");
        assert_eq!(json["quiet_hours"], json!({"from": "22:00", "to": "08:00"}));
        assert_eq!(json["reminders"][0]["mention_me"], false);
        assert_eq!(json["reminders"][0]["message_me"], true);
        assert_eq!(json["answers"][0]["event"]["server"], "18446744073709551615");
        assert_eq!(json["answers"][0]["answer"]["place"], "on the waitlist");
        assert_eq!(json["answers"][0]["note"], "by bus");
        assert_eq!(json["answer_history"][0]["by"], Value::Null);
        assert_eq!(json["answer_history"][0]["done"], "changed by an organiser");
        assert_eq!(json["roles_from_answers"][0]["role"], "9");
        assert_eq!(json["roles_from_answers"][0]["state"], "was given");
        assert_eq!(json["is_everything"], true);
        assert!(!texts(&message).contains("left out"));
    }

    #[test]
    fn what_an_organiser_planned_is_in_the_file() {
        let day = jiff::civil::date(2026, 12, 24);
        let plans = [
            HeldPlan::Created(SeriesId::new(3), "Raid".into()),
            HeldPlan::Decided(SeriesId::new(3), "Raids".into()),
            HeldPlan::Rest(day, day),
            HeldPlan::SetUp,
        ];
        let plans = plans.map(|plan| (GuildId::new(5), plan, NOW)).into();
        let json = as_json(BEA, &MemberData { plans, ..data() }, NOW);
        let made = json["plans_made"].as_array().unwrap();
        let done: Vec<_> = made.iter().map(|plan| plan["done"].as_str().unwrap()).collect();
        let series = ["created the series", "decided how the series is"];
        let schedule = ["had the weekly schedule rest", "set up the weekly schedule"];
        assert_eq!(done, [series, schedule].concat());
        assert_eq!((&made[1]["title"], &made[2]["to"]), (&json!("Raids"), &json!("2026-12-24")));
        assert!(made.iter().all(|plan| plan["server"] == "5" && plan["at"] == NOW.to_string()));
    }

    #[test]
    fn a_file_that_is_not_whole_says_so() {
        let row = data().history[0];
        let history = vec![row; muster_store::model::MEMBER_ROWS_MAX];
        let message = export(words(), BEA, &MemberData { history, ..data() }, NOW);
        assert!(texts(&message).contains("the oldest of it is left out"));
        // Discord docs: "Uploading Files", 10 MiB.
        assert!(message.files[0].bytes().len() < 3 * 1_024 * 1_024);
    }

    #[test]
    fn the_question_and_both_answers_fit() {
        for message in
            [confirm(words()), erased(words(), Erasing::Done), erased(words(), Erasing::UnderWay)]
        {
            check(&message).unwrap();
        }
    }
}
