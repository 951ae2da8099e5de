//! https and wss with a certificate authority of the simulator's own.

use std::sync::Arc;

use futures_util::StreamExt as _;
use muster_sim::{Sim, SimConfig, TestAuthority, seed};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_websockets::ClientBuilder;

use crate::bot::friday;

async fn secure() -> (Sim, TestAuthority) {
    let authority = TestAuthority::new().unwrap();
    let config = SimConfig { tls: Some(authority.clone()), ..SimConfig::default() };
    let sim = muster_sim::start(seed::demo(1, friday()).world, config).await.unwrap();
    (sim, authority)
}

async fn connect(sim: &Sim, name: &str, trusted: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(sim.addr()).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, tcp).await
}

#[tokio::test]
async fn whoever_trusts_the_authority_gets_in_by_every_name_of_this_machine() {
    let (sim, authority) = secure().await;
    assert_eq!(sim.url(), format!("https://{}", sim.addr()));
    for name in ["localhost", "127.0.0.1", "::1"] {
        let mut stream = connect(&sim, name, authority.pem()).await.unwrap();
        let request =
            "GET /api/v10/gateway HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{name}: {answer}");
        assert!(answer.contains(&format!("wss://{}", sim.addr())), "{answer}");
    }
}

#[tokio::test]
async fn the_gateway_speaks_on_the_same_port() {
    let (sim, authority) = secure().await;
    let stream = connect(&sim, "localhost", authority.pem()).await.unwrap();
    let uri = "wss://localhost/?v=10&encoding=json".parse().unwrap();
    let (mut socket, _) = ClientBuilder::from_uri(uri).connect_on(stream).await.unwrap();
    let hello = socket.next().await.unwrap().unwrap();
    assert!(hello.as_text().unwrap().contains(r#""op":10"#), "{hello:?}");
}

#[tokio::test]
async fn nobody_else_gets_in_and_a_dumb_client_holds_up_nobody() {
    let (sim, authority) = secure().await;
    let other = TestAuthority::new().unwrap();
    assert!(connect(&sim, "localhost", other.pem()).await.is_err(), "another authority");
    assert!(connect(&sim, "example.com", authority.pem()).await.is_err(), "another name");
    let _dumb = TcpStream::connect(sim.addr()).await.unwrap();
    connect(&sim, "localhost", authority.pem()).await.unwrap();
    let address = sim.addr();
    sim.stop().await;
    assert!(tokio::net::TcpListener::bind(address).await.is_ok(), "the address is free again");
}
