//! Each line of the guide beside what was measured, with a verdict in words.

use muster_vitals::targets::CACHE_HITS;

use super::faults::Bad;
use super::rows::Row;
use crate::figures::{Series, grouped, table};

/// What the guide wants resident memory to stay below, in MiB.
const MEMORY_MIB: f64 = 800.0;

/// What one set of settings showed, in the words of one line.
type Told = fn(&Row) -> String;

/// One line: what the guide says, what was measured, and what that means.
struct Line {
    guide: &'static str,
    told: Told,
    verdict: String,
}

/// The guide's "expected performance improvements", the benefits it names, and its key metrics.
pub(super) fn expected(before: &Row, after: &Row, off: &Row, bad: &Bad) -> String {
    let mut lines = improvements(before, after, off);
    lines.extend(effects(before, after, off));
    lines.extend(metrics(after, bad));
    written(&lines, [before, after, off])
}

/// Each "from … to …" of the guide.
pub(super) fn changed(before: &Row, after: &Row, off: &Row, bad: &Bad) -> String {
    let mut lines = of_cache(before, after);
    lines.extend(of_database(before, after));
    lines.extend(of_tasks_and_limiter(before, after, bad));
    written(&lines, [before, after, off])
}

fn written(lines: &[Line], rows: [&Row; 3]) -> String {
    let cells = |line: &Line| {
        let mut cells = vec![line.guide.to_owned()];
        cells.extend(rows.map(line.told));
        cells.push(line.verdict.clone());
        cells
    };
    let rows: Vec<_> = lines.iter().map(cells).collect();
    table(&["the guide", "before", "after", "off", "verdict"], &rows)
}

fn improvements(before: &Row, after: &Row, off: &Row) -> Vec<Line> {
    let memory = fell(&before.peak_mib, &after.peak_mib);
    let answers = fell(&before.p50_ms, &after.p50_ms);
    let queries = fell(&before.query_mean_ms, &after.query_mean_ms);
    let against_off = fell(&off.p50_ms, &after.p50_ms);
    vec![
        Line {
            guide: "memory: 40–60 % less",
            told: |row| format!("{} MiB at most", row.peak_mib.spread(1)),
            verdict: by(
                memory,
                40.0,
                &format!(
                    "what these settings bound is small: the cache takes {} MiB before and {} after; \
                     the rest is the program and taps under way",
                    grouped(before.cache_kib.median() / 1_024.0, 1),
                    grouped(after.cache_kib.median() / 1_024.0, 1),
                ),
            ),
        },
        Line {
            guide: "response times: 20–30 % faster",
            told: |row| format!("p50 {} ms, p99 {} ms", row.p50_ms.spread(2), row.p99_ms.spread(2)),
            verdict: by(
                answers,
                20.0,
                &format!(
                    "a tap waits for a commit and its sync, which no setting makes faster; against \
                     no cache at all it is {}, {}",
                    percent(against_off),
                    price(after, off),
                ),
            ),
        },
        Line {
            guide: "cache efficiency: hit rates of 80 % and more",
            told: |row| format!("{} %", row.hits.spread(1)),
            verdict: hit_rate(after),
        },
        Line {
            guide: "database: 50 % and more faster",
            told: |row| {
                let (mean, p99) = (row.query_mean_ms.spread(4), row.query_p99_ms.spread(3));
                format!("mean {mean} ms, p99 {p99} ms")
            },
            verdict: by(
                queries,
                50.0,
                "fewer connections do not make statements faster, and prepared statements were kept \
                 before as well",
            ),
        },
    ]
}

/// What the guide expects and no single figure shows.
fn effects(before: &Row, after: &Row, off: &Row) -> Vec<Line> {
    let start = fell(&before.start_ms, &after.start_ms);
    let cpu_off = fell(&off.cpu_ms, &after.cpu_ms);
    vec![
        Line {
            guide: "stability: fewer crashes for lack of memory",
            told: |row| format!("{} wrong answers", row.wrong),
            verdict:
                "not comparable: there was no crash with any settings. For memory to get short \
                      it needs limits far below the guide's box"
                    .to_owned(),
        },
        Line {
            guide: "more efficient use of resources",
            told: |row| {
                let (cpu, peak) = (row.cpu_ms.spread(3), row.peak_mib.spread(1));
                format!("{cpu} ms of processor for a tap, {peak} MiB at most")
            },
            verdict: format!(
                "{}: against no optimisation {} processor time for a tap, {}",
                word(cpu_off > 0.0),
                percent(cpu_off),
                price(after, off),
            ),
        },
        Line {
            guide: "faster start, by a single connection at first",
            told: |row| format!("{} ms", row.start_ms.spread(0)),
            verdict: format!(
                "not comparable: connections are opened on demand with any limit; {}",
                percent(start)
            ),
        },
    ]
}

fn metrics(after: &Row, bad: &Bad) -> Vec<Line> {
    let (level, _) = bad.seen.pressure();
    let peak = after.peak_mib.median().max(bad.peak_mib);
    vec![
        Line {
            guide: "memory usage: below 800 MB",
            told: |row| format!("{} MiB at most", row.peak_mib.spread(1)),
            verdict: format!(
                "{}: at most {} MiB, {} % of it; on the bad day {} MiB",
                word(peak < MEMORY_MIB),
                grouped(peak, 1),
                grouped(peak / MEMORY_MIB * 100.0, 1),
                grouped(bad.peak_mib, 1),
            ),
        },
        Line {
            guide: "cache hit rate: > 80 %",
            told: |row| {
                format!("{} %, rosters {} %", row.hits.spread(1), row.roster_hits.spread(1))
            },
            verdict: hit_rate(after),
        },
        Line {
            guide: "database query time: < 100 ms on average",
            told: |row| format!("mean {} ms", row.query_mean_ms.spread(4)),
            verdict: format!(
                "{}; our own aim of p99 < 5 ms {}",
                word(after.query_mean_ms.median() < 100.0),
                word(after.query_p99_ms.median() < 5.0),
            ),
        },
        Line {
            guide: "task success rate: > 95 %",
            told: |_| "–".to_owned(),
            verdict: bad.success().verdict(),
        },
        Line {
            guide: "memory pressure: Low or Medium",
            told: |_| "–".to_owned(),
            verdict: format!(
                "{}: the highest on the bad day was {level}",
                word(matches!(level, "low" | "medium"))
            ),
        },
    ]
}

fn of_cache(before: &Row, after: &Row) -> Vec<Line> {
    let size = fell(&before.cache_kib, &after.cache_kib);
    let lost = before.hits.median() - after.hits.median();
    vec![
        Line {
            guide: "cache: 1000 → 500 entries; about 50 % less memory, and still high hit rates",
            told: |row| {
                let (entries, kib) = (row.entries.spread(0), row.cache_kib.spread(0));
                format!("{entries} entries, {kib} KiB, {} % hits", row.hits.spread(1))
            },
            verdict: format!(
                "{}: the cache is {}, and {} points of its hits go",
                word(size >= 40.0 && after.hits.median() >= 80.0),
                percent(size),
                grouped(lost, 1),
            ),
        },
        Line {
            guide: "clean-up of the cache: each 30 → 15 min",
            told: |_| "–".to_owned(),
            verdict: "not comparable: the run is shorter. What is too old is not used in either \
                      case; the clean-up only gives its memory back earlier"
                .to_owned(),
        },
        Line {
            guide: "eviction above 800 MB",
            told: |row| format!("{} MiB at most", row.peak_mib.spread(1)),
            verdict: "not comparable: never reached, by far".to_owned(),
        },
    ]
}

fn of_database(before: &Row, after: &Row) -> Vec<Line> {
    let idle = fell(&before.idle_mib, &after.idle_mib);
    vec![
        Line {
            guide: "connections: 10 → 3",
            told: |row| format!("{} at most", row.connections_max.spread(0)),
            verdict: format!(
                "{}: 3 at most. Taps are written by one, and what they read is at hand; whoever may \
                 have 10 opens as many only if as many read at once",
                word(after.connections_max.median() <= 3.0)
            ),
        },
        Line {
            guide: "one connection at first",
            told: |row| format!("{} when READY", row.connections_first.spread(0)),
            verdict: format!(
                "{}: the database is opened by one, and what is asked until READY is read at once \
                 by as many more as there may be",
                word(after.connections_first.median() <= 1.0)
            ),
        },
        Line {
            guide: "cached queries: 1000 → 200",
            told: |row| format!("{} MiB idle", row.idle_mib.spread(1)),
            verdict: format!(
                "not comparable: only what was used is kept, and such a day needs few of the \
                 statements there are; idle memory is {}",
                percent(idle)
            ),
        },
        Line {
            guide: "idle connections closed after 10 min; results kept for 30 min, not 1 h",
            told: |_| "–".to_owned(),
            verdict:
                "not comparable: the run is shorter. A write takes results away at once, so a \
                      shorter life makes them no truer"
                    .to_owned(),
        },
    ]
}

fn of_tasks_and_limiter(before: &Row, after: &Row, bad: &Bad) -> Vec<Line> {
    let running = bad.seen.max("muster_tasks_running").unwrap_or_default();
    let waiting = bad.seen.max("muster_tasks_waiting").unwrap_or_default();
    let deferred = bad.seen.max("muster_tasks_deferred").unwrap_or_default();
    vec![
        Line {
            guide: "concurrent tasks: 10 → 3",
            told: |_| "–".to_owned(),
            verdict: format!(
                "{}: on the bad day at most {running} ran and {waiting} waited when it was looked, \
                 each 5 s",
                word(running <= 3.0)
            ),
        },
        Line {
            guide: "time of a task: 300 → 180 s",
            told: |_| "–".to_owned(),
            verdict: format!(
                "{}: {} took too long on the bad day",
                word(bad.tasks("timed_out") < 1.0),
                bad.tasks("timed_out")
            ),
        },
        Line {
            guide: "tasks wait above 800 MB or 70 % of the processor",
            told: |_| "–".to_owned(),
            verdict: format!("not comparable: neither was reached; {deferred} waited for it"),
        },
        Line {
            guide: "limiter: 1000 entries at most, trimmed at 80 %",
            told: |row| format!("{} at most", row.limiter_max.spread(0)),
            verdict: format!(
                "{}: {} at most, {} before",
                word(after.limiter_max.median() <= 1_000.0),
                grouped(after.limiter_max.median(), 0),
                grouped(before.limiter_max.median(), 0),
            ),
        },
        Line {
            guide: "limiter: clean-up each 5 → 3 min, idle entries dropped after 24 → 6 h",
            told: |_| "–".to_owned(),
            verdict: "not comparable: the run is shorter, and the bound on entries is reached \
                      before any of them is so old"
                .to_owned(),
        },
    ]
}

/// By how many percent the second is less than the first.
fn fell(first: &Series, second: &Series) -> f64 {
    let (first, second) = (first.median(), second.median());
    if first > 0.0 { (first - second) / first * 100.0 } else { 0.0 }
}

/// "12 % less", "3 % more".
fn percent(fell: f64) -> String {
    let more_or_less = if fell < 0.0 { "more" } else { "less" };
    format!("{} % {more_or_less}", grouped(fell.abs(), 0))
}

/// What the optimisations take for what they bring: memory, at the peak of a run.
fn price(on: &Row, off: &Row) -> String {
    let more = on.peak_mib.median() - off.peak_mib.median();
    let share = percent(fell(&off.peak_mib, &on.peak_mib));
    let words = if more > 0.0 { "paid for with" } else { "and with" };
    format!(
        "{words} {share} memory at most, {} instead of {} MiB",
        grouped(on.peak_mib.median(), 1),
        grouped(off.peak_mib.median(), 1),
    )
}

pub(super) const fn word(is_held: bool) -> &'static str {
    if is_held { "held" } else { "missed" }
}

/// Whether it fell by so many percent, and why not if it did not.
fn by(fell: f64, aim: f64, why_not: &str) -> String {
    if fell >= aim {
        format!("held: {}", percent(fell))
    } else {
        format!("missed: {} with the guide's change; {why_not}", percent(fell))
    }
}

/// Whether the cache finds enough, and why not if it does not.
fn hit_rate(row: &Row) -> String {
    let (hits, entries) = (row.hits.median(), grouped(row.entries.median(), 0));
    let (is_held, is_ours) = (hits > CACHE_HITS.floor, hits > CACHE_HITS.ours);
    let mut told = format!(
        "{}: {} %, wanted are more than {}; our own aim of > {} % {}",
        word(is_held),
        grouped(hits, 1),
        CACHE_HITS.floor,
        CACHE_HITS.ours,
        word(is_ours),
    );
    if !is_ours {
        told.extend([
            ". ",
            &entries,
            " rosters were at hand: a tenth of the entries is kept for settings and zones, which \
             taps do not ask for",
        ]);
    }
    if !is_held {
        told.push_str(". The bot itself then recommends a larger `CACHE_MAX_SIZE`");
    }
    told
}

#[cfg(test)]
mod tests;
