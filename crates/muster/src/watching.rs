//! Starts what watches the bot: samples, alerts, and the dashboard. All of it runs before Discord
//! is reached, so that a bot that cannot reach it can be looked at.

use std::sync::{Arc, OnceLock};

use muster_discord::net::Network;
use muster_discord::rest::Rest;
use muster_domain::id::UserId;
use muster_engine::App;
use muster_engine::ports::Tasks as _;
use muster_store::sqlite::SqliteStore;
use muster_vitals::Vitals;
use muster_vitals::watched::Watched;
use tokio::net::TcpListener;
use tokio::sync::{SetOnce, watch};

use crate::alerts::{AlertTargets, Teller};
use crate::config::Web;
use crate::env::SystemEnv;
use crate::exit::Exit;
use crate::given_up::Listed;
use crate::run::World;
use crate::watch::{Places, Watch};
use crate::web::{self, SignIn};

/// What Discord tells of the bot once it is reached.
#[derive(Default)]
pub(crate) struct Known {
    /// The application's number.
    pub(crate) application: OnceLock<u64>,
    /// Who operates the bot.
    pub(crate) operators: SetOnce<Vec<UserId>>,
    /// The bot itself.
    pub(crate) app: OnceLock<App<World>>,
}

impl Known {
    /// Who operates the bot, as far as is known.
    pub(crate) fn operators(&self) -> &[UserId] {
        self.operators.get().map_or(&[], Vec::as_slice)
    }
}

/// The dashboard's port, open before anything else is.
pub(crate) struct Open(Option<(TcpListener, muster_web::Config)>);

impl Open {
    /// Opens it, if there is to be one.
    pub(crate) async fn port(web: Option<Web>) -> Result<Self, Exit> {
        let Some(web) = web else { return Ok(Self(None)) };
        let listener = web::listen(web.listens).await?;
        Ok(Self(listener.map(|listener| (listener, web.config))))
    }
}

/// What is watched, and how it is told.
pub(crate) struct Plan<'a> {
    pub(crate) env: &'a SystemEnv,
    pub(crate) store: &'a Arc<SqliteStore>,
    pub(crate) vitals: &'a Arc<Vitals>,
    pub(crate) places: Places,
    /// Settings in force that are not among the vitals.
    pub(crate) beside_vitals: Vec<(&'static str, String)>,
    pub(crate) alerts: AlertTargets,
    pub(crate) rest: &'a Rest<SystemEnv>,
    pub(crate) network: &'a Network,
    pub(crate) api_url: &'a str,
}

/// Everything that watches the bot. It ends when this is dropped.
pub(crate) struct Watching {
    pub(crate) watched: Arc<dyn Watched>,
    pub(crate) known: Arc<Known>,
    over: watch::Sender<bool>,
}

impl Watching {
    /// Starts it all, once the first sample is taken.
    pub(crate) async fn start(plan: Plan<'_>, open: Open) -> Self {
        let Plan { env, store, vitals, places, beside_vitals, alerts, rest, network, api_url } =
            plan;
        let (over, ends) = watch::channel(false);
        let known = Arc::<Known>::default();
        let (of_store, of_vitals) = (Arc::clone(store), Arc::clone(vitals));
        let watch = Arc::new(Watch::new(env.clone(), of_store, of_vitals, places, beside_vitals));
        let teller = Arc::new(Teller {
            env: env.clone(),
            rest: rest.clone(),
            network: network.clone(),
            targets: alerts,
            known: Arc::clone(&known),
            store: Arc::clone(store),
            newest: watch::Sender::default(),
        });
        let first = watch.begin(&teller).await;
        env.spawn("monitor", Arc::clone(&watch).run(teller, first, ends.clone()));
        let watched: Arc<dyn Watched> = watch;
        if let Some((listener, config)) = open.0 {
            let sign_in = SignIn {
                env: env.clone(),
                network: network.clone(),
                api_url: api_url.to_owned(),
                known: Arc::clone(&known),
            };
            let given_up =
                Listed { env: env.clone(), store: Arc::clone(store), known: Arc::clone(&known) };
            let ports = web::ports(env.clone(), Arc::clone(&watched), given_up, sign_in);
            env.spawn("dashboard", web::serve(listener, config, ports, ends));
        }
        Self { watched, known, over }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.over.send_replace(true);
    }
}
