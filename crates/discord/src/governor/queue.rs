//! Requests that wait for their turn, most urgent first and then first come.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::oneshot;

use super::gate::{Gate, Lane, Pass, Refused, Ticket, Verdict};
use super::limits::{AWAITED_EXTRA, CLOSING_PATIENCE, WAITING_MAX};

/// What a request that has waited is told.
pub(super) type Outcome = Result<Pass, Refused>;

struct Waiter {
    ticket: Ticket,
    /// On the monotonic clock.
    deadline: Duration,
    told: Option<oneshot::Sender<Outcome>>,
}

/// The gate and those who stand before it.
pub(super) struct Queue {
    pub(super) gate: Gate,
    waiting: BTreeMap<(Lane, u64), Waiter>,
    next: u64,
    /// When the last ones have to leave, once the program ends.
    closes_at: Option<Duration>,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self { gate: Gate::new(), waiting: BTreeMap::new(), next: 0, closes_at: None }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Lets a request pass at once, refuses it at once, or gives it something to wait for.
    pub(super) fn enter(
        &mut self,
        now: Duration,
        ticket: Ticket,
        deadline: Duration,
    ) -> Result<oneshot::Receiver<Outcome>, Outcome> {
        let deadline = self.closes_at.map_or(deadline, |closes| closes.min(deadline));
        match self.gate.check(now, &ticket) {
            // Whoever waits already, and could go too, goes first.
            Verdict::Go if self.waiting.is_empty() => return Err(Ok(self.gate.take(now, ticket))),
            Verdict::Refused(why) => return Err(Err(why)),
            Verdict::At(at) if at > deadline => {
                return Err(Err(Refused::NotInTime(at.saturating_sub(now))));
            }
            Verdict::Go | Verdict::At(_) | Verdict::AfterAnAnswer => {}
        }
        let room = match ticket.lane {
            Lane::Awaited => WAITING_MAX + AWAITED_EXTRA,
            Lane::Background if self.closes_at.is_some() => 0,
            Lane::Background => WAITING_MAX,
        };
        if self.waiting.len() >= room {
            return Err(Err(Refused::Busy));
        }
        let (told, receiver) = oneshot::channel();
        let place = (ticket.lane, self.next);
        self.next += 1;
        self.waiting.insert(place, Waiter { ticket, deadline, told: Some(told) });
        Ok(receiver)
    }

    /// The program ends: sends away the requests of the background that wait, and lets none wait
    /// any more. What somebody waits for may wait a moment longer, and what can go at once goes.
    pub(super) fn close(&mut self, now: Duration) {
        let closes_at = now + CLOSING_PATIENCE;
        self.closes_at = Some(closes_at);
        let background = self.waiting.split_off(&(Lane::Background, 0));
        for told in background.into_values().filter_map(|waiter| waiter.told) {
            // Whoever has gone away need not be told.
            drop(told.send(Err(Refused::Busy)));
        }
        for waiter in self.waiting.values_mut() {
            waiter.deadline = waiter.deadline.min(closes_at);
        }
    }

    /// Lets go whoever may go now, and tells when to look again; `None` if only after a change.
    pub(super) fn pump(&mut self, now: Duration) -> Option<Duration> {
        let Self { gate, waiting, .. } = self;
        let mut look_again: Option<Duration> = None;
        waiting.retain(|_, waiter| {
            if let Some(at) = gate.pace_gap(now) {
                // Nobody at all may go just now; asking each in a long queue would cost much.
                look_again = Some(look_again.map_or(at, |known| known.min(at)));
                return waiter.told.as_ref().is_some_and(|told| !told.is_closed());
            }
            let Some(told) = waiter.told.take_if(|told| !told.is_closed()) else {
                return false;
            };
            let outcome = match gate.check(now, &waiter.ticket) {
                Verdict::Go => Ok(gate.take(now, waiter.ticket.clone())),
                Verdict::Refused(why) => Err(why),
                Verdict::At(at) if at > waiter.deadline => {
                    Err(Refused::NotInTime(at.saturating_sub(now)))
                }
                Verdict::At(_) | Verdict::AfterAnAnswer if now >= waiter.deadline => {
                    Err(Refused::NotInTime(Duration::ZERO))
                }
                Verdict::At(at) => {
                    look_again = Some(look_again.map_or(at, |known| known.min(at)));
                    waiter.told = Some(told);
                    return true;
                }
                Verdict::AfterAnAnswer => {
                    waiter.told = Some(told);
                    return true;
                }
            };
            if let Err(Ok(pass)) = told.send(outcome) {
                // It has gone away in this very moment.
                gate.give_up(now, &pass);
            }
            false
        });
        look_again
    }
}
