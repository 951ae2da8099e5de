//! Knows interactions that come a second time.

use std::collections::{HashSet, VecDeque};

use muster_domain::id::InteractionId;
use muster_engine::limits::INTERACTIONS_REMEMBERED;

/// The interactions seen last.
#[derive(Default)]
pub(super) struct Seen {
    ids: HashSet<InteractionId>,
    order: VecDeque<InteractionId>,
}

impl Seen {
    /// Notes one; whether it is new.
    pub(super) fn note(&mut self, id: InteractionId) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > INTERACTIONS_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_is_known_and_the_oldest_is_forgotten() {
        let mut seen = Seen::default();
        assert!(seen.note(InteractionId::new(0)));
        assert!(!seen.note(InteractionId::new(0)));
        for id in 1..=INTERACTIONS_REMEMBERED {
            assert!(seen.note(InteractionId::new(id as u64)));
        }
        assert_eq!(seen.ids.len(), INTERACTIONS_REMEMBERED);
        assert!(seen.note(InteractionId::new(0)));
    }
}
