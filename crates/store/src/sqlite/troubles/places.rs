//! Which channels are in use, over all guilds.

use std::collections::HashMap;

use jiff::Timestamp;
use muster_domain::id::{ChannelId, GuildId};
use rusqlite::{Connection, params};

use crate::model::PlacesInUse;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};

/// The channels that something is due in soonest come first; those in the settings of a guild count
/// as its first, and what is due in nothing last.
pub(super) fn in_use(db: &Connection, now: Timestamp, limit: usize) -> Stored<Vec<PlacesInUse>> {
    const SQL: &str = "
        WITH used (guild, channel, at) AS MATERIALIZED (
          SELECT guild, channel, min(starts_at) FROM event
          WHERE ends_at > ?1 AND deleted_at IS NULL AND cancelled_at IS NULL
          GROUP BY +guild, channel
          UNION ALL
          SELECT s.guild, v.channel, min(s.post_at) FROM series s
          JOIN series_version v ON v.series = s.id AND v.version = s.version
          WHERE s.post_at IS NOT NULL GROUP BY s.guild, v.channel),
        soonest (guild, at) AS MATERIALIZED (SELECT guild, min(at) FROM used GROUP BY guild),
        known (guild, channel, at) AS (
          SELECT guild, channel, at FROM used
          UNION ALL
          SELECT g.id, g.channel, s.at FROM guild g LEFT JOIN soonest s ON s.guild = g.id
          WHERE g.channel IS NOT NULL
          UNION ALL
          SELECT g.id, g.admin_channel, s.at FROM guild g LEFT JOIN soonest s ON s.guild = g.id
          WHERE g.admin_channel IS NOT NULL)
        SELECT k.guild, k.channel FROM known k JOIN guild g ON g.id = k.guild
        WHERE g.removed_at IS NULL
        GROUP BY k.guild, k.channel
        ORDER BY min(k.at) IS NULL, min(k.at), k.guild, k.channel LIMIT ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(now), Column(limit)])?;
    let mut places: Vec<PlacesInUse> = Vec::new();
    let mut known = HashMap::new();
    while let Some(row) = rows.next()? {
        let mut columns = Columns::of(row);
        let (guild, channel): (GuildId, ChannelId) = (columns.take()?, columns.take()?);
        let index = *known.entry(guild).or_insert(places.len());
        match places.get_mut(index) {
            Some(place) => place.channels.push(channel),
            None => places.push(PlacesInUse { guild, channels: vec![channel] }),
        }
    }
    Ok(places)
}
