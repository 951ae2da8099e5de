//! Whether our commands differ from those that were registered.

use super::Definition;
use crate::rest::model::RegisteredCommand;

/// A number that is the same for the same commands on every machine and in every version. FNV-1a of
/// 64 bits, in hex.
#[must_use]
pub fn fingerprint(definitions: &[Definition]) -> String {
    // Nothing in a definition can fail to be written.
    let json = serde_json::to_vec(definitions).unwrap_or_default();
    format!("{:016x}", fnv1a(&json))
}

/// Our commands and what Discord made of them: commands are registered again only when this differs
/// from that of the last time, because ours have changed, or because somebody else changed or wiped
/// Discord's.
#[must_use]
pub fn fingerprint_of_both(ours: &[Definition], theirs: &[RegisteredCommand]) -> String {
    let mut theirs: Vec<_> = theirs.iter().map(|c| format!("{}:{}", c.id, c.version)).collect();
    theirs.sort_unstable();
    format!("{}/{:016x}", fingerprint(ours), fnv1a(theirs.join(",").as_bytes()))
}

pub(super) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
