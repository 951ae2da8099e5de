//! SQLite's own account, which it keeps for the whole process.

/// What all connections to databases hold together, in bytes: pages, statements, schemas. Takes a
/// lock for the moment that it takes to read a number.
#[must_use]
pub fn used_by_sqlite() -> u64 {
    #[expect(unsafe_code, reason = "the account is told by a C function alone")]
    // SAFETY: sqlite3_memory_used takes nothing, returns a number, and may be called by any thread
    // at any time, also before there is a connection.
    let bytes = unsafe { libsqlite3_sys::sqlite3_memory_used() };
    u64::try_from(bytes).unwrap_or_default()
}
