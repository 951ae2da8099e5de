//! How Muster lives in a small box: what it measures of itself and of the machine, and what it does
//! about it. Knows nothing of Discord or events.

pub mod bottleneck;
pub mod settings;
pub mod snapshot;
pub mod targets;
pub mod watched;
