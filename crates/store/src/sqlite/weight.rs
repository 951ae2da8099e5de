//! How much memory things at hand take: what they hold is added up.

use std::mem::size_of;

use muster_domain::answer_option::AnswerOption;
use muster_domain::event::Event;
use muster_domain::id::{InteractionId, RoleId, UserId};
use muster_domain::rules::EventRules;
use muster_domain::signup_details::SignupDetails;

use super::rosters::LoadedEvent;

/// An event with its roster, in bytes.
pub(super) fn of_loaded(loaded: &LoadedEvent) -> usize {
    let last_taps = table::<(UserId, InteractionId)>(loaded.last_taps.capacity());
    let details = table::<(UserId, SignupDetails)>(loaded.details.capacity());
    let notes = loaded.details.values().filter_map(|details| details.note.as_ref());
    let notes: usize = notes.map(|note| note.as_str().len()).sum();
    [
        size_of::<LoadedEvent>(),
        loaded.roster.bytes(),
        last_taps,
        details,
        notes,
        of_event(&loaded.event),
    ]
    .into_iter()
    .fold(0, usize::saturating_add)
}

/// What an event holds beside itself, in bytes.
pub(super) fn of_event(event: &Event) -> usize {
    let details = &event.details;
    let texts = [
        details.title.as_str().len(),
        details.description.as_ref().map_or(0, |text| text.as_str().len()),
        details.location.as_ref().map_or(0, |text| text.as_str().len()),
        event.image.as_ref().map_or(0, |image| image.as_str().len()),
    ];
    let EventRules { allowed, denied, priority, .. } = &event.rules;
    let roles = [allowed, denied, priority].map(Vec::capacity);
    let roles = roles.into_iter().sum::<usize>().saturating_mul(size_of::<RoleId>());
    let options: usize = event.options.iter().map(of_option).sum();
    let shared = event.options.shared().iter();
    let shared: usize =
        shared.map(|places| size_of_val(places).saturating_add(places.heading.len())).sum();
    let options = options.saturating_add(shared);
    texts.into_iter().sum::<usize>().saturating_add(roles).saturating_add(options)
}

fn of_option(option: &AnswerOption) -> usize {
    let group = option.group.as_ref().map_or(0, |group| group.len());
    let allowed = option.allowed.len().saturating_mul(size_of::<RoleId>());
    [size_of::<AnswerOption>(), option.label.len(), option.emoji.len(), group, allowed].iter().sum()
}

/// A table with so many places, in bytes: it keeps one byte beside each.
fn table<T>(places: usize) -> usize {
    places.saturating_mul(size_of::<T>().saturating_add(1))
}
