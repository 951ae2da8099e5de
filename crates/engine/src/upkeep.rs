//! Lets go of what is kept no longer, when its time has come and not before.

use jiff::Timestamp;
use muster_store::StoreError;
use muster_store::model::Kept;
use muster_store::port::Upkeep as _;
use tracing::{info, warn};

use crate::app::{App, World};
use crate::background::UPKEEP;
use crate::discord::Discord as _;
use crate::limits::{PURGE_LOOK_AGAIN, PURGE_PAUSE, PURGE_RETRY};
use crate::ports::{Clock as _, within};

impl<W: World> App<W> {
    /// Deletes what is kept no longer, until the end comes. Run once per application, on a task of
    /// its own. Sleeps until something is due, at most [`PURGE_LOOK_AGAIN`].
    pub async fn run_upkeep(self) {
        let _under_way = self.begin_work();
        while !self.is_closing() {
            let wake_at = match self.purge_what_is_due().await {
                Ok(next) => next,
                Err(error) => {
                    warn!(%error, "what is kept no longer could not be deleted");
                    self.now().saturating_add(PURGE_RETRY).ok()
                }
            };
            let wake_at = wake_at.unwrap_or(Timestamp::MAX);
            // By the monotonic clock, too: the other one may have been ahead by years.
            let due = self.env().sleep_until(wake_at);
            let due = async { within(self.env(), PURGE_LOOK_AGAIN, due).await.unwrap_or_default() };
            self.until_closing(due).await;
        }
    }

    /// Deletes all that is due, piece by piece; returns when the next will be.
    async fn purge_what_is_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let kept = self.kept();
        let mut pieces: u64 = 0;
        loop {
            // What is deleted does not come back: a clock that is ahead by years deletes nothing.
            let Some(discords) = self.discord().time() else {
                return Ok(self.now().saturating_add(PURGE_RETRY).ok());
            };
            let now = discords.min(self.now());
            let next = self.store().next_purge(kept).await?;
            let due = next.is_some_and(|next| next <= now) && !self.is_closing();
            let purged =
                due && self.task(UPKEEP, || self.store().purge(kept, now)).await? == Some(true);
            if !purged {
                if pieces > 0 {
                    info!(pieces, "what is kept no longer was deleted");
                }
                return Ok(next.filter(|next| *next > self.now()));
            }
            pieces = pieces.saturating_add(1);
            // Whoever taps meanwhile goes between two pieces.
            self.until_closing(self.env().sleep(PURGE_PAUSE)).await;
        }
    }

    fn kept(&self) -> Kept {
        Kept {
            removed_guild: self.config().removed_guild_kept,
            called_off_event: muster_domain::limits::KEPT_AFTER_CANCEL,
            retention_grace: muster_domain::limits::RETENTION_GRACE,
            deleted_template: muster_domain::limits::TEMPLATE_KEPT,
        }
    }
}
