//! What organisers are told of what went wrong: what a report says when it leaves, and what is
//! found to be wrong when the program starts.

use muster_domain::id::{ChannelId, GuildId};
use muster_domain::settings::Language;
use muster_store::StoreError;
use muster_store::model::{Breakage, Delivery, PlacesInUse, TroubleReport};
use muster_store::port::{Deliveries as _, Guilds as _, Troubles as _};
use tracing::{info, warn};

use crate::app::{App, World};
use crate::discord::{ChannelFound, Discord, Examined};
use crate::limits::{
    CHANNELS_CHECKED_AT_START, CHANNELS_CHECKED_LATER, CHANNELS_CHECKED_PAUSE,
    CHANNELS_CHECKED_PAUSES_MAX, REPORT_LINES, REPORT_WAIT,
};
use crate::ports::{Clock as _, within};

/// What a report says.
pub(super) struct Troubles {
    /// What is spoken in the guild.
    pub(super) language: Language,
    pub(super) report: TroubleReport,
    /// What is known of the channels that it names.
    pub(super) channels: Vec<(ChannelId, ChannelFound)>,
}

impl<W: World> App<W> {
    /// What a report says now; `None` if nothing is left to tell.
    pub(super) async fn troubles_in(
        &self,
        delivery: &Delivery,
    ) -> Result<Option<Troubles>, StoreError> {
        let report = self.store().trouble_report(delivery.id, self.now(), REPORT_LINES).await?;
        if report.is_empty() {
            return Ok(None);
        }
        let named: Vec<_> = report.broken.rows.iter().map(|broken| broken.channel).collect();
        let channels = self.what_is_known_of(delivery, &named).await;
        let language = self.store().settings(delivery.guild).await?.language;
        Ok(Some(Troubles { language, report, channels }))
    }

    /// Without it the report says less, and goes out all the same.
    async fn what_is_known_of(
        &self,
        delivery: &Delivery,
        named: &[ChannelId],
    ) -> Vec<(ChannelId, ChannelFound)> {
        if named.is_empty() {
            return Vec::new();
        }
        let examined = self.discord().examine(delivery.guild, named, &[]);
        match within(self.env(), REPORT_WAIT, examined).await {
            Some(Ok(Examined { channels, .. })) => channels,
            Some(Err(_)) | None => Vec::new(),
        }
    }

    /// Finds out at start-up in which channels in use something is wrong: at once where something
    /// is due soonest, and in the others bit by bit.
    pub(super) async fn look_at_channels(&self) {
        let places = match self.store().places_in_use(self.now(), CHANNELS_CHECKED_LATER).await {
            Ok(places) => places,
            Err(error) => return warn!(%error, "which channels are in use could not be read"),
        };
        let mut looked_at: usize = 0;
        for place in places {
            if looked_at >= CHANNELS_CHECKED_AT_START {
                self.pause_before_the_others().await;
            }
            self.look_at_channels_of(&place).await;
            looked_at = looked_at.saturating_add(place.channels.len());
        }
        if looked_at >= CHANNELS_CHECKED_LATER {
            warn!(looked_at, "there are more channels than are looked at after a start");
        }
    }

    /// Waits before channels are looked at that were not at once: longer while messages wait for
    /// their turn, which would wait for these requests as well.
    async fn pause_before_the_others(&self) {
        for _ in 0..CHANNELS_CHECKED_PAUSES_MAX {
            self.env().sleep(CHANNELS_CHECKED_PAUSE).await;
            let next = self.store().next_due().await;
            let is_waiting = next.is_ok_and(|next| next.is_some_and(|next| next <= self.now()));
            if !is_waiting {
                return;
            }
        }
    }

    async fn look_at_channels_of(&self, place: &PlacesInUse) {
        match self.discord().examine(place.guild, &place.channels, &[]).await {
            Ok(Examined { channels, .. }) => {
                for (channel, found) in channels {
                    self.note_channel(place.guild, channel, found.breakage()).await;
                }
            }
            // Another start finds out, or the first message there.
            Err(error) => info!(guild = %place.guild, %error, "channels could not be looked at"),
        }
    }

    /// Notes what is wrong with a channel, or that it works.
    pub(super) async fn note_channel(
        &self,
        guild: GuildId,
        channel: ChannelId,
        found: Option<Breakage>,
    ) {
        match self.store().channel_tested(guild, channel, found, self.now()).await {
            Ok(true) => self.wake_scheduler(),
            Ok(false) => {}
            Err(error) => warn!(%channel, %error, "how a channel is could not be stored"),
        }
    }
}
