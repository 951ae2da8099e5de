//! Native scheduled events as JSON (Discord docs: guild scheduled event object).

use serde_json::{Value, json};

use super::{member_of, time, user};
use crate::ids::UserId;
use crate::json::set;
use crate::world::{Guild, Recurrence, ScheduledEvent, World};

/// What a reader of an event is told besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Event,
    /// With how many are interested.
    WithCount,
}

/// An event as the gateway carries it.
pub(crate) fn scheduled_event(event: &ScheduledEvent) -> Value {
    json!({
        "id": event.id,
        "guild_id": event.guild,
        "channel_id": event.channel,
        "creator_id": event.creator,
        "name": event.name,
        "description": event.description,
        "image": event.image,
        "scheduled_start_time": time(event.start),
        "scheduled_end_time": event.end.map(time),
        "privacy_level": 2,
        "status": event.status.number(),
        "entity_type": event.kind.number(),
        "entity_id": null,
        "entity_metadata": event.location.as_ref().map(|place| json!({"location": place})),
        "recurrence_rule": event.rule.as_ref().map(rule),
        "guild_scheduled_event_exceptions": [],
    })
}

/// An event as it is read over HTTP.
pub(crate) fn scheduled_event_for(world: &World, event: &ScheduledEvent, told: Told) -> Value {
    let mut object = scheduled_event(event);
    if let Some(creator) = world.user(event.creator) {
        set(&mut object, "creator", user(creator));
    }
    if told == Told::WithCount {
        set(&mut object, "user_count", json!(event.interested.len()));
    }
    object
}

fn rule(rule: &Recurrence) -> Value {
    let days = Some(&rule.by_weekday).filter(|days| !days.is_empty());
    let nth = rule.by_n_weekday.map(|(nth, day)| json!([{"n": nth, "day": day}]));
    json!({
        "start": time(rule.start),
        "end": null,
        "frequency": rule.frequency.number(),
        "interval": rule.interval,
        "by_weekday": days,
        "by_n_weekday": nth,
        "by_month": rule.by_month.map(|month| [month]),
        "by_month_day": rule.by_month_day.map(|day| [day]),
        "by_year_day": null,
        "count": null,
    })
}

/// Somebody who is interested in an event.
pub(crate) fn scheduled_user(
    world: &World,
    (guild, event): (&Guild, &ScheduledEvent),
    who: UserId,
    with_member: bool,
) -> Option<Value> {
    let mut object = json!({
        "guild_scheduled_event_id": event.id,
        "user_id": who,
        "user": user(world.user(who)?),
        "response": 1,
    });
    if let Some(member) = member_of(world, guild, who).filter(|_| with_member) {
        set(&mut object, "member", member);
    }
    Some(object)
}
