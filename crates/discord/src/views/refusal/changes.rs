//! Why an event was not changed.

use jiff::SignedDuration;
use muster_domain::change::ChangeRefusal;
use muster_domain::limits::{
    CLOSE_BEFORE_MAX, MINIMUM_BEFORE_MAX, OFFER_MAX, OFFER_MIN, RULE_ROLES_MAX,
};
use muster_domain::rules::RulesError;

use super::{options, when};
use crate::views::messages::{Key, Words};

/// One or two sentences.
pub(super) fn said(words: Words, refusal: ChangeRefusal) -> String {
    let key = match refusal {
        ChangeRefusal::Rules(error) => return rules(words, error),
        ChangeRefusal::Options(error) => return options::not_offered(words, error),
        ChangeRefusal::ClosesInThePast(at) => return when::at(words, Key::RefusalClosesNow, at),
        ChangeRefusal::LooksInThePast(at) => return when::at(words, Key::RefusalLooksPast, at),
        ChangeRefusal::Deleted => Key::RefusalEvent,
        ChangeRefusal::Over => Key::RefusalChangeOver,
        ChangeRefusal::Cancelled => Key::RefusalChangeCancelled,
        ChangeRefusal::NotCancelled | ChangeRefusal::NotDeleted => Key::RefusalChangeNotCancelled,
        ChangeRefusal::AlreadyClosed => Key::RefusalChangeClosed,
        ChangeRefusal::AlreadyOpen => Key::RefusalChangeOpen,
        ChangeRefusal::Past => Key::RefusalChangeStart,
        ChangeRefusal::PastEnd => Key::RefusalChangeEnd,
        ChangeRefusal::PastUndone => Key::RefusalUndoPast,
        ChangeRefusal::Nothing => Key::RefusalChangeNothing,
    };
    words.plain(key).to_owned()
}

fn rules(words: Words, error: RulesError) -> String {
    let days = |at_most: SignedDuration| (at_most.as_hours() / 24).to_string();
    match error {
        RulesError::CloseBefore(_) => {
            words.filled(Key::RefusalRulesClose, &[("days", &days(CLOSE_BEFORE_MAX))])
        }
        RulesError::Offer(_) => {
            let (minutes, days) = (OFFER_MIN.as_mins().to_string(), days(OFFER_MAX));
            words.filled(Key::RefusalRulesOffer, &[("minutes", &minutes), ("days", &days)])
        }
        RulesError::MinimumBefore(_) => {
            words.filled(Key::RefusalRulesMinimum, &[("days", &days(MINIMUM_BEFORE_MAX))])
        }
        RulesError::TooManyRoles { given, .. } => {
            let most = RULE_ROLES_MAX.to_string();
            words.counted_with(Key::RefusalRulesRoles, given, &[("max", &most)])
        }
    }
}
