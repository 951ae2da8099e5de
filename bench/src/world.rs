//! What all processes of a measurement agree on: numbers, who taps what, what a post looks like.

use jiff::{SignedDuration, Timestamp};
use muster_discord::views::post;
use muster_domain::answer_option::{OptionId, Options};
use muster_domain::event::{EventDetails, Span};
use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, UserId};
use muster_domain::rules::EventRules;
use muster_domain::text::{Description, Title};
use muster_domain::zone::Zone;
use muster_store::model::{Ask, DeliveryEnd, EventOrigin, Hold, NewEvent, Tap, Tapped};
use muster_store::port::{Deliveries as _, Events as _};
use muster_store::sqlite::SqliteStore;

use crate::clock;
use crate::error::{BenchError, other};

/// Events that are tapped in turn.
pub(crate) const EVENTS: u64 = 16;
/// The bot's application.
pub(crate) const BOT: u64 = 1_300_000_000_000_000_000;
/// The guild in which all is tapped.
pub(crate) const GUILD: u64 = guild(0);
/// The channel in which all posts are.
pub(crate) const CHANNEL: u64 = GUILD + 103;
/// The interaction of the tap with the number 0.
pub(crate) const FIRST_INTERACTION: u64 = 1_400_000_000_000_000_000;
/// The token with which everything is started.
pub(crate) const TOKEN: &str = "not.a.real.token";

/// Deliveries ended at the same time.
const AT_ONCE: usize = 512;

const FIRST_MEMBER: u64 = 400_000_000_000_000_000;
pub(crate) const HOST: u64 = GUILD + 1;
const OPTIONS: u64 = 4;

/// The guild with this number.
pub(crate) const fn guild(number: u64) -> u64 {
    1_000_000_000_000_000_000 + number * 50_331_653
}

/// The message that shows this event.
pub(crate) const fn message_id(event: u64) -> u64 {
    1_390_000_000_000_000_000 + event
}

/// The member with this number.
pub(crate) const fn member(number: u64) -> u64 {
    FIRST_MEMBER + number
}

/// Who taps what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    /// Which of the events.
    pub(crate) turn: u64,
    pub(crate) member: u64,
    pub(crate) option: u8,
}

/// The events in turn; on each, the members in turn; each member another option every time. So
/// every tap changes a post.
pub(crate) fn pick(number: u64, events: u64, members: u64) -> Pick {
    let (events, members) = (events.max(1), members.max(1));
    let round = number / events;
    let member = round % members;
    let option = u8::try_from((round / members + member) % OPTIONS).unwrap_or_default();
    Pick { turn: number % events, member: self::member(member), option }
}

/// The tap with this number, for the store.
pub(crate) fn stored_tap(number: u64, events: &[u64], members: u64, at: Timestamp) -> Tap {
    let Pick { turn, member, option } =
        pick(number, u64::try_from(events.len()).unwrap_or_default(), members);
    let event = usize::try_from(turn).ok().and_then(|turn| events.get(turn)).copied();
    Tap {
        guild: GuildId::new(GUILD),
        event: EventId::new(event.unwrap_or_default()),
        member: UserId::new(member),
        by: UserId::new(member),
        ask: Ask::Pick { option: OptionId::new(option), may_lose_place: false },
        roles: Box::default(),
        force: false,
        interaction: InteractionId::new(FIRST_INTERACTION + number),
        at,
    }
}

/// A new event like many others.
pub(crate) fn new_event(number: u64, now: Timestamp) -> Result<NewEvent, BenchError> {
    let start = now + SignedDuration::from_hours(24);
    let bad = |what: &str| other(&format!("the event's {what}"));
    let about = "Bring food and a good mood. We begin on time; who is late waits for the pause.";
    let details = EventDetails {
        title: Title::parse("Raid night").map_err(|_| bad("title"))?,
        span: Span::new(start, start + SignedDuration::from_hours(3)).map_err(|_| bad("span"))?,
        zone: Zone::parse("Europe/Berlin").map_err(|_| bad("zone"))?,
        description: Some(Description::parse(about).map_err(|_| bad("description"))?),
        location: None,
        capacity: None,
    };
    Ok(NewEvent {
        guild: GuildId::new(GUILD),
        channel: ChannelId::new(CHANNEL),
        host: UserId::new(HOST),
        details,
        options: Options::default_four(),
        rules: EventRules::default(),
        image: None,
        mention: None,
        reminders: None,
        origin: EventOrigin::Interaction(InteractionId::new(number + 1)),
    })
}

/// The post of an event to which so many members have answered.
pub(crate) async fn sample_post(members: u64) -> Result<serde_json::Value, BenchError> {
    let store = SqliteStore::open_in_memory()?;
    let now = clock::today();
    let created = store.create_event(new_event(0, now)?, now).await?;
    let events = [created.sheet.event.id.get()];
    let mut sheet = Box::new(created.sheet);
    for number in 0..members {
        if let Tapped::Answered(_, newer) =
            store.tap(stored_tap(number, &events, members, now)).await?.tapped
        {
            sheet = newer;
        }
    }
    Ok(serde_json::to_value(post::post(&sheet, now))?)
}

/// Nobody else works on this database.
pub(crate) fn is_ours(hold: Hold) -> Result<(), BenchError> {
    match hold {
        Hold::Ours => Ok(()),
        Hold::Lost => Err(other("somebody else ended a delivery")),
    }
}

/// Ends all greetings, as if they had been sent long ago.
pub(crate) async fn finish_greetings(store: &SqliteStore) -> Result<(), BenchError> {
    let now = clock::today();
    loop {
        let due = store.claim_due(now, now + SignedDuration::from_secs(600), AT_ONCE).await?;
        if due.is_empty() {
            return Ok(());
        }
        let ends = due
            .iter()
            .map(|delivery| store.finish(delivery, DeliveryEnd::Skipped("greeted long ago"), now));
        for hold in futures_util::future::try_join_all(ends).await? {
            is_ours(hold)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_answers_every_event_anew_each_time() {
        let picks: Vec<_> = (0..24).map(|number| pick(number, 2, 3)).collect();
        for (first, again) in picks.iter().zip(picks.iter().skip(6)) {
            assert_eq!((first.turn, first.member), (again.turn, again.member));
            assert_ne!(first.option, again.option);
        }
    }
}
