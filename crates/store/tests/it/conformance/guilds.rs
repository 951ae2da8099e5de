//! Guilds, their settings, and members' zones.

use std::collections::BTreeSet;

use jiff::civil::time;
use muster_domain::id::{ChannelId, GuildId, RoleId};
use muster_domain::settings::{
    CleanUp, GuildSettings, HoursAfterEnd, Language, Retention, SettingsChange,
};
use muster_domain::zone::Zone;
use muster_store::Store;
use muster_store::model::{Arrival, DeliveryContent, Shard};

use crate::scene::{CHANNEL, GUILD, OTHER_GUILD, Scene, YES, minute, user};

pub(crate) async fn a_new_guild_is_greeted_once<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    assert_eq!(store.guild_arrived(GUILD, minute(0)).await, Ok(Arrival::New));
    assert_eq!(store.guild_arrived(GUILD, minute(1)).await, Ok(Arrival::Known));
    let [greeting] = &scene.claim(1).await[..] else { panic!("one greeting") };
    assert_eq!(greeting.content, DeliveryContent::Greeting);
    assert_eq!((greeting.guild, greeting.channel, greeting.due), (GUILD, None, minute(0)));
    scene.attempt(greeting).await;
    scene.sent(greeting, 1, 0).await;
    assert_eq!(store.next_due().await, Ok(None));
}

pub(crate) async fn a_guild_that_gave_a_command_before_it_arrived_is_new<S: Store>(
    scene: &Scene<S>,
) {
    scene.event().await;
    assert_eq!(scene.store.guild_arrived(GUILD, minute(1)).await, Ok(Arrival::New));
}

pub(crate) async fn a_guild_that_comes_back_finds_everything_as_it_was<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    store.guild_arrived(GUILD, minute(0)).await.unwrap();
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    store.guild_left(GUILD, minute(2)).await.unwrap();
    assert_eq!(store.guild_arrived(GUILD, minute(3)).await, Ok(Arrival::Returned));
    assert_eq!(store.guild_arrived(GUILD, minute(4)).await, Ok(Arrival::Known));
    assert_eq!(scene.read(event).await.sheet.coming, 1);
}

pub(crate) async fn nothing_is_sent_to_a_guild_that_removed_the_bot<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    store.guild_arrived(GUILD, minute(0)).await.unwrap();
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    let waiting = scene.created(crate::scene::details(0)).await.delivery;
    store.guild_left(GUILD, minute(2)).await.unwrap();
    assert!(scene.claim(3).await.is_empty());
    assert_eq!(store.claim(waiting, minute(3), minute(4)).await, Ok(None));
    assert!(scene.stale().await.is_empty());
    assert!(store.live_posts(minute(3), 10).await.unwrap().is_empty());
    store.guild_arrived(GUILD, minute(4)).await.unwrap();
    assert_eq!((scene.claim(4).await.len(), scene.stale().await), (2, vec![event]));
}

pub(crate) async fn settings_are_defaults_until_they_are_changed<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    assert_eq!(store.settings(GUILD).await, Ok(GuildSettings::default()));
    let zone = Zone::parse("Europe/Berlin").unwrap();
    for change in [
        SettingsChange::Channel(Some(CHANNEL)),
        SettingsChange::Zone(Some(zone.clone())),
        SettingsChange::MentionRole(Some(RoleId::new(9))),
        SettingsChange::Retention(Retention::parse(90).ok()),
        SettingsChange::NamesHidden(true),
        SettingsChange::AdminChannel(Some(ChannelId::new(8))),
        SettingsChange::Times {
            event: Some(time(19, 45, 0, 0)),
            posting: Some(time(23, 59, 0, 0)),
        },
        SettingsChange::Leaderboards(true),
        SettingsChange::Threads(true),
        SettingsChange::CleanUp(CleanUp::Archive(HoursAfterEnd::parse(720).unwrap())),
        SettingsChange::Nudges(true),
    ] {
        store.change_settings(GUILD, change, minute(0)).await.unwrap();
    }
    let wanted = GuildSettings {
        channel: Some(CHANNEL),
        zone: Some(zone),
        organiser_roles: vec![],
        mention_role: Some(RoleId::new(9)),
        language: Language::English,
        retention: Retention::parse(90).ok(),
        names_hidden: true,
        admin_channel: Some(ChannelId::new(8)),
        event_time: Some(time(19, 45, 0, 0)),
        posting_time: Some(time(23, 59, 0, 0)),
        leaderboards: true,
        threads: true,
        clean_up: CleanUp::Archive(HoursAfterEnd::parse(720).unwrap()),
        nudges: true,
    };
    assert_eq!(store.settings(GUILD).await, Ok(wanted.clone()));
    let cleared = store.change_settings(GUILD, SettingsChange::Zone(None), minute(1)).await;
    assert_eq!(cleared, Ok(GuildSettings { zone: None, ..wanted }));
    assert_eq!(store.settings(OTHER_GUILD).await, Ok(GuildSettings::default()));
}

pub(crate) async fn organiser_roles_keep_their_order_and_are_replaced<S: Store>(scene: &Scene<S>) {
    let roles = |numbers: &[u64]| numbers.iter().copied().map(RoleId::new).collect::<Vec<_>>();
    for wanted in [roles(&[5, 3, 4]), roles(&[1]), roles(&[])] {
        let change = SettingsChange::OrganiserRoles(wanted.clone());
        let now = scene.store.change_settings(GUILD, change, minute(0)).await.unwrap();
        assert_eq!(now.organiser_roles, wanted);
        assert_eq!(scene.store.settings(GUILD).await.unwrap().organiser_roles, wanted);
    }
}

pub(crate) async fn a_member_chooses_a_zone_and_forgets_it<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    assert_eq!(store.member_zone(user(1)).await, Ok(None));
    for zone in [Zone::parse("Asia/Tokyo").ok(), Zone::parse("UTC").ok(), None] {
        store.set_member_zone(user(1), zone.clone()).await.unwrap();
        assert_eq!(store.member_zone(user(1)).await, Ok(zone));
    }
}

pub(crate) async fn a_removal_that_nobody_saw_is_noticed_later<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    // Discord divides guilds by the bits of their age.
    let [ours, gone, elsewhere] = [4, 6, 5].map(|number| GuildId::new(number << 22));
    for guild in [ours, gone, elsewhere] {
        store.guild_arrived(guild, minute(0)).await.unwrap();
    }
    let shard = Shard { number: 0, of: 2 };
    let present = BTreeSet::from([ours, GuildId::new(8 << 22)]);
    assert_eq!(store.only_guilds(shard, present.clone(), minute(1)).await, Ok(1));
    assert_eq!(store.only_guilds(shard, present, minute(2)).await, Ok(0));
    for (guild, arrival) in
        [(ours, Arrival::Known), (gone, Arrival::Returned), (elsewhere, Arrival::Known)]
    {
        assert_eq!(store.guild_arrived(guild, minute(3)).await, Ok(arrival));
    }
}
