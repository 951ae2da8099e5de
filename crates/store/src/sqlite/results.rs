//! What was read and is true until somebody writes it: settings of guilds, zones of members.
//!
//! It is never older than an acknowledged commit. The writer notes, row by row, what it changes,
//! and takes that from here after its commit and before anybody is told of it. What was read is
//! kept only if nothing was taken between the beginning of the reading and its end: else it may be
//! of the state before.

use std::mem::{size_of, take};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use muster_domain::id::{GuildId, RoleId, UserId};
use muster_domain::settings::GuildSettings;
use muster_domain::zone::Zone;
use muster_vitals::snapshot::PressureLevel;
use rusqlite::Connection;

use super::meters::{KindMeter, Meters, add, many, now};
use super::segmented_lru::{Bounds, SegmentedLru};
use crate::port::Stored;

/// Bytes of them at most.
const BYTES_MAX: usize = 4 << 20;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Question {
    /// The settings of a guild.
    Settings(GuildId),
    /// The zone of a member.
    Zone(UserId),
}

impl Question {
    /// What the row of a table answers, if anything.
    fn of_row(table: &str, row: i64) -> Option<Self> {
        let number = u64::try_from(row).ok()?;
        match table {
            "guild" => Some(Self::Settings(GuildId::new(number))),
            "member" => Some(Self::Zone(UserId::new(number))),
            _ => None,
        }
    }

    const fn meter(self, meters: &Meters) -> &KindMeter {
        match self {
            Self::Settings(_) => &meters.settings,
            Self::Zone(_) => &meters.zones,
        }
    }
}

/// What is kept: the answer to one kind of question.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Settings(GuildSettings),
    Zone(Option<Zone>),
}

impl Answer {
    fn bytes(&self) -> usize {
        let more = match self {
            Self::Settings(settings) => settings.organiser_roles.capacity() * size_of::<RoleId>(),
            Self::Zone(_) => 0,
        };
        size_of::<Known>().saturating_add(size_of::<Question>()).saturating_add(more)
    }
}

#[derive(Debug)]
struct Known {
    answer: Answer,
    since: Instant,
}

/// When a reading began, by what was taken before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Began(u64);

/// Results at hand.
#[derive(Debug)]
pub(super) struct Results {
    state: Mutex<State>,
    kept_for: Duration,
    /// They live this part of that: 1, and more while memory is short.
    part: AtomicU32,
    /// How much may be kept at hand in all, rosters and results.
    entries_max: usize,
    meters: Arc<Meters>,
}

#[derive(Debug)]
struct State {
    kept: SegmentedLru<Question, Known>,
    /// How often something was taken.
    taken: u64,
    is_closed: bool,
}

impl Results {
    pub(super) fn new(entries_max: usize, kept_for: Duration, meters: Arc<Meters>) -> Self {
        let entries_max = if kept_for.is_zero() { 0 } else { entries_max };
        let kept = SegmentedLru::new(Bounds { entries: entries_max, bytes: BYTES_MAX });
        let state = State { kept, taken: 0, is_closed: false };
        Self { state: Mutex::new(state), kept_for, part: AtomicU32::new(1), entries_max, meters }
    }

    /// How long an answer is kept at present.
    pub(super) fn lives(&self) -> Duration {
        self.kept_for / self.part.load(Relaxed).max(1)
    }

    /// Answers live half as long at each level of pressure: a half, a quarter, an eighth.
    pub(super) fn set_level(&self, level: PressureLevel) {
        let part = match level {
            PressureLevel::Low => 1,
            PressureLevel::Medium => 2,
            PressureLevel::High => 4,
            PressureLevel::Critical => 8,
        };
        self.part.store(part, Relaxed);
    }

    /// Lets go of all that is too old; returns their bytes.
    pub(super) fn clean_up(&self) -> u64 {
        let lives = self.lives();
        let mut state = self.lock();
        let before = state.kept.bytes();
        for question in state.kept.keys_of(|known| known.since.elapsed() >= lives) {
            self.remove(&mut state, question);
            add(&question.meter(&self.meters).expired, 1);
        }
        self.tell(&state);
        many(before.saturating_sub(state.kept.bytes()))
    }

    pub(super) const fn meters(&self) -> &Arc<Meters> {
        &self.meters
    }

    /// The answer at hand, or when the reading of it begins.
    pub(super) fn find(&self, question: Question) -> Result<Answer, Began> {
        let mut state = self.lock();
        let meter = question.meter(&self.meters);
        let known = state.kept.get(question);
        let fresh = known.filter(|known| known.since.elapsed() < self.lives());
        let (is_known, fresh) = (known.is_some(), fresh.map(|known| known.answer.clone()));
        if let Some(answer) = fresh {
            state.kept.used(question, |known| known.answer.bytes());
            add(&meter.hits, 1);
            return Ok(answer);
        }
        if is_known {
            self.remove(&mut state, question);
            self.tell(&state);
            add(&meter.expired, 1);
        }
        add(&meter.misses, 1);
        Err(Began(state.taken))
    }

    /// The answer at hand for somebody who would not have it read: however old it is, it is true.
    /// It is not counted, and not kept for longer because of that.
    pub(super) fn at_hand(&self, question: Question) -> Option<Answer> {
        self.lock().kept.get(question).map(|known| known.answer.clone())
    }

    /// Keeps what was read, if it is sure to be true still.
    pub(super) fn keep(&self, question: Question, answer: Answer, began: Began) {
        let mut state = self.lock();
        if state.taken != began.0 || state.is_closed {
            return;
        }
        self.remove(&mut state, question);
        state.kept.put(question, Known { answer, since: now() });
        state.kept.used(question, |known| known.answer.bytes());
        add(&question.meter(&self.meters).entries, 1);
        state.kept.set_entries_max(self.meters.places_of_results(self.entries_max));
        for question in state.kept.keep_within().keys {
            self.gone(question, |kind| &kind.evicted);
        }
        self.tell(&state);
    }

    /// These are not true any more: a commit changed them, of which nobody was told yet.
    pub(super) fn take(&self, changed: &[Question]) {
        if changed.is_empty() {
            return;
        }
        let mut state = self.lock();
        state.taken = state.taken.saturating_add(1);
        for question in changed {
            self.remove(&mut state, *question);
        }
        self.tell(&state);
    }

    /// Lets go of so many percent; returns their bytes.
    pub(super) fn let_go(&self, percent: u8) -> u64 {
        let mut state = self.lock();
        let gone = state.kept.let_go(percent);
        for question in &gone.keys {
            self.gone(*question, |kind| &kind.reclaimed);
        }
        self.tell(&state);
        many(gone.bytes)
    }

    /// Lets go of all and keeps nothing any more.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.let_go(100);
    }

    /// Tells what each kind takes: every zone as much as any other, and settings the rest.
    fn tell(&self, state: &State) {
        let Meters { settings, zones, .. } = &*self.meters;
        let each = many(Answer::Zone(None).bytes());
        let of_zones = zones.entries.load(Relaxed).saturating_mul(each);
        zones.bytes.store(of_zones, Relaxed);
        settings.bytes.store(many(state.kept.bytes()).saturating_sub(of_zones), Relaxed);
    }

    /// One is kept no longer, which is counted.
    fn gone(&self, question: Question, counted: fn(&KindMeter) -> &AtomicU64) {
        let meter = question.meter(&self.meters);
        add(counted(meter), 1);
        meter.entries.fetch_sub(1, Relaxed);
    }

    fn remove(&self, state: &mut State, question: Question) {
        if state.kept.remove(question).is_some() {
            question.meter(&self.meters).entries.fetch_sub(1, Relaxed);
        }
    }

    /// Nothing panics under the lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the open transaction has changed of what can be asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes(Arc<Mutex<Vec<Question>>>);

impl Changes {
    /// Notes every row that this connection writes, whichever statement does it.
    pub(super) fn noted_on(db: &mut Connection) -> Stored<Self> {
        let changes = Self::default();
        let noted = changes.clone();
        let note = move |_, _: &str, table: &str, row| {
            if let Some(question) = Question::of_row(table, row) {
                noted.lock().push(question);
            }
        };
        db.update_hook(Some(note))?;
        Ok(changes)
    }

    /// What was changed since this was called last.
    pub(super) fn take(&self) -> Vec<Question> {
        take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Question>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Question = Question::Zone(UserId::new(1));
    const OTHER: Question = Question::Zone(UserId::new(2));

    fn results(entries: usize, kept_for: Duration) -> Results {
        Results::new(2 * entries, kept_for, Arc::default())
    }

    fn began(results: &Results, question: Question) -> Began {
        results.find(question).unwrap_err()
    }

    #[test]
    fn what_was_read_while_somebody_wrote_is_not_kept() {
        let results = results(5, Duration::from_hours(1));
        let before = began(&results, ZONE);
        results.take(&[ZONE]);
        results.keep(ZONE, Answer::Zone(None), before);
        let after = began(&results, ZONE);
        assert!(results.at_hand(ZONE).is_none());
        results.keep(ZONE, Answer::Zone(None), after);
        assert!(results.find(ZONE).is_ok() && results.at_hand(ZONE).is_some());
        results.take(&[ZONE]);
        assert!(results.at_hand(ZONE).is_none());
        assert!(results.find(ZONE).is_err());
    }

    #[test]
    fn an_answer_has_its_time_and_none_is_kept_without_time_or_place() {
        for (entries, kept_for) in [(5, Duration::ZERO), (0, Duration::from_hours(1))] {
            let results = results(entries, kept_for);
            results.keep(ZONE, Answer::Zone(None), began(&results, ZONE));
            assert!(results.find(ZONE).is_err());
            assert_eq!(results.meters.zones.bytes.load(Relaxed), 0);
        }
        let results = results(5, Duration::from_nanos(1));
        results.keep(ZONE, Answer::Zone(None), began(&results, ZONE));
        std::hint::black_box((0..1_000).sum::<u32>());
        assert!(results.find(ZONE).is_err());
        assert_eq!(results.meters.zones.expired.load(Relaxed), 1);
    }

    #[test]
    fn under_pressure_an_answer_lives_shorter() {
        let results = results(5, Duration::from_secs(80));
        let lives = [
            (PressureLevel::Low, 80),
            (PressureLevel::Medium, 40),
            (PressureLevel::High, 20),
            (PressureLevel::Critical, 10),
        ];
        for (level, seconds) in lives {
            results.set_level(level);
            assert_eq!(results.lives(), Duration::from_secs(seconds), "{level:?}");
            assert_eq!(results.clean_up(), 0);
        }
    }

    #[test]
    fn a_clean_up_lets_go_of_what_is_too_old_and_of_nothing_else() {
        let results = results(5, Duration::from_hours(1));
        for question in [ZONE, OTHER] {
            results.keep(question, Answer::Zone(None), began(&results, question));
        }
        let zones = &results.meters.zones;
        let bytes = zones.bytes.load(Relaxed);
        let long_ago = now().checked_sub(Duration::from_mins(45)).unwrap();
        results.lock().kept.get_mut(OTHER).unwrap().since = long_ago;
        assert_eq!(results.clean_up(), 0);
        results.set_level(PressureLevel::Medium);
        assert_eq!(results.clean_up(), bytes / 2);
        assert!(results.find(ZONE).is_ok());
        assert_eq!((zones.entries.load(Relaxed), zones.expired.load(Relaxed)), (1, 1));
        assert_eq!(zones.bytes.load(Relaxed), bytes / 2);
    }

    #[test]
    fn entries_and_bytes_are_counted_and_given_back() {
        let results = results(1, Duration::from_hours(1));
        for question in [ZONE, OTHER] {
            results.keep(question, Answer::Zone(None), began(&results, question));
        }
        let zones = &results.meters.zones;
        assert_eq!((zones.entries.load(Relaxed), zones.evicted.load(Relaxed)), (1, 1));
        let bytes = zones.bytes.load(Relaxed);
        assert!(bytes > 0);
        assert_eq!(results.let_go(100), bytes);
        assert_eq!((zones.entries.load(Relaxed), zones.bytes.load(Relaxed)), (0, 0));
    }
}
