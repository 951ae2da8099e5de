//! Everything due is done once or accounted for, and nobody is notified whom it does not concern.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use muster_sim::ids::MessageId;

use super::database::{Kept, KeptDelivery, KeptEvent, KeptOption};
use super::{reminded, reminding};
use crate::ledger::Sent;
use crate::stage::Stage;
use crate::words;

/// Judges all deliveries, and all messages that Discord accepted.
pub(super) fn judge(stage: &Stage, kept: &Kept) {
    let now_ms = stage.wall.now().as_millisecond();
    for delivery in &kept.deliveries {
        if !is_postless(kept, delivery) {
            judge_end(stage, delivery, now_ms);
        }
        judge_mentions(stage, kept, delivery);
    }
    let sent = stage.ledger.lock().sent.clone();
    for message in sent.values() {
        judge_notified(stage, kept, message);
    }
    judge_once(stage, kept);
    for delivery in &kept.deliveries {
        judge_there(stage, delivery, &sent);
    }
    for event in kept.events.values() {
        judge_told(stage, kept, event);
        judge_reminded(stage, kept, event, now_ms);
        judge_posted(stage, kept, event);
        judge_replaced(stage, kept, event);
    }
}

/// News that had nowhere to go: their event is in a forum, and its post may not have arrived.
fn is_postless(kept: &Kept, delivery: &KeptDelivery) -> bool {
    let posts = || {
        let of_it = |post: &&KeptDelivery| post.kind == "post" && post.event == delivery.event;
        kept.deliveries.iter().filter(of_it)
    };
    let is_uncertain =
        |post: &KeptDelivery| matches!(post.outcome.as_deref(), Some("dead" | "unclear"));
    let was_known =
        |post: &KeptDelivery| post.message.is_some() && post.ended_ms < delivery.ended_ms;
    delivery.reason.as_deref() == Some("its event has no post in the forum")
        && posts().any(is_uncertain)
        && !posts().any(was_known)
}

/// Of an event's posts only the present one is there: the others were deleted when it was, unless
/// the bot could not.
fn judge_replaced(stage: &Stage, kept: &Kept, event: &KeptEvent) {
    let posts = kept.deliveries.iter().filter(|delivery| {
        delivery.kind == "post" && delivery.event == Some(event.id) && delivery.message.is_some()
    });
    for message in posts.filter_map(|post| post.message) {
        let is_there = stage.inside.world(|world| world.message(MessageId::new(message)).is_some());
        let is_present = event.message == Some(message) && !event.is_gone;
        if is_there && !is_present && !kept.undeletable.contains(&message) {
            let what = format!("event {} has {:?}, and {message} as well", event.id, event.message);
            stage.ledger.violation("I2", what);
        }
    }
}

/// What counts as sent was accepted by Discord.
fn judge_there(stage: &Stage, delivery: &KeptDelivery, sent: &BTreeMap<u64, Sent>) {
    let is_there = delivery
        .message
        .is_none_or(|message| sent.get(&message).is_some_and(|message| is_of(message, delivery)));
    if !is_there {
        stage.ledger.violation("I3", format!("was never sent: {delivery:?}"));
    }
}

fn is_of(message: &Sent, delivery: &KeptDelivery) -> bool {
    let ids = &message.custom_ids;
    let is_it = words::delivery_of(ids) == Some(delivery.id);
    is_it || (delivery.kind == "post" && words::event_of_post(ids) == delivery.event)
}

/// Whoever got a place, is offered one or lost theirs is told of it. Where names are hidden, it is
/// told without them.
fn judge_told(stage: &Stage, kept: &Kept, event: &KeptEvent) {
    let ways = ["promoted", "offered", "unseated"];
    for (version, way) in event.lines.keys().flat_map(|version| ways.map(|way| (version, way))) {
        let mut moved = moved(event, *version, way);
        // Nobody tells those who had everything erased since.
        moved.retain(|member| !words::is_nobody(*member));
        let news = kept.deliveries.iter().filter(|delivery| {
            delivery.event == Some(event.id)
                && delivery.version == Some(*version)
                && delivery.news.as_deref() == Some(way)
        });
        let is_told = news.clone().next().is_some();
        if event.hides_names_at(*version) && is_told {
            continue;
        }
        let mut told: BTreeSet<u64> = news.flat_map(|news| news.mentions.clone()).collect();
        if way == "promoted" {
            told.extend(had_not_heard(kept, event, *version));
        }
        if !moved.is_subset(&told) {
            let what = format!("event {}: {moved:?} were {way}, told {told:?}", event.id);
            stage.ledger.violation("I3", what);
        }
    }
}

/// Who lost a place before this version, and had not heard of it when somebody got one by it: the
/// news had not left.
fn had_not_heard(kept: &Kept, event: &KeptEvent, version: u64) -> BTreeSet<u64> {
    let lines = event.lines.get(&version).into_iter().flatten();
    let at_ms = lines.map(|line| line.at_ms).min().unwrap_or_default();
    let pending = kept.deliveries.iter().filter(|delivery| {
        delivery.event == Some(event.id)
            && delivery.news.as_deref() == Some("unseated")
            && delivery.ended_ms.is_none_or(|ended_ms| ended_ms >= at_ms)
    });
    let before = pending.filter_map(|delivery| delivery.version).filter(|lost| *lost < version);
    let lost = |lost| moved(event, lost, "unseated").into_iter().chain(swapped(event, lost));
    before.flat_map(lost).collect()
}

/// How long before the start those who come are reminded in every story.
const QUARTER_MS: i64 = 15 * 60 * 1_000;

/// Whether somebody came just before or after it was due does not count.
const ABOUT_MS: i64 = 60 * 1_000;

/// For how long deliveries that have ended are there to be looked at.
const KEPT_MS: i64 = 25 * 24 * 3_600 * 1_000;

/// Nobody is reminded twice of the same, and of an event that stayed as it was those who come are
/// reminded: sent, or accounted for. With a clock that is set nobody can say when it was due.
fn judge_reminded(stage: &Stage, kept: &Kept, event: &KeptEvent, now_ms: i64) {
    let reminders = kept.deliveries.iter().filter(|delivery| {
        delivery.event == Some(event.id) && delivery.news.as_deref() == Some("reminder")
    });
    let mut seen = BTreeSet::new();
    // What never left reminds nobody.
    let left = reminders.clone().filter(|reminder| {
        reminder.kind == "notice"
            && (reminder.message.is_some() || reminder.outcome.as_deref() == Some("unclear"))
    });
    reminded::judge_direct(stage, event, reminders.clone());
    for reminder in left {
        judge_not_early(stage, reminder);
        for member in &reminder.mentions {
            if !seen.insert((reminder.due_ms, *member)) {
                let what = format!("event {}: {member} is reminded twice: {reminder:?}", event.id);
                stage.ledger.violation("I2", what);
            }
        }
    }
    let due_ms = event.state.starts_ms - QUARTER_MS;
    let is_as_it_was = event.states.values().all(|state| {
        state.starts_ms == event.state.starts_ms && !state.is_cancelled && !state.is_deleted
    });
    let is_time = due_ms + 10 * ABOUT_MS < now_ms && now_ms < due_ms + KEPT_MS;
    // What a clock that was wrong by then has done or left out is its own affair.
    let about = stage.epoch.since_ms(due_ms - 4 * ABOUT_MS);
    let was_clock_right = stage.was_clock_right((about, stage.ledger.now()));
    let was_due = is_as_it_was && is_time && was_clock_right;
    let comes = was_due && somebody_comes(event, due_ms);
    let accounts = |reminder: &KeptDelivery| {
        let ended_ms = reminder.ended_ms.unwrap_or(i64::MAX);
        let is_left_out = reminder.outcome.as_deref() == Some("skipped");
        reminder.reminds_ms == Some(due_ms)
            && (!is_left_out || (due_ms..=now_ms).contains(&ended_ms))
    };
    if comes && !reminders.clone().any(accounts) {
        let what = format!("event {}: nobody was reminded at {due_ms}", event.id);
        stage.ledger.violation("I3", what);
    }
}

/// For how long a reminder that was due by a wrong clock may still be under way.
const UNDER_WAY: Duration = Duration::from_secs(200);

/// While the clock was right, no reminder left more than a second before it was due.
pub(super) fn judge_not_early(stage: &Stage, reminder: &KeptDelivery) {
    let Some(message) = reminder.message else { return };
    let left = stage.epoch.since(message);
    let was_clock_right = stage.was_clock_right((left.saturating_sub(UNDER_WAY), left));
    if was_clock_right && stage.epoch.ms_at(left) < reminder.due_ms - 1_000 {
        stage.ledger.violation("I3", format!("left at {left:?}, before it was due: {reminder:?}"));
    }
}

/// Whether anybody had answered a while before that instant that they come or may come, and did not
/// change it until a while after.
pub(super) fn somebody_comes(event: &KeptEvent, at_ms: i64) -> bool {
    let mut picks = BTreeMap::new();
    let mut unsettled = BTreeSet::new();
    for line in event.lines.values().flatten() {
        if line.at_ms < at_ms - ABOUT_MS {
            picks.insert(line.member, line.option);
        } else if line.at_ms < at_ms + ABOUT_MS {
            unsettled.insert(line.member);
        }
    }
    let sets = || event.option_sets.values();
    let tells = |set: &Vec<KeptOption>, option| set.iter().any(|o| o.id == option && o.is_told);
    // Also before and after it was edited.
    let is_told = |option: u8| sets().all(|set| tells(set, option));
    let is_settled = |member: &u64| !unsettled.contains(member) && !words::is_nobody(*member);
    picks.iter().any(|(member, option)| is_settled(member) && option.is_some_and(is_told))
}

/// An event has a post, or its delivery says why not.
fn judge_posted(stage: &Stage, kept: &Kept, event: &KeptEvent) {
    let mut posts = kept
        .deliveries
        .iter()
        .filter(|delivery| delivery.kind == "post" && delivery.event == Some(event.id));
    let last = posts.next_back();
    let accounts = last.and_then(|post| post.outcome.as_deref());
    let (decided, now_ms) = (&event.state, stage.wall.now().as_millisecond());
    let takes_place = !decided.is_cancelled && !decided.is_deleted && now_ms < decided.ends_ms;
    // Over before the story began, or called off, by a clock that was years behind: its post was
    // missed or left out so long ago that the rest is forgotten.
    let is_over = stage.epoch.since_ms(decided.ends_ms).is_zero() || !takes_place;
    if last.is_none() && is_over && stage.skew_ms() > KEPT_MS {
        return;
    }
    // Made ahead of its time for a date that is to be different.
    if last.is_some_and(|post| post.outcome.is_none() && post.due_ms > now_ms) {
        return;
    }
    let is_accounted_for = matches!(accounts, Some("dead" | "unclear"))
        || (accounts == Some("skipped") && !takes_place);
    if event.message.is_none() && !is_accounted_for {
        let what = format!("event {} has no post, and its delivery is {accounts:?}", event.id);
        stage.ledger.violation("I3", what);
    }
}

/// What was due has ended, and says how.
fn judge_end(stage: &Stage, delivery: &KeptDelivery, now_ms: i64) {
    let is_explained = match delivery.outcome.as_deref() {
        None => delivery.due_ms > now_ms,
        Some("sent") => delivery.message.is_some(),
        Some("skipped") => delivery.reason.as_deref().is_some_and(|reason| !reason.is_empty()),
        // A message that somebody deleted before it was known here cannot be sent again.
        Some("dead" | "unclear") => delivery.channel.is_none_or(|channel| {
            let tried = tried(stage, delivery, now_ms);
            let is_unclear = delivery.outcome.as_deref() == Some("unclear");
            let cannot_tell = || {
                stage.ledger.lock().flooded.contains(&channel)
                    || stage.ledger.was_unreadable(channel, tried)
            };
            stage.ledger.was_kept_from(channel, tried)
                || stage.ledger.was_erased_in(channel)
                || (is_unclear && cannot_tell())
        }),
        Some(_) => false,
    };
    if !is_explained {
        stage.ledger.violation("I3", format!("a delivery was due: {delivery:?}"));
    }
}

/// From when to when a delivery was tried, however wrong the bot's clock was.
fn tried(stage: &Stage, delivery: &KeptDelivery, now_ms: i64) -> (Duration, Duration) {
    let (from_ms, to_ms) = (delivery.due_ms, delivery.ended_ms.unwrap_or(now_ms));
    (stage.epoch.since_ms(from_ms - stage.skew_ms()), stage.epoch.since_ms(to_ms + stage.skew_ms()))
}

/// The members whom news mention are those whom they concern.
fn judge_mentions(stage: &Stage, kept: &Kept, delivery: &KeptDelivery) {
    let (Some(event), Some(version)) = (delivery.event, delivery.version) else { return };
    let Some(event) = kept.events.get(&event) else { return };
    let concerned = match delivery.news.as_deref() {
        // Whom these are for, organisers choose.
        Some("told") => return,
        Some("too_few") => BTreeSet::from([event.host]),
        _ if event.hides_names_at(version) => BTreeSet::new(),
        Some(way @ ("promoted" | "offered" | "unseated")) => {
            moved(event, version, way).into_iter().chain(swapped(event, version)).collect()
        }
        Some("reminder") => reminding::concerned(stage, event, delivery, answered(event, version)),
        _ => answered(event, version),
    };
    if !delivery.mentions.is_subset(&concerned) {
        let what = format!("{delivery:?} concerns {concerned:?}");
        stage.ledger.violation("I9", what);
    }
}

fn moved(event: &KeptEvent, version: u64, way: &str) -> BTreeSet<u64> {
    let lines = event.lines.get(&version).into_iter().flatten();
    lines.filter(|line| line.way == way).map(|line| line.member).collect()
}

/// The two who had each other's answers at that version, or theirs again.
fn swapped(event: &KeptEvent, version: u64) -> BTreeSet<u64> {
    let both = moved(event, version, "organiser");
    if both.len() > 1 { both } else { BTreeSet::new() }
}

/// Who had answered, at that version, that they come or may come.
pub(super) fn answered(event: &KeptEvent, version: u64) -> BTreeSet<u64> {
    let mut picks = BTreeMap::new();
    for line in event.lines.range(..=version).flat_map(|(_, lines)| lines) {
        picks.insert(line.member, line.option);
    }
    let options = event.options_at(version);
    let is_told = |option: u8| options.iter().any(|o| o.id == option && o.is_told);
    picks.retain(|_, option| option.is_some_and(is_told));
    picks.into_keys().collect()
}

/// A message notifies those of its delivery, a post its event's role.
fn judge_notified(stage: &Stage, kept: &Kept, message: &Sent) {
    let delivery = words::delivery_of(&message.custom_ids);
    let delivery = delivery.and_then(|id| kept.deliveries.iter().find(|one| one.id == id));
    let event = words::event_of_post(&message.custom_ids)
        .or(delivery.and_then(|delivery| delivery.event))
        .and_then(|event| kept.events.get(&event));
    let people = delivery.map(|delivery| delivery.mentions.clone()).unwrap_or_default();
    let role = event.and_then(|event| event.mention_role);
    let everyone = role.is_some() && role == event.map(|event| event.guild);
    // What is erased is erased of messages, too.
    let mut notified = message.people.iter().filter(|member| !stage.is_erased(**member));
    let asked_for = |notified: &u64| {
        let reminds = delivery.zip(event);
        reminds.is_some_and(|(one, event)| reminding::is_for(stage, event, one, *notified))
    };
    let fits = notified.all(|member| people.contains(member))
        && message.roles.iter().all(|told| Some(*told) == role || asked_for(told))
        && (!message.everyone || everyone);
    if !fits {
        let what = format!("{message:?} notifies others than {people:?} and {role:?}");
        stage.ledger.violation("I9", what);
    }
}

/// No delivery has two messages; an event has no more posts than deliveries of its post. What
/// somebody deleted does not count: who looks for it cannot find it.
pub(super) fn judge_once(stage: &Stage, kept: &Kept) {
    let (now, kept_for) = (stage.ledger.now(), Duration::from_millis(KEPT_MS.unsigned_abs()));
    let mut sent = stage.ledger.lock().sent.clone();
    sent.retain(|id, _| stage.epoch.since(*id) + kept_for > now);
    let erased = stage.ledger.lock().erased.clone();
    let mut of_delivery: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut of_event: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (id, message) in sent.iter().filter(|(id, _)| !erased.contains_key(id)) {
        if let Some(delivery) = words::delivery_of(&message.custom_ids) {
            of_delivery.entry(delivery).or_default().push(*id);
        }
        if let Some(event) = words::event_of_post(&message.custom_ids) {
            of_event.entry(event).or_default().push(*id);
        }
    }
    for (delivery, messages) in of_delivery.iter().filter(|(_, messages)| messages.len() > 1) {
        stage.ledger.violation("I2", format!("delivery {delivery} was sent as {messages:?}"));
    }
    for (event, messages) in of_event {
        let posts = kept.deliveries.iter();
        let posts = posts.filter(|one| one.kind == "post" && one.event == Some(event)).count();
        // By a clock that was far behind, what was sent counts as old and is forgotten.
        let is_forgotten = posts == 0 && stage.skew_ms() > KEPT_MS;
        if messages.len() > posts.max(usize::from(is_forgotten)) {
            let what = format!("event {event} has posts {messages:?} of {posts} deliveries");
            stage.ledger.violation("I2", what);
        }
    }
}
