//! What organisers do in the panels of an event: its answers, its rules, and its members; often
//! enough they think better of it.

mod planners;

pub(crate) use self::planners::Afterwards;

use muster_sim::Answer;
use muster_sim::ids::MessageId;
use serde_json::{Value, json};

use super::Person;
use crate::choices::choices;
use crate::words;

/// Answers that an event has at most, so that each is a button.
const ANSWERS_MAX: usize = 7;

/// Under which heading an answer is put, and for how many that has places.
const HEADINGS: [(&str, &str); 6] = [
    ("🛡 Tank", "1"),
    ("🛡 Tank", "2"),
    ("🛡 Tank", ""),
    ("💚 Healer", "1"),
    ("Melee", "3"),
    ("", ""),
];

/// What becomes of the numbers of the rules.
const NUMBERS: [(&str, &str); 10] = [
    ("guests", "3"),
    ("guests", "1"),
    ("guests", ""),
    ("offer", "4m"),
    ("offer", "1h"),
    ("offer", ""),
    ("close", "15m"),
    ("close", ""),
    ("minimum", "3"),
    ("minimum", ""),
];

impl Person {
    /// Edits the answers of an event.
    pub(crate) async fn edits_answers(mut self) {
        let Some(panel) = self.opens("O").await else { return };
        self.changes_answers(panel).await;
    }

    /// Changes something in the panel of answers, of an event or a series.
    pub(super) async fn changes_answers(&mut self, panel: MessageId) {
        match self.random.below(8) {
            0 | 1 => self.adds_an_answer(panel).await,
            2 => {
                let again = words::menu(&self.components(panel), "Or");
                self.chooses_one_of(panel, again).await;
            }
            3 => self.writes_answers(panel).await,
            _ => self.edits_one_answer(panel).await,
        }
        self.thinks_better(panel, "Ou").await;
    }

    async fn adds_an_answer(&mut self, panel: MessageId) {
        let offered = words::menu(&self.components(panel), "Op").map_or(0, |(_, all)| all.len());
        if offered >= ANSWERS_MAX {
            return;
        }
        let form = self.taps_on(panel, "On").await;
        // Some would be a formula in a spreadsheet.
        let formula = *self.random.pick(&["", "="]).unwrap_or(&"");
        let label = format!("{formula}Extra {}", self.random.below(1_000_000));
        let places = *self.random.pick(&["", "", "1", "2"]).unwrap_or(&"");
        self.submits(form, json!({"label": label, "places": places})).await;
    }

    async fn writes_answers(&mut self, panel: MessageId) {
        let form = self.taps_on(panel, "Ow").await;
        let words = *self
            .random
            .pick(&[
                "Yes 2, No, Maybe",
                "Yes, No",
                "🛡 Tank 1, 💚 Healer 1, Bench, No",
                "🛡 Tank 1: Warrior, Paladin; 💚 Healer: Priest, Druid 1; No",
                "Melee 2: Warrior, Paladin, Priest; Bench",
            ])
            .unwrap_or(&"Yes, No");
        self.submits(form, json!({"words": words})).await;
    }

    async fn edits_one_answer(&mut self, panel: MessageId) {
        let offered = words::menu(&self.components(panel), "Op");
        self.chooses_one_of(panel, offered).await;
        let (role, crew) = (self.stage.cast.role.to_string(), self.stage.cast.crew.to_string());
        match self.random.below(8) {
            0 | 1 => {
                let form = self.taps_on(panel, "Oe").await;
                let places = *self.random.pick(&["", "1", "2", "3"]).unwrap_or(&"");
                let mut face = json!({"places": places});
                match self.random.below(4) {
                    0 | 1 => {
                        let label = format!("Option {}", self.random.below(1_000_000));
                        face = json!({"places": places, "label": label});
                    }
                    2 => {
                        let (heading, shared) = *self.random.pick(&HEADINGS).unwrap_or(&("", ""));
                        face = json!({"places": places, "group": heading, "shared": shared});
                    }
                    _ => {}
                }
                self.submits(form, face).await;
            }
            2 => drop(self.taps_on(panel, "Ox").await),
            3 => drop(self.taps_on(panel, "Om").await),
            4 => drop(self.taps_on(panel, "Oy").await),
            5 => drop(self.taps_on(panel, "Ot").await),
            6 => {
                let roles: &[&str] = if self.random.below(3) == 0 { &[&role] } else { &[] };
                self.chooses_in(panel, "Oa", roles).await;
            }
            _ => {
                let roles: &[&str] = if self.random.below(3) > 0 { &[&crew] } else { &[] };
                self.chooses_in(panel, "Og", roles).await;
            }
        }
    }

    /// Edits the rules of an event.
    pub(crate) async fn edits_rules(mut self) {
        let Some(panel) = self.opens("R").await else { return };
        let role = self.stage.cast.role.to_string();
        let roles: &[&str] = if self.random.below(3) == 0 { &[&role] } else { &[] };
        match self.random.below(8) {
            0 => self.chooses_in(panel, "Ra", roles).await,
            1 => self.chooses_in(panel, "Rd", roles).await,
            2 => self.chooses_in(panel, "Rp", &[&role]).await,
            3 => drop(self.taps_on(panel, "Rh").await),
            _ => {
                let form = self.taps_on(panel, "Rn").await;
                let (name, words) = *self.random.pick(&NUMBERS).unwrap_or(&("guests", "1"));
                self.submits(form, json!({name: words})).await;
            }
        }
        self.thinks_better(panel, "Ru").await;
    }

    /// Answers for a member by a command.
    pub(crate) async fn answers_for(mut self) {
        let (Some(post), Some(member)) = (self.post(), self.somebody()) else { return };
        let ids = words::custom_ids(&Value::Array(post.components.clone()));
        let Some(event) = words::event_of_post(&ids) else { return };
        let answers = choices(&post.components);
        let channel = self.channel();
        let (event, takes_off) = (event.to_string(), self.random.below(3) == 0);
        if let Some(choice) = self.random.pick(&answers).filter(|_| !takes_off) {
            let options = json!({"event": event, "member": member, "option": choice.label});
            self.runs(channel, "event add", options).await;
            return;
        }
        let options = json!({"event": event, "member": member});
        let done = self.runs(channel, "event remove", options).await;
        if self.random.below(2) == 0 {
            self.uses_button(done, "qu").await;
        }
    }

    /// Puts a member under an answer, or takes one off, in the panel.
    pub(crate) async fn seats_members(mut self) {
        let Some(mut panel) = self.opens("q").await else { return };
        let Some(member) = self.somebody() else { return };
        if self.random.below(3) == 0 {
            self.chooses_in(panel, "qx", &[&member]).await;
        } else {
            let options = words::menu(&self.components(panel), "qo");
            self.chooses_one_of(panel, options).await;
            panel = self.seats(panel, &member).await;
        }
        self.thinks_better(panel, "qu").await;
    }

    /// Puts a member under the answer that was chosen. Asked whether they may lose a place by it,
    /// or told that they wait for one, some have them move all the same, or swap with somebody.
    async fn seats(&mut self, panel: MessageId, member: &str) -> MessageId {
        let Some((id, _)) = words::menu(&self.components(panel), "qa") else { return panel };
        let began = self.stage.ledger.now();
        let answer = self.saw(began, self.user.select(panel, &id, &[member]).await);
        let asked = if let Some(Answer::Message(question)) = answer { question } else { panel };
        let Some(with) = self.somebody() else { return asked };
        match self.random.below(3) {
            0 => drop(self.taps_on(asked, "qw").await),
            1 => self.chooses_in(asked, "qs", &[&with]).await,
            _ => {}
        }
        asked
    }

    /// Tells those who are coming something, and sometimes thinks better of it.
    pub(crate) async fn tells(mut self) {
        let Some(event) = self.event() else { return };
        let channel = self.channel();
        let panel = self.runs(channel, "event show", json!({"event": event.to_string()})).await;
        let form = self.uses_button(panel, "T").await;
        let torches = self.random.below(100);
        let text = format!("Bring {torches} torches.");
        // Whom one can choose depends on who has answered.
        let whom = match &form {
            Some(Answer::Modal(modal)) => words::pick_in_turn(&modal.components, "whom", torches),
            Some(_) | None => None,
        };
        let said = whom
            .map_or_else(|| json!({"words": text}), |whom| json!({"words": text, "whom": [whom]}));
        let progress = self.submits(form, said).await;
        if self.random.below(4) == 0 {
            self.uses_button(progress, "Tb").await;
        }
    }

    /// Creates an event that begins soon, so that its reminders are due soon.
    pub(crate) async fn creates_soon(mut self) {
        let minutes = *self.random.pick(&[3, 17, 20, 62]).unwrap_or(&17);
        let title = format!("Soon {}", self.random.below(100_000));
        let channel = self.channel();
        let options = json!({"title": title, "when": format!("in {minutes} minutes")});
        self.runs(channel, "event create", options).await;
    }

    /// Creates an event at this time of its zone's clocks.
    pub(crate) async fn creates_at(mut self, number: u64, start: jiff::civil::DateTime) {
        let title = format!("Around {number}");
        self.stage.ledger.lock().starts.insert(title.clone(), start);
        let channel = self.channel();
        let when = start.strftime("%Y-%m-%d %H:%M").to_string();
        self.runs(channel, "event create", json!({"title": title, "when": when})).await;
    }

    /// Has members reminded at this time.
    pub(crate) async fn reminds_at(mut self, when: String) {
        let channel = self.channel();
        let answer = self.runs(channel, "reminders add", json!({"when": when})).await;
        let Some(Answer::Message(answer)) = answer else { return };
        let Some(answer) = self.user.message(answer) else { return };
        if Value::from(answer.components).to_string().contains("The reminder is added") {
            self.stage.ledger.lock().has_reminder = true;
        }
    }

    /// One of the members.
    fn somebody(&mut self) -> Option<String> {
        let members = self.stage.cast.members.clone();
        self.random.pick(&members).map(ToString::to_string)
    }

    /// Opens what is behind this button of an event, as a message of its own.
    async fn opens(&mut self, verb: &str) -> Option<MessageId> {
        let (event, channel) = (self.event()?, self.channel());
        let panel = self.runs(channel, "event show", json!({"event": event.to_string()})).await;
        let Some(Answer::Message(opened)) = self.uses_button(panel, verb).await else {
            return None;
        };
        Some(opened)
    }

    /// Takes the latest change back, one time in three.
    async fn thinks_better(&mut self, panel: MessageId, verb: &str) {
        if self.random.below(3) == 0 {
            self.taps_on(panel, verb).await;
        }
    }

    pub(super) fn components(&self, panel: MessageId) -> Vec<Value> {
        self.user.message(panel).map(|panel| panel.components).unwrap_or_default()
    }

    /// Uses the first button with this verb of a message as it is now.
    pub(super) async fn taps_on(&self, panel: MessageId, verb: &str) -> Option<Answer> {
        self.uses_button(Some(Answer::Message(panel)), verb).await
    }

    /// Chooses these from the menu with this verb, if it is there.
    async fn chooses_in(&self, panel: MessageId, verb: &str, values: &[&str]) {
        let Some((id, _)) = words::menu(&self.components(panel), verb) else { return };
        let began = self.stage.ledger.now();
        self.saw(began, self.user.select(panel, &id, values).await);
    }

    /// Chooses one of these from a menu.
    pub(super) async fn chooses_one_of(
        &mut self,
        panel: MessageId,
        menu: Option<(String, Vec<String>)>,
    ) {
        let Some((id, values)) = menu else { return };
        let Some(value) = self.random.pick(&values).cloned() else { return };
        let began = self.stage.ledger.now();
        self.saw(began, self.user.select(panel, &id, &[&value]).await);
    }
}
