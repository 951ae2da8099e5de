//! The engine on a virtual clock with the real store and a Discord that does what a test says.

#![expect(clippy::unwrap_used, reason = "a story that finds something unexpected has to end")]
#![expect(
    clippy::disallowed_methods,
    reason = "this is a world of its own, on tokio's virtual clock"
)]

mod again;
mod background;
mod editing;
mod ending;
mod fake_discord;
mod granting;
mod history;
mod late;
mod mentions;
mod sending;
mod silent;
mod taps;
mod unclear;
mod upkeep;
mod waking;
mod world;
