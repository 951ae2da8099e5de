//! The session against a scripted gateway on a clock made of numbers.
use muster_store::model::Shard;

use super::super::close::Refusal;
use super::*;

const INTERVAL: Duration = Duration::from_secs(40);

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn session_with(saved: Option<SavedSession>) -> Session {
    let token = Arc::new(Token::parse("T").unwrap());
    let identity = Identity { token, intents: 1, shard: Shard { number: 0, of: 1 } };
    Session::new(identity, "wss://base.example".into(), |name| name != "TYPING_START", saved)
}

fn saved(sequence: u64) -> SavedSession {
    SavedSession {
        session_id: "abc".into(),
        resume_url: "wss://resume.example".into(),
        sequence,
        shards: 1,
    }
}

fn hear(session: &mut Session, now: Duration, text: &str) -> Reaction {
    session.frame(now, text.as_bytes(), |interval| interval / 2)
}

fn hello(session: &mut Session, now: Duration) -> Reaction {
    hear(session, now, r#"{"op":10,"d":{"heartbeat_interval":40000}}"#)
}

const READY: &str = r#"{"op":0,"s":1,"t":"READY","d":{"v":10,"session_id":"abc",
    "resume_gateway_url":"wss://resume.example","guilds":[]}}"#;

/// A session that is live since second 0.
fn live() -> Session {
    let mut session = session_with(None);
    session.opened(at(0));
    assert!(matches!(hello(&mut session, at(0)), Reaction::Enter(Entry::Identify)));
    let ready = hear(&mut session, at(0), READY);
    assert!(matches!(ready, Reaction::Entered(Entry::Identify, Some(_))));
    session
}

/// Connects again and is taken back.
fn resume(session: &mut Session, now: Duration) {
    session.opened(now);
    assert!(matches!(hello(session, now), Reaction::Enter(Entry::Resume)));
    let resumed = hear(session, now, r#"{"op":0,"s":9,"t":"RESUMED","d":{}}"#);
    assert!(matches!(resumed, Reaction::Entered(Entry::Resume, None)));
}

#[test]
fn what_comes_before_a_resume_has_ended_is_replayed_and_nothing_else() {
    let mut session = session_with(Some(saved(41)));
    session.opened(at(0));
    assert!(matches!(hello(&mut session, at(0)), Reaction::Enter(Entry::Resume)));
    let mut comes = |text: &str| {
        let reaction = hear(&mut session, at(0), text);
        if let Reaction::Deliver(event) = reaction { Some(event.replayed) } else { None }
    };
    let event = |s: u64| format!(r#"{{"op":0,"s":{s},"t":"INTERACTION_CREATE","d":{{}}}}"#);
    assert_eq!(comes(&event(42)), Some(true));
    assert_eq!(comes(r#"{"op":0,"s":43,"t":"RESUMED","d":{}}"#), None);
    assert_eq!(comes(&event(44)), Some(false));
    let mut session = live();
    let Reaction::Deliver(first) = hear(&mut session, at(0), &event(2)) else { panic!() };
    assert!(!first.replayed);
}

#[test]
fn a_new_session_identifies_at_the_base_url() {
    let mut session = session_with(None);
    let url = "wss://base.example/?v=10&encoding=json&compress=zlib-stream".to_owned();
    assert_eq!(session.plan(), Plan { url, entry: Entry::Identify });
    session.opened(at(0));
    hello(&mut session, at(0));
    assert!(session.entry_frame().starts_with(r#"{"op":2,"#));
}

#[test]
fn a_saved_session_resumes_at_its_own_url() {
    let mut session = session_with(Some(saved(41)));
    assert_eq!(session.plan().entry, Entry::Resume);
    assert!(session.plan().url.starts_with("wss://resume.example/?v=10"));
    session.opened(at(0));
    hello(&mut session, at(0));
    let expected = r#"{"op":6,"d":{"token":"T","session_id":"abc","seq":41}}"#;
    assert_eq!(session.entry_frame(), expected);
}

#[test]
fn a_session_of_another_number_of_shards_is_dropped() {
    let stale = SavedSession { shards: 2, ..saved(41) };
    assert_eq!(session_with(Some(stale)).plan().entry, Entry::Identify);
}

#[test]
fn events_come_out_raw_and_advance_the_sequence() {
    let mut session = live();
    let text = r#"{"op":0,"s":2,"t":"GUILD_DELETE","d":{"id":"7","new":1}}"#;
    let Reaction::Deliver(event) = hear(&mut session, at(1), text) else { panic!() };
    assert_eq!((event.sequence, &*event.name), (2, "GUILD_DELETE"));
    assert_eq!(event.data.get(), r#"{"id":"7","new":1}"#);
    assert_eq!(session.saved().unwrap().sequence, 2);
}

#[test]
fn unwanted_events_count_but_do_not_come_out() {
    let mut session = live();
    let text = r#"{"op":0,"s":3,"t":"TYPING_START","d":{}}"#;
    assert!(matches!(hear(&mut session, at(1), text), Reaction::Nothing));
    assert_eq!(session.saved().unwrap().sequence, 3);
}

#[test]
fn heartbeats_start_within_an_interval_and_carry_the_sequence() {
    let mut session = live();
    assert_eq!(session.deadline(), Some(INTERVAL / 2), "the first is spread at random");
    let Reaction::Send(beat) = session.tick(at(20)) else { panic!() };
    assert_eq!(beat, r#"{"op":1,"d":1}"#);
    hear(&mut session, at(21), r#"{"op":11}"#);
    assert_eq!(session.latency(), Some(at(1)));
    assert_eq!(session.deadline(), Some(at(60)));
    assert!(matches!(session.tick(at(59)), Reaction::Nothing));
    assert!(matches!(session.tick(at(60)), Reaction::Send(_)));
}

#[test]
fn an_unheard_heartbeat_means_a_dead_connection_and_a_resume() {
    let mut session = live();
    session.tick(at(20));
    assert!(matches!(session.tick(at(60)), Reaction::Leave(Leave::Zombie)));
    assert_eq!(session.ended(End::Left(Leave::Zombie)), Next::Dial);
    assert_eq!(session.plan().entry, Entry::Resume);
}

#[test]
fn silence_while_we_did_not_read_is_excused() {
    let mut session = live();
    session.tick(at(20));
    session.excuse_silence();
    assert!(matches!(session.tick(at(60)), Reaction::Send(_)));
}

#[test]
fn a_requested_heartbeat_is_sent_at_once_but_not_in_a_flood() {
    let mut session = live();
    let mut sent = 0;
    for millis in 0..3_000 {
        let now = Duration::from_millis(millis);
        if matches!(hear(&mut session, now, r#"{"op":1}"#), Reaction::Send(_)) {
            sent += 1;
        }
    }
    assert_eq!(sent, 3);
}

#[test]
fn op_7_leads_to_a_resume_which_counts_as_success() {
    let mut session = live();
    for round in 1..=20 {
        let asked = hear(&mut session, at(round), r#"{"op":7,"d":null}"#);
        assert!(matches!(asked, Reaction::Leave(Leave::AskedToReconnect)));
        assert_eq!(session.ended(End::Left(Leave::AskedToReconnect)), Next::Dial);
        resume(&mut session, at(round));
    }
}

#[test]
fn op_9_keeps_or_ends_the_session_as_it_says() {
    for (text, leave, entry) in [
        (r#"{"op":9,"d":true}"#, Leave::SessionPaused, Entry::Resume),
        (r#"{"op":9,"d":false}"#, Leave::SessionRefused, Entry::Identify),
        (r#"{"op":9}"#, Leave::SessionRefused, Entry::Identify),
    ] {
        let mut session = live();
        let Reaction::Leave(why) = hear(&mut session, at(1), text) else { panic!("{text}") };
        assert_eq!(why, leave);
        assert_eq!(session.ended(End::Left(why)), Next::DialAfterRefusal);
        assert_eq!(session.plan().entry, entry, "{text}");
    }
}

#[test]
fn close_codes_decide_what_follows() {
    let resume = [None, Some(1000), Some(1001), Some(4000), Some(4001), Some(4002), Some(4005)];
    for code in resume {
        let mut session = live();
        assert_eq!(session.ended(End::Closed(code)), Next::Dial);
        assert_eq!(session.plan().entry, Entry::Resume, "{code:?}");
    }
    for code in [4003, 4007, 4009] {
        let mut session = live();
        assert_eq!(session.ended(End::Closed(Some(code))), Next::Dial);
        assert_eq!(session.plan().entry, Entry::Identify, "{code}");
    }
    let mut session = live();
    assert_eq!(session.ended(End::Closed(Some(4008))), Next::DialSlowly);
    assert_eq!(session.plan().entry, Entry::Resume);
    for (code, refusal) in [(4004, Refusal::Token), (4014, Refusal::IntentsNotAllowed)] {
        assert_eq!(live().ended(End::Closed(Some(code))), Next::Stop(refusal));
    }
}

#[test]
fn three_failed_resumes_lead_to_a_new_session() {
    let mut session = live();
    session.ended(End::Closed(None));
    for failures in 0..3 {
        assert_eq!(session.plan().entry, Entry::Resume, "after {failures}");
        session.opened(at(1));
        hello(&mut session, at(1));
        assert_eq!(session.ended(End::Closed(Some(4000))), Next::Dial);
    }
    assert_eq!(session.plan().entry, Entry::Identify);
}

#[test]
fn a_gateway_out_of_reach_says_nothing_about_the_session() {
    let mut session = live();
    session.ended(End::Closed(None));
    for round in 0..1_000 {
        let plan = session.plan();
        assert_eq!(plan.entry, Entry::Resume, "after {round} tries");
        // Where to resume may be what is out of reach.
        let host = if round % 2 == 0 { "wss://resume.example/" } else { "wss://base.example/" };
        assert!(plan.url.starts_with(host), "{round}: {}", plan.url);
        let end = match round % 3 {
            0 => End::DialFailed,
            1 => {
                session.opened(at(round));
                End::Closed(None)
            }
            _ => {
                session.opened(at(round));
                End::Left(Leave::Silent)
            }
        };
        let times = u32::try_from(round + 1).unwrap();
        assert_eq!(session.ended(end), Next::DialAfterSilence(times));
    }
    resume(&mut session, at(2_000));
    session.ended(End::Closed(None));
    assert!(session.plan().url.starts_with("wss://resume.example/"));
}

#[test]
fn a_resume_that_works_clears_the_count_of_failures() {
    let mut session = live();
    session.ended(End::Closed(None));
    for round in 0..5 {
        for _ in 0..2 {
            session.opened(at(round));
            hello(&mut session, at(round));
            session.ended(End::Closed(None));
        }
        resume(&mut session, at(round));
        session.ended(End::Closed(None));
        assert_eq!(session.plan().entry, Entry::Resume);
    }
}

#[test]
fn a_peer_that_says_nothing_is_left() {
    let mut session = session_with(None);
    session.opened(at(0));
    assert_eq!(session.deadline(), Some(HELLO_LIMIT));
    assert!(matches!(session.tick(HELLO_LIMIT), Reaction::Leave(Leave::Silent)));
    session.ended(End::Left(Leave::Silent));
    session.opened(at(100));
    hello(&mut session, at(100));
    let mut now = at(100);
    while let Reaction::Nothing | Reaction::Send(_) = session.tick(now) {
        hear(&mut session, now, r#"{"op":11}"#);
        now = session.deadline().unwrap();
    }
    assert_eq!(now, at(100) + ENTRY_LIMIT);
    assert!(matches!(session.tick(now), Reaction::Leave(Leave::Silent)));
}

#[test]
fn rubbish_is_left_and_the_unknown_is_ignored() {
    for text in ["", "{", "7", "\u{0}", r#"{"op":"x"}"#] {
        let reaction = hear(&mut live(), at(1), text);
        assert!(matches!(reaction, Reaction::Leave(Leave::Unreadable)), "{text}: {reaction:?}");
    }
    for text in ["{}", r#"{"op":77,"d":{}}"#, r#"{"op":0,"s":5,"t":null,"d":null}"#] {
        let reaction = hear(&mut live(), at(1), text);
        assert!(matches!(reaction, Reaction::Nothing), "{text}: {reaction:?}");
    }
}

#[test]
fn a_ready_without_session_is_used_but_not_resumed() {
    let mut session = session_with(None);
    session.opened(at(0));
    hello(&mut session, at(0));
    let ready = hear(&mut session, at(0), r#"{"op":0,"s":1,"t":"READY","d":{"v":10}}"#);
    assert!(matches!(ready, Reaction::Entered(Entry::Identify, Some(_))));
    session.ended(End::Closed(None));
    assert_eq!(session.plan().entry, Entry::Identify);
}

#[test]
fn absurd_heartbeat_intervals_are_bounded() {
    for (millis, expected) in [(0, HEARTBEAT_MIN), (u64::MAX, HEARTBEAT_MAX)] {
        let mut session = session_with(None);
        session.opened(at(0));
        hear(&mut session, at(0), &format!(r#"{{"op":10,"d":{{"heartbeat_interval":{millis}}}}}"#));
        hear(&mut session, at(0), READY);
        assert_eq!(session.deadline(), Some(expected / 2));
    }
}

#[test]
fn nothing_secret_is_printed() {
    let mut session = live();
    let text = r#"{"op":0,"s":2,"t":"INTERACTION_CREATE","d":{"token":"canary"}}"#;
    let printed = format!("{:?} {:?}", hear(&mut session, at(1), text), session.saved());
    assert!(!printed.contains("canary") && !printed.contains("abc"), "{printed}");
}
