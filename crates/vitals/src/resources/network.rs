//! What goes over the network.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::memory::cgroup::read;
use crate::snapshot::Network;

/// The network, with what had gone over it up to the last look.
#[derive(Debug)]
pub struct Traffic {
    root: PathBuf,
    last: Option<(Duration, Network)>,
}

impl Traffic {
    /// Reads below `root`; `/` but in tests.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), last: None }
    }

    /// What went over all interfaces but the loopback, and how fast since the last look.
    pub fn look(&mut self, monotonic: Duration) -> Network {
        let text = read(&self.root.join("proc/self/net/dev")).unwrap_or_default();
        let (received, sent) = totals(&text);
        let mut network = Network { received, sent, ..Network::default() };
        if let Some((at, before)) = self.last {
            let elapsed = monotonic.saturating_sub(at);
            network.received_each_second = rate(before.received, received, elapsed);
            network.sent_each_second = rate(before.sent, sent, elapsed);
        }
        self.last = Some((monotonic, network));
        network
    }
}

/// Bytes received and sent.
fn totals(text: &str) -> (u64, u64) {
    let others = text.lines().filter_map(|line| line.split_once(':'));
    let others = others.filter(|(name, _)| name.trim() != "lo");
    others.fold((0, 0), |(received, sent): (u64, u64), (_, counts)| {
        let mut counts = counts.split_whitespace().map(|count| count.parse().unwrap_or(0));
        let (first, ninth) = (counts.next().unwrap_or(0), counts.nth(7).unwrap_or(0));
        (received.saturating_add(first), sent.saturating_add(ninth))
    })
}

/// Bytes each second; nothing if an interface came, or left with its count.
fn rate(before: u64, after: u64, elapsed: Duration) -> f64 {
    let seconds = elapsed.as_secs_f64();
    let bytes = after.saturating_sub(before);
    if seconds <= 0.0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more than 52 bits")]
    let bytes = bytes as f64;
    bytes / seconds
}
