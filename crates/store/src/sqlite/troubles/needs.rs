//! What the events to come, the series and the reminders of a guild need, as queries.
//!
//! Each takes the guild, the present time and how many rows there may be. Of a series counts what
//! it is now; its roles stand in its body, and one that cannot be read names none.

/// Channels of events to come, soonest first.
pub(super) const CHANNELS: &str = "
    SELECT channel FROM event
    WHERE guild = ?1 AND ends_at > ?2 AND deleted_at IS NULL AND cancelled_at IS NULL
    GROUP BY channel ORDER BY min(starts_at), channel LIMIT ?3";

/// Channels of series, those that post soonest first: it takes no time.
pub(super) const SERIES: &str = "
    SELECT v.channel FROM series s
    JOIN series_version v ON v.series = s.id AND v.version = s.version
    WHERE s.guild = ?1 AND s.post_at IS NOT NULL
    GROUP BY v.channel ORDER BY min(s.post_at), v.channel LIMIT ?2";

/// Roles that are mentioned, and in which channel. The reminders of the guild are those of all
/// events that have none of their own.
pub(super) const MENTIONS: &str = "
    WITH upcoming AS (
      SELECT id, channel, starts_at AS at, mention_role AS role, own_reminders FROM event
      WHERE guild = ?1 AND ends_at > ?2 AND deleted_at IS NULL AND cancelled_at IS NULL),
    going AS (
      SELECT v.channel, s.post_at AS at, iif(json_valid(v.body), v.body, '{}') AS body
      FROM series s JOIN series_version v ON v.series = s.id AND v.version = s.version
      WHERE s.guild = ?1 AND s.post_at IS NOT NULL),
    reminding AS (
      SELECT event, iif(audience = 'everyone', guild, role) AS role FROM reminder
      WHERE guild = ?1 AND (role IS NOT NULL OR audience = 'everyone'))
    SELECT channel, role FROM (
      SELECT channel, role, at FROM upcoming
      UNION ALL SELECT channel, json_extract(body, '$.mention'), at FROM going
      UNION ALL SELECT g.channel, iif(r.value ->> '$.audience' = 'everyone', ?1,
          r.value ->> '$.role'), g.at
        FROM going g JOIN json_each(g.body, '$.reminders') r WHERE r.type = 'object'
      UNION ALL SELECT u.channel, r.role, u.at FROM reminding r JOIN upcoming u ON u.id = r.event
      UNION ALL SELECT u.channel, r.role, u.at FROM reminding r JOIN upcoming u
        WHERE r.event IS NULL AND u.own_reminders = 0
      UNION ALL SELECT g.channel, r.role, g.at FROM reminding r JOIN going g
        WHERE r.event IS NULL AND g.body ->> '$.reminders' IS NULL)
    WHERE role IS NOT NULL
    GROUP BY channel, role ORDER BY min(at), channel, role LIMIT ?3";

/// Roles that answers which count as coming give.
pub(super) const GRANTED: &str = "
    SELECT role FROM (
      SELECT o.granted AS role, e.starts_at AS at FROM event e
      JOIN event_option o ON o.event = e.id AND o.version = e.options_version
      WHERE e.guild = ?1 AND e.ends_at > ?2 AND e.deleted_at IS NULL AND e.cancelled_at IS NULL
        AND o.coming = 1
      UNION ALL
      SELECT json_extract(o.value, '$.granted'), s.post_at FROM series s
      JOIN series_version v ON v.series = s.id AND v.version = s.version
      JOIN json_each(iif(json_valid(v.body), v.body, '{}'), '$.options') o
      WHERE s.guild = ?1 AND s.post_at IS NOT NULL AND json_extract(o.value, '$.coming'))
    WHERE role IS NOT NULL GROUP BY role ORDER BY min(at), role LIMIT ?3";

/// Roles of which those are to be reminded who have not answered.
pub(super) const UNANSWERED: &str = "
    SELECT role FROM (
      SELECT r.audience, r.role FROM reminder r LEFT JOIN event e ON e.id = r.event
      WHERE r.guild = ?1 AND (r.event IS NULL
        OR (e.ends_at > ?2 AND e.deleted_at IS NULL AND e.cancelled_at IS NULL))
      UNION ALL
      SELECT r.value ->> '$.audience', r.value ->> '$.role' FROM series s
      JOIN series_version v ON v.series = s.id AND v.version = s.version
      JOIN json_each(iif(json_valid(v.body), v.body, '{}'), '$.reminders') r
      WHERE s.guild = ?1 AND s.post_at IS NOT NULL AND r.type = 'object')
    WHERE audience = 'unanswered' AND role IS NOT NULL
    GROUP BY role ORDER BY role LIMIT ?3";
