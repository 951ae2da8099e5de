//! Looks at the disk on another thread than the bot's own: where it does not answer, as a network
//! mount that is gone, nobody waits for it but that thread.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use muster_engine::ports::within;
use muster_vitals::snapshot::Disk;
use tokio::task::{JoinHandle, spawn_blocking};
use tracing::{info, warn};

use crate::env::SystemEnv;

/// How long a sample waits for what the disk says. It takes well below a millisecond.
const PATIENCE: Duration = Duration::from_millis(500);

/// What the disk said last, and whether it is being asked.
#[derive(Default)]
pub(super) struct DiskLook {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Disk,
    /// Never more than one thread waits for the disk.
    under_way: Option<JoinHandle<Disk>>,
    is_silent: bool,
}

impl DiskLook {
    /// What the disk says by `ask`, or what it said last if it does not answer at the moment.
    #[expect(clippy::disallowed_methods, reason = "it may hang, and the bot may not")]
    pub(super) async fn look(
        &self,
        env: &SystemEnv,
        ask: impl FnOnce() -> Disk + Send + 'static,
    ) -> Disk {
        let under_way = self.lock().under_way.take();
        let mut asking = under_way.unwrap_or_else(|| spawn_blocking(ask));
        let said = within(env, PATIENCE, &mut asking).await;
        let mut state = self.lock();
        match said {
            Some(Ok(disk)) => {
                state.last = disk;
                if std::mem::take(&mut state.is_silent) {
                    info!("the disk says again how full it is");
                }
            }
            // A fault, or the end: what was known stays.
            Some(Err(error)) => warn!(%error, "the disk could not be looked at"),
            None => {
                state.under_way = Some(asking);
                if !std::mem::replace(&mut state.is_silent, true) {
                    warn!("the disk does not say how full it is; its last figures are shown");
                }
            }
        }
        state.last
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn full(free: u64) -> Disk {
        Disk { size: 100, free, ..Disk::default() }
    }

    #[tokio::test]
    async fn a_disk_that_hangs_holds_up_nobody_and_is_asked_by_one_thread_at_a_time() {
        let (env, looks) = (SystemEnv::new(), DiskLook::default());
        assert_eq!(looks.look(&env, || full(7)).await, full(7));
        let (answer, asked) = mpsc::channel();
        let hangs = looks.look(&env, move || full(asked.recv().unwrap()));
        // On the same thread, as taps are.
        let goes_on = async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            true
        };
        assert_eq!(tokio::join!(hangs, goes_on), (full(7), true), "what it said last");
        let (begun, begins) = mpsc::channel();
        let second = looks.look(&env, move || {
            begun.send(()).unwrap();
            full(1)
        });
        assert_eq!(second.await, full(7));
        assert!(begins.recv().is_err(), "nothing else was asked of it meanwhile");
        answer.send(3).unwrap();
        assert_eq!(looks.look(&env, || full(2)).await, full(3), "it answers");
        assert_eq!(looks.look(&env, || full(2)).await, full(2));
    }
}
