//! The steps of a story about everything, and how likely each is.

use super::Story;

/// What happens next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Taps,
    BurstOfTaps,
    Withdraws,
    BringsGuests,
    Notes,
    Creates,
    CreatesInVagueWords,
    CreatesByMistake,
    MovesHouse,
    SetsUp,
    Edits,
    EditsAnswers,
    EditsRules,
    AnswersFor,
    SeatsMembers,
    Turns,
    Mends,
    Tells,
    Reminds,
    PlansSeries,
    PlansSoon,
    PlansDay,
    ChangesSeries,
    ChangesFollowing,
    ChangesWeek,
    Asks,
    DeletesPost,
    Forbids,
    Permits,
    RemovesBot,
    ResetsToken,
    CutsGateway,
    Restarts,
    Kills,
    SetsClock,
    WaitsLong,
}

/// How likely each step is, in parts of their sum.
const STEPS: [(Step, u64); 36] = [
    (Step::Taps, 300),
    (Step::BurstOfTaps, 120),
    (Step::Withdraws, 60),
    (Step::BringsGuests, 80),
    (Step::Notes, 20),
    (Step::Creates, 40),
    (Step::CreatesInVagueWords, 8),
    (Step::CreatesByMistake, 8),
    (Step::MovesHouse, 8),
    (Step::SetsUp, 20),
    (Step::Edits, 80),
    (Step::EditsAnswers, 60),
    (Step::EditsRules, 40),
    (Step::AnswersFor, 40),
    (Step::SeatsMembers, 30),
    (Step::Turns, 50),
    (Step::Mends, 40),
    (Step::Tells, 20),
    (Step::Reminds, 8),
    (Step::PlansSeries, 16),
    (Step::PlansSoon, 20),
    (Step::PlansDay, 16),
    (Step::ChangesSeries, 40),
    (Step::ChangesFollowing, 8),
    (Step::ChangesWeek, 16),
    (Step::Asks, 20),
    (Step::DeletesPost, 8),
    (Step::Forbids, 10),
    (Step::Permits, 20),
    (Step::RemovesBot, 6),
    (Step::ResetsToken, 4),
    (Step::CutsGateway, 20),
    (Step::Restarts, 15),
    (Step::Kills, 15),
    (Step::SetsClock, 6),
    (Step::WaitsLong, 25),
];

impl Story {
    /// The next one.
    pub(super) fn draw(&mut self) -> Step {
        let sum = STEPS.iter().map(|(_, weight)| weight).sum();
        let mut drawn = self.random.below(sum);
        for (step, weight) in STEPS {
            if drawn < weight {
                return step;
            }
            drawn -= weight;
        }
        Step::Taps
    }
}
