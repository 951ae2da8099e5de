//! What all processes of a measurement agree on: numbers, who taps what, what a post looks like.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use muster_discord::views::messages::Words;
use muster_discord::views::post;
use muster_domain::answer_option::{OptionId, Options};
use muster_domain::capacity::Capacity;
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
use crate::figures::many;

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
/// The first two of them.
pub(crate) const YES: u8 = 0;
const NO: u8 = 1;

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

/// What members answer, and to how many places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Another of all options each time, without a limit.
    #[default]
    AnyOption,
    /// Yes and No in turn, to so many places; at first half of them come. Whoever leaves has
    /// answered longer ago than all others, so has a place, which somebody in line gets.
    ComeAndGo(u32),
    /// Yes, to so many places.
    Come(u32),
}

impl Habit {
    /// The places of each event; no limit if there is none.
    const fn places(self) -> Option<u32> {
        match self {
            Self::AnyOption => None,
            Self::ComeAndGo(places) | Self::Come(places) => Some(places),
        }
    }

    /// What a member answers who has answered so often before.
    fn option(self, round: u64, member: u64) -> u8 {
        let turn = round + member;
        match self {
            Self::AnyOption => u8::try_from(turn % OPTIONS).unwrap_or_default(),
            Self::ComeAndGo(_) if turn.is_multiple_of(2) => YES,
            Self::ComeAndGo(_) => NO,
            Self::Come(_) => YES,
        }
    }
}

impl fmt::Display for Habit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyOption => f.write_str("any-option"),
            Self::ComeAndGo(places) => write!(f, "come-and-go:{places}"),
            Self::Come(places) => write!(f, "come:{places}"),
        }
    }
}

impl FromStr for Habit {
    type Err = BenchError;

    fn from_str(text: &str) -> Result<Self, BenchError> {
        let unknown = || other(&format!("no such habit: {text}"));
        let (kind, places) = text.split_once(':').unwrap_or((text, ""));
        let places = || places.parse().map_err(|_| unknown());
        match kind {
            "any-option" => Ok(Self::AnyOption),
            "come-and-go" => Ok(Self::ComeAndGo(places()?)),
            "come" => Ok(Self::Come(places()?)),
            _ => Err(unknown()),
        }
    }
}

/// Who taps what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    /// Which of the events.
    pub(crate) turn: u64,
    pub(crate) member: u64,
    pub(crate) option: u8,
}

/// The events in turn; on each, the members in turn; each member by habit, mostly another option
/// every time. So every tap changes a post.
pub(crate) fn pick(number: u64, events: u64, members: u64, habit: Habit) -> Pick {
    let (events, members) = (events.max(1), members.max(1));
    let round = number / events;
    let member = round % members;
    let option = habit.option(round / members, member);
    Pick { turn: number % events, member: self::member(member), option }
}

/// The tap with this number, for the store.
pub(crate) fn stored_tap(
    number: u64,
    events: &[u64],
    (members, habit): (u64, Habit),
    at: Timestamp,
) -> Tap {
    let Pick { turn, member, option } = pick(number, many(events.len()), members, habit);
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

/// The same with the places that members with this habit answer to.
pub(crate) fn new_event_for(
    habit: Habit,
    number: u64,
    now: Timestamp,
) -> Result<NewEvent, BenchError> {
    let mut event = new_event(number, now)?;
    let places = habit.places().map(|places| Capacity::parse(places.into())).transpose();
    event.details.capacity = places.map_err(|_| other("the event's places"))?;
    Ok(event)
}

/// The post of an event to which so many members have answered.
pub(crate) async fn sample_post(
    members: u64,
    habit: Habit,
) -> Result<serde_json::Value, BenchError> {
    let store = SqliteStore::open_in_memory()?;
    let now = clock::today();
    let created = store.create_event(new_event_for(habit, 0, now)?, now).await?;
    let events = [created.sheet.event.id.get()];
    let mut sheet = Box::new(created.sheet);
    for number in 0..members {
        if let Tapped::Answered(_, newer) =
            store.tap(stored_tap(number, &events, (members, habit), now)).await?.tapped
        {
            sheet = newer;
        }
    }
    Ok(serde_json::to_value(post::post(Words::usual(), &sheet, now))?)
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
    use muster_domain::roster::Answer;

    use super::*;

    #[test]
    fn every_member_answers_every_event_anew_each_time() {
        for habit in [Habit::AnyOption, Habit::ComeAndGo(1)] {
            let picks: Vec<_> = (0..24).map(|number| pick(number, 2, 3, habit)).collect();
            for (first, again) in picks.iter().zip(picks.iter().skip(6)) {
                assert_eq!((first.turn, first.member), (again.turn, again.member));
                assert_ne!(first.option, again.option);
            }
        }
    }

    #[test]
    fn a_habit_is_read_as_it_is_written() {
        for habit in [Habit::AnyOption, Habit::ComeAndGo(100), Habit::Come(10)] {
            assert_eq!(habit.to_string().parse::<Habit>().unwrap(), habit);
        }
        for bad in ["", "come", "come:many", "any"] {
            assert!(bad.parse::<Habit>().is_err(), "{bad}");
        }
    }

    /// Has ten members answer one event `rounds` times; returns how many moved up from the
    /// line in each.
    async fn promoted(habit: Habit, rounds: u64) -> Vec<usize> {
        let store = SqliteStore::open_in_memory().unwrap();
        let now = clock::today();
        let created = store.create_event(new_event_for(habit, 0, now).unwrap(), now).await.unwrap();
        let events = [created.sheet.event.id.get()];
        let mut promoted = Vec::new();
        for round in 0..rounds {
            let mut moved_up = 0;
            for number in round * 10..round * 10 + 10 {
                let tap = stored_tap(number, &events, (10, habit), now);
                let tapped = store.tap(tap).await.unwrap().tapped;
                let Tapped::Answered(Answer::Taken { moved, .. }, _) = tapped else {
                    panic!("{number}: {tapped:?}");
                };
                moved_up += moved.promoted.len();
            }
            promoted.push(moved_up);
        }
        promoted
    }

    #[tokio::test]
    async fn who_comes_and_goes_makes_room_for_somebody_in_line_each_time() {
        // Five come and five go in each round.
        assert_eq!(promoted(Habit::ComeAndGo(2), 5).await, [0, 5, 5, 5, 5]);
        assert_eq!(promoted(Habit::AnyOption, 2).await, [0, 0]);
        assert_eq!(promoted(Habit::Come(2), 1).await, [0]);
    }
}
