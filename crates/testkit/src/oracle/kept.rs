//! What the oracle knows of the database, as plain values.

use std::collections::{BTreeMap, BTreeSet};

use super::door::{Room, Spot};
use super::plans::Plans;

/// Everything that the oracle looks at.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) events: BTreeMap<u64, KeptEvent>,
    pub(super) deliveries: Vec<KeptDelivery>,
    /// Messages that the bot was to delete and could not.
    pub(super) undeletable: BTreeSet<u64>,
    /// What repeats.
    pub(super) plans: Plans,
    /// Messages and threads about which nothing is done any more, by what was to be done.
    pub(super) given_up: BTreeSet<(String, u64)>,
    /// The lists of reminders.
    pub(super) reminders: Vec<KeptReminder>,
    /// Events with a list of their own.
    pub(super) own_reminders: BTreeSet<u64>,
    /// Who wants direct messages of which event.
    pub(super) direct: BTreeSet<(u64, u64)>,
}

/// An event with its answers, its history and its post.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct KeptEvent {
    pub(super) id: u64,
    pub(super) mention_role: Option<u64>,
    pub(super) guild: u64,
    pub(super) host: u64,
    pub(super) state: EventState,
    pub(super) version: u64,
    pub(super) message: Option<u64>,
    pub(super) is_gone: bool,
    /// Where the post is: in a forum, its thread.
    pub(super) channel: u64,
    /// Whether the post is to get a thread, and the one that it has.
    pub(super) opens_thread: bool,
    pub(super) thread: Option<u64>,
    /// Whether a member asked for it, and no series.
    pub(super) is_asked_for: bool,
    /// The options on offer.
    pub(super) options: Vec<KeptOption>,
    pub(super) rules: KeptRules,
    /// All sets of options and rules that there were, by the version that brought them.
    pub(super) option_sets: BTreeMap<u64, Vec<KeptOption>>,
    pub(super) rule_sets: BTreeMap<u64, KeptRules>,
    /// The interactions whose changes are in the history.
    pub(super) changes: BTreeSet<u64>,
    pub(super) signups: BTreeMap<u64, KeptSignup>,
    /// What organisers did, by version.
    pub(super) states: BTreeMap<u64, EventState>,
    /// When they did it, by version, in milliseconds since 1970.
    pub(super) decided_ms: BTreeMap<u64, i64>,
    /// The versions that took back what was done before.
    pub(super) undoings: BTreeSet<u64>,
    /// What became of answers, by version.
    pub(super) lines: BTreeMap<u64, Vec<Line>>,
}

/// What an organiser decides. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "as the columns are")]
pub(super) struct EventState {
    pub(super) title: String,
    pub(super) starts_ms: i64,
    pub(super) ends_ms: i64,
    pub(super) capacity: Option<u64>,
    pub(super) takes_answers_until_end: bool,
    /// How long before the start answers close.
    pub(super) close_before_ms: i64,
    pub(super) is_closed: bool,
    pub(super) is_cancelled: bool,
    pub(super) is_deleted: bool,
    /// Which sets of options and rules hold.
    pub(super) options_version: u64,
    pub(super) rules_version: u64,
}

impl EventState {
    /// Whether it takes answers at this instant.
    pub(super) fn is_open(&self, now_ms: i64) -> bool {
        !self.is_closed && !self.is_cancelled && !self.is_deleted && now_ms < self.closes_ms()
    }

    /// Whether it was called off, or taken back.
    pub(super) const fn is_off(&self) -> bool {
        self.is_cancelled || self.is_deleted
    }

    /// When answers close by themselves.
    pub(super) const fn closes_ms(&self) -> i64 {
        if self.takes_answers_until_end {
            self.ends_ms
        } else {
            self.starts_ms - self.close_before_ms
        }
    }
}

/// An answer on offer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "as the columns are")]
pub(super) struct KeptOption {
    pub(super) id: u8,
    pub(super) label: String,
    pub(super) is_coming: bool,
    pub(super) is_told: bool,
    /// Whether those who are coming by it have a role.
    pub(super) gives: bool,
    pub(super) capacity: Option<u64>,
    /// What it stands under, if anything.
    pub(super) heading: Option<String>,
    /// How many can come under that heading, all answers below it together.
    pub(super) shared: Option<u64>,
    pub(super) is_removed: bool,
    pub(super) allowed: Vec<u64>,
}

/// What an event demands of those who answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct KeptRules {
    /// For how many seconds who comes up is offered the place.
    pub(super) offer_s: Option<u64>,
    pub(super) guests_max: u64,
    pub(super) allowed: Vec<u64>,
    pub(super) denied: Vec<u64>,
    pub(super) preferred: Vec<u64>,
    pub(super) are_names_hidden: bool,
}

impl KeptRules {
    /// Whether a member with these roles stands before the others in line.
    pub(super) fn prefers(&self, roles: &[u64]) -> bool {
        roles.iter().any(|role| self.preferred.contains(role))
    }

    /// Whether a member with these roles may answer.
    pub(super) fn admits(&self, roles: &[u64]) -> bool {
        let has_one = |list: &[u64]| roles.iter().any(|role| list.contains(role));
        !has_one(&self.denied) && (self.allowed.is_empty() || has_one(&self.allowed))
    }
}

impl KeptOption {
    /// The heading whose places it shares with others, and how many these are.
    pub(super) fn below(&self) -> Option<(String, u64)> {
        self.heading.clone().zip(self.shared)
    }

    /// Whether a member with these roles may pick it.
    pub(super) fn admits(&self, roles: &[u64]) -> bool {
        self.allowed.is_empty() || roles.iter().any(|role| self.allowed.contains(role))
    }
}

impl KeptEvent {
    /// Whether nothing of it was changed after this.
    pub(super) fn is_settled_since(&self, since_ms: i64) -> bool {
        let answered = self.lines.values().flatten().map(|line| line.at_ms);
        answered.chain(self.decided_ms.values().copied()).all(|at_ms| at_ms < since_ms)
    }

    /// What an organiser had decided by this version.
    pub(super) fn decided(&self, version: u64) -> Option<&EventState> {
        self.states.range(..=version).next_back().map(|(_, decided)| decided)
    }

    /// The options at this version, those removed among them.
    pub(super) fn options_at(&self, version: u64) -> &[KeptOption] {
        let set = self.decided(version).map(|decided| decided.options_version);
        set.and_then(|set| self.option_sets.get(&set)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether names are hidden at this version.
    pub(super) fn hides_names_at(&self, version: u64) -> bool {
        self.rules_at(version).is_some_and(|rules| rules.are_names_hidden)
    }

    /// The rules at this version.
    pub(super) fn rules_at(&self, version: u64) -> Option<&KeptRules> {
        self.rule_sets.get(&self.decided(version)?.rules_version)
    }

    /// The options now, those removed among them.
    pub(super) fn all_options(&self) -> &[KeptOption] {
        self.options_at(self.version)
    }

    /// The options whose members are coming at this version, and for how many each has room.
    pub(super) fn room_by_option(&self, version: u64) -> BTreeMap<u8, Room> {
        let coming = self.options_at(version).iter().filter(|option| option.is_coming);
        let room = |option: &KeptOption| Room { own: option.capacity, below: option.below() };
        coming.map(|option| (option.id, room(option))).collect()
    }
}

/// A member's answer as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeptSignup {
    pub(super) option: Option<u8>,
    pub(super) spot: Spot,
    pub(super) guests: u64,
    pub(super) is_preferred: bool,
    pub(super) sequence: i64,
    pub(super) interaction: u64,
    /// When they come, if late, and go, if early.
    pub(super) from_ms: Option<i64>,
    pub(super) until_ms: Option<i64>,
}

/// A line of the history of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) member: u64,
    pub(super) way: String,
    pub(super) option: Option<u8>,
    pub(super) spot: Spot,
    pub(super) guests: u64,
    pub(super) interaction: Option<u64>,
    pub(super) at_ms: i64,
}

/// A reminder of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeptReminder {
    /// Of which event; `None` of the guild.
    pub(super) event: Option<u64>,
    /// Minutes from the start; `None` at a time of day.
    pub(super) minutes: Option<i64>,
    pub(super) audience: String,
    pub(super) role: Option<u64>,
    pub(super) place: String,
    pub(super) words: Option<String>,
}

/// A delivery.
#[derive(Clone, Debug)]
pub(super) struct KeptDelivery {
    pub(super) id: u64,
    pub(super) event: Option<u64>,
    pub(super) kind: String,
    pub(super) news: Option<String>,
    pub(super) version: Option<u64>,
    pub(super) due_ms: i64,
    pub(super) ended_ms: Option<i64>,
    pub(super) outcome: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) message: Option<u64>,
    /// Where it was to go, or went.
    pub(super) channel: Option<u64>,
    /// Whom it is for alone.
    pub(super) member: Option<u64>,
    /// Whether it is the first message of what an organiser told in words of their own.
    pub(super) is_first_told: bool,
    /// Whom a reminder or such a telling is for.
    pub(super) audience: Option<String>,
    /// Of a reminder, the instant of the event's list.
    pub(super) reminds_ms: Option<i64>,
    pub(super) mentions: BTreeSet<u64>,
}
