//! What Muster keeps: the store port and its SQLite implementation.
