//! The dashboard of a bot that is made up, to look at and to check the metrics with:
//! `cargo run -p muster-web --example dashboard [calm|alert] [PORT]`. With `DASHBOARD_TOKEN` set,
//! one has to sign in.

mod bot;
mod system;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bot::{MadeUp, Mood};
use muster_web::{Config, Given, Ports};
use system::System;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let mood = match words.next().as_deref() {
        Some("alert") => Mood::Alert,
        _ => Mood::Calm,
    };
    let port = words.next().map_or(Ok(8_080), |port| port.parse())?;
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let address = listener.local_addr()?;
    let token = std::env::var("DASHBOARD_TOKEN").unwrap_or_default();
    let config = Config::check(address, &Given { dashboard_token: &token, ..Given::default() })?;
    let world = Arc::new(System::new());
    let watched = Arc::new(MadeUp::new(mood, world.clone()));
    let counted = Arc::clone(&watched);
    let ports = Ports {
        given_up: watched.clone(),
        watched,
        world,
        discord: None,
        on_failure: Arc::new(move |failed| counted.note(failed)),
    };
    #[expect(clippy::print_stdout, reason = "this is what it tells whoever started it")]
    {
        println!("the dashboard is at http://{address}/");
    }
    let stopped = async {
        tokio::signal::ctrl_c().await.ok();
    };
    muster_web::serve(listener, config, ports, stopped).await?;
    Ok(())
}
