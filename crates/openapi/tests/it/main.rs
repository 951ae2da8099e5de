//! The judge can say no: by a small document of our own, and by Discord's where it is at hand.

#![expect(clippy::unwrap_used, reason = "a test that finds no document has to end")]

mod discord;
mod small;
