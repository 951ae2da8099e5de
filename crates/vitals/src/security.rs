//! What should not happen: counted, kept for a while, and answered by keeping somebody out.
//!
//! All of it is in memory and forgotten at a restart.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::meters::Recent;
use crate::snapshot::{self, Blocked, SecurityEvent, SecurityKind, SecurityRule, Subject};

/// Events that are kept; rules look no further back.
const EVENTS_MAX: usize = 1_000;
/// Members and guilds that can be kept out at the same time. Of more, the one whose time is over
/// first is let in again.
const BLOCKED_MAX: usize = 200;
/// Parts of an hour.
const SLOTS: usize = 12;
const SLOT: Duration = Duration::from_mins(5);
/// Times that count of one member where a rule is about guilds: a handful of members shut nobody
/// else out.
const EACH_MAX: u32 = 10;

/// The rules in force.
pub const RULES: [SecurityRule; 6] = [
    rule(SecurityKind::ForgedCustomId, 20, 60, Of::Members),
    rule(SecurityKind::CrossGuild, 20, 60, Of::Members),
    rule(SecurityKind::OversizedInput, 20, 60, Of::Members),
    rule(SecurityKind::NotPermitted, 60, 15, Of::Members),
    rule(SecurityKind::RateLimitBurst, 30, 15, Of::Members),
    rule(SecurityKind::RateLimitBurst, 200, 15, Of::Guilds),
];

#[derive(Clone, Copy)]
enum Of {
    Members,
    Guilds,
}

/// So often within ten minutes, for so many minutes.
const fn rule(kind: SecurityKind, events: u32, minutes: u64, of: Of) -> SecurityRule {
    SecurityRule {
        kind,
        events,
        within: Duration::from_mins(10),
        blocked_for: Duration::from_mins(minutes),
        of_guilds: matches!(of, Of::Guilds),
        each_max: match of {
            Of::Members => events,
            Of::Guilds => EACH_MAX,
        },
    }
}

/// An instant on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The wall clock, for people.
    pub wall: Timestamp,
    /// The monotonic clock, by which is judged.
    pub monotonic: Duration,
}

/// Counts what should not happen, and knows who is kept out.
#[derive(Debug)]
pub struct Security {
    /// How many are kept out. Whoever asks while nobody is pays for reading this and no more.
    blocked: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The last events, oldest first.
    events: VecDeque<Noted>,
    counts: [Count; SecurityKind::ALL.len()],
    blocked: BTreeMap<Subject, (Duration, Blocked)>,
}

#[derive(Clone, Copy, Debug)]
struct Noted {
    /// When, on the monotonic clock.
    then: Duration,
    event: SecurityEvent,
    counts: Counts,
}

/// Towards which rules something counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    ForAll,
    /// Only towards those of members.
    ForMember,
}

#[derive(Clone, Debug)]
struct Count {
    total: u64,
    last_hour: Recent<SLOTS>,
}

impl Default for Security {
    fn default() -> Self {
        let count = || Count { total: 0, last_hour: Recent::new(SLOT) };
        let counts = std::array::from_fn(|_| count());
        let state = State { events: VecDeque::new(), counts, blocked: BTreeMap::new() };
        Self { blocked: AtomicUsize::new(0), state: Mutex::new(state) }
    }
}

impl Security {
    /// Notes an event. Returns whom it keeps out from now on, if anybody.
    pub fn note(
        &self,
        kind: SecurityKind,
        member: Option<u64>,
        guild: Option<u64>,
        at: At,
    ) -> Vec<Blocked> {
        let event = SecurityEvent { at: at.wall, kind, member, guild };
        self.keep(Noted { then: at.monotonic, event, counts: Counts::ForAll }, at)
    }

    /// The same of a member who goes on and on tapping. No rule of guilds is about taps, which are
    /// let in whatever a guild does, so it counts towards none.
    pub fn note_taps(&self, member: u64, guild: Option<u64>, at: At) -> Vec<Blocked> {
        let kind = SecurityKind::RateLimitBurst;
        let event = SecurityEvent { at: at.wall, kind, member: Some(member), guild };
        self.keep(Noted { then: at.monotonic, event, counts: Counts::ForMember }, at)
    }

    fn keep(&self, noted: Noted, at: At) -> Vec<Blocked> {
        let mut state = self.lock();
        state.keep(noted);
        let broken: Vec<_> =
            RULES.iter().filter_map(|rule| state.broken(rule, &noted, at)).collect();
        for (until, blocked) in &broken {
            state.block(*until, *blocked, at.monotonic);
        }
        self.blocked.store(state.blocked.len(), Ordering::Relaxed);
        broken.into_iter().map(|(_, blocked)| blocked).collect()
    }

    /// Why somebody is kept out at `now`, on the monotonic clock, and until when; `None` if they
    /// are not.
    #[must_use]
    pub fn blocked(&self, subject: Subject, now: Duration) -> Option<Blocked> {
        if self.blocked.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let mut state = self.lock();
        state.let_in(now);
        self.blocked.store(state.blocked.len(), Ordering::Relaxed);
        state.blocked.get(&subject).map(|(_, blocked)| *blocked)
    }

    /// Lets somebody in again. Whether they were kept out. What they did before counts towards no
    /// rule any more.
    pub fn lift(&self, subject: Subject) -> bool {
        let mut state = self.lock();
        let lifted = state.blocked.remove(&subject).is_some();
        if lifted {
            state.events.retain(|noted| !is_by(&noted.event, subject));
        }
        self.blocked.store(state.blocked.len(), Ordering::Relaxed);
        lifted
    }

    /// What is known at `now`, with the newest `newest_max` events.
    #[must_use]
    pub fn snapshot(&self, now: Duration, newest_max: usize) -> snapshot::Security {
        let mut state = self.lock();
        state.let_in(now);
        self.blocked.store(state.blocked.len(), Ordering::Relaxed);
        let counts = SecurityKind::ALL.iter().zip(&mut state.counts);
        let counts = counts.map(|(kind, one)| (*kind, one.total, one.last_hour.sum(now)));
        snapshot::Security {
            counts: counts.collect(),
            newest: state.events.iter().rev().take(newest_max).map(|noted| noted.event).collect(),
            blocked: state.blocked.values().map(|(_, blocked)| *blocked).collect(),
            rules: RULES.to_vec(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn keep(&mut self, noted: Noted) {
        let place = SecurityKind::ALL.iter().position(|kind| *kind == noted.event.kind);
        if let Some(count) = place.and_then(|place| self.counts.get_mut(place)) {
            count.total += 1;
            count.last_hour.add(noted.then);
        }
        if self.events.len() >= EVENTS_MAX {
            self.events.pop_front();
        }
        self.events.push_back(noted);
    }

    /// Whom a rule keeps out after this event, and until when.
    fn broken(&self, rule: &SecurityRule, noted: &Noted, at: At) -> Option<(Duration, Blocked)> {
        let subject = if rule.of_guilds {
            noted.event.guild.map(Subject::Guild)
        } else {
            noted.event.member.map(Subject::Member)
        };
        let subject = subject.filter(|_| noted.counts_for(rule))?;
        if self.blocked.contains_key(&subject) || !self.is_enough(rule, subject, at) {
            return None;
        }
        let until = at.wall.saturating_add(rule.blocked_for).unwrap_or(Timestamp::MAX);
        let blocked = Blocked { subject, kind: rule.kind, until };
        Some((at.monotonic.saturating_add(rule.blocked_for), blocked))
    }

    /// Whether somebody did often enough what a rule is about, the last time included.
    fn is_enough(&self, rule: &SecurityRule, subject: Subject, at: At) -> bool {
        let since = at.monotonic.saturating_sub(rule.within);
        let lately = self.events.iter().rev().take_while(|noted| noted.then >= since);
        let mut counted = 0;
        let mut by_member: BTreeMap<Option<u64>, u32> = BTreeMap::new();
        for noted in lately.filter(|one| one.counts_for(rule) && is_by(&one.event, subject)) {
            let times = by_member.entry(noted.event.member).or_default();
            if *times < rule.each_max {
                *times += 1;
                counted += 1;
            }
            if counted >= rule.events {
                return true;
            }
        }
        false
    }

    fn block(&mut self, until: Duration, blocked: Blocked, now: Duration) {
        self.let_in(now);
        if self.blocked.len() >= BLOCKED_MAX {
            let first = self.blocked.iter().min_by_key(|(_, (until, _))| *until);
            if let Some(first) = first.map(|(subject, _)| *subject) {
                self.blocked.remove(&first);
            }
        }
        self.blocked.insert(blocked.subject, (until, blocked));
    }

    /// Lets in whose time is over.
    fn let_in(&mut self, now: Duration) {
        self.blocked.retain(|_, (until, _)| *until > now);
    }
}

impl Noted {
    fn counts_for(&self, rule: &SecurityRule) -> bool {
        let is_alike = self.event.kind == rule.kind;
        is_alike && (self.counts == Counts::ForAll || !rule.of_guilds)
    }
}

fn is_by(event: &SecurityEvent, subject: Subject) -> bool {
    match subject {
        Subject::Member(member) => event.member == Some(member),
        Subject::Guild(guild) => event.guild == Some(guild),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SecurityKind::{ForgedCustomId, NotPermitted, RateLimitBurst};

    const MAL: Subject = Subject::Member(66);

    fn at(seconds: u64) -> At {
        let wall = Timestamp::from_second(1_000_000 + seconds.cast_signed()).unwrap();
        At { wall, monotonic: Duration::from_secs(seconds) }
    }

    fn forge(security: &Security, times: u64, from: u64) -> Vec<Blocked> {
        let each = (0..times).map(|time| from + time);
        each.flat_map(|s| security.note(ForgedCustomId, Some(66), Some(9), at(s))).collect()
    }

    #[test]
    fn whoever_forges_twenty_ids_in_ten_minutes_is_kept_out_for_an_hour() {
        let security = Security::default();
        assert!(forge(&security, 19, 0).is_empty());
        assert_eq!(security.blocked(MAL, at(20).monotonic), None);
        let blocked = forge(&security, 1, 30);
        assert_eq!(blocked[0].subject, MAL);
        assert_eq!(blocked[0].until, at(3_630).wall);
        assert!(security.blocked(MAL, at(31).monotonic).is_some());
        assert!(security.blocked(Subject::Member(1), at(31).monotonic).is_none());
        assert!(security.blocked(Subject::Guild(9), at(31).monotonic).is_none());
        assert!(security.blocked(MAL, at(3_630).monotonic).is_none(), "the hour is over");
        assert_eq!(security.blocked.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn events_long_apart_or_of_different_kinds_keep_nobody_out() {
        let security = Security::default();
        for time in 0..100 {
            assert!(security.note(ForgedCustomId, Some(66), None, at(time * 40)).is_empty());
        }
        for time in 0..15 {
            assert!(security.note(NotPermitted, Some(66), None, at(4_000 + time)).is_empty());
        }
    }

    #[test]
    fn the_operator_lets_somebody_in_and_one_more_mistake_keeps_them_out_no_sooner() {
        let security = Security::default();
        forge(&security, 20, 0);
        assert!(security.lift(MAL));
        assert!(!security.lift(MAL));
        assert!(security.blocked(MAL, at(21).monotonic).is_none());
        assert!(forge(&security, 1, 22).is_empty());
        assert_eq!(forge(&security, 19, 23).len(), 1);
    }

    #[test]
    fn a_guild_is_kept_out_for_what_many_of_its_members_do() {
        let security = Security::default();
        let mut blocked = Vec::new();
        for member in 0..200 {
            blocked.extend(security.note(RateLimitBurst, Some(member), Some(9), at(1)));
        }
        assert_eq!(blocked.len(), 1);
        assert_eq!(blocked[0].subject, Subject::Guild(9));
    }

    #[test]
    fn a_handful_of_members_or_taps_of_any_number_keep_no_guild_out() {
        let security = Security::default();
        let guild = Subject::Guild(9);
        for member in 0..19 {
            for _ in 0..30 {
                security.note(RateLimitBurst, Some(member), Some(9), at(1));
            }
        }
        assert_eq!(security.blocked(guild, at(1).monotonic), None, "of each, ten count");
        for _ in 0..9 {
            security.note(RateLimitBurst, Some(19), Some(9), at(2));
        }
        assert_eq!(security.blocked(guild, at(2).monotonic), None);
        security.note(RateLimitBurst, Some(19), Some(9), at(2));
        assert!(security.blocked(guild, at(2).monotonic).is_some(), "twenty members are many");
        for member in 0..500 {
            security.note_taps(1_000 + member, Some(10), at(3));
        }
        assert_eq!(security.blocked(Subject::Guild(10), at(3).monotonic), None);
    }

    #[test]
    fn a_member_who_goes_on_tapping_is_kept_out_alone() {
        let security = Security::default();
        let mut blocked = Vec::new();
        for _ in 0..15 {
            blocked.extend(security.note(RateLimitBurst, Some(66), Some(9), at(1)));
            blocked.extend(security.note_taps(66, Some(9), at(1)));
        }
        let subjects: Vec<_> = blocked.iter().map(|one| one.subject).collect();
        assert_eq!(subjects, [MAL]);
    }

    #[test]
    fn each_rule_keeps_out_at_its_number_and_not_one_before_and_for_its_time() {
        for rule in RULES {
            let security = Security::default();
            // Of guilds, each time another member, so that no rule of members comes first.
            let member = |number: u32| if rule.of_guilds { u64::from(number) } else { 66 };
            let note = |number| security.note(rule.kind, Some(member(number)), Some(9), at(0));
            let subject = if rule.of_guilds { Subject::Guild(9) } else { MAL };
            for number in 1..rule.events {
                assert_eq!(note(number), [], "{rule:?}");
            }
            assert_eq!(security.blocked(subject, at(0).monotonic), None, "{rule:?}");
            assert_eq!(note(rule.events)[0].subject, subject, "{rule:?}");
            let over = rule.blocked_for;
            let just_before = over.saturating_sub(Duration::from_secs(1));
            let is_out =
                |after: Duration| security.blocked(subject, at(0).monotonic + after).is_some();
            assert!(is_out(just_before) && !is_out(over), "{rule:?}");
        }
    }

    #[test]
    fn counts_go_on_where_the_list_of_events_ends() {
        let security = Security::default();
        for member in 0..1_500 {
            security.note(NotPermitted, Some(member), None, at(60));
        }
        let seen = security.snapshot(at(61).monotonic, 10);
        assert!(seen.counts.contains(&(NotPermitted, 1_500, 1_500)));
        assert_eq!((seen.newest.len(), seen.newest[0].member), (10, Some(1_499)));
        assert_eq!(security.lock().events.len(), EVENTS_MAX);
        let later = security.snapshot(at(3_700).monotonic, 10);
        assert!(later.counts.contains(&(NotPermitted, 1_500, 0)));
    }

    #[test]
    fn the_list_of_those_kept_out_is_bounded() {
        let security = Security::default();
        for member in 0..300 {
            for _ in 0..20 {
                security.note(ForgedCustomId, Some(member), None, at(member));
            }
        }
        assert_eq!(security.snapshot(at(300).monotonic, 0).blocked.len(), BLOCKED_MAX);
        assert!(security.blocked(Subject::Member(299), at(300).monotonic).is_some());
        assert!(security.blocked(Subject::Member(0), at(300).monotonic).is_none());
    }
}
