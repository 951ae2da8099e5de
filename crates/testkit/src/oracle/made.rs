//! What is made of a template or of another event is like it, but for what was said beside it.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::database::open;
use crate::stage::Stage;

/// What an event is like, without its name, its time, and those who answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    lasts_ms: i64,
    /// Description, location and picture.
    words: [Option<String>; 3],
    places: Option<i64>,
    mention: Option<i64>,
    offers: Offers,
    rules: Rules,
    /// Roles of the rules: of which list, and which.
    lists: Vec<(String, i64)>,
    /// Reminders of its own, if it has any; each in words.
    reminders: Option<Vec<String>>,
}

/// The answers on offer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Offers {
    /// All that is known of them.
    All(Vec<Offer>),
    /// What they are called.
    Named(Vec<String>),
}

/// An answer on offer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Offer {
    label: String,
    /// Its emoji and colour.
    looks: [String; 2],
    is_coming: bool,
    is_told: bool,
    places: Option<i64>,
    heading: Option<String>,
    shared: Option<i64>,
    granted: Option<i64>,
    allowed: Vec<i64>,
}

/// Guests, offer, close before, minimum and by when, hidden names, check-in and its code.
type Rules = [Option<i64>; 8];

impl Shape {
    /// The same with so many places.
    pub(crate) fn with_places(self, places: u64) -> Self {
        Self { places: i64::try_from(places).ok(), ..self }
    }

    /// The same for so long.
    pub(crate) fn lasting_minutes(self, minutes: i64) -> Self {
        Self { lasts_ms: minutes * 60_000, ..self }
    }

    /// The same with answers of these names.
    pub(crate) fn offering(self, labels: &[&str]) -> Self {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        Self { offers: Offers::Named(labels), ..self }
    }

    /// As it is where the bot does not let somebody give these roles, or mention that one.
    fn granting_as(self, other: &Self) -> Self {
        let Self { mut offers, mut mention, .. } = self;
        if let (Offers::All(mine), Offers::All(theirs)) = (&mut offers, &other.offers) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                mine.granted = mine.granted.filter(|_| theirs.granted.is_some());
            }
        }
        // Where nobody is mentioned, the guild's usual role is.
        mention = mention.or(other.mention).filter(|_| other.mention.is_some());
        Self { mention, offers, ..self }
    }

    /// Without what of its answers was not said.
    fn named_as(self, other: &Self) -> Self {
        match (&self.offers, &other.offers) {
            (Offers::All(all), Offers::Named(_)) => {
                let labels = all.iter().map(|offer| offer.label.clone()).collect();
                Self { offers: Offers::Named(labels), ..self }
            }
            _ => self,
        }
    }
}

/// What an event is like now; `None` if there is none.
pub(crate) fn shape(stage: &Stage, event: u64) -> Option<Shape> {
    let read = |db: &Connection| of_event(db, event.cast_signed(), NOW);
    match open(&stage.disk.database()).and_then(|db| read(&db)) {
        Ok(shape) => shape,
        Err(error) => {
            stage.ledger.violation("oracle", error.to_string());
            None
        }
    }
}

/// How often organisers decided something about an event: what it is like now it may have been
/// before, with something else between.
pub(crate) fn decisions(stage: &Stage, event: u64) -> u64 {
    const SQL: &str = "SELECT count(*) FROM event_log WHERE event = ?1";
    let count = open(&stage.disk.database())
        .and_then(|db| db.query_row(SQL, [event.cast_signed()], |row| row.get::<_, i64>(0)));
    match count {
        Ok(count) => count.unsigned_abs(),
        Err(error) => {
            stage.ledger.violation("oracle", error.to_string());
            0
        }
    }
}

/// Judges the event that this interaction made.
pub(crate) fn judge(stage: &Stage, interaction: u64, expected: &Shape, called: &str) {
    let made = open(&stage.disk.database()).and_then(|db| {
        let made = db.query_row(MADE, [interaction.cast_signed()], |row| row.get(0)).optional()?;
        made.map_or(Ok(None), |event| of_event(&db, event, AT_FIRST))
    });
    let made = match made {
        Ok(Some(made)) => made.named_as(expected),
        Ok(None) => {
            let what = format!("{called}: {interaction} made an event and there is none");
            return stage.ledger.violation("template", what);
        }
        Err(error) => return stage.ledger.violation("oracle", error.to_string()),
    };
    let expected = expected.clone().granting_as(&made);
    if made != expected {
        let what = format!("{called}: it is {made:#?}, not {expected:#?}");
        stage.ledger.violation("template", what);
    }
}

const MADE: &str = "SELECT id FROM event WHERE interaction = ?1";

/// An event as it stands: its latest line in the history.
const NOW: &str = "(SELECT max(version) FROM event_log WHERE event = ?1)";

/// An event as it was made.
const AT_FIRST: &str = "1";

const EVENT: &str = "
    SELECT l.ends_at - l.starts_at, l.description, l.location, l.image, l.capacity, e.mention_role,
      l.options_version, l.rules_version, e.own_reminders
    FROM event_log l JOIN event e ON e.id = l.event WHERE l.event = ?1 AND l.version = ";

const OFFERS: &str = "
    SELECT label, emoji, colour, coming, told, capacity, grouping, shared, granted, id
    FROM event_option WHERE event = ?1 AND version = ?2 AND removed = 0 ORDER BY position";

const ALLOWED: &str = "
    SELECT role FROM event_option_role WHERE event = ?1 AND version = ?2 AND option = ?3
    ORDER BY role";

const RULES: &str = "
    SELECT guests_max, offer, close_before, minimum, minimum_before, names_hidden, check_in,
      check_in_code
    FROM event_rules WHERE event = ?1 AND version = ?2";

const ROLES: &str = "
    SELECT list, role FROM event_role WHERE event = ?1 AND version = ?2 ORDER BY list, role";

const REMINDERS: &str = "
    SELECT printf('%s %s %s %s %s %s', from_start, of_day, audience, role, place, words)
    FROM reminder WHERE event = ?1 ORDER BY 1";

fn of_event(db: &Connection, event: i64, at: &str) -> rusqlite::Result<Option<Shape>> {
    let read = |row: &Row<'_>| {
        let words = [row.get(1)?, row.get(2)?, row.get(3)?];
        let sets: (i64, i64) = (row.get(6)?, row.get(7)?);
        let reminders = row.get::<_, bool>(8)?.then(Vec::new);
        let (offers, rules, lists) = (Offers::All(Vec::new()), [None; 8], Vec::new());
        let (lasts_ms, places, mention) = (row.get(0)?, row.get(4)?, row.get(5)?);
        let shape = Shape { lasts_ms, words, places, mention, offers, rules, lists, reminders };
        Ok((shape, sets))
    };
    let found = db.query_row(&format!("{EVENT}{at}"), [event], read).optional()?;
    let Some((mut shape, (options, rules))) = found else { return Ok(None) };
    shape.offers = Offers::All(offers(db, event, options)?);
    shape.rules = db.query_row(RULES, [event, rules], |row| {
        let mut all = [None; 8];
        for (index, rule) in all.iter_mut().enumerate() {
            *rule = row.get(index)?;
        }
        Ok(all)
    })?;
    let role = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    shape.lists = db.prepare(ROLES)?.query_map([event, rules], role)?.collect::<Result<_, _>>()?;
    if let Some(own) = &mut shape.reminders {
        let mut statement = db.prepare(REMINDERS)?;
        *own = statement.query_map([event], |row| row.get(0))?.collect::<Result<_, _>>()?;
    }
    Ok(Some(shape))
}

fn offers(db: &Connection, event: i64, version: i64) -> rusqlite::Result<Vec<Offer>> {
    let offer = |row: &Row<'_>| {
        let offer = Offer {
            label: row.get(0)?,
            looks: [row.get(1)?, row.get(2)?],
            is_coming: row.get(3)?,
            is_told: row.get(4)?,
            places: row.get(5)?,
            heading: row.get(6)?,
            shared: row.get(7)?,
            granted: row.get(8)?,
            allowed: Vec::new(),
        };
        Ok((offer, row.get::<_, i64>(9)?))
    };
    let mut statement = db.prepare(OFFERS)?;
    let found = statement.query_map([event, version], offer)?.collect::<Result<Vec<_>, _>>()?;
    let mut allowed = db.prepare(ALLOWED)?;
    let mut offers = Vec::new();
    for (offer, option) in found {
        let roles = allowed.query_map(params![event, version, option], |row| row.get(0))?;
        offers.push(Offer { allowed: roles.collect::<Result<_, _>>()?, ..offer });
    }
    Ok(offers)
}
