//! A segmented LRU cache, bounded by entries and by bytes. What was used once is on probation and
//! goes first, then what was not used longest: a look through everything pushes out nothing that
//! people come back to.

use std::collections::hash_map::Entry as Place;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// Of the places, how many hundredths belong at most to the protected segment.
const PROTECTED_PERCENT: usize = 80;

/// How much is kept at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) entries: usize,
    pub(super) bytes: usize,
}

/// Things at hand, in two segments.
#[derive(Debug)]
pub(super) struct SegmentedLru<K, V> {
    entries: HashMap<K, Entry<V>>,
    /// Who goes first.
    order: BTreeMap<Rank, K>,
    bounds: Bounds,
    bytes: usize,
    protected: usize,
    uses: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    bytes: usize,
    rank: Rank,
}

/// Those of the lowest rank go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    segment: Segment,
    used: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    /// Put here, and its use not yet noted: goes first.
    New,
    /// Used once, or protected once and pushed out by what was used since.
    Probationary,
    /// Used more than once.
    Protected,
}

/// What was let go of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gone<K> {
    pub(super) keys: Vec<K>,
    pub(super) bytes: usize,
}

impl<K: Copy + Eq + Hash + Ord, V> SegmentedLru<K, V> {
    pub(super) fn new(bounds: Bounds) -> Self {
        let (entries, order) = (HashMap::new(), BTreeMap::new());
        Self { entries, order, bounds, bytes: 0, protected: 0, uses: 0 }
    }

    /// Changes how many may be here; [`SegmentedLru::keep_within`] sees to it.
    pub(super) const fn set_entries_max(&mut self, entries: usize) {
        self.bounds.entries = entries;
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes of all that is here, as told when they were used last.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn get(&self, key: K) -> Option<&V> {
        self.entries.get(&key).map(|entry| &entry.value)
    }

    pub(super) fn get_mut(&mut self, key: K) -> Option<&mut V> {
        self.entries.get_mut(&key).map(|entry| &mut entry.value)
    }

    /// What those are called of which this holds.
    pub(super) fn keys_of(&self, holds: impl Fn(&V) -> bool) -> Vec<K> {
        let found = self.entries.iter().filter(|(_, entry)| holds(&entry.value));
        found.map(|(key, _)| *key).collect()
    }

    /// Puts something here in the place of what was there, whatever the bounds: see
    /// [`SegmentedLru::keep_within`].
    pub(super) fn put(&mut self, key: K, value: V) -> &mut V {
        self.remove(key);
        let rank = self.next(Segment::New);
        self.order.insert(rank, key);
        let entry = Entry { value, bytes: 0, rank };
        let place = match self.entries.entry(key) {
            Place::Occupied(mut place) => {
                place.insert(entry);
                place.into_mut()
            }
            Place::Vacant(place) => place.insert(entry),
        };
        &mut place.value
    }

    /// Notes that something was used, and how many bytes it takes by now.
    pub(super) fn used(&mut self, key: K, weigh: impl FnOnce(&V) -> usize) {
        let Some(entry) = self.entries.get(&key) else { return };
        let (before, bytes, weight) = (entry.rank, entry.bytes, weigh(&entry.value));
        let segment = match before.segment {
            Segment::New => Segment::Probationary,
            Segment::Probationary | Segment::Protected => Segment::Protected,
        };
        self.bytes = self.bytes.saturating_sub(bytes).saturating_add(weight);
        self.move_to(key, segment, weight);
        let protected_max = self.bounds.entries.saturating_mul(PROTECTED_PERCENT).div_ceil(100);
        if self.protected > protected_max {
            let first = Rank { segment: Segment::Protected, used: 0 };
            let oldest = self.order.range(first..).next().map(|(_, key)| *key);
            if let Some((key, bytes)) =
                oldest.and_then(|key| Some((key, self.entries.get(&key)?.bytes)))
            {
                self.move_to(key, Segment::Probationary, bytes);
            }
        }
    }

    /// Takes something away; returns it.
    pub(super) fn remove(&mut self, key: K) -> Option<V> {
        let entry = self.entries.remove(&key)?;
        self.order.remove(&entry.rank);
        self.bytes = self.bytes.saturating_sub(entry.bytes);
        self.protected =
            self.protected.saturating_sub(usize::from(entry.rank.segment == Segment::Protected));
        Some(entry.value)
    }

    /// Lets go of what has to go by the bounds. One thing larger than all of them may stay.
    pub(super) fn keep_within(&mut self) -> Gone<K> {
        let Bounds { entries, bytes } = self.bounds;
        self.let_go_while(|lru, _| lru.len() > entries || (lru.bytes > bytes && lru.len() > 1))
    }

    /// Lets go of so many percent of the bytes, or of the entries if that is more.
    pub(super) fn let_go(&mut self, percent: u8) -> Gone<K> {
        let share = |all: usize| all.saturating_mul(usize::from(percent.min(100))).div_ceil(100);
        let (entries, bytes) = (share(self.len()), share(self.bytes));
        let gone = self.let_go_while(|_, gone| gone.keys.len() < entries || gone.bytes < bytes);
        if self.entries.is_empty() {
            self.entries.shrink_to_fit();
        }
        gone
    }

    fn let_go_while(&mut self, wanted: impl Fn(&Self, &Gone<K>) -> bool) -> Gone<K> {
        let mut gone = Gone { keys: Vec::new(), bytes: 0 };
        while wanted(self, &gone) {
            let Some(key) = self.order.first_key_value().map(|(_, key)| *key) else { break };
            let before = self.bytes;
            self.remove(key);
            gone.keys.push(key);
            gone.bytes = gone.bytes.saturating_add(before.saturating_sub(self.bytes));
        }
        gone
    }

    fn move_to(&mut self, key: K, segment: Segment, bytes: usize) {
        let rank = self.next(segment);
        let Some(entry) = self.entries.get_mut(&key) else { return };
        let before = std::mem::replace(&mut entry.rank, rank);
        entry.bytes = bytes;
        self.order.remove(&before);
        self.order.insert(rank, key);
        let (was, is) = (before.segment == Segment::Protected, segment == Segment::Protected);
        self.protected =
            self.protected.saturating_add(usize::from(is)).saturating_sub(usize::from(was));
    }

    fn next(&mut self, segment: Segment) -> Rank {
        self.uses = self.uses.saturating_add(1);
        Rank { segment, used: self.uses }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lru(entries: usize, bytes: usize) -> SegmentedLru<u32, u32> {
        SegmentedLru::new(Bounds { entries, bytes })
    }

    fn put(lru: &mut SegmentedLru<u32, u32>, key: u32, bytes: usize) {
        lru.put(key, key);
        lru.used(key, |_| bytes);
        lru.keep_within();
    }

    #[test]
    fn a_look_through_everything_pushes_out_nothing_that_was_used_again() {
        let mut lru = lru(5, 1_000);
        for key in [1, 2, 3] {
            put(&mut lru, key, 10);
            lru.used(key, |_| 10);
        }
        (100..200).for_each(|key| put(&mut lru, key, 10));
        assert!([1, 2, 3, 198, 199].iter().all(|key| lru.get(*key).is_some()));
        assert_eq!((lru.len(), lru.bytes()), (5, 50));
    }

    #[test]
    fn what_was_used_often_once_makes_room_for_what_is_used_often_now() {
        let mut lru = lru(5, 1_000);
        for key in 0..40 {
            put(&mut lru, key, 10);
            lru.used(key, |_| 10);
        }
        assert!((36..40).all(|key| lru.get(key).is_some()), "the last ones");
        assert_eq!((lru.len(), lru.protected), (5, 4));
    }

    #[test]
    fn bytes_are_a_bound_too_and_one_thing_may_be_larger() {
        let mut lru = lru(100, 50);
        (0..10).for_each(|key| put(&mut lru, key, 20));
        assert_eq!((lru.len(), lru.bytes()), (2, 40));
        put(&mut lru, 77, 500);
        assert_eq!((lru.len(), lru.bytes(), lru.get(77)), (1, 500, Some(&77)));
        lru.used(77, |_| 20);
        put(&mut lru, 78, 20);
        assert_eq!((lru.len(), lru.bytes()), (2, 40));
    }

    #[test]
    fn no_place_keeps_nothing() {
        let mut lru = lru(0, 1_000);
        put(&mut lru, 1, 10);
        assert_eq!((lru.len(), lru.bytes()), (0, 0));
    }

    #[test]
    fn a_share_is_let_go_of_and_then_the_rest() {
        let mut lru = lru(100, 10_000);
        (0..100).for_each(|key| put(&mut lru, key, 10));
        assert_eq!(lru.let_go(30), Gone { keys: (0..30).collect(), bytes: 300 });
        assert!(lru.get(29).is_none() && lru.get(30).is_some());
        assert_eq!(lru.let_go(100), Gone { keys: (30..100).collect(), bytes: 700 });
        assert_eq!((lru.len(), lru.bytes(), lru.order.len()), (0, 0, 0));
    }
}
