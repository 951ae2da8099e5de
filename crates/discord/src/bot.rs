//! The one place where interactions come in and their answers go out.

mod late;
mod seen;
mod slow;
mod stopped;
mod tapped;

use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use muster_domain::id::InteractionId;
use muster_engine::board::Effect;
use muster_engine::ports::{Clock, within};
use muster_engine::refusal::Stop;
use muster_engine::{App, World};
use muster_vitals::meters::AnswerEnd;
use thiserror::Error;
use tracing::{debug, error, info, warn};

pub use self::late::Arrival;
use self::seen::Seen;
use self::slow::thinking_after;
pub(crate) use self::stopped::at_hand;
use self::stopped::in_words;
use self::tapped::{TapOn, tap};
use crate::commands::operating::{Asked, Operating};
use crate::door;
use crate::interaction::{Interaction, ReplyToken, parse};
use crate::reply::Reply;
use crate::rest;
use crate::rest::model::ApplicationId;
use crate::router;
use crate::views::message::Message;
use crate::views::messages::Words;
use crate::views::refusal;

/// For how long Discord takes the answer to an interaction: three seconds from its creation, and a
/// little more. (Discord docs: "Receiving and Responding")
const ANSWER_WINDOW: Duration = Duration::from_millis(3_200);

/// Why the answer to an interaction was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// The interaction has an answer already: an earlier one of ours arrived.
    #[error("it was answered before")]
    AnsweredBefore,
    /// Discord no longer waits for it.
    #[error("it came too late")]
    TooLate,
    /// Discord may or may not have taken it.
    #[error("no clear answer: {0}")]
    Unclear(String),
    /// Discord refuses it as it is: a defect of ours.
    #[error("refused: {0}")]
    Refused(String),
}

/// Sends the answer to an interaction.
pub trait Answers: Send + Sync + 'static {
    /// Sends `body`, a callback.
    fn answer(
        &self,
        id: InteractionId,
        token: &ReplyToken,
        body: rest::Body,
    ) -> impl Future<Output = Result<(), AnswerError>> + Send;

    /// Sends what was said to come later, up to fifteen minutes after the interaction.
    fn answer_later(
        &self,
        application: ApplicationId,
        token: &ReplyToken,
        later: Later,
    ) -> impl Future<Output = Result<(), AnswerError>> + Send;
}

/// An answer that comes later.
#[derive(Clone, Debug)]
pub enum Later {
    /// In the place of "thinking", or of the message whose component was used.
    Instead(rest::Body),
    /// Beside it.
    Beside(rest::Body),
}

/// Muster on Discord: takes interactions, answers each once.
pub struct Bot<W: World, A> {
    app: App<W>,
    answers: A,
    seen: Mutex<Seen>,
    operating: Option<Operating>,
}

impl<W: World, A: Answers> Bot<W, A> {
    /// A bot that answers through `answers`.
    #[must_use]
    pub fn new(app: App<W>, answers: A) -> Self {
        Self { app, answers, seen: Mutex::default(), operating: None }
    }

    /// The bot, with what its operators see of it.
    #[must_use]
    pub fn operated(mut self, operating: Operating) -> Self {
        self.operating = Some(operating);
        self
    }

    /// The application behind it.
    #[must_use]
    pub const fn app(&self) -> &App<W> {
        &self.app
    }

    /// Handles one interaction, as Discord sent it, from parsing to answering.
    pub async fn interaction(&self, raw: &str, arrival: Arrival) {
        match parse(raw) {
            Ok(interaction) if !self.is_new(interaction.id) => {}
            Ok(interaction) if self.is_left_alone(&interaction, arrival) => {
                let id = interaction.id;
                info!(interaction = %id, "what Discord repeats too late to be answered is not done");
            }
            Ok(interaction) => self.handle(&interaction, arrival.at).await,
            Err(unreadable) => {
                error!(reason = %unreadable.reason, "an interaction could not be read");
                self.app.vitals().meters.answers.unreadable(self.app.env().monotonic());
                if let Some((id, token)) = &unreadable.answerable {
                    let failed = Reply::say(refusal::failed(Words::usual()));
                    let _taken = self.send_logged(*id, token, &failed).await;
                }
            }
        }
    }

    async fn handle(&self, interaction: &Interaction, began: Duration) {
        let tap = tap(interaction);
        let refused = match tap {
            Some(_) => door::refuses_tap(&self.app, interaction),
            // Who runs the bot has to be able to let themselves in again.
            None if self.is_operating(interaction) => None,
            None => door::refuses(&self.app, interaction),
        };
        if let Some(refused) = refused {
            let taken = self.send_logged(interaction.id, &interaction.token, &refused).await;
            let (now, end) = (self.app.env().monotonic(), taken.end_of(AnswerEnd::Taken));
            self.app.vitals().meters.answers.refused(interaction.user.get(), now, end);
            return;
        }
        let post = tap.and_then(TapOn::post);
        let write = post.map(|event| self.app.board().write(event));
        let was_in_doubt = post.is_some() && self.app.is_clock_in_doubt();
        let replied = match thinking_after(interaction) {
            Some(after) => self.in_time(interaction, after).await,
            None => Ok(self.reply_to(interaction).await),
        };
        let (reply, end) = match replied {
            Ok(replied) => replied,
            Err(end) => return self.measure(interaction, began, end),
        };
        let taken = self.send_logged(interaction.id, &interaction.token, &reply).await;
        self.measure(interaction, began, taken.end_of(end));
        if let Some(write) = write {
            if taken == Taken::Unclear {
                self.wait_until_too_late(began).await;
            }
            let effect = effect_on_post(interaction, &reply, taken);
            let in_doubt = write.ends(effect);
            if effect != Effect::Untouched && (was_in_doubt || self.app.is_clock_in_doubt()) {
                let guild = interaction.actor.as_ref().map(|actor| actor.guild);
                if let (Some(guild), Some(event)) = (guild, post) {
                    self.app.draw_again(guild, event).await;
                }
            }
            if in_doubt || self.app.board().is_full() {
                self.app.wake_reconciler();
            }
        }
    }

    /// Whether somebody who runs the bot uses what is theirs.
    fn is_operating(&self, interaction: &Interaction) -> bool {
        let Some(operating) = &self.operating else { return false };
        operating.is_operator(interaction.user) && Asked::of(interaction).is_some()
    }

    /// The reply, and whether it says that something failed.
    async fn reply_to(&self, interaction: &Interaction) -> (Reply, AnswerEnd) {
        match router::handle(&self.app, self.operating.as_ref(), interaction).await {
            Ok(reply) => (reply, AnswerEnd::Taken),
            Err(stop) => {
                let end = match &stop {
                    Stop::Refused(_) => AnswerEnd::Taken,
                    Stop::Failed(_) => AnswerEnd::Failed,
                };
                door::note(&self.app, interaction, &stop);
                (in_words(&self.app, interaction, stop).await, end)
            }
        }
    }

    /// The reply to what may take long, if it comes in time; else "thinking" is shown, and the
    /// reply follows. What became of it then is the error.
    async fn in_time(
        &self,
        interaction: &Interaction,
        after: Duration,
    ) -> Result<(Reply, AnswerEnd), AnswerEnd> {
        let mut work = pin!(self.reply_to(interaction));
        if let Some(replied) = within(self.app.env(), after, &mut work).await {
            return Ok(replied);
        }
        let id = interaction.id;
        let later =
            if interaction.from_private_message { Reply::ChangesLater } else { Reply::Thinking };
        let shown = self.send_logged(id, &interaction.token, &later).await;
        let (reply, end) = work.await;
        if let Taken::No(end) = shown {
            return Err(end);
        }
        let Some(later) = answer_later(&later, reply) else { return Err(end) };
        let Interaction { application, token, .. } = interaction;
        let sent = self.answers.answer_later(*application, token, later).await;
        if let Err(error) = sent {
            warn!(interaction = %id, %error, "an answer that came later was not taken");
            return Err(AnswerEnd::Failed);
        }
        Err(end)
    }

    /// Counts an answer. A tap pays for one short lock.
    fn measure(&self, interaction: &Interaction, began: Duration, end: AnswerEnd) {
        if !self.app.vitals().settings.measuring.is_on() {
            return;
        }
        let now = self.app.env().monotonic();
        let took = now.saturating_sub(began);
        let answers = &self.app.vitals().meters.answers;
        let member = interaction.user.get();
        if tap(interaction).is_some() {
            answers.tap(member, now, took, end);
        } else {
            answers.command(&interaction.name(), member, (now, took), end);
        }
        debug!(interaction = %interaction.id, took_us = took.as_micros(), "answered");
    }

    /// An answer that nobody waits for any more may still be on its way, and would put an older
    /// post over whatever is edited meanwhile: until Discord takes it no more, the post stays in
    /// doubt.
    async fn wait_until_too_late(&self, began: Duration) {
        let env = self.app.env();
        let passed = env.monotonic().saturating_sub(began);
        env.sleep(ANSWER_WINDOW.saturating_sub(passed)).await;
    }

    /// Sends the one answer. Returns whether Discord took it.
    async fn send_logged(&self, id: InteractionId, token: &ReplyToken, reply: &Reply) -> Taken {
        match self.send(id, token, reply).await {
            Ok(()) => Taken::Yes,
            Err(AnswerError::AnsweredBefore) => {
                // Discord repeats after a restart what had been answered just before it.
                info!(interaction = %id, "an interaction had an answer already");
                Taken::No(AnswerEnd::Taken)
            }
            Err(error @ AnswerError::Unclear(_)) => {
                warn!(interaction = %id, %error, "whether an answer was taken is not known");
                Taken::Unclear
            }
            Err(error @ (AnswerError::TooLate | AnswerError::Refused(_))) => {
                warn!(interaction = %id, %error, "an answer was not taken");
                let late = error == AnswerError::TooLate;
                Taken::No(if late { AnswerEnd::TooLate } else { AnswerEnd::Failed })
            }
        }
    }

    async fn send(
        &self,
        id: InteractionId,
        token: &ReplyToken,
        reply: &Reply,
    ) -> Result<(), AnswerError> {
        let body = rest::Body::with_files(reply, reply.files());
        self.answers.answer(id, token, body).await
    }

    /// Whether an interaction was not seen before. The gateway repeats some after a resume.
    fn is_new(&self, id: InteractionId) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.note(id)
    }
}

/// How a reply follows what was shown until then. A message for who asked does not take the place
/// of the one whose component was used.
fn answer_later(shown: &Reply, reply: Reply) -> Option<Later> {
    let body = |message: &Message| rest::Body::with_files(message, &message.files);
    match reply {
        Reply::Private(message) if *shown == Reply::ChangesLater => {
            Some(Later::Beside(body(&message)))
        }
        Reply::Private(message) | Reply::Update(message) => {
            Some(Later::Instead(body(&message.seen_as_it_is())))
        }
        Reply::Public(_)
        | Reply::Post { .. }
        | Reply::Form(_)
        | Reply::Choices(_)
        | Reply::Thinking
        | Reply::ChangesLater
        | Reply::Nothing => None,
    }
}

/// Whether Discord took an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Yes,
    /// Not this time; what became of the interaction.
    No(AnswerEnd),
    Unclear,
}

impl Taken {
    /// What became of a reply that says so.
    const fn end_of(self, said: AnswerEnd) -> AnswerEnd {
        match self {
            Self::Yes => said,
            Self::No(end) => end,
            Self::Unclear => AnswerEnd::Failed,
        }
    }
}

fn effect_on_post(interaction: &Interaction, reply: &Reply, taken: Taken) -> Effect {
    match (reply, interaction.message) {
        (Reply::Post { version, .. }, Some(message)) if taken == Taken::Yes => {
            Effect::Shown(message, *version)
        }
        (Reply::Post { .. }, _) => Effect::Unclear,
        (
            Reply::Private(_)
            | Reply::Public(_)
            | Reply::Update(_)
            | Reply::Form(_)
            | Reply::Choices(_)
            | Reply::Thinking
            | Reply::ChangesLater
            | Reply::Nothing,
            _,
        ) => Effect::Untouched,
    }
}
