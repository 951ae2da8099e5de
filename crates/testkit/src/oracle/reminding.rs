//! Reminders that organisers added reach whom they are for, where they are to go, with their words,
//! and nobody else.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::limits::REMINDERS_MAX;
use muster_sim::ids::UserId;

use super::database::{Kept, KeptDelivery, KeptEvent, KeptReminder};
use super::door::Spot;
use crate::ledger::Sent;
use crate::reminding::{Reminding, Whom};
use crate::stage::Stage;
use crate::words;

/// What happens so near to an instant counts as before it or after it.
const ABOUT_MS: i64 = 60_000;

/// For so long after its instant a reminder may leave: the bot may have been away.
const LATE_MS: i64 = 40 * 60_000;

/// What is said of a reminder that others took the place of.
const SPREAD: &str = "others took its place";

/// The reminders that somebody asked for of this event and this instant, whether they were told
/// that it is added or not.
fn asked(stage: &Stage, event: &KeptEvent, reminds_ms: i64) -> Vec<Reminding> {
    let asked = stage.ledger.lock().reminding.clone();
    let is_then = |one: &Reminding| {
        let of_it = one.event.is_none_or(|of| of == event.id);
        of_it && starts(event).any(|start| start + one.minutes * 60_000 == reminds_ms)
    };
    asked.into_iter().filter(is_then).collect()
}

fn starts(event: &KeptEvent) -> impl Iterator<Item = i64> {
    event.states.values().map(|state| state.starts_ms)
}

/// Whom a reminder may mention: those who answered, as `answered` has them, and where somebody
/// asked for it those who had not answered when it was due, or not for long.
pub(super) fn concerned(
    stage: &Stage,
    event: &KeptEvent,
    delivery: &KeptDelivery,
    answered: BTreeSet<u64>,
) -> BTreeSet<u64> {
    let Some(instant) = delivery.reminds_ms else { return answered };
    let asked = asked(stage, event, instant);
    if !asked.iter().any(|one| one.whom.has_not_answered()) {
        return answered;
    }
    let everybody = asked.iter().any(|one| one.whom == Whom::Unanswered);
    let until_ms = delivery.ended_ms.unwrap_or(i64::MAX);
    let mut members = people(stage);
    members.retain(|member| {
        let is_meant = everybody || stage.cast.roles_of(*member).contains(&stage.cast.role.get());
        is_meant && !had_answered(event, *member, (instant - ABOUT_MS, until_ms))
    });
    answered.into_iter().chain(members).collect()
}

/// Whether a reminder is one of those that somebody asked for to notify this role.
pub(super) fn is_for(stage: &Stage, event: &KeptEvent, delivery: &KeptDelivery, role: u64) -> bool {
    let instant = delivery.reminds_ms.filter(|_| role == stage.cast.role.get());
    let asked = instant.map(|instant| asked(stage, event, instant)).unwrap_or_default();
    asked.iter().any(|one| one.whom == Whom::Players)
}

/// The people in the guild, without the bot.
fn people(stage: &Stage) -> BTreeSet<u64> {
    let (guild, bot) = (stage.cast.guild, UserId::new(stage.cast.app.get()));
    stage.inside.world(|world| {
        let members = world.guild(guild).map(|guild| guild.members.clone()).unwrap_or_default();
        members.into_keys().filter(|member| *member != bot).map(UserId::get).collect()
    })
}

/// Whether a member had an answer all the time from then to then.
fn had_answered(event: &KeptEvent, member: u64, (from_ms, to_ms): (i64, i64)) -> bool {
    let mine = event.lines.values().flatten().filter(|line| line.member == member);
    let mut answer = None;
    for line in mine.filter(|line| line.at_ms <= to_ms) {
        if line.at_ms >= from_ms && (answer.is_none() || line.option.is_none()) {
            return false;
        }
        answer = line.option;
    }
    answer.is_some()
}

/// What somebody was told to be added is in its list, and no list is longer than it may be.
pub(super) fn judge_kept(stage: &Stage, kept: &Kept) {
    let mut lengths: BTreeMap<Option<u64>, usize> = BTreeMap::new();
    for row in &kept.reminders {
        *lengths.entry(row.event).or_default() += 1;
    }
    for (event, length) in lengths.into_iter().filter(|(_, length)| *length > REMINDERS_MAX) {
        stage.ledger.violation("I1", format!("{length} reminders of {event:?}"));
    }
    let asked = stage.ledger.lock().reminding.clone();
    for one in asked.iter().filter(|one| one.told.is_some()) {
        let is_there = |row: &&KeptReminder| row.event == one.event && is_it(stage, one, row);
        if !kept.reminders.iter().any(|row| is_there(&row)) {
            stage.ledger.violation("I1", format!("{one:?} was acknowledged and is lost"));
        }
    }
}

fn is_it(stage: &Stage, one: &Reminding, row: &KeptReminder) -> bool {
    let named = one.whom.audience().unwrap_or("expected");
    let audience = if one.whom == Whom::Players { "role" } else { named };
    row.minutes == Some(one.minutes)
        && row.audience == audience
        && row.role.is_some() == one.whom.names_players()
        && row.role.is_none_or(|role| role == stage.cast.role.get())
        && (row.place == "direct") == one.is_direct
        && row.words == one.words
}

/// Judges the reminders of an event that was there and stayed as it was.
pub(super) fn judge(stage: &Stage, kept: &Kept, event: &KeptEvent) {
    let Some(posted_ms) = event.message.map(|id| stage.epoch.ms_at(stage.epoch.since(id))) else {
        return;
    };
    let is_as_it_was = event.states.values().all(|state| {
        state.starts_ms == event.state.starts_ms && !state.is_cancelled && !state.is_deleted
    });
    if !is_as_it_was || event.rule_sets.values().any(|rules| rules.are_names_hidden) {
        return;
    }
    let now_ms = stage.epoch.ms_at(stage.ledger.now());
    let all = stage.ledger.lock().reminding.clone();
    for one in all.iter().filter(|one| concerns(stage, kept, event, one)) {
        let Some(told) = one.told else { continue };
        let due_ms = event.state.starts_ms + one.minutes * 60_000;
        let is_in_time = stage.epoch.ms_at(told).max(posted_ms) + ABOUT_MS < due_ms;
        if is_in_time && due_ms + LATE_MS < now_ms {
            Instant::of(stage, kept, event, due_ms).judge(one);
        }
    }
}

/// Whether an event's list has this reminder since somebody was told so.
fn concerns(stage: &Stage, kept: &Kept, event: &KeptEvent, one: &Reminding) -> bool {
    let mut own = kept.reminders.iter().filter(|row| row.event == Some(event.id));
    match one.event {
        Some(of) => of == event.id,
        None if kept.own_reminders.contains(&event.id) => own.any(|row| is_it(stage, one, row)),
        None => true,
    }
}

/// What became of an event's reminders of one instant.
struct Instant<'a> {
    stage: &'a Stage,
    kept: &'a Kept,
    event: &'a KeptEvent,
    due_ms: i64,
    /// All deliveries of that instant.
    all: Vec<&'a KeptDelivery>,
    /// Those who had an answer by then and kept it: which, and whether they have a place.
    settled: BTreeMap<u64, (u8, Spot)>,
}

impl<'a> Instant<'a> {
    fn of(stage: &'a Stage, kept: &'a Kept, event: &'a KeptEvent, due_ms: i64) -> Self {
        let all = kept.deliveries.iter().filter(|delivery| {
            delivery.event == Some(event.id)
                && delivery.news.as_deref() == Some("reminder")
                && delivery.reminds_ms == Some(due_ms)
        });
        let mut settled = BTreeMap::new();
        for line in event.lines.values().flatten() {
            match (line.option, line.at_ms) {
                (_, at_ms) if at_ms >= due_ms + LATE_MS => {}
                (Some(option), at_ms) if at_ms < due_ms - ABOUT_MS => {
                    settled.insert(line.member, (option, line.spot));
                }
                _ => drop(settled.remove(&line.member)),
            }
        }
        settled.retain(|member, _| !words::is_nobody(*member));
        Self { stage, kept, event, due_ms, all: all.collect(), settled }
    }

    fn judge(&self, one: &Reminding) {
        // Who was away until it was too late has said so, and named nobody.
        let is_left_out = |delivery: &&KeptDelivery| {
            let is_failed = delivery.outcome.as_deref() != Some("sent");
            is_failed && delivery.kind == "notice" && !is_spread(delivery)
        };
        if self.all.iter().any(is_left_out) {
            return;
        }
        let missing = match one.whom {
            Whom::Players => self.role_is_missing(),
            Whom::Unanswered | Whom::UnansweredPlayers => self.unanswered_missing(one),
            Whom::Expected | Whom::Going | Whom::Maybe | Whom::Waitlisted => {
                self.answered_missing(one)
            }
        };
        if let Some(missing) = missing.or_else(|| self.words_missing(one)) {
            let what = format!(
                "event {}, at {}: {missing}: {one:?} of {:?}",
                self.event.id, self.due_ms, self.all
            );
            self.stage.ledger.violation("I3", what);
        }
    }

    /// Those for whom it is, of those who had answered and stayed with it.
    fn meant(&self, whom: Whom) -> Vec<u64> {
        let options = self.event.all_options();
        let fits = |(option, spot): (u8, Spot)| {
            let Some(option) = options.iter().find(|known| known.id == option) else {
                return false;
            };
            let is_in_line = matches!(spot, Spot::Waiting | Spot::Passed);
            match whom {
                Whom::Expected => option.is_told,
                Whom::Going => option.is_coming && !is_in_line,
                Whom::Maybe => option.is_told && !option.is_coming && !is_in_line,
                Whom::Waitlisted => is_in_line,
                Whom::Unanswered | Whom::UnansweredPlayers | Whom::Players => false,
            }
        };
        let meant = self.settled.iter().filter(|(_, answer)| fits(**answer));
        meant.map(|(member, _)| *member).collect()
    }

    fn wants_direct(&self, member: u64) -> bool {
        let key = (self.event.id, member);
        let said = self.stage.ledger.lock().wishes.get(&key).copied();
        let is_settled =
            said.is_some_and(|said| self.stage.epoch.ms_at(said) < self.due_ms - ABOUT_MS);
        is_settled && self.kept.direct.contains(&key)
    }

    fn is_mentioned(&self, member: u64) -> bool {
        let mut notices = self.all.iter().filter(|delivery| delivery.kind == "notice");
        notices.any(|notice| notice.mentions.contains(&member))
    }

    fn is_messaged(&self, member: u64) -> bool {
        self.all.iter().any(|delivery| delivery.member == Some(member))
    }

    fn answered_missing(&self, one: &Reminding) -> Option<String> {
        for member in self.meant(one.whom) {
            let wants_direct = self.wants_direct(member);
            if wants_direct && !self.is_messaged(member) {
                return Some(format!("{member} has no direct message"));
            }
            let is_told = self.is_mentioned(member) || self.is_messaged(member);
            if !one.is_direct && !is_told {
                return Some(format!("{member} is not mentioned"));
            }
        }
        None
    }

    /// Who never answered is mentioned, where the bot can know who is there.
    fn unanswered_missing(&self, one: &Reminding) -> Option<String> {
        if !self.stage.lists_members {
            return None;
        }
        let mut members = people(self.stage);
        members.retain(|member| {
            let roles = self.stage.cast.roles_of(*member);
            let has_role = roles.contains(&self.stage.cast.role.get());
            let mut lines = self.event.lines.values().flatten();
            self.event.rules.admits(&roles)
                && (one.whom == Whom::Unanswered || has_role)
                && !lines.any(|line| line.member == *member)
        });
        let missing = members.into_iter().find(|member| !self.is_mentioned(*member))?;
        Some(format!("{missing}, who has not answered, is not mentioned"))
    }

    fn role_is_missing(&self) -> Option<String> {
        let sent = self.sent();
        let role = self.stage.cast.role.get();
        let is_told = sent.iter().any(|(_, message)| message.roles.contains(&role));
        (!is_told).then(|| "the role is not mentioned".to_owned())
    }

    /// What Discord has of it.
    fn sent(&self) -> Vec<(&'a KeptDelivery, Sent)> {
        let sent = &self.stage.ledger.lock().sent;
        let found =
            |delivery: &'a KeptDelivery| Some((delivery, sent.get(&delivery.message?).cloned()?));
        self.all.iter().copied().filter_map(found).collect()
    }

    /// If it is the only one of its instant that says something, whoever it reaches reads that.
    fn words_missing(&self, one: &Reminding) -> Option<String> {
        let words = one.words.as_ref()?;
        let others = asked(self.stage, self.event, self.due_ms);
        let with_words = others.iter().filter(|other| other.words.is_some()).count();
        let mut readers = self.meant(one.whom).into_iter();
        let reader = readers.find(|member| !one.is_direct || self.wants_direct(*member))?;
        let sent = self.sent();
        let to_them = sent.iter().filter(|(delivery, _)| {
            delivery.member == Some(reader) || delivery.mentions.contains(&reader)
        });
        let told: Vec<&Sent> = to_them.map(|(_, message)| message).collect();
        let says = |message: &&Sent| message.text.contains(words.as_str());
        (with_words == 1 && !told.is_empty() && !told.iter().any(says))
            .then(|| format!("{reader} does not read {words:?}"))
    }
}

fn is_spread(delivery: &KeptDelivery) -> bool {
    delivery.reason.as_deref() == Some(SPREAD)
}
