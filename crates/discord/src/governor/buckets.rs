//! All rate-limit buckets, and which routes share them: learned from answers, never written down.

use std::collections::HashMap;
use std::time::Duration;

use super::bucket::{Bucket, Turn};
use super::headers::RateInfo;
use super::limits::BUCKETS_MAX;

/// What Discord splits requests by: the route, and the channel or guild in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// Name of the route without any ids.
    pub(super) route: &'static str,
    /// The id in it; 0 if there is none.
    pub(super) major: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Name {
    /// Nothing is known yet of the route.
    Route(&'static str),
    /// Discord's name of the bucket, hashed.
    Bucket(u64),
}

#[derive(Clone, Copy, Debug)]
enum Learned {
    /// Its answers carry no bucket: only the common pace holds.
    NoBucket,
    Bucket {
        name: u64,
        limit: u32,
    },
}

/// In which bucket a request was counted when it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(Name, u64);

/// What an answer tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) info: Option<RateInfo>,
}

/// Times are on the monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    routes: HashMap<&'static str, Learned>,
    buckets: HashMap<Key, Bucket>,
}

impl Buckets {
    /// When the next request of this kind may leave as far as its bucket is concerned.
    pub(super) fn turn(&mut self, now: Duration, split: Split) -> Turn {
        self.bucket(now, split).map_or(Turn::Now, |bucket| bucket.turn(now))
    }

    /// A request leaves.
    pub(super) fn take(&mut self, now: Duration, split: Split) -> Option<Key> {
        self.bucket(now, split)?.take();
        self.key(split)
    }

    /// A request that was counted in `taken` was answered.
    pub(super) fn settle(&mut self, now: Duration, split: Split, taken: Option<Key>, told: Told) {
        self.learn(split.route, told);
        let held = self.key(split);
        if held != taken && !self.moved(taken, held) {
            // The route has changed its bucket: what was counted in the old one goes.
            self.release(now, taken);
            if let Some(bucket) = self.bucket(now, split) {
                bucket.take();
            }
        }
        if let Some(bucket) = self.bucket(now, split) {
            bucket.settle(now, told.info);
            if told.status != 429 {
                bucket.answered();
            }
        }
    }

    /// A request that was counted in `taken` was given up without an answer.
    pub(super) fn give_up(&mut self, now: Duration, split: Split, taken: Option<Key>) {
        let held = self.key(split);
        let counted_in = if self.moved(taken, held) { held } else { taken };
        self.release(now, counted_in);
    }

    /// A 429 for this bucket alone, which asks for this wait.
    pub(super) fn block(&mut self, now: Duration, split: Split, wait: Duration) {
        if matches!(self.routes.get(split.route), Some(Learned::NoBucket)) {
            // A route without buckets that is limited nevertheless: treat it as one of its own.
            self.routes.remove(split.route);
        }
        if let Some(bucket) = self.bucket(now, split) {
            bucket.block(now, wait);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.buckets.len()
    }

    fn key(&self, split: Split) -> Option<Key> {
        match self.routes.get(split.route) {
            Some(Learned::NoBucket) => None,
            Some(Learned::Bucket { name, .. }) => Some(Key(Name::Bucket(*name), split.major)),
            None => Some(Key(Name::Route(split.route), split.major)),
        }
    }

    fn bucket(&mut self, now: Duration, split: Split) -> Option<&mut Bucket> {
        let key = self.key(split)?;
        if self.buckets.len() >= BUCKETS_MAX && !self.buckets.contains_key(&key) {
            self.sweep(now);
        }
        let limit = match self.routes.get(split.route) {
            Some(Learned::Bucket { limit, .. }) => *limit,
            // The first request of a route goes alone, to learn from its answer.
            Some(Learned::NoBucket) | None => 1,
        };
        Some(self.buckets.entry(key).or_insert_with(|| Bucket::new(limit)))
    }

    /// Makes room: what is idle goes, and if nothing is, what would be idle first.
    fn sweep(&mut self, now: Duration) {
        self.buckets.retain(|_, bucket| !bucket.is_idle(now));
        if self.buckets.len() < BUCKETS_MAX {
            return;
        }
        let first =
            self.buckets.iter().min_by_key(|(_, bucket)| bucket.ends()).map(|(key, _)| *key);
        if let Some(first) = first {
            self.buckets.remove(&first);
        }
    }

    fn learn(&mut self, route: &'static str, told: Told) {
        match told.info {
            Some(RateInfo { bucket: Some(name), limit, .. }) => {
                let before = self.routes.insert(route, Learned::Bucket { name, limit });
                if before.is_none() {
                    self.move_to_bucket(route, name, limit);
                }
            }
            Some(RateInfo { bucket: None, .. }) | None if told.status < 400 => {
                self.routes.entry(route).or_insert(Learned::NoBucket);
            }
            // An error page of some box in between tells nothing about the route.
            Some(RateInfo { bucket: None, .. }) | None => {}
        }
    }

    /// What was counted while the route was unknown, in other channels too, is counted in the
    /// bucket from now on. Without this, first requests in flight would be forgotten.
    fn move_to_bucket(&mut self, route: &'static str, name: u64, limit: u32) {
        let ours = |key: &Key| key.0 == Name::Route(route);
        let unnamed: Vec<Key> = self.buckets.keys().copied().filter(ours).collect();
        for key in unnamed {
            let Some(mut bucket) = self.buckets.remove(&key) else { continue };
            bucket.widen(limit);
            let Key(_, major) = key;
            match self.buckets.get_mut(&Key(Name::Bucket(name), major)) {
                Some(there) => there.absorb(&bucket),
                None => {
                    self.buckets.insert(Key(Name::Bucket(name), major), bucket);
                }
            }
        }
    }

    /// Whether what was counted in `taken` has been moved to `held`.
    fn moved(&self, taken: Option<Key>, held: Option<Key>) -> bool {
        let (Some(taken), Some(Key(Name::Bucket(_), _))) = (taken, held) else { return false };
        matches!(taken, Key(Name::Route(_), _)) && !self.buckets.contains_key(&taken)
    }

    fn release(&mut self, now: Duration, key: Option<Key>) {
        let Some(key) = key else { return };
        if let Some(bucket) = self.buckets.get_mut(&key) {
            bucket.settle(now, None);
            if bucket.is_idle(now) {
                self.buckets.remove(&key);
            }
        }
    }
}
