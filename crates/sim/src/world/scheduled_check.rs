//! Puts a scheduled event together from what there was and what a form says, and looks whether it
//! is whole.

use jiff::Timestamp;

use super::scheduled::{ScheduledEvent, ScheduledKind};
use crate::validate::scheduled::EventForm;
use crate::validate::{Errors, Form};

/// The event as it is with what the form says. What only other kinds have falls away.
pub(super) fn merged(mut event: ScheduledEvent, form: &EventForm) -> ScheduledEvent {
    if let Some(name) = &form.name {
        event.name.clone_from(name);
    }
    event.description = form.description.over(event.description).filter(|text| !text.is_empty());
    event.start = form.start.unwrap_or(event.start);
    event.end = form.end.over(event.end);
    event.kind = form.kind.unwrap_or(event.kind);
    event.channel = form.channel.over(event.channel);
    if let Some(location) = &form.location {
        event.location = Some(location.clone());
    }
    if event.kind != ScheduledKind::External {
        event.location = None;
    }
    event.rule = form.rule.over(event.rule);
    event
}

/// Checks an event that was put together from what there was and what a form says.
pub(super) fn check_whole(
    event: &ScheduledEvent,
    said: &EventForm,
    now: Timestamp,
) -> Result<(), Errors> {
    let mut form = Form::default();
    let required = "This field is required";
    if event.kind == ScheduledKind::External {
        if event.location.is_none() {
            form.at("entity_metadata", |form| {
                form.wrong_at("location", "BASE_TYPE_REQUIRED", required);
            });
        }
        if event.end.is_none() {
            form.wrong_at("scheduled_end_time", "BASE_TYPE_REQUIRED", required);
        }
        if event.channel.is_some() {
            let message = "An external event has no channel.";
            form.wrong_at("channel_id", "GUILD_SCHEDULED_EVENT_CHANNEL", message);
        }
    } else if event.channel.is_none() {
        form.wrong_at("channel_id", "BASE_TYPE_REQUIRED", required);
    }
    if said.start.is_some_and(|start| start <= now) {
        let message = "Cannot schedule event in the past.";
        form.wrong_at("scheduled_start_time", "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message);
    }
    if event.end.is_some_and(|end| end <= event.start) {
        let message = "Cannot schedule event to end before it starts.";
        form.wrong_at("scheduled_end_time", "GUILD_SCHEDULED_EVENT_END", message);
    }
    if said.status.is_some_and(|next| !event.status.leads_to(next)) {
        let message = "The event cannot go to this status from where it is.";
        form.wrong_at("status", "GUILD_SCHEDULED_EVENT_STATUS", message);
    }
    form.finish(())
}
