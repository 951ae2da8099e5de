//! Entries in a row, and a hand that goes round over them.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use super::Weigh;

/// Uses that are remembered.
const USES_MAX: u8 = 3;

#[derive(Debug)]
pub(super) struct Clock<K, V> {
    /// Where each key's entry is. Nothing depends on its order.
    places: HashMap<K, usize>,
    /// The entries; one that goes is replaced by the last.
    entries: Vec<Entry<K, V>>,
    hand: usize,
    /// What keys and values hold on the heap.
    heap: usize,
}

#[derive(Debug)]
struct Entry<K, V> {
    key: K,
    value: V,
    kind: usize,
    since: Duration,
    heap: usize,
    uses: u8,
}

impl<K: Clone + Eq + Hash + Weigh, V: Weigh> Clock<K, V> {
    pub(super) fn new() -> Self {
        Self { places: HashMap::new(), entries: Vec::new(), hand: 0, heap: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The value, which counts as used now.
    pub(super) fn get(&mut self, key: &K) -> Option<&V> {
        let entry = self.entries.get_mut(*self.places.get(key)?)?;
        entry.uses = entry.uses.saturating_add(1).min(USES_MAX);
        Some(&entry.value)
    }

    pub(super) fn is_older(&self, key: &K, lives: Option<Duration>, now: Duration) -> bool {
        let entry = self.places.get(key).and_then(|place| self.entries.get(*place));
        entry.is_some_and(|entry| entry.is_older(lives, now))
    }

    /// Adds what was not there.
    pub(super) fn insert(&mut self, kind: usize, key: K, value: V, since: Duration) {
        // The key is kept twice.
        let heap = key.heap_bytes().saturating_mul(2).saturating_add(value.heap_bytes());
        self.heap = self.heap.saturating_add(heap);
        self.places.insert(key.clone(), self.entries.len());
        self.entries.push(Entry { key, value, kind, since, heap, uses: 0 });
    }

    /// Removes an entry; returns its kind.
    pub(super) fn remove(&mut self, key: &K) -> Option<usize> {
        let place = self.places.remove(key)?;
        if place >= self.entries.len() {
            return None;
        }
        let gone = self.entries.swap_remove(place);
        if let Some(moved) = self.entries.get(place)
            && let Some(known) = self.places.get_mut(&moved.key)
        {
            *known = place;
        }
        self.heap = self.heap.saturating_sub(gone.heap);
        Some(gone.kind)
    }

    /// Evicts the first entry after the hand that has no use left; returns its kind.
    pub(super) fn evict(&mut self) -> Option<usize> {
        loop {
            if self.hand >= self.entries.len() {
                self.hand = 0;
            }
            let entry = self.entries.get_mut(self.hand)?;
            if entry.uses == 0 {
                let key = entry.key.clone();
                // The last takes its place, and is looked at next.
                return self.remove(&key);
            }
            entry.uses -= 1;
            self.hand += 1;
        }
    }

    /// Removes all that is older than its kind lives; returns their kinds.
    pub(super) fn remove_older(
        &mut self,
        lives: impl Fn(usize) -> Option<Duration>,
        now: Duration,
    ) -> Vec<usize> {
        let old = self.entries.iter().filter(|entry| entry.is_older(lives(entry.kind), now));
        let old: Vec<K> = old.map(|entry| entry.key.clone()).collect();
        old.iter().filter_map(|key| self.remove(key)).collect()
    }

    /// Gives back room that is not used.
    pub(super) fn shrink(&mut self) {
        self.places.shrink_to_fit();
        self.entries.shrink_to_fit();
    }

    /// Keys, values and the tables that hold them, in bytes.
    pub(super) fn bytes(&self) -> usize {
        // A byte of each place in the table tells whether it is taken.
        let tables = self.places.capacity() * (size_of::<(K, usize)>() + 1)
            + self.entries.capacity() * size_of::<Entry<K, V>>();
        tables.saturating_add(self.heap)
    }

    /// How many entries of a kind there are, and what they take.
    pub(super) fn of_kind(&self, kind: usize) -> (usize, usize) {
        let each = size_of::<(K, usize)>() + 1 + size_of::<Entry<K, V>>();
        let those = self.entries.iter().filter(|entry| entry.kind == kind);
        those.fold((0, 0), |(entries, bytes), entry| {
            (entries + 1, bytes.saturating_add(each).saturating_add(entry.heap))
        })
    }
}

impl<K, V> Entry<K, V> {
    fn is_older(&self, lives: Option<Duration>, now: Duration) -> bool {
        lives.is_some_and(|lives| now.saturating_sub(self.since) >= lives)
    }
}
