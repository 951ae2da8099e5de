//! Whom to look for among the members of a guild.

use muster_domain::id::RoleId;
use muster_domain::rules::Eligible;

/// Members to be looked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// Those with this role; `None` for all.
    pub role: Option<RoleId>,
    /// Of them those who may answer so.
    pub eligible: &'a Eligible,
}
