//! Speaks HTTP/1.1 to Discord over a few kept connections.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use muster_engine::ports::Env;
use zeroize::Zeroizing;

use super::wire::{Access, Answer, Departure, Outgoing, Wire, WireError};
use crate::governor::limits::CALLBACKS_IN_FLIGHT_MAX;
use crate::net::{Endpoint, EndpointError, Network};
use crate::token::Token;

/// Largest answer taken. A hundred messages with everything on them are about 1 MiB.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Connections kept for the next requests; each costs some 50 kB, a new one a few round trips and
/// a handshake. As many as answers can be on their way at once: if fewer were kept, a heavy load
/// would make and throw away connections until the system has no ports left for them.
const IDLE_MAX: usize = CALLBACKS_IN_FLIGHT_MAX;
/// How long an unused connection is kept. The newest is used first, so that of many only those
/// stay that the load of the last half minute needed.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
/// Room for the answer's headers; Discord's are about 2 kB.
const HEADER_BYTES_MAX: usize = 64 * 1024;
/// How Discord wants to be told who asks (Discord docs: reference, "User Agent").
const AGENT: &str = concat!("DiscordBot (muster, ", env!("CARGO_PKG_VERSION"), ")");
/// Where the interface lies below the configured address.
const PREFIX: &str = "/api/v10";

type Sender = SendRequest<Full<Bytes>>;

struct Idle {
    sender: Sender,
    /// On the monotonic clock.
    since: Duration,
}

/// Connections to one Discord.
pub struct HttpWire<E> {
    env: E,
    network: Network,
    endpoint: Endpoint,
    host: HeaderValue,
    authorization: HeaderValue,
    prefix: String,
    idle: Arc<Pool>,
}

/// Connections that wait for their next request, the newest last.
#[derive(Default)]
struct Pool {
    kept: Mutex<Vec<Idle>>,
    /// Somebody sees to it that they do not stay for ever.
    swept: AtomicBool,
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, now: Duration) -> Option<Sender> {
        let mut kept = self.lock();
        kept.retain(|idle| idle.is_of_use(now));
        kept.pop().map(|idle| idle.sender)
    }

    /// Tells whether somebody has to sweep from now on.
    fn put(&self, now: Duration, sender: Sender) -> bool {
        if sender.is_closed() {
            return false;
        }
        let mut kept = self.lock();
        if kept.len() < IDLE_MAX {
            kept.push(Idle { sender, since: now });
        }
        !self.swept.swap(true, Ordering::Relaxed)
    }

    /// Lets go what is no longer of use; tells whether anything is left.
    fn sweep(&self, now: Duration) -> bool {
        let mut kept = self.lock();
        kept.retain(|idle| idle.is_of_use(now));
        kept.shrink_to_fit();
        self.swept.store(!kept.is_empty(), Ordering::Relaxed);
        !kept.is_empty()
    }
}

impl Idle {
    fn is_of_use(&self, now: Duration) -> bool {
        !self.sender.is_closed() && now < self.since + IDLE_LIMIT
    }
}

/// Closes connections that nobody has used for a while; ends with the last of them.
async fn sweep<E: Env>(env: E, pool: Weak<Pool>) {
    loop {
        env.sleep(IDLE_LIMIT).await;
        match pool.upgrade() {
            Some(pool) if pool.sweep(env.monotonic()) => {}
            Some(_) | None => return,
        }
    }
}

impl<E: Env> HttpWire<E> {
    /// `base` is the address without `/api/v10`, such as `https://discord.com`.
    pub fn new(
        env: E,
        network: Network,
        base: &Uri,
        token: &Arc<Token>,
    ) -> Result<Self, EndpointError> {
        let endpoint = Endpoint::of(base)?;
        let host = base.authority().ok_or(EndpointError::Incomplete)?.as_str();
        let bad_host = |_| EndpointError::Host(host.to_owned());
        let secret = Zeroizing::new(format!("Bot {}", token.expose()));
        // A token is printable ASCII by construction, so it always fits a header.
        let mut authorization =
            HeaderValue::from_str(&secret).map_err(|_| EndpointError::Incomplete)?;
        authorization.set_sensitive(true);
        Ok(Self {
            env,
            network,
            endpoint,
            host: HeaderValue::from_str(host).map_err(bad_host)?,
            authorization,
            prefix: format!("{}{PREFIX}", base.path().trim_end_matches('/')),
            idle: Arc::default(),
        })
    }

    fn request(&self, outgoing: &Outgoing) -> Result<Request<Full<Bytes>>, WireError> {
        let mut builder = Request::builder()
            .method(outgoing.method.clone())
            .uri(format!("{}{}", self.prefix, outgoing.path))
            .header(HOST, &self.host)
            .header(USER_AGENT, AGENT);
        if outgoing.access == Access::Bot {
            builder = builder.header(AUTHORIZATION, &self.authorization);
        }
        if let Some((kind, _)) = &outgoing.body {
            builder = builder.header(CONTENT_TYPE, kind);
        }
        let content = outgoing.body.as_ref().map(|(_, bytes)| bytes.clone()).unwrap_or_default();
        builder
            .body(Full::new(content))
            .map_err(|error| WireError::NotSent(error.to_string().into()))
    }

    /// Sends over a kept connection if there is one; if that turns out to be closed before the
    /// request left, over another.
    async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
        departure: &Departure,
    ) -> Result<(Sender, Response<Incoming>), WireError> {
        while let Some(mut sender) = self.idle.take(self.env.monotonic()) {
            if sender.ready().await.is_err() {
                continue;
            }
            departure.begins();
            match sender.try_send_request(request).await {
                Ok(response) => return Ok((sender, response)),
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(WireError::Lost(error.into_error().to_string().into())),
                },
            }
        }
        let mut sender = self.connect().await?;
        departure.begins();
        match sender.try_send_request(request).await {
            Ok(response) => Ok((sender, response)),
            Err(mut error) => {
                let unsent = error.take_message().is_some();
                let text = error.into_error().to_string().into();
                Err(if unsent { WireError::NotSent(text) } else { WireError::Lost(text) })
            }
        }
    }

    async fn connect(&self) -> Result<Sender, WireError> {
        let stream = self
            .network
            .connect(&self.env, &self.endpoint)
            .await
            .map_err(|error| WireError::NotSent(error.to_string().into()))?;
        let (sender, connection) = http1::Builder::new()
            .max_buf_size(HEADER_BYTES_MAX)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| WireError::NotSent(error.to_string().into()))?;
        self.env.spawn("rest connection", async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection to Discord ended");
            }
        });
        Ok(sender)
    }

    fn keep(&self, sender: Sender) {
        if self.idle.put(self.env.monotonic(), sender) {
            let sweeping = sweep(self.env.clone(), Arc::downgrade(&self.idle));
            self.env.spawn("idle connections", sweeping);
        }
    }
}

impl<E: Env> Wire for HttpWire<E> {
    async fn exchange(
        &self,
        outgoing: &Outgoing,
        departure: &Departure,
    ) -> Result<Answer, WireError> {
        let request = self.request(outgoing)?;
        let (sender, response) = Box::pin(self.send(request, departure)).await?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                WireError::TooLarge
            } else {
                WireError::Lost(error.to_string().into())
            }
        })?;
        self.keep(sender);
        let (status, headers) = (head.status.as_u16(), head.headers);
        Ok(Answer { status, headers, body: body.to_bytes() })
    }
}
