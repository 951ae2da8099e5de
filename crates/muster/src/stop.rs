//! The operator's wish to end: SIGTERM, SIGINT.

use tokio::sync::watch;

use crate::exit::Exit;

/// Turns true when the program is asked to end.
pub(crate) fn on_signals() -> Result<watch::Receiver<bool>, Exit> {
    let failed = |error| Exit::Surroundings(format!("signals cannot be received: {error}"));
    let (sender, receiver) = watch::channel(false);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            sender.send_replace(true);
        });
    }
    #[cfg(not(unix))]
    spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            sender.send_replace(true);
        }
    });
    Ok(receiver)
}

#[expect(clippy::disallowed_methods, reason = "signals are no part of the replayable world")]
fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(work));
}
