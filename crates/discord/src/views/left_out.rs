//! What a copy of an event does not have of its model, so that it is no surprise.

use muster_domain::id::RoleId;

use crate::views::messages::{Key, Words};

/// Roles that are named.
const NAMED_MAX: usize = 5;

/// Which roles the answers do not give that those of the model give, if there are any.
pub(super) fn roles(words: Words, not_given: &[RoleId]) -> Option<String> {
    let names: Vec<_> =
        not_given.iter().take(NAMED_MAX).map(|role| format!("<@&{role}>")).collect();
    let roles = names.join(", ");
    let values = [("roles", roles.as_str())];
    match not_given.len().saturating_sub(names.len()) {
        _ if names.is_empty() => None,
        0 => Some(words.filled(Key::PanelLeft, &values)),
        more => Some(words.counted_with(Key::PanelLeftMore, more, &values)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_left_out_are_named_up_to_five() {
        assert_eq!(roles(Words::usual(), &[]), None);
        let said = |count: u64| {
            let roles: Vec<_> = (1..=count).map(RoleId::new).collect();
            super::roles(Words::usual(), &roles)
        };
        assert!(said(1).is_some_and(|text| text.starts_with("Its answers do not give <@&1>, as")));
        assert!(said(7).is_some_and(|text| text.contains("<@&5> and 2 more, as")));
    }
}
