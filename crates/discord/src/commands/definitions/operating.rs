//! The commands of who runs the bot.

use super::{Definition, IN_SERVERS_AND_WITH_THE_BOT};

/// No permission: administrators alone see the command, unless a server decides otherwise. What it
/// shows, only operators see. (Discord docs: "Application Command Permissions")
const ADMINISTRATORS: &str = "0";

/// The five.
pub(super) fn all() -> [Definition; 5] {
    [
        ("system_health", "For whoever runs me: is all well, and what to do"),
        ("performance_metrics", "For whoever runs me: how fast I am, and how fast I should be"),
        ("memory_optimization", "For whoever runs me: what uses memory, and what frees it"),
        ("force_cleanup", "For whoever runs me: free memory now"),
        (
            "security_status",
            "For whoever runs me: what should not have happened, and who is blocked",
        ),
    ]
    .map(|(name, description)| Definition {
        default_member_permissions: Some(ADMINISTRATORS),
        contexts: IN_SERVERS_AND_WITH_THE_BOT,
        ..Definition::new(name, description, Vec::new())
    })
}
