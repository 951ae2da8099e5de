//! Every figure of a snapshot for Prometheus.
//!
//! Written by hand: all figures exist already at one instant, both formats are a few lines each,
//! and the usual library writes only the newer of them. Names have base units, and labels few
//! values: no guild, member or channel is ever among them.

mod inside;
mod system;
mod writer;

use muster_vitals::snapshot::Snapshot;

use self::writer::Writer;
pub(crate) use self::writer::{Format, number};

/// All figures in that format.
pub(crate) fn write(snapshot: &Snapshot, format: Format) -> String {
    let mut out = Writer::new(format);
    system::overall(&mut out, snapshot);
    system::memory(&mut out, &snapshot.memory);
    system::machine(&mut out, snapshot);
    system::alerts(&mut out, snapshot);
    inside::answers(&mut out, &snapshot.answers);
    inside::discord(&mut out, &snapshot.discord);
    inside::deliveries(&mut out, snapshot);
    inside::database(&mut out, &snapshot.database);
    inside::cache(&mut out, &snapshot.cache);
    inside::tasks(&mut out, &snapshot.tasks);
    inside::limiter(&mut out, &snapshot.limiter);
    inside::security(&mut out, &snapshot.security);
    inside::backups(&mut out, &snapshot.backups);
    out.finish()
}
