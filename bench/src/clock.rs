//! The real clock: a measurement is about nothing else.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Now, for measuring spans.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Now, on the calendar.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
pub(crate) fn today() -> Timestamp {
    Timestamp::now()
}

/// Blocks this thread.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
pub(crate) fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

/// Lets this long pass.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
pub(crate) async fn rest(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Waits for something, at most so long; `None` if that was not enough.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, work).await.ok()
}

/// Starts a task beside this one.
#[expect(clippy::disallowed_methods, reason = "nothing here is replayed")]
pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(work));
}

/// An event loop on this thread alone.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, crate::BenchError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(crate::error::io("the event loop"))
}
