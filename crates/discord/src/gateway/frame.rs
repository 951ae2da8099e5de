//! The gateway's messages as they stand on the wire: read leniently, written exactly.

use std::borrow::Cow;

use muster_store::model::Shard;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::token::Token;

/// Operation numbers (Discord docs: gateway opcodes).
pub(super) mod op {
    pub(crate) const DISPATCH: u64 = 0;
    pub(crate) const HEARTBEAT: u64 = 1;
    pub(crate) const IDENTIFY: u64 = 2;
    pub(crate) const RESUME: u64 = 6;
    pub(crate) const RECONNECT: u64 = 7;
    pub(crate) const INVALID_SESSION: u64 = 9;
    pub(crate) const HELLO: u64 = 10;
    pub(crate) const HEARTBEAT_ACK: u64 = 11;
}

/// What every message from the gateway looks like. Everything may be missing or unknown.
#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(default)]
    pub(super) op: Option<u64>,
    #[serde(default)]
    pub(super) s: Option<u64>,
    #[serde(borrow, default)]
    pub(super) t: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) d: Option<&'a RawValue>,
}

/// `d` of HELLO.
#[derive(Deserialize)]
pub(super) struct Hello {
    /// Milliseconds.
    pub(super) heartbeat_interval: u64,
}

/// What we need of `d` of READY.
#[derive(Deserialize)]
pub(super) struct Ready<'a> {
    #[serde(borrow)]
    pub(super) session_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) resume_gateway_url: Cow<'a, str>,
}

#[derive(Serialize)]
struct Outgoing<D> {
    op: u64,
    d: D,
}

#[derive(Serialize)]
struct Identify<'a> {
    token: &'a str,
    intents: u64,
    /// Its number, and of how many.
    shard: (u32, u32),
    properties: Properties,
    large_threshold: u32,
}

#[derive(Serialize)]
struct Properties {
    os: &'static str,
    browser: &'static str,
    device: &'static str,
}

#[derive(Serialize)]
struct Resume<'a> {
    token: &'a str,
    session_id: &'a str,
    seq: u64,
}

pub(super) fn heartbeat(sequence: Option<u64>) -> String {
    write(op::HEARTBEAT, sequence)
}

pub(super) fn identify(token: &Token, intents: u64, shard: Shard) -> String {
    let properties = Properties { os: std::env::consts::OS, browser: "muster", device: "muster" };
    // The smallest that Discord takes: we never read the members that come with a guild.
    let large_threshold = 50;
    let (token, shard) = (token.expose(), (shard.number, shard.of));
    write(op::IDENTIFY, Identify { token, intents, shard, properties, large_threshold })
}

pub(super) fn resume(token: &Token, session_id: &str, seq: u64) -> String {
    write(op::RESUME, Resume { token: token.expose(), session_id, seq })
}

fn write<D: Serialize>(op: u64, d: D) -> String {
    // Numbers and strings always serialise; an empty frame would be closed as a decode error.
    serde_json::to_string(&Outgoing { op, d }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_written_as_documented() {
        let token = Token::parse("T").unwrap();
        assert_eq!(heartbeat(None), r#"{"op":1,"d":null}"#);
        assert_eq!(heartbeat(Some(7)), r#"{"op":1,"d":7}"#);
        assert_eq!(
            resume(&token, "s", 9),
            r#"{"op":6,"d":{"token":"T","session_id":"s","seq":9}}"#
        );
        let identify = identify(&token, 129, Shard { number: 0, of: 1 });
        for part in [r#""op":2"#, r#""token":"T""#, r#""intents":129"#, r#""shard":[0,1]"#] {
            assert!(identify.contains(part), "{identify}");
        }
    }

    #[test]
    fn envelopes_are_read_leniently() {
        let cases = [
            r"{}",
            r#"{"op":0,"s":null,"t":null,"d":null,"new":[1]}"#,
            r#"{"t":"A\u0042","op":11}"#,
        ];
        let ops: Vec<_> = cases
            .iter()
            .map(|text| serde_json::from_str::<Envelope<'_>>(text).unwrap().op)
            .collect();
        assert_eq!(ops, [None, Some(0), Some(11)]);
    }
}
