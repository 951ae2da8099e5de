//! Work that goes on until the end comes, also after a defect showed in it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use muster_engine::ports::{Clock as _, Tasks as _};
use tracing::error;

use crate::env::SystemEnv;

/// How long after a panic the work begins again: a defect that shows at once fills no log.
const BEGINS_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Has work done beside all else that ends with the program and not before. After a panic it begins
/// again: without it no reminder would go out until somebody starts the program anew.
pub(super) fn keep_up<A, W>(env: &SystemEnv, app: &A, name: &'static str, work: fn(A) -> W)
where
    A: Clone + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let (clock, app) = (env.clone(), app.clone());
    env.spawn(name, async move {
        until_it_ends(name, || work(app.clone()), || clock.sleep(BEGINS_AGAIN_AFTER)).await;
    });
}

async fn until_it_ends<W: Future<Output = ()>, P: Future<Output = ()>>(
    name: &'static str,
    work: impl Fn() -> W,
    pause: impl Fn() -> P,
) {
    while AssertUnwindSafe(work()).catch_unwind().await.is_err() {
        error!(task = name, "a task panicked; this is a defect of Muster");
        pause().await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn work_that_panics_begins_again_after_a_pause_until_it_ends() {
        let (begun, paused) = (Cell::new(0), Cell::new(0));
        let work = || {
            begun.set(begun.get() + 1);
            let time = begun.get();
            async move { assert!(time > 2, "a planted defect") }
        };
        let pause = || {
            paused.set(paused.get() + 1);
            std::future::ready(())
        };
        until_it_ends("a test", work, pause).await;
        assert_eq!((begun.get(), paused.get()), (3, 2));
    }
}
