//! `/performance_metrics`: how fast everything is beside its target, and what holds it up.

use muster_vitals::bottleneck::{Bottleneck, bottleneck};
use muster_vitals::snapshot::{
    self, CacheKind, CommandLatency, Database, DiscordLink, Latency, Queue, SlowStatement,
    Snapshot, TaskKind, Tasks, Verdict,
};
use muster_vitals::targets::{
    CACHE_HITS, CACHE_LOOKS_MIN, COMMANDS_P99, COMMITS_P99, FAILED_ANSWERS, Judged, QUEUES_FULL,
    REMINDERS_P99, REST_P95, STATEMENTS_MEAN, STATEMENTS_P99, TAPS_P99, TASKS_DONE, WAITS_P95,
    statements, worst_tasks,
};

use super::sheet::{Sheet, first};
use super::{advice, colour, measured, succeeding, ways};
use crate::custom_id::Action;
use crate::views::message::Message;
use crate::views::text::{plain, shortened};
use crate::views::units::{number, percent, took};

const COMMANDS_MAX: usize = 6;
const KINDS_MAX: usize = 6;
const QUEUES_MAX: usize = 6;
const STATEMENTS_MAX: usize = 3;
/// Characters of a statement that is shown.
const STATEMENT_MAX: usize = 90;

/// How fast the running bot is.
#[must_use]
pub fn performance(snapshot: &Snapshot) -> Message {
    let found = bottleneck(snapshot);
    let is_well = if found.is_some() { Verdict::Strained } else { Verdict::Healthy };
    let mut sheet = Sheet::new(colour(is_well));
    let title = found.map_or_else(
        || "## 🟢 Fast: nothing holds me up".to_owned(),
        |found| format!("## 🟡 Bottleneck: {}", named(found)),
    );
    sheet.text(std::iter::once(title).chain(found.map(|found| remedy(found).to_owned())));
    sheet.section("What to do", advice(snapshot));
    sheet.section("Taps and commands", answers(snapshot));
    let lag = snapshot.deliveries.reminder_lag;
    let target = took(REMINDERS_P99.ours);
    let judged = REMINDERS_P99.at_most(lag.p99);
    sheet.section("Reminders", latency("Late by", lag, judged, &target));
    sheet.section("Database", database(&snapshot.database));
    sheet.section("Cache", cache(&snapshot.cache));
    sheet.section("Tasks", tasks(&snapshot.tasks));
    sheet.section("Queues", first(snapshot.queues.iter().map(queue), QUEUES_MAX));
    sheet.section("Discord", discord(&snapshot.discord));
    sheet.text([
        "-# 🟢 on target 🟡 short of it 🔴 far from it. Latencies and shares are of the last hour; \
         what became of tasks is counted since the start."
            .to_owned(),
        measured(snapshot.at),
    ]);
    sheet.buttons(ways(Action::Performance))
}

fn named(found: Bottleneck) -> String {
    match found {
        Bottleneck::Processor(used) => format!("the processor, {} used", percent(used)),
        Bottleneck::Memory(used) => format!("memory, {} used", percent(used)),
        Bottleneck::Commits(p99) => format!("the disk, commits p99 {}", took(p99)),
        Bottleneck::Statements(p99) => format!("the database, p99 {}", took(p99)),
        Bottleneck::Cache(kind, rate) => format!("the cache of {kind}, {} hits", percent(rate)),
        Bottleneck::RateLimits(p95) => format!("Discord's limits, p95 {} waited", took(p95)),
        Bottleneck::Discord(p95) => format!("Discord itself, p95 {}", took(p95)),
        Bottleneck::Queue(name, full) => format!("the queue {name}, {} full", percent(full)),
        Bottleneck::Tasks(kind, done) => {
            format!("tasks of the kind {kind}, {} succeed", percent(done))
        }
    }
}

const fn remedy(found: Bottleneck) -> &'static str {
    match found {
        Bottleneck::Processor(_) => {
            "Everything waits for it. See what else runs on the machine, or give me more of it."
        }
        Bottleneck::Memory(_) => "See `/memory_optimization`, or give me more memory.",
        Bottleneck::Commits(_) => {
            "The disk syncs slowly. Use a local one, and see what else writes to it."
        }
        Bottleneck::Statements(_) => "The slowest statements stand below, with what they cost.",
        Bottleneck::Cache(..) => "Raise `CACHE_MAX_SIZE` if memory allows.",
        Bottleneck::RateLimits(_) => {
            "More is to be sent than Discord takes. It sorts itself out; posts follow later."
        }
        Bottleneck::Discord(_) => "Nothing to do here; see discordstatus.com.",
        Bottleneck::Queue(..) => "More comes in than can be handled. Look again in a minute.",
        Bottleneck::Tasks(..) => "The log says why they fail.",
    }
}

const fn sign(judged: Judged) -> &'static str {
    match judged {
        Judged::Good => "🟢",
        Judged::Short => "🟡",
        Judged::Missed => "🔴",
    }
}

/// A latency with what it is judged by; "not measured" before the first.
fn latency(name: &str, latency: Latency, judged: Judged, target: &str) -> Vec<String> {
    if latency.count == 0 {
        return vec![format!("⚪ **{name}** not measured · target {target}")];
    }
    vec![
        format!("{} **{name}** p99 {} · target {target}", sign(judged), took(latency.p99)),
        format!(
            "p50 {} · p95 {} · {} ×",
            took(latency.p50),
            took(latency.p95),
            number(latency.count)
        ),
    ]
}

fn answers(snapshot: &Snapshot) -> Vec<String> {
    let answers = &snapshot.answers;
    let taps = answers.taps;
    let mut lines = latency("Taps", taps, TAPS_P99.at_most(taps.p99), &took(TAPS_P99.ours));
    let share = snapshot::percent(answers.errors_each_minute, answers.each_minute);
    lines.push(format!(
        "{} **Failed** {} of {} in the last minute · target 0",
        sign(FAILED_ANSWERS.at_most(share)),
        number(answers.errors_each_minute),
        number(answers.each_minute)
    ));
    lines.push(format!(
        "Members in the last minute: {} · answers too late: {}",
        number(answers.members_each_minute),
        number(answers.too_late)
    ));
    if !answers.commands.is_empty() {
        lines.push(format!("**Commands**, p99, target {}", took(COMMANDS_P99.ours)));
    }
    lines.extend(first(answers.commands.iter().map(command), COMMANDS_MAX));
    lines
}

fn command(command: &CommandLatency) -> String {
    let CommandLatency { name, latency, failed } = command;
    let failed = match failed {
        0 => String::new(),
        failed => format!(" · {} failed", number(*failed)),
    };
    format!(
        "{} {} {} · {} ×{failed}",
        sign(COMMANDS_P99.at_most(latency.p99)),
        plain(&shortened(name, 40)),
        took(latency.p99),
        number(latency.count)
    )
}

fn database(database: &Database) -> Vec<String> {
    let target = took(STATEMENTS_P99);
    let mut lines = latency("Statements", database.statements, statements(database), &target);
    if database.statements.count > 0 {
        let (mean, target) = (took(database.statements.mean), took(STATEMENTS_MEAN));
        lines.push(format!("Average {mean} · target {target}"));
    }
    let commit = database.commit;
    lines.extend(latency(
        "Commits",
        commit,
        COMMITS_P99.at_most(commit.p99),
        &took(COMMITS_P99.ours),
    ));
    if !database.slow.is_empty() {
        lines.push("**Slowest statements**".to_owned());
    }
    lines.extend(first(database.slow.iter().map(slow), STATEMENTS_MAX));
    lines
}

fn slow(slow: &SlowStatement) -> String {
    let words: Vec<_> = slow.sql.split_whitespace().collect();
    let sql = words.join(" ").replace('`', "'");
    let times = number(slow.times);
    format!("{} · {times} × · `{}`", took(slow.took), shortened(&sql, STATEMENT_MAX))
}

fn cache(cache: &[CacheKind]) -> Vec<String> {
    if cache.is_empty() {
        return Vec::new();
    }
    let target = format!("-# Target {} hits", percent(CACHE_HITS.ours));
    first(cache.iter().map(kind), KINDS_MAX).into_iter().chain([target]).collect()
}

fn kind(kind: &CacheKind) -> String {
    let enough = kind.last_hour.looks() >= CACHE_LOOKS_MIN;
    let entries = number(kind.entries);
    match kind.last_hour.hit_rate() {
        Some(rate) if enough => {
            let sign = sign(CACHE_HITS.at_least(rate));
            format!("{sign} {} {} · {entries} entries", kind.name, percent(rate))
        }
        Some(rate) => {
            format!("⚪ {} {} · hardly asked lately · {entries} entries", kind.name, percent(rate))
        }
        None => format!("⚪ {} not asked lately · {entries} entries", kind.name),
    }
}

fn tasks(tasks: &Tasks) -> Vec<String> {
    if tasks.kinds.is_empty() {
        return Vec::new();
    }
    let target = percent(TASKS_DONE.ours);
    let worst = worst_tasks(tasks).map_or_else(
        || format!("⚪ too few lately to judge · target {target}"),
        |(kind, rate)| {
            let sign = sign(TASKS_DONE.at_least(rate));
            format!("{sign} {} · target {target}", succeeding(kind, rate))
        },
    );
    std::iter::once(worst).chain(first(tasks.kinds.iter().map(task), KINDS_MAX)).collect()
}

fn task(kind: &TaskKind) -> String {
    let outcomes = [
        (kind.succeeded, "done"),
        (kind.failed, "failed"),
        (kind.timed_out, "timed out"),
        (kind.cancelled, "cancelled"),
        (kind.retried, "retried"),
    ];
    let outcomes: Vec<_> = outcomes
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", number(count)))
        .collect();
    let outcomes =
        if outcomes.is_empty() { "not run yet".to_owned() } else { outcomes.join(" · ") };
    format!("{} ({}) {outcomes}", kind.name, kind.priority)
}

fn queue(queue: &Queue) -> String {
    let sign = sign(QUEUES_FULL.at_most(queue.percent()));
    format!("{sign} {} {} of {}", queue.name, number(queue.depth), number(queue.depth_max))
}

fn discord(link: &DiscordLink) -> Vec<String> {
    let judged = |name: &str, latency: Latency, judged: Judged, target: &str| {
        if latency.count == 0 {
            return format!("⚪ **{name}** not measured · target p95 {target}");
        }
        let (p95, p99) = (took(latency.p95), took(latency.p99));
        format!("{} **{name}** p95 {p95} · p99 {p99} · target p95 {target}", sign(judged))
    };
    vec![
        judged("REST", link.rest, REST_P95.at_most(link.rest.p95), &took(REST_P95.ours)),
        judged("Waits", link.waited, WAITS_P95.at_most(link.waited.p95), &took(WAITS_P95.ours)),
        format!(
            "Rate limited: {} · invalid in ten minutes: {}",
            number(link.rate_limited),
            number(link.invalid_lately)
        ),
    ]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::views::operating::samples::{longest, typical};
    use crate::views::samples::{texts, wrapped};

    #[test]
    fn each_figure_stands_beside_its_target() {
        expect![[r"
            ## 🟢 Fast: nothing holds me up
            ### Taps and commands
            🟢 **Taps** p99 80 ms · target 250 ms
            p50 12 ms · p95 40 ms · 412 ×
            🟢 **Failed** 0 of 14 in the last minute · target 0
            Members in the last minute: 9 · answers too late: 1
            **Commands**, p99, target 1 s
            🟢 event create 400 ms · 31 ×
            ### Reminders
            🟢 **Late by** p99 410 ms · target 1 s
            p50 90 ms · p95 200 ms · 40 ×
            ### Database
            🟢 **Statements** p99 1.2 ms · target 5 ms
            p50 0.1 ms · p95 0.4 ms · 52,000 ×
            Average 0.1 ms · target 100 ms
            🟢 **Commits** p99 9 ms · target 50 ms
            p50 0.9 ms · p95 4 ms · 2,100 ×
            **Slowest statements**
            31 ms · 2 × · `SELECT id, due_at FROM delivery WHERE due_at <= ?1`
            ### Cache
            🟢 settings 99.3 % · 40 entries
            🟡 rosters 93 % · 40 entries
            ⚪ zones 57.1 % · hardly asked lately · 40 entries
            -# Target 95 % hits
            ### Tasks
            🟢 100 % succeed · target 99.9 %
            posts (critical) 1,840 done
            backup (low) 3 done
            ### Queues
            🟢 taps 3 of 16,384
            ### Discord
            🟢 **REST** p95 240 ms · p99 380 ms · target p95 500 ms
            🟢 **Waits** p95 40 ms · p99 700 ms · target p95 1.2 s
            Rate limited: 1 · invalid in ten minutes: 0
            -# 🟢 on target 🟡 short of it 🔴 far from it. Latencies and shares are of the
                last hour; what became of tasks is counted since the start.
            -# Measured <t:1795780800:R>"]]
        .assert_eq(&wrapped(&texts(&performance(&typical()))));
    }

    #[test]
    fn the_bottleneck_is_named_with_what_to_do() {
        let said = texts(&performance(&longest()));
        let mut lines = said.lines();
        expect!["## 🟡 Bottleneck: the processor, 99.9 % used"].assert_eq(lines.next().unwrap());
        expect![
            "Everything waits for it. See what else runs on the machine, or give me more of it."
        ]
        .assert_eq(lines.next().unwrap());
    }

    #[test]
    fn a_kind_of_task_that_fails_is_named_though_others_go_well() {
        let mut snapshot = typical();
        let upkeep = &mut snapshot.tasks.kinds[1];
        (upkeep.took.count, upkeep.failed_last_hour) = (4, 4);
        let said = texts(&performance(&snapshot));
        assert!(said.contains("Bottleneck: tasks of the kind backup, 0 % succeed"), "{said}");
        assert!(said.contains("🔴 backup: 0 % succeed · target 99.9 %"), "{said}");
        snapshot.tasks.kinds.remove(0);
        snapshot.tasks.kinds[0].failed_last_hour = 1;
        let said = texts(&performance(&snapshot));
        assert!(said.contains("⚪ too few lately to judge · target 99.9 %"), "{said}");
    }

    #[test]
    fn what_was_not_measured_is_not_praised() {
        let said = texts(&performance(&Snapshot::default()));
        assert!(said.contains("⚪ **Taps** not measured · target 250 ms"), "{said}");
        assert!(!said.contains("🟢 **Taps"), "{said}");
    }
}
