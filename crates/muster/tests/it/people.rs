//! What people do and see, in as few words as a story needs.

use std::sync::Arc;

use muster_sim::ids::{ChannelId, MessageId, UserId};
use muster_sim::world::Message;
use muster_sim::world::model::flags;
use muster_sim::{Answer, Choice, Modal, Sim, User, UserError};
use serde_json::Value;

use crate::words;

/// Somebody at a client, with a channel open.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) sim: Arc<Sim>,
    pub(crate) user: User,
    pub(crate) at: ChannelId,
}

/// What somebody sees after an act of theirs.
pub(crate) struct Seen {
    who: Person,
    pub(crate) answer: Answer,
    /// The message from which the act was done.
    from: Option<MessageId>,
    /// What the message of the answer said, as this person read it then.
    text: String,
}

impl Person {
    pub(crate) fn id(&self) -> UserId {
        self.user.id()
    }

    /// The same person in another channel.
    pub(crate) fn goes_to(&self, channel: ChannelId) -> Self {
        Self { at: channel, ..self.clone() }
    }

    /// Runs a command, `"event create"`; fails if Discord itself refuses it.
    pub(crate) async fn runs(&self, command: &str, options: Value) -> Seen {
        let outcome = self.tries(command, options).await;
        outcome.unwrap_or_else(|error| panic!("/{command}: {error}"))
    }

    /// Runs a command that Discord itself may refuse.
    pub(crate) async fn tries(&self, command: &str, options: Value) -> Result<Seen, UserError> {
        let outcome = self.user.command(self.at, command, options).await?;
        Ok(self.saw(outcome.answer, None))
    }

    /// What is suggested while an option is being typed.
    pub(crate) async fn types(&self, command: &str, option: &str, typed: &str) -> Vec<Choice> {
        self.types_in(command, option, serde_json::json!({ option: typed })).await
    }

    /// The same beside other options that are filled in already.
    pub(crate) async fn types_in(
        &self,
        command: &str,
        option: &str,
        options: Value,
    ) -> Vec<Choice> {
        self.user.autocomplete(self.at, command, options, option).await.unwrap()
    }

    /// Taps the button with this label.
    pub(crate) async fn taps(&self, message: MessageId, label: &str) -> Seen {
        let found = self.user.message(message).expect("they see the message");
        let id = words::button(&found, label);
        let id = id.unwrap_or_else(|| panic!("no button {label}: {:?}", found.components));
        self.uses(message, &id).await
    }

    /// Uses the button with this custom id.
    pub(crate) async fn uses(&self, message: MessageId, custom_id: &str) -> Seen {
        self.chooses(message, custom_id, &[]).await
    }

    /// Chooses from the select with this custom id.
    pub(crate) async fn chooses(&self, message: MessageId, id: &str, values: &[&str]) -> Seen {
        let outcome = self.user.select(message, id, values).await;
        let outcome = outcome.unwrap_or_else(|error| panic!("{id}: {error}"));
        self.saw(outcome.answer, Some(message))
    }

    pub(crate) fn saw(&self, answer: Answer, from: Option<MessageId>) -> Seen {
        let mut seen = Seen { who: self.clone(), answer, from, text: String::new() };
        if let Some(message) = seen.shown() {
            seen.text = self.user.message(message).map_or_else(String::new, |m| self.reads(&m));
        }
        seen
    }

    /// A message as text.
    pub(crate) fn reads(&self, message: &Message) -> String {
        self.sim.world(|world| words::words(world, message))
    }
}

impl Seen {
    fn shown(&self) -> Option<MessageId> {
        match &self.answer {
            Answer::Message(id) | Answer::Thinking(id) => Some(*id),
            Answer::Updated => self.from,
            Answer::Acknowledged | Answer::Modal(_) | Answer::Failed => None,
        }
    }

    /// The message that came, or that was changed.
    pub(crate) fn message(&self) -> MessageId {
        self.shown().unwrap_or_else(|| panic!("no message but {:?}", self.answer))
    }

    /// Whether nobody answered in time.
    pub(crate) fn is_failed(&self) -> bool {
        self.answer == Answer::Failed
    }

    /// What there was to read.
    pub(crate) fn text(&self) -> &str {
        assert!(!self.text.is_empty(), "no text but {:?}", self.answer);
        &self.text
    }

    /// Checks that a private answer came that says this.
    #[track_caller]
    pub(crate) fn says(&self, what: &str) -> &Self {
        assert!(self.text.contains(what), "{what:?} in {:?} ({:?})", self.text, self.answer);
        let message = self.who.user.message(self.message()).expect("they see it");
        assert_ne!(message.flags & flags::EPHEMERAL, 0, "it is for them alone: {}", self.text);
        self
    }

    /// The form that opened.
    #[track_caller]
    pub(crate) fn form(&self) -> &Modal {
        let Answer::Modal(modal) = &self.answer else {
            panic!("no form but {:?}: {}", self.answer, self.text);
        };
        modal
    }

    /// What a field of the form that opened is filled with.
    #[track_caller]
    pub(crate) fn filled(&self, field: &str) -> &str {
        let fields = self.form().components.iter().map(|label| &label["component"]);
        let found = fields.into_iter().find(|input| input["custom_id"] == field);
        found.expect("a field of this name")["value"].as_str().unwrap_or_default()
    }

    /// Whether a post for all was changed, rather than something private.
    pub(crate) fn is_update(&self) -> bool {
        self.answer == Answer::Updated
    }

    /// Fills in the form that opened, and hands it in.
    pub(crate) async fn submits(&self, values: Value) -> Seen {
        let outcome = self.who.user.submit(self.form().id, values).await.expect("Discord takes it");
        self.who.saw(outcome.answer, self.from)
    }

    /// Taps a button of the message that came.
    pub(crate) async fn taps(&self, label: &str) -> Seen {
        self.who.taps(self.message(), label).await
    }

    /// The custom id behind a button of the message that came.
    pub(crate) fn button(&self, label: &str) -> String {
        let found = self.who.user.message(self.message()).expect("they see the message");
        words::button(&found, label).expect("a button of this name")
    }

    /// Taps a button of the message that came twice, before the first answer is there.
    pub(crate) async fn taps_twice(&self, label: &str) -> Seen {
        let (first, _) = tokio::join!(self.taps(label), self.taps(label));
        first
    }

    /// Chooses from the select of the message that came whose custom id begins so.
    pub(crate) async fn picks(&self, begins: &str, values: &[&str]) -> Seen {
        let found = self.who.user.message(self.message()).expect("they see the message");
        let id = words::select(&found, begins).expect("a select");
        self.who.chooses(self.message(), &id, values).await
    }
}
