//! Bounds how many lines of one kind are written, so that a fault that repeats fills no disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Filter};

/// For how long lines are counted.
const WINDOW: Duration = Duration::from_secs(10);

/// Kinds of lines are places in the program; there are fewer.
const KINDS_MAX: usize = 4_096;

/// Lets through so many lines of one kind in each [`WINDOW`], and counts the others.
#[derive(Clone, Debug)]
pub(crate) struct LineLimit {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    most: usize,
    /// When counting began: windows follow each other from there.
    born: Instant,
    kinds: Mutex<HashMap<Identifier, Kind>>,
}

#[derive(Debug)]
struct Kind {
    /// The file and line in the program.
    place: String,
    window: u64,
    lines: usize,
    left_out: u64,
}

impl LineLimit {
    #[expect(clippy::disallowed_methods, reason = "logs begin before there is a world of ports")]
    pub(crate) fn new(most: usize) -> Self {
        let (born, kinds) = (Instant::now(), Mutex::default());
        Self { inner: Arc::new(Inner { most, born, kinds }) }
    }

    /// How many lines were left out since this was last asked, by the place that wrote them.
    pub(crate) fn take_left_out(&self) -> Vec<(String, u64)> {
        let mut kinds = self.inner.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken: Vec<_> = kinds
            .values_mut()
            .filter(|kind| kind.left_out > 0)
            .map(|kind| (kind.place.clone(), std::mem::take(&mut kind.left_out)))
            .collect();
        taken.sort();
        taken
    }

    fn admits(&self, event: &Event<'_>, elapsed: Duration) -> bool {
        let metadata = event.metadata();
        let mut kinds = self.inner.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        if kinds.len() >= KINDS_MAX && !kinds.contains_key(&metadata.callsite()) {
            return true;
        }
        let kind = kinds.entry(metadata.callsite()).or_insert_with(|| {
            let (file, line) = (metadata.file().unwrap_or("?"), metadata.line().unwrap_or(0));
            Kind { place: format!("{file}:{line}"), window: 0, lines: 0, left_out: 0 }
        });
        let window = elapsed.as_secs() / WINDOW.as_secs();
        if kind.window != window {
            (kind.window, kind.lines) = (window, 0);
        }
        kind.lines = kind.lines.saturating_add(1);
        let admitted = kind.lines <= self.inner.most;
        if !admitted {
            kind.left_out = kind.left_out.saturating_add(1);
        }
        admitted
    }
}

impl<S: Subscriber> Filter<S> for LineLimit {
    fn enabled(&self, _: &tracing::Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        self.admits(event, self.inner.born.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use tracing::{info, warn};
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::{Layer as _, fmt, registry};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_that_repeats_is_cut_and_counted_and_others_go_on() {
        let (limit, written) = (LineLimit::new(3), Written::default());
        let to = written.clone();
        let layer = fmt::layer().with_writer(move || to.clone()).with_filter(limit.clone());
        tracing::subscriber::with_default(registry().with(layer), || {
            for round in 0..10 {
                warn!(round, "the same fault");
            }
            info!("something else");
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let repeated = text.matches("the same fault").count();
        // A window may end in between.
        assert!((3..=6).contains(&repeated), "{text}");
        assert!(text.contains("something else"), "{text}");
        let left_out = limit.take_left_out();
        let number = 10 - u64::try_from(repeated).unwrap();
        assert!(
            matches!(&*left_out, [(place, left)] if place.contains("rate.rs") && *left == number)
        );
        assert!(limit.take_left_out().is_empty());
    }
}
