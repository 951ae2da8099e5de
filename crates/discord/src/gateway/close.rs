//! What a close code means for the next connection (Discord docs: gateway close event codes).

/// A reason to end the program: only the operator can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Close 4004: the token is wrong or was reset.
    #[error("Discord refused the bot token (close 4004)")]
    Token,
    /// Close 4010: the shard number does not fit the shard count.
    #[error("Discord refused the shard number (close 4010)")]
    Shard,
    /// Close 4011: too many guilds for this number of shards.
    #[error("Discord asks for more shards (close 4011)")]
    ShardingRequired,
    /// Close 4012: the gateway version is gone.
    #[error("Discord no longer speaks this gateway version (close 4012)")]
    Version,
    /// Close 4013: the intents are no valid set.
    #[error("Discord refused the intents as invalid (close 4013)")]
    Intents,
    /// Close 4014: a privileged intent is not switched on in the developer portal.
    #[error("an intent is not switched on in Discord's developer portal (close 4014)")]
    IntentsNotAllowed,
}

/// What to do after a connection has been closed by the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aftermath {
    /// Dial and take the session up where it was.
    Resume,
    /// The same after a pause: we have sent too fast.
    ResumeSlowly,
    /// Dial and begin a new session.
    Identify,
    /// Give up.
    Stop(Refusal),
}

/// Looks `code` up; no code means that the connection just broke.
pub(super) fn aftermath(code: Option<u16>) -> Aftermath {
    match code {
        Some(4004) => Aftermath::Stop(Refusal::Token),
        Some(4010) => Aftermath::Stop(Refusal::Shard),
        Some(4011) => Aftermath::Stop(Refusal::ShardingRequired),
        Some(4012) => Aftermath::Stop(Refusal::Version),
        Some(4013) => Aftermath::Stop(Refusal::Intents),
        Some(4014) => Aftermath::Stop(Refusal::IntentsNotAllowed),
        Some(4003 | 4007 | 4009) => Aftermath::Identify,
        Some(4008) => Aftermath::ResumeSlowly,
        Some(_) | None => Aftermath::Resume,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_code_has_its_answer() {
        let table = [
            (None, Aftermath::Resume),
            (Some(1000), Aftermath::Resume),
            (Some(1001), Aftermath::Resume),
            (Some(4000), Aftermath::Resume),
            (Some(4001), Aftermath::Resume),
            (Some(4002), Aftermath::Resume),
            (Some(4003), Aftermath::Identify),
            (Some(4004), Aftermath::Stop(Refusal::Token)),
            (Some(4005), Aftermath::Resume),
            (Some(4007), Aftermath::Identify),
            (Some(4008), Aftermath::ResumeSlowly),
            (Some(4009), Aftermath::Identify),
            (Some(4010), Aftermath::Stop(Refusal::Shard)),
            (Some(4011), Aftermath::Stop(Refusal::ShardingRequired)),
            (Some(4012), Aftermath::Stop(Refusal::Version)),
            (Some(4013), Aftermath::Stop(Refusal::Intents)),
            (Some(4014), Aftermath::Stop(Refusal::IntentsNotAllowed)),
            (Some(4999), Aftermath::Resume),
        ];
        for (code, expected) in table {
            assert_eq!(aftermath(code), expected, "{code:?}");
        }
    }
}
