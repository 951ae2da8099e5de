//! What is found out about reminders when their turn comes: who has not answered, and who does not
//! come any more.

use muster_domain::event::Event;
use muster_domain::id::RoleId;
use muster_domain::notice::News;
use muster_store::StoreError;
use muster_store::model::{
    Attempted, Candidates, Delivery, DeliveryContent, DeliveryEnd, MissedCause, Posted,
};
use muster_store::port::{Deliveries as _, Events as _};
use tracing::warn;

use super::delivery::Delivered;
use super::ending::note;
use crate::app::{App, MemberLists, World};
use crate::discord::{Discord as _, DiscordError, Sought};

impl<W: World> App<W> {
    /// Puts the messages that mention those who have not answered in the place of the reminder.
    pub(super) async fn spread(
        &self,
        delivery: &Delivery,
        role: Option<RoleId>,
        event: &Event,
    ) -> Result<Delivered, StoreError> {
        let eligible = event.rules.eligible(&event.options);
        let candidates = match self.candidates(delivery, Sought { role, eligible: &eligible }).await
        {
            Ok(Some(candidates)) => candidates,
            Ok(None) => {
                self.end(delivery, DeliveryEnd::Missed(MissedCause::MembersUnknown)).await?;
                return Ok(Delivered::NotWanted);
            }
            // Nothing was sent by asking.
            Err(error) => {
                let after = self.after_error(delivery, error, Attempted::NotTaken).await?;
                if let Delivered::Dead(error) = &after {
                    self.end(delivery, DeliveryEnd::Dead(error.to_string())).await?;
                }
                return Ok(after);
            }
        };
        note(delivery, self.store().spread(delivery, candidates, self.now()).await?);
        self.wake_scheduler();
        Ok(Delivered::Later)
    }

    /// Who may be meant, of those who can answer as far as Discord tells; `None` if nobody can.
    async fn candidates(
        &self,
        delivery: &Delivery,
        sought: Sought<'_>,
    ) -> Result<Option<Candidates>, DiscordError> {
        let otherwise = sought.role.is_none().then_some(Candidates::CameBefore);
        let (MemberLists::On, Some(channel)) = (self.config().member_lists, delivery.channel)
        else {
            return Ok(otherwise);
        };
        match self.discord().members_of(delivery.guild, channel, sought).await {
            Ok(Some(members)) => Ok(Some(Candidates::These(members))),
            Ok(None) => Ok(Some(Candidates::TooMany)),
            Err(DiscordError::Forbidden) => {
                warn!(guild = %delivery.guild, "Discord does not let the bot list the members");
                Ok(otherwise)
            }
            Err(error) => Err(error),
        }
    }

    /// A direct reminder can have waited for the end of quiet hours, and whom it is for may have
    /// answered otherwise since.
    pub(super) async fn is_coming_still(
        &self,
        delivery: &Delivery,
        posted: &Posted,
    ) -> Result<bool, StoreError> {
        let DeliveryContent::Direct { event, news: News::Reminder, member, .. } = delivery.content
        else {
            return Ok(true);
        };
        let Some(line) = self.store().signup_of(delivery.guild, event, member).await? else {
            return Ok(false);
        };
        let option = posted.sheet.event.options.get(line.signup.option);
        Ok(option.is_some_and(|option| option.told || option.coming))
    }
}
