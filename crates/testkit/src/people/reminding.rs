//! What organisers do about reminders beyond the usual ones, and what members want of them.

use std::collections::BTreeSet;
use std::time::Duration;

use muster_domain::limits::REMINDERS_MAX;
use muster_sim::Answer;
use serde_json::{Map, Value, json};

use super::{Person, pause};
use crate::hands;
use crate::reminding::{Reminding, Whom};
use crate::words;

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

/// More than [`REMINDERS_MAX`] with the eleven that there are at least.
const MANY: u64 = 45;

/// Reminders that an event has at first.
const USUAL: usize = 3;

/// Pages that a list of reminders has at most.
const PAGES_MAX: usize = REMINDERS_MAX.div_ceil(10);

/// Between two reminders that somebody adds one after the other.
const BETWEEN: Duration = Duration::from_secs(2);

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
        let asked = Reminding { minutes, whom, is_direct, words, event, told: None };
        self.adds(asked, (when, place)).await;
    }

    /// Adds a reminder; returns whether they were told so.
    async fn adds(&mut self, asked: Reminding, (when, place): (&str, &str)) -> bool {
        let Reminding { whom, event, words, .. } = &asked;
        let mut options =
            Map::from_iter([("when".into(), json!(when)), ("place".into(), json!(place))]);
        options.extend(whom.audience().map(|audience| ("audience".into(), json!(audience))));
        if whom.names_players() {
            options.insert("role".into(), json!(self.stage.cast.role.to_string()));
        }
        options.extend(words.as_ref().map(|words| ("text".into(), json!(words))));
        options.extend(event.map(|event| ("event".into(), json!(event.to_string()))));
        let number = self.stage.ledger.asks_to_remind(asked);
        let channel = self.channel();
        let answer = self.runs(channel, "reminders add", Value::Object(options)).await;
        let Some(Answer::Message(answer)) = answer else { return false };
        let Some(answer) = self.user.message(answer) else { return false };
        let is_told = Value::from(answer.components).to_string().contains("The reminder is added");
        if is_told {
            self.stage.ledger.will_remind(number);
        }
        is_told
    }

    /// Adds so many reminders to an event that they fill pages, up to more than there can be, and
    /// turns these.
    pub(crate) async fn reminds_at_length(mut self) {
        let Some(event) = self.event() else { return };
        let mut told = 0;
        let count = 11 + usize::try_from(self.random.below(MANY)).unwrap_or_default();
        for minute in (1..).take(count) {
            // Most in messages to those who want that, so that the channel stays readable.
            let is_direct = self.random.below(4) > 0;
            let place = if is_direct { "direct" } else { "channel" };
            let words = Some(format!("Bring {} ropes.", self.random.below(1_000_000)));
            let words = words.filter(|_| self.random.below(3) == 0);
            let (whom, event) = (Whom::Expected, Some(event));
            let asked = Reminding { minutes: -minute, whom, is_direct, words, event, told: None };
            told += usize::from(self.adds(asked, (&format!("{minute}m before"), place)).await);
            pause(BETWEEN).await;
        }
        self.turns_reminders(event, told).await;
    }

    /// Reads all pages of an event's reminders, which are so many of theirs and the usual ones:
    /// nobody removes one, and what is added moves others only to later pages.
    async fn turns_reminders(&mut self, event: u64, told: usize) {
        let channel = self.channel();
        let options = json!({"event": event.to_string()});
        let opened = self.runs(channel, "reminders view", options).await;
        let Some(Answer::Message(panel)) = opened else { return };
        let mut seen = BTreeSet::new();
        for _ in 0..=PAGES_MAX {
            let Some(page) = self.user.message(panel) else { return };
            let mut is_panel = false;
            words::each(&page.components, &mut |component| {
                is_panel |= words::text(component, "/content").starts_with("## Reminders");
            });
            // While the store fails, somebody is told that something went wrong.
            if !is_panel {
                return;
            }
            let buttons = words::buttons(&page.components);
            let next = buttons.iter().find(|(label, _)| label == "Next").map(|(_, id)| id.clone());
            seen.extend(buttons.into_iter().filter(|(label, _)| label == "Remove"));
            match next {
                Some(next) if self.uses(panel, &next).await == Some(Answer::Updated) => {}
                Some(_) => return,
                None => {
                    let what = format!("of event {event} {} reminders of {told}", seen.len());
                    if seen.len() < told + USUAL {
                        self.stage.ledger.violation("I1", what);
                    }
                    return;
                }
            }
        }
        self.stage.ledger.violation("pages", format!("event {event}: the pages never end"));
    }

    /// Wants direct messages of an event that they answered.
    pub(crate) async fn wants_messages(mut self) {
        let Some(event) = self.answered() else { return };
        hands::notes(&self.stage, self.user.id().get(), event, WANTS_THEM).await;
    }
}
