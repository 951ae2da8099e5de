//! A bot of the barest kind: an HTTP client and a WebSocket, and a stage to put it on.

use std::io::Write as _;
use std::time::Duration;

use bytes::Bytes;
use flate2::write::ZlibDecoder;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use muster_sim::ids::{AppId, ChannelId};
use muster_sim::seed::{self, Demo};
use muster_sim::{GatewayLimits, Limits, Sim, SimClock, SimConfig, User};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_websockets::{ClientBuilder, MaybeTlsStream, Message, WebSocketStream};

use crate::judged::Judged;

/// Fails a test that waits for something that does not come.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running simulator with the demo's world in it.
pub(crate) struct Stage {
    pub(crate) sim: Sim,
    pub(crate) demo: Demo,
    pub(crate) http: Http,
    _judged: Judged,
}

/// 12 March 2027, 18:00 UTC, a Friday.
pub(crate) fn friday() -> Timestamp {
    "2027-03-12T18:00:00Z".parse().unwrap()
}

/// A gateway that lets bots identify as often as they like.
pub(crate) fn unhurried() -> GatewayLimits {
    GatewayLimits { identify_every: Duration::ZERO, ..GatewayLimits::default() }
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(SimConfig {
            clock: SimClock::standing(friday()).with_settle(Duration::from_millis(10)),
            first_answer: Duration::from_millis(400),
            limits: Limits::off(),
            gateway: unhurried(),
            ..SimConfig::default()
        })
        .await
    }

    pub(crate) async fn with(mut config: SimConfig) -> Self {
        let judged = Judged::looking_at(&mut config);
        let mut demo = seed::demo(1, config.clock.now());
        let world = std::mem::replace(&mut demo.world, muster_sim::World::new(0, friday()));
        let sim = muster_sim::start(world, config).await.unwrap();
        let http = Http::new(&sim.url());
        Self { sim, demo, http, _judged: judged }
    }

    pub(crate) fn owner(&self) -> User {
        self.sim.user(self.demo.owner)
    }

    pub(crate) fn member(&self) -> User {
        self.sim.user(self.demo.members[0])
    }

    /// Registers commands and goes online.
    pub(crate) async fn go_online(&self, commands: Value) -> Gateway {
        self.go_online_for(1, commands).await
    }

    /// The same for these intents.
    pub(crate) async fn go_online_for(&self, intents: u64, commands: Value) -> Gateway {
        let path = format!("/applications/{}/commands", self.demo.app);
        let (status, body) = self.http.put(&path, commands).await;
        assert_eq!(status, 200, "{body}");
        let mut gateway = Gateway::dial(&self.sim, "").await;
        gateway.identify(intents).await;
        gateway.event("READY").await;
        gateway
    }

    /// Sends a message of the bot into a channel.
    pub(crate) async fn bot_says(&self, channel: ChannelId, body: Value) -> (u16, Value) {
        self.http.post(&format!("/channels/{channel}/messages"), body).await
    }
}

/// The HTTP half of a bot.
#[derive(Clone)]
pub(crate) struct Http {
    client: Client<HttpConnector, Full<Bytes>>,
    pub(crate) url: String,
    pub(crate) token: String,
}

impl Http {
    pub(crate) fn new(url: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { client, url: url.to_owned(), token: seed::TOKEN.to_owned() }
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> (u16, Value) {
        let (status, _, body) = self.send_raw(request).await;
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    pub(crate) async fn send_raw(
        &self,
        request: Request<Full<Bytes>>,
    ) -> (u16, hyper::HeaderMap, Bytes) {
        let sent = tokio::time::timeout(PATIENCE, self.client.request(request));
        let response = sent.await.expect("an answer in time").unwrap();
        let (parts, body) = response.into_parts();
        (parts.status.as_u16(), parts.headers, body.collect().await.unwrap().to_bytes())
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/api/v10{path}", self.url))
            .header("authorization", format!("Bot {}", self.token));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        self.send(request.body(Full::new(body)).unwrap()).await
    }

    /// The same with the headers of the answer.
    pub(crate) async fn full(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, hyper::HeaderMap, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/api/v10{path}", self.url))
            .header("authorization", format!("Bot {}", self.token))
            .header("content-type", "application/json");
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let (status, headers, body) = self.send_raw(request.body(Full::new(body)).unwrap()).await;
        (status, headers, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        self.call(Method::DELETE, path, None).await
    }

    /// Sends a body with files: name, type and content of each.
    pub(crate) async fn with_files(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        files: &[(&str, &str, &[u8])],
    ) -> (u16, Value) {
        let mut form = format!(
            "--B\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\
             Content-Type: application/json\r\n\r\n{body}\r\n"
        )
        .into_bytes();
        for (index, (name, kind, content)) in files.iter().enumerate() {
            let head = format!(
                "--B\r\nContent-Disposition: form-data; name=\"files[{index}]\"; \
                 filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
            );
            form.extend_from_slice(head.as_bytes());
            form.extend_from_slice(content);
            form.extend_from_slice(b"\r\n");
        }
        form.extend_from_slice(b"--B--\r\n");
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/api/v10{path}", self.url))
            .header("authorization", format!("Bot {}", self.token))
            .header("content-type", "multipart/form-data; boundary=B");
        self.send(request.body(Full::new(Bytes::from(form))).unwrap()).await
    }

    /// The path of the first answer to an interaction; `asked` is its payload.
    pub(crate) fn callback(asked: &Value) -> String {
        let (id, token) = (asked["id"].as_str().unwrap(), asked["token"].as_str().unwrap());
        format!("/interactions/{id}/{token}/callback?with_response=true")
    }

    /// Answers an interaction; `asked` is its payload.
    pub(crate) async fn answer(&self, asked: &Value, body: Value) -> (u16, Value) {
        self.post(&Self::callback(asked), body).await
    }
}

/// The path of an interaction's messages.
pub(crate) fn webhook(app: AppId, asked: &Value, rest: &str) -> String {
    format!("/webhooks/{app}/{}{rest}", asked["token"].as_str().unwrap())
}

/// The content of raw blocks of zstd, the frame's header before the first.
fn unstored(packed: &[u8]) -> Vec<u8> {
    let mut rest = packed.strip_prefix(&[0x28, 0xb5, 0x2f, 0xfd, 0, 0x50]).unwrap_or(packed);
    let mut plain = Vec::new();
    while let [low, middle, high, content @ ..] = rest {
        let header = usize::from(*low) | usize::from(*middle) << 8 | usize::from(*high) << 16;
        assert_eq!(header & 7, 0, "raw, and not the last");
        let (block, after) = content.split_at(header >> 3);
        plain.extend_from_slice(block);
        rest = after;
    }
    plain
}

/// The gateway half of a bot.
pub(crate) struct Gateway {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    packing: Packing,
    pub(crate) seq: u64,
    pub(crate) interval: u64,
}

enum Packing {
    None,
    Zlib(ZlibDecoder<Vec<u8>>),
    /// Stored blocks are all that the simulator sends.
    Zstd,
}

/// What came over the gateway.
#[derive(Debug, PartialEq)]
pub(crate) enum Got {
    Payload(Value),
    Closed(Option<u16>),
}

impl Gateway {
    /// Dials with this query and takes nothing.
    pub(crate) async fn raw(sim: &Sim, query: &str) -> Self {
        let url = sim.url().replacen("http", "ws", 1);
        let uri = format!("{url}/?{query}").parse().unwrap();
        let (socket, _) = ClientBuilder::from_uri(uri).connect().await.unwrap();
        let packing = match query {
            query if query.contains("zlib-stream") => Packing::Zlib(ZlibDecoder::new(Vec::new())),
            query if query.contains("zstd-stream") => Packing::Zstd,
            _ => Packing::None,
        };
        Self { socket, packing, seq: 0, interval: 0 }
    }

    /// Dials and takes the hello. `query` is added to the usual one.
    pub(crate) async fn dial(sim: &Sim, query: &str) -> Self {
        let mut gateway = Self::raw(sim, &format!("v=10&encoding=json{query}")).await;
        let hello = gateway.payload().await;
        assert_eq!(hello["op"], 10);
        gateway.interval = hello["d"]["heartbeat_interval"].as_u64().unwrap();
        gateway
    }

    pub(crate) async fn send(&mut self, payload: Value) {
        self.socket.send(Message::text(payload.to_string())).await.unwrap();
    }

    pub(crate) async fn identify(&mut self, intents: u64) {
        self.identify_as(json!({"token": seed::TOKEN, "intents": intents, "properties": {}})).await;
    }

    pub(crate) async fn identify_as(&mut self, data: Value) {
        self.send(json!({"op": 2, "d": data})).await;
    }

    /// Whatever comes next.
    pub(crate) async fn next(&mut self) -> Got {
        let next = tokio::time::timeout(PATIENCE, self.socket.next()).await;
        match next.expect("something in time") {
            Some(Ok(message)) if message.is_close() => {
                Got::Closed(message.as_close().map(|(code, _)| u16::from(code)))
            }
            Some(Ok(message)) => {
                let payload = self.decode(&message);
                self.seq = payload["s"].as_u64().unwrap_or(self.seq);
                Got::Payload(payload)
            }
            Some(Err(_)) | None => Got::Closed(None),
        }
    }

    fn decode(&mut self, message: &Message) -> Value {
        let packed = message.as_payload();
        match &mut self.packing {
            // A payload that is packed alone begins with a header of zlib.
            Packing::None if message.is_binary() => {
                assert_eq!(packed[0], 0x78);
                let mut alone = ZlibDecoder::new(Vec::new());
                alone.write_all(packed).unwrap();
                serde_json::from_slice(&alone.finish().unwrap()).unwrap()
            }
            Packing::None => serde_json::from_str(message.as_text().unwrap()).unwrap(),
            Packing::Zlib(inflate) => {
                assert!(packed.ends_with(&[0, 0, 0xff, 0xff]), "a payload ends with a flush");
                inflate.write_all(packed).unwrap();
                inflate.flush().unwrap();
                serde_json::from_slice(&std::mem::take(inflate.get_mut())).unwrap()
            }
            Packing::Zstd => serde_json::from_slice(&unstored(packed)).unwrap(),
        }
    }

    /// Waits for a payload with this op; others are passed over.
    pub(crate) async fn until_op(&mut self, op: u64) -> Value {
        loop {
            let payload = self.payload().await;
            if payload["op"] == op {
                return payload;
            }
        }
    }

    /// Asks to go on after the event numbered `seq`.
    pub(crate) async fn resume(&mut self, session: &Value, seq: u64) {
        let data = json!({"token": seed::TOKEN, "session_id": session, "seq": seq});
        self.send(json!({"op": 6, "d": data})).await;
    }

    /// The names of the next events, in order.
    pub(crate) async fn names(&mut self, count: usize) -> Vec<String> {
        let mut names = Vec::new();
        for _ in 0..count {
            names.push(self.payload().await["t"].as_str().unwrap_or("-").to_owned());
        }
        names
    }

    pub(crate) async fn payload(&mut self) -> Value {
        match self.next().await {
            Got::Payload(payload) => payload,
            Got::Closed(code) => panic!("closed with {code:?}"),
        }
    }

    /// The data of the next event of this name; others are passed over.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        loop {
            let payload = self.payload().await;
            if payload["t"] == name {
                return payload["d"].clone();
            }
        }
    }

    /// The next interaction.
    pub(crate) async fn asked(&mut self) -> Value {
        self.event("INTERACTION_CREATE").await
    }

    /// The code that the connection ends with; what comes before is passed over.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        loop {
            if let Got::Closed(code) = self.next().await {
                return code;
            }
        }
    }

    /// Says goodbye.
    pub(crate) async fn leave(mut self, code: u16) {
        let code = tokio_websockets::CloseCode::try_from(code).unwrap();
        self.socket.send(Message::close(Some(code), "")).await.unwrap();
        while let Some(Ok(_)) = self.socket.next().await {}
    }
}
