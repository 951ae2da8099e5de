//! What the engine sends, as messages.

use muster_domain::sheet::Sheet;
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

/// The words of what is spoken where the event is.
fn spoken(sheet: &Sheet) -> Words {
    Words::of(sheet.event.language)
}

impl<E: Env, W: Wire> RestDiscord<E, W> {
    pub(super) fn render(&self, message: &Outgoing<'_>) -> Message {
        match message {
            Outgoing::Post(sheet) => post::announced(spoken(sheet), sheet, self.env.now()),
            Outgoing::PostAgain(sheet) => post::post(spoken(sheet), sheet, self.env.now()),
            Outgoing::Greeting(delivery) => greeting::greeting(*delivery),
            Outgoing::Notice(delivery, said) => notice::notice(said, *delivery),
            Outgoing::Report { delivery, report, channels, .. } => {
                troubles::report(report, channels, *delivery)
            }
            Outgoing::Direct(delivery, said) => notice::direct(said, *delivery),
        }
    }
}
