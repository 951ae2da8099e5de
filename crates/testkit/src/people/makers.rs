//! What organisers make of events that there are: templates, of which they create further events,
//! and copies.

use muster_sim::Answer;
use muster_sim::ids::ChannelId;
use serde_json::{Map, Value, json};

use super::Person;
use crate::oracle::{self, Shape};
use crate::words;

/// When a further event begins. All of them are clear, so that nobody is asked.
const TIMES: [&str; 3] = ["in 50 minutes", "in 5 hours", "tomorrow 20:00"];

impl Person {
    /// Saves an event as a template and creates another one of it; at times the template is deleted
    /// then, of which nothing can be made until it is back.
    pub(crate) async fn makes_a_template(mut self) {
        let (Some(event), channel) = (self.event(), self.channel()) else { return };
        let name = format!("Plan {}", self.random.below(1_000_000));
        let before = self.model(event);
        let asked = self.stage.ledger.now();
        let saved = json!({"event": event.to_string(), "name": name});
        let saved = self.runs(channel, "template save", saved).await;
        if !self.was_told(saved.as_ref(), "is saved") {
            return;
        }
        let saved = self.unchanged(event, before.as_ref());
        self.makes_one_of(channel, &name, saved.as_ref()).await;
        if self.random.below(2) > 0 {
            return;
        }
        let deleted = self.runs(channel, "template delete", json!({"name": name})).await;
        if !self.was_told(deleted.as_ref(), "is deleted") {
            return;
        }
        let was_made = self.makes_one_of(channel, &name, None).await;
        // Once it is connected anew, the bot is handed again what it had saved before.
        let is_repeated = self.stage.ledger.was_away((asked, self.stage.ledger.now()));
        if was_made && !is_repeated {
            let what = format!("{name} is deleted, and an event was made of it");
            self.stage.ledger.violation("template", what);
        }
        if self.uses_button(deleted, "tr").await == Some(Answer::Updated) {
            self.makes_one_of(channel, &name, saved.as_ref()).await;
        }
    }

    /// What an event is like, and after how many decisions.
    fn model(&self, event: u64) -> Option<(u64, Shape)> {
        let decisions = oracle::decisions(&self.stage, event);
        oracle::shape(&self.stage, event).map(|shape| (decisions, shape))
    }

    /// What it is like, if it was like that all the time.
    fn unchanged(&self, event: u64, before: Option<&(u64, Shape)>) -> Option<Shape> {
        self.model(event).filter(|after| before == Some(after)).map(|(_, shape)| shape)
    }

    /// Creates an event of a template, at times with something else beside it; returns whether that
    /// was done. What the template is like is not always clear.
    async fn makes_one_of(
        &mut self,
        channel: ChannelId,
        name: &str,
        saved: Option<&Shape>,
    ) -> bool {
        let mut expected = saved.cloned();
        let title = format!("Made {}", self.random.below(1_000_000));
        let when = *self.random.pick(&TIMES).unwrap_or(&"tomorrow 20:00");
        let mut options = Map::from_iter([
            ("title".into(), json!(title)),
            ("when".into(), json!(when)),
            ("template".into(), json!(name)),
        ]);
        if self.random.below(3) == 0 {
            let places = 1 + self.random.below(6);
            options.insert("capacity".into(), json!(places));
            expected = expected.map(|shape| shape.with_places(places));
        }
        if self.random.below(3) == 0 {
            options.insert("duration".into(), json!("45m"));
            expected = expected.map(|shape| shape.lasting_minutes(45));
        }
        if self.random.below(4) == 0 {
            options.insert("options".into(), json!("Here 2, There, No"));
            expected = expected.map(|shape| shape.offering(&["Here", "There", "No"]));
        }
        let (made, answer) = self.runs_as(channel, "event create", Value::Object(options)).await;
        let is_made = self.was_told(answer.as_ref(), "** is planned.");
        if let Some(expected) = expected.filter(|_| is_made) {
            oracle::judge_made(&self.stage, made, &expected, title.as_str());
        }
        is_made
    }

    /// Copies an event to another time.
    pub(crate) async fn copies_an_event(mut self) {
        let (Some(event), channel) = (self.event(), self.channel()) else { return };
        let when = *self.random.pick(&TIMES).unwrap_or(&"tomorrow 20:00");
        let before = self.model(event);
        let copied = json!({"event": event.to_string(), "when": when});
        let (made, answer) = self.runs_as(channel, "event duplicate", copied).await;
        if let Some(expected) = self.unchanged(event, before.as_ref())
            && self.was_told(answer.as_ref(), "** is planned.")
        {
            oracle::judge_made(&self.stage, made, &expected, "a copy");
        }
    }

    /// Looks through what was called off or taken back, and has one of these take place after all.
    pub(crate) async fn brings_back(mut self) {
        let channel = self.channel();
        let list = self.runs(channel, "event list", json!({})).await;
        let Some(Answer::Message(panel)) = list else { return };
        self.taps_on(panel, "bp").await;
        let called_off = words::menu(&self.components(panel), "bf");
        self.chooses_one_of(panel, called_off).await;
    }

    /// Runs a command; returns the interaction, 0 if there is none, and what came of it.
    async fn runs_as(
        &self,
        channel: ChannelId,
        command: &str,
        options: Value,
    ) -> (u64, Option<Answer>) {
        let began = self.stage.ledger.now();
        let outcome = self.user.command(channel, command, options).await;
        let interaction = outcome.as_ref().map_or(0, |outcome| outcome.interaction.get());
        (interaction, self.saw(began, outcome))
    }

    /// Whether a message that came says this.
    fn was_told(&self, answer: Option<&Answer>, words: &str) -> bool {
        let Some(Answer::Message(told)) = answer else { return false };
        let Some(told) = self.user.message(*told) else { return false };
        told.content.contains(words) || Value::from(told.components).to_string().contains(words)
    }
}
