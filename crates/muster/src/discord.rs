//! Arriving at Discord: who we are there, where its gateway is, which commands it knows of us.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use muster_discord::commands::definitions;
use muster_discord::gateway::StartLimit;
use muster_discord::net::Network;
use muster_discord::rest::model::{ApplicationId, GatewayBot};
use muster_discord::rest::{Body, Rest, RestError, RestErrorKind};
use muster_discord::token::Token;
use muster_domain::id::UserId;
use muster_engine::ports::{Clock as _, Rng as _};
use muster_store::port::Registrations;
use muster_vitals::backoff::{Backoff, share_of};
use tracing::{info, warn};

use crate::env::SystemEnv;
use crate::exit::Exit;

/// How long to wait while Discord cannot be reached; up to the first wait is added at random.
const RETRY: Backoff = Backoff { first: Duration::from_secs(1), max: Duration::from_mins(1) };

/// What Discord knows of us.
pub(crate) struct Account {
    pub(crate) application: ApplicationId,
    /// Its flags.
    pub(crate) flags: u64,
    /// Who owns the application, or the team that does.
    pub(crate) owners: Vec<UserId>,
    pub(crate) gateway: GatewayBot,
}

/// How many sessions may be begun.
pub(crate) fn start_limit(gateway: &GatewayBot) -> StartLimit {
    let limit = gateway.session_start_limit;
    StartLimit {
        remaining: limit.remaining,
        reset_after: Duration::from_millis(limit.reset_after),
        max_concurrency: limit.max_concurrency,
    }
}

/// Asks again where the gateway is and how many shards there should be. An unreachable Discord is
/// waited for; `None` if it does not tell us any more.
pub(crate) async fn gateway(env: &SystemEnv, rest: &Rest<SystemEnv>) -> Option<GatewayBot> {
    let mut patience = Patience::default();
    loop {
        match rest.gateway_bot().await {
            Ok(gateway) => return Some(gateway),
            Err(error) if is_of_the_token(&error) => return None,
            Err(error) => patience.pause(env, &error).await,
        }
    }
}

fn is_of_the_token(error: &RestError) -> bool {
    error.kind == RestErrorKind::TokenRefused || error.status() == Some(401)
}

/// What an obstacle on the way is told with.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) api_url: &'a str,
    pub(crate) database: &'a Path,
}

/// A REST client for the Discord at this address.
pub(crate) fn client(
    env: &SystemEnv,
    network: &Network,
    api_url: &str,
    token: &Arc<Token>,
) -> Result<Rest<SystemEnv>, Exit> {
    let wrong = |instead: &str| Exit::variable("DISCORD_API_URL", api_url, instead);
    let base = api_url.parse().map_err(|_| wrong("it is no address"))?;
    Rest::new(env.clone(), network.clone(), &base, token).map_err(|error| wrong(&error.to_string()))
}

/// Finds out who we are and where to connect, and makes our commands known. An unreachable Discord
/// is said once and waited for.
pub(crate) async fn arrive(
    env: &SystemEnv,
    rest: &Rest<SystemEnv>,
    store: &impl Registrations,
    place: Place<'_>,
) -> Result<Account, Exit> {
    let mut patience = Patience::default();
    loop {
        match try_to_arrive(rest, store).await {
            Ok(account) => return Ok(account),
            Err(Obstacle::Store(error)) => return Err(Exit::of_store(error, place.database)),
            Err(Obstacle::Discord(error)) => patience.wait(env, place.api_url, &error).await?,
        }
    }
}

enum Obstacle {
    Discord(RestError),
    Store(muster_store::StoreError),
}

impl From<RestError> for Obstacle {
    fn from(error: RestError) -> Self {
        Self::Discord(error)
    }
}

impl From<muster_store::StoreError> for Obstacle {
    fn from(error: muster_store::StoreError) -> Self {
        Self::Store(error)
    }
}

async fn try_to_arrive(
    rest: &Rest<SystemEnv>,
    store: &impl Registrations,
) -> Result<Account, Obstacle> {
    let known = rest.current_application().await?;
    let (application, flags, owners) = (known.id, known.flags, known.owners());
    register_commands(rest, store, application).await?;
    Ok(Account { application, flags, owners, gateway: rest.gateway_bot().await? })
}

/// Makes our commands known, if Discord does not have just these already.
async fn register_commands(
    rest: &Rest<SystemEnv>,
    store: &impl Registrations,
    application: ApplicationId,
) -> Result<(), Obstacle> {
    let ours = definitions::definitions();
    let account = UserId::new(application.0);
    if let Some(registered) = store.registered_commands(account).await? {
        let theirs = rest.global_commands(application).await?;
        if registered == definitions::fingerprint_of_both(&ours, &theirs) {
            return Ok(());
        }
    }
    let theirs = rest.set_global_commands(application, Body::json(&ours)).await?;
    info!(commands = ours.len(), "commands registered");
    let fingerprint = definitions::fingerprint_of_both(&ours, &theirs);
    Ok(store.commands_registered(account, fingerprint).await?)
}

/// Waits longer each time, and says why only once.
#[derive(Default)]
struct Patience {
    tries: u32,
}

impl Patience {
    async fn wait(
        &mut self,
        env: &SystemEnv,
        api_url: &str,
        error: &RestError,
    ) -> Result<(), Exit> {
        if is_of_the_token(error) {
            return Err(Exit::TokenRefused);
        }
        // Other refusals may be those of a box in front of Discord, which pass.
        if let Some(status @ (404 | 405)) = error.status() {
            let instead =
                format!("what is there answers with status {status}, not as Discord does");
            return Err(Exit::variable("DISCORD_API_URL", api_url, &instead));
        }
        self.pause(env, error).await;
        Ok(())
    }

    async fn pause(&mut self, env: &SystemEnv, error: &RestError) {
        if self.tries == 0 {
            warn!(%error, "Discord cannot be reached; trying until it can");
        }
        let full = RETRY.full(self.tries);
        self.tries = self.tries.saturating_add(1);
        let wait = error.retry_after().unwrap_or_default().max(full);
        env.sleep(wait.saturating_add(share_of(RETRY.first, env.next_u64()))).await;
    }
}
