//! Which interactions are taps: answers to events, and what members say of theirs with one button.

use muster_domain::id::EventId;

use crate::custom_id::Action;
use crate::interaction::{Body, Interaction};

/// A member's tap, of which there is a limit.
#[derive(Clone, Copy)]
pub(super) enum TapOn {
    /// On the post of an event, which the answer changes.
    Post(EventId),
    /// On a private message.
    Private,
}

impl TapOn {
    /// The event whose post it is.
    pub(super) const fn post(self) -> Option<EventId> {
        match self {
            Self::Post(event) => Some(event),
            Self::Private => None,
        }
    }
}

/// Which tap an interaction is, if it is one.
pub(super) fn tap(interaction: &Interaction) -> Option<TapOn> {
    let Body::Component(component) = &interaction.body else { return None };
    match component.action {
        Some(Action::Answer(event, _) | Action::AnswerFrom(event)) => Some(TapOn::Post(event)),
        Some(
            Action::Withdraw(_)
            | Action::AnswerAnyway(..)
            | Action::AcceptPlace(..)
            | Action::OfferAccept(..)
            | Action::OfferDecline(..),
        ) => Some(TapOn::Private),
        _ => None,
    }
}
