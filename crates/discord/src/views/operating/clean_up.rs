//! `/force_cleanup`: what was cleaned up, or when that is possible again.

use muster_vitals::snapshot::Reclaimed;
use muster_vitals::watched::{CleanUp, CoolingDown};

use super::sheet::{Sheet, first};
use super::{GREEN, YELLOW, ways};
use crate::custom_id::Action;
use crate::views::message::{Button, Message, Style};
use crate::views::units::{bytes, lasting, took};

const RECLAIMERS_MAX: usize = 16;

/// What a clean-up did.
#[must_use]
pub fn cleaned(done: &CleanUp) -> Message {
    let mut sheet = Sheet::new(GREEN);
    let difference = done.resident_before.abs_diff(done.resident_after);
    let change = if difference == 0 {
        "Nothing could be given back: all is in use.".to_owned()
    } else if done.resident_after < done.resident_before {
        format!("**{}** went back to the system.", bytes(difference))
    } else {
        format!("{} more is in use: work went on meanwhile.", bytes(difference))
    };
    sheet.text(["## 🧹 Cleaned up".to_owned(), change]);
    sheet.text([
        format!("Before {}", bytes(done.resident_before)),
        format!("After {}", bytes(done.resident_after)),
        format!("Took {}", took(done.took)),
    ]);
    sheet.section("Let go of", first(done.reclaimed.iter().map(reclaimed), RECLAIMERS_MAX));
    sheet.text(["-# Nothing that is not stored elsewhere was dropped.".to_owned()]);
    sheet.buttons(onwards())
}

fn reclaimed(one: &Reclaimed) -> String {
    format!("{} {}", one.name, bytes(one.freed))
}

/// That the last clean-up was a moment ago.
#[must_use]
pub fn cooling_down(cooling: CoolingDown) -> Message {
    let mut sheet = Sheet::new(YELLOW);
    // One more, so that whoever waits so long is not refused again.
    let left = lasting(cooling.left + std::time::Duration::from_secs(1));
    sheet.text([
        "## ⏳ Just cleaned up".to_owned(),
        format!("The last clean-up was a moment ago. The next is possible in {left}."),
        "Right after one there is hardly anything to give back.".to_owned(),
    ]);
    sheet.buttons(onwards())
}

fn onwards() -> Vec<Button> {
    let mut ways = ways(Action::MemoryUse);
    ways.remove(0);
    let memory = Button::new(Style::Primary, "Memory", Action::MemoryUse);
    let again = Button::new(Style::Secondary, "Clean up again", Action::CleanUp);
    [memory, again].into_iter().chain(ways).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::expect;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::texts;

    const MIB: u64 = 1 << 20;

    fn done(after: u64) -> CleanUp {
        CleanUp {
            resident_before: 31 * MIB,
            resident_after: after,
            reclaimed: vec![
                Reclaimed { name: "cache", freed: 3 * MIB },
                Reclaimed { name: "allocator", freed: 5 * MIB },
            ],
            took: Duration::from_micros(12_400),
        }
    }

    #[test]
    fn what_was_given_back_is_told_with_who_gave_it() {
        let panel = cleaned(&done(23 * MIB));
        check(&panel).unwrap();
        expect![[r"
            ## 🧹 Cleaned up
            **8 MiB** went back to the system.
            Before 31 MiB
            After 23 MiB
            Took 12.4 ms
            ### Let go of
            cache 3 MiB
            allocator 5 MiB
            -# Nothing that is not stored elsewhere was dropped."]]
        .assert_eq(&texts(&panel));
    }

    #[test]
    fn a_clean_up_without_effect_is_told_honestly() {
        assert!(texts(&cleaned(&done(31 * MIB))).contains("Nothing could be given back"));
        assert!(texts(&cleaned(&done(33 * MIB))).contains("2 MiB more is in use"));
        let many = vec![Reclaimed { name: "a", freed: u64::MAX }; 900];
        check(&cleaned(&CleanUp { reclaimed: many, ..done(0) })).unwrap();
    }

    #[test]
    fn too_soon_is_told_with_the_time_left() {
        let panel = cooling_down(CoolingDown { left: Duration::from_millis(11_200) });
        check(&panel).unwrap();
        assert!(texts(&panel).contains("The next is possible in 12 s."), "{}", texts(&panel));
    }
}
