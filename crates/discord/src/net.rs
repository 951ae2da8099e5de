//! The only place that opens sockets to Discord, so that its rules hold everywhere: TLS with
//! known roots, and plain text towards this very machine alone.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use muster_engine::ports::{Clock, within};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How long one address may take to accept, before the next one is tried.
const CONNECT_LIMIT: Duration = Duration::from_secs(4);
/// How long name resolution or the TLS handshake may take.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(8);
/// Addresses of one name that are tried. Discord publishes up to five of each family.
const ADDRESSES_MAX: usize = 4;
/// Certificates taken from the operator's file; a bundle of the whole web has about 150.
const EXTRA_ROOTS_MAX: usize = 512;

/// Why the TLS settings could not be made. All of these are mistakes in the configuration.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The file of extra root certificates cannot be read or is not PEM.
    #[error("cannot read root certificates from {path}: {source}")]
    Roots {
        /// The file as configured.
        path: PathBuf,
        /// What is wrong with it.
        source: rustls::pki_types::pem::Error,
    },
    /// The file holds no certificate, or more than 512.
    #[error("{path} holds {count} root certificates, expected 1 to 512")]
    RootCount {
        /// The file as configured.
        path: PathBuf,
        /// Certificates found, counted up to the limit.
        count: usize,
    },
    /// A certificate was refused as a root, or TLS cannot be set up at all.
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
}

/// Why an address in the configuration or from Discord is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not a URL with a host.
    #[error("the URL has no scheme or host")]
    Incomplete,
    /// Neither http, https, ws nor wss.
    #[error("the scheme `{0}` is not supported")]
    Scheme(String),
    /// Plain http or ws to another machine would send the token in clear text.
    #[error("plain http and ws are accepted for loopback addresses only, not for `{0}`")]
    PlainRemote(String),
    /// A host that no certificate can name.
    #[error("`{0}` is not a valid host name")]
    Host(String),
}

/// Why no connection came about. All of these may pass by themselves.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The name has no address.
    #[error("cannot resolve the host name: {0}")]
    Resolve(io::Error),
    /// A plain connection was asked for and the name points to another machine.
    #[error("the host name does not point to this machine")]
    NotLoopback,
    /// No address accepted; the last error.
    #[error("cannot connect: {0}")]
    Tcp(io::Error),
    /// The TLS handshake failed, for instance because the certificate is not trusted.
    #[error("TLS handshake failed: {0}")]
    Tls(io::Error),
    /// Took longer than its limit.
    #[error("timed out while {0}")]
    TimedOut(&'static str),
}

/// Where to connect to, taken from a URL and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    host: Box<str>,
    port: u16,
    tls_name: Option<ServerName<'static>>,
}

impl Endpoint {
    /// Checks the scheme and host of `uri`; its path plays no part.
    pub fn of(uri: &Uri) -> Result<Self, EndpointError> {
        let scheme = uri.scheme_str().ok_or(EndpointError::Incomplete)?;
        let host = uri.host().ok_or(EndpointError::Incomplete)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let (secure, default_port) = match scheme {
            "https" | "wss" => (true, 443),
            "http" | "ws" => (false, 80),
            other => return Err(EndpointError::Scheme(other.to_owned())),
        };
        if !secure && !names_loopback(host) {
            return Err(EndpointError::PlainRemote(host.to_owned()));
        }
        Ok(Self {
            host: host.into(),
            port: uri.port_u16().unwrap_or(default_port),
            tls_name: secure.then(|| server_name(host)).transpose()?,
        })
    }
}

fn names_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn server_name(host: &str) -> Result<ServerName<'static>, EndpointError> {
    ServerName::try_from(host.to_owned())
        .map_err(|InvalidDnsNameError| EndpointError::Host(host.to_owned()))
}

/// Makes connections. Cheap to clone; clones share TLS settings and session tickets.
#[derive(Clone)]
pub struct Network {
    tls: TlsConnector,
}

impl Network {
    /// Trusts the roots that the browsers trust and, when given, those in a PEM file.
    pub fn new(extra_roots: Option<&Path>) -> Result<Self, NetError> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(path) = extra_roots {
            add_roots(&mut roots, path)?;
        }
        // Named here instead of installed for the process: another crate in the tree may bring
        // a second provider, and then the process-wide choice is nobody's.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { tls: TlsConnector::from(Arc::new(config)) })
    }

    /// Connects within about 30 s at worst, and says why if it cannot.
    pub async fn connect<C: Clock>(
        &self,
        clock: &C,
        endpoint: &Endpoint,
    ) -> Result<Stream, ConnectError> {
        let addresses = resolve(clock, endpoint).await?;
        let tcp = connect_any(clock, &addresses).await?;
        tcp.set_nodelay(true).map_err(ConnectError::Tcp)?;
        let Some(name) = endpoint.tls_name.clone() else {
            return Ok(Stream::Plain(tcp));
        };
        let tls = within(clock, HANDSHAKE_LIMIT, self.tls.connect(name, tcp))
            .await
            .ok_or(ConnectError::TimedOut("negotiating TLS"))?
            .map_err(ConnectError::Tls)?;
        Ok(Stream::Tls(Box::new(tls)))
    }
}

fn add_roots(roots: &mut RootCertStore, path: &Path) -> Result<(), NetError> {
    let unreadable = |source| NetError::Roots { path: path.to_owned(), source };
    let mut count = 0;
    for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
        count += 1;
        if count > EXTRA_ROOTS_MAX {
            break;
        }
        roots.add(certificate.map_err(unreadable)?)?;
    }
    if (1..=EXTRA_ROOTS_MAX).contains(&count) {
        Ok(())
    } else {
        Err(NetError::RootCount { path: path.to_owned(), count })
    }
}

async fn resolve<C: Clock>(
    clock: &C,
    endpoint: &Endpoint,
) -> Result<Vec<SocketAddr>, ConnectError> {
    let lookup = tokio::net::lookup_host((&*endpoint.host, endpoint.port));
    let mut addresses: Vec<_> = within(clock, HANDSHAKE_LIMIT, lookup)
        .await
        .ok_or(ConnectError::TimedOut("resolving the host name"))?
        .map_err(ConnectError::Resolve)?
        .take(ADDRESSES_MAX)
        .collect();
    if endpoint.tls_name.is_none() {
        // `localhost` may be anything in a strange hosts file; the address decides.
        addresses.retain(|address| address.ip().is_loopback());
        if addresses.is_empty() {
            return Err(ConnectError::NotLoopback);
        }
    }
    Ok(addresses)
}

async fn connect_any<C: Clock>(
    clock: &C,
    addresses: &[SocketAddr],
) -> Result<TcpStream, ConnectError> {
    let mut last = ConnectError::Resolve(io::ErrorKind::NotFound.into());
    for address in addresses {
        last = match within(clock, CONNECT_LIMIT, TcpStream::connect(address)).await {
            Some(Ok(stream)) => return Ok(stream),
            Some(Err(error)) => ConnectError::Tcp(error),
            None => ConnectError::TimedOut("connecting"),
        };
    }
    Err(last)
}

/// An open connection, plain or encrypted.
pub enum Stream {
    /// Plain TCP to this machine.
    Plain(TcpStream),
    /// TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use muster_engine::ports::Tasks;
    use muster_scratch::Scratch;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::testing::TestEnv;

    fn endpoint(url: &str) -> Result<Endpoint, EndpointError> {
        Endpoint::of(&url.parse().unwrap())
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        for url in ["http://127.0.0.1:9/", "ws://localhost:1", "ws://[::1]:7/?v=10"] {
            assert!(endpoint(url).unwrap().tls_name.is_none(), "{url}");
        }
        for (url, host) in [
            ("http://discord.com", "discord.com"),
            ("ws://10.0.0.7:80", "10.0.0.7"),
            ("http://localhost.example.org", "localhost.example.org"),
        ] {
            assert_eq!(endpoint(url), Err(EndpointError::PlainRemote(host.into())), "{url}");
        }
    }

    #[test]
    fn encrypted_endpoints_take_any_host() {
        let gateway = endpoint("wss://gateway.discord.gg/?v=10").unwrap();
        assert_eq!((&*gateway.host, gateway.port), ("gateway.discord.gg", 443));
        assert!(gateway.tls_name.is_some());
        assert_eq!(endpoint("https://127.0.0.1:8443").unwrap().port, 8443);
    }

    #[test]
    fn strange_urls_are_named() {
        assert_eq!(endpoint("ftp://localhost"), Err(EndpointError::Scheme("ftp".into())));
        assert_eq!(endpoint("/relative"), Err(EndpointError::Incomplete));
    }

    #[test]
    fn a_file_without_certificates_is_a_mistake_worth_naming() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let error = Network::new(Some(&here)).err().unwrap();
        assert!(matches!(error, NetError::RootCount { count: 0, .. }), "{error}");
        let error = Network::new(Some(Path::new("no-such-file.pem"))).err().unwrap();
        assert!(matches!(error, NetError::Roots { .. }), "{error}");
    }

    /// A TLS server on this machine with a certificate that nobody else knows: its address, and
    /// a folder with the certificate in `root.pem`. Greets everybody who trusts it.
    async fn private_server() -> (Endpoint, Scratch) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let scratch = Scratch::new().unwrap();
        std::fs::write(scratch.join("root.pem"), made.cert.pem()).unwrap();
        TestEnv::new().spawn("server", async move {
            while let Ok((tcp, _)) = listener.accept().await {
                if let Ok(mut stream) = acceptor.accept(tcp).await {
                    stream.write_all(b"hello").await.unwrap();
                    stream.shutdown().await.unwrap();
                }
            }
        });
        (endpoint(&format!("https://localhost:{port}")).unwrap(), scratch)
    }

    #[tokio::test]
    async fn one_more_root_certificate_opens_a_private_server() {
        let (server, scratch) = private_server().await;
        let env = TestEnv::new();
        let refused = Network::new(None).unwrap().connect(&env, &server).await.err().unwrap();
        assert!(matches!(refused, ConnectError::Tls(_)), "{refused}");
        let network = Network::new(Some(&scratch.join("root.pem"))).unwrap();
        let mut stream = network.connect(&env, &server).await.unwrap();
        let mut greeting = String::new();
        stream.read_to_string(&mut greeting).await.unwrap();
        assert_eq!(greeting, "hello");
    }
}
