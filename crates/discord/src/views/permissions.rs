//! Permissions, as Discord's settings call them in the language of a guild.

use muster_domain::rights::Permissions;

use crate::views::messages::{Key, Words};

const NAMES: [(Permissions, Key); 11] = [
    (Permissions::VIEW_CHANNEL, Key::PermissionView),
    (Permissions::SEND_MESSAGES, Key::PermissionSend),
    (Permissions::SEND_MESSAGES_IN_THREADS, Key::PermissionSendThreads),
    (Permissions::EMBED_LINKS, Key::PermissionEmbed),
    (Permissions::ATTACH_FILES, Key::PermissionAttach),
    (Permissions::READ_MESSAGE_HISTORY, Key::PermissionHistory),
    (Permissions::MENTION_EVERYONE, Key::PermissionMention),
    (Permissions::CREATE_PUBLIC_THREADS, Key::PermissionThreads),
    (Permissions::MANAGE_THREADS, Key::PermissionThreadsManage),
    (Permissions::MANAGE_EVENTS, Key::PermissionEvents),
    (Permissions::MANAGE_GUILD, Key::PermissionServer),
];

/// What is to be allowed where nobody knows what is missing.
const NEEDED_MOST: Permissions =
    Permissions(Permissions::VIEW_CHANNEL.0 | Permissions::SEND_MESSAGES.0);

/// "View Channel", "Send Messages": those of a set that are ever needed.
pub(super) fn names(words: Words, permissions: Permissions) -> Vec<&'static str> {
    let set = NAMES.into_iter().filter(|(permission, _)| permissions.allow(*permission));
    set.map(|(_, key)| words.plain(key)).collect()
}

/// "*View Channel*, *Send Messages* and *Embed Links*": those of a set that are ever needed, or
/// those needed most if it has none of them.
pub(super) fn listed(words: Words, permissions: Permissions) -> String {
    let is_known = NAMES.iter().any(|(permission, _)| permissions.allow(*permission));
    let permissions = if is_known { permissions } else { NEEDED_MOST };
    let names: Vec<_> =
        names(words, permissions).into_iter().map(|name| format!("*{name}*")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => {
            let others = others.join(", ");
            words.filled(Key::PermissionSeveral, &[("others", &others), ("last", last)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_called_as_the_domain_calls_them() {
        let listed = |permissions| listed(Words::usual(), permissions);
        for (permission, _) in NAMES {
            let name = permission.names().next().unwrap();
            assert_eq!(listed(permission), format!("*{name}*"));
        }
        let several = "*View Channel*, *Send Messages*, *Embed Links* and *Read Message History*";
        assert_eq!(listed(Permissions::TO_POST), several);
        assert_eq!(listed(Permissions::default()), "*View Channel* and *Send Messages*");
    }
}
