//! Whom a reminder in a channel names when it leaves: it can have waited there, and some of those
//! whom it was planned for may have answered otherwise since, or want no mention any more.

use muster_domain::id::UserId;
use muster_domain::notice::News;
use muster_store::model::{Delivery, DeliveryContent, DeliveryEnd};
use muster_store::port::Deliveries as _;

use super::halt::Halt;
use crate::app::{App, World};

impl<W: World> App<W> {
    /// Of the members whom a reminder names those whom it may name now, if it names any; or how it
    /// ends because nobody is left.
    pub(super) async fn still_meant(
        &self,
        delivery: &Delivery,
    ) -> Result<Option<Vec<UserId>>, Halt> {
        let DeliveryContent::Notice { news: News::Reminder, mentions, .. } = &delivery.content
        else {
            return Ok(None);
        };
        // Where names are hidden, or a role is meant, nobody was named.
        if mentions.is_empty() {
            return Ok(None);
        }
        let mut meant = self.store().still_meant(delivery.id, self.now()).await?;
        // Who was erased since is on no list.
        meant.retain(|member| mentions.contains(member));
        if meant.is_empty() {
            return Err(DeliveryEnd::Skipped("nobody whom it was for is left").into());
        }
        Ok(Some(meant))
    }
}
