//! What the engine sends, as messages.

use muster_engine::discord::Outgoing;
use muster_engine::ports::Env;
use serde::Serialize;

use super::RestDiscord;
use crate::rest::Wire;
use crate::views::message::Message;
use crate::views::messages::Words;
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
            Outgoing::Post(sheet) => {
                post::announced(Words::of_event(&sheet.event), sheet, self.env.now())
            }
            Outgoing::PostAgain(sheet) => {
                post::post(Words::of_event(&sheet.event), sheet, self.env.now())
            }
            // It comes before anybody could choose a language.
            Outgoing::Greeting(delivery) => greeting::greeting(Words::usual(), *delivery),
            Outgoing::Notice(delivery, said) => {
                notice::notice(Words::of_event(&said.sheet.event), said, *delivery)
            }
            Outgoing::Report { delivery, language, report, channels, .. } => {
                troubles::report(Words::of(*language), report, channels, *delivery)
            }
            Outgoing::Direct(delivery, said) => {
                notice::direct(Words::of_event(&said.sheet.event), said, *delivery)
            }
        }
    }
}
