//! How people create events: at once, in vague words, by mistake, or in their own time.

use serde_json::{Map, Value, json};

use super::Person;

/// What events offer: mostly the usual four, otherwise sets of their own. One of these has what a
/// spreadsheet would take for a formula.
const ANSWERS: [&str; 8] = [
    "",
    "",
    "Raid",
    "Shift",
    "🛡 Tank 1, 💚 Healer 2, Bench",
    "=Going 2, Late 1, No",
    "🛡 Tank 2: Warrior, Paladin; 💚 Healer 1: Priest, Druid; Bench",
    "Melee 2: Warrior 1, Paladin, Rogue; Bench, No",
];

impl Person {
    /// Creates an event.
    pub(crate) async fn creates(mut self) {
        let number = self.random.below(100_000);
        let when = *self
            .random
            .pick(&[
                "in 40 minutes",
                "in 3 hours",
                "tomorrow 20:00",
                "friday 20:00",
                "12 December 20:00",
            ])
            .unwrap_or(&"tomorrow 20:00");
        let title = json!(format!("Raid {number}"));
        let mut options = Map::from_iter([("title".into(), title), ("when".into(), json!(when))]);
        if self.random.below(3) > 0 {
            options.insert("capacity".into(), json!(1 + self.random.below(4)));
        }
        if let Some(answers) = self.random.pick(&ANSWERS).filter(|answers| !answers.is_empty()) {
            options.insert("options".into(), json!(answers));
        }
        if self.random.below(4) == 0 {
            options.insert("mention".into(), json!(self.stage.cast.role.to_string()));
        }
        let channel = self.channel();
        self.runs(channel, "event create", Value::Object(options)).await;
    }

    /// Creates an event; at times it is posted later, so that its answers can be put together.
    pub(crate) async fn creates_in_their_own_time(mut self) {
        if self.random.below(6) > 0 {
            return self.creates().await;
        }
        let title = format!("Slow {}", self.random.below(100_000));
        let when =
            *self.random.pick(&["in 10 minutes", "in 3 hours", "friday 20:00"]).unwrap_or(&"");
        let channel = self.channel();
        let options = json!({"title": title, "when": when, "options": "editor"});
        let editor = self.runs(channel, "event create", options).await;
        if self.random.below(2) == 0 {
            self.uses_button(editor, "p").await;
        }
    }

    /// Creates an event in words of which it is not clear when it begins, and says when.
    pub(crate) async fn creates_in_vague_words(mut self) {
        let channel = self.channel();
        let options = json!({"title": format!("Raid {}", self.random.below(100)), "when": "at 8"});
        let question = self.runs(channel, "event create", options).await;
        self.uses_button(question, "k").await;
    }

    /// Creates an event and thinks better of it.
    pub(crate) async fn creates_by_mistake(mut self) {
        let channel = self.channel();
        let options = json!({"title": "Oops", "when": "tomorrow 20:00"});
        let created = self.runs(channel, "event create", options).await;
        self.uses_button(created, "u").await;
    }
}
