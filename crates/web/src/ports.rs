//! What this crate needs from outside: the bot that it shows, time, randomness, tasks, and Discord
//! for signing in.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use muster_vitals::watched::{Soon, Watched};
use thiserror::Error;

use crate::given_up::GivenUp;
use crate::secret::Secret;

/// Time, randomness and tasks.
pub trait World: Send + Sync + 'static {
    /// The wall clock.
    fn now(&self) -> Timestamp;

    /// Time since an arbitrary start; never goes back.
    fn monotonic(&self) -> Duration;

    /// Waits on the monotonic clock.
    fn sleep(&self, duration: Duration) -> Soon<'static, ()>;

    /// Fills `bytes` with what nobody can guess. Sessions rest on it, so there is no substitute
    /// if the system has none.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;

    /// Runs `work` beside the caller. `name` appears in logs when it fails.
    fn spawn(&self, name: &'static str, work: Soon<'static, ()>);
}

/// The system has no random numbers at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

/// Discord, as far as signing in needs it.
pub trait DiscordSignIn: Send + Sync + 'static {
    /// The number of the bot's application; `None` until it is known.
    fn client_id(&self) -> Option<u64>;

    /// Where people agree, without a query, as in `https://discord.com/oauth2/authorize`.
    fn authorize_url(&self) -> String;

    /// Exchanges the code that Discord sent with a browser for a token, asks with it who that is,
    /// and forgets the token.
    fn who(&self, exchange: CodeExchange) -> Soon<'_, Result<u64, ExchangeFailed>>;

    /// Whether this user operates the bot; asked at every request.
    fn is_operator(&self, user: u64) -> bool;
}

/// What Discord wants for a code.
#[derive(Clone, Debug)]
pub struct CodeExchange {
    /// The number of the bot's application.
    pub client_id: u64,
    /// Its secret.
    pub client_secret: Secret,
    /// What the browser brought; anybody can have written it.
    pub code: Secret,
    /// Where Discord sent the browser, as it was told at first.
    pub redirect_uri: String,
}

/// Discord did not say who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ExchangeFailed {
    /// It refused the code, or our secret.
    #[error("Discord refused the sign-in")]
    Refused,
    /// It cannot be reached.
    #[error("Discord cannot be reached at the moment")]
    Unreachable,
}

/// Somebody tried to sign in and could not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInFailed {
    /// When.
    pub at: Timestamp,
    /// From where, as far as a trusted proxy says.
    pub address: IpAddr,
    /// Which Discord user it was, if it was one who may not.
    pub user: Option<u64>,
}

/// All of it together.
#[derive(Clone)]
pub struct Ports {
    /// The bot.
    pub watched: Arc<dyn Watched>,
    /// What the bot has given up.
    pub given_up: Arc<dyn GivenUp>,
    /// Time, randomness and tasks.
    pub world: Arc<dyn World>,
    /// Discord; without it nobody signs in with it, whatever the configuration says.
    pub discord: Option<Arc<dyn DiscordSignIn>>,
    /// Is told of every failed attempt to sign in.
    pub on_failure: Arc<dyn Fn(SignInFailed) + Send + Sync>,
}

/// As many random hexadecimal digits as 256 bits have.
pub(crate) fn token(world: &dyn World) -> Result<String, NoRandomness> {
    let mut bytes = [0; 32];
    world.fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// A number for a request: it has to differ, not to be secret.
pub(crate) fn request_id(world: &dyn World) -> String {
    let mut bytes = [0; 8];
    match world.fill(&mut bytes) {
        Ok(()) => hex(&bytes),
        Err(NoRandomness) => world.monotonic().as_nanos().to_string(),
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    text
}
