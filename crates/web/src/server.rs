//! Takes connections and serves the pages on them: never too many, never too slow ones, and each
//! for a while only.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, watch};

use crate::app::{App, routes, within};
use crate::config::Config;
use crate::guard::Peer;
use crate::limits::{
    CONNECTION_LIMIT, CONNECTIONS_FROM_AFAR_MAX, CONNECTIONS_MAX, END_LIMIT, HEAD_LIMIT,
};
use crate::ports::{NoRandomness, Ports, World};

/// How long to wait when the system gives no connection, as with too many open files.
const TAKE_AGAIN: Duration = Duration::from_millis(200);

/// Room for the head of a request. Browsers need two thousand bytes.
const HEAD_BYTES_MAX: usize = 16 * 1_024;

/// Serves until `shutdown` is done; then requests that are under way have two seconds to end.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    ports: Ports,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), NoRandomness> {
    let world = Arc::clone(&ports.world);
    let app = App::new(config, ports)?;
    let router = routes(Arc::clone(&app));
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let from_afar = Arc::new(Semaphore::new(CONNECTIONS_FROM_AFAR_MAX));
    let (ending, ended) = watch::channel(());
    tokio::pin!(shutdown);
    loop {
        let (socket, peer, place) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            taken = take(&listener, &*world, &places) => taken,
        };
        let peer = peer.ip().to_canonical();
        let Ok(guest) = guest(peer, &from_afar) else { continue };
        let router = router.clone().layer(Extension(Peer(peer)));
        let work = connection(socket, router, Arc::clone(&world), ended.clone());
        world.spawn(
            "dashboard connection",
            Box::pin(async move {
                work.await;
                drop((place, guest));
            }),
        );
    }
    drop(listener);
    app.live.end();
    ending.send_replace(());
    let all = u32::try_from(CONNECTIONS_MAX).unwrap_or(u32::MAX);
    if within(&*world, END_LIMIT, places.acquire_many(all)).await.is_none() {
        tracing::info!("connections to the dashboard were cut");
    }
    Ok(())
}

/// The place of whoever is not on this machine: they leave some for the health check and a proxy,
/// whatever they do. An error if there is none; the connection is closed then.
fn guest(
    peer: IpAddr,
    from_afar: &Arc<Semaphore>,
) -> Result<Option<OwnedSemaphorePermit>, TryAcquireError> {
    if peer.is_loopback() {
        return Ok(None);
    }
    Arc::clone(from_afar).try_acquire_owned().map(Some)
}

/// The next connection, when there is a place for it.
async fn take(
    listener: &TcpListener,
    world: &dyn World,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let place = Arc::clone(places).acquire_owned().await;
        match (listener.accept().await, place) {
            (Ok((socket, peer)), Ok(place)) => return (socket, peer, place),
            (Err(error), _) => {
                tracing::warn!(%error, "the dashboard could not take a connection");
                world.sleep(TAKE_AGAIN).await;
            }
            // Nobody closes the places.
            (Ok(_), Err(_)) => std::future::pending().await,
        }
    }
}

async fn connection(
    socket: TcpStream,
    router: Router,
    world: Arc<dyn World>,
    mut ended: watch::Receiver<()>,
) {
    let mut http = Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT).max_buf_size(HEAD_BYTES_MAX);
    let serving = http.serve_connection(TokioIo::new(socket), TowerToHyperService::new(router));
    tokio::pin!(serving);
    let served = tokio::select! {
        served = &mut serving => served,
        () = world.sleep(CONNECTION_LIMIT) => return,
        // An error means that the server is gone.
        _ = ended.changed() => {
            serving.as_mut().graceful_shutdown();
            within(&*world, END_LIMIT, serving).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the dashboard ended");
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn whoever_comes_from_afar_leaves_places_for_this_machine() {
        let from_afar = Arc::new(Semaphore::new(1));
        let far = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        let held = guest(far, &from_afar).unwrap();
        assert!(held.is_some() && guest(far, &from_afar).is_err());
        assert!(matches!(guest(Ipv4Addr::LOCALHOST.into(), &from_afar), Ok(None)));
        drop(held);
        assert!(guest(far, &from_afar).is_ok());
    }
}
