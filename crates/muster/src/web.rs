//! Fills what the dashboard needs: time, randomness, tasks, and Discord for signing in.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use muster_discord::net::Network;
use muster_discord::outside::{self, Address, Content};
use muster_domain::id::UserId;
use muster_engine::ports::{Clock as _, Tasks as _};
use muster_vitals::snapshot::SecurityKind;
use muster_vitals::watched::{Soon, Watched};
use muster_web::{CodeExchange, DiscordSignIn, ExchangeFailed, NoRandomness, Ports, World};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing::{info, warn};
use zeroize::Zeroizing;

use crate::config::Listens;
use crate::env::SystemEnv;
use crate::exit::Exit;
use crate::given_up::Listed;
use crate::watching::Known;

/// Opens the dashboard's port, so that one that is taken is said at the start.
pub(crate) async fn listen(listens: Listens) -> Result<Option<TcpListener>, Exit> {
    match listens {
        Listens::Open(listener) => taken_over(listener).map(Some),
        Listens::At(address) => TcpListener::bind(address).await.map(Some).map_err(|error| {
            let instead = format!(
                "nothing can listen there ({error}): if Muster runs already, end that one first; \
                 otherwise name another address with a port, or off for no dashboard"
            );
            Exit::variable("HTTP_ADDR", &address.to_string(), &instead)
        }),
        Listens::IfFree(address) => Ok(TcpListener::bind(address)
            .await
            .inspect_err(|error| {
                warn!(
                    %address, %error,
                    "there is no dashboard and no health check: set HTTP_ADDR to another address"
                );
            })
            .ok()),
    }
}

fn taken_over(listener: std::net::TcpListener) -> Result<TcpListener, Exit> {
    let listener = listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener));
    listener.map_err(|error| Exit::Surroundings(format!("no dashboard can be served: {error}")))
}

/// Serves the dashboard until `stop` turns true.
pub(crate) async fn serve(
    listener: TcpListener,
    config: muster_web::Config,
    ports: Ports,
    mut stop: watch::Receiver<bool>,
) {
    match listener.local_addr() {
        Ok(address) => {
            info!(%address, "the dashboard listens");
            if config.is_in_clear(address) {
                warn!(
                    %address,
                    "whoever can read along sees the dashboard's token: put a proxy with https \
                     before it, and set PUBLIC_URL"
                );
            }
        }
        Err(error) => warn!(%error, "the dashboard's address is unknown"),
    }
    let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
    if let Err(error) = muster_web::serve(listener, config, ports, stopped).await {
        warn!(%error, "the dashboard has stopped");
    }
}

/// All that the dashboard needs.
pub(crate) fn ports(
    env: SystemEnv,
    watched: Arc<dyn Watched>,
    given_up: Listed,
    sign_in: SignIn,
) -> Ports {
    let security = Arc::clone(&watched);
    Ports {
        watched,
        given_up: Arc::new(given_up),
        world: Arc::new(WebWorld(env)),
        discord: Some(Arc::new(sign_in)),
        on_failure: Arc::new(move |failed| {
            security.note(SecurityKind::SignInFailed, failed.user, None);
        }),
    }
}

struct WebWorld(SystemEnv);

impl World for WebWorld {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    fn sleep(&self, duration: Duration) -> Soon<'static, ()> {
        let env = self.0.clone();
        Box::pin(async move { env.sleep(duration).await })
    }

    #[expect(clippy::disallowed_methods, reason = "this is what fills the port")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }

    fn spawn(&self, name: &'static str, work: Soon<'static, ()>) {
        self.0.spawn(name, work);
    }
}

/// Signing in with Discord.
pub(crate) struct SignIn {
    pub(crate) env: SystemEnv,
    pub(crate) network: Network,
    pub(crate) api_url: String,
    pub(crate) known: Arc<Known>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
}

#[derive(Deserialize)]
struct Someone {
    id: String,
}

impl SignIn {
    async fn ask(&self, path: &str, content: Content) -> Result<Bytes, ExchangeFailed> {
        let address = Address::parse(&format!("{}/api/v10{path}", self.api_url));
        let address = address.map_err(|_| ExchangeFailed::Unreachable)?;
        let answered = outside::send(&self.env, &self.network, &address, content).await;
        match answered {
            Ok(answered) if answered.status == 200 => Ok(answered.body),
            Ok(answered) if (400..500).contains(&answered.status) => {
                warn!(status = answered.status, path, "Discord refused a sign-in");
                Err(ExchangeFailed::Refused)
            }
            Ok(answered) => {
                warn!(status = answered.status, path, "Discord did not answer a sign-in");
                Err(ExchangeFailed::Unreachable)
            }
            Err(error) => {
                warn!(%error, path, "Discord could not be asked for a sign-in");
                Err(ExchangeFailed::Unreachable)
            }
        }
    }

    async fn exchange(&self, exchange: CodeExchange) -> Result<u64, ExchangeFailed> {
        let form = Zeroizing::new(
            form_urlencoded::Serializer::new(String::new())
                .append_pair("client_id", &exchange.client_id.to_string())
                .append_pair("client_secret", exchange.client_secret.expose())
                .append_pair("grant_type", "authorization_code")
                .append_pair("code", exchange.code.expose())
                .append_pair("redirect_uri", &exchange.redirect_uri)
                .finish(),
        );
        let content = Content {
            kind: Some("application/x-www-form-urlencoded"),
            body: Bytes::copy_from_slice(form.as_bytes()),
            authorization: None,
        };
        let granted = self.ask("/oauth2/token", content).await?;
        let granted: Granted =
            serde_json::from_slice(&granted).map_err(|_| ExchangeFailed::Refused)?;
        let bearer = Zeroizing::new(format!("Bearer {}", granted.access_token));
        let content = Content { authorization: Some(bearer), ..Content::default() };
        let someone = self.ask("/users/@me", content).await?;
        let someone: Someone =
            serde_json::from_slice(&someone).map_err(|_| ExchangeFailed::Refused)?;
        someone.id.parse().map_err(|_| ExchangeFailed::Refused)
    }
}

impl DiscordSignIn for SignIn {
    fn client_id(&self) -> Option<u64> {
        self.known.application.get().copied()
    }

    fn authorize_url(&self) -> String {
        format!("{}/oauth2/authorize", self.api_url)
    }

    fn who(&self, exchange: CodeExchange) -> Soon<'_, Result<u64, ExchangeFailed>> {
        Box::pin(self.exchange(exchange))
    }

    fn is_operator(&self, user: u64) -> bool {
        self.known.operators().contains(&UserId::new(user))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_refused_if_it_was_asked_for_and_done_without_otherwise() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let refused = listen(Listens::At(address)).await.unwrap_err();
        assert!(refused.status() == 3 && refused.to_string().contains("HTTP_ADDR"), "{refused}");
        assert!(listen(Listens::IfFree(address)).await.unwrap().is_none());
    }
}
