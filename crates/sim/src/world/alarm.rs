//! What happens by itself at an instant: quiet threads go into the archive, scheduled events begin
//! and end.

use jiff::Timestamp;

use super::World;
use crate::ids::{ChannelId, GuildId, ScheduledEventId};

/// Whose instant it is. What is done then is decided by how things are then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alarm {
    Thread(ChannelId),
    Scheduled(GuildId, ScheduledEventId),
}

impl World {
    pub(super) fn ring_at(&mut self, at: Timestamp, alarm: Alarm) {
        self.alarms.insert((at, alarm));
    }

    /// Does everything that is due until `now`, each at its own instant.
    pub(super) fn ring_until(&mut self, now: Timestamp) {
        while let Some((at, alarm)) = self.alarms.first().copied().filter(|(at, _)| *at <= now) {
            self.alarms.pop_first();
            self.now = self.now.max(at);
            match alarm {
                Alarm::Thread(thread) => self.archive_if_quiet(thread),
                Alarm::Scheduled(guild, event) => self.move_scheduled_on(guild, event),
            }
        }
    }
}
