//! How Muster lives in a small box: what it measures of itself and of the machine, and what it does
//! about it. Knows nothing of Discord or events.

pub mod backoff;
pub mod bottleneck;
pub mod figures;
pub mod limiter;
pub mod memory;
pub mod meters;
pub mod recommend;
pub mod resources;
pub mod security;
pub mod settings;
pub mod snapshot;
pub mod targets;
pub mod tasks;
mod vitals;
pub mod watched;

pub use vitals::Vitals;

#[cfg(test)]
mod tests;
