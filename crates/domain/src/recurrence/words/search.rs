//! Finds every way in which a whole text can be put together from its clauses.

use std::collections::BTreeMap;

use super::clause::{Clause, Draft};
use super::english::{Word, after};
use super::{Context, bounds, rhythm};
use crate::recurrence::RecurrenceError;
use crate::when::shortened;
use crate::when::tokens::{Cursor, Text};
use crate::when::words::Meaning;

/// Clauses that can begin at a place, with the place after them.
pub(super) type Step<'t> = (Vec<Clause>, Cursor<'t>);

/// Drafts that are kept at one place of a text; an honest one needs three.
const DRAFTS_MAX: usize = 32;

/// What the text as a whole can say; an error if nothing.
pub(super) fn drafts(text: &Text, ctx: &Context<'_>) -> Result<Vec<Draft>, RecurrenceError> {
    let mut open: BTreeMap<usize, Vec<Draft>> = BTreeMap::new();
    open.insert(0, vec![Draft::default()]);
    let mut stuck = text.cursor();
    let mut wrong = None;
    while let Some((place, drafts)) = open.pop_first() {
        let at = text.cursor().skip(place);
        if at.is_end() {
            return Ok(drafts);
        }
        stuck = at;
        let (steps, error) = steps(at, ctx);
        wrong = error.or(wrong);
        for (clauses, rest) in steps {
            let next = open.entry(rest.position()).or_default();
            let longer = drafts.iter().filter_map(|draft| draft.with(&clauses));
            for draft in longer {
                if !next.contains(&draft) {
                    next.push(draft);
                }
            }
            if next.len() > DRAFTS_MAX {
                return Err(RecurrenceError::TooManyReadings);
            }
        }
        open.retain(|_, drafts| !drafts.is_empty());
    }
    Err(wrong.unwrap_or_else(|| misplaced(stuck)))
}

fn steps<'t>(at: Cursor<'t>, ctx: &Context<'_>) -> (Vec<Step<'t>>, Option<RecurrenceError>) {
    let mut steps = rhythm::steps(at);
    let (more, wrong) = bounds::steps(at, ctx);
    steps.extend(more);
    if let Some(rest) = after(at, Word::Filler) {
        steps.push((vec![Clause::Filler], rest));
    }
    if at.is_sign(',') || at.is_sign(';') || at.is_sign('.') {
        steps.push((vec![Clause::Comma], at.skip(1)));
    }
    (steps, wrong)
}

/// What to say of the place at which no word fitted.
fn misplaced(at: Cursor<'_>) -> RecurrenceError {
    let bare = if at.word() == Some("at") || at.is_sign('@') { at.skip(1) } else { at };
    let next = bare.skip(1);
    let is_clock = |at: Cursor<'_>| {
        matches!(
            at.meaning(),
            Some(
                Meaning::Half(_)
                    | Meaning::Noon
                    | Meaning::Midnight
                    | Meaning::Part(_)
                    | Meaning::Tonight
                    | Meaning::HourMark
            )
        )
    };
    let numbered = bare.number().is_some() && (next.is_sign(':') || is_clock(next));
    if numbered || is_clock(bare) || bare.position() != at.position() {
        return RecurrenceError::TimeOfDay { part: shortened(bare.chunk()) };
    }
    if after(at, Word::Start).is_some() || after(at, Word::Begin).is_some() {
        return RecurrenceError::Start;
    }
    RecurrenceError::NotUnderstood { part: shortened(at.chunk()) }
}
