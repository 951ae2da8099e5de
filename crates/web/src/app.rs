//! What all requests share, and which of them leads where.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use jiff::Timestamp;
use muster_vitals::snapshot::Snapshot;
use muster_vitals::watched::CleanUp;

use crate::allowance::Attempts;
use crate::config::Config;
use crate::limits::{BODY_BYTES_MAX, LOOK_LIMIT, READY_KEPT};
use crate::live::Live;
use crate::ports::{NoRandomness, Ports, SignInFailed, World, token};
use crate::problem::Problem;
use crate::sessions::{Sessions, States};
use crate::{acts, assets, discord, given_up, guard, live, page, probes, sign_in};

/// What all requests share.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) ports: Ports,
    pub(crate) live: Live,
    /// What forms have to bring where nobody signs in: known to whoever may read the page.
    pub(crate) local_form_token: String,
    sessions: Mutex<Sessions>,
    attempts: Mutex<Attempts>,
    states: Mutex<States>,
    cleaned_up: Mutex<Option<(Timestamp, CleanUp)>>,
    /// When it was last seen whether the bot is ready, and why not.
    readiness: Mutex<Option<(Duration, Option<String>)>>,
}

impl App {
    pub(crate) fn new(config: Config, ports: Ports) -> Result<Arc<Self>, NoRandomness> {
        Ok(Arc::new(Self {
            local_form_token: token(&*ports.world)?,
            config,
            ports,
            live: Live::default(),
            sessions: Mutex::default(),
            attempts: Mutex::default(),
            states: Mutex::default(),
            cleaned_up: Mutex::default(),
            readiness: Mutex::default(),
        }))
    }

    pub(crate) fn world(&self) -> &dyn World {
        &*self.ports.world
    }

    pub(crate) fn now(&self) -> Duration {
        self.ports.world.monotonic()
    }

    pub(crate) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn attempts(&self) -> MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn states(&self) -> MutexGuard<'_, States> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the last clean-up that was asked for here did, and when.
    pub(crate) fn cleaned_up(&self) -> MutexGuard<'_, Option<(Timestamp, CleanUp)>> {
        self.cleaned_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the bot is not ready, as of a moment ago at most; `None` if it is.
    pub(crate) async fn unready(&self) -> Option<String> {
        let known = self.readiness.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, why)) = known
            && self.now().saturating_sub(at) < READY_KEPT
        {
            return why;
        }
        let why = match self.look().await {
            Ok(snapshot) => page::verdict::unready(&snapshot),
            Err(_) => Some("the bot does not say how it is".to_owned()),
        };
        let seen = Some((self.now(), why.clone()));
        *self.readiness.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        why
    }

    /// Looks at the bot.
    pub(crate) async fn look(&self) -> Result<Snapshot, Problem> {
        let look = within(self.world(), LOOK_LIMIT, self.ports.watched.snapshot()).await;
        look.ok_or_else(|| {
            tracing::warn!("the bot did not say how it is");
            let words = "The bot does not say how it is at the moment. Try again in a while.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, words)
        })
    }

    /// Tells the log and the bot that somebody could not sign in.
    pub(crate) fn failed(&self, address: IpAddr, user: Option<u64>) {
        tracing::warn!(%address, user, "a sign-in at the dashboard failed");
        (self.ports.on_failure)(SignInFailed { at: self.ports.world.now(), address, user });
    }
}

/// Waits for `work`, at most so long.
pub(crate) async fn within<T>(
    world: &dyn World,
    limit: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = world.sleep(limit) => None,
    }
}

/// All pages, for a server or a test. Each request has to carry the [`Peer`](crate::Peer) that it
/// comes from.
pub fn router(config: Config, ports: Ports) -> Result<Router, NoRandomness> {
    App::new(config, ports).map(routes)
}

pub(crate) fn routes(app: Arc<App>) -> Router {
    let signed_in = Router::new()
        .route("/", get(page::dashboard))
        .route("/live", get(live::stream))
        .route("/clean-up", post(acts::clean_up))
        .route("/lift", post(acts::lift))
        .route("/given-up", get(given_up::list))
        .route("/try-again", post(given_up::try_again))
        .route("/sign-out", post(sign_in::out))
        .route("/sign-out-everywhere", post(sign_in::out_everywhere))
        .route_layer(from_fn_with_state(Arc::clone(&app), guard::admit));
    let anybody = Router::new()
        .route("/healthz", get(probes::healthz))
        .route("/readyz", get(probes::readyz))
        .route("/metrics", get(probes::metrics))
        .route("/sign-in", get(sign_in::page).post(sign_in::by_token))
        .route("/sign-in/discord", get(discord::begin))
        .route("/sign-in/discord/callback", get(discord::finish))
        .route("/assets/{file}", get(assets::asset));
    signed_in
        .merge(anybody)
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::wrong_method())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&app), guard::pass))
        .with_state(app)
}
