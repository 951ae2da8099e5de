//! What organisers ask for of reminders, as they said it.

use std::time::Duration;

use crate::ledger::Ledger;

/// Whom a reminder is to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// All who come or may come, and the waitlist.
    Expected,
    /// Those who come.
    Going,
    /// Those who may come.
    Maybe,
    /// The waitlist.
    Waitlisted,
    /// Those who have not answered.
    Unanswered,
    /// Those with the players' role who have not answered.
    UnansweredPlayers,
    /// The players' role.
    Players,
}

impl Whom {
    /// Each of them; for those who come or may come most often.
    pub(crate) const ALL: [Self; 10] = [
        Self::Expected,
        Self::Expected,
        Self::Expected,
        Self::Going,
        Self::Maybe,
        Self::Waitlisted,
        Self::Unanswered,
        Self::Unanswered,
        Self::UnansweredPlayers,
        Self::Players,
    ];

    /// How it is chosen in the command, but for the role.
    pub(crate) const fn audience(self) -> Option<&'static str> {
        match self {
            Self::Expected | Self::Players => None,
            Self::Going => Some("going"),
            Self::Maybe => Some("maybe"),
            Self::Waitlisted => Some("waitlisted"),
            Self::Unanswered | Self::UnansweredPlayers => Some("unanswered"),
        }
    }

    /// Whether it names the players' role.
    pub(crate) const fn names_players(self) -> bool {
        matches!(self, Self::UnansweredPlayers | Self::Players)
    }

    /// Whether it is for some of those who answered.
    pub(crate) const fn has_answered(self) -> bool {
        matches!(self, Self::Expected | Self::Going | Self::Maybe | Self::Waitlisted)
    }

    /// Whether it is for some of those who did not.
    pub(crate) const fn has_not_answered(self) -> bool {
        matches!(self, Self::Unanswered | Self::UnansweredPlayers)
    }
}

/// A reminder that somebody asked for.
#[derive(Clone, Debug)]
pub(crate) struct Reminding {
    /// Minutes from the start; before it if negative.
    pub(crate) minutes: i64,
    pub(crate) whom: Whom,
    /// By direct message to those who want that, and nowhere else.
    pub(crate) is_direct: bool,
    /// What it says.
    pub(crate) words: Option<String>,
    /// Of which event; `None` of all.
    pub(crate) event: Option<u64>,
    /// When they were told that it is added, if they were.
    pub(crate) told: Option<Duration>,
}

impl Ledger {
    /// An organiser asks for a reminder. Returns its number.
    pub(crate) fn asks_to_remind(&self, reminding: Reminding) -> usize {
        let mut state = self.lock();
        state.reminding.push(reminding);
        state.reminding.len() - 1
    }

    /// They are told that it is added.
    pub(crate) fn will_remind(&self, number: usize) {
        let now = self.now();
        if let Some(reminding) = self.lock().reminding.get_mut(number) {
            reminding.told = Some(now);
        }
    }

    /// A member may say just now whether they want direct messages of an event.
    pub(crate) fn wishes(&self, event: u64, member: u64) {
        let now = self.now();
        self.lock().wishes.insert((event, member), now);
    }
}
