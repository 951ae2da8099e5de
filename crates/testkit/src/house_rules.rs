//! What the events of a run demand of those who answer. Organisers would choose it one by one; here
//! it is there from the beginning, and the same however often an event's creation is tried.

use std::sync::Arc;

use jiff::SignedDuration;
use muster_domain::answer_option::Options;
use muster_domain::id::RoleId;
use muster_domain::roster::Guests;
use muster_domain::rules::EventRules;
use muster_store::model::NewEvent;

use crate::ledger::Ledger;
use crate::random::Random;

/// Draws the rules of events.
pub(crate) struct HouseRules {
    /// The seed of the run.
    pub(crate) seed: u64,
    /// The role of which rules speak.
    pub(crate) role: RoleId,
    /// The role that answers give.
    pub(crate) crew: RoleId,
    /// Who knows which events are made like others: these are left as they are.
    pub(crate) ledger: Arc<Ledger>,
}

impl HouseRules {
    /// The event that this interaction creates, as it is here.
    pub(crate) fn applied(&self, interaction: u64, new: NewEvent) -> NewEvent {
        if self.ledger.has_model(interaction) {
            return new;
        }
        let options = self.options_of(interaction, new.options);
        NewEvent { rules: self.of(interaction), options, ..new }
    }

    /// The answers of the event that this interaction creates: in one event of three the first one
    /// gives a role.
    fn options_of(&self, interaction: u64, options: Options) -> Options {
        let mut random = Random::stream(self.seed ^ interaction, "crew");
        let mut given: Vec<_> = options.iter().cloned().collect();
        if let Some(first) = given.first_mut().filter(|first| first.coming)
            && random.below(3) == 0
        {
            first.granted = Some(self.crew);
        }
        let shared = options.shared().to_vec();
        Options::new(given).map_or(options, |given| given.sharing(shared))
    }

    /// The rules of the event that this interaction creates. One event in two has none.
    fn of(&self, interaction: u64) -> EventRules {
        let mut random = Random::stream(self.seed ^ interaction, "rules");
        if random.below(2) == 0 {
            return EventRules::default();
        }
        let guests = i64::try_from(random.below(4)).unwrap_or_default();
        let offer = random.pick(&[None, Some(1), Some(4), Some(60)]).copied().flatten();
        let close_before = random.pick(&[0, 0, 15]).copied().unwrap_or_default();
        let mut one_in = |parts| (random.below(parts) == 0).then_some(self.role);
        EventRules {
            guests_max: Guests::parse(guests).unwrap_or_default(),
            offer: offer.map(SignedDuration::from_mins),
            close_before: SignedDuration::from_mins(close_before),
            priority: one_in(2).into_iter().collect(),
            allowed: one_in(6).into_iter().collect(),
            ..EventRules::default()
        }
    }
}
