//! The promises of the store port, and what SQLite adds to them.

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod sqlite;
