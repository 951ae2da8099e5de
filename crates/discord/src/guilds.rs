//! What we read of a guild when it arrives or goes: its id, and whether it is merely unavailable.
//! The rest of these payloads is large, and what a handler needs comes with the interaction.

use std::collections::BTreeSet;

use muster_domain::id::GuildId;
use muster_store::model::Shard;
use serde::Deserialize;

#[derive(Deserialize)]
struct Wire<'a> {
    id: &'a str,
    #[serde(default)]
    unavailable: bool,
}

/// Reads a guild's id and whether it is unavailable; `None` if that cannot be read.
#[must_use]
pub fn read(raw: &str) -> Option<(GuildId, bool)> {
    let wire: Wire<'_> = serde_json::from_str(raw).ok()?;
    Some((GuildId::new(wire.id.parse().ok()?), wire.unavailable))
}

#[derive(Deserialize)]
struct Ready<'a> {
    shard: (u32, u32),
    #[serde(borrow)]
    guilds: Vec<Wire<'a>>,
}

/// Reads from READY which guilds of which shard the bot is in, unavailable ones included; `None` if
/// that cannot be read for certain. (Discord docs: "Ready")
#[must_use]
pub fn read_ready(raw: &str) -> Option<(Shard, BTreeSet<GuildId>)> {
    let Ready { shard: (number, of), guilds } = serde_json::from_str(raw).ok()?;
    let guilds = guilds.iter().map(|guild| guild.id.parse().ok().map(GuildId::new));
    Some((Shard { number, of }, guilds.collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_id_and_the_outage_are_read() {
        let guild = GuildId::new(2000);
        assert_eq!(read(r#"{"id":"2000","name":"x","channels":[{}]}"#), Some((guild, false)));
        assert_eq!(read(r#"{"id":"2000","unavailable":true}"#), Some((guild, true)));
        assert_eq!(read(r#"{"id":"x"}"#), None);
        assert_eq!(read("{}"), None);
    }

    #[test]
    fn of_ready_the_shard_and_all_its_guilds_are_read() {
        let raw = r#"{"v":10,"shard":[1,3],"guilds":[{"id":"7","unavailable":true},{"id":"5"}]}"#;
        let guilds = BTreeSet::from([GuildId::new(5), GuildId::new(7)]);
        assert_eq!(read_ready(raw), Some((Shard { number: 1, of: 3 }, guilds)));
        assert_eq!(read_ready(r#"{"guilds":[]}"#), None, "of which shard?");
        assert_eq!(read_ready(r#"{"shard":[0,1],"guilds":[{"id":"x"}]}"#), None);
    }
}
