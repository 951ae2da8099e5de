//! The post of a new event: sent while who asked waits, and the event taken back if Discord
//! refuses.

use muster_domain::id::{EventId, GuildId, RoleId};
use muster_domain::rights::Permissions;
use muster_domain::sheet::Sheet;
use muster_store::model::{ChangeRequest, Created};
use muster_store::port::Events;
use tracing::warn;

use super::{KnownChannel, Submission, Submitted};
use crate::app::{App, World};
use crate::deliver::Delivered;
use crate::discord::{Discord, DiscordError};
use crate::limits::{NAMES_WAIT, POST_LOOKS, POST_WAIT};
use crate::ports::{Clock, within};
use crate::refusal::{Refusal, Stop};

impl<W: World> App<W> {
    /// Posts a new event and waits a moment for it.
    pub(super) async fn post(
        &self,
        submission: &Submission<'_>,
        created: Created,
        not_given: Vec<RoleId>,
    ) -> Result<Submitted, Stop> {
        let Created { sheet, delivery } = created;
        let (guild, event) = (sheet.event.guild, sheet.event.id);
        let (app, under_way) = (self.clone(), self.begin_work());
        let (sender, receiver) = tokio::sync::oneshot::channel();
        // On a task of its own, so that the attempt ends properly when the answer stops waiting.
        crate::ports::Tasks::spawn(self.env(), "post of a new event", async move {
            let delivered = match app.deliver_now(delivery).await {
                Delivered::Later => app.posted_by_the_scheduler(guild, event).await,
                done @ (Delivered::Sent(..)
                | Delivered::Dead(_)
                | Delivered::NotWanted
                | Delivered::NoPost
                | Delivered::Unclear) => done,
            };
            // Nobody listens any more once the answer has gone out without a link.
            drop(sender.send(delivered));
            app.wake_scheduler();
            drop(under_way);
        });
        let sheet = Box::new(sheet);
        match within(self.env(), POST_WAIT, receiver).await {
            Some(Ok(Delivered::Sent(channel, message))) => {
                Ok(Submitted::Created { sheet, post: Some((channel, message)), not_given })
            }
            Some(Ok(Delivered::Dead(error))) => {
                Err(self.take_back(submission, &sheet, error).await?)
            }
            Some(
                Ok(
                    Delivered::Later
                    | Delivered::NotWanted
                    | Delivered::NoPost
                    | Delivered::Unclear,
                )
                | Err(_),
            )
            | None => Ok(Submitted::Created { sheet, post: None, not_given }),
        }
    }

    /// Waits a moment for a post that the scheduler, being awake, was faster to take.
    async fn posted_by_the_scheduler(&self, guild: GuildId, event: EventId) -> Delivered {
        let mut is_told = false;
        for _ in 0..POST_LOOKS {
            self.env().sleep(POST_WAIT / POST_LOOKS).await;
            let found = self.store().event(guild, event).await.unwrap_or_else(|error| {
                if !is_told {
                    warn!(%event, %error, "whether a new event is posted could not be read");
                    is_told = true;
                }
                None
            });
            let post = found.map(|posted| posted.post);
            if let Some((channel, message)) =
                post.and_then(|post| Some((post.channel, post.message?)))
            {
                return Delivered::Sent(channel, message);
            }
        }
        Delivered::Later
    }

    /// Undoes an event whose post Discord refuses, and says why in words that help.
    async fn take_back(
        &self,
        submission: &Submission<'_>,
        sheet: &Sheet,
        error: DiscordError,
    ) -> Result<Stop, Stop> {
        let event = &sheet.event;
        let request = ChangeRequest {
            guild: event.guild,
            event: event.id,
            by: submission.actor.user,
            change: muster_domain::change::EventChange::Delete,
            seen: None,
            interaction: submission.interaction,
            at: self.now(),
        };
        self.store().change_event(request).await?;
        if error == DiscordError::ChannelGone {
            return Ok(Refusal::ChannelGone(event.channel).into());
        }
        let given = self.discord().permissions_in(event.guild, event.channel);
        let missing = match within(self.env(), NAMES_WAIT, given).await {
            Some(Ok(permissions)) => match submission.known(event.channel) {
                Some(known) => KnownChannel { permissions, ..*known }.missing(),
                None => permissions.missing(Permissions::TO_POST),
            },
            Some(Err(_)) | None => Permissions::default(),
        };
        Ok(Refusal::CannotPost(event.channel, missing).into())
    }
}
