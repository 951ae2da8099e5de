//! What operators read about a bot that is well and about one that is not, and that it fits.

use expect_test::expect;

use super::*;
use crate::views::operating::samples::{longest, typical};
use crate::views::samples::{texts, wrapped};

#[test]
fn a_good_day_reads_in_one_glance() {
    let panel = health(&typical());
    expect![[r"
        ## 🟢 Healthy: everything works
        Muster 0.1.0 · up 3 d 4 h · 2 servers
        ### Resources
        **Memory** 31 MiB of 1,280 MiB (control group v2) · 2.4 % · mine 24 MiB ·
            pressure Low
        ▲ 3 MiB in the last 25 min
        **CPU** 2.4 % of 2 cores
        steady in the last 25 min
        **Disk** 740 MiB free of 1,280 MiB · mine 16 MiB of 1,024 MiB
        steady in the last 25 min
        ### Connection
        Shard 0 🟢 live · 42 ms · last event <t:1795780798:R>
        ### Inside
        **Cache** 97.3 % hits · 120 entries · 1.4 MiB
        **Database** p99 1.2 ms · 4 MiB + 300 KiB log
        **Tasks** running 1 of 3 · waiting 0 · 100 % succeed
        ### Deliveries
        1 due · 1,204 sent · 2 failed · 3 left out
        Reminders p99 410 ms late · next job <t:1795781520:R>
        ### What went wrong
        Failed answers: 2 in the last hour, 4 in all
        Security: 4 in the last hour · 1 blocked
        Channels that cannot be used: 1
        ### Backups
        Last <t:1795762800:R> · 7 kept, 12 MiB · next <t:1795849200:R>
        -# Measured <t:1795780800:R>"]]
    .assert_eq(&wrapped(&texts(&panel)));
    assert_eq!(panel.files.len(), 1);
}

#[test]
fn a_bad_day_says_what_is_wrong_before_anything_else() {
    let mut bad = longest();
    bad.recommendations.truncate(1);
    expect![[r"
        ## 🔴 Critical: something needs doing now
        Muster 0.1.0 · up 3 d 4 h · 2,500 servers
        ### Why
        🔴 200 of 300 shards are not connected.
        🔴 The database takes no writes: is the disk full, or does another program lock
            the file?
        🔴 Critical memory pressure since <t:1795780080:R>
        🟡 No backup of the database could be made since <t:1795775400:R>
        ### Alerts
        🚨 **memory emergency** 97.2 %, threshold 95 % · since <t:1795780080:R>
        🟡 **memory trend warning** 12.2 MiB an hour, threshold 5.0 MiB an hour · since
            <t:1795780080:R>
        🔴 **cpu critical** 99.9 %, threshold 90 % · since <t:1795780080:R>
        🔹 **disk info** 81 %, threshold 80 % · since <t:1795780080:R>
        ### What to do
        1. **a name that is far longer than anybody would ever givea name that is far
            longer than anybody would ever givea name that is far longer than anybody
            would ever g…**
        → a name that is far longer than anybody would ever givea name that is far
            longer than anybody would ever givea name that is far longer than anybody
            would ever givea name that is far longer t…
        ### Resources
        **Memory** 1,244 MiB of 1,280 MiB (control group v2) · 97.1 % · mine 24 MiB ·
            pressure Critical
        ▰▰▰▰▰▰▰▰▰▰▰▰ ▲ 3 MiB in the last 25 min
        **CPU** 99.9 % of 2 cores
        ▰▰▰▰▰▰▰▰▰▰▰▰ steady in the last 25 min
        **Disk** 740 MiB free of 1,280 MiB · mine 16 MiB of 1,024 MiB
        ▰▰▰▰▰▰▱▱▱▱▱▱ steady in the last 25 min
        ### Connection
        100 of 300 shards live · slowest 42 ms · last event <t:1795780798:R>
        Shard 0 🔴 down · 42 ms · last event <t:1795780798:R>
        Shard 1 🟡 connecting · 42 ms · last event <t:1795780798:R>
        Shard 3 🔴 down · 42 ms · last event <t:1795780798:R>
        Shard 4 🟡 connecting · 42 ms · last event <t:1795780798:R>
        -# … and 196 more
        ### Inside
        **Cache** 0 % hits · 1,600 entries · 19.5 MiB
        **Database** p99 1 min 39 s · 4 MiB + 300 KiB log
        **Tasks** running 1 of 3 · waiting 0 · a name that is far longer than anybody
            would ever give: 33.3 % succeed
        ### Deliveries
        1 due · 1,204 sent · 2 failed · 3 left out
        Reminders p99 410 ms late · next job <t:1795781520:R>
        ### What went wrong
        Failed answers: 2 in the last hour, 4 in all
        Security: 18,446,744,073,709,551,615 in the last hour · 50 blocked
        Channels that cannot be used: 1
        ### Backups
        🔴 Failing since <t:1795775400:R> · Last <t:1795762800:R> · 7 kept, 12 MiB ·
            next <t:1795849200:R>
        -# Measured <t:1795780800:R>"]]
    .assert_eq(&wrapped(&texts(&health(&bad))));
}

#[test]
fn copies_that_fail_are_a_reason_to_look() {
    let mut snapshot = typical();
    snapshot.backups.failing_since = Some(snapshot.at);
    let shown = texts(&health(&snapshot));
    assert!(shown.contains("🟡 Strained"), "{shown}");
    assert!(shown.contains("### Why\n🟡 No backup of the database could be made"), "{shown}");
    snapshot.alerts.push(ActiveAlert {
        resource: Resource::Backups,
        level: muster_vitals::snapshot::AlertLevel::Warning,
        since: snapshot.at,
        threshold: 0.0,
        value: 1.5,
    });
    let shown = texts(&health(&snapshot));
    assert!(shown.contains("**backups warning** none for 1.5 h · since"), "{shown}");
    assert!(!shown.contains("### Why"), "it is said once: {shown}");
}

#[test]
fn what_nobody_watches_is_said_in_the_place_of_figures() {
    let mut snapshot = typical();
    snapshot.unmonitored = true;
    snapshot.history.clear();
    let shown = texts(&health(&snapshot));
    let alerts = "### Alerts\n⚪ Not watched: `ENABLE_RESOURCE_MONITORING` is off, so that only";
    assert!(shown.contains(alerts), "{shown}");
    assert!(shown.contains("**CPU**, **disk** ⚪ Not watched"), "{shown}");
    assert!(shown.contains("**Memory** 31 MiB of") && !shown.contains("free of"), "{shown}");
}

#[test]
fn under_pressure_bars_of_text_take_the_place_of_the_picture() {
    let mut snapshot = typical();
    for level in [PressureLevel::High, PressureLevel::Critical] {
        snapshot.memory.level = level;
        let panel = health(&snapshot);
        assert!(panel.files.is_empty() && texts(&panel).contains("▰▱"), "{level:?}");
    }
    snapshot.memory.level = PressureLevel::Medium;
    assert!(!texts(&health(&snapshot)).contains('▰'));
}

#[test]
fn nothing_known_is_critical_and_said_so() {
    let panel = health(&Snapshot::default());
    expect![[r"
        ## 🔴 Critical: something needs doing now
        Muster  · up 0 s · 0 servers
        ### Why
        🔴 There is no connection to Discord.
        🔴 The database takes no writes: is the disk full, or does another program lock
            the file?
        ### Resources
        **Memory** 0 B of 0 B · 0 % · mine 0 B · pressure Low
        ▱▱▱▱▱▱▱▱▱▱▱▱
        **CPU** 0 % of 0 cores
        ▱▱▱▱▱▱▱▱▱▱▱▱
        **Disk** 0 B free of 0 B · mine 0 B of 0 B
        ▱▱▱▱▱▱▱▱▱▱▱▱
        ### Inside
        **Cache** not asked lately · 0 entries · 0 B
        **Database** p99 0 ms · 0 B + 0 B log
        **Tasks** running 0 of 0 · waiting 0
        ### Deliveries
        0 due · 0 sent · 0 failed · 0 left out
        Reminders none measured · next job none planned
        ### What went wrong
        Failed answers: 0 in the last hour, 0 in all
        Security: 0 in the last hour · 0 blocked
        Channels that cannot be used: 0
        ### Backups
        None yet · 0 kept, 0 B
        -# Measured <t:0:R>"]]
    .assert_eq(&wrapped(&texts(&panel)));
}
