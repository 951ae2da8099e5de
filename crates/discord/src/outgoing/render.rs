//! What the engine sends, as messages.

use muster_engine::discord::Outgoing;
use muster_engine::ports::Env;
use serde::Serialize;

use super::RestDiscord;
use crate::rest::Wire;
use crate::views::message::Message;
use crate::views::{greeting, notice, post, troubles};

/// A message with what makes sending it twice harmless.
#[derive(Serialize)]
pub(super) struct Once<'a> {
    #[serde(flatten)]
    pub(super) message: &'a Message,
    pub(super) nonce: &'a str,
    pub(super) enforce_nonce: bool,
}

impl<E: Env, W: Wire> RestDiscord<E, W> {
    pub(super) fn render(&self, message: &Outgoing<'_>) -> Message {
        match message {
            Outgoing::Post(sheet) => post::announced(sheet, self.env.now()),
            Outgoing::PostAgain(sheet) => post::post(sheet, self.env.now()),
            Outgoing::Greeting(delivery) => greeting::greeting(*delivery),
            Outgoing::Notice(delivery, said) => notice::notice(said, *delivery),
            Outgoing::Report { delivery, report, channels, .. } => {
                troubles::report(report, channels, *delivery)
            }
            Outgoing::Direct(delivery, said) => notice::direct(said, *delivery),
        }
    }
}
