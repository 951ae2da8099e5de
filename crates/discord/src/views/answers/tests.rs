//! What the editor of answers shows, and that it fits.

use expect_test::expect;
use muster_domain::answer_option::Options;

use super::*;
use crate::views::judged::{check, check_form};
use crate::views::samples::{
    NOW, event, fullest_event, longest_event, many_options, posted, sheet_of, texts, wrapped,
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
    let list = list(&posted(sheet_of(&Event { options, ..present }, 3)), Made::Nothing);
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
fn answers_of_what_is_not_posted_yet_are_put_together_first() {
    let mut posted = posted(sheet_of(&raid(), 0));
    posted.post.message = None;
    let editor = editor(&posted, NOW);
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
    let one = one(&sheet_of(&raid(), 1), OptionId::new(1), Made::Nothing).unwrap();
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
fn an_answer_that_is_not_offered_has_no_panel() {
    assert!(one(&sheet_of(&raid(), 0), OptionId::new(9), Made::Nothing).is_none());
}

#[test]
fn what_would_be_read_as_something_else_is_not_offered_in_words() {
    let rename = |label: &str| {
        let mut options: Vec<_> = raid().options.iter().cloned().collect();
        options[0].label = label.into();
        Event { options: Options::new(options).unwrap(), ..raid() }
    };
    assert!(words_form(&rename("Shield")).is_some());
    assert!(words_form(&rename("Yes, but late")).is_none());
    let list = list(&posted(sheet_of(&rename("Yes, but late"), 1)), Made::Nothing);
    assert!(!serde_json::to_string(&list).unwrap().contains("Edit as text"));
}

#[test]
fn the_fullest_events_fit() {
    for event in [fullest_event(), Event { options: many_options(), ..longest_event() }] {
        let sheet = sheet_of(&event, 5_000);
        let mut posted = posted(sheet.clone());
        check(&list(&posted, Made::Change)).unwrap();
        posted.post.message = None;
        check(&editor(&posted, NOW)).unwrap();
        for option in event.options.offered() {
            check(&one(&sheet, option.id, Made::Change).unwrap()).unwrap();
            check_form(&face_form(FormAction::AnswerNew(event.id), option)).unwrap();
        }
        assert!(words_form(&event).is_none(), "nothing may be cut off");
    }
    check_form(&words_form(&raid()).unwrap()).unwrap();
    check_form(&new_form(FormAction::AnswerNew(event().id))).unwrap();
}
