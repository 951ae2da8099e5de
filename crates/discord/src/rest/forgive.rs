//! Channels that refused us are left alone, until something has changed that is worth a try.

use muster_domain::id::ChannelId;
use muster_engine::ports::Env;

use super::Rest;
use super::wire::Wire;

impl<E: Env, W: Wire> Rest<E, W> {
    /// A channel that refused us and was left alone since may be used again.
    pub fn forgive(&self, channel: ChannelId) {
        self.shared.governor.forgive(channel);
    }

    /// The same of all channels that refused us.
    pub fn forgive_all(&self) {
        self.shared.governor.forgive_all();
    }
}
