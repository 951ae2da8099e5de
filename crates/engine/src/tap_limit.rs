//! How often one member may tap, so that nobody can wear out a post for all others.
//!
//! A member's taps within the last seconds are counted exactly. The table is bounded: when it is
//! full, the tap longest ago is forgotten, so that nobody is ever refused for what others do.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use muster_domain::id::UserId;

use crate::limits::{CODE_TRIES, CODE_TRIES_WITHIN, TAPS_REMEMBERED};

/// So many taps of one member within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TapRate {
    taps: u32,
    within: Duration,
}

impl TapRate {
    /// What members may do unless the operator decides otherwise: 5 taps in 5 seconds.
    pub const DEFAULT: Self = Self { taps: 5, within: Duration::from_secs(5) };

    /// A rate of 1 to 1,000 taps within 1 second to an hour; `None` for any other.
    #[must_use]
    pub fn new(taps: u32, within: Duration) -> Option<Self> {
        let sound = (1..=1_000).contains(&taps)
            && (Duration::from_secs(1)..=Duration::from_hours(1)).contains(&within);
        sound.then_some(Self { taps, within })
    }

    /// How many codes a member may type to check in, within how long.
    pub(crate) const fn of_codes() -> Self {
        Self { taps: CODE_TRIES, within: CODE_TRIES_WITHIN }
    }

    /// How many taps.
    #[must_use]
    pub const fn taps(self) -> u32 {
        self.taps
    }

    /// Within how long.
    #[must_use]
    pub const fn within(self) -> Duration {
        self.within
    }
}

/// What becomes of a tap before anybody looks at what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapAdmission {
    /// It goes on.
    Taken,
    /// It is one too many; the member is to be told.
    Refused(TapRate),
    /// It is one too many, and the member was told a moment ago.
    RefusedAgain,
}

/// Counts taps. Its methods are short and never wait.
#[derive(Debug)]
pub struct TapLimit {
    rate: TapRate,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The taps that were taken lately, oldest first: when, in milliseconds, and whose.
    taken: VecDeque<(u64, UserId)>,
    /// Of each member among them. Nothing depends on its order.
    members: HashMap<UserId, Member>,
    refused: u64,
}

#[derive(Debug, Default)]
struct Member {
    taken: u32,
    /// When the member was last told of a refusal, in milliseconds.
    told: Option<u64>,
}

impl TapLimit {
    /// Counts from nothing.
    #[must_use]
    pub fn new(rate: TapRate) -> Self {
        Self { rate, state: Mutex::default() }
    }

    /// Admits a member's tap at `now`, on the monotonic clock.
    pub fn admit(&self, member: UserId, now: Duration) -> TapAdmission {
        let now = millis(now);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = now.checked_sub(millis(self.rate.within)) {
            state.forget_until(until);
        }
        let known = state.members.entry(member).or_default();
        if known.taken < self.rate.taps {
            known.taken += 1;
            state.taken.push_back((now, member));
            if state.taken.len() > TAPS_REMEMBERED {
                state.forget_oldest();
            }
            return TapAdmission::Taken;
        }
        let told = known.told.replace(now);
        let lately = told.is_some_and(|told| now.saturating_sub(told) < millis(self.rate.within));
        if lately {
            known.told = told;
        }
        state.refused = state.refused.saturating_add(1);
        if lately { TapAdmission::RefusedAgain } else { TapAdmission::Refused(self.rate) }
    }

    /// How many taps were refused since the start.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).refused
    }
}

impl State {
    fn forget_until(&mut self, until: u64) {
        while self.taken.front().is_some_and(|(at, _)| *at <= until) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some((_, member)) = self.taken.pop_front() else { return };
        if let Some(known) = self.members.get_mut(&member) {
            known.taken = known.taken.saturating_sub(1);
            if known.taken == 0 {
                self.members.remove(&member);
            }
        }
        if self.taken.is_empty() {
            // A storm is over: give back what it took.
            self.taken.shrink_to(16);
            self.members.shrink_to(16);
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEA: UserId = UserId::new(1);
    const KOFI: UserId = UserId::new(2);

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn limit() -> TapLimit {
        TapLimit::new(TapRate::DEFAULT)
    }

    #[test]
    fn five_taps_in_five_seconds_are_taken_and_the_next_ones_are_not() {
        let limit = limit();
        for ms in [0, 10, 20, 30, 40] {
            assert_eq!(limit.admit(BEA, at(ms)), TapAdmission::Taken);
        }
        assert_eq!(limit.admit(BEA, at(50)), TapAdmission::Refused(TapRate::DEFAULT));
        assert_eq!(limit.admit(KOFI, at(50)), TapAdmission::Taken, "others are not concerned");
        // The first two are five seconds ago: two more are taken.
        let later = [5_010, 5_011, 5_012].map(|ms| limit.admit(BEA, at(ms)));
        assert_eq!(later[..2], [TapAdmission::Taken, TapAdmission::Taken]);
        assert_ne!(later[2], TapAdmission::Taken);
        assert_eq!(limit.refused(), 2);
    }

    #[test]
    fn in_no_five_seconds_are_more_than_five_taken() {
        let limit = limit();
        let taken: Vec<u64> = (0..3_000)
            .map(|tap| tap * 17)
            .filter(|ms| limit.admit(BEA, at(*ms)) == TapAdmission::Taken)
            .collect();
        assert!(taken.windows(6).all(|six| six[5] - six[0] >= 5_000), "{taken:?}");
        assert!(taken.len() >= 50, "and none is wasted: {}", taken.len());
    }

    #[test]
    fn somebody_who_goes_on_is_told_once_in_five_seconds() {
        let limit = limit();
        let told = (0..1_000).map(|tap| limit.admit(BEA, at(tap * 10)));
        let told = told.filter(|admission| matches!(admission, TapAdmission::Refused(_)));
        assert_eq!(told.count(), 2);
    }

    #[test]
    fn a_full_table_forgets_the_tap_longest_ago_and_refuses_no_newcomer() {
        let limit = limit();
        for _ in 0..5 {
            assert_eq!(limit.admit(BEA, at(0)), TapAdmission::Taken);
        }
        for member in 0..TAPS_REMEMBERED as u64 {
            assert_eq!(limit.admit(UserId::new(100 + member), at(1)), TapAdmission::Taken);
        }
        let state = limit.state.lock().unwrap();
        assert_eq!((state.taken.len(), state.members.len()), (TAPS_REMEMBERED, TAPS_REMEMBERED));
        assert!(!state.members.contains_key(&BEA));
    }

    #[test]
    fn what_is_over_takes_no_memory() {
        let limit = limit();
        for member in 0..10_000 {
            limit.admit(UserId::new(member), at(0));
        }
        assert_eq!(limit.admit(BEA, at(60_000)), TapAdmission::Taken);
        let state = limit.state.lock().unwrap();
        assert_eq!((state.taken.len(), state.members.len()), (1, 1));
        assert!(state.taken.capacity() < 100 && state.members.capacity() < 100);
    }

    #[test]
    fn a_rate_is_neither_nothing_nor_endless() {
        let second = Duration::from_secs(1);
        assert!(TapRate::new(1, second).is_some());
        assert!(TapRate::new(0, second).is_none());
        assert!(TapRate::new(1_001, second).is_none());
        assert!(TapRate::new(5, Duration::from_millis(999)).is_none());
        assert!(TapRate::new(5, Duration::from_secs(3_601)).is_none());
    }
}
