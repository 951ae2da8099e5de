//! The bot's token, kept in a type that cannot slip into a log.

use std::fmt;

use zeroize::Zeroizing;

/// Longest token taken. Discord's are about 72 characters today.
const LENGTH_BYTES_MAX: usize = 512;

/// A bot token. Wiped from memory on drop; has no `Display` and a `Debug` without content.
pub struct Token(Zeroizing<String>);

/// The text cannot be a bot token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing but blanks.
    #[error("the bot token is empty")]
    Empty,
    /// Longer than 512 bytes.
    #[error("the bot token is too long")]
    TooLong,
    /// Holds a blank, a control character or a character outside ASCII.
    #[error("the bot token holds characters that no token has")]
    Malformed,
}

impl Token {
    /// Takes a token as people paste it: blanks around it and a leading `Bot ` are dropped.
    pub fn parse(raw: &str) -> Result<Self, TokenError> {
        let trimmed = raw.trim();
        let bare = trimmed.strip_prefix("Bot ").unwrap_or(trimmed).trim_start();
        if bare.is_empty() {
            return Err(TokenError::Empty);
        }
        if bare.len() > LENGTH_BYTES_MAX {
            return Err(TokenError::TooLong);
        }
        if !bare.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Malformed);
        }
        Ok(Self(Zeroizing::new(bare.to_owned())))
    }

    /// The secret itself, for the wire only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_people_paste() {
        for raw in ["abc.def", "  abc.def\n", "Bot abc.def", " Bot  abc.def "] {
            assert_eq!(Token::parse(raw).map(|t| t.expose().to_owned()), Ok("abc.def".to_owned()));
        }
    }

    #[test]
    fn refuses_what_cannot_be_a_token() {
        let long = "x".repeat(513);
        let cases = [
            ("", TokenError::Empty),
            ("a b", TokenError::Malformed),
            ("tökén", TokenError::Malformed),
            (&long, TokenError::TooLong),
        ];
        for (raw, expected) in cases {
            assert_eq!(Token::parse(raw).err(), Some(expected), "{raw}");
        }
    }

    #[test]
    fn never_prints_itself() {
        let token = Token::parse("very-secret").unwrap();
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
