//! What comes when Discord no longer waits for its answer.
//!
//! After a restart or a lost connection Discord hands over what happened meanwhile. Of a command
//! that is older than three seconds the member was told by then that the application did not
//! respond, and may have given it again: an event would be created twice. Taps are carried out
//! however late they are, as no answer is to be lost, and a second tap on the same answer changes
//! nothing.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::InteractionId;
use muster_engine::World;
use muster_engine::discord::Discord as _;

use super::tapped::tap;
use super::{Answers, Bot};
use crate::interaction::Interaction;

/// For how long Discord waits for the first answer. (Discord docs: "Receiving and Responding")
const WAITED_FOR: SignedDuration = SignedDuration::from_secs(3);

/// How an interaction came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When, on the monotonic clock.
    pub at: Duration,
    /// Whether it happened before the gateway's connection was resumed.
    pub replayed: bool,
}

impl Arrival {
    /// As it happened.
    #[must_use]
    pub const fn live(at: Duration) -> Self {
        Self { at, replayed: false }
    }
}

impl<W: World, A: Answers> Bot<W, A> {
    /// Whether this is not to be done any more. Only what Discord handed over again can be so, and
    /// only by Discord's own clock: by no mistake about time can what happens now be left alone.
    pub(super) fn is_left_alone(&self, interaction: &Interaction, arrival: Arrival) -> bool {
        arrival.replayed
            && tap(interaction).is_none()
            && self.app.discord().time().is_some_and(|now| is_over(interaction.id, now))
    }
}

/// Whether Discord has given up waiting by this time of its own.
fn is_over(interaction: InteractionId, now: Timestamp) -> bool {
    now.duration_since(interaction.created_at()) > WAITED_FOR
}
