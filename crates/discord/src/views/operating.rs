//! What operators see of the running bot: plain values in, a panel out that is read on a phone in
//! one glance, with a verdict in words and what to do.

mod clean_up;
mod health;
mod memory;
mod performance;
#[cfg(test)]
pub(crate) mod samples;
mod security;
mod sheet;
mod trend;

use std::time::Duration;

use jiff::Timestamp;
use muster_vitals::snapshot::{
    AlertLevel, PressureLevel, Recommendation, Snapshot, TaskKind, Verdict,
};

use crate::custom_id::Action;
use crate::views::message::{Button, Style};
use crate::views::text::{plain, relative, shortened};
use crate::views::units::percent;

pub use self::clean_up::{cleaned, cooling_down};
pub use self::health::health;
pub use self::memory::memory;
pub use self::performance::performance;
pub use self::security::{Check, Lifted, security};

const GREEN: u32 = 0x57_F2_87;
const YELLOW: u32 = 0xFE_E7_5C;
const RED: u32 = 0xED_42_45;

/// Recommendations shown at once: the most useful stand first.
const RECOMMENDATIONS_MAX: usize = 4;

/// Characters of what was seen, and of what to do about it: each is a line of its own, which is
/// bounded as any.
const BECAUSE_MAX: usize = 160;
const ADVICE_MAX: usize = 190;

/// What somebody is told who does not run the bot.
pub const NOT_OPERATOR: &str = "Only the people who run this bot can use this: its owner, the \
     owner's team at Discord, or anybody in `OPERATOR_IDS`. Nothing was done, and the attempt was \
     noted.";

/// What an operator is told where nothing is measured.
pub const NOT_WATCHED: &str =
    "This bot runs without measuring itself, so there is nothing to show here.";

/// What an operator is told if the figures could not be read in time.
pub const TOO_SLOW: &str = "⚠️ My own figures could not be read in time: I am busier than I should \
     be, or a disk does not answer. Try again in a moment; if it stays so, look at the log, and at \
     the machine's load and disk.";

/// What an operator is told if lifting a block takes long.
pub const LIFT_TOO_SLOW: &str = "⚠️ It takes longer than it should, and may still happen. Look \
     again in a moment.";

const fn colour(verdict: Verdict) -> u32 {
    match verdict {
        Verdict::Healthy => GREEN,
        Verdict::Strained => YELLOW,
        Verdict::Critical => RED,
    }
}

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Healthy => "🟢 Healthy: everything works",
        Verdict::Strained => "🟡 Strained: it works, and needs a look",
        Verdict::Critical => "🔴 Critical: something needs doing now",
    }
}

const fn pressure(level: PressureLevel) -> &'static str {
    match level {
        PressureLevel::Low => "🟢 Low",
        PressureLevel::Medium => "🟢 Medium",
        PressureLevel::High => "🟡 High",
        PressureLevel::Critical => "🔴 Critical",
    }
}

const fn level_name(level: PressureLevel) -> &'static str {
    match level {
        PressureLevel::Low => "Low",
        PressureLevel::Medium => "Medium",
        PressureLevel::High => "High",
        PressureLevel::Critical => "Critical",
    }
}

const fn of_pressure(level: PressureLevel) -> Verdict {
    match level {
        PressureLevel::Low | PressureLevel::Medium => Verdict::Healthy,
        PressureLevel::High => Verdict::Strained,
        PressureLevel::Critical => Verdict::Critical,
    }
}

const fn sign(level: AlertLevel) -> &'static str {
    match level {
        AlertLevel::Info => "🔹",
        AlertLevel::Warning => "🟡",
        AlertLevel::Critical => "🔴",
        AlertLevel::Emergency => "🚨",
    }
}

/// "4 minutes ago", as each reader's client counts it.
fn since(at: Timestamp) -> String {
    if at == Timestamp::default() { "the start".to_owned() } else { relative(at) }
}

/// What the operator could do, the most useful first.
fn advice(snapshot: &Snapshot) -> Vec<String> {
    let all = &snapshot.recommendations;
    let lines = all.iter().zip(1..).flat_map(|(recommendation, place)| {
        let Recommendation { because, advice } = recommendation;
        let because = plain(&shortened(because, BECAUSE_MAX));
        let advice = plain(&shortened(advice, ADVICE_MAX));
        [format!("{place}. **{because}**"), format!("→ {advice}")]
    });
    let mut lines: Vec<_> = lines.take(2 * RECOMMENDATIONS_MAX).collect();
    match all.len().saturating_sub(RECOMMENDATIONS_MAX) {
        0 => {}
        more => lines.push(format!("-# … and {more} more")),
    }
    lines
}

/// Of the kind of task that does worst, in words.
fn succeeding(worst: &TaskKind, rate: f64) -> String {
    let share = percent(rate);
    if rate < 100.0 {
        format!("{}: {share} succeed", worst.name)
    } else {
        format!("{share} succeed")
    }
}

/// Where from one panel an operator goes next, and that panel anew.
fn ways(here: Action) -> Vec<Button> {
    let again = Button::new(Style::Primary, "Look again", here);
    let all = [
        ("Health", Action::Health),
        ("Performance", Action::Performance),
        ("Memory", Action::MemoryUse),
        ("Security", Action::SecurityPage(0)),
    ];
    let is_page = |action| matches!(action, Action::SecurityPage(_));
    let is_here = |action| action == here || (is_page(action) && is_page(here));
    let others = all.into_iter().filter(|(_, action)| !is_here(*action));
    let others = others.map(|(label, action)| Button::new(Style::Secondary, label, action));
    std::iter::once(again).chain(others).collect()
}

/// When it was measured, in small print.
fn measured(at: Timestamp) -> String {
    format!("-# Measured {}", relative(at))
}

fn until(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::judged::check;
    use crate::views::message::Message;

    /// Every panel of a snapshot.
    fn panels(snapshot: &Snapshot) -> Vec<Message> {
        let checks = samples::checks();
        vec![
            health(snapshot),
            performance(snapshot),
            memory(snapshot),
            security(snapshot, &checks, 0, None),
            security(snapshot, &checks, u32::MAX, Some(samples::lifted())),
        ]
    }

    #[test]
    fn every_panel_fits_whatever_is_known() {
        for snapshot in [Snapshot::default(), samples::typical(), samples::longest()] {
            for panel in panels(&snapshot) {
                check(&panel).unwrap();
            }
        }
    }

    #[test]
    fn what_to_do_is_said_to_its_end() {
        let mut snapshot = samples::typical();
        let because = "Backups have failed for three hours, and there is no good one.";
        let advice = "Make room on the disk that holds them, or let the bot write to their \
                      folder; the log says which of both it is.";
        snapshot.recommendations =
            vec![Recommendation { because: because.to_owned(), advice: advice.to_owned() }; 5];
        let shown = crate::views::samples::texts(&health(&snapshot));
        assert!(
            shown.contains(&format!("4. **{because}**\n→ {advice}\n-# … and 1 more")),
            "{shown}"
        );
    }

    #[test]
    fn every_way_leads_elsewhere_and_one_comes_back() {
        for here in [Action::Health, Action::Performance, Action::SecurityPage(7)] {
            assert_eq!(ways(here).len(), 4, "{here:?}");
        }
    }
}
