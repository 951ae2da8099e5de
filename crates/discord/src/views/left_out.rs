//! What a copy of an event does not have of its model, so that it is no surprise.

use muster_domain::id::RoleId;

/// Roles that are named.
const NAMED_MAX: usize = 5;

/// Which roles the answers do not give that those of the model give, if there are any.
pub(super) fn roles(not_given: &[RoleId]) -> Option<String> {
    let names: Vec<_> =
        not_given.iter().take(NAMED_MAX).map(|role| format!("<@&{role}>")).collect();
    let more = not_given.len().saturating_sub(names.len());
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| {
        format!(
            "Its answers do not give {}{rest}, as you or I could not hand that out now. Somebody \
             who can may choose it again, under *Answers*.",
            names.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_left_out_are_named_up_to_five() {
        assert_eq!(roles(&[]), None);
        let said = |count: u64| roles(&(1..=count).map(RoleId::new).collect::<Vec<_>>());
        assert!(said(1).is_some_and(|text| text.starts_with("Its answers do not give <@&1>, as")));
        assert!(said(7).is_some_and(|text| text.contains("<@&5> and 2 more, as")));
    }
}
