//! Each limit is noticed when it is broken, and the largest posts break none.

use jiff::{SignedDuration, ToSpan as _};
use muster_domain::answer_option::{AnswerOption, OptionId, Options};
use muster_domain::event::{AnswersClose, Event, Phase};
use muster_domain::id::{ChannelId, EventId, InteractionId, RoleId, SeriesId, UserId};
use muster_domain::roster::{Guests, Moved, Place, Sequence, Signup};
use muster_domain::rules::CheckIn;
use muster_domain::sheet::Sheet;
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::{Description, Location, Title};
use muster_domain::when::Moment;
use muster_store::model::{EventForm, RosterLine};

use super::*;
use crate::custom_id::{Action, FormAction};
use crate::views::judged::{check, check_choices, check_form};
use crate::views::message::{Button, Component, Field, Select, SelectOption, Style, TextInput};
use crate::views::messages::Words;
use crate::views::samples::{
    NOW, event, fullest_event, huge, late_and_early, longest_event, posted, roster_of, sheet_of,
};
use crate::views::{forms, own, panel, post, questions};

fn button(n: u64) -> Button {
    Button::new(Style::Primary, "Go", Action::More(EventId::new(n)))
}

fn buttons(count: u64) -> Vec<Button> {
    (0..count).map(button).collect()
}

fn rows(count: u64) -> Message {
    (0..count).fold(Message::text("x"), |message, n| message.row(vec![button(n)]))
}

fn embed(title: usize, description: usize) -> Embed {
    Embed { title: "t".repeat(title), description: "d".repeat(description), ..Embed::default() }
}

fn with_field(name: &str, value: &str) -> Message {
    let field = Field { name: name.to_owned(), value: value.to_owned(), inline: false };
    Message::card(Embed { fields: vec![field], ..Embed::default() })
}

fn select(count: usize) -> Message {
    let option = |n: usize| SelectOption {
        label: "l".to_owned(),
        value: n.to_string(),
        ..SelectOption::default()
    };
    let select = Select::new(Action::Settings, "p", (0..count).map(option).collect());
    Message::text("x").with(Component::row(vec![Component::Select(select)]))
}

fn panel_of(count: usize) -> Message {
    Message::panel((0..count).map(|_| Component::text("x")).collect())
}

/// Nothing but what `faults` says, one per line.
fn faults(message: &Message) -> String {
    check(message).err().unwrap_or_default().join("\n")
}

#[test]
fn what_is_at_its_limit_is_sound() {
    let sound = [
        Message::text("x".repeat(2_000)),
        Message::text("x").row(buttons(5)),
        rows(5),
        select(25),
        panel_of(40),
        Message::panel(vec![Component::text("x".repeat(4_000))]),
        Message::cards((0..10).map(|_| embed(100, 500)).collect()),
        Message::card(embed(256, 4_096)),
        with_field(&"n".repeat(256), &"v".repeat(1_024)),
    ];
    for message in sound {
        assert_eq!(faults(&message), "");
    }
}

#[test]
fn each_broken_limit_is_named() {
    let mut mixed = panel_of(1);
    mixed.content = Some("x".to_owned());
    let mut crowd = Message::text("x");
    crowd.allowed_mentions.users = (0..101).map(UserId::new).collect();
    let broken = [
        (Message::text("x".repeat(2_001)), "2001 characters of the content, 0 to 2000"),
        (Message::text("𝕏".repeat(1_001)), "2002 characters of the content"),
        (Message::text(""), "the message is empty"),
        (Message::cards((0..11).map(|_| embed(1, 1)).collect()), "11 embeds, 0 to 10"),
        (Message::cards(vec![embed(0, 3_001); 2]), "6002 characters of all embeds"),
        (Message::card(embed(257, 1)), "257 characters of an embed's title"),
        (Message::card(embed(1, 4_097)), "4097 characters of an embed's description"),
        (Message::card(Embed::default()), "an embed is empty"),
        (with_field("n", ""), "0 characters of a field's value, 1 to 1024"),
        (with_field(&"n".repeat(257), "v"), "257 characters of a field's name"),
        (Message::text("x").row(buttons(6)), "6 parts of a row, 1 to 5"),
        (rows(6), "6 rows, 0 to 5"),
        (Message::text("x").row(vec![button(1), button(1)]), "m1:m:1 is there twice"),
        (Message::text("x").row(vec![Button::link("", String::new())]), "neither label nor emoji"),
        (Message::text("x").with(Component::text("y")), "10 does not belong into a classic"),
        (select(0), "0 options of a select, 1 to 25"),
        (select(26), "26 options of a select"),
        (panel_of(41), "41 components, 1 to 40"),
        (Message::panel(vec![Component::text("")]), "0 characters of content of component 10"),
        (
            Message::panel(vec![Component::text("x".repeat(2_001)); 2]),
            "4002 characters of all texts",
        ),
        (mixed, "content or embeds beside components alone"),
        (crowd, "101 mentioned users, 0 to 100"),
    ];
    for (message, fault) in broken {
        let found = faults(&message);
        assert!(found.contains(fault), "{fault} not in {found}");
    }
}

#[test]
fn forms_and_suggestions_have_limits_too() {
    let field = |label: &str| Component::field(label, "", TextInput::line("name", 100));
    let form = |fields| Modal::new(FormAction::New(None), "Title", fields);
    assert_eq!(check_form(&form(vec![field("Name")])), Ok(()));
    let long = check_form(&form(vec![field(&"l".repeat(46))])).unwrap_err();
    assert!(long[0].contains("46 characters of label"), "{long:?}");
    let twice = check_form(&form(vec![field("A"), field("B")])).unwrap_err();
    assert_eq!(twice, ["the custom id name is there twice"]);
    assert!(check_form(&form(Vec::new())).is_err());
    let choice = |name: &str| Choice { name: name.to_owned(), value: "1".to_owned() };
    assert_eq!(check_choices(&vec![choice("a"); 25]), Ok(()));
    assert!(check_choices(&vec![choice("a"); 26]).is_err());
    assert!(check_choices(&[choice("")]).is_err());
}

/// The event in each phase of its life.
fn phases(event: &Event) -> Vec<Event> {
    let during = event.details.span.start();
    let mut all = vec![event.clone(); 7];
    all[1].closed_at = Some(NOW);
    all[2].cancelled_at = Some(NOW);
    all[3].deleted_at = Some(NOW);
    all[4].answers_close = AnswersClose::AtEnd;
    // The last two are shown while and after they take place.
    assert_eq!(all[5].phase(during), Phase::Running);
    all
}

#[test]
fn posts_fit_from_nobody_to_five_thousand_in_every_phase() {
    for event in [event(), longest_event()] {
        for members in [0, 1, 40, 5_000] {
            let filled = sheet_of(&event, members);
            let span = event.details.span;
            let moments = [NOW, NOW, NOW, NOW, NOW, span.start(), span.end()];
            for (mut event, now) in phases(&event).into_iter().zip(moments) {
                event.mention = Some(RoleId::new(huge(0)));
                let phase = event.phase(now);
                let sheet = Sheet { event, ..filled.clone() };
                assert_eq!(
                    faults(&post::post(Words::usual(), &sheet, now)),
                    "",
                    "{members} members, {phase:?}"
                );
                assert_eq!(faults(&post::announced(Words::usual(), &sheet, now)), "");
            }
        }
    }
}

#[test]
fn posts_with_the_most_answers_guests_and_marks_fit() {
    let late = late_and_early();
    let mut few = fullest_event();
    few.options = event().options;
    for event in [fullest_event(), few] {
        // Everybody answers while all options are offered.
        let all = event.options.iter().map(|o| AnswerOption { removed: false, ..o.clone() });
        let open = all.take(25).collect();
        let asked = Event { options: Options::new(open).unwrap(), ..event.clone() };
        for members in [0, 1, 40, 5_000] {
            let roster = roster_of(&asked, members, event.rules.guests_max);
            let mut sheet = Sheet::of(&event, &roster, |_| Some(&late));
            for id in 25..50 {
                // As if others had answered before what is removed was removed.
                let column = (OptionId::new(id), sheet.columns[0].1.clone());
                sheet.columns.extend((event.options.iter().count() > 25).then_some(column));
            }
            for list in [&mut sheet.offered, &mut sheet.passed, &mut sheet.waitlist] {
                *list = sheet.columns[0].1.clone();
                for entry in &mut list.first {
                    entry.offered_until = Some(jiff::Timestamp::MAX);
                }
            }
            for now in [NOW, event.answers_until(), event.details.span.end()] {
                assert_eq!(
                    faults(&post::post(Words::usual(), &sheet, now)),
                    "",
                    "{members} members"
                );
            }
        }
    }
}

fn the_longest_form() -> EventForm {
    EventForm {
        options: String::new(),
        title: "ä".repeat(Title::MAX),
        when: "w".repeat(200),
        duration: "30d 23h 59m".to_owned(),
        description: "ä".repeat(Description::MAX),
        location: "ä".repeat(Location::MAX),
        capacity: "10000".to_owned(),
        ..EventForm::default()
    }
}

#[test]
fn every_answer_about_the_longest_event_fits() {
    let longest = longest_event();
    let posted = posted(sheet_of(&longest, 5_000));
    let mut gone = posted.clone();
    gone.post.gone_at = Some(NOW);
    let many = || vec![UserId::new(1); 2_000];
    let moved = Moved { promoted: many(), offered: many(), unseated: many(), passed: many() };
    let waiting = Signup {
        option: OptionId::new(0),
        place: Place::Waiting,
        since: Sequence(1),
        guests: Guests::NONE,
        priority: false,
    };
    let (words, held) = (Words::usual(), held_until(SignedDuration::from_hours(1)));
    let answers = [
        panel::created(
            words,
            &posted.sheet,
            posted.post.message.map(|id| (posted.post.channel, id)),
            &[],
            NOW,
        ),
        panel::created(
            words,
            &posted.sheet,
            None,
            &(1..=9).map(RoleId::new).collect::<Vec<_>>(),
            NOW,
        ),
        panel::edited(words, &longest, &gone, &moved, NOW),
        panel::cancelled(words, &posted.sheet),
        panel::restored(words, &longest, &moved),
        panel::closed(words, &longest, &moved),
        panel::reopened(words, &longest, &moved),
        panel::posted_again(words, &posted),
        panel::posted_again(words, &gone),
        own::same(words, &longest, waiting),
        own::would_lose_place(words, &longest, waiting, OptionId::new(1)),
        own::answered(words, &longest, &held, NOW),
        own::accepted(words, &longest, &held),
        own::not_held(words, &longest, Some(&held), NOW),
        own::withdrawn(words, &longest),
        panel::panel(Words::usual(), &posted, Some(&held), true, NOW),
        panel::panel(Words::usual(), &gone, Some(&held), true, NOW),
    ];
    for answer in answers {
        assert_eq!(faults(&answer), "");
    }
}

/// The longest that somebody's answer can be.
fn held_until(from_now: SignedDuration) -> RosterLine {
    let signup = Signup {
        option: OptionId::new(0),
        place: Place::Offered(NOW + from_now),
        since: Sequence(1),
        guests: Guests::parse(10).unwrap(),
        priority: false,
    };
    let details = SignupDetails::default();
    RosterLine { member: UserId::new(huge(0)), signup, details, rank: 5_000 }
}

#[test]
fn the_panel_of_an_event_fits_with_a_thread_and_a_code_whenever_it_is_opened() {
    let mut posted = posted(sheet_of(&event(), 5_000));
    posted.post.thread = Some(ChannelId::new(huge(1)));
    posted.sheet.event.rules.check_in = CheckIn::Code;
    posted.sheet.event.series = Some(SeriesId::new(1));
    let span = posted.sheet.event.details.span;
    let held = held_until(SignedDuration::from_hours(240));
    for now in [NOW, span.start(), span.start() + 1.minute(), span.end() + 1.minute()] {
        for (gone_at, organiser) in [(None, true), (Some(NOW), true), (None, false)] {
            posted.post.gone_at = gone_at;
            let panel = panel::panel(Words::usual(), &posted, Some(&held), organiser, now);
            assert_eq!(faults(&panel), "", "{now} {gone_at:?} {organiser}");
        }
    }
}

#[test]
fn questions_and_forms_fit() {
    let draft = InteractionId::new(huge(0) >> 1);
    let event = event();
    let span = event.details.span;
    let readings = (0..4).map(|hour| Moment {
        start: span.start() + SignedDuration::from_hours(hour),
        end: Some(span.end() + SignedDuration::from_hours(700)),
        note: None,
    });
    let readings: Vec<_> = readings.collect();
    let question =
        questions::which_moment(Words::usual(), draft, &readings, &event.details.zone, NOW);
    assert_eq!(faults(&question), "");
    assert_eq!(faults(&questions::try_again(Words::usual(), draft, &"w".repeat(500))), "");
    let form = the_longest_form();
    let action = FormAction::New(Some(draft));
    for form in [
        forms::event_form(Words::usual(), action, forms::For::Edit, &form),
        forms::location_form(Words::usual(), action, &form.location),
    ] {
        assert_eq!(check_form(&form), Ok(()));
    }
}

#[test]
fn a_picture_that_does_not_go_along_is_noticed() {
    let file = File::new("a.png", "image/png", vec![1]).described("A chart");
    let shown = Message::panel(vec![Component::picture(&file)]);
    assert_eq!(faults(&shown), "the picture attachment://a.png does not go along");
    assert_eq!(faults(&shown.file(file)), "");
    let unsaid = File::new("b.png", "image/png", vec![1]);
    let silent = Message::panel(vec![Component::picture(&unsaid)]).file(unsaid);
    assert!(faults(&silent).contains("of a picture's description"), "{}", faults(&silent));
}
