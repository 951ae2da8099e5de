//! A store with a guild, members who tap, and a clock that counts minutes, for short stories.

use std::collections::BTreeSet;

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use muster_domain::answer_option::{OptionId, Options};
use muster_domain::capacity::Capacity;
use muster_domain::change::EventChange;
use muster_domain::event::{EventDetails, Span};
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, MessageId, UserId,
};
use muster_domain::reminder::Reminders;
use muster_domain::roster::{Answer, Place, Signup};
use muster_domain::rules::EventRules;
use muster_domain::sheet::Names;
use muster_domain::text::Title;
use muster_domain::zone::Zone;
use muster_store::Store;
use muster_store::model::{
    Ask, ChangeRequest, Changed, Created, Delivery, DeliveryEnd, EventOrigin, Hold, NewEvent,
    Posted, ReminderChange, ReminderRequest, RemindersChanged, Shown, Tap, Tapped,
};

pub(crate) const YES: OptionId = OptionId::new(0);
pub(crate) const NO: OptionId = OptionId::new(1);
pub(crate) const MAYBE: OptionId = OptionId::new(2);
pub(crate) const MOBILE: OptionId = OptionId::new(3);

pub(crate) const GUILD: GuildId = GuildId::new(100);
pub(crate) const OTHER_GUILD: GuildId = GuildId::new(200);
pub(crate) const CHANNEL: ChannelId = ChannelId::new(101);
pub(crate) const HOST: UserId = UserId::new(7);
pub(crate) const PROCESS: u64 = u64::MAX - 1;

/// Events of a scene begin at this minute and end an hour later.
pub(crate) const START: i64 = 60;
pub(crate) const END: i64 = 120;

/// So many minutes into the scene.
pub(crate) fn minute(minute: i64) -> Timestamp {
    second(60 * minute)
}

/// So many seconds into the scene.
pub(crate) fn second(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub(crate) fn user(number: u64) -> UserId {
    UserId::new(number)
}

pub(crate) fn users(numbers: impl IntoIterator<Item = u64>) -> Vec<UserId> {
    numbers.into_iter().map(UserId::new).collect()
}

/// What an organiser decided, with so many places; 0 for no limit.
pub(crate) fn details(places: i64) -> EventDetails {
    EventDetails {
        title: Title::parse("Raid night").unwrap(),
        span: Span::new(minute(START), minute(END)).unwrap(),
        zone: Zone::parse("Europe/Berlin").unwrap(),
        description: None,
        location: None,
        capacity: Capacity::parse(places).ok(),
    }
}

/// The same at another time.
pub(crate) fn details_at(start: i64, end: i64) -> EventDetails {
    EventDetails { span: Span::new(minute(start), minute(end)).unwrap(), ..details(0) }
}

/// An edit to another time.
pub(crate) fn move_to(start: i64, end: i64) -> EventChange {
    EventChange::Edit(details_at(start, end))
}

/// An edit to another number of places.
pub(crate) fn resize(places: i64) -> EventChange {
    EventChange::Edit(details(places))
}

/// Discord has the message number `message`, which shows this version.
pub(crate) fn sent(message: u64, version: u64) -> DeliveryEnd {
    DeliveryEnd::Sent { channel: CHANNEL, message: MessageId::new(message), version }
}

/// The members that are named.
pub(crate) fn members(names: &Names) -> Vec<UserId> {
    names.first.iter().map(|entry| entry.member).collect()
}

/// A store and what happens to it.
pub(crate) struct Scene<S> {
    pub(crate) store: S,
    interactions: AtomicU64,
}

impl<S: Store> Scene<S> {
    pub(crate) fn new(store: S) -> Self {
        Self { store, interactions: AtomicU64::new(1_000) }
    }

    /// Has nobody reminded of events, where that is not what a story is about.
    pub(crate) async fn without_reminders(&self) {
        for reminder in Reminders::default().iter() {
            let change = ReminderChange::Remove(reminder.key());
            self.change_reminders(None, change, 0).await;
        }
    }

    /// Changes the reminders of an event, or of all.
    pub(crate) async fn change_reminders(
        &self,
        event: Option<EventId>,
        change: ReminderChange,
        at: i64,
    ) -> RemindersChanged {
        let request = ReminderRequest { guild: GUILD, event, change, by: HOST, at: minute(at) };
        self.store.change_reminders(request).await.unwrap()
    }

    /// A later interaction than all before.
    pub(crate) fn interaction(&self) -> InteractionId {
        InteractionId::new(self.interactions.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn new_event(&self, details: EventDetails) -> NewEvent {
        NewEvent {
            guild: GUILD,
            channel: CHANNEL,
            host: HOST,
            details,
            options: Options::default_four(),
            rules: EventRules::default(),
            image: None,
            mention: None,
            reminders: None,
            origin: EventOrigin::Interaction(self.interaction()),
        }
    }

    /// An event made at minute 0, its post not sent yet.
    pub(crate) async fn created(&self, details: EventDetails) -> Created {
        self.store.create_event(self.new_event(details), minute(0)).await.unwrap()
    }

    /// An event without limit.
    pub(crate) async fn event(&self) -> EventId {
        self.created(details(0)).await.sheet.event.id
    }

    /// An event with so many places.
    pub(crate) async fn event_for(&self, places: i64) -> EventId {
        self.created(details(places)).await.sheet.event.id
    }

    /// An event whose post is message number `message`, showing the first version.
    pub(crate) async fn posted_event(&self, message: u64) -> EventId {
        let created = self.created(details(0)).await;
        self.send(created.delivery, message, 1).await;
        created.sheet.event.id
    }

    /// The message of an event is found deleted.
    pub(crate) async fn post_gone(&self, event: EventId, at: Timestamp) {
        let message = self.read(event).await.post.message.unwrap();
        self.store.post_gone(event, message, at).await.unwrap();
    }

    /// Claims, attempts and sends a delivery at minute 0.
    pub(crate) async fn send(&self, delivery: DeliveryId, message: u64, version: u64) {
        let claimed = self.store.claim(delivery, minute(0), minute(1)).await.unwrap();
        assert_eq!(claimed.as_ref().map(|delivery| delivery.id), Some(delivery));
        let claimed = claimed.unwrap();
        self.attempt(&claimed).await;
        self.sent(&claimed, message, version).await;
    }

    /// Claims this delivery at minute 0, for a minute.
    pub(crate) async fn hold(&self, delivery: DeliveryId) -> Delivery {
        self.hold_until(delivery, 1).await
    }

    /// Claims this delivery at minute 0, until this minute.
    pub(crate) async fn hold_until(&self, delivery: DeliveryId, until: i64) -> Delivery {
        self.store.claim(delivery, minute(0), minute(until)).await.unwrap().unwrap()
    }

    pub(crate) async fn attempt(&self, claimed: &Delivery) {
        let marked = self.store.mark_attempt(claimed, PROCESS, "nonce".into(), minute(0)).await;
        assert_eq!(marked, Ok(Hold::Ours));
    }

    /// Discord has the message.
    pub(crate) async fn sent(&self, claimed: &Delivery, message: u64, version: u64) {
        self.end(claimed, sent(message, version), 0).await;
    }

    /// A claimed delivery ends at this minute.
    pub(crate) async fn end(&self, claimed: &Delivery, end: DeliveryEnd, at: i64) {
        assert_eq!(self.store.finish(claimed, end, minute(at)).await, Ok(Hold::Ours));
    }

    /// A tap to be made at minute 1.
    pub(crate) fn tap_of(&self, event: EventId, member: u64, pick: Option<OptionId>) -> Tap {
        let ask = match pick {
            Some(option) => Ask::Pick { option, may_lose_place: false },
            None => Ask::Withdraw,
        };
        self.asking(event, member, ask)
    }

    /// The same for anything that a member can ask.
    pub(crate) fn asking(&self, event: EventId, member: u64, ask: Ask) -> Tap {
        Tap {
            guild: GUILD,
            event,
            member: user(member),
            by: user(member),
            ask,
            roles: Box::default(),
            force: false,
            interaction: self.interaction(),
            at: minute(1),
        }
    }

    pub(crate) async fn tap(&self, event: EventId, member: u64, option: OptionId) -> Tapped {
        self.store.tap(self.tap_of(event, member, Some(option))).await.unwrap().tapped
    }

    pub(crate) async fn withdraw(&self, event: EventId, member: u64) -> Tapped {
        self.store.tap(self.tap_of(event, member, None)).await.unwrap().tapped
    }

    /// A member picks an option; the place that they got.
    pub(crate) async fn seat(&self, event: EventId, member: u64, option: OptionId) -> Place {
        let tapped = self.tap(event, member, option).await;
        let Tapped::Answered(Answer::Taken { now: Signup { place, .. }, .. }, _) = tapped else {
            panic!("not taken: {tapped:?}")
        };
        place
    }

    pub(crate) async fn change(&self, event: EventId, change: EventChange, at: i64) -> Changed {
        self.store.change_event(self.change_of(event, change, at)).await.unwrap()
    }

    /// A change to be made at this minute, whatever its maker had seen.
    pub(crate) fn change_of(&self, event: EventId, change: EventChange, at: i64) -> ChangeRequest {
        let interaction = self.interaction();
        let (by, seen, at) = (HOST, None, minute(at));
        ChangeRequest { guild: GUILD, event, by, change, seen, interaction, at }
    }

    /// The post of an event, message number `message`, was seen to show this version.
    pub(crate) async fn shown(&self, event: EventId, message: u64, version: u64) {
        let shown = Shown { event, message: MessageId::new(message), version };
        self.store.posts_shown(vec![shown]).await.unwrap();
    }

    /// The event as it is stored.
    pub(crate) async fn read(&self, event: EventId) -> Posted {
        self.store.event(GUILD, event).await.unwrap().unwrap()
    }

    /// The members of one column, and of the waitlist.
    pub(crate) async fn names(&self, event: EventId, option: OptionId) -> [Vec<UserId>; 2] {
        let sheet = self.read(event).await.sheet;
        let mut columns = sheet.columns.into_iter();
        let (_, names) = columns.find(|(id, _)| *id == option).unwrap();
        [members(&names), members(&sheet.waitlist)]
    }

    /// Claims what is due at this minute, for a minute.
    pub(crate) async fn claim(&self, at: i64) -> Vec<Delivery> {
        self.store.claim_due(minute(at), minute(at + 1), 100).await.unwrap()
    }

    /// The events whose posts are stale, in order.
    pub(crate) async fn stale(&self) -> Vec<EventId> {
        let stale = self.store.stale_posts(BTreeSet::new(), 100).await.unwrap();
        stale.into_iter().map(|posted| posted.sheet.event.id).collect()
    }
}
