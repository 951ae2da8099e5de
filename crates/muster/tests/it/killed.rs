//! `kill -9` while taps are flowing: every tap that was answered is on disk.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;
use muster_sim::SimClock;
use muster_sim::ids::MessageId;
use serde_json::json;
use tokio::sync::Notify;

use crate::child::Program;
use crate::people::Person;
use crate::stage::Stage;
use crate::words;

/// What one member did: the last answer that was taken, and one whose fate is unknown.
#[derive(Default)]
struct Taps {
    taken: Option<&'static str>,
    in_doubt: Option<&'static str>,
}

/// Taps one answer after the other until one is not taken.
async fn taps_until_it_fails(who: &Person, post: MessageId, taken: &Counter) -> Taps {
    let mut taps = Taps::default();
    for label in ["Yes", "No", "Maybe", "Mobile"].into_iter().cycle() {
        if !who.taps(post, label).await.is_update() {
            taps.in_doubt = Some(label);
            return taps;
        }
        taps.taken = Some(label);
        taken.add_one();
    }
    taps
}

/// Counts, and tells when a number is reached.
struct Counter {
    count: AtomicU32,
    wanted: u32,
    reached: Notify,
}

impl Counter {
    fn add_one(&self) {
        if self.count.fetch_add(1, Ordering::Relaxed) + 1 == self.wanted {
            self.reached.notify_one();
        }
    }
}

/// Who stands under which answer.
fn shown(stage: &Stage, post: MessageId) -> BTreeMap<String, String> {
    let roster = stage.sim.world(|world| words::roster(world, world.message(post).unwrap()));
    let columns = roster.split(" | ").filter_map(|column| column.split_once(": "));
    let name = |label: &str, name: &str| (name.to_owned(), label.to_owned());
    columns.flat_map(|(label, names)| names.split(", ").map(move |one| name(label, one))).collect()
}

async fn killed_after(wanted: u32) {
    let mut stage = Stage::without_bot(SimClock::real()).await;
    stage.may_miss = true;
    let url = stage.sim.url();
    let variables = [
        ("DISCORD_API_URL", url.as_str()),
        ("DEFAULT_TIMEZONE", "Europe/Berlin"),
        ("RATE_LIMIT_TAPS", "off"),
    ];
    let program = Program::starts(&stage.folder(), &variables);
    stage.is_online().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let crowd: Vec<_> = (0..16).map(|n| stage.newcomer(&format!("member-{n:02}"))).collect();
    let counter = Counter { count: AtomicU32::new(0), wanted, reached: Notify::new() };
    let kill = async {
        counter.reached.notified().await;
        program.killed().await
    };
    let tapping = join_all(crowd.iter().map(|who| taps_until_it_fails(who, raid, &counter)));
    let (taps, ended) = tokio::join!(tapping, kill);
    assert_eq!(ended.status, None, "a signal ended it: {}", ended.said);

    stage.starts().await;
    // One more answer makes the bot draw the post from what is on disk.
    stage.zofia().taps(raid, "Yes").await;
    stage.says(raid, "@Zofia").await;
    let shown = shown(&stage, raid);
    for (who, taps) in crowd.iter().zip(&taps) {
        let kept = shown.get(&stage.name(who)).map(String::as_str);
        let fits = kept == taps.taken || kept == taps.in_doubt;
        assert!(fits, "{kept:?} instead of {:?} or {:?}", taps.taken, taps.in_doubt);
    }
    stage.ends().await;
}

#[tokio::test]
async fn with_the_very_first_tap_answered() {
    killed_after(1).await;
}

#[tokio::test]
async fn after_a_few_taps() {
    killed_after(7).await;
}

#[tokio::test]
async fn in_the_middle_of_the_flow() {
    killed_after(60).await;
}

#[tokio::test]
async fn after_hundreds() {
    killed_after(300).await;
}

#[tokio::test]
async fn while_a_post_is_sent_leaves_one_event_with_one_post() {
    let mut stage = Stage::without_bot(SimClock::real()).await;
    stage.may_miss = true;
    let url = stage.sim.url();
    let variables = [("DISCORD_API_URL", url.as_str()), ("DEFAULT_TIMEZONE", "Europe/Berlin")];
    let program = Program::starts(&stage.folder(), &variables);
    stage.is_online().await;
    let (joao, options) = (stage.joao(), json!({"title": "Raid", "when": "tomorrow 20:00"}));
    let kill = async {
        stage.post_of("Raid").await;
        program.killed().await
    };
    tokio::join!(joao.tries("event create", options), kill).0.unwrap();
    stage.starts().await;
    // Longer than the lease of a delivery whose end nobody has seen.
    stage.passes(3).await;
    let list = stage.until_told("event list", json!({}), "[post]").await;
    assert_eq!(stage.messages(stage.demo.events).len(), 1);
    assert_eq!(list.text().matches("**Raid**").count(), 1);
    let raid = stage.post_of("Raid").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.shows(raid, "Yes: Zofia").await;
    stage.ends().await;
}
