//! The deterministic world, tested: it repeats, the product holds in it, and its oracle has eyes.

mod planted;
mod replays;
mod seeds;
