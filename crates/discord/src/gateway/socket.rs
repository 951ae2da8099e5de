//! One open WebSocket: compressed messages in, text out.

use futures_util::{SinkExt, StreamExt};
use hyper::Uri;
use muster_engine::ports::{Clock, within};
use tokio_websockets::{ClientBuilder, CloseCode, Limits, Message, WebSocketStream};

use super::inflate::Inflater;
use super::limits::{GOODBYE_LIMIT, SEND_LIMIT, UPGRADE_LIMIT, WIRE_BYTES_MAX};
use crate::net::{ConnectError, Endpoint, EndpointError, Network, Stream};

/// Why no gateway connection came about.
#[derive(Debug, thiserror::Error)]
pub(super) enum DialError {
    #[error("the gateway address is not a URL")]
    Url,
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("the WebSocket handshake failed: {0}")]
    Upgrade(tokio_websockets::Error),
    #[error("the WebSocket handshake took too long")]
    UpgradeTimedOut,
}

/// What the peer did.
pub(super) enum Incoming<'a> {
    /// One whole gateway message.
    Text(&'a [u8]),
    /// The connection is over; a code if the peer said one.
    Closed(Option<u16>),
}

pub(super) struct Socket {
    stream: WebSocketStream<Stream>,
    inflater: Inflater,
    /// The last message that came without compression.
    plain: Option<Message>,
}

impl Socket {
    pub(super) async fn dial<C: Clock>(
        clock: &C,
        network: &Network,
        url: &str,
    ) -> Result<Self, DialError> {
        let uri: Uri = url.parse().map_err(|_| DialError::Url)?;
        let tcp = network.connect(clock, &Endpoint::of(&uri)?).await?;
        let limits = Limits::default().max_payload_len(Some(WIRE_BYTES_MAX));
        let builder = ClientBuilder::from_uri(uri).limits(limits);
        let (stream, _) = within(clock, UPGRADE_LIMIT, builder.connect_on(tcp))
            .await
            .ok_or(DialError::UpgradeTimedOut)?
            .map_err(DialError::Upgrade)?;
        Ok(Self { stream, inflater: Inflater::new(), plain: None })
    }

    /// Waits for the next whole message. May be dropped and called again without loss.
    pub(super) async fn next(&mut self) -> Incoming<'_> {
        self.plain = None;
        self.inflater.recycle_finished();
        loop {
            let message = match self.stream.next().await {
                Some(Ok(message)) => message,
                Some(Err(error)) => {
                    tracing::debug!(%error, "gateway connection broke");
                    return Incoming::Closed(None);
                }
                None => return Incoming::Closed(None),
            };
            if let Some((code, _)) = message.as_close() {
                return Incoming::Closed(spoken(code));
            }
            if message.is_text() {
                let kept = self.plain.insert(message);
                return Incoming::Text(kept.as_payload());
            }
            if !message.is_binary() {
                continue;
            }
            match self.inflater.push(message.as_payload()) {
                Ok(true) => return Incoming::Text(self.inflater.text()),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "gateway message cannot be inflated");
                    return Incoming::Closed(None);
                }
            }
        }
    }

    /// Sends one text; tells whether it left.
    pub(super) async fn send<C: Clock>(&mut self, clock: &C, text: String) -> bool {
        let sent = within(clock, SEND_LIMIT, self.stream.send(Message::text(text))).await;
        matches!(sent, Some(Ok(())))
    }

    /// Says goodbye with a code that keeps the session, and hangs up.
    pub(super) async fn leave<C: Clock>(mut self, clock: &C) {
        // 1000 and 1001 would end the session (Discord docs: gateway, "Disconnecting").
        let goodbye = Message::close(CloseCode::try_from(4000).ok(), "");
        if within(clock, GOODBYE_LIMIT, self.stream.send(goodbye)).await.is_none() {
            tracing::debug!("the gateway did not take our goodbye");
        }
    }
}

/// 1005 and 1006 stand for "no code"; they are never said on the wire.
fn spoken(code: CloseCode) -> Option<u16> {
    Some(u16::from(code)).filter(|code| !matches!(code, 1005 | 1006))
}
