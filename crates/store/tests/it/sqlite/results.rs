//! What is kept of what was read is never older than what was acknowledged.

use futures_util::future::join_all;
use muster_domain::id::{GuildId, RoleId, UserId};
use muster_domain::settings::{GuildSettings, SettingsChange};
use muster_domain::zone::Zone;
use muster_store::port::{Guilds, Privacy};
use muster_store::sqlite::SqliteStore;

use super::{Folder, open};
use crate::scene::minute;

/// Numbers as they fall, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn change(dice: &mut Dice) -> SettingsChange {
    let role = |number| RoleId::new(number);
    match dice.below(3) {
        0 => SettingsChange::MentionRole(Some(role(dice.below(50) + 1))),
        1 => SettingsChange::OrganiserRoles((1..=dice.below(5)).map(role).collect()),
        _ => SettingsChange::NamesHidden(dice.below(2) == 0),
    }
}

/// Each round some read and somebody writes at the same time; after it, everybody reads what was
/// acknowledged.
async fn rounds(store: &SqliteStore, seed: u64, rounds: u32) {
    let mut dice = Dice(seed);
    let mut settings = vec![GuildSettings::default(); 4];
    let mut zones: Vec<Option<Zone>> = vec![None; 4];
    for round in 0..rounds {
        let (one, guild, member) =
            (dice.below(4), GuildId::new(dice.below(4) + 1), UserId::new(dice.below(4) + 1));
        let reads = join_all((0..dice.below(6)).map(|_| async {
            store.settings(guild).await.unwrap();
            store.member_zone(member).await.unwrap();
        }));
        let place = |id: u64| usize::try_from(id - 1).unwrap();
        match one {
            0 | 1 => {
                let write = store.change_settings(guild, change(&mut dice), minute(1));
                let (_, now) = tokio::join!(reads, write);
                settings[place(guild.get())] = now.unwrap();
            }
            2 => {
                let zone = ["UTC", "Europe/Berlin", "Asia/Tokyo"][place(dice.below(3) + 1)];
                let zone = Zone::parse(zone).ok().filter(|_| dice.below(4) > 0);
                let write = store.set_member_zone(member, zone.clone());
                let (_, done) = tokio::join!(reads, write);
                done.unwrap();
                zones[place(member.get())] = zone;
            }
            _ => {
                let write = store.erase_member(member, minute(i64::from(round)));
                let (_, done) = tokio::join!(reads, write);
                done.unwrap();
                zones[place(member.get())] = None;
            }
        }
        for number in 1..=4 {
            let place = place(number);
            assert_eq!(store.settings(GuildId::new(number)).await.unwrap(), settings[place]);
            assert_eq!(store.member_zone(UserId::new(number)).await.unwrap(), zones[place]);
        }
    }
}

#[tokio::test]
async fn nobody_reads_anything_older_than_what_was_acknowledged() {
    for seed in 1..=3 {
        let folder = Folder::new();
        let store = open(&folder.database());
        rounds(&store, seed, 150).await;
        let figures = store.figures().await;
        assert!(figures.result_hits > 500 && figures.result_misses > 50, "{figures:?}");
    }
}

#[tokio::test]
async fn what_is_read_again_and_again_is_at_hand() {
    let folder = Folder::new();
    let store = open(&folder.database());
    for _ in 0..100 {
        store.settings(GuildId::new(1)).await.unwrap();
    }
    let kind = store.caches().into_iter().find(|kind| kind.name == "guild settings").unwrap();
    assert_eq!((kind.entries, kind.hits, kind.misses), (1, 99, 1));
    assert!(kind.last_hour.hit_rate().is_some_and(|rate| rate > 95.0));
}
