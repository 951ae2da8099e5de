//! What a post shows, word by word.

use expect_test::expect;
use jiff::SignedDuration;
use muster_domain::answer_option::{AnswerOption, Options};
use muster_domain::capacity::Capacity;
use muster_domain::event::Event;
use muster_domain::id::UserId;
use muster_domain::option_words;
use muster_domain::roster::{Answering, Guests, Moment, Roster, Sequence};
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::ImageUrl;

use super::*;
use crate::views::judged::check;
use crate::views::samples::{NOW, event, many_options, sheet_of, texts, wrapped};

fn raid() -> Event {
    let mut event = event();
    event.options = option_words::read("🛡️ Tank 1, 💚 Healer 2, Bench, ❌ Absent").unwrap();
    event
}

/// The event after these members picked these options with so many guests.
fn answered(event: &Event, answers: &[(u64, usize, i64)]) -> Roster {
    let mut roster = Roster::new(event.seating());
    for (number, (member, option, guests)) in (1..).zip(answers) {
        let option = event.options.iter().nth(*option).unwrap().id;
        let guests = Guests::parse(*guests).unwrap();
        let answering = Answering { guests, ..Answering::alone(UserId::new(*member), option) };
        roster.answer(answering, Moment { now: NOW, next: Sequence(number) });
    }
    roster
}

fn shown(sheet: &Sheet) -> String {
    let message = post(Words::usual(), sheet, NOW);
    check(&message).unwrap();
    wrapped(&texts(&message).replace('\u{200b}', "(nothing)"))
}

fn json(sheet: &Sheet) -> String {
    serde_json::to_string(&post(Words::usual(), sheet, NOW)).unwrap()
}

#[test]
fn a_place_that_is_held_for_somebody_is_not_free() {
    let mut event = event();
    event.rules.offer = Some(SignedDuration::from_mins(30));
    event.details.capacity = Capacity::parse(2).ok();
    let mut roster = answered(&event, &[(1, 0, 0), (2, 0, 0), (3, 0, 0)]);
    let places = |roster: &Roster| {
        let sheet = Sheet::of(&event, roster, |_| None);
        facts(Words::usual(), &sheet, NOW).pop().unwrap().value
    };
    assert_eq!(places(&roster), "2 of 2 · full");
    roster.withdraw(UserId::new(1), NOW);
    assert_eq!(places(&roster), "1 of 2 · 1 held");
    roster.withdraw(UserId::new(3), NOW);
    assert_eq!(places(&roster), "1 of 2 · 1 free");
    let mut few = answered(&event, &[(1, 0, 1), (2, 0, 0)]);
    few.withdraw(UserId::new(1), NOW);
    assert_eq!(places(&few), "0 of 2 · 1 free, 1 held");
}

#[test]
fn a_place_that_is_held_is_shown_with_the_answer_or_the_heading_that_has_it() {
    let mut event = event();
    event.options = option_words::read("Tank 2: Warrior, Paladin 1; Healer 1; Bench").unwrap();
    event.rules.offer = Some(SignedDuration::from_mins(30));
    let everybody = [(1, 0, 0), (2, 1, 0), (3, 0, 0), (4, 2, 0), (5, 2, 0)];
    let mut roster = answered(&event, &everybody);
    let headings = |roster: &Roster| {
        let card = card(Words::usual(), &Sheet::of(&event, roster, |_| None), NOW);
        let names = card.fields.into_iter().map(|field| field.name);
        names.filter(|name| name.contains('/')).collect::<Vec<_>>()
    };
    assert_eq!(headings(&roster), ["Tank (2/2)", "Paladin (1/1)", "Healer (1/1)"]);
    roster.withdraw(UserId::new(1), NOW);
    roster.withdraw(UserId::new(4), NOW);
    let held = ["Tank (1/2, 1 held)", "Paladin (1/1)", "Healer (0/1, 1 held)"];
    assert_eq!(headings(&roster), held);
}

#[test]
fn places_guests_late_early_offers_and_lapsed_offers_are_shown() {
    let mut event = raid();
    event.rules.offer = Some(SignedDuration::from_mins(30));
    event.rules.close_before = SignedDuration::from_hours(1);
    let mut roster =
        answered(&event, &[(1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 1, 1), (5, 2, 0), (6, 0, 0)]);
    roster.withdraw(UserId::new(1), NOW);
    roster.lapse(NOW + SignedDuration::from_mins(30));
    let start = event.details.span.start();
    let late = SignupDetails {
        arrives: Some(start + SignedDuration::from_mins(30)),
        leaves: Some(start + SignedDuration::from_mins(60)),
        ..SignupDetails::default()
    };
    let sheet = Sheet::of(&event, &roster, |member| (member.get() == 4).then_some(&late));
    expect![[r"
        Raid *night*
        Hosted by <@4>
        [When]
        <t:1795804200:F> – <t:1795811400:t>
        <t:1795804200:R>
        Answers close <t:1795800600:R>
        [🛡️ Tank (0/1, 1 held)]
        –
        [💚 Healer (2/2)]
        <@4> +1 · from <t:1795806000:t> · until <t:1795807800:t>
        [Bench (1)]
        <@5>
        [❌ Absent (0)]
        –
        [🎟️ Offered a place (1)]
        <@3> · Tank · expires <t:1795784400:R>
        [⏳ Waitlist (1)]
        1\. <@6> · Tank
        [⌛ Missed an offer (1)]
        <@2> · Tank
        Answers close before it begins"]]
    .assert_eq(&shown(&sheet));
}

#[test]
fn the_waitlist_says_who_waits_for_what_and_ranks_each_answer_for_itself() {
    let mut event = event();
    event.options = option_words::read("🛡️ Tank 1, 💚 *Healer* 1").unwrap();
    let answers = [(1, 0, 0), (2, 1, 0), (3, 0, 0), (4, 0, 0), (5, 1, 0)];
    let waitlist = |event: &Event| {
        let sheet = Sheet::of(event, &answered(event, &answers), |_| None);
        let shown = shown(&sheet);
        shown.split_once("[⏳ ").unwrap().1.split_once("\nAnswers").unwrap().0.to_owned()
    };
    expect![[r"
        Waitlist (3)]
        1\. <@3> · Tank
        2\. <@4> · Tank
        1\. <@5> · \*Healer\*"]]
    .assert_eq(&waitlist(&event));
    // Only the event is full: there is one line.
    event.options = option_words::read("Tank, Healer").unwrap();
    event.details.capacity = Capacity::parse(2).ok();
    expect![[r"
        Waitlist (3)]
        1. <@3>
        2. <@4>
        3. <@5>"]]
    .assert_eq(&waitlist(&event));
}

#[test]
fn a_removed_option_is_marked_and_cannot_be_tapped() {
    let mut event = event();
    let roster = answered(&event, &[(1, 2, 0)]);
    let kept = event.options.iter().take(2).cloned().collect();
    event.options = event.options.edited(&Options::new(kept).unwrap()).unwrap();
    let sheet = Sheet::of(&event, &roster, |_| None);
    expect![[r"
        Raid *night*
        Hosted by <@4>
        [When]
        <t:1795804200:F> – <t:1795811400:t>
        <t:1795804200:R>
        [✅ Yes (0)]
        –
        [❌ No (0)]
        –
        [❓ Maybe (1, no longer offered)]
        <@1>
        Answers close when it begins"]]
    .assert_eq(&shown(&sheet));
    assert!(json(&sheet).contains("m1:a:1:1") && !json(&sheet).contains("m1:a:1:2"));
}

#[test]
fn hidden_names_leave_counts() {
    let mut event = event();
    event.rules.names_hidden = true;
    let sheet = Sheet::of(&event, &answered(&event, &[(1, 0, 2), (2, 3, 0)]), |_| None);
    expect![[r"
        Raid *night*
        Hosted by <@4>
        [When]
        <t:1795804200:F> – <t:1795811400:t>
        <t:1795804200:R>
        [✅ Yes (3)]
        Names are hidden
        [❌ No (0)]
        –
        [❓ Maybe (0)]
        –
        [📱 Mobile (1)]
        Names are hidden
        Answers close when it begins"]]
    .assert_eq(&shown(&sheet));
}

#[test]
fn groups_are_headings_and_answers_come_from_a_list() {
    let mut event = raid();
    let group = |label: &str| (label == "Tank" || label == "Healer").then(|| "Roles".into());
    let options = event
        .options
        .iter()
        .map(|option| AnswerOption { group: group(&option.label), ..option.clone() });
    event.options = Options::new(options.collect()).unwrap();
    let sheet = Sheet::of(&event, &answered(&event, &[(1, 0, 0), (2, 3, 0)]), |_| None);
    expect![[r"
        Raid *night*
        Hosted by <@4>
        [When]
        <t:1795804200:F> – <t:1795811400:t>
        <t:1795804200:R>
        [Roles]
        (nothing)
        [🛡️ Tank (1/1)]
        <@1>
        [💚 Healer (0/2)]
        –
        [Bench (0)]
        –
        [❌ Absent (1)]
        <@2>
        Answers close when it begins"]]
    .assert_eq(&shown(&sheet));
    let sent = json(&sheet);
    for part in [
        r#""custom_id":"m1:af:1""#,
        r#"{"label":"Tank","value":"0","description":"Roles","emoji":{"name":"🛡️"}}"#,
        r#"{"label":"Bench","value":"2"}"#,
        r#""custom_id":"m1:m:1""#,
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
}

#[test]
fn a_heading_with_places_shows_how_many_are_taken() {
    let mut event = event();
    event.options = option_words::read("🛡️ Tank 3: Warrior, Paladin; Healer: Priest").unwrap();
    let mut roster = answered(&event, &[(1, 0, 1), (2, 1, 0), (3, 1, 0), (4, 2, 0)]);
    let shown_of = |roster: &Roster| shown(&Sheet::of(&event, roster, |_| None));
    expect![[r"
        Raid *night*
        Hosted by <@4>
        [When]
        <t:1795804200:F> – <t:1795811400:t>
        <t:1795804200:R>
        [🛡️ Tank (3/3)]
        (nothing)
        [Warrior (2)]
        <@1> +1
        [Paladin (1)]
        <@2>
        [Healer]
        (nothing)
        [Priest (1)]
        <@4>
        [⏳ Waitlist (1)]
        1. <@3>
        Answers close when it begins"]]
    .assert_eq(&shown_of(&roster));
    roster.withdraw(UserId::new(1), NOW);
    assert!(shown_of(&roster).contains("[🛡️ Tank (2/3)]"));
    let sent = json(&Sheet::of(&event, &roster, |_| None));
    for part in [
        r#"{"label":"Paladin","value":"1","description":"🛡️ Tank · 3 places"}"#,
        r#"{"label":"Priest","value":"2","description":"Healer"}"#,
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
}

#[test]
fn who_picked_a_removed_answer_still_takes_a_place_under_its_heading() {
    let mut event = event();
    event.options = option_words::read("Tank 2: Warrior, Paladin").unwrap();
    let roster = answered(&event, &[(1, 0, 0)]);
    let kept = event.options.iter().skip(1).cloned().collect();
    let kept = Options::new(kept).unwrap().sharing(event.options.shared().to_vec());
    event.options = event.options.edited(&kept).unwrap();
    let shown = shown(&Sheet::of(&event, &roster, |_| None));
    assert!(shown.contains("[Tank (1/2)]"), "{shown}");
}

#[test]
fn nine_answers_are_buttons_and_ten_a_list() {
    let options = |count| Options::new(many_options().iter().take(count).cloned().collect());
    for (count, buttons, lists) in [(9, 10, 0), (10, 1, 1)] {
        let mut event = event();
        event.options = options(count).unwrap();
        let sheet = sheet_of(&event, 0);
        check(&post(Words::usual(), &sheet, NOW)).unwrap();
        let sent = json(&sheet);
        let found = (sent.matches(r#""type":2"#).count(), sent.matches(r#""type":3"#).count());
        assert_eq!(found, (buttons, lists));
    }
}

#[test]
fn a_closed_list_cannot_be_used() {
    let mut event = event();
    event.options = many_options();
    event.closed_at = Some(NOW);
    assert!(json(&sheet_of(&event, 0)).contains(r#""disabled":true"#));
}

#[test]
fn more_answers_than_columns_stand_in_lines() {
    let mut event = event();
    let options = many_options();
    let named = options.iter().enumerate().map(|(number, option)| AnswerOption {
        label: format!("Job {number}").into(),
        ..option.clone()
    });
    event.options = Options::new(named.collect()).unwrap();
    event.details.capacity = Capacity::parse(2).ok();
    let sheet = sheet_of(&event, 3);
    let shown = shown(&sheet);
    assert!(shown.contains("[Answers]\n✅ Job 0 (1): <@18446744073709551615>"), "{shown}");
    assert!(shown.contains("✅ Job 24 (0)"), "{shown}");
}

#[test]
fn a_picture_stands_on_the_card() {
    let mut event = event();
    event.image = ImageUrl::parse("https://example.org/a.png").ok();
    let sent = json(&sheet_of(&event, 0));
    assert!(sent.contains(r#""image":{"url":"https://example.org/a.png"}"#), "{sent}");
}
