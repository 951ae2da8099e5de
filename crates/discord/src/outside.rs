//! The few requests that are not the bot's: an alert to an address that the operator named, and
//! signing in with Discord. None of them carries the bot's token.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use muster_engine::ports::{Env, within};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::net::{Endpoint, EndpointError, Network};

/// The largest answer that is read: those expected have less than 2 KiB.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// How long a request may take with everything.
const LIMIT: Duration = Duration::from_secs(15);
/// Who asks.
const AGENT: &str = concat!("muster/", env!("CARGO_PKG_VERSION"));

/// An address that the operator named. Its path may be a secret.
#[derive(Clone)]
pub struct Address {
    endpoint: Endpoint,
    host: HeaderValue,
    path: Zeroizing<String>,
}

impl Address {
    /// Checks `url`: https, or http on this machine.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let uri: Uri = url.parse().map_err(|_| EndpointError::Incomplete)?;
        let endpoint = Endpoint::of(&uri)?;
        let host = uri.authority().ok_or(EndpointError::Incomplete)?.host();
        let host = match uri.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let bad_host = |_| EndpointError::Host(host.clone());
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self {
            endpoint,
            host: HeaderValue::from_str(&host).map_err(bad_host)?,
            path: Zeroizing::new(path),
        })
    }
}

/// Why there was no answer. Names no address, which may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Unanswered(String);

/// What came back.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status. Redirects are not followed.
    pub status: u16,
    /// What was said.
    pub body: Bytes,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("host", &self.host).finish_non_exhaustive()
    }
}

/// What is sent to an [`Address`]. Body and authorization may be secrets.
#[derive(Default)]
pub struct Content {
    /// What the body is, as in `application/json`; `None` asks without one.
    pub kind: Option<&'static str>,
    /// The body.
    pub body: Bytes,
    /// The whole value of the header `Authorization`.
    pub authorization: Option<Zeroizing<String>>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Sends one request over a connection of its own, within 15 s.
pub async fn send<E: Env>(
    env: &E,
    network: &Network,
    address: &Address,
    content: Content,
) -> Result<Answered, Unanswered> {
    let answered = within(env, LIMIT, exchange(env, network, address, content)).await;
    answered.unwrap_or_else(|| Err(Unanswered("no answer in time".to_owned())))
}

async fn exchange<E: Env>(
    env: &E,
    network: &Network,
    address: &Address,
    content: Content,
) -> Result<Answered, Unanswered> {
    let request = request(address, content)?;
    let stream = network.connect(env, &address.endpoint).await.map_err(told)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(told)?;
    // Both in this task: when the answer is there, or time is up, the connection goes with it.
    let answer = async move {
        let (head, body) = sender.send_request(request).await.map_err(told)?.into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| Unanswered(error.to_string()))?.to_bytes();
        Ok(Answered { status: head.status.as_u16(), body })
    };
    // A connection that fails tells the answer so.
    let (answered, _ended) = tokio::join!(answer, connection);
    answered
}

fn request(address: &Address, content: Content) -> Result<Request<Full<Bytes>>, Unanswered> {
    let method = if content.kind.is_some() { Method::POST } else { Method::GET };
    let mut builder = Request::builder()
        .method(method)
        .uri(address.path.as_str())
        .header(HOST, &address.host)
        .header(CONNECTION, "close")
        .header(USER_AGENT, AGENT);
    if let Some(kind) = content.kind {
        builder = builder.header(CONTENT_TYPE, kind);
    }
    if let Some(secret) = &content.authorization {
        let mut value = HeaderValue::from_str(secret).map_err(told)?;
        value.set_sensitive(true);
        builder = builder.header(AUTHORIZATION, value);
    }
    builder.body(Full::new(content.body)).map_err(told)
}

fn told(error: impl std::fmt::Display) -> Unanswered {
    Unanswered(error.to_string())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::testing::TestEnv;

    /// Answers one request with `answer`; returns what was asked.
    async fn asked(answer: &str, content: Content) -> (String, Result<Answered, Unanswered>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let address = Address::parse(&format!("http://127.0.0.1:{port}/hook?key=1")).unwrap();
        let answering = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = vec![0; 4_096];
            let length = stream.read(&mut asked).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(asked[..length].to_vec()).unwrap()
        };
        let env = TestEnv::new();
        let network = Network::new(None).unwrap();
        tokio::join!(answering, send(&env, &network, &address, content))
    }

    #[tokio::test]
    async fn a_body_is_posted_and_the_answer_comes_back() {
        let content = Content {
            kind: Some("application/json"),
            body: Bytes::from_static(b"{\"content\":\"low\"}"),
            authorization: None,
        };
        let (asked, answered) =
            asked("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", content).await;
        assert!(asked.starts_with("POST /hook?key=1 HTTP/1.1\r\nhost: 127.0.0.1:"), "{asked}");
        assert!(asked.ends_with("{\"content\":\"low\"}"), "{asked}");
        let answered = answered.unwrap();
        assert_eq!((answered.status, &*answered.body), (200, &b"ok"[..]));
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed_and_a_huge_answer_not_read() {
        let moved =
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        let (asked_for, answered) = asked(moved, Content::default()).await;
        assert!(asked_for.starts_with("GET "), "{asked_for}");
        assert_eq!(answered.unwrap().status, 302);
        let huge =
            format!("HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n{}", "x".repeat(70_000));
        assert!(asked(&huge, Content::default()).await.1.is_err());
    }

    #[test]
    fn what_may_be_a_secret_is_not_in_what_is_written_of_it() {
        let address = Address::parse("https://example.org/hook/canary").unwrap();
        let content = Content {
            kind: Some("application/json"),
            body: Bytes::from_static(b"canary"),
            authorization: Some("Basic canary".to_owned().into()),
        };
        let written = format!("{address:?} {content:?}");
        assert!(written.contains("example.org") && written.contains("application/json"));
        assert!(!written.contains("canary"), "{written}");
    }

    #[test]
    fn only_https_or_this_machine_is_an_address() {
        assert!(Address::parse("https://example.org/hook").is_ok());
        for wrong in ["http://example.org/hook", "ftp://example.org", "example.org", ""] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }
}
