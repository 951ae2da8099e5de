//! The runner over real sockets against a gateway of a few lines.

use std::sync::Mutex;

use flate2::{Compress, Compression, FlushCompress};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_websockets::{CloseCode, Message, ServerBuilder, WebSocketStream};

use super::super::close::Refusal;
use super::super::{GatewayConfig, StartLimit};
use super::*;
use crate::net::Network;
use crate::testing::{KeptInMemory, TestEnv};
use crate::token::Token;

/// The other end of one connection.
struct Peer {
    stream: WebSocketStream<TcpStream>,
    deflate: Compress,
}

impl Peer {
    async fn accept(listener: &TcpListener) -> Self {
        let (tcp, _) = listener.accept().await.unwrap();
        let (request, stream) = ServerBuilder::new().accept(tcp).await.unwrap();
        let query = request.uri().query().unwrap();
        assert_eq!(query, "v=10&encoding=json&compress=zlib-stream");
        Self { stream, deflate: Compress::new(Compression::default(), true) }
    }

    async fn say(&mut self, text: &str) {
        let mut out = Vec::with_capacity(text.len() + 64);
        self.deflate.compress_vec(text.as_bytes(), &mut out, FlushCompress::Sync).unwrap();
        // In two messages, as Discord does with large ones.
        let rest = out.split_off(out.len() / 2);
        self.stream.send(Message::binary(out)).await.unwrap();
        self.stream.send(Message::binary(rest)).await.unwrap();
    }

    async fn hello(&mut self) {
        self.say(r#"{"op":10,"d":{"heartbeat_interval":40000}}"#).await;
    }

    async fn hear(&mut self) -> Value {
        let message = self.stream.next().await.unwrap().unwrap();
        serde_json::from_str(message.as_text().unwrap()).unwrap()
    }

    /// Reads until the client hangs up; the code with which it does.
    async fn farewell(&mut self) -> Option<u16> {
        while let Some(Ok(message)) = self.stream.next().await {
            if let Some((code, _)) = message.as_close() {
                return Some(code.into());
            }
        }
        None
    }

    async fn close(&mut self, code: u16) {
        let code = CloseCode::try_from(code).unwrap();
        self.stream.send(Message::close(Some(code), "")).await.unwrap();
        self.farewell().await;
    }
}

struct World {
    listener: TcpListener,
    gateway: Gateway<TestEnv, KeptInMemory>,
    kept: Arc<KeptInMemory>,
    stop: watch::Sender<bool>,
}

impl World {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let kept = Arc::new(KeptInMemory::default());
        let config = GatewayConfig {
            token: Arc::new(Token::parse("T").unwrap()),
            intents: 1,
            shards: 1,
            url: format!("ws://{}", listener.local_addr().unwrap()),
            start_limit: StartLimit {
                remaining: 1_000,
                reset_after: Duration::from_hours(1),
                max_concurrency: 1,
            },
            wanted: |_| true,
        };
        let network = Network::new(None).unwrap();
        let gateway = Gateway::new(TestEnv::new(), network, Arc::clone(&kept), config);
        Self { listener, gateway, kept, stop: watch::Sender::new(false) }
    }

    fn ready(&self, sequence: u64) -> String {
        format!(
            r#"{{"op":0,"s":{sequence},"t":"READY","d":{{"session_id":"abc",
            "resume_gateway_url":"ws://{}"}}}}"#,
            self.listener.local_addr().unwrap()
        )
    }

    /// Runs the shard beside `script`; gives how the shard ended.
    async fn run<F: Future<Output = ()>>(
        &self,
        script: impl FnOnce(mpsc::Receiver<Dispatch>) -> F,
    ) -> Result<(), GatewayError> {
        let (sender, receiver) = mpsc::channel(2);
        let shard = self.gateway.run_shard(0, Arc::default(), sender, self.stop.subscribe());
        let both = Box::pin(async { tokio::join!(shard, script(receiver)).0 });
        within(&TestEnv::new(), Duration::from_secs(30), both).await.expect("hangs")
    }
}

#[tokio::test]
async fn identifies_hands_events_on_and_leaves_a_session_to_resume() {
    let world = World::new().await;
    let outcome = world
        .run(async |mut events| {
            let mut peer = Peer::accept(&world.listener).await;
            peer.hello().await;
            let identify = peer.hear().await;
            assert_eq!((&identify["op"], &identify["d"]["token"]), (&2.into(), &"T".into()));
            peer.say(&world.ready(1)).await;
            peer.say(r#"{"op":0,"s":2,"t":"INTERACTION_CREATE","d":{"id":"5"}}"#).await;
            assert_eq!(&*events.recv().await.unwrap().name, "READY");
            let tap = events.recv().await.unwrap();
            assert_eq!((&*tap.name, tap.sequence), ("INTERACTION_CREATE", 2));
            assert_eq!(tap.data.get(), r#"{"id":"5"}"#);
            drop(tap);
            world.stop.send_replace(true);
            assert_eq!(peer.farewell().await, Some(4000), "1000 would end the session");
        })
        .await;
    assert!(outcome.is_ok());
    assert_eq!(world.kept.saved().unwrap().sequence, 2);
    assert_eq!(world.kept.identifies.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_not_processed_is_asked_for_again_after_a_restart() {
    let world = World::new().await;
    let unfinished = world
        .run(async |mut events| {
            let mut peer = Peer::accept(&world.listener).await;
            peer.hello().await;
            peer.hear().await;
            peer.say(&world.ready(1)).await;
            peer.say(r#"{"op":0,"s":2,"t":"GUILD_DELETE","d":{"id":"5"}}"#).await;
            drop(events.recv().await);
            let in_hand = events.recv().await;
            world.stop.send_replace(true);
            peer.farewell().await;
            // The program dies with the event in hand; nobody waits for that.
            tokio::time::pause();
            std::mem::forget(in_hand);
        })
        .await;
    assert!(unfinished.is_ok());
    tokio::time::resume();
    world.stop.send_replace(false);
    let outcome = world
        .run(async |_events| {
            let mut peer = Peer::accept(&world.listener).await;
            peer.hello().await;
            let resume = peer.hear().await;
            assert_eq!((&resume["op"], &resume["d"]["seq"]), (&6.into(), &1.into()));
            world.stop.send_replace(true);
        })
        .await;
    assert!(outcome.is_ok());
}

#[tokio::test]
async fn op_7_is_followed_by_a_resume_on_a_new_connection() {
    let world = World::new().await;
    let outcome = world
        .run(async |mut events| {
            let mut peer = Peer::accept(&world.listener).await;
            peer.hello().await;
            peer.hear().await;
            peer.say(&world.ready(1)).await;
            peer.say(r#"{"op":7,"d":null}"#).await;
            assert_eq!(peer.farewell().await, Some(4000));
            let mut peer = Peer::accept(&world.listener).await;
            peer.hello().await;
            assert_eq!(peer.hear().await["d"]["session_id"], "abc");
            peer.say(r#"{"op":0,"s":2,"t":"GUILD_DELETE","d":{}}"#).await;
            peer.say(r#"{"op":0,"s":3,"t":"RESUMED","d":{}}"#).await;
            assert_eq!(&*events.recv().await.unwrap().name, "READY");
            assert_eq!(events.recv().await.unwrap().sequence, 2);
            world.stop.send_replace(true);
        })
        .await;
    assert!(outcome.is_ok());
    assert_eq!(world.kept.identifies.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_token_ends_the_shard() {
    let world = World::new().await;
    let outcome = world
        .run(async |_events| {
            let mut peer = Peer::accept(&world.listener).await;
            peer.hello().await;
            peer.hear().await;
            peer.close(4004).await;
        })
        .await;
    assert!(matches!(outcome, Err(GatewayError::Refused(Refusal::Token))), "{outcome:?}");
}

#[tokio::test]
async fn a_stalled_program_does_not_stop_the_heartbeats() {
    let world = World::new().await;
    let outcome = world
        .run(async |mut events| {
            let mut peer = Peer::accept(&world.listener).await;
            peer.say(r#"{"op":10,"d":{"heartbeat_interval":1000}}"#).await;
            peer.hear().await;
            peer.say(&world.ready(1)).await;
            for sequence in 2..=10 {
                peer.say(&format!(r#"{{"op":0,"s":{sequence},"t":"X","d":0}}"#)).await;
            }
            // Nobody takes events; the channel holds two. Beats come all the same.
            tokio::time::pause();
            for _ in 0..2 {
                assert_eq!(peer.hear().await["op"], 1);
            }
            tokio::time::resume();
            for sequence in 1..=10 {
                assert_eq!(events.recv().await.unwrap().sequence, sequence);
            }
            world.stop.send_replace(true);
        })
        .await;
    assert!(outcome.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_slams_the_door_is_not_flooded() {
    let world = World::new().await;
    let env = TestEnv::new();
    let dials = Mutex::new(Vec::new());
    let slammer = async {
        loop {
            let (tcp, _) = world.listener.accept().await.unwrap();
            dials.lock().unwrap().push(muster_engine::ports::Clock::monotonic(&env));
            drop(tcp);
        }
    };
    let (sender, _receiver) = mpsc::channel(2);
    let shard = world.gateway.run_shard(0, Arc::default(), sender, world.stop.subscribe());
    tokio::select! {
        () = slammer => {}
        _ = shard => {}
        () = muster_engine::ports::Clock::sleep(&env, Duration::from_hours(1)) => {}
    }
    let dials = dials.into_inner().unwrap();
    let at_once = dials.iter().filter(|at| **at < Duration::from_secs(4)).count();
    assert!((1..=5).contains(&at_once), "{at_once}");
    assert!((20..=120).contains(&dials.len()), "{}", dials.len());
}

/// The shard and the client must run on any thread.
#[test]
fn futures_can_be_spawned() {
    fn spawnable<T: Send + 'static>(_: impl FnOnce() -> T) {}
    spawnable(|| async {
        let world = World::new().await;
        let (sender, _receiver) = mpsc::channel(1);
        world.gateway.run_shard(0, Arc::default(), sender, world.stop.subscribe()).await
    });
}

/// What has arrived when these have been handled by the program: as many as there is room for.
async fn too_many_for_the_room(world: &World, peer: &mut Peer) {
    peer.hear().await;
    peer.say(&world.ready(1)).await;
    for sequence in 2..=6 {
        peer.say(&format!(r#"{{"op":0,"s":{sequence},"t":"X","d":0}}"#)).await;
    }
    // Real sockets: there is no saying when the third has been read.
    #[expect(clippy::disallowed_methods, reason = "the sockets' time is the real one")]
    tokio::time::sleep(Duration::from_millis(300)).await;
}

#[tokio::test]
async fn an_event_without_room_is_asked_for_again_after_a_stop() {
    let world = World::new().await;
    let outcome = world
        .run(async |mut events| {
            let mut peer = Peer::accept(&world.listener).await;
            peer.hello().await;
            too_many_for_the_room(&world, &mut peer).await;
            world.stop.send_replace(true);
            peer.farewell().await;
            let mut got = Vec::new();
            while let Some(event) = events.recv().await {
                got.push(event.sequence);
            }
            assert_eq!(got, [1, 2]);
        })
        .await;
    assert!(outcome.is_ok());
    assert_eq!(world.kept.saved().unwrap().sequence, 2, "3 was never handed on");
}

#[tokio::test]
async fn an_event_without_room_outlives_its_connection() {
    let world = World::new().await;
    let outcome = world
        .run(async |mut events| {
            let mut peer = Peer::accept(&world.listener).await;
            peer.say(r#"{"op":10,"d":{"heartbeat_interval":1000}}"#).await;
            too_many_for_the_room(&world, &mut peer).await;
            // The next heartbeats find nobody.
            drop(peer);
            let mut peer = Peer::accept(&world.listener).await;
            let mut got = Vec::new();
            while got.len() < 3 {
                got.push(events.recv().await.unwrap().sequence);
            }
            assert_eq!(got, [1, 2, 3]);
            peer.hello().await;
            let resume = peer.hear().await;
            assert_eq!(resume["d"]["seq"], 3);
            world.stop.send_replace(true);
        })
        .await;
    assert!(outcome.is_ok());
}
