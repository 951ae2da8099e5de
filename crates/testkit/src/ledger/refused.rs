//! What Discord refuses, and whether there is a reason for it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::{Exchange, IN_FLIGHT_MAX, Ledger, PATIENCE, State};
use crate::faults::{Injected, Layer};
use crate::spans::{Spans, touches};
use crate::words;
use crate::words::at;

/// After how long Discord puts a thread into the archive in which nobody writes.
const ARCHIVED_AFTER: Duration = Duration::from_hours(7 * 24);

impl Ledger {
    pub(super) fn refused(&self, exchange: &Exchange<'_>) {
        let body: Value = serde_json::from_slice(exchange.answer).unwrap_or_default();
        let code = at(&body, "/code").as_u64().unwrap_or_default();
        if !self.explains_refusal(exchange, code) {
            let Exchange { route, path, status, .. } = exchange;
            let sent = String::from_utf8_lossy(exchange.sent);
            let what = format!("Discord refuses {route} {path}: {status} {body} for {sent}");
            self.violation("refused", what);
        }
    }

    fn explains_refusal(&self, exchange: &Exchange<'_>, code: u64) -> bool {
        let now = self.now();
        let in_flight = (now.saturating_sub(IN_FLIGHT_MAX), now);
        let state = self.lock();
        let asked = state.asked.get(&exchange.subject);
        match code {
            _ if exchange.status == 401 => touches(&state.locked_out, in_flight),
            // Not every bot may read it; then the owner is greeted.
            50_013 if exchange.route == "guild.audit_log" => true,
            // Answered before: by a try whose answer was lost, or in an earlier life.
            40_060 => asked.is_some_and(|asked| {
                let lost = |fault: &Injected| {
                    fault.point.0 == Layer::Wire && fault.subject == exchange.subject
                };
                asked.lives.len() > 1 || self.faults.explain((Duration::ZERO, now), lost)
            }),
            // Opened before, by a try whose answer was lost or in an earlier life: Discord sees to
            // it that a message has one thread.
            160_004 => exchange.route == "thread.start",
            // Too late.
            10_062 => asked.is_none_or(|asked| asked.at + PATIENCE <= now + PATIENCE / 100),
            // What was to say that the answer takes a while came too late, or not at all.
            10_015 if exchange.route == "interaction.edit" => {
                let asked =
                    words::interaction_of(exchange.path).and_then(|id| state.asked.get(&id));
                asked.is_some_and(|asked| asked.accepted.is_empty())
            }
            // No such guild, missing access, missing permissions.
            10_004 | 50_001 | 50_013 => {
                let channel = words::channel_of(exchange.path).map(|id| state.parent_of(id));
                let forbidden = channel.and_then(|channel| state.forbidden.get(&channel));
                touches(&state.removed, in_flight)
                    || forbidden.is_some_and(|spans| touches(spans, in_flight))
            }
            // Removed from the server that it shared with a member, while it was away.
            50_278 => touches(&state.removed, in_flight),
            // A thread that somebody deleted.
            // Tapped a moment before the thread was deleted. No callback names its channel.
            10_003 if exchange.route == "interaction.callback" => !state.gone.is_empty(),
            10_003 => words::channel_of(exchange.path).is_some_and(|id| state.gone.contains(&id)),
            // The archive: put there by the bot, or as nobody wrote for a week.
            50_083 => words::channel_of(exchange.path).is_some_and(|id| {
                let is_old = self.epoch.since(id) + ARCHIVED_AFTER < now;
                state.archived.contains(&id) || (is_old && state.threads.contains_key(&id))
            }),
            10_008 if matches!(exchange.route, "message.create" | "interaction.callback") => {
                !state.erased.is_empty()
            }
            10_008 => words::message_of(exchange.path)
                .is_some_and(|message| state.erased.contains_key(&message)),
            _ => false,
        }
    }

    /// Whether the bot was kept from this channel at some time in between.
    pub(crate) fn was_kept_from(&self, channel: u64, span: (Duration, Duration)) -> bool {
        let state = self.lock();
        let forbidden = forbidden_in(&state.forbidden, state.parent_of(channel));
        touches(&state.removed, span) || touches(forbidden, span)
    }

    /// Whether the bot was added to the guild again after `from`, until `to`.
    pub(crate) fn was_added(&self, from: Duration, to: Duration) -> bool {
        let state = self.lock();
        state.removed.iter().filter_map(|(_, end)| *end).any(|end| from < end && end <= to)
    }

    /// Whether a message of the bot in this channel or a thread of it was ever deleted, or the
    /// thread as a whole.
    pub(crate) fn was_erased_in(&self, channel: u64) -> bool {
        let state = self.lock();
        let parent = state.parent_of(channel);
        let is_here = |id: &u64| {
            state.sent.get(id).is_some_and(|sent| state.parent_of(sent.channel) == parent)
        };
        state.erased.keys().any(is_here) || state.gone.contains(&channel)
    }
}

impl State {
    /// The channel of a thread, which may what that may; of everything else the same.
    pub(crate) fn parent_of(&self, channel: u64) -> u64 {
        self.threads.get(&channel).copied().unwrap_or(channel)
    }
}

fn forbidden_in(forbidden: &BTreeMap<u64, Spans>, channel: u64) -> &[(Duration, Option<Duration>)] {
    forbidden.get(&channel).map(Vec::as_slice).unwrap_or_default()
}
