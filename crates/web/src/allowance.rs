//! How often something may happen: so often at once, then again as time passes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::limits::{ADDRESSES_MAX, ATTEMPTS};
use crate::proxy::counted_as;

const MINUTE: Duration = Duration::from_mins(1);

/// What is left of so many times a minute, as the instant at which all of it is there again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allowance {
    whole_at: Duration,
}

impl Allowance {
    /// Whether it is still allowed at `now`.
    pub(crate) fn has(&self, now: Duration, each_minute: u32) -> bool {
        self.after_one(now, each_minute) <= now + MINUTE
    }

    /// Takes one; `false` if there is none left.
    pub(crate) fn take(&mut self, now: Duration, each_minute: u32) -> bool {
        let has = self.has(now, each_minute);
        if has {
            self.whole_at = self.after_one(now, each_minute);
        }
        has
    }

    fn after_one(&self, now: Duration, each_minute: u32) -> Duration {
        self.whole_at.max(now) + MINUTE / each_minute.max(1)
    }
}

/// Attempts to sign in, by address.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    by_address: HashMap<IpAddr, Allowance>,
}

impl Attempts {
    /// Counts an attempt; `false` if it was one too many.
    pub(crate) fn take(&mut self, address: IpAddr, now: Duration) -> bool {
        let address = counted_as(address);
        if self.by_address.len() >= ADDRESSES_MAX && !self.by_address.contains_key(&address) {
            self.make_room(now);
        }
        self.by_address.entry(address).or_default().take(now, ATTEMPTS)
    }

    fn make_room(&mut self, now: Duration) {
        self.by_address.retain(|_, allowance| allowance.whole_at > now);
        if self.by_address.len() < ADDRESSES_MAX {
            return;
        }
        let nearest = self.by_address.iter().min_by_key(|(_, allowance)| allowance.whole_at);
        if let Some(address) = nearest.map(|(address, _)| *address) {
            self.by_address.remove(&address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_up_comes_back_with_time() {
        let mut allowance = Allowance::default();
        let at = Duration::from_secs(100);
        assert!((0..10).all(|_| allowance.take(at, 10)));
        assert!(!allowance.take(at, 10));
        assert!(!allowance.take(at + Duration::from_secs(5), 10));
        assert!(allowance.take(at + Duration::from_secs(6), 10));
        assert!(!allowance.take(at + Duration::from_secs(6), 10));
    }

    #[test]
    fn any_number_of_addresses_takes_bounded_memory() {
        let mut attempts = Attempts::default();
        for number in 0..5_000u32 {
            let address = std::net::Ipv4Addr::from_bits(number).into();
            assert!(attempts.take(address, Duration::from_secs(1)));
        }
        assert_eq!(attempts.by_address.len(), ADDRESSES_MAX);
    }
}
