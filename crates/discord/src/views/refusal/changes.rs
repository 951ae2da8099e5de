//! Why an event was not changed.

use muster_domain::change::ChangeRefusal;

use super::{NO_SUCH_EVENT, given, sentence};

/// One or two sentences.
pub(super) fn words(refusal: ChangeRefusal) -> String {
    match refusal {
        ChangeRefusal::Rules(error) => {
            format!("{} *Rules* shows what holds now.", sentence(&error.to_string()))
        }
        ChangeRefusal::Options(error) => given::cannot_offer(error),
        ChangeRefusal::ClosesInThePast(at) => given::closed_at_once(at),
        ChangeRefusal::LooksInThePast(at) => given::looks_in_the_past(at),
        plain @ (ChangeRefusal::Deleted
        | ChangeRefusal::Over
        | ChangeRefusal::Cancelled
        | ChangeRefusal::NotCancelled
        | ChangeRefusal::NotDeleted
        | ChangeRefusal::AlreadyClosed
        | ChangeRefusal::AlreadyOpen
        | ChangeRefusal::Past
        | ChangeRefusal::PastEnd
        | ChangeRefusal::PastUndone
        | ChangeRefusal::Nothing) => plain_change(plain).to_owned(),
    }
}

const fn plain_change(refusal: ChangeRefusal) -> &'static str {
    match refusal {
        ChangeRefusal::Rules(_)
        | ChangeRefusal::Options(_)
        | ChangeRefusal::ClosesInThePast(_)
        | ChangeRefusal::LooksInThePast(_) => "That is not possible.",
        ChangeRefusal::Deleted => NO_SUCH_EVENT,
        ChangeRefusal::Over => {
            "This event is over, so it stays as it is. `/event duplicate` makes a new one like it."
        }
        ChangeRefusal::Cancelled => {
            "This event is cancelled. Bring it back first, with `/event show`."
        }
        ChangeRefusal::NotCancelled | ChangeRefusal::NotDeleted => {
            "This event is not cancelled, so it takes place anyway. `/event show` shows it."
        }
        ChangeRefusal::AlreadyClosed => {
            "Answers to this event are closed already. `/event reopen` opens them again."
        }
        ChangeRefusal::AlreadyOpen => {
            "Answers to this event are open already. `/event close` closes them."
        }
        ChangeRefusal::Past => "The new start has passed already. Choose a later one.",
        ChangeRefusal::PastEnd => "The new end has passed already. Choose a later one.",
        ChangeRefusal::PastUndone => {
            "It would begin or end in the past then, so nothing was undone. `/event edit` gives \
             it another time."
        }
        ChangeRefusal::Nothing => {
            "Everything is as it was before, so nothing was changed. `/event show` shows it."
        }
    }
}
