//! The server on real sockets: slow clients, the end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use muster_web::{Config, Given};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::site::Site;

struct Server {
    address: SocketAddr,
    stop: Arc<Notify>,
    running: JoinHandle<()>,
}

#[expect(clippy::disallowed_methods, reason = "the server runs beside the test")]
async fn start() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let config = Config::check(address, &Given::default()).unwrap();
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let ports = Site::local().ports;
    let running = tokio::spawn(async move {
        let shutdown = async move { stopped.notified().await };
        muster_web::serve(listener, config, ports, shutdown).await.unwrap();
    });
    Server { address, stop, running }
}

async fn ask(address: SocketAddr, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

async fn answer(mut socket: TcpStream) -> String {
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn it_serves_and_its_end_ends_open_streams_at_once() {
    let server = start().await;
    let alive = answer(ask(server.address, "/healthz").await).await;
    assert!(alive.starts_with("HTTP/1.1 200 OK\r\n") && alive.ends_with("alive\n"), "{alive}");
    let mut stream = ask(server.address, "/live").await;
    let mut bytes = [0; 12];
    stream.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"HTTP/1.1 200");
    let idle = TcpStream::connect(server.address).await.unwrap();
    #[expect(clippy::disallowed_methods, reason = "real sockets take real time")]
    let began = Instant::now();
    server.stop.notify_one();
    server.running.await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert!(TcpStream::connect(server.address).await.is_err(), "the address is free");
    drop((stream, idle));
}

#[tokio::test(start_paused = true)]
async fn who_never_ends_the_head_of_a_request_is_sent_away() {
    let server = start().await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n").await.unwrap();
    // Ends when the server closes it; time moves on by itself while all wait.
    let told = answer(slow).await;
    assert!(!told.contains("200 OK"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_sent_away_before_and_after_an_answer() {
    let server = start().await;
    let silent = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(answer(silent).await, "");
    let mut kept = TcpStream::connect(server.address).await.unwrap();
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    kept.write_all(request.as_bytes()).await.unwrap();
    assert!(answer(kept).await.ends_with("alive\n"), "answered, then ended by the server");
}

#[tokio::test(start_paused = true)]
async fn who_never_ends_the_body_of_a_request_is_sent_away() {
    let server = start().await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /clean-up HTTP/1.1\r\nHost: {}\r\nContent-Length: 100\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\nform",
        server.address
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let told = answer(slow).await;
    assert!(told.starts_with("HTTP/1.1 408 "), "{told}");
}

#[tokio::test]
async fn beyond_the_most_connections_one_waits_until_another_ends() {
    let server = start().await;
    let mut idle = Vec::new();
    for _ in 0..64 {
        let mut socket = ask(server.address, "/live").await;
        let mut byte = [0];
        socket.read_exact(&mut byte).await.unwrap();
        idle.push(socket);
        if idle.len() == 16 {
            break;
        }
    }
    while idle.len() < 64 {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut byte = [0];
        socket.read_exact(&mut byte).await.unwrap();
        idle.push(socket);
    }
    let waiting = ask(server.address, "/healthz").await;
    let mut peeked = [0; 1];
    #[expect(clippy::disallowed_methods, reason = "real sockets take real time")]
    let early = tokio::time::timeout(Duration::from_millis(200), waiting.peek(&mut peeked)).await;
    assert!(early.is_err(), "no place is free");
    idle.pop();
    assert!(answer(waiting).await.ends_with("alive\n"));
}
