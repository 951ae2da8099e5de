//! The whole bot over https and wss, as real users run it, with a certificate authority that only
//! `DISCORD_CA_FILE` makes it trust.

use std::sync::Arc;
use std::time::Duration;

use muster_sim::{SimClock, SimConfig, TestAuthority, World, seed};

use crate::child::Program;
use crate::stage::{Stage, friday};

/// A stage whose Discord speaks TLS, and the file with what makes it trusted.
async fn secure() -> (Stage, String) {
    let mut stage = Stage::without_bot(SimClock::real()).await;
    let authority = TestAuthority::new().unwrap();
    let config = SimConfig {
        tls: Some(authority.clone()),
        observer: stage.observer(),
        ..SimConfig::default()
    };
    stage.demo = seed::demo(1, config.clock.now());
    let world = std::mem::replace(&mut stage.demo.world, World::new(0, friday()));
    stage.sim = Arc::new(muster_sim::start(world, config).await.unwrap());
    assert!(stage.sim.url().starts_with("https://"));
    let file = stage.folder().join("ca.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    (stage, file.display().to_string())
}

#[tokio::test]
async fn an_event_is_posted_and_answered_over_tls() {
    let (stage, ca_file) = secure().await;
    let url = stage.sim.url();
    let variables = [
        ("DISCORD_API_URL", url.as_str()),
        ("DISCORD_CA_FILE", ca_file.as_str()),
        ("DEFAULT_TIMEZONE", "Europe/Berlin"),
    ];
    let program = Program::starts(&stage.folder(), &variables);
    stage.is_online().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    stage.says(raid, "Yes (1)").await;
    program.is_asked_to_end();
    assert_eq!(program.ends().await.status, Some(0));
    stage.ends().await;
}

#[tokio::test]
async fn without_the_authority_it_says_why_and_sends_nothing() {
    let (stage, _) = secure().await;
    let url = stage.sim.url();
    let program = Program::starts(&stage.folder(), &[("DISCORD_API_URL", url.as_str())]);
    program.says("cannot be reached").await;
    program.says("certificate").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    program.is_asked_to_end();
    assert_eq!(program.ends().await.status, Some(0));
    let counts = stage.sim.counts();
    assert_eq!((counts.dials, counts.requests.len()), (0, 0), "no byte of it was read");
    stage.ends().await;
}
