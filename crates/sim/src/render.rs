//! Turns the world's plain data into the JSON that Discord sends.

mod accepted;
mod audit;
mod guild;
mod interaction;
mod message;
mod scheduled;
mod thread;

pub(crate) use accepted::{accepted_components, accepted_embeds};
pub(crate) use audit::audit_log;
pub(crate) use guild::{
    application, channel, command, gateway_guild, guild, member, member_of, own_user, role, user,
};
pub(crate) use interaction::interaction;
pub(crate) use message::{Reader, attachment, gateway_message, message};
pub(crate) use scheduled::{Told, scheduled_event, scheduled_event_for, scheduled_user};
pub(crate) use thread::{thread, thread_member};

use jiff::Timestamp;

/// ISO 8601 with microseconds and an offset, as everywhere in the API.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}
