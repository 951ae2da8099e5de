//! Every interaction is answered once within three seconds, or something that went wrong explains
//! why not.

use std::time::Duration;

use crate::faults::{Fault, Injected, Layer};
use crate::ledger::{Act, PATIENCE};
use crate::stage::Stage;

/// How long before an interaction a fault can begin that still holds it up.
const BEFORE: Duration = Duration::from_secs(25);

/// Judges all that people did.
pub(super) fn judge(stage: &Stage) {
    let acts = stage.ledger.lock().acts.clone();
    for act in acts.iter().filter(|act| !act.is_answered) {
        if !is_explained(stage, act) {
            let what = format!("{act:?} got no answer and nothing had gone wrong");
            stage.ledger.violation("I8", what);
        }
    }
}

fn is_explained(stage: &Stage, act: &Act) -> bool {
    let span = (act.began.saturating_sub(BEFORE), act.began + PATIENCE);
    let holds_up = |fault: &Injected| match fault.point.0 {
        Layer::Link | Layer::Store => true,
        // A limit may hold up all answers, and a lost post the answer that links to it.
        Layer::Wire => {
            fault.subject == act.interaction || fault.subject == 0 || fault.fault == Fault::Limited
        }
    };
    // What was tapped may be deleted before the answer comes.
    let is_erased = stage.ledger.lock().erased.values().any(|at| *at >= span.0 && *at <= span.1);
    is_erased || stage.ledger.was_away(span) || stage.faults.explain(span, holds_up)
}
