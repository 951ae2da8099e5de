//! The list of what was given up: what it shows, and what a button there does.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;

use crate::browser::Browser;
use crate::pages::words;
use crate::site::Site;

#[tokio::test]
async fn each_thing_says_what_it_was_where_when_and_why() {
    let site = Site::local();
    let shown = words(&Browser::local(&site).get("/given-up").await.body);
    for said in [
        "Given up 43",
        "A reminder in server 281474976710656900 The bot may not write there",
        "due 9 min ago · given up 7 min ago · event 400 · channel 281474976710656977 Try again",
        "Archiving an event's thread in server 281474976710656903",
        "event 405 · channel 281474976710656982 Its time has passed.",
        "Page 1 of 3 Older",
    ] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    assert_eq!(shown.matches("Try again").count(), 19, "twenty, and one is too late");
}

#[tokio::test]
async fn a_page_that_is_not_there_is_the_last_one_and_nothing_odd_is_read() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    for (query, said) in [
        ("page=1", "Newer Page 2 of 3 Older"),
        ("page=2", "Newer Page 3 of 3"),
        ("page=7", "Newer Page 3 of 3"),
        ("page=18446744073709551615", "Newer Page 3 of 3"),
        ("page=-1", "Page 1 of 3 Older"),
        ("page=x&done=%3Cscript%3E", "Page 1 of 3 Older"),
    ] {
        let answer = browser.get(&format!("/given-up?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        let shown = words(&answer.body);
        assert!(shown.contains(said) && !answer.body.contains("<script>"), "{query}: {shown}");
    }
    let acts = site.bot.acts.lock().unwrap();
    assert!(acts.iter().any(|act| act == "list 20 after 980"), "bounded: {acts:?}");
    assert!(acts.iter().all(|act| act.starts_with("list 20 after")), "{acts:?}");
}

#[tokio::test]
async fn what_is_tried_again_leads_back_to_its_page_which_says_what_became_of_it() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    let server = ("server", "281474976710656900");
    let fields = [("kind", "message"), server, ("delivery", "900"), ("page", "1")];
    let answer = browser.act("/try-again", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let place = answer.header("location").to_owned();
    assert_eq!(place, "/given-up?page=1&done=sent");
    let shown = words(&browser.get(&place).await.body);
    assert!(shown.contains("Given up 42 It was sent."), "{shown}");
    let chores = [("kind", "chores"), ("server", "281474976710656903"), ("page", "0")];
    let answer = browser.act("/try-again", &chores).await;
    assert_eq!(answer.header("location"), "/given-up?page=0&done=under-way");
    let acts = site.bot.acts.lock().unwrap().clone();
    let again: Vec<_> = acts.iter().filter(|act| act.starts_with("again")).collect();
    assert_eq!(
        again,
        [
            "again Message { server: 281474976710656900, delivery: 900 }",
            "again Chores { server: 281474976710656903 }"
        ]
    );
}

#[tokio::test]
async fn a_form_that_names_nothing_whole_does_nothing() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    for fields in [
        &[("kind", "message"), ("server", "1")][..],
        &[("kind", "chores"), ("server", "1"), ("delivery", "2")],
        &[("kind", "chores"), ("server", "-1")],
        &[("kind", "everything"), ("server", "1")],
        &[],
    ] {
        let answer = browser.act("/try-again", fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{fields:?}");
    }
    assert!(site.bot.acts.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_said_and_the_dashboard_asks_for_none() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    assert!(browser.get("/").await.body.contains("href=\"/given-up\""));
    browser.get("/metrics").await;
    assert!(site.bot.acts.lock().unwrap().is_empty(), "it is read when somebody opens it");
    site.bot.is_silent.store(true, Ordering::Relaxed);
    let answer = browser.get("/given-up").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("cannot be read at the moment"));
}
