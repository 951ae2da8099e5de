//! What goes over the network.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::memory::cgroup::read;
use crate::snapshot::Network;

/// The network, with what had gone over it up to the last look.
#[derive(Debug)]
pub struct Traffic {
    root: PathBuf,
    last: Option<Look>,
}

#[derive(Debug)]
struct Look {
    at: Duration,
    network: Network,
    interfaces: BTreeMap<Box<str>, Counts>,
}

/// What the kernel counts of one interface, in bytes.
#[derive(Clone, Copy, Debug)]
struct Counts {
    received: u64,
    sent: u64,
}

impl Traffic {
    /// Reads below `root`; `/` but in tests.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), last: None }
    }

    /// What went over all interfaces but the loopback, and how fast since the last look. The totals
    /// begin with what the kernel has counted so far, and only grow: interfaces come and go, such
    /// as those of containers, and a sum of what is there would fall with them.
    pub fn look(&mut self, monotonic: Duration) -> Network {
        let text = read(&self.root.join("proc/self/net/dev")).unwrap_or_default();
        let interfaces: BTreeMap<_, _> = interfaces(&text).collect();
        let (before, elapsed) = match &self.last {
            Some(last) => (last.network, monotonic.saturating_sub(last.at)),
            None => (Network::default(), Duration::ZERO),
        };
        let (mut received, mut sent): (u64, u64) = (0, 0);
        for (name, now) in &interfaces {
            let then = match &self.last {
                None => Counts { received: 0, sent: 0 },
                // What came with a count had it before it was seen.
                Some(last) => last.interfaces.get(name).copied().unwrap_or(*now),
            };
            received = received.saturating_add(now.received.saturating_sub(then.received));
            sent = sent.saturating_add(now.sent.saturating_sub(then.sent));
        }
        let network = Network {
            received: before.received.saturating_add(received),
            sent: before.sent.saturating_add(sent),
            received_each_second: rate(received, elapsed),
            sent_each_second: rate(sent, elapsed),
        };
        self.last = Some(Look { at: monotonic, network, interfaces });
        network
    }
}

/// All but the loopback.
fn interfaces(text: &str) -> impl Iterator<Item = (Box<str>, Counts)> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let others =
        lines.map(|(name, counts)| (name.trim(), counts)).filter(|(name, _)| *name != "lo");
    others.map(|(name, counts)| {
        let mut counts = counts.split_whitespace().map(|count| count.parse().unwrap_or(0));
        let received = counts.next().unwrap_or(0);
        (name.into(), Counts { received, sent: counts.nth(7).unwrap_or(0) })
    })
}

/// Bytes each second; nothing at the first look.
fn rate(bytes: u64, elapsed: Duration) -> f64 {
    let seconds = elapsed.as_secs_f64();
    if seconds <= 0.0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more than 52 bits")]
    let bytes = bytes as f64;
    bytes / seconds
}
