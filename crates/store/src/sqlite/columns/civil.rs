//! How days and times of the clocks on the wall stand in columns.

use jiff::civil::{Date, DateTime, Time, Weekday};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use super::Column;

/// Dates and times of the clock on the wall, as text that sorts as they do. (ISO 8601)
macro_rules! civil_columns {
    ($($name:ty),*) => {$(
        impl ToSql for Column<$name> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.0.to_string()))
            }
        }

        impl FromSql for Column<$name> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str()?.parse().map(Self).map_err(FromSqlError::other)
            }
        }
    )*};
}

civil_columns!(Date, DateTime);

/// Monday is 1. (ISO 8601)
impl ToSql for Column<Weekday> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.to_monday_one_offset()))
    }
}

impl FromSql for Column<Weekday> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = i8::column_result(value)?;
        Weekday::from_monday_one_offset(number).map(Self).map_err(FromSqlError::other)
    }
}

/// A time of day in whole minutes from midnight.
impl ToSql for Column<Time> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(i64::from(self.0.hour()) * 60 + i64::from(self.0.minute())))
    }
}

impl FromSql for Column<Time> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let minutes = i16::column_result(value)?;
        let part = |number: i16| i8::try_from(number).map_err(FromSqlError::other);
        let time = Time::new(part(minutes / 60)?, part(minutes % 60)?, 0, 0);
        time.map(Self).map_err(FromSqlError::other)
    }
}
