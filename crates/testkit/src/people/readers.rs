//! What people look up: the log of an event, an event as files, and what a member answered.

use muster_sim::Answer;
use muster_sim::ids::MessageId;
use muster_sim::world::Message;
use serde_json::{Value, json};

use super::{Person, posts};
use crate::oracle::{self, Looked};
use crate::words;

/// Pages of a log that somebody turns at most.
const PAGES_MAX: usize = 12;

impl Person {
    /// Reads the log of an event from its newest line to its oldest, as it was opened by a command
    /// or in the menu of the post.
    pub(crate) async fn reads_the_log(mut self) {
        let posts = posts(&self.stage);
        let Some(post) = self.random.pick(&posts).cloned() else { return };
        let ids = words::custom_ids(&Value::Array(post.components.clone()));
        let Some(event) = words::event_of_post(&ids) else { return };
        let began = self.stage.ledger.now();
        let mut before = oracle::look(&self.stage, event);
        let opened = if self.random.below(2) == 0 {
            self.uses_menu("Event log", &post, post.id.get()).await
        } else {
            let channel = self.channel();
            self.runs(channel, "event log", json!({"event": event.to_string()})).await
        };
        let Some(Answer::Message(panel)) = opened else { return };
        let mut pages = Vec::new();
        for number in 0..PAGES_MAX {
            let Some(page) = self.user.message(panel) else { return };
            let after = oracle::look(&self.stage, event);
            let looked = Looked { before: before.as_ref(), after: after.as_ref() };
            oracle::judge_page(&self.stage, looked, &page, number);
            let older = words::buttons(&page.components);
            let older = older.into_iter().find(|(label, _)| label == "Older");
            pages.push(page);
            let Some((_, older)) = older else {
                return oracle::judge_log(&self.stage, event, began, &pages);
            };
            before = after;
            if self.uses(panel, &older).await != Some(Answer::Updated) {
                return;
            }
        }
    }

    /// Has an event exported, as tables or as a document.
    pub(crate) async fn exports_an_event(mut self) {
        let (Some(event), channel) = (self.event(), self.channel()) else { return };
        let format = *self.random.pick(&["csv", "json", ""]).unwrap_or(&"");
        let options = match format {
            "" => json!({"event": event.to_string()}),
            format => json!({"event": event.to_string(), "format": format}),
        };
        let before = oracle::look(&self.stage, event);
        let Some(Answer::Message(told)) = self.runs(channel, "event export", options).await else {
            return;
        };
        let after = oracle::look(&self.stage, event);
        let looked = Looked { before: before.as_ref(), after: after.as_ref() };
        oracle::judge_files(&self.stage, looked, format, &self.files(told));
    }

    /// Looks up what a member answered, in their menu.
    pub(crate) async fn looks_up_attendance(mut self) {
        let posts = posts(&self.stage);
        let Some(post) = self.random.pick(&posts).cloned() else { return };
        let Some(member) = self.random.pick(&self.stage.cast.members).copied() else { return };
        let before = oracle::attendance(&self.stage, member.get());
        let opened = self.uses_menu("Attendance", &post, member.get()).await;
        let Some(Answer::Message(told)) = opened else { return };
        let Some(told) = self.user.message(told) else { return };
        let after = oracle::attendance(&self.stage, member.get());
        if before == after {
            oracle::judge_attendance(&self.stage, member.get(), before, &told);
        }
    }

    /// Asks for all that is kept about themselves.
    pub(crate) async fn asks_for_their_data(mut self) {
        let (member, channel) = (self.user.id().get(), self.channel());
        let before = oracle::answers_of(&self.stage, member);
        let told = self.runs(channel, "privacy export", json!({})).await;
        let Some(Answer::Message(told)) = told else { return };
        let after = oracle::answers_of(&self.stage, member).filter(|_| !self.is_erased());
        let files = self.files(told);
        if let (Some(expected), Some((_, file))) = (after, files.first())
            && before.as_ref() == Some(&expected)
        {
            oracle::judge_data(&self.stage, member, &expected, file);
        }
    }

    /// Whether they wanted everything erased: what was theirs may be nobody's.
    fn is_erased(&self) -> bool {
        self.stage.is_erased(self.user.id().get())
    }

    /// The files of a message, by their names.
    fn files(&self, message: MessageId) -> Vec<(String, String)> {
        let Some(told) = self.user.message(message) else { return Vec::new() };
        let names = told.attachments.into_iter().map(|file| file.filename);
        let file = |name: String| {
            let bytes = self.user.file(message, &name)?;
            Some((name, String::from_utf8_lossy(&bytes).into_owned()))
        };
        names.filter_map(file).collect()
    }

    /// Uses a command in the menu of a message, or of somebody, where that message is.
    async fn uses_menu(&self, name: &str, near: &Message, target: u64) -> Option<Answer> {
        let began = self.stage.ledger.now();
        self.saw(began, self.user.context_command(near.channel, name, target).await)
    }
}
