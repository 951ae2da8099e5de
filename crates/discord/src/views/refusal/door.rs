//! Why somebody is not let in, in words, and that something failed.

use muster_engine::refusal::NotLetIn;
use muster_engine::tap_limit::TapRate;

use crate::views::messages::{Key, Words};
use crate::views::text::{full, grouped};

/// The answer when something is broken on our side or Discord's.
#[must_use]
pub fn failed(words: Words) -> &'static str {
    words.plain(Key::DoorFailed)
}

/// For somebody who is not let in and was told why a moment ago.
#[must_use]
pub fn told_before(words: Words) -> &'static str {
    words.plain(Key::DoorAgain)
}

pub(super) fn said(words: Words, why: NotLetIn) -> String {
    match why {
        NotLetIn::TooMuch(rate) => {
            let times = grouped(usize::try_from(rate.times()).unwrap_or(usize::MAX));
            let values = [("times", times.as_str()), ("within", &within(words, rate))];
            words.filled(Key::DoorRequests, &values)
        }
        NotLetIn::MemberUntil(until) => words.filled(Key::DoorMember, &[("until", &full(until))]),
        NotLetIn::GuildUntil(until) => words.filled(Key::DoorGuild, &[("until", &full(until))]),
        NotLetIn::Oversized => words.plain(Key::DoorOversized).to_owned(),
    }
}

pub(super) fn too_many_taps(words: Words, rate: TapRate) -> String {
    let taps = usize::try_from(rate.times()).unwrap_or(usize::MAX);
    let taps = words.counted(Key::DoorTapsNumber, taps);
    words.filled(Key::DoorTaps, &[("taps", &taps), ("within", &within(words, rate))])
}

fn within(words: Words, rate: TapRate) -> String {
    let seconds = usize::try_from(rate.within().as_secs()).unwrap_or(usize::MAX);
    words.counted(Key::DoorSeconds, seconds)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn who_is_kept_out_is_told_until_when_and_what_to_do() {
        let until = Timestamp::from_second(1_800_000_000).unwrap();
        for why in [NotLetIn::MemberUntil(until), NotLetIn::GuildUntil(until)] {
            let said = said(Words::usual(), why);
            assert!(said.contains("<t:1800000000:F>") && said.contains("hoever runs me"), "{said}");
            assert!(said.len() <= 500);
        }
    }
}
