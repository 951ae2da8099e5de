//! What comes when Discord no longer waits for its answer.
//!
//! After a restart or a lost connection Discord hands over what happened meanwhile, and what was
//! done shortly before. Of a command that is older than three seconds the member was told by then
//! that the application did not respond, and may have given it again: an event would be created
//! twice. Taps are carried out however late they are, as no answer is to be lost, and so is what
//! members say of themselves with one button: done twice, both come to the same.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_engine::World;
use muster_engine::discord::Discord as _;

use super::tapped::tap;
use super::{Answers, Bot};
use crate::custom_id::Action;
use crate::interaction::{Body, Interaction};

/// For how long Discord waits for the first answer. (Discord docs: "Receiving and Responding")
const WAITED_FOR: SignedDuration = SignedDuration::from_secs(3);

/// How an interaction came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When, on the monotonic clock.
    pub at: Duration,
    /// Whether it happened before the gateway's connection was resumed.
    pub replayed: bool,
}

impl<W: World, A: Answers> Bot<W, A> {
    /// Whether this is not to be done any more.
    pub(super) fn is_left_alone(&self, interaction: &Interaction, arrival: Arrival) -> bool {
        is_left_alone(interaction, arrival, self.app.discord().time())
    }
}

/// Only what Discord handed over again can be left alone, and only by Discord's own clock, which
/// is `now` or later: by no mistake about time is what happens now not done.
fn is_left_alone(interaction: &Interaction, arrival: Arrival, now: Option<Timestamp>) -> bool {
    let is_over = |now: Timestamp| now.duration_since(interaction.id.created_at()) > WAITED_FOR;
    arrival.replayed && !counts_however_late(interaction) && now.is_some_and(is_over)
}

/// Whether it is done at any time.
fn counts_however_late(interaction: &Interaction) -> bool {
    let Body::Component(component) = &interaction.body else { return false };
    let is_wish = matches!(
        component.action,
        Some(
            Action::CheckIn(_)
                | Action::NoDirect(..)
                | Action::OwnDirect(..)
                | Action::MyDirect(_)
                | Action::MyMentions(_)
                | Action::DoctorRetry(..)
        )
    );
    is_wish || tap(interaction).is_some()
}

#[cfg(test)]
mod tests {
    use muster_domain::answer_option::OptionId;
    use muster_domain::id::{EventId, GuildId};
    use serde_json::{Value, json};

    use super::*;
    use crate::interaction::parse;

    /// 2016-04-30, 11:18:25.796.
    const ID: u64 = 175_928_847_299_117_063;

    fn asked(kind: u64, data: &Value) -> Interaction {
        let raw = json!({
            "id": ID.to_string(), "application_id": "1", "token": "t", "type": kind,
            "guild_id": "2", "channel_id": "3", "data": data,
            "member": {"user": {"id": "4"}, "roles": [], "permissions": "0"},
        });
        parse(&raw.to_string()).unwrap()
    }

    fn pressed(action: Action) -> Interaction {
        asked(3, &json!({"component_type": 2, "custom_id": action.to_string()}))
    }

    /// Whether something is left alone that Discord hands over again so long after it happened.
    fn is_left_after(interaction: &Interaction, ms: i64) -> bool {
        let now = interaction.id.created_at() + SignedDuration::from_millis(ms);
        is_left_alone(interaction, Arrival { at: Duration::ZERO, replayed: true }, Some(now))
    }

    #[test]
    fn a_command_is_left_alone_once_discord_has_given_it_up() {
        let command = asked(2, &json!({"name": "event", "options": []}));
        let form = asked(5, &json!({"custom_id": "m1:x", "components": []}));
        for asked in [command, form, pressed(Action::Week)] {
            assert!(!is_left_after(&asked, 3_000), "it can still be answered: {asked:?}");
            assert!(is_left_after(&asked, 3_001), "{asked:?}");
        }
    }

    #[test]
    fn an_answer_or_a_wish_counts_however_late_it_is() {
        let (guild, event) = (GuildId::new(2), EventId::new(7));
        let all = [
            Action::Answer(event, OptionId::new(1)),
            Action::Withdraw(event),
            Action::CheckIn(event),
            Action::OwnDirect(event, false),
            Action::NoDirect(guild, event, None),
            Action::MyMentions(false),
        ];
        for action in all {
            assert!(!is_left_after(&pressed(action), 3_600_000), "{action:?}");
        }
    }

    #[test]
    fn what_happens_now_is_done_whatever_the_clock_says() {
        let command = asked(2, &json!({"name": "event", "options": []}));
        let far_ahead = Some(command.id.created_at() + SignedDuration::from_hours(9));
        let live = Arrival { at: Duration::ZERO, replayed: false };
        assert!(!is_left_alone(&command, live, far_ahead));
        let replayed = Arrival { replayed: true, ..live };
        assert!(!is_left_alone(&command, replayed, None), "Discord has not told the time");
    }
}
