//! What is kept, for how long, and what goes first.

use super::*;
use crate::settings::Settings;

const KINDS: &[Kept] = &[
    Kept { name: "settings", lives: None, under_pressure: UnderPressure::Stays },
    Kept {
        name: "posts",
        lives: Some(Duration::from_secs(80)),
        under_pressure: UnderPressure::LivesShorter,
    },
];
const SETTINGS: usize = 0;
const POSTS: usize = 1;

impl Weigh for u64 {
    fn heap_bytes(&self) -> usize {
        0
    }
}

impl Weigh for String {
    fn heap_bytes(&self) -> usize {
        self.capacity()
    }
}

fn cache(entries_max: usize) -> Cache<u64, String> {
    Cache::new(CacheSettings { entries_max, ..Settings::default().cache }, KINDS)
}

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn fill(cache: &Cache<u64, String>, keys: std::ops::Range<u64>) {
    for key in keys {
        cache.insert(POSTS, key, format!("post {key:03}"), at(0));
    }
}

#[test]
fn what_was_kept_is_found_until_its_time_is_over() {
    let cache = cache(10);
    cache.insert(POSTS, 1, "a".into(), at(0));
    cache.insert(SETTINGS, 2, "b".into(), at(0));
    assert_eq!(cache.get(POSTS, &1, at(79)).as_deref(), Some("a"));
    assert_eq!(cache.get(POSTS, &1, at(80)), None);
    assert_eq!(cache.get(SETTINGS, &2, at(1_000_000)).as_deref(), Some("b"));
    let [settings, posts] = cache.snapshot()[..] else { panic!("two kinds") };
    assert_eq!((posts.hits, posts.misses, posts.expired, posts.entries), (1, 1, 1, 0));
    assert_eq!((settings.hits, settings.misses, settings.entries), (1, 0, 1));
    assert_eq!(posts.hit_rate(), Some(50.0));
}

#[test]
fn under_pressure_temporary_kinds_live_shorter() {
    let lives = [
        (PressureLevel::Low, 80),
        (PressureLevel::Medium, 40),
        (PressureLevel::High, 20),
        (PressureLevel::Critical, 10),
    ];
    for (level, seconds) in lives {
        let cache = cache(10);
        cache.insert(POSTS, 1, "a".into(), at(100));
        cache.set_level(level);
        assert!(cache.get(POSTS, &1, at(99 + seconds)).is_some(), "{level:?}");
        assert!(cache.get(POSTS, &1, at(100 + seconds)).is_none(), "{level:?}");
        assert_eq!(cache.snapshot()[POSTS].lives, Some(at(seconds)));
    }
}

#[test]
fn it_never_holds_more_than_it_may_and_what_is_used_stays() {
    let cache = cache(100);
    fill(&cache, 0..100);
    for key in 0..10 {
        assert!(cache.get(POSTS, &key, at(1)).is_some());
    }
    // A long row of what nobody looks at twice.
    for from in (1_000..2_000).step_by(10) {
        fill(&cache, from..from + 10);
        assert!((0..10).all(|key| cache.get(POSTS, &key, at(1)).is_some()), "{from}");
    }
    let posts = cache.snapshot()[POSTS];
    assert_eq!((posts.entries, posts.evicted), (100, 1_000));
}

#[test]
fn popular_entries_are_found_nearly_always() {
    // One in ten looks is at something rare; the cache holds a twentieth of all there is.
    let cache = cache(500);
    let mut random: u64 = 7;
    let mut next = |bound| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) % bound
    };
    for _ in 0..50_000 {
        let key = if next(10) == 0 { 400 + next(9_600) } else { next(400) };
        if cache.get(POSTS, &key, at(1)).is_none() {
            cache.insert(POSTS, key, String::new(), at(1));
        }
    }
    let rate = cache.snapshot()[POSTS].hit_rate().unwrap();
    assert!(rate > 85.0, "of at most 90 %: {rate}");
}

#[test]
fn a_cut_lets_go_of_so_much_and_gives_its_memory_back() {
    let cache = cache(1_000);
    fill(&cache, 0..1_000);
    let before = cache.bytes();
    let freed = cache.evict_percent(30);
    assert_eq!(cache.snapshot()[POSTS].entries, 700);
    assert_eq!(before - cache.bytes(), freed);
    assert!(freed > 0);
    cache.clear();
    assert_eq!(cache.bytes(), 0, "the tables go, too");
}

#[test]
fn what_is_too_old_goes_at_a_clean_up_and_by_itself_when_something_comes_in() {
    let cache = cache(1_000);
    fill(&cache, 0..50);
    assert!(cache.clean_up(at(80)) > 0);
    assert_eq!(cache.snapshot()[POSTS].expired, 50);
    fill(&cache, 0..50);
    cache.insert(SETTINGS, 99, "new".into(), at(80 + 15 * 60));
    assert_eq!(cache.snapshot()[POSTS].entries, 0);
}

#[test]
fn a_newer_value_takes_the_place_of_the_older_and_zero_entries_keep_nothing() {
    let one = cache(10);
    one.insert(POSTS, 1, "old".into(), at(0));
    one.insert(POSTS, 1, "new".into(), at(1));
    assert_eq!(one.get(POSTS, &1, at(2)).as_deref(), Some("new"));
    assert_eq!(one.snapshot()[POSTS].entries, 1);
    assert!(one.remove(&1) && !one.remove(&1));
    let none = cache(0);
    none.insert(POSTS, 1, "a".into(), at(0));
    assert_eq!(none.get(POSTS, &1, at(0)), None);
}
