//! Looks at the disk on another thread than the bot's own: where it does not answer, as a network
//! mount that is gone, nobody waits for it but that thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use muster_engine::ports::within;
use tokio::sync::Mutex as AsyncMutex;
use tokio::task::{JoinHandle, spawn_blocking};
use tracing::{info, warn};

use crate::env::SystemEnv;

/// How long anybody waits for what the disk says. It takes well below a millisecond, and commands
/// wait no longer than 0.7 s for all that they show.
const PATIENCE: Duration = Duration::from_millis(200);

/// What the disk said last, and whether it is being asked.
#[derive(Default)]
pub(super) struct DiskLook<T> {
    last: Mutex<T>,
    /// Never more than one thread waits for the disk.
    under_way: AsyncMutex<Option<JoinHandle<T>>>,
    is_silent: AtomicBool,
}

impl<T: Copy + Send + 'static> DiskLook<T> {
    /// What the disk says by `ask`, or what it said last if it does not answer at the moment.
    pub(super) async fn look(
        &self,
        env: &SystemEnv,
        ask: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        if let Some(mut under_way) = within(env, PATIENCE, self.under_way.lock()).await {
            self.wait(env, &mut under_way, ask).await;
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::disallowed_methods, reason = "it may hang, and the bot may not")]
    async fn wait(
        &self,
        env: &SystemEnv,
        under_way: &mut Option<JoinHandle<T>>,
        ask: impl FnOnce() -> T + Send + 'static,
    ) {
        let asking = under_way.get_or_insert_with(|| spawn_blocking(ask));
        let Some(said) = within(env, PATIENCE, asking).await else {
            if !self.is_silent.swap(true, Ordering::Relaxed) {
                warn!("the disk does not say how full it is; its last figures are shown");
            }
            return;
        };
        *under_way = None;
        match said {
            Ok(said) => {
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) = said;
                if self.is_silent.swap(false, Ordering::Relaxed) {
                    info!("the disk says again how full it is");
                }
            }
            // A fault, or the end: what was known stays.
            Err(error) => warn!(%error, "the disk could not be looked at"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::sync::{Arc, mpsc};

    use muster_vitals::snapshot::Disk;

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

    #[tokio::test]
    async fn many_who_ask_a_disk_that_hangs_wait_for_one_thread() {
        let (env, looks) = (SystemEnv::new(), DiskLook::default());
        let asked = Arc::new(AtomicUsize::new(0));
        let (answer, hung) = mpsc::channel();
        let hung = Mutex::new(Some(hung));
        let ask = || {
            let (asked, hung) = (Arc::clone(&asked), hung.lock().unwrap().take());
            move || {
                asked.fetch_add(1, Ordering::Relaxed);
                full(hung.map_or(0, |hung: mpsc::Receiver<u64>| hung.recv().unwrap()))
            }
        };
        tokio::join!(looks.look(&env, ask()), looks.look(&env, ask()), looks.look(&env, ask()));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        answer.send(5).unwrap();
        assert_eq!(looks.look(&env, ask()).await, full(5));
    }
}
