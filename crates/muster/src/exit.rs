//! Why the program ends: one sentence that says what to do, and a status of its own for each, so
//! that supervisors can tell a refused token from a full disk.

use std::borrow::Cow;
use std::path::Path;
use std::process::ExitCode;

use muster_discord::gateway::Refusal;
use muster_store::StoreError;
use thiserror::Error;

/// An end that is not the operator's wish. Status 2 is the command line's own.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Exit {
    /// A variable or flag has a value that it cannot have.
    #[error("{variable} is {given:?}: {instead}.")]
    Variable {
        /// Its name: the flag's if that was given.
        variable: Cow<'static, str>,
        /// What it is; never a secret.
        given: String,
        /// What it may be.
        instead: String,
    },
    /// The dashboard cannot be as it is configured.
    #[error("{0}.")]
    Dashboard(#[from] muster_web::ConfigError),
    /// There is no token, or not one that could be.
    #[error(
        "DISCORD_TOKEN {0}: copy the bot's token from the developer portal (Bot, Reset Token) \
         into the variable or into a file called .env."
    )]
    NoToken(&'static str),
    /// Discord does not know the token.
    #[error(
        "Discord refuses the token: make a new one in the developer portal (Bot, Reset Token) and \
         set DISCORD_TOKEN to it."
    )]
    TokenRefused,
    /// An intent is not switched on for this bot.
    #[error(
        "Discord does not let this bot list members: switch on the Server Members Intent in the \
         developer portal (Bot, Privileged Gateway Intents), or set MEMBER_LISTS to false."
    )]
    IntentRefused,
    /// Discord refuses the connection in another way that waiting does not mend.
    #[error("{0}: a newer version of Muster is needed.")]
    GatewayRefused(Refusal),
    /// The database cannot be used.
    #[error(
        "The database at {path} cannot be used: {error}. DATABASE_URL names its file, in a folder \
         that Muster may write to."
    )]
    Database {
        /// Where it is.
        path: String,
        /// What is wrong.
        error: StoreError,
    },
    /// The database's folder is not there. It is not made: a slip in its name, or a disk that is
    /// not mounted, would begin an empty database where nobody looks for it.
    #[error(
        "The folder {folder} for the database does not exist: make it, or name another file with \
         DATABASE_URL."
    )]
    NoFolder {
        /// Where it should be.
        folder: String,
    },
    /// A copy of the database cannot be made, is not good, or cannot be put back.
    #[error("{what}: {error}.")]
    Copy {
        /// What did not come about.
        what: String,
        /// Why.
        error: StoreError,
    },
    /// What was written may not be on the disk.
    #[error(
        "The disk failed while something was being saved: check it, then start Muster again; \
         nothing that was acknowledged is lost ({0})."
    )]
    SyncFailed(StoreError),
    /// The machine lacks something.
    #[error("{0}.")]
    Surroundings(String),
    /// The doctor found something that needs doing.
    #[error("{0}: the lines above say what and how.")]
    NeedsDoing(String),
}

impl Exit {
    /// A bad value, and what it may be.
    pub(crate) fn variable(variable: &'static str, given: &str, instead: &str) -> Self {
        Self::Variable {
            variable: variable.into(),
            given: given.to_owned(),
            instead: instead.to_owned(),
        }
    }

    /// What did not come about with a copy of the database, and why.
    pub(crate) const fn copy(what: String, error: StoreError) -> Self {
        Self::Copy { what, error }
    }

    /// The end that a fault of the database at `path` means.
    pub(crate) fn of_store(error: StoreError, path: &Path) -> Self {
        if matches!(error, StoreError::SyncFailed(_)) {
            return Self::SyncFailed(error);
        }
        if let Some(folder) = missing_folder(path) {
            return Self::NoFolder { folder: folder.display().to_string() };
        }
        Self::Database { path: path.display().to_string(), error }
    }

    /// The status that tells this end from others; in the table of the operator's guide.
    #[must_use]
    pub const fn status(&self) -> u8 {
        match self {
            Self::Variable { .. } | Self::Dashboard(_) | Self::NoToken(_) => 3,
            Self::TokenRefused => 4,
            Self::IntentRefused => 5,
            Self::GatewayRefused(_) => 6,
            Self::Database { .. } | Self::NoFolder { .. } | Self::Copy { .. } => 7,
            Self::SyncFailed(_) => 8,
            Self::Surroundings(_) => 9,
            Self::NeedsDoing(_) => 10,
        }
    }

    /// The end that a refusal of the gateway means.
    pub(crate) const fn from_gateway(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Token => Self::TokenRefused,
            Refusal::IntentsNotAllowed => Self::IntentRefused,
            Refusal::Shard | Refusal::ShardingRequired | Refusal::Version | Refusal::Intents => {
                Self::GatewayRefused(refusal)
            }
        }
    }
}

/// The folder of this file, if it is not there.
fn missing_folder(file: &Path) -> Option<&Path> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty())?;
    matches!(folder.try_exists(), Ok(false)).then_some(folder)
}

/// Says why the program ends.
pub(crate) fn end(exit: &Exit) -> ExitCode {
    #[expect(clippy::print_stderr, reason = "the last word goes to whoever started the program")]
    {
        eprintln!("muster: {exit}");
    }
    ExitCode::from(exit.status())
}
