//! What we read of a guild when it arrives or goes: its id, and whether it is merely unavailable.
//! The rest of these payloads is large, and what a handler needs comes with the interaction.

use muster_domain::id::GuildId;
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
}
