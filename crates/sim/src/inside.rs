//! The simulator without a socket, so that a whole test can live in one thread on a virtual clock.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::HOST;
use axum::http::{HeaderValue, Request, Response};
use bytes::Bytes;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::clock::SimClock;
use crate::faults::Faults;
use crate::gateway::{Link, LinkError};
use crate::ids::{AppId, UserId};
use crate::ledger::{Counts, Exchanges};
use crate::shared::Shared;
use crate::users::User;
use crate::world::World;
use crate::{SimConfig, page_api, rest};

/// The connection broke before the whole answer was there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the connection broke: {0}")]
pub struct Broken(String);

/// The simulated Discord in the caller's own process, with no listener and no task of its own.
///
/// With [`SimClock::following`] on a paused runtime everything in it is virtual: the same seed and
/// the same calls give the same ids, tokens and frames.
pub struct Inside {
    pub(crate) shared: Arc<Shared>,
    router: Router,
}

impl Inside {
    /// A simulator around `world`. `config.listen` plays no part.
    #[must_use]
    pub fn new(world: World, config: SimConfig) -> Self {
        Self::at(world, config, "http://localhost".to_owned())
    }

    pub(crate) fn at(world: World, config: SimConfig, url: String) -> Self {
        let shared = Arc::new(Shared::new(world, config, url));
        let router = Router::new()
            .nest("/api/v10", rest::router(Arc::clone(&shared)))
            .merge(page_api::router())
            .with_state(Arc::clone(&shared));
        Self { shared, router }
    }

    /// Everything that is served over HTTP.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Answers one HTTP request; its path begins with `/api/v10`. Dropping the future is what a
    /// dropped connection is to a server.
    pub async fn request(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Broken> {
        let mut request = request.map(Body::from);
        let host = HeaderValue::from_static("localhost");
        request.headers_mut().entry(HOST).or_insert(host);
        let answer = match self.router().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| Broken(error.to_string()))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }

    /// Begins a gateway session without a socket. `shard` is its number and the count of shards.
    pub fn connect(&self, token: &str, intents: u64, shard: (u64, u64)) -> Result<Link, LinkError> {
        Link::identify(&self.shared, token, intents, shard)
    }

    /// Takes a session up again after the event numbered `seq`.
    pub fn resume(&self, token: &str, session: &str, seq: u64) -> Result<Link, LinkError> {
        Link::resume(&self.shared, token, session, seq)
    }

    /// Its address as a bot's `DISCORD_API_URL`, for example `http://127.0.0.1:4000`.
    #[must_use]
    pub fn url(&self) -> String {
        self.shared.url.clone()
    }

    /// Simulated time.
    #[must_use]
    pub fn clock(&self) -> &SimClock {
        &self.shared.clock
    }

    /// A person at a client.
    #[must_use]
    pub fn user(&self, id: UserId) -> User {
        User { shared: Arc::clone(&self.shared), id }
    }

    /// Looks into the world, or changes it; whoever has to know is told.
    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        self.shared.with(look)
    }

    /// Waits until `look` finds something, looking anew after every change, for `limit` of the
    /// runtime's time at most.
    pub async fn until<T>(&self, limit: Duration, look: impl Fn(&World) -> Option<T>) -> Option<T> {
        let mut changes = self.shared.changes();
        let found = async {
            loop {
                if let Some(found) = self.shared.with(|world| look(world)) {
                    return Some(found);
                }
                changes.changed().await.ok()?;
            }
        };
        tokio::time::timeout(limit, found).await.ok().flatten()
    }

    /// Whether a bot of this application is connected to the gateway.
    #[must_use]
    pub fn is_online(&self, app: AppId) -> bool {
        self.shared.gateway.is_online(app)
    }

    /// Makes bad days.
    #[must_use]
    pub fn faults(&self) -> Faults {
        Faults { shared: Arc::clone(&self.shared) }
    }

    /// What the bot has done so far, in numbers.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.ledger.counts()
    }

    /// The newest exchanges with the API, as many as `SimConfig::exchanges_kept` says.
    #[must_use]
    pub fn exchanges(&self) -> Exchanges {
        self.shared.ledger.exchanges()
    }
}
