//! The deterministic world: the whole bot in one thread, on a virtual clock, against a simulated
//! Discord, replayed from a seed.
//!
//! What runs is the product: engine, handlers, views, REST client, governor and SQLite. What is
//! simulated is around it: time, randomness, tasks, the wire, the disk of a killed process, Discord
//! and the people in it. Every port has named points at which something can go wrong; an oracle
//! judges what came of it. The same seed gives the same run, line by line.

pub mod asked;
mod book;
mod choices;
pub mod disk;
pub mod env;
pub mod epoch;
pub mod faults;
mod faulty_store;
mod hands;
mod house_rules;
pub mod keeper;
pub mod ledger;
mod life;
mod listen;
mod mortal;
mod oracle;
mod people;
pub mod plant;
mod planted;
pub mod random;
mod refusing;
mod reminding;
mod rhythm;
pub mod run;
mod scenario;
pub mod season;
mod spans;
pub mod stage;
pub mod trace;
mod wire;
mod words;

pub use oracle::Violation;
pub use plant::Plant;
pub use run::{Kind, Report, Run};
