//! One WebSocket connection of a bot, from hello to the last close code.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::encode::Encoding;
use super::entry::{self, Denied, Identify};
use super::outbox::{Out, Outbox};
use super::{Ending, Greeting};
use crate::ids::AppId;
use crate::json;
use crate::shared::Shared;

/// The largest payload that a bot may send (Discord docs: gateway, sending events).
const MAX_PAYLOAD: usize = 4_096;
/// The most payloads that a connection may send in [`RATE_WINDOW`].
const MAX_SENDS: u32 = 120;
const RATE_WINDOW: Duration = Duration::from_mins(1);
/// A moment that does not come while the simulator runs.
const FAR: Duration = Duration::from_hours(24 * 365);

const ACK: &str = r#"{"op":11,"d":null,"s":null,"t":null}"#;

/// What a bot says when it dials.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    v: Option<String>,
    encoding: Option<String>,
    compress: Option<String>,
}

/// Opens a gateway connection.
pub(crate) fn open(shared: Arc<Shared>, wanted: Wanted, upgrade: WebSocketUpgrade) -> Response {
    shared.ledger.note(|counts| counts.dials += 1);
    if shared.gateway.is_refusing() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let upgrade = upgrade.max_message_size(1 << 20).max_frame_size(1 << 20);
    upgrade.on_upgrade(move |socket| Connection::open(shared, socket, wanted))
}

/// How a connection comes to its end.
enum End {
    /// We close with a code.
    Close(u16),
    /// The bot closed, with its code if it gave one.
    Left(Option<u16>),
    /// We cut it.
    Cut,
}

struct Connection {
    shared: Arc<Shared>,
    socket: WebSocket,
    encoding: Encoding,
    id: u64,
    app: Option<AppId>,
    sends: (Instant, u32),
    /// When the next heartbeat has to have come.
    deadline: Instant,
}

impl Connection {
    async fn open(shared: Arc<Shared>, socket: WebSocket, wanted: Wanted) {
        let (id, outbox) = shared.gateway.connect();
        let (refused, encoding) = read_query(&wanted);
        let now = Instant::now();
        let mut connection =
            Self { shared, socket, encoding, id, app: None, sends: (now, 0), deadline: now };
        let end = match refused {
            Some(code) => End::Close(code),
            None => connection.serve(outbox).await,
        };
        connection.close(end).await;
    }

    async fn serve(&mut self, mut outbox: Outbox) -> End {
        self.expect_heartbeat();
        if let Err(end) = self.greet().await {
            return end;
        }
        let mut mood = outbox.watch();
        loop {
            let now = *mood.borrow_and_update();
            let deadline = if now.deaf { self.deadline + FAR } else { self.deadline };
            let stepped = tokio::select! {
                biased;
                () = Outbox::mood_changed(&mut mood) => Ok(()),
                out = outbox.next() => self.put(out).await,
                got = self.socket.recv(), if !now.deaf => {
                    let acks = !now.no_acks && !now.silent;
                    self.take(got, acks).await
                }
                () = tokio::time::sleep_until(deadline) => Err(End::Close(4009)),
            };
            if let Err(end) = stepped {
                return end;
            }
        }
    }

    async fn greet(&mut self) -> Result<(), End> {
        let greeting = self.shared.gateway.greeting();
        if greeting == Some(Greeting::Silence) {
            self.deadline += FAR;
            return Ok(());
        }
        let interval = self.shared.config.heartbeat_interval.as_millis();
        let interval = u64::try_from(interval).unwrap_or(u64::MAX);
        let hello = json!({"op": 10, "s": null, "t": null,
            "d": {"heartbeat_interval": interval, "_trace": ["sim"]}});
        self.send(&hello.to_string()).await?;
        match greeting {
            None | Some(Greeting::Silence) => Ok(()),
            Some(Greeting::Close(code)) => Err(End::Close(code)),
            Some(Greeting::Cut) => Err(End::Cut),
        }
    }

    fn expect_heartbeat(&mut self) {
        let interval = self.shared.config.heartbeat_interval;
        let grace = interval.saturating_mul(2).max(Duration::from_millis(500));
        self.deadline = Instant::now() + grace.min(FAR);
    }

    async fn put(&mut self, out: Out) -> Result<(), End> {
        match out {
            Out::Frame(frame) => self.send(&frame).await,
            Out::Close(code) => Err(End::Close(code)),
            Out::Drop => Err(End::Cut),
        }
    }

    async fn take(&mut self, got: Got, acks: bool) -> Result<(), End> {
        match got {
            Some(Ok(Message::Text(text))) => {
                self.count_send()?;
                if text.len() > MAX_PAYLOAD {
                    return Err(End::Close(4002));
                }
                self.take_payload(text.as_str(), acks).await
            }
            Some(Ok(Message::Binary(_))) => Err(End::Close(4002)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Close(frame))) => Err(End::Left(frame.map(|frame| frame.code))),
            Some(Err(_)) | None => Err(End::Left(None)),
        }
    }

    async fn take_payload(&mut self, text: &str, acks: bool) -> Result<(), End> {
        let payload: Value = serde_json::from_str(text).map_err(|_| End::Close(4002))?;
        let data = json::at(&payload, "d");
        match json::at(&payload, "op").as_u64() {
            Some(1) => {
                self.shared.ledger.note(|counts| counts.heartbeats += 1);
                self.expect_heartbeat();
                if acks { self.send(ACK).await } else { Ok(()) }
            }
            Some(2 | 6) if self.app.is_some() => Err(End::Close(4005)),
            Some(2) => {
                if json::at(data, "compress").as_bool() == Some(true) {
                    self.encoding.pack_large();
                }
                let entered = entry::identify(&self.shared, self.id, &Identify::read(data));
                self.entered(entered).await
            }
            Some(6) => {
                let entered = entry::resume(&self.shared, self.id, data);
                self.entered(entered).await
            }
            Some(3 | 4 | 8 | 31 | 43) if self.app.is_none() => Err(End::Close(4003)),
            Some(8) => {
                let gateway = &self.shared.gateway;
                self.shared.with(|world| gateway.request_members(world, self.id, data));
                Ok(())
            }
            Some(3 | 4 | 31 | 43) => Ok(()),
            Some(_) => Err(End::Close(4001)),
            None => Err(End::Close(4002)),
        }
    }

    async fn entered(&mut self, entered: Result<AppId, Denied>) -> Result<(), End> {
        match entered {
            Ok(app) => {
                self.app = Some(app);
                Ok(())
            }
            Err(Denied::Close(code)) => Err(End::Close(code)),
            Err(Denied::Cut) => Err(End::Cut),
            Err(Denied::Silence) => Ok(()),
            Err(Denied::Invalid { resumable }) => {
                self.send(&entry::invalid_session(resumable)).await
            }
        }
    }

    fn count_send(&mut self) -> Result<(), End> {
        let (since, count) = &mut self.sends;
        if since.elapsed() > RATE_WINDOW {
            (*since, *count) = (Instant::now(), 0);
        }
        *count += 1;
        if *count > MAX_SENDS { Err(End::Close(4008)) } else { Ok(()) }
    }

    async fn send(&mut self, frame: &str) -> Result<(), End> {
        let message = self.encoding.encode(frame).ok_or(End::Cut)?;
        self.socket.send(message).await.map_err(|_| End::Left(None))
    }

    async fn close(mut self, end: End) {
        let ending = match end {
            End::Close(code) => Ending::closed_by_us(code),
            End::Left(code) => Ending::closed_by_bot(code),
            End::Cut => Ending::SessionStays,
        };
        if let Some(app) = self.shared.gateway.disconnect(self.id, ending) {
            self.shared.presence_changed(app);
        }
        if let End::Close(code) = end {
            let reason = ws::Utf8Bytes::from_static(reason(code));
            let frame = Message::Close(Some(CloseFrame { code, reason }));
            if self.socket.send(frame).await.is_ok() {
                self.await_close().await;
            }
        }
    }

    /// Gives the bot a moment to answer our close, so that it reads the code before the end.
    async fn await_close(&mut self) {
        let until = Instant::now() + Duration::from_secs(1);
        while let Ok(Some(Ok(_))) = tokio::time::timeout_at(until, self.socket.recv()).await {}
    }
}

/// What a read of the socket yields.
type Got = Option<Result<Message, axum::Error>>;

/// The code that the query is refused with, and how frames are sent until then.
fn read_query(wanted: &Wanted) -> (Option<u16>, Encoding) {
    let encoding = Encoding::named(wanted.compress.as_deref());
    let refused = match &encoding {
        _ if wanted.v.as_deref().unwrap_or("10") != "10" => Some(4012),
        _ if wanted.encoding.as_deref().unwrap_or("json") != "json" => Some(4002),
        None => Some(4002),
        Some(_) => None,
    };
    (refused, encoding.unwrap_or(Encoding::Plain))
}

const fn reason(code: u16) -> &'static str {
    match code {
        4000 => "Unknown error.",
        4001 => "Unknown opcode.",
        4002 => "Error while decoding payload.",
        4003 => "Not authenticated.",
        4004 => "Authentication failed.",
        4005 => "Already authenticated.",
        4007 => "Invalid seq.",
        4008 => "Rate limited.",
        4009 => "Session timed out.",
        4010 => "Invalid shard.",
        4011 => "Sharding required.",
        4012 => "Invalid API version.",
        4013 => "Invalid intent(s).",
        4014 => "Disallowed intent(s).",
        _ => "",
    }
}
