//! Taps: on an older copy of a post, and more of them than a member may make.

use std::time::Duration;

use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, MessageId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_engine::Config;
use muster_engine::answer::TapRequest;
use muster_engine::board::Effect;
use muster_engine::refusal::Refusal;
use muster_engine::tap_limit::{TapAdmission, TapRate};
use muster_store::model::Ask;
use muster_vitals::snapshot::SecurityKind;

use crate::world::{GUILD, SECOND, Scene};

fn bea() -> Actor {
    Actor {
        user: UserId::new(77),
        guild: GUILD,
        channel: ChannelId::new(1),
        roles: vec![],
        permissions: Permissions::default(),
    }
}

/// Taps on this message of an event, which is then changed; whether that leaves it in doubt.
async fn tapped_on(scene: &Scene, post: MessageId, number: u64) -> bool {
    let event = muster_domain::id::EventId::new(1);
    let option = OptionId::new(u8::try_from(number % 2).unwrap());
    let ask = Ask::Pick { option, may_lose_place: false };
    let interaction = InteractionId::new(1_000 + number);
    let write = scene.app.board().write(event);
    let request = TapRequest { event, ask, interaction, post: Some(post) };
    scene.app.tap(&bea(), request).await.unwrap();
    let version = scene.read(event).await.sheet.event.version;
    write.ends(Effect::Shown(post, version))
}

#[tokio::test(start_paused = true)]
async fn a_tap_on_an_older_copy_leaves_the_post_to_be_edited() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    let post = scene.read(event).await.post.message.unwrap();
    assert!(!tapped_on(&scene, post, 0).await);
    assert!(tapped_on(&scene, MessageId::new(5), 1).await, "it asks for an edit");
    scene.app.write_down_shown().await.unwrap();
    assert_eq!(scene.read(event).await.post.shown, 2);
    scene.reconciles();
    scene.passes(5).await;
    let shown: Vec<_> = scene.discord().edits().into_iter().map(|(_, _, v)| v).collect();
    assert_eq!(shown, [3]);
}

#[tokio::test(start_paused = true)]
async fn the_limit_counts_by_the_clock_of_the_world_and_tells_how_much_it_refused() {
    let config = Config { taps: Some(TapRate::DEFAULT), ..Config::default() };
    let scene = Scene::with(config, |_, _| (SECOND, None)).await;
    let taps: Vec<_> = (0..7).map(|_| scene.app.admit_tap(UserId::new(1), None)).collect();
    assert_eq!(taps[..5], [TapAdmission::Taken; 5]);
    assert_eq!(taps[5..], [TapAdmission::Refused(TapRate::DEFAULT), TapAdmission::RefusedAgain]);
    assert_eq!(scene.app.vitals().limiter.snapshot().refused, 2);
    scene.passes(5).await;
    assert_eq!(scene.app.admit_tap(UserId::new(1), None), TapAdmission::Taken);
}

#[tokio::test(start_paused = true)]
async fn members_who_go_on_tapping_shut_nobody_out_of_a_guilds_commands() {
    let config = Config { taps: Some(TapRate::DEFAULT), ..Config::default() };
    let scene = Scene::with(config, |_, _| (SECOND, None)).await;
    let guild = GuildId::new(50);
    for _ in 0..400 {
        for member in 1..=25 {
            let _admission = scene.app.admit_tap(UserId::new(member), Some(guild));
        }
    }
    assert!(scene.app.kept_out(UserId::new(1)).is_some(), "each is kept out");
    assert_eq!(scene.app.guild_kept_out(guild), None);
    let counts = scene.app.vitals().security.snapshot(Duration::ZERO, 0).counts;
    let bursts = counts.iter().find(|(kind, ..)| *kind == SecurityKind::RateLimitBurst).unwrap();
    assert!(bursts.1 > 200, "{bursts:?}");
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_every_tap_is_taken() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    assert!((0..100).all(|_| scene.app.admit_tap(UserId::new(1), None) == TapAdmission::Taken));
    assert_eq!(scene.app.vitals().limiter.snapshot().refused, 0);
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_an_event_of_another_guild_is_noted_and_who_comes_late_is_not() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    let mal = Actor { guild: GuildId::new(3_000), ..bea() };
    let ask = Ask::Pick { option: OptionId::new(0), may_lose_place: false };
    let request = TapRequest { event, ask, interaction: InteractionId::new(1), post: None };
    assert_eq!(scene.app.tap(&mal, request).await, Err(Refusal::NoSuchEvent.into()));
    assert_eq!(scene.app.event(&mal, event).await, Err(Refusal::NoSuchEvent.into()));
    let gone = EventId::new(99);
    assert_eq!(scene.app.event(&bea(), gone).await, Err(Refusal::NoSuchEvent.into()));
    let noted = scene.app.vitals().security.snapshot(Duration::ZERO, 10).newest;
    let noted: Vec<_> = noted.iter().map(|one| (one.kind, one.member, one.guild)).collect();
    assert_eq!(noted, [(SecurityKind::CrossGuild, Some(77), Some(3_000)); 2]);
}
