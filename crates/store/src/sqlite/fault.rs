//! What SQLite reports, told as the store's own faults.

use rusqlite::{Error, ErrorCode, ffi};

use crate::error::StoreError;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        if is_unreadable(&error) {
            return Self::Corrupt(error.to_string());
        }
        if is_failed_sync(&error) {
            return Self::SyncFailed(error.to_string());
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt(error.to_string())
            }
            _ => Self::Database(in_short(&error)),
        }
    }
}

/// What SQLite says, without the whole statement that it says it of.
fn in_short(error: &Error) -> String {
    if let Error::SqlInputError { msg, .. } = error { msg.clone() } else { error.to_string() }
}

/// What a failed COMMIT means. A full disk is found out before anything counts as written, and a
/// lock before anything is; of everything else nobody knows what the disk holds.
pub(super) fn of_commit(error: &Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::DiskFull,
        Some(ErrorCode::DatabaseBusy | ErrorCode::ConstraintViolation) => {
            StoreError::Database(error.to_string())
        }
        _ => StoreError::SyncFailed(error.to_string()),
    }
}

/// Whether the system could not bring something to the disk. It reports that once; the next sync
/// may succeed without what was lost.
fn is_failed_sync(error: &Error) -> bool {
    let code = error.sqlite_extended_error_code();
    matches!(code, Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC))
}

/// Whether a column does not hold what it should.
const fn is_unreadable(error: &Error) -> bool {
    matches!(
        error,
        Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(code: i32) -> Error {
        Error::SqliteFailure(ffi::Error::new(code), None)
    }

    #[test]
    fn a_commit_that_could_not_be_synced_is_final_and_a_full_disk_is_not() {
        let failed = of_commit(&reported(ffi::SQLITE_IOERR_FSYNC));
        assert!(matches!(failed, StoreError::SyncFailed(_)), "{failed:?}");
        let failed = of_commit(&reported(ffi::SQLITE_IOERR_WRITE));
        assert!(matches!(failed, StoreError::SyncFailed(_)), "{failed:?}");
        assert_eq!(of_commit(&reported(ffi::SQLITE_FULL)), StoreError::DiskFull);
    }

    #[test]
    fn a_failed_sync_is_final_wherever_it_is_reported() {
        let failed = StoreError::from(reported(ffi::SQLITE_IOERR_FSYNC));
        assert!(matches!(failed, StoreError::SyncFailed(_)), "{failed:?}");
    }

    #[test]
    fn a_statement_that_is_refused_is_not_told_in_full() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let refused = db.execute_batch("SELECT 1; DROP TABLE none;").unwrap_err();
        let told = StoreError::from(refused).to_string();
        assert!(told.contains("no such table: none") && !told.contains("DROP"), "{told}");
    }

    #[test]
    fn damage_is_told_apart_from_other_faults() {
        let corrupt = StoreError::from(reported(ffi::SQLITE_CORRUPT));
        assert!(matches!(corrupt, StoreError::Corrupt(_)), "{corrupt:?}");
        let other = StoreError::from(reported(ffi::SQLITE_IOERR_READ));
        assert!(matches!(other, StoreError::Database(_)), "{other:?}");
        assert_eq!(StoreError::from(reported(ffi::SQLITE_FULL)), StoreError::DiskFull);
    }
}
