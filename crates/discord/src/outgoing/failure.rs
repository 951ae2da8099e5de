//! What a failed request means for the engine.

use std::time::Duration;

use muster_engine::discord::DiscordError;

use crate::rest::{RestError, RestErrorKind};

/// What a failed request means for the engine.
pub(super) fn said(error: &RestError) -> DiscordError {
    if error.may_have_happened {
        return DiscordError::Unclear(error.to_string());
    }
    match (&error.kind, error.code()) {
        (_, 10_008) => DiscordError::MessageGone,
        (_, 10_003) => DiscordError::ChannelGone,
        // Too many direct messages to too many people: it is not this one that is refused.
        (_, 40_003) => DiscordError::Later(Duration::from_mins(1)),
        (_, 50_001 | 50_013 | 50_007 | 50_278) | (RestErrorKind::Status { status: 403, .. }, _) => {
            DiscordError::Forbidden
        }
        (
            RestErrorKind::RateLimited { retry_after }
            | RestErrorKind::CircuitOpen { retry_after }
            | RestErrorKind::TooManyInvalid { retry_after },
            _,
        ) => DiscordError::Later(*retry_after),
        // A token can be renewed: the program ends now, and goes on with the new one.
        (
            RestErrorKind::Busy
            | RestErrorKind::TimedOut
            | RestErrorKind::Unreachable(_)
            | RestErrorKind::TokenRefused
            | RestErrorKind::Status { status: 401, .. },
            _,
        ) => DiscordError::Later(Duration::from_secs(5)),
        // A box before Discord says nothing about the message, nor does a lack of time.
        (RestErrorKind::NotDiscord { .. } | RestErrorKind::Status { status: 408, .. }, _) => {
            DiscordError::Later(Duration::from_mins(1))
        }
        (RestErrorKind::CalledOff, _) => DiscordError::Later(Duration::ZERO),
        (RestErrorKind::Status { status: 500.., .. }, _) => {
            DiscordError::Unclear(error.to_string())
        }
        _ => DiscordError::Refused(error.to_string()),
    }
}
