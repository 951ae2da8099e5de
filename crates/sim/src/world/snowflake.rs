//! Ids and secrets that depend on nothing but the seed and the simulated time.

use jiff::Timestamp;

/// Milliseconds of the Unix clock at which Discord's ids begin (Discord docs: snowflakes).
pub const EPOCH_MS: i64 = 1_420_070_400_000;

/// When a thing was made; its id tells (Discord docs: snowflakes).
pub(crate) fn made_at(id: u64) -> Option<Timestamp> {
    let ms = i64::try_from(id >> 22).ok()?;
    Timestamp::from_millisecond(ms.checked_add(EPOCH_MS)?).ok()
}

/// Makes ids that rise with time, and reproducible random text.
#[derive(Debug, Clone)]
pub struct Snowflakes {
    state: u64,
    last: u64,
}

impl Snowflakes {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed, last: 0 }
    }

    /// The next id for something made at `now`. Rises even when the time does not.
    pub(crate) fn next_id(&mut self, now: Timestamp) -> u64 {
        let ms = u64::try_from(now.as_millisecond() - EPOCH_MS).unwrap_or(0);
        let worker = 0x155 << 12;
        self.last = ((ms << 22) | worker).max(self.last + 1);
        self.last
    }

    /// 64 bits from the seed.
    pub(crate) fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 32 hexadecimal digits: a session id, an interaction token, a picture's hash.
    pub(crate) fn hex32(&mut self) -> String {
        format!("{:016x}{:016x}", self.random(), self.random())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_carry_their_time_and_rise() {
        let now = Timestamp::from_millisecond(EPOCH_MS + 1000).unwrap();
        let mut ids = Snowflakes::new(7);
        let first = ids.next_id(now);
        let second = ids.next_id(now);
        assert_eq!(first >> 22, 1000);
        assert!(second > first, "two ids of the same millisecond differ");
        let earlier = Timestamp::from_millisecond(EPOCH_MS).unwrap();
        assert!(ids.next_id(earlier) > second, "a clock set back makes no id twice");
    }

    #[test]
    fn the_same_seed_gives_the_same_text() {
        let text = |seed| Snowflakes::new(seed).hex32();
        assert_eq!(text(3), text(3));
        assert_ne!(text(3), text(4));
        assert_eq!(text(3).len(), 32);
    }
}
