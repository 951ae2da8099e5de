//! What is said where Discord takes no message.

use muster_domain::id::ChannelId;
use muster_domain::rights::Permissions;

use super::joined;

pub(super) fn cannot_post(channel: ChannelId, missing: Permissions) -> String {
    let names: Vec<_> = missing.names().collect();
    if names.is_empty() {
        let needed: Vec<_> = Permissions::TO_POST.names().collect();
        let needed = joined(&needed, " and ");
        return format!(
            "I cannot post in <#{channel}>. Give my role {needed} there, or choose another channel."
        );
    }
    let names = joined(&names, " and ");
    format!(
        "I cannot post in <#{channel}>, as I lack {names} there. Allow it for my role in the \
         channel's settings, or choose another channel."
    )
}

pub(super) fn wrong_kind(channel: ChannelId) -> String {
    format!(
        "Events cannot be posted in <#{channel}>, as it takes no messages. Choose a text channel, \
         an announcement channel or a thread."
    )
}

pub(super) fn channel_gone(channel: ChannelId) -> String {
    format!(
        "<#{channel}> is gone, or I cannot see it. Choose another channel, or give my role View \
         Channel there."
    )
}
