//! Hands each event from the gateway to who handles it, and knows how much is in hand.

use std::sync::Arc;

use muster_discord::bot::{Answers, Arrival, Bot};
use muster_discord::gateway::Dispatch;
use muster_domain::id::GuildId;
use muster_engine::World;
use muster_engine::ports::Tasks;
use muster_vitals::meters::QueueGauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tracing::warn;

/// Interactions handled at once: a whole large server tapping. Beyond it the gateway waits, whose
/// heartbeats go on, and Discord keeps what is to come.
const IN_HAND_MAX: u32 = 16_384;

/// Takes events.
pub(crate) struct Inbox<W: World, A> {
    bot: Arc<Bot<W, A>>,
    in_hand: Arc<Semaphore>,
    /// Shows how many; there is none if nothing is measured.
    gauge: Option<Arc<QueueGauge>>,
}

impl<W: World, A: Answers> Inbox<W, A> {
    /// An inbox for this bot.
    pub(crate) fn new(bot: Arc<Bot<W, A>>) -> Self {
        let room = usize::try_from(IN_HAND_MAX).unwrap_or(1);
        let vitals = bot.app().vitals();
        let shown = || vitals.meters.queues.gauge("interactions in hand", room);
        let gauge = vitals.settings.measuring.is_on().then(shown);
        Self { bot, in_hand: Arc::new(Semaphore::new(room)), gauge }
    }

    /// Which events it takes; the gateway copies no others.
    pub(crate) fn wants(name: &str) -> bool {
        matches!(name, "INTERACTION_CREATE" | "READY" | "GUILD_CREATE" | "GUILD_DELETE")
    }

    /// Takes the next event as soon as there is room for it; false when no more can come. May be
    /// dropped and called again without loss.
    pub(crate) async fn take_next(&self, events: &mut mpsc::Receiver<Dispatch>) -> bool {
        let Some((event, room)) = next_with_room(&self.in_hand, events).await else {
            return false;
        };
        self.handle(event, room);
        true
    }

    /// The event counts as handled, for a later resume, when the handler drops it.
    fn handle(&self, event: Dispatch, room: OwnedSemaphorePermit) {
        let bot = Arc::clone(&self.bot);
        let env = self.bot.app().env().clone();
        let counted = self.gauge.as_ref().map(QueueGauge::enter);
        // It is large, and would be copied eight times on its way into a task and out of it.
        let handled = Box::pin(async move {
            match &*event.name {
                "INTERACTION_CREATE" => {
                    let arrival = Arrival { at: event.received, replayed: event.replayed };
                    bot.interaction(event.data.get(), arrival).await;
                }
                "READY" => began(&bot, event.shard, event.data.get()).await,
                "GUILD_CREATE" => arrived(&bot, event.shard, event.data.get()).await,
                "GUILD_DELETE" => left(&bot, event.shard, event.data.get()).await,
                _ => {}
            }
            drop((event, room, counted));
        });
        env.spawn("event", handled);
    }

    /// Waits until nothing is in hand.
    pub(crate) async fn empty(&self) {
        // Fails only when closed, and nobody closes it.
        drop(self.in_hand.acquire_many(IN_HAND_MAX).await);
    }
}

/// The next of what comes, once there is room for it. Until then it stays where it is, and what
/// brings it has to wait.
async fn next_with_room<T>(
    rooms: &Arc<Semaphore>,
    coming: &mut mpsc::Receiver<T>,
) -> Option<(T, OwnedSemaphorePermit)> {
    // Fails only when closed, and nobody closes it.
    let room = Arc::clone(rooms).acquire_owned().await.ok()?;
    Some((coming.recv().await?, room))
}

/// A session began from nothing, so that removals may have been missed before it. What arrives
/// after this is handled after this: events are begun in their order, and each goes to the store at
/// once.
async fn began<W: World, A: Answers>(bot: &Bot<W, A>, through: u32, ready: &str) {
    let Some((shard, guilds)) = muster_discord::guilds::read_ready(ready) else {
        return warn!("READY does not say which guilds there are; removals may be missed");
    };
    let link = &bot.app().vitals().meters.link;
    link.guilds_are(through, guilds.iter().map(|guild| guild.get()));
    if let Err(stop) = bot.app().only_guilds(shard, guilds).await {
        warn!(shard = shard.number, ?stop, "missed removals could not be stored");
    }
}

async fn arrived<W: World, A: Answers>(bot: &Bot<W, A>, through: u32, guild: &str) {
    let Some((guild, _)) = muster_discord::guilds::read(guild) else { return };
    bot.app().vitals().meters.link.guild_is_there(through, guild.get());
    report(guild, bot.app().guild_arrived(guild).await);
}

async fn left<W: World, A: Answers>(bot: &Bot<W, A>, through: u32, guild: &str) {
    // One that is merely unavailable loses nothing.
    if let Some((guild, false)) = muster_discord::guilds::read(guild) {
        bot.app().vitals().meters.link.guild_left(through, guild.get());
        report(guild, bot.app().guild_left(guild).await);
    }
}

fn report(guild: GuildId, done: Result<(), muster_engine::Stop>) {
    if let Err(stop) = done {
        warn!(%guild, ?stop, "a guild's arrival or removal could not be stored");
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn what_there_is_no_room_for_waits_and_is_not_lost() {
        let rooms = Arc::new(Semaphore::new(2));
        let (sender, mut coming) = mpsc::channel(1);
        sender.try_send(1).unwrap();
        let (first, room) = next_with_room(&rooms, &mut coming).await.unwrap();
        sender.try_send(2).unwrap();
        let (second, _kept) = next_with_room(&rooms, &mut coming).await.unwrap();
        sender.try_send(3).unwrap();
        assert!(next_with_room(&rooms, &mut coming).now_or_never().is_none(), "no room");
        assert!(sender.try_send(4).is_err(), "and the one who brings it waits");
        drop(room);
        let (third, _) = next_with_room(&rooms, &mut coming).await.unwrap();
        assert_eq!([first, second, third], [1, 2, 3]);
    }
}
