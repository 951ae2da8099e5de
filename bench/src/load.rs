//! A lean stand-in for Discord in a process of its own: just what is needed to measure, and fast
//! enough not to be what is measured. For truth there is the simulated Discord of `crates/sim`.

mod day;
mod frames;
mod gateway;
mod guild;
mod remote;
mod rest;
mod splice;
mod tls;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use clap::Args;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub(crate) use self::remote::Remote;

use crate::error::{BenchError, io};
use crate::tally::{self, Tally};
use crate::world::Habit;
use crate::{clock, world};

/// What the stand-in shows.
#[derive(Args, Debug, Clone)]
pub(crate) struct Options {
    /// Guilds that the bot is in.
    #[arg(long)]
    pub(crate) guilds: u64,
    /// How many of them become available; the others stay as READY names them.
    #[arg(long, default_value_t = u64::MAX)]
    pub(crate) available: u64,
    /// Members who tap, on each event.
    #[arg(long)]
    pub(crate) members: u64,
    /// What they tap, and to how many places.
    #[arg(long, default_value_t)]
    pub(crate) habit: Habit,
    /// The events' numbers in the database.
    #[arg(long, value_delimiter = ',')]
    pub(crate) events: Vec<u64>,
    /// The number of the first tap: those before it are stored.
    #[arg(long)]
    pub(crate) first_tap: u64,
    /// Taps of a day in which a few events get most of them; otherwise all in turn.
    #[arg(long)]
    pub(crate) day: Option<u64>,
    /// Where to put the certificate of its authority; then it speaks TLS only.
    #[arg(long)]
    pub(crate) tls: Option<PathBuf>,
}

/// What every connection needs to know.
struct Shared {
    tally: Arc<Tally>,
    gateway_url: String,
    post: serde_json::Value,
    /// Messages that were taken.
    posted: AtomicU64,
    options: Options,
}

/// Serves until whoever started this process lets go of it. Says its address first.
pub(crate) fn serve(options: &Options) -> Result<(), BenchError> {
    clock::runtime()?.block_on(start(options.clone()))
}

async fn start(options: Options) -> Result<(), BenchError> {
    let tls = options.tls.as_deref().map(tls::acceptor).transpose()?;
    let (rest, rest_port) = listener().await?;
    let (gateway, gateway_port) = listener().await?;
    let secure = if tls.is_some() { "s" } else { "" };
    let (tally, shots) = Tally::new(options.first_tap);
    let post = world::sample_post(options.members, options.habit).await?;
    let shared = Arc::new(Shared {
        tally: Arc::clone(&tally),
        gateway_url: format!("ws{secure}://localhost:{gateway_port}"),
        post,
        posted: AtomicU64::new(0),
        options,
    });
    clock::spawn(accept_rest(rest, tls.clone(), Arc::clone(&shared)));
    clock::spawn(accept_gateway(gateway, tls, shared, shots));
    tally::say(&format!("http{secure}://localhost:{rest_port}"))?;
    tally::obey(&tally).await
}

async fn listener() -> Result<(TcpListener, u16), BenchError> {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(io("a port"))?;
    let port = listener.local_addr().map_err(io("a port"))?.port();
    Ok((listener, port))
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

async fn accept_rest(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    while let Ok((tcp, _)) = listener.accept().await {
        let (tls, shared) = (tls.clone(), Arc::clone(&shared));
        clock::spawn(async move {
            if let Some(stream) = opened(tcp, tls).await {
                rest::serve(stream, &shared).await;
            }
        });
    }
}

/// One connection after the other: there is one shard.
async fn accept_gateway(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    mut shots: tokio::sync::mpsc::UnboundedReceiver<u64>,
) {
    while let Ok((tcp, _)) = listener.accept().await {
        if let Some(stream) = opened(tcp, tls.clone()).await {
            gateway::serve(stream, &shared, &mut shots).await;
        }
    }
}

async fn opened(tcp: TcpStream, tls: Option<TlsAcceptor>) -> Option<Box<dyn Wire>> {
    tcp.set_nodelay(true).ok()?;
    Some(match tls {
        Some(tls) => Box::new(tls.accept(tcp).await.ok()?),
        None => Box::new(tcp),
    })
}
