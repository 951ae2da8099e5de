//! Many answers to interactions at once, over real sockets to a Discord that takes 100 ms for each.

use std::convert::Infallible;

use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use muster_domain::id::InteractionId;
use muster_engine::ports::{Clock, Tasks};
use muster_scratch::Scratch;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::testing::TestEnv;

/// What every answer takes on its way and there.
const LATENCY: Duration = Duration::from_millis(100);
/// What a person may wait for the answer at most.
const ALLOWED: Duration = Duration::from_millis(300);
/// Taps in the same moment.
const TAPS: u64 = 50;

/// Serves one connection; every answer comes late.
fn serve(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let late = service_fn(|_| async {
        TestEnv::new().sleep(LATENCY).await;
        let answer = hyper::Response::builder().status(204).body(Full::new(Bytes::new()));
        Ok::<_, Infallible>(answer.unwrap())
    });
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(io), late);
    TestEnv::new().spawn("connection", async move { drop(connection.await) });
}

/// A Discord on this machine: a client of it.
async fn plain() -> Rest<TestEnv> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    TestEnv::new().spawn("server", async move {
        while let Ok((tcp, _)) = listener.accept().await {
            tcp.set_nodelay(true).unwrap();
            serve(tcp);
        }
    });
    client(&base, &Network::new(None).unwrap())
}

/// The same with TLS, and a certificate that the client is told to trust.
async fn encrypted() -> Rest<TestEnv> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = acceptor(&made);
    TestEnv::new().spawn("server", async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            TestEnv::new().spawn("handshake", async move {
                if let Ok(stream) = acceptor.accept(tcp).await {
                    serve(stream);
                }
            });
        }
    });
    let scratch = Scratch::new().unwrap();
    let file = scratch.join("root.pem");
    std::fs::write(&file, made.cert.pem()).unwrap();
    let network = Network::new(Some(&file)).unwrap();
    client(&format!("https://localhost:{port}"), &network)
}

fn acceptor(made: &rcgen::CertifiedKey<rcgen::KeyPair>) -> TlsAcceptor {
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn client(base: &str, network: &Network) -> Rest<TestEnv> {
    let token = Arc::new(Token::parse("secret").unwrap());
    Rest::new(TestEnv::new(), network.clone(), &base.parse().unwrap(), &token).unwrap()
}

/// Answers all taps at once; the time until the last is through.
async fn answers_all(rest: &Rest<TestEnv>) -> Duration {
    let clock = TestEnv::new();
    let taps = (0..TAPS).map(|id| rest.callback(InteractionId::new(id), "t", Body::json("x")));
    let outcomes = futures_util::future::join_all(taps).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    clock.monotonic()
}

/// The best of three, as other work on the machine is not what is measured.
async fn fastest(rest: &Rest<TestEnv>) -> Duration {
    let mut fastest = Duration::MAX;
    for _ in 0..3 {
        fastest = fastest.min(answers_all(rest).await);
    }
    fastest
}

#[tokio::test]
async fn fifty_taps_are_answered_within_300_ms() {
    let took = fastest(&plain().await).await;
    assert!((LATENCY..ALLOWED).contains(&took), "{took:?}");
}

#[tokio::test]
async fn fifty_taps_are_answered_within_300_ms_over_tls() {
    let rest = encrypted().await;
    // Fifty handshakes, of both sides on one thread and unoptimised, are not what is measured.
    answers_all(&rest).await;
    let took = fastest(&rest).await;
    assert!((LATENCY..ALLOWED).contains(&took), "{took:?} over kept connections");
}
