//! Serves the demo's world on port 4000, for work on the page and for bots of other makes.

use muster_sim::{SimConfig, seed};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = SimConfig { listen: ([127, 0, 0, 1], 4000).into(), ..SimConfig::default() };
    let demo = seed::demo(1, config.clock.now());
    let sim = muster_sim::start(demo.world, config).await?;
    println!("Page: {}", sim.url());
    println!("Bot:  DISCORD_API_URL={} DISCORD_TOKEN={}", sim.url(), seed::TOKEN);
    std::future::pending().await
}
