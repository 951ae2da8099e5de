//! What is said where Discord takes no message.

use muster_domain::id::ChannelId;
use muster_domain::rights::Permissions;

use super::listed;
use crate::views::messages::{Key, Words};
use crate::views::permissions;

pub(super) fn cannot_post(words: Words, channel: ChannelId, missing: Permissions) -> String {
    let lacks = permissions::names(words, missing);
    let (key, names) = if lacks.is_empty() {
        (Key::RefusalChannelPost, permissions::names(words, Permissions::TO_POST))
    } else {
        (Key::RefusalChannelLacks, lacks)
    };
    let names = listed(words, Key::PermissionSeveral, &names);
    words.filled(key, &[("channel", &format!("<#{channel}>")), ("permissions", &names)])
}

pub(super) fn wrong_kind(words: Words, channel: ChannelId) -> String {
    words.filled(Key::RefusalChannelKind, &[("channel", &format!("<#{channel}>"))])
}

pub(super) fn gone(words: Words, channel: ChannelId) -> String {
    words.filled(Key::RefusalChannelGone, &[("channel", &format!("<#{channel}>"))])
}
