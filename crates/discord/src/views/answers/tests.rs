//! What the editor of answers shows, and that it fits.

use expect_test::expect;
use muster_domain::answer_option::Options;
use muster_domain::event::Event;
use muster_domain::id::{RoleId, SeriesId};
use muster_domain::option_words;
use muster_domain::series::Series;
use muster_domain::settings::GuildSettings;
use muster_engine::series::SeriesView;

use super::*;
use crate::custom_id::FormAction;
use crate::views::judged::{check, check_form};
use crate::views::messages::Words;
use crate::views::samples::{
    NOW, event, fullest_event, huge, longest_event, many_options, posted, series_of, sheet_of,
    texts, wrapped,
};

fn raid() -> Event {
    let options = option_words::read("🛡 Tank 2, 💚 Healer, Bench").unwrap();
    Event { options, ..event() }
}

#[test]
fn the_list_says_of_each_answer_what_it_means() {
    let present = raid();
    let wanted = option_words::read("🛡 Tank 2, 💚 Healer").unwrap();
    let options = present.options.edited(&wanted).unwrap();
    let posted = posted(sheet_of(&Event { options, ..present }, 3));
    let list = list(&Edited::of_event(Words::usual(), &posted), Made::Nothing);
    check(&list).unwrap();
    expect![[r"
        ## Answers
        Raid \*night\*
        Each change shows on the post at once.
        1. 🛡 **Tank** · 2 of 2 · coming
        2. 💚 **Healer** · 1 person · coming
        No longer offered: Bench. Members who picked one keep it until they pick
            another, or until you move them with *Members*."]]
    .assert_eq(&wrapped(&texts(&list)));
}

#[test]
fn removed_answers_that_members_still_have_are_offered_first() {
    let option = raid().options.iter().next().cloned().unwrap();
    let all = (0..40).map(|id| AnswerOption {
        id: OptionId::new(id),
        label: format!("Answer {id}").into(),
        removed: id > 0,
        ..option.clone()
    });
    let options = Options::new(all.collect()).unwrap();
    let mut sheet = sheet_of(&Event { options, ..raid() }, 1);
    let names = sheet.columns.first().map(|(_, names)| names.clone()).unwrap();
    sheet.columns.push((OptionId::new(39), names));
    let posted = posted(sheet);
    let list = list(&Edited::of_event(Words::usual(), &posted), Made::Nothing);
    check(&list).unwrap();
    let json = serde_json::to_string(&list).unwrap();
    let at = |label: &str| json.find(&format!("\"label\":\"{label}\""));
    assert!(at("Answer 39") < at("Answer 1") && at("Answer 39").is_some(), "{json}");
    assert!(texts(&list).contains("No longer offered: Answer 39 (1 still there), Answer 1"));
}

#[test]
fn answers_of_what_is_not_posted_yet_are_put_together_first() {
    let mut posted = posted(sheet_of(&raid(), 0));
    posted.post.message = None;
    let editor = editor(Words::usual(), &posted, NOW, &[]);
    check(&editor).unwrap();
    let json = serde_json::to_string(&editor).unwrap();
    let post = Action::PostAgain(posted.sheet.event.id).to_string();
    assert!(json.contains(&post) && json.contains("Post it"), "{json}");
    let first: Vec<_> = texts(&editor).lines().take(5).map(ToOwned::to_owned).collect();
    expect![[r"
        Understood as **Fri 27 Nov 2026, 19:30 – 21:30** (Europe/Berlin),
            <t:1795804200:R>.
        It is posted <t:1795780800:R>, or at once with *Post it*; `/event cancel`
            discards it.
        ## Answers
        Raid \*night\*
        It is not posted yet."]]
    .assert_eq(&wrapped(&first.join("\n")));
}

#[test]
fn an_answer_says_what_can_be_done_about_it() {
    let posted = posted(sheet_of(&raid(), 1));
    let one =
        one(&Edited::of_event(Words::usual(), &posted), OptionId::new(1), Made::Nothing).unwrap();
    check(&one).unwrap();
    expect![[r"
        ## 💚 Healer
        0 people · coming
        **Counts as coming**
        -# Whoever picks it takes a place.
        **Told of changes**
        -# When the event moves or is cancelled.
        **Who may pick it:** everybody, unless you choose roles.
        **Role for those who come with this answer,** until the event is over:"]]
    .assert_eq(&wrapped(&texts(&one)));
}

#[test]
fn a_series_has_answers_that_nobody_picked() {
    let raid = raid();
    let of = AnswersOf::Series(SeriesId::new(42));
    let edited = Edited {
        words: Words::usual(),
        of,
        title: "Raid",
        version: 3,
        options: &raid.options,
        picked: None,
        held_date: None,
    };
    let list = list(&edited, Made::Change);
    check(&list).unwrap();
    expect![[r"
        ## Answers
        Raid
        Each change applies to all dates still to be posted. What is posted already,
            and a date that was changed alone, stays as it is.
        1. 🛡 **Tank** · 2 places · coming
        2. 💚 **Healer** · no limit · coming
        3. **Bench** · no limit · not coming"]]
    .assert_eq(&wrapped(&texts(&list)));
    let sent = serde_json::to_string(&list).unwrap();
    for action in [edited.undo(), Action::AnswerNew(of), Action::Series(SeriesId::new(42))] {
        assert!(sent.contains(&format!("\"{action}\"")), "{action} in {sent}");
    }
}

#[test]
fn places_under_a_heading_stand_in_the_list_and_in_the_form() {
    let options = option_words::read("🛡 Tank 2: Warrior, Paladin; Bench").unwrap();
    let posted = posted(sheet_of(&Event { options, ..event() }, 0));
    let edited = Edited::of_event(Words::usual(), &posted);
    let shown = texts(&list(&edited, Made::Nothing));
    assert!(
        shown.contains("1. **Warrior** · 0 people · coming · under 🛡 Tank (2 places)"),
        "{shown}"
    );
    let action = FormAction::AnswerFace(edited.of, OptionId::new(1), 1);
    let form =
        face_form(Words::usual(), action, edited.options, edited.options.iter().nth(1).unwrap());
    check_form(&form).unwrap();
    let json = serde_json::to_string(&form).unwrap();
    assert!(json.contains(r#""custom_id":"shared""#) && json.contains(r#""value":"2""#), "{json}");
}

#[test]
fn an_answer_that_is_not_offered_has_no_panel() {
    let posted = posted(sheet_of(&raid(), 0));
    assert!(
        one(&Edited::of_event(Words::usual(), &posted), OptionId::new(9), Made::Nothing).is_none()
    );
}

#[test]
fn what_would_be_read_as_something_else_is_not_offered_in_words() {
    let rename = |label: &str| {
        let mut options: Vec<_> = raid().options.iter().cloned().collect();
        options[0].label = label.into();
        let renamed = Event { options: Options::new(options).unwrap(), ..raid() };
        posted(sheet_of(&renamed, 1))
    };
    assert!(words_form(&Edited::of_event(Words::usual(), &rename("Shield"))).is_some());
    let unclear = rename("Yes, but late");
    assert!(words_form(&Edited::of_event(Words::usual(), &unclear)).is_none());
    let list = list(&Edited::of_event(Words::usual(), &unclear), Made::Nothing);
    assert!(!serde_json::to_string(&list).unwrap().contains("Edit as text"));
}

#[test]
fn the_fullest_events_fit() {
    for event in [fullest_event(), Event { options: many_options(), ..longest_event() }] {
        let sheet = sheet_of(&event, 5_000);
        let mut posted = posted(sheet);
        let edited = Edited::of_event(Words::usual(), &posted);
        check(&list(&edited, Made::Change)).unwrap();
        assert!(words_form(&edited).is_none(), "nothing may be cut off");
        let (of, series) = (AnswersOf::Series(SeriesId::new(huge(1))), None);
        for edited in [edited, Edited { of, picked: series, ..edited }] {
            check(&list(&edited, Made::Change)).unwrap();
            for option in event.options.offered() {
                check(&one(&edited, option.id, Made::Change).unwrap()).unwrap();
                let action = FormAction::AnswerFace(edited.of, option.id, u64::MAX >> 1);
                check_form(&face_form(Words::usual(), action, edited.options, option)).unwrap();
            }
        }
        posted.post.message = None;
        check(&editor(Words::usual(), &posted, NOW, &[RoleId::new(u64::MAX); 9])).unwrap();
    }
    let posted = posted(sheet_of(&raid(), 0));
    check_form(&words_form(&Edited::of_event(Words::usual(), &posted)).unwrap()).unwrap();
    check_form(&new_form(Words::usual(), FormAction::AnswerNew(AnswersOf::Event(event().id))))
        .unwrap();
}

#[test]
fn a_new_series_says_when_its_first_date_is_posted_and_whether_that_can_be_at_once() {
    let raid = event();
    let series = |held_until| {
        let series = Series { held_until, ..series_of(&raid, "", None) };
        let (settings, events, made) = (GuildSettings::default(), vec![], vec![]);
        SeriesView { series, settings, events, made }
    };
    let minute = jiff::SignedDuration::from_mins(1);
    let first = series(None).series.next().unwrap().at;
    for (held_until, can_be_posted) in [(Some(first), true), (Some(first - minute), false)] {
        let panel =
            series_editor(Words::usual(), &series(held_until), &[RoleId::new(9)], first - minute);
        check(&panel).unwrap();
        let shown = texts(&panel);
        assert!(shown.contains("Understood as **every Tuesday and Thursday**"), "{shown}");
        assert!(shown.contains("The first date is posted <t:"), "{shown}");
        assert_eq!(shown.contains("or at once with *Post it*"), can_be_posted, "{shown}");
    }
}
