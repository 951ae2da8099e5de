//! Members' answers as rows.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, InteractionId, UserId};
use muster_domain::roster::{Guests, Place, Sequence, Signup};
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::Note;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::model::LoggedPlace;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, whole_ms};

/// A member's answer as stored; kept when it is taken back, to know a repeated tap.
pub(in crate::sqlite) struct StoredSignup {
    pub(in crate::sqlite) member: UserId,
    pub(in crate::sqlite) sequence: Sequence,
    pub(in crate::sqlite) interaction: InteractionId,
    /// The answer, unless it was taken back.
    pub(in crate::sqlite) signup: Option<Signup>,
    pub(in crate::sqlite) details: SignupDetails,
}

/// All answers to an event, those taken back included.
pub(in crate::sqlite) fn all_of(db: &Connection, event: EventId) -> Stored<Vec<StoredSignup>> {
    const SQL: &str = "
        SELECT member, interaction, option, place, offer_until, guests, priority, sequence, note,
          arrives, leaves, direct
        FROM signup WHERE event = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query([Column(event)])?;
    let mut stored = Vec::new();
    while let Some(row) = rows.next()? {
        stored.push(stored_of(row)?);
    }
    Ok(stored)
}

fn stored_of(row: &Row<'_>) -> Stored<StoredSignup> {
    let mut columns = Columns::of(row);
    let (member, interaction) = (columns.take()?, columns.take()?);
    let option: Option<OptionId> = columns.take_nullable()?;
    // Where an answer was taken back, the rest says nothing.
    let signup = rest_of_signup(option.unwrap_or(OptionId::new(0)), &mut columns)?;
    let details = SignupDetails {
        note: columns.take_nullable()?,
        arrives: columns.take_nullable()?,
        leaves: columns.take_nullable()?,
        direct: columns.take()?,
    };
    let sequence = signup.since;
    let signup = option.map(|_| signup);
    Ok(StoredSignup { member, sequence, interaction, signup, details })
}

/// Reads the columns `place`, `offer_until`, `guests`, `priority` and `sequence`.
pub(super) fn rest_of_signup(option: OptionId, columns: &mut Columns<'_, '_>) -> Stored<Signup> {
    let place: LoggedPlace = columns.take()?;
    let until: Option<Timestamp> = columns.take_nullable()?;
    let place = match (place, until) {
        (LoggedPlace::Seated, None) => Place::Seated,
        (LoggedPlace::Waiting, None) => Place::Waiting,
        (LoggedPlace::Passed, None) => Place::Passed,
        (LoggedPlace::Offered, Some(until)) => Place::Offered(until),
        (_, _) => return Err(StoreError::Corrupt("an offer without its end".into())),
    };
    let (guests, priority, since) = (columns.take::<Guests>()?, columns.take()?, columns.take()?);
    Ok(Signup { option, place, since, guests, priority })
}

fn until_of(place: Place) -> Option<Column<Timestamp>> {
    match place {
        Place::Offered(until) => Some(Column(whole_ms(until))),
        Place::Seated | Place::Waiting | Place::Passed => None,
    }
}

/// An answer to be stored.
pub(super) struct NewRow {
    pub(super) event: EventId,
    pub(super) member: UserId,
    pub(super) signup: Signup,
    /// The latest tap of the member's own.
    pub(super) last_tap: InteractionId,
    /// When it was given.
    pub(super) at: Timestamp,
}

/// Stores a member's answer.
pub(super) fn put(db: &Connection, row: &NewRow) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO signup (event, member, option, place, offer_until, guests, priority, sequence,
          interaction, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (event, member) DO UPDATE SET option = excluded.option,
          place = excluded.place, offer_until = excluded.offer_until, guests = excluded.guests,
          priority = excluded.priority, sequence = excluded.sequence,
          interaction = excluded.interaction, at = excluded.at";
    let NewRow { event, member, signup, last_tap, at } = *row;
    db.prepare_cached(SQL)?.execute(params![
        Column(event),
        Column(member),
        Column(signup.option),
        Column(LoggedPlace::from(signup.place)),
        until_of(signup.place),
        Column(signup.guests),
        signup.priority,
        Column(signup.since),
        Column(last_tap),
        Column(at),
    ])?;
    Ok(())
}

/// Marks a member's answer as taken back, and forgets what was said beside it.
pub(super) fn take_back(
    db: &Connection,
    event: EventId,
    member: UserId,
    interaction: InteractionId,
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE signup SET option = NULL, place = 0, offer_until = NULL, guests = 0, priority = 0,
          priority_roles = NULL, interaction = ?3, at = ?4, note = NULL, arrives = NULL, leaves = NULL, direct = 0
        WHERE event = ?1 AND member = ?2";
    db.prepare_cached(SQL)?.execute(params![
        Column(event),
        Column(member),
        Column(interaction),
        Column(at),
    ])?;
    Ok(())
}

/// Gives a member a place, or takes it, because of something else.
pub(super) fn set_place(
    db: &Connection,
    event: EventId,
    member: UserId,
    place: Place,
) -> Stored<()> {
    const SQL: &str =
        "UPDATE signup SET place = ?3, offer_until = ?4 WHERE event = ?1 AND member = ?2";
    let code = Column(LoggedPlace::from(place));
    let params = params![Column(event), Column(member), code, until_of(place)];
    db.prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Whether this interaction, or a later one, has said something about an answer.
pub(super) fn is_described(
    db: &Connection,
    event: EventId,
    member: UserId,
    interaction: InteractionId,
) -> Stored<bool> {
    const SQL: &str = "
        SELECT EXISTS (
          SELECT 1 FROM signup WHERE event = ?1 AND member = ?2 AND described >= ?3)";
    let params = params![Column(event), Column(member), Column(interaction)];
    Ok(db.prepare_cached(SQL)?.query_row(params, crate::sqlite::columns::only)?)
}

/// Stores what was said beside an answer, and by which interaction; that stays as it was where
/// something is only put back.
pub(super) fn describe(
    db: &Connection,
    event: EventId,
    member: UserId,
    details: &SignupDetails,
    interaction: Option<InteractionId>,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE signup SET note = ?3, arrives = ?4, leaves = ?5, direct = ?6,
          described = coalesce(?7, described)
        WHERE event = ?1 AND member = ?2";
    db.prepare_cached(SQL)?.execute(params![
        Column(event),
        Column(member),
        details.note.as_ref().map(Note::as_str),
        details.arrives.map(Column),
        details.leaves.map(Column),
        details.direct,
        interaction.map(Column),
    ])?;
    Ok(())
}
