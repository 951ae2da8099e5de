//! What members say beside their answers, rosters line by line, and the history of it all.

use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::change::EventChange;
use muster_domain::id::{ChannelId, EventId, UserId};
use muster_domain::option_words;
use muster_domain::reminder::{Audience, Reminder, ReminderTime};
use muster_domain::signup_details::{DetailsChange, SignupDetails};
use muster_domain::text::{Announcement, Note};
use muster_store::Store;
use muster_store::model::{
    Ask, Changed, Deed, DescribeRequest, Described, EventStep, Happened, LoggedPlace, MoveRequest,
    Moving, NewEvent, ReminderChange, ReminderRequest, RosterLine, RosterPart, SignupWay, Tap,
    Tapped, TellRequest, UndoRequest, Undone, Window,
};

use crate::scene::{
    END, GUILD, HOST, NO, OTHER_GUILD, START, Scene, YES, details, minute, move_to, resize, user,
    users,
};

fn request<S: Store>(
    scene: &Scene<S>,
    event: EventId,
    member: u64,
    change: DetailsChange,
) -> DescribeRequest {
    let (member, interaction) = (user(member), scene.interaction());
    DescribeRequest { guild: GUILD, event, member, by: member, change, interaction, at: minute(2) }
}

fn note(text: &str) -> DetailsChange {
    DetailsChange::Note(Note::parse(text).ok())
}

fn late() -> DetailsChange {
    at(70)
}

/// Comes at this minute.
fn at(arrives: i64) -> DetailsChange {
    DetailsChange::Times { arrives: Some(minute(arrives)), leaves: None }
}

async fn line<S: Store>(scene: &Scene<S>, event: EventId, member: u64) -> Option<RosterLine> {
    scene.store.signup_of(GUILD, event, user(member)).await.unwrap()
}

async fn said<S: Store>(scene: &Scene<S>, event: EventId, member: u64) -> SignupDetails {
    line(scene, event, member).await.unwrap().details
}

pub(crate) async fn a_note_is_kept_and_the_post_looks_the_same<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    scene.shown(event, 5, 2).await;
    for change in [note("by bus"), DetailsChange::Direct(true), note("by train")] {
        let told = scene.store.describe(request(scene, event, 1, change)).await.unwrap();
        assert!(matches!(told, Described::Kept(_)), "{told:?}");
    }
    assert!(scene.stale().await.is_empty());
    let kept = said(scene, event, 1).await;
    assert_eq!((kept.note, kept.direct), (Note::parse("by train").ok(), true));
    // Another answer keeps it; taking the answer back forgets it.
    scene.tap(event, 1, NO).await;
    assert!(said(scene, event, 1).await.note.is_some());
    scene.withdraw(event, 1).await;
    assert_eq!(line(scene, event, 1).await, None);
    scene.tap(event, 1, YES).await;
    assert_eq!(said(scene, event, 1).await, SignupDetails::default());
}

pub(crate) async fn who_comes_late_is_shown_so<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    scene.shown(event, 5, 2).await;
    scene.store.describe(request(scene, event, 1, late())).await.unwrap();
    assert_eq!(scene.stale().await, [event]);
    let sheet = scene.read(event).await.sheet;
    assert_eq!(sheet.columns[0].1.first[0].arrives, Some(minute(70)));
    let tapped = scene.tap(event, 2, YES).await;
    let Tapped::Answered(_, told) = tapped else { panic!("not taken: {tapped:?}") };
    assert_eq!(*told, scene.read(event).await.sheet, "what is at hand knows it too");
}

pub(crate) async fn who_comes_late_does_so_by_as_much_when_the_event_moves<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    scene.store.describe(request(scene, event, 1, late())).await.unwrap();
    scene.change(event, move_to(START + 500, END + 500), 3).await;
    assert_eq!(said(scene, event, 1).await.arrives, Some(minute(570)));
    let shown = scene.read(event).await.sheet.columns[0].1.first[0].arrives;
    assert_eq!(shown, Some(minute(570)), "on the post, too");
    scene.change(event, move_to(START, END), 4).await;
    assert_eq!(said(scene, event, 1).await.arrives, Some(minute(70)));
}

pub(crate) async fn who_comes_late_still_does_after_a_change_of_the_time_was_undone<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    scene.store.describe(request(scene, event, 1, late())).await.unwrap();
    scene.change(event, move_to(START, END + 30), 3).await;
    assert_eq!(said(scene, event, 1).await.arrives, Some(minute(70)), "a longer event");
    let Changed::Made { now, .. } = scene.change(event, move_to(START, 70), 4).await else {
        panic!("not made")
    };
    assert_eq!(said(scene, event, 1).await.arrives, None, "it is over by then");
    assert_eq!(now.sheet.columns[0].1.first[0].arrives, None, "on the post, too");
    let version = now.sheet.event.version;
    let (by, interaction, at) = (HOST, scene.interaction(), minute(5));
    let undo = UndoRequest { guild: GUILD, event, version, by, interaction, at };
    assert!(matches!(scene.store.undo(undo).await, Ok(Undone::Made { .. })));
    assert_eq!(said(scene, event, 1).await.arrives, Some(minute(70)));
}

pub(crate) async fn what_is_said_counts_once_and_the_latest_counts<S: Store>(scene: &Scene<S>) {
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    let early = request(scene, event, 1, note("by bus"));
    let later = request(scene, event, 1, note("by train"));
    scene.store.describe(later.clone()).await.unwrap();
    for repeated in [early, later] {
        let told = scene.store.describe(repeated).await.unwrap();
        assert!(matches!(told, Described::Repeated(_)), "{told:?}");
    }
    assert_eq!(said(scene, event, 1).await.note, Note::parse("by train").ok());
    // And it is no tap: one from before it still counts.
    let early_tap = scene.tap_of(event, 2, Some(YES));
    let said_by_other = request(scene, event, 2, note("x"));
    scene.store.tap(early_tap).await.unwrap();
    scene.store.describe(said_by_other).await.unwrap();
}

pub(crate) async fn nothing_can_be_said_without_an_answer_or_after_the_end<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event().await;
    let none = scene.store.describe(request(scene, event, 1, note("x"))).await.unwrap();
    assert!(matches!(none, Described::NoAnswerYet(_)), "{none:?}");
    scene.tap(event, 1, YES).await;
    let over = DescribeRequest { at: minute(END), ..request(scene, event, 1, note("x")) };
    let told = scene.store.describe(over).await.unwrap();
    assert!(matches!(told, Described::Closed(..)), "{told:?}");
    let past = scene.store.describe(request(scene, event, 1, at(END))).await.unwrap();
    assert!(matches!(past, Described::Moved(_)), "it was moved meanwhile: {past:?}");
    assert_eq!(said(scene, event, 1).await, SignupDetails::default());
    let foreign = DescribeRequest { guild: OTHER_GUILD, ..request(scene, event, 1, note("x")) };
    assert_eq!(scene.store.describe(foreign).await, Ok(Described::NoSuchEvent));
    scene.change(event, EventChange::Close, 2).await;
    let closed = scene.store.describe(request(scene, event, 1, late())).await.unwrap();
    assert!(matches!(closed, Described::Kept(_)), "late is said late: {closed:?}");
}

pub(crate) async fn a_roster_is_read_in_parts_and_in_order<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(3).await;
    for member in (1..=7).rev() {
        scene.tap(event, member, YES).await;
    }
    scene.tap(event, 8, NO).await;
    let page = async |part, skip, limit| {
        let window = Window { skip, limit };
        scene.store.roster_page(GUILD, event, part, window).await.unwrap().unwrap()
    };
    let shown = |rows: &[RosterLine]| -> Vec<(u64, usize)> {
        rows.iter().map(|line| (line.member.get(), line.rank)).collect()
    };
    let coming = page(RosterPart::Option(YES), 1, 10).await;
    let picked = vec![(6, 2), (5, 3), (4, 1), (3, 2), (2, 3), (1, 4)];
    assert_eq!((shown(&coming.rows), coming.total), (picked, 7));
    let waiting = page(RosterPart::Waitlist, 0, 2).await;
    assert_eq!((shown(&waiting.rows), waiting.total), (vec![(4, 1), (3, 2)], 4));
    let all = page(RosterPart::Everyone, 2, 3).await;
    assert_eq!((shown(&all.rows), all.total), (vec![(5, 3), (8, 1), (4, 1)], 8));
    assert_eq!(line(scene, event, 2).await.map(|line| line.rank), Some(3));
    let window = Window { skip: 0, limit: 10 };
    let foreign = scene.store.roster_page(OTHER_GUILD, event, RosterPart::Everyone, window).await;
    assert_eq!(foreign, Ok(None));
    assert_eq!(scene.store.signup_of(OTHER_GUILD, event, user(1)).await, Ok(None));
}

pub(crate) async fn who_waits_for_an_answer_is_ranked_among_those_who_wait_for_it<S: Store>(
    scene: &Scene<S>,
) {
    let (tank, healer) = (OptionId::new(0), OptionId::new(1));
    let options = option_words::read("Tank 1, Healer 1").unwrap();
    let new = NewEvent { options, ..scene.new_event(details(0)) };
    let event = scene.store.create_event(new, minute(0)).await.unwrap().sheet.event.id;
    for (member, option) in [(1, tank), (2, healer), (3, tank), (4, tank), (5, healer)] {
        scene.tap(event, member, option).await;
    }
    let page = async |part| {
        let window = Window { skip: 0, limit: 10 };
        let page = scene.store.roster_page(GUILD, event, part, window).await.unwrap().unwrap();
        page.rows.iter().map(|line| (line.member.get(), line.rank)).collect::<Vec<_>>()
    };
    assert_eq!(page(RosterPart::Waitlist).await, [(3, 1), (4, 2), (5, 1)]);
    assert_eq!(page(RosterPart::Option(healer)).await, [(2, 1), (5, 1)]);
    assert_eq!(line(scene, event, 5).await.map(|line| line.rank), Some(1));
}

/// The history in short, newest first: what, of whom, by whom.
async fn told<S: Store>(scene: &Scene<S>, event: EventId) -> Vec<(String, u64, u64)> {
    let window = Window { skip: 0, limit: 100 };
    let page = scene.store.history(GUILD, event, window).await.unwrap().unwrap();
    assert_eq!(page.total, page.rows.len());
    let line = |what: Happened| match what {
        Happened::Event(step) | Happened::Undone(step) => (format!("{step:?}"), 0),
        Happened::Deed(deed) => (format!("{deed:?}"), 0),
        Happened::Signup { member, way, .. } => (format!("{way:?}"), member.get()),
        Happened::Presence { member, .. } => ("Presence".to_owned(), member.get()),
    };
    let lines = page.rows.into_iter().map(|row| (line(row.what), row.by.get()));
    lines.map(|((what, member), by)| (what, member, by)).collect()
}

pub(crate) async fn the_history_tells_who_did_what_newest_first<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(1).await;
    for member in [1, 2] {
        scene.tap(event, member, YES).await;
    }
    scene.store.describe(request(scene, event, 2, note("x"))).await.unwrap();
    let removes = Tap { by: HOST, force: true, ..scene.asking(event, 1, Ask::Withdraw) };
    scene.store.tap(removes).await.unwrap();
    scene.tap(event, 3, YES).await;
    scene.change(event, resize(2), 2).await;
    let host = HOST.get();
    let line = |what: &str, member: u64, by: u64| (what.to_owned(), member, by);
    assert_eq!(
        told(scene, event).await,
        [
            line("Promoted", 3, host),
            line("Edited", 0, host),
            line("Tap", 3, 3),
            // What followed from something is newer than that.
            line("Promoted", 2, host),
            line("Organiser", 1, host),
            line("Details", 2, 2),
            line("Tap", 2, 2),
            line("Tap", 1, 1),
            line("Created", 0, host),
        ]
    );
    let foreign = scene.store.history(OTHER_GUILD, event, Window { skip: 0, limit: 1 }).await;
    assert_eq!(foreign, Ok(None));
}

pub(crate) async fn the_history_tells_of_reminders_and_of_posts_made_again<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    let [first, second] = [user(8), user(9)];
    let asks = |change, by, at| ReminderRequest {
        guild: GUILD,
        event: Some(event),
        change,
        by,
        at: minute(at),
    };
    let reminder = Reminder::at(ReminderTime::Before(SignedDuration::from_mins(5)));
    let add = asks(ReminderChange::Add(reminder), first, 1);
    scene.store.change_reminders(add).await.unwrap();
    scene.tap(event, 1, YES).await;
    let told = TellRequest {
        guild: GUILD,
        event,
        by: first,
        words: Announcement::parse("Bring rope.").unwrap(),
        audience: Audience::Expected,
        interaction: scene.interaction(),
        at: minute(2),
    };
    scene.store.tell(told).await.unwrap();
    // The clock goes back, and the order stays.
    let again = MoveRequest {
        guild: GUILD,
        event,
        channel: ChannelId::new(102),
        takes_back: None,
        by: second,
        interaction: scene.interaction(),
        at: minute(1),
    };
    let Ok(Moving::Begun(begun)) = scene.store.move_post(again).await else { panic!("not begun") };
    assert_eq!(scene.store.move_post(again).await, Ok(Moving::Repeated(begun)));
    // Of two kinds, and each the first of its kind.
    let says = request(scene, event, 1, DetailsChange::Note(Note::parse("By bus").ok()));
    scene.store.describe(DescribeRequest { at: minute(3), ..says }).await.unwrap();
    for at in [4, 5] {
        // The second time there is nothing to change.
        let reset = asks(ReminderChange::Reset, second, at);
        scene.store.change_reminders(reset).await.unwrap();
    }
    let line = |what: &str, member: u64, by: u64| (what.to_owned(), member, by);
    let lines = [
        line("Reminders", 0, 9),
        line("Details", 1, 1),
        line("Reposted(ChannelId(102))", 0, 9),
        line("Told", 0, 8),
        line("Tap", 1, 1),
        line("Reminders", 0, 8),
        line("Created", 0, HOST.get()),
    ];
    assert_eq!(self::told(scene, event).await, lines);
    let acts = scene.store.held_on(second).await.unwrap().acts;
    let acts: Vec<_> = acts.iter().map(|(_, line)| line.what).collect();
    let reposted = Happened::Deed(Deed::Reposted(ChannelId::new(102)));
    assert_eq!(acts, [Happened::Deed(Deed::Reminders), reposted]);
    scene.store.erase_member(second, minute(5)).await.unwrap();
    let nobody = UserId::erased(0).get();
    let by: Vec<u64> = self::told(scene, event).await.into_iter().map(|line| line.2).collect();
    assert_eq!(by, [nobody, 1, nobody, 8, 1, 8, HOST.get()]);
}

pub(crate) async fn a_line_of_history_has_what_was_and_what_is<S: Store>(scene: &Scene<S>) {
    let event = scene.event_for(1).await;
    for member in [1, 2] {
        scene.tap(event, member, YES).await;
    }
    scene.tap(event, 1, NO).await;
    let window = Window { skip: 0, limit: 1 };
    let page = scene.store.history(GUILD, event, window).await.unwrap().unwrap();
    let [promoted] = &page.rows[..] else { panic!("one line") };
    let Happened::Signup { member, way, before, now } = promoted.what else {
        panic!("of a signup")
    };
    let places = (before.map(|a| a.place), now.map(|a| a.place));
    assert_eq!((member, way), (users([2])[0], SignupWay::Promoted));
    assert_eq!(places, (Some(LoggedPlace::Waiting), Some(LoggedPlace::Seated)));
    assert_eq!((promoted.at, promoted.by, promoted.version), (minute(1), user(1), 4));
    assert_eq!((page.total, details(1).title.as_str()), (5, "Raid night"));
    let first = Window { skip: 4, limit: 9 };
    let first = scene.store.history(GUILD, event, first).await.unwrap().unwrap().rows;
    assert_eq!(first.last().map(|line| line.what), Some(Happened::Event(EventStep::Created)));
}
