//! Figures of the machine: memory, processor, disk, network, and alerts about them.

use muster_vitals::snapshot::{AlertLevel, Memory, PressureLevel, Resource, Snapshot, Verdict};

use super::writer::{Writer, number, truth};

pub(super) fn overall(out: &mut Writer, snapshot: &Snapshot) {
    let version = vec![("version", snapshot.version)];
    out.gauges("muster_build_info", "1, with the version as a label.", [(version, 1.0)]);
    let uptime = snapshot.uptime.as_secs_f64();
    out.gauge("muster_uptime_seconds", "How long the process has run.", uptime);
    let verdict = snapshot.verdict();
    let all = [
        ("healthy", Verdict::Healthy),
        ("strained", Verdict::Strained),
        ("critical", Verdict::Critical),
    ];
    out.gauges(
        "muster_verdict",
        "1 for how the bot is as a whole, 0 for the others.",
        all.map(|(name, one)| (vec![("verdict", name)], truth(one == verdict))),
    );
    let recommended = number(snapshot.recommendations.len().try_into().unwrap_or(u64::MAX));
    out.gauge("muster_recommendations", "How much is recommended to the operator.", recommended);
}

pub(super) fn memory(out: &mut Writer, memory: &Memory) {
    let used = number(memory.used);
    out.gauge("muster_memory_used_bytes", "Memory that counts against the limit.", used);
    let limit = number(memory.limit);
    out.gauge("muster_memory_limit_bytes", "The smallest limit that holds.", limit);
    let threshold = number(memory.threshold);
    out.gauge("muster_memory_threshold_bytes", "Above this the cache is cut.", threshold);
    let resident = number(memory.resident);
    out.gauge("muster_memory_resident_bytes", "Resident set of this process.", resident);
    out.gauge_if(
        "muster_memory_stalled_ratio",
        "Share of the last ten seconds in which something waited for memory.",
        memory.stalled_percent.map(|percent| percent / 100.0),
    );
    let levels = [
        ("low", PressureLevel::Low),
        ("medium", PressureLevel::Medium),
        ("high", PressureLevel::High),
        ("critical", PressureLevel::Critical),
    ];
    out.gauges(
        "muster_memory_pressure",
        "1 for the level of memory pressure, 0 for the others.",
        levels.map(|(name, level)| (vec![("level", name)], truth(level == memory.level))),
    );
    let since = Some(memory.level_since);
    out.instant(
        "muster_memory_pressure_since_timestamp_seconds",
        "Since when it is at its level.",
        since,
    );
    let optimizes = truth(memory.optimizes);
    out.gauge("muster_memory_optimizer_enabled", "Whether it runs by itself.", optimizes);
    allocator(out, memory);
    let components = memory.components.iter();
    out.gauges(
        "muster_memory_component_bytes",
        "What parts of the bot hold.",
        components.map(|part| (vec![("component", part.name)], number(part.bytes))),
    );
    reclaimers(out, memory);
}

fn allocator(out: &mut Writer, memory: &Memory) {
    let kinds = memory.allocator.map(|all| {
        [
            ("allocated", all.allocated),
            ("active", all.active),
            ("resident", all.resident),
            ("retained", all.retained),
        ]
    });
    out.gauges(
        "muster_memory_allocator_bytes",
        "The allocator's account.",
        kinds.into_iter().flatten().map(|(kind, bytes)| (vec![("kind", kind)], number(bytes))),
    );
}

fn reclaimers(out: &mut Writer, memory: &Memory) {
    let runs = memory.runs;
    out.counter("muster_memory_optimizer_runs", "How often memory was reclaimed.", runs);
    let back = memory.given_back;
    out.counter("muster_memory_given_back_bytes", "What the system got back.", back);
    let all = || memory.reclaimers.iter();
    out.gauges(
        "muster_reclaimer_holds_bytes",
        "What could be let go of.",
        all().map(|one| (vec![("reclaimer", one.name)], number(one.holds))),
    );
    out.counters(
        "muster_reclaimer_runs",
        "How often each reclaimer ran.",
        all().map(|one| (vec![("reclaimer", one.name)], number(one.runs))),
    );
    out.counters(
        "muster_reclaimer_freed_bytes",
        "What each reclaimer let go of.",
        all().map(|one| (vec![("reclaimer", one.name)], number(one.freed))),
    );
}

pub(super) fn machine(out: &mut Writer, snapshot: &Snapshot) {
    // No figure is better than a false one.
    if snapshot.unmonitored {
        return;
    }
    let (cpu, disk, network) = (&snapshot.cpu, &snapshot.disk, &snapshot.network);
    let ratio = cpu.percent / 100.0;
    out.gauge("muster_cpu_ratio", "Share of the processor that this process uses.", ratio);
    out.gauge("muster_cpu_cores", "Cores that this process may use.", cpu.cores);
    out.gauge("muster_disk_size_bytes", "Size of the data's disk.", number(disk.size));
    out.gauge("muster_disk_free_bytes", "Free on the data's disk.", number(disk.free));
    let kinds = [("database", disk.database), ("logs", disk.logs), ("backups", disk.backups)];
    out.gauges(
        "muster_disk_used_bytes",
        "What Muster takes of the disk.",
        kinds.map(|(kind, bytes)| (vec![("kind", kind)], number(bytes))),
    );
    let budget = number(disk.budget);
    out.gauge("muster_disk_budget_bytes", "What Muster may take of the disk.", budget);
    let (received, sent) = (network.received, network.sent);
    let what = "Received over all interfaces of this network namespace, by all its programs.";
    out.counter("muster_network_received_bytes", what, received);
    let what = "Sent over all interfaces of this network namespace, by all its programs.";
    out.counter("muster_network_sent_bytes", what, sent);
    let rates = [("received", network.received_each_second), ("sent", network.sent_each_second)];
    out.gauges(
        "muster_network_rate_bytes",
        "Bytes each second since the last sample.",
        rates.map(|(way, rate)| (vec![("direction", way)], rate)),
    );
}

pub(super) fn alerts(out: &mut Writer, snapshot: &Snapshot) {
    let levels =
        [AlertLevel::Info, AlertLevel::Warning, AlertLevel::Critical, AlertLevel::Emergency];
    let is_on = |resource, level| {
        snapshot.alerts.iter().any(|alert| alert.resource == resource && alert.level == level)
    };
    // What nobody watches is not even well.
    let known = |resource: &&Resource| !snapshot.unmonitored || !resource.is_sampled();
    let series = Resource::ALL.iter().filter(known).flat_map(|resource| {
        levels.iter().map(|level| {
            let labels = vec![("resource", resource.name()), ("level", level.name())];
            (labels, truth(is_on(*resource, *level)))
        })
    });
    out.gauges("muster_alert_active", "1 for alerts that are on.", series);
    let since = snapshot.alerts.iter().map(|alert| {
        let labels = vec![("resource", alert.resource.name()), ("level", alert.level.name())];
        (labels, alert.since.as_duration().as_secs_f64())
    });
    out.gauges("muster_alert_since_timestamp_seconds", "Since when alerts are on.", since);
}
