//! A site in this process, with a world that a test moves.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use muster_vitals::snapshot::{Sample, SecurityKind, Snapshot, Subject};
use muster_vitals::watched::{CleanUp, CoolingDown, Soon, Watched};
use muster_web::{
    Again, CodeExchange, Config, DiscordSignIn, ExchangeFailed, Given, GivenUp, GivenUpList,
    NoRandomness, Peer, Ports, SignInFailed, TriedAgain, Unreadable, World,
};
use tower::ServiceExt as _;

use crate::bot::{MadeUp, Mood};

pub(crate) const TOKEN: &str = "canary-token-7f3a9c51d2";
pub(crate) const CLIENT_SECRET: &str = "canary-secret-b81e04";
pub(crate) const PUBLIC_URL: &str = "https://muster.example";
pub(crate) const OPERATOR: u64 = 42;

/// Time that a test moves; randomness that never repeats.
pub(crate) struct TestWorld {
    passed: Mutex<Duration>,
    drawn: Mutex<u64>,
}

impl TestWorld {
    pub(crate) fn pass(&self, time: Duration) {
        *self.passed.lock().unwrap() += time;
    }
}

#[expect(clippy::disallowed_methods, reason = "tokio's time is paused where it matters")]
impl World for TestWorld {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_790_000_000).unwrap() + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.passed.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Soon<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let mut drawn = self.drawn.lock().unwrap();
        for chunk in bytes.chunks_mut(8) {
            *drawn += 1;
            let mixed = drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&mixed.to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }

    fn spawn(&self, _name: &'static str, work: Soon<'static, ()>) {
        drop(tokio::spawn(work));
    }
}

/// Discord for signing in: knows two codes, and who operates the bot.
pub(crate) struct TestDiscord {
    pub(crate) operators: Mutex<BTreeSet<u64>>,
    pub(crate) asked: Mutex<Vec<CodeExchange>>,
}

impl DiscordSignIn for TestDiscord {
    fn client_id(&self) -> Option<u64> {
        Some(7)
    }

    fn authorize_url(&self) -> String {
        "https://discord.example/oauth2/authorize".to_owned()
    }

    fn who(&self, exchange: CodeExchange) -> Soon<'_, Result<u64, ExchangeFailed>> {
        let user = match exchange.code.expose() {
            "operators-code" => Ok(OPERATOR),
            "strangers-code" => Ok(13),
            "code-while-down" => Err(ExchangeFailed::Unreachable),
            _ => Err(ExchangeFailed::Refused),
        };
        self.asked.lock().unwrap().push(exchange);
        Box::pin(async move { user })
    }

    fn is_operator(&self, user: u64) -> bool {
        self.operators.lock().unwrap().contains(&user)
    }
}

type Change = Box<dyn Fn(&mut Snapshot) + Send + Sync>;

/// The made-up bot, which a test can change, break, and ask what it was told to do.
pub(crate) struct TestBot {
    inner: MadeUp,
    pub(crate) change: Mutex<Option<Change>>,
    pub(crate) acts: Mutex<Vec<String>>,
    pub(crate) is_silent: AtomicBool,
}

impl TestBot {
    pub(crate) fn change(&self, change: impl Fn(&mut Snapshot) + Send + Sync + 'static) {
        *self.change.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(change));
    }
}

impl Watched for TestBot {
    fn snapshot(&self) -> Soon<'_, Snapshot> {
        Box::pin(async {
            if self.is_silent.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
            let mut snapshot = self.inner.snapshot().await;
            if let Some(change) = &*self.change.lock().unwrap_or_else(PoisonError::into_inner) {
                change(&mut snapshot);
            }
            snapshot
        })
    }

    fn day(&self) -> Soon<'_, Vec<Sample>> {
        self.inner.day()
    }

    fn clean_up(&self) -> Soon<'_, Result<CleanUp, CoolingDown>> {
        self.acts.lock().unwrap().push("clean up".to_owned());
        self.inner.clean_up()
    }

    fn lift(&self, subject: Subject) -> Soon<'_, bool> {
        self.acts.lock().unwrap().push(format!("lift {subject:?}"));
        self.inner.lift(subject)
    }

    fn note(&self, _: SecurityKind, _: Option<u64>, _: Option<u64>) {}
}

impl GivenUp for TestBot {
    fn list(&self, skip: usize, limit: usize) -> Soon<'_, Result<GivenUpList, Unreadable>> {
        self.acts.lock().unwrap().push(format!("list {limit} after {skip}"));
        if self.is_silent.load(Ordering::Relaxed) {
            return Box::pin(async { Err(Unreadable) });
        }
        self.inner.list(skip, limit)
    }

    fn try_again(&self, what: Again) -> Soon<'_, TriedAgain> {
        self.acts.lock().unwrap().push(format!("again {what:?}"));
        self.inner.try_again(what)
    }
}

/// A site with all that it stands on.
pub(crate) struct Site {
    pub(crate) router: Router,
    pub(crate) world: Arc<TestWorld>,
    pub(crate) bot: Arc<TestBot>,
    pub(crate) discord: Arc<TestDiscord>,
    pub(crate) failures: Arc<Mutex<Vec<SignInFailed>>>,
    pub(crate) ports: Ports,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Site {
    pub(crate) fn new(address: &str, given: &Given<'_>) -> Self {
        let world = Arc::new(TestWorld {
            passed: Mutex::new(Duration::from_hours(1)),
            drawn: Mutex::default(),
        });
        let bot = Arc::new(TestBot {
            inner: MadeUp::new(Mood::Alert, world.clone()),
            change: Mutex::default(),
            acts: Mutex::default(),
            is_silent: AtomicBool::new(false),
        });
        let discord = Arc::new(TestDiscord {
            operators: Mutex::new([OPERATOR].into()),
            asked: Mutex::default(),
        });
        let failures = Arc::new(Mutex::new(Vec::new()));
        let (noted, counted) = (Arc::clone(&failures), Arc::clone(&bot));
        let ports = Ports {
            watched: bot.clone(),
            given_up: bot.clone(),
            world: world.clone(),
            discord: Some(discord.clone()),
            on_failure: Arc::new(move |failed| {
                counted.inner.note(failed);
                noted.lock().unwrap().push(failed);
            }),
        };
        let address: SocketAddr = address.parse().unwrap();
        let config = Config::check(address, given).unwrap();
        let router = muster_web::router(config, ports.clone()).unwrap();
        Self { router, world, bot, discord, failures, ports }
    }

    /// On loopback, where nobody signs in.
    pub(crate) fn local() -> Self {
        Self::new("127.0.0.1:8080", &Given::default())
    }

    /// Behind https, with both ways to sign in.
    pub(crate) fn public() -> Self {
        let given = Given {
            public_url: PUBLIC_URL,
            dashboard_token: TOKEN,
            client_secret: CLIENT_SECRET,
            trusted_proxy: "10.0.0.0/8",
        };
        Self::new("0.0.0.0:8080", &given)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        read(self.begin(request).await).await
    }

    /// Without reading the answer's body.
    pub(crate) async fn begin(&self, mut request: Request<Body>) -> Response<Body> {
        if request.extensions().get::<Peer>().is_none() {
            request.extensions_mut().insert(Peer(IpAddr::from([127, 0, 0, 1])));
        }
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// A plain request, with these headers.
    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(get(path, headers)).await
    }
}

pub(crate) fn get(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

pub(crate) async fn read(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8(body.to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}
