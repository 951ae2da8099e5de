//! Everything that is kept on a member, told to them alone, and erased when they ask for it.

use muster_domain::id::UserId;
use muster_store::model::MemberData;
use muster_store::port::Privacy;
use tracing::{info, warn};

use crate::app::{App, World};
use crate::limits::ERASURE_WAIT;
use crate::ports::{Tasks, within};
use crate::refusal::Stop;

/// How far an erasure has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasing {
    /// All is erased.
    Done,
    /// It goes on, and is finished whatever happens.
    UnderWay,
}

impl<W: World> App<W> {
    /// Everything that is kept on a member, over all guilds; for nobody but the member.
    pub async fn held_on(&self, member: UserId) -> Result<MemberData, Stop> {
        Ok(self.store().held_on(member).await?)
    }

    /// Erases everything on a member that was kept until now; for nobody but the member. Waits a
    /// moment for the end of it.
    pub async fn erase_member(&self, member: UserId) -> Result<Erasing, Stop> {
        let (app, under_way, at) = (self.clone(), self.begin_work(), self.now());
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.env().spawn("erasure of a member", async move {
            let erased = app.store().erase_member(member, at).await;
            match &erased {
                Ok(()) => info!("everything on a member was erased"),
                Err(error) => warn!(%error, "an erasure failed"),
            }
            // Others have moved up in what is to come.
            app.wake_all();
            // Nobody listens any more once the answer has gone out.
            drop(sender.send(erased));
            drop(under_way);
        });
        match within(self.env(), ERASURE_WAIT, receiver).await {
            Some(Ok(erased)) => Ok(erased.map(|()| Erasing::Done)?),
            Some(Err(_)) | None => Ok(Erasing::UnderWay),
        }
    }
}
