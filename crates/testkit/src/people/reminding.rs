//! What organisers do about reminders beyond the usual ones, and what members want of them.

use muster_sim::Answer;
use serde_json::{Map, Value, json};

use super::Person;
use crate::hands;
use crate::reminding::{Reminding, Whom};

/// When, in words and in minutes from the start. Most are due with one of the usual ones.
const TIMES: [(&str, i64); 7] = [
    ("15m before", -15),
    ("15m before", -15),
    ("1h before", -60),
    ("1h before", -60),
    ("30m before", -30),
    ("at the start", 0),
    ("20m after", 20),
];

/// The number of a note that wants direct messages.
const WANTS_THEM: u64 = 0;

impl Person {
    /// Creates an event that begins in an hour or two, so that its reminders are still to come.
    pub(crate) async fn creates_ahead(mut self) {
        let minutes = 75 + self.random.below(80);
        let title = format!("Ahead {}", self.random.below(100_000));
        let when = format!("in {minutes} minutes");
        let mut options = Map::from_iter([
            ("title".into(), json!(title)),
            ("when".into(), json!(when)),
            ("duration".into(), json!("30m")),
        ]);
        if self.random.below(2) == 0 {
            options.insert("capacity".into(), json!(1 + self.random.below(4)));
        }
        let channel = self.channel();
        self.runs(channel, "event create", Value::Object(options)).await;
    }

    /// Adds a reminder, of an event or of all.
    pub(crate) async fn reminds_somebody(mut self) {
        let (when, minutes) = *self.random.pick(&TIMES).unwrap_or(&("15m before", -15));
        let whom = *self.random.pick(&Whom::ALL).unwrap_or(&Whom::Expected);
        let is_direct = whom.has_answered() && self.random.below(2) == 0;
        let words = format!("Bring {} ropes.", self.random.below(1_000_000));
        let words = Some(words).filter(|_| self.random.below(3) > 0);
        let event = if self.random.below(2) == 0 { self.event() } else { None };
        let place = match self.random.below(3) {
            _ if is_direct => "direct",
            0 => "channel",
            _ => "thread",
        };
        let mut options =
            Map::from_iter([("when".into(), json!(when)), ("place".into(), json!(place))]);
        options.extend(whom.audience().map(|audience| ("audience".into(), json!(audience))));
        if whom.names_players() {
            options.insert("role".into(), json!(self.stage.cast.role.to_string()));
        }
        options.extend(words.as_ref().map(|words| ("text".into(), json!(words))));
        options.extend(event.map(|event| ("event".into(), json!(event.to_string()))));
        let asked = Reminding { minutes, whom, is_direct, words, event, told: None };
        let number = self.stage.ledger.asks_to_remind(asked);
        let channel = self.channel();
        let answer = self.runs(channel, "reminders add", Value::Object(options)).await;
        let Some(Answer::Message(answer)) = answer else { return };
        let Some(answer) = self.user.message(answer) else { return };
        if Value::from(answer.components).to_string().contains("The reminder is added") {
            self.stage.ledger.will_remind(number);
        }
    }

    /// Wants direct messages of an event that they answered.
    pub(crate) async fn wants_messages(mut self) {
        let Some(event) = self.answered() else { return };
        hands::notes(&self.stage, self.user.id().get(), event, WANTS_THEM).await;
    }
}
