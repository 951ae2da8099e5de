//! How the values of the rules stand in columns, checked on the way in and on the way out.

mod civil;

use jiff::{SignedDuration, Timestamp};
use muster_domain::answer_option::{Colour, OptionId};
use muster_domain::capacity::Capacity;
use muster_domain::event::AnswersClose;
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, MessageId, ReminderChangeId, RoleId,
    SeriesId, TemplateId, UserId,
};
use muster_domain::notice::News;
use muster_domain::roster::{Guests, Sequence};
use muster_domain::settings::{HoursAfterEnd, Language, Retention};
use muster_domain::text::{
    Announcement, Description, ImageUrl, Location, Note, TemplateName, Title,
};
use muster_domain::zone::Zone;
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use super::deliveries::DeliveryKind;
use super::held::PlanKind;
use crate::model::{
    Breakage, ChoreKind, EventStep, LoggedPlace, Presence, RoleState, SignupWay, UnreadableKind,
};

/// A value as it stands in a column.
#[derive(Clone, Copy)]
pub(super) struct Column<T>(pub(super) T);

/// Wraps an optional value for a column that can be NULL.
pub(super) fn nullable<T: Clone>(value: Option<&T>) -> Option<Column<T>> {
    value.cloned().map(Column)
}

/// Reads the columns of a row one after the other, in the order in which they were selected.
pub(super) struct Columns<'row, 'statement> {
    row: &'row Row<'statement>,
    next: usize,
}

impl<'row, 'statement> Columns<'row, 'statement> {
    pub(super) fn of(row: &'row Row<'statement>) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    pub(super) fn take<T>(&mut self) -> rusqlite::Result<T>
    where
        Column<T>: FromSql,
    {
        self.take_as::<Column<T>>().map(|column| column.0)
    }

    /// The next column, which can be NULL.
    pub(super) fn take_nullable<T>(&mut self) -> rusqlite::Result<Option<T>>
    where
        Column<T>: FromSql,
    {
        let value = self.take_as::<Option<Column<T>>>()?;
        Ok(value.map(|column| column.0))
    }

    fn take_as<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        let index = self.next;
        self.next = index.saturating_add(1);
        self.row.get(index)
    }
}

/// Reads the only column of a row.
pub(super) fn only<T>(row: &Row<'_>) -> rusqlite::Result<T>
where
    Column<T>: FromSql,
{
    Columns::of(row).take()
}

/// An instant as precise as it is stored. What is kept in memory is cut to it too, so that it is
/// the same before and after a restart.
pub(super) fn whole_ms(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// A number that must fit a signed column. Discord's snowflakes do until the year 2084.
fn signed(number: u64) -> rusqlite::Result<ToSqlOutput<'static>> {
    i64::try_from(number)
        .map(ToSqlOutput::from)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn unsigned(value: ValueRef<'_>) -> FromSqlResult<u64> {
    let number = value.as_i64()?;
    u64::try_from(number).map_err(|_| FromSqlError::OutOfRange(number))
}

macro_rules! id_columns {
    ($($name:ident),*) => {$(
        impl ToSql for Column<$name> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                signed(self.0.get())
            }
        }

        impl FromSql for Column<$name> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                unsigned(value).map(|raw| Self($name::new(raw)))
            }
        }
    )*};
}

id_columns!(
    ChannelId,
    DeliveryId,
    EventId,
    GuildId,
    InteractionId,
    MessageId,
    ReminderChangeId,
    RoleId,
    SeriesId,
    TemplateId,
    UserId
);

macro_rules! number_columns {
    ($($name:ty),*) => {$(
        impl ToSql for Column<$name> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                i64::try_from(self.0)
                    .map(ToSqlOutput::from)
                    .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
            }
        }

        impl FromSql for Column<$name> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let number = value.as_i64()?;
                <$name>::try_from(number).map(Self).map_err(|_| FromSqlError::OutOfRange(number))
            }
        }
    )*};
}

number_columns!(u32, u64, usize);

macro_rules! text_columns {
    ($($name:ident: $text:ident),*) => {$(
        impl ToSql for Column<$name> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.0.$text()))
            }
        }

        impl FromSql for Column<$name> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                $name::parse(value.as_str()?).map(Self).map_err(FromSqlError::other)
            }
        }
    )*};
}

text_columns! {
    Title: as_str,
    Description: as_str,
    Location: as_str,
    Note: as_str,
    TemplateName: as_str,
    Announcement: as_str,
    ImageUrl: as_str,
    Zone: name
}

/// Enums that stand as words. A word that none of them has is unreadable.
macro_rules! word_columns {
    ($($name:ident { $($variant:ident = $word:literal),* })*) => {$(
        impl ToSql for Column<$name> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(match self.0 {
                    $($name::$variant => $word,)*
                }))
            }
        }

        impl FromSql for Column<$name> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok(Self($name::$variant)),)*
                    _ => Err(FromSqlError::InvalidType),
                }
            }
        }
    )*};
}

word_columns! {
    Colour { Blue = "blue", Grey = "grey", Green = "green", Red = "red" }
    News {
        Moved = "moved",
        Cancelled = "cancelled",
        BackOn = "back_on",
        Promoted = "promoted",
        Offered = "offered",
        Unseated = "unseated",
        TooFew = "too_few",
        Told = "told",
        Reminder = "reminder"
    }
    DeliveryKind {
        Post = "post",
        Notice = "notice",
        Direct = "direct",
        Greeting = "greeting",
        Report = "report"
    }
    Breakage { Lacks = "lacks", Refuses = "refuses", Gone = "gone" }
    Language { English = "en" }
    PlanKind { Created = "created", Decided = "decided", Rest = "rest", SetUp = "set_up" }
    Presence { Present = "present", Absent = "absent" }
    RoleState { Wanted = "wanted", Given = "given", Had = "had", Unwanted = "unwanted" }
    UnreadableKind {
        Series = "series",
        Event = "event",
        Delivery = "delivery",
        Guild = "guild"
    }
    ChoreKind {
        OpenThread = "open_thread",
        RenameThread = "rename_thread",
        DeleteMessage = "delete_message",
        ArchiveThread = "archive_thread"
    }
    EventStep {
        Created = "created",
        Edited = "edited",
        Cancelled = "cancelled",
        Restored = "restored",
        Closed = "closed",
        Reopened = "reopened",
        Deleted = "deleted",
        Rules = "rules",
        Options = "options",
        Image = "image"
    }
    SignupWay {
        Tap = "tap",
        Promoted = "promoted",
        Unseated = "unseated",
        Offered = "offered",
        Passed = "passed",
        Organiser = "organiser",
        Reassigned = "reassigned",
        Details = "details",
        Erased = "erased"
    }
}

/// Enums of two that stand as 0 and 1.
macro_rules! flag_columns {
    ($($name:ident { $no:pat => $unset:expr, $yes:pat => $set:expr })*) => {$(
        impl ToSql for Column<$name> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(match self.0 {
                    $no => 0_i64,
                    $yes => 1_i64,
                }))
            }
        }

        impl FromSql for Column<$name> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_i64()? {
                    0 => Ok(Self($unset)),
                    1 => Ok(Self($set)),
                    other => Err(FromSqlError::OutOfRange(other)),
                }
            }
        }
    )*};
}

flag_columns! {
    bool { false => false, true => true }
    AnswersClose {
        AnswersClose::AtStart => AnswersClose::AtStart,
        AnswersClose::AtEnd => AnswersClose::AtEnd
    }
}

impl ToSql for Column<Timestamp> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.as_millisecond()))
    }
}

impl FromSql for Column<Timestamp> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Timestamp::from_millisecond(value.as_i64()?).map(Self).map_err(FromSqlError::other)
    }
}

impl ToSql for Column<Sequence> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        signed(self.0.0)
    }
}

impl FromSql for Column<Sequence> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        unsigned(value).map(|raw| Self(Sequence(raw)))
    }
}

impl ToSql for Column<OptionId> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.get()))
    }
}

impl FromSql for Column<OptionId> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        u8::column_result(value).map(|raw| Self(OptionId::new(raw)))
    }
}

impl ToSql for Column<LoggedPlace> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self.0 {
            LoggedPlace::Seated => 0_i64,
            LoggedPlace::Waiting => 1,
            LoggedPlace::Offered => 2,
            LoggedPlace::Passed => 3,
        }))
    }
}

impl FromSql for Column<LoggedPlace> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_i64()? {
            0 => Ok(Self(LoggedPlace::Seated)),
            1 => Ok(Self(LoggedPlace::Waiting)),
            2 => Ok(Self(LoggedPlace::Offered)),
            3 => Ok(Self(LoggedPlace::Passed)),
            other => Err(FromSqlError::OutOfRange(other)),
        }
    }
}

/// In seconds.
impl ToSql for Column<SignedDuration> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.as_secs()))
    }
}

impl FromSql for Column<SignedDuration> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(|seconds| Self(SignedDuration::from_secs(seconds)))
    }
}

/// Numbers that are checked as those that people give.
macro_rules! given_columns {
    ($($name:ident: $number:ident),*) => {$(
        impl ToSql for Column<$name> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.0.$number()))
            }
        }

        impl FromSql for Column<$name> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                $name::parse(value.as_i64()?).map(Self).map_err(FromSqlError::other)
            }
        }
    )*};
}

given_columns!(Capacity: get, Guests: get, Retention: days, HoursAfterEnd: hours);

macro_rules! plain_columns {
    ($($name:ty),*) => {$(
        impl FromSql for Column<$name> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                FromSql::column_result(value).map(Self)
            }
        }
    )*};
}

plain_columns!(String, i64);

impl FromSql for Column<Box<str>> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(|text| Self(text.into()))
    }
}
