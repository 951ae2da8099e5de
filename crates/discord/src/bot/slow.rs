//! What may take longer than Discord waits.

use std::time::Duration;

use crate::custom_id::Action;
use crate::interaction::{Body, Interaction};

/// After how long "thinking" is shown: in time even if the answer to that takes a while.
const THINKING_AFTER: Duration = Duration::from_millis(1_500);

/// The same where an operator waits, who is answered within a second.
const THINKING_OF_OPERATORS_AFTER: Duration = Duration::from_millis(700);

/// After how long "thinking" is shown, if handling it may take longer than Discord waits: it asks
/// Discord for much, looks through the whole database, or gives memory back.
pub(super) fn thinking_after(interaction: &Interaction) -> Option<Duration> {
    match &interaction.body {
        Body::Command(command) => match command.name.as_str() {
            "doctor" | "report" | "rsvp" => Some(THINKING_AFTER),
            "event" | "privacy" if command.subcommand == "export" => Some(THINKING_AFTER),
            "force_cleanup" => Some(THINKING_OF_OPERATORS_AFTER),
            _ => None,
        },
        Body::Component(component) => match component.action {
            Some(
                Action::Doctor(_)
                | Action::DoctorPage(_)
                | Action::DoctorRetry(..)
                | Action::ReportDays(..)
                | Action::ReportEvent(_)
                | Action::CopyList(_),
            ) => Some(THINKING_AFTER),
            Some(Action::CleanUp) => Some(THINKING_OF_OPERATORS_AFTER),
            _ => None,
        },
        Body::Autocomplete(_) | Body::Form(_) | Body::Unknown => None,
    }
}
