//! Why somebody is not let in, in words.

use jiff::Timestamp;
use muster_engine::refusal::NotLetIn;
use muster_engine::tap_limit::TapRate;

use crate::views::text::{counted, full, grouped};

/// The same for somebody who was told a moment ago.
pub const NOT_NOW: &str = "Nothing was done: you are sending too much, or are blocked for a \
     while. My last message about it says more.";

const OVERSIZED: &str = "That is more than Discord lets anybody send at once, so nothing was done; try again with less.";

pub(super) fn words(why: NotLetIn) -> String {
    match why {
        NotLetIn::TooMuch(rate) => too_many_requests(rate),
        NotLetIn::MemberUntil(until) => kept_out(until),
        NotLetIn::GuildUntil(until) => server_kept_out(until),
        NotLetIn::Oversized => OVERSIZED.to_owned(),
    }
}

fn too_many_requests(rate: TapRate) -> String {
    let number = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let times = grouped(number(rate.times().into()));
    let within = counted(number(rate.within().as_secs()), "second", "seconds");
    format!(
        "That is too much at once: I take {times} commands, forms and panels in {within} here. \
         Nothing was done. Wait a moment, then try again; answers to events always work."
    )
}

fn kept_out(until: Timestamp) -> String {
    format!(
        "You are blocked until {}, because of what you sent before. If that is a mistake, ask \
         whoever runs me to unblock you.",
        full(until)
    )
}

fn server_kept_out(until: Timestamp) -> String {
    format!(
        "Too many commands came from this server, so until {} I only take answers to events here. \
         Whoever runs me can end that earlier.",
        full(until)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_kept_out_is_told_until_when_and_what_to_do() {
        let until = Timestamp::from_second(1_800_000_000).unwrap();
        for why in [NotLetIn::MemberUntil(until), NotLetIn::GuildUntil(until)] {
            let said = words(why);
            assert!(said.contains("<t:1800000000:F>") && said.contains("hoever runs me"), "{said}");
            assert!(said.len() <= 500);
        }
    }
}
