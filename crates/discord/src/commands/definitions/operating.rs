//! The commands of who runs the bot.

use super::{Definition, IN_SERVERS_AND_WITH_THE_BOT};

/// No permission: administrators alone see the command, unless a server decides otherwise. What it
/// shows, only operators see. (Discord docs: "Application Command Permissions")
const ADMINISTRATORS: &str = "0";

/// The five.
pub(super) fn all() -> [Definition; 5] {
    [
        ("system_health", "For who runs me: whether all is well, and what to do"),
        ("performance_metrics", "For who runs me: how fast I am, beside what I aim at"),
        ("memory_optimization", "For who runs me: what uses memory, and what gives it back"),
        ("force_cleanup", "For who runs me: give memory back now"),
        ("security_status", "For who runs me: what should not have happened, and who is blocked"),
    ]
    .map(|(name, description)| Definition {
        default_member_permissions: Some(ADMINISTRATORS),
        contexts: IN_SERVERS_AND_WITH_THE_BOT,
        ..Definition::new(name, description, Vec::new())
    })
}
