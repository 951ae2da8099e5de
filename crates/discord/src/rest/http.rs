//! Speaks HTTP/1.1 to Discord over a few kept connections.

use std::sync::{Arc, Mutex, PoisonError};
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

use super::wire::{Access, Answer, Outgoing, Wire, WireError};
use crate::net::{Endpoint, EndpointError, Network};
use crate::token::Token;

/// Largest answer taken. A hundred messages with everything on them are about 1 MiB.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Connections kept for the next request; each costs some 50 kB, a new one a few round trips.
const IDLE_MAX: usize = 6;
/// How long an unused connection is kept; the other side gives up a little later.
const IDLE_LIMIT: Duration = Duration::from_secs(55);
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
    idle: Mutex<Vec<Idle>>,
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
            idle: Mutex::new(Vec::new()),
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
    ) -> Result<(Sender, Response<Incoming>), WireError> {
        while let Some(mut sender) = self.kept() {
            if sender.ready().await.is_err() {
                continue;
            }
            match sender.try_send_request(request).await {
                Ok(response) => return Ok((sender, response)),
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(WireError::Lost(error.into_error().to_string().into())),
                },
            }
        }
        let mut sender = self.connect().await?;
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

    fn kept(&self) -> Option<Sender> {
        let now = self.env.monotonic();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|kept| !kept.sender.is_closed() && now < kept.since + IDLE_LIMIT);
        idle.pop().map(|kept| kept.sender)
    }

    fn keep(&self, sender: Sender) {
        let since = self.env.monotonic();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|kept| !kept.sender.is_closed());
        if !sender.is_closed() && idle.len() < IDLE_MAX {
            idle.push(Idle { sender, since });
        }
    }
}

impl<E: Env> Wire for HttpWire<E> {
    async fn exchange(&self, outgoing: &Outgoing) -> Result<Answer, WireError> {
        let request = self.request(outgoing)?;
        let (sender, response) = Box::pin(self.send(request)).await?;
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
