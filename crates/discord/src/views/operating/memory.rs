//! `/memory_optimization`: what is used, by what, and what is done about it.

use muster_vitals::snapshot::{
    Component as Part, LevelChange, LimitSource, Memory, PressureLevel, Reclaimer, Snapshot,
};

use super::sheet::{Sheet, first};
use super::{advice, colour, level_name, measured, of_pressure, pressure, since, trend, ways};
use crate::custom_id::Action;
use crate::views::message::{Button, Message, Style};
use crate::views::text::{relative, shortened};
use crate::views::units::{bar, bytes, number, percent};

const PARTS_MAX: usize = 8;
const RECLAIMERS_MAX: usize = 8;
const CHANGES_MAX: usize = 5;
const SETTINGS_MAX: usize = 16;
/// Characters of a setting's value.
const VALUE_MAX: usize = 40;

/// What has a say about memory, by how the variables begin.
const SETTINGS: [&str; 6] =
    ["ENABLE_MEMORY", "MEMORY_", "CACHE_", "DB_", "RESOURCE_HISTORY", "TASK_MEMORY"];

/// The memory of the running bot.
#[must_use]
pub fn memory(snapshot: &Snapshot) -> Message {
    let memory = &snapshot.memory;
    let mut sheet = Sheet::new(colour(of_pressure(memory.level)));
    sheet.text([
        format!("## {} memory pressure", pressure(memory.level)),
        format!("Since {} · {}", since(memory.level_since), meaning(memory.level)),
    ]);
    sheet.section("What to do", advice(snapshot));
    sheet.section("Use", used(snapshot));
    sheet.section("Process", process(memory));
    sheet.section("Held by", first(memory.components.iter().map(part), PARTS_MAX));
    sheet.section("Given back", given_back(memory));
    sheet.section("Changes of level", first(memory.changes.iter().map(change), CHANGES_MAX));
    sheet.section("Settings in force", settings(&snapshot.settings));
    sheet.text([measured(snapshot.at)]);
    let mut buttons = ways(Action::MemoryUse);
    buttons.push(Button::new(Style::Danger, "Clean up", Action::CleanUp));
    sheet.buttons(buttons)
}

const fn meaning(level: PressureLevel) -> &'static str {
    match level {
        PressureLevel::Low => "plenty is left",
        PressureLevel::Medium => "enough is left",
        PressureLevel::High => "little is left; caches are cut, and what can wait waits",
        PressureLevel::Critical => "hardly any is left; all that can be read again goes",
    }
}

fn used(snapshot: &Snapshot) -> Vec<String> {
    let memory = &snapshot.memory;
    let share = memory.percent();
    let mut lines = vec![
        format!("**{}** of {} · {}", bytes(memory.used), bytes(memory.limit), percent(share)),
        bar(share),
        format!("Headroom {}", bytes(memory.headroom())),
        format!("Cache is cut above {}", bytes(memory.threshold)),
    ];
    lines.extend(trend::memory(&snapshot.history));
    match memory.source {
        LimitSource::Unknown => {}
        LimitSource::GroupV1 | LimitSource::GroupV2 => {
            lines.push(format!("Limit by {}", memory.source.name()));
        }
        LimitSource::Machine => lines.push(
            "Limit by the whole machine: no control group sets one, and all that runs here counts"
                .to_owned(),
        ),
    }
    lines.extend(
        memory
            .stalled_percent
            .map(|stalled| format!("{} of the last 10 s waited for memory", percent(stalled))),
    );
    lines
}

fn process(memory: &Memory) -> Vec<String> {
    let mut lines = vec![format!("Resident {}", bytes(memory.resident))];
    match memory.allocator {
        Some(allocator) => lines.extend([
            format!("Allocated {}", bytes(allocator.allocated)),
            format!("Active {}", bytes(allocator.active)),
            format!("Allocator's own {}", bytes(allocator.resident)),
            format!("Retained though free {}", bytes(allocator.retained)),
        ]),
        None => lines.push("This allocator gives no account.".to_owned()),
    }
    lines
}

fn part(part: &Part) -> String {
    format!("{} {}", part.name, bytes(part.bytes))
}

fn given_back(memory: &Memory) -> Vec<String> {
    let by_itself = if memory.optimizes {
        "Runs by itself when a level rises"
    } else {
        "🟡 Runs only by hand: `ENABLE_MEMORY_OPTIMIZATION` is off"
    };
    let all = format!("Runs: {} · given back: {}", number(memory.runs), bytes(memory.given_back));
    let reclaimers = memory.reclaimers.iter().map(reclaimer);
    [by_itself.to_owned(), all].into_iter().chain(first(reclaimers, RECLAIMERS_MAX)).collect()
}

fn reclaimer(reclaimer: &Reclaimer) -> String {
    let Reclaimer { name, runs, freed, holds } = reclaimer;
    let (freed, holds) = (bytes(*freed), bytes(*holds));
    format!("{name}: {} × · {freed} freed · {holds} left", number(*runs))
}

fn change(change: &LevelChange) -> String {
    format!("{} {} → {}", relative(change.at), level_name(change.from), level_name(change.to))
}

fn settings(settings: &[(&'static str, String)]) -> Vec<String> {
    let about_memory = |name: &str| SETTINGS.iter().any(|begin| name.starts_with(begin));
    let found: Vec<_> = settings.iter().filter(|(name, _)| about_memory(name)).collect();
    let lines = found.into_iter().map(|(name, value)| {
        format!("`{name}={}`", shortened(&value.replace('`', "'"), VALUE_MAX))
    });
    first(lines, SETTINGS_MAX)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::views::operating::samples::typical;
    use crate::views::samples::{texts, wrapped};

    #[test]
    fn who_holds_what_and_what_was_given_back_is_told() {
        expect![[r"
            ## 🟢 Low memory pressure
            Since <t:1795507200:R> · plenty is left
            ### Use
            **31 MiB** of 1,280 MiB · 2.4 %
            ▰▱▱▱▱▱▱▱▱▱▱▱
            Headroom 1,249 MiB
            Cache is cut above 800 MiB
            ▲ 3 MiB in the last 25 min
            Limit by control group v2
            0 % of the last 10 s waited for memory
            ### Process
            Resident 24 MiB
            Allocated 9 MiB
            Active 11 MiB
            Allocator's own 15 MiB
            Retained though free 3 MiB
            ### Held by
            database 6 MiB
            cache 2 MiB
            ### Given back
            Runs by itself when a level rises
            Runs: 2 · given back: 8 MiB
            cache: 2 × · 3 MiB freed · 2 MiB left
            allocator: 2 × · 5 MiB freed · 3 MiB left
            ### Changes of level
            <t:1795507200:R> Medium → Low
            ### Settings in force
            `ENABLE_MEMORY_OPTIMIZATION=true`
            `MEMORY_THRESHOLD_MB=800`
            `CACHE_MAX_SIZE=500`
            -# Measured <t:1795780800:R>"]]
        .assert_eq(&wrapped(&texts(&memory(&typical()))));
    }

    #[test]
    fn an_allocator_without_account_and_a_switched_off_optimizer_are_told() {
        let mut snapshot = typical();
        snapshot.memory.allocator = None;
        snapshot.memory.optimizes = false;
        let said = texts(&memory(&snapshot));
        assert!(said.contains("gives no account") && said.contains("Runs only by hand"), "{said}");
    }

    #[test]
    fn without_a_limit_of_its_own_it_says_that_the_whole_machine_counts() {
        let mut snapshot = typical();
        snapshot.memory.source = LimitSource::Machine;
        let told = texts(&memory(&snapshot));
        assert!(told.contains("Limit by the whole machine: no control group sets one"), "{told}");
        let told = texts(&super::super::health(&snapshot));
        assert!(told.contains("31 MiB of 1,280 MiB (the whole machine) ·"), "{told}");
    }
}
