//! Keeps the bot running as a supervisor does: starts it again when it has ended, in whatever way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::life::{Life, Lives};
use crate::random::Random;
use crate::run::Kind;
use crate::stage::Stage;

/// What somebody wants of the bot's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// It shall run.
    Run,
    /// It is stopped in order, and started again.
    Restart,
    /// It is killed, and started again.
    Kill,
}

/// Hands over orders.
pub type Orders = watch::Sender<(u64, Order)>;

/// The bot was started so often without getting anywhere.
const STARTS_MAX: u32 = 50;

/// Runs the bot, one life after the other, for ever.
pub async fn keep(stage: Arc<Stage>, orders: watch::Receiver<(u64, Order)>) {
    let (mut random, mut orders) = (stage.random("keeper"), orders);
    let lives = Lives::default();
    let mut failures = 0;
    stage.ledger.away(true);
    loop {
        match Life::begin(&stage, &lives) {
            Ok(life) => {
                failures = 0;
                live(&stage, life, &mut orders).await;
            }
            Err(error) => {
                failures += 1;
                stage.trace.note("keeper", format_args!("cannot start: {error}"));
                if failures == STARTS_MAX {
                    return stage.ledger.violation("start", error.to_string());
                }
            }
        }
        pause(down_time(stage.kind, &mut random)).await;
    }
}

/// One life until its end.
async fn live(stage: &Arc<Stage>, life: Life, orders: &mut watch::Receiver<(u64, Order)>) {
    life.run(stage);
    orders.mark_unchanged();
    let ending = tokio::select! {
        biased;
        ending = life.ended() => Some(ending),
        order = next(orders) => {
            obey(stage, &life, order).await;
            None
        }
    };
    stage.ledger.away(true);
    stage.trace.note("keeper", format_args!("ended: {ending:?}"));
    life.buried(stage).await;
}

async fn next(orders: &mut watch::Receiver<(u64, Order)>) -> Order {
    loop {
        if orders.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        let (_, order) = *orders.borrow_and_update();
        if order != Order::Run {
            return order;
        }
    }
}

async fn obey(stage: &Stage, life: &Life, order: Order) {
    match order {
        Order::Run => {}
        Order::Kill => {
            stage.trace.note("keeper", format_args!("kills it"));
            life.kill();
        }
        Order::Restart => tokio::select! {
            biased;
            _ending = life.ended() => {}
            () = life.stop(stage) => {}
        },
    }
}

/// Mostly moments, sometimes minutes, seldom longer than the session can wait; where it is about
/// deliveries, up to a day.
fn down_time(kind: Kind, random: &mut Random) -> Duration {
    let longest_s = match kind {
        Kind::Whole | Kind::Clocks | Kind::Zones | Kind::Reminders | Kind::Dates => {
            [1, 1, 3, 15, 400]
        }
        Kind::Places => [1, 2, 20, 90, 1_500],
        Kind::Deliveries => [1, 20, 90, 1_500, 86_400],
    };
    let most_s = *random.pick(&longest_s).unwrap_or(&1);
    random.between(Duration::from_millis(100), Duration::from_secs(most_s))
}

#[expect(clippy::disallowed_methods, reason = "the supervisor is no part of the bot's world")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
