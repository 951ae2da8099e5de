//! One WebSocket connection of a bot, from hello to the last close code.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::deflate::Deflate;
use super::{Identify, Out};
use crate::ids::AppId;
use crate::json;
use crate::shared::Shared;

/// The largest payload that a bot may send (Discord docs: gateway, sending events).
const MAX_PAYLOAD: usize = 4_096;
/// The most payloads that a connection may send in [`RATE_WINDOW`].
const MAX_SENDS: u32 = 120;
const RATE_WINDOW: Duration = Duration::from_mins(1);

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
    deflate: Option<Deflate>,
    id: u64,
    app: Option<AppId>,
    sends: (Instant, u32),
}

impl Connection {
    async fn open(shared: Arc<Shared>, socket: WebSocket, wanted: Wanted) {
        let (id, queue) = shared.gateway.connect();
        let deflate = wanted.compress.as_deref() == Some("zlib-stream");
        let deflate = deflate.then(Deflate::new);
        let sends = (Instant::now(), 0);
        let mut connection = Self { shared, socket, deflate, id, app: None, sends };
        let end = match wrong_version(&wanted) {
            Some(code) => End::Close(code),
            None => connection.serve(queue).await,
        };
        connection.close(end).await;
    }

    async fn serve(&mut self, mut queue: mpsc::Receiver<Out>) -> End {
        let interval = self.shared.config.heartbeat_interval;
        let interval_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
        let hello = json!({"op": 10, "s": null, "t": null,
            "d": {"heartbeat_interval": interval_ms, "_trace": ["sim"]}});
        if self.send(&hello.to_string()).await.is_err() {
            return End::Left(None);
        }
        let grace = interval.saturating_mul(2).max(Duration::from_millis(500));
        let mut deadline = Instant::now() + grace;
        loop {
            tokio::select! {
                out = queue.recv() => match out {
                    Some(Out::Frame(frame)) => {
                        if self.send(&frame).await.is_err() {
                            return End::Left(None);
                        }
                    }
                    Some(Out::Close(code)) => return End::Close(code),
                    Some(Out::Drop) | None => return End::Cut,
                },
                got = self.socket.recv() => match got {
                    Some(Ok(Message::Text(text))) => match self.take(text.as_str()).await {
                        Ok(true) => deadline = Instant::now() + grace,
                        Ok(false) => {}
                        Err(end) => return end,
                    },
                    Some(Ok(Message::Binary(_))) => return End::Close(4002),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Close(frame))) => {
                        return End::Left(frame.map(|frame| frame.code));
                    }
                    Some(Err(_)) | None => return End::Left(None),
                },
                () = tokio::time::sleep_until(deadline) => return End::Close(4009),
            }
        }
    }

    /// Takes one payload of the bot. `Ok(true)` if it was a heartbeat.
    async fn take(&mut self, text: &str) -> Result<bool, End> {
        self.count_send()?;
        if text.len() > MAX_PAYLOAD {
            return Err(End::Close(4002));
        }
        let payload: Value = serde_json::from_str(text).map_err(|_| End::Close(4002))?;
        let data = json::at(&payload, "d");
        match json::at(&payload, "op").as_u64() {
            Some(1) => {
                self.shared.ledger.note(|counts| counts.heartbeats += 1);
                let ack = r#"{"op":11,"d":null,"s":null,"t":null}"#;
                self.send(ack).await.map_err(|_| End::Left(None))?;
                return Ok(true);
            }
            Some(2 | 6) if self.app.is_some() => return Err(End::Close(4005)),
            Some(2) => self.identify(data)?,
            Some(6) => self.resume(data).await?,
            Some(3 | 4 | 8 | 31 | 43) if self.app.is_some() => {}
            Some(3 | 4 | 8 | 31 | 43) => return Err(End::Close(4003)),
            Some(_) => return Err(End::Close(4001)),
            None => return Err(End::Close(4002)),
        }
        Ok(false)
    }

    fn count_send(&mut self) -> Result<(), End> {
        let (since, count) = &mut self.sends;
        if since.elapsed() > RATE_WINDOW {
            (*since, *count) = (Instant::now(), 0);
        }
        *count += 1;
        if *count > MAX_SENDS { Err(End::Close(4008)) } else { Ok(()) }
    }

    fn identify(&mut self, data: &Value) -> Result<(), End> {
        let identify = Identify {
            token: json::text(data, "token"),
            intents: json::at(data, "intents").as_u64(),
            shard: shard_of(data),
        };
        let url = self.shared.gateway_url();
        let shared = Arc::clone(&self.shared);
        let begun = shared.with(|world| shared.gateway.identify(world, (self.id, &url), &identify));
        let app = begun.map_err(End::Close)?;
        self.shared.ledger.note(|counts| counts.identifies += 1);
        self.app = Some(app);
        self.shared.presence_changed(app);
        Ok(())
    }

    async fn resume(&mut self, data: &Value) -> Result<(), End> {
        let shared = Arc::clone(&self.shared);
        let taken = shared.with(|world| shared.gateway.resume(world, self.id, data));
        match taken {
            Ok(app) => {
                shared.ledger.note(|counts| counts.resumes += 1);
                self.app = Some(app);
                shared.presence_changed(app);
                Ok(())
            }
            Err(Some(code)) => Err(End::Close(code)),
            Err(None) => {
                let invalid = r#"{"op":9,"d":false,"s":null,"t":null}"#;
                self.send(invalid).await.map_err(|_| End::Left(None))
            }
        }
    }

    async fn send(&mut self, frame: &str) -> Result<(), axum::Error> {
        let message = match &mut self.deflate {
            None => Message::text(frame),
            Some(deflate) => {
                let packed = deflate.pack(frame.as_bytes());
                Message::binary(packed.ok_or_else(|| axum::Error::new(std::fmt::Error))?)
            }
        };
        self.socket.send(message).await
    }

    async fn close(mut self, end: End) {
        let says_goodbye = matches!(end, End::Left(Some(1000 | 1001)));
        let app = self.shared.gateway.disconnect(self.id, says_goodbye);
        if let Some(app) = app {
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

/// Shard number and count; one that cannot be told is one that does not exist.
fn shard_of(identify: &Value) -> (u64, u64) {
    let shard = json::at(identify, "shard");
    if shard.is_null() {
        return (0, 1);
    }
    let number = |at: usize| shard.get(at).and_then(Value::as_u64);
    (number(0).unwrap_or(u64::MAX), number(1).unwrap_or(0))
}

fn wrong_version(wanted: &Wanted) -> Option<u16> {
    let version = wanted.v.as_deref().unwrap_or("10");
    let encoding = wanted.encoding.as_deref().unwrap_or("json");
    let compress = wanted.compress.as_deref();
    match () {
        () if version != "10" => Some(4012),
        () if encoding != "json" => Some(4002),
        () if !matches!(compress, None | Some("" | "zlib-stream")) => Some(4002),
        () => None,
    }
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
