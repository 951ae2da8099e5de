//! What Muster keeps: the store port, at the level of use cases, and its SQLite implementation.

pub mod error;
pub mod model;
pub mod port;
pub mod sqlite;

pub use error::StoreError;
pub use port::Store;
