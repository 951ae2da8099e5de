//! The promises of the store port, and what SQLite adds to them.

mod conformance;
mod scene;
mod sqlite;
