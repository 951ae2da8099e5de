//! Events that are written into the database ahead of their time, as organisers do over weeks.

use jiff::{SignedDuration, Timestamp};
use muster_domain::answer_option::OptionId;
use muster_domain::event::{EventDetails, Span};
use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, MessageId, UserId};
use muster_domain::reminder::{Reminder, Reminders as List};
use muster_domain::text::Title;
use muster_domain::zone::Zone;
use muster_store::model::{
    Ask, DeliveryEnd, NewEvent, ReminderChange, ReminderRequest, RemindersChanged, Tap, Tapped,
};
use muster_store::port::{Deliveries as _, Events as _, Guilds as _, Reminders as _};
use muster_store::sqlite::SqliteStore;

use crate::clock;
use crate::error::{BenchError, other};
use crate::simulated::{Place, Simulated};
use crate::world;

/// How long events last.
const LENGTH: SignedDuration = SignedDuration::from_hours(3);

/// An event to come.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) title: String,
    pub(crate) place: Place,
    pub(crate) start: Timestamp,
    /// When it is created, and its post due.
    pub(crate) created: Timestamp,
    pub(crate) reminders: Vec<Reminder>,
    /// Who says "Yes" as soon as it is created.
    pub(crate) answers: Vec<u64>,
    /// The message that is its post already.
    pub(crate) post: Option<u64>,
}

/// The guilds of the simulated Discord as after a while of use: greeted, and without reminders that
/// nobody asked for.
pub(crate) async fn guilds(store: &SqliteStore, discord: &Simulated) -> Result<(), BenchError> {
    let mut guilds: Vec<_> = discord.places.iter().map(|place| place.guild.get()).collect();
    guilds.sort_unstable();
    guilds.dedup();
    without_usual(store, guilds).await
}

/// Takes away the reminders that these guilds have without asking for them.
pub(crate) async fn without_usual(
    store: &SqliteStore,
    guilds: impl IntoIterator<Item = u64>,
) -> Result<(), BenchError> {
    let now = clock::today();
    for guild in guilds.into_iter().map(GuildId::new) {
        store.guild_arrived(guild, now).await?;
        for usual in List::default().iter() {
            let change = ReminderChange::Remove(usual.key());
            let request = ReminderRequest {
                guild,
                event: None,
                change,
                by: UserId::new(world::HOST),
                at: now,
            };
            made(&store.change_reminders(request).await?)?;
        }
    }
    world::finish_greetings(store).await
}

/// Writes one event; `number` tells it from all others.
pub(crate) async fn write(
    store: &SqliteStore,
    planned: Planned,
    number: u64,
) -> Result<EventId, BenchError> {
    let Planned { title, place, start, created: at, reminders, answers, post } = planned;
    let guild = GuildId::new(place.guild.get());
    let new = new_event(&title, place, start, number)?;
    let created = store.create_event(new, at).await?;
    let event = created.sheet.event.id;
    let mut version = created.sheet.event.version;
    for reminder in reminders {
        let change = ReminderChange::Add(reminder);
        let request =
            ReminderRequest { guild, event: Some(event), change, by: UserId::new(world::HOST), at };
        made(&store.change_reminders(request).await?)?;
    }
    for (turn, member) in (1..).zip(answers) {
        let interaction = InteractionId::new(world::FIRST_INTERACTION + number * 8 + turn);
        let tapped = store.tap(yes(guild, event, UserId::new(member), (interaction, at))).await?;
        let Tapped::Answered(_, sheet) = tapped.tapped else {
            return Err(other("an event takes no answers"));
        };
        version = sheet.event.version;
    }
    // It shows all of that, so nothing is left to edit.
    if let Some(message) = post {
        let lease = at + SignedDuration::from_secs(60);
        let claimed = store.claim(created.delivery, at, lease).await?;
        let claimed = claimed.ok_or_else(|| other("a new post could not be claimed"))?;
        let channel = ChannelId::new(place.channel.get());
        let end = DeliveryEnd::Sent { channel, message: MessageId::new(message), version };
        world::is_ours(store.finish(&claimed, end, at).await?)?;
    }
    Ok(event)
}

fn new_event(
    title: &str,
    place: Place,
    start: Timestamp,
    number: u64,
) -> Result<NewEvent, BenchError> {
    let bad = |what: &str| other(&format!("the event's {what}"));
    let sample = world::new_event(number, start)?;
    let details = EventDetails {
        title: Title::parse(title).map_err(|_| bad("title"))?,
        span: Span::new(start, start + LENGTH).map_err(|_| bad("span"))?,
        zone: Zone::parse("Europe/Berlin").map_err(|_| bad("zone"))?,
        ..sample.details
    };
    let (guild, channel) = (GuildId::new(place.guild.get()), ChannelId::new(place.channel.get()));
    Ok(NewEvent { guild, channel, details, ..sample })
}

fn yes(
    guild: GuildId,
    event: EventId,
    member: UserId,
    (interaction, at): (InteractionId, Timestamp),
) -> Tap {
    Tap {
        guild,
        event,
        member,
        by: member,
        ask: Ask::Pick { option: OptionId::new(0), may_lose_place: false },
        roles: Box::default(),
        force: false,
        interaction,
        at,
    }
}

fn made(changed: &RemindersChanged) -> Result<(), BenchError> {
    match changed {
        RemindersChanged::Made(..) => Ok(()),
        RemindersChanged::NoSuchEvent
        | RemindersChanged::Refused(_)
        | RemindersChanged::ChangedSince
        | RemindersChanged::TooLate
        | RemindersChanged::NotThere => Err(other("a reminder could not be changed")),
    }
}
