//! Commands, buttons and forms in: one file per group, each handler a function from an
//! interaction to a reply.

pub mod again;
pub mod answers;
pub mod attendance;
pub mod definitions;
pub mod doctor;
pub mod event;
pub mod event_forms;
pub mod help;
pub mod history;
pub mod members;
pub mod offer;
pub mod operating;
pub mod own;
pub mod picture;
pub mod presence;
pub mod privacy;
pub mod reminders;
pub mod report;
pub mod roster;
pub mod rsvp;
pub mod rules;
pub mod schedule;
pub mod series;
pub mod settings;
pub mod suggest;
pub mod tap;
pub mod telling;
pub mod template;
pub mod timezone;
pub mod undo;
pub mod wishes;

use muster_domain::rights::Actor;
use muster_engine::refusal::Stop;
use muster_engine::{App, World};

use crate::interaction::Interaction;
use crate::views::messages::Words;

/// What every handler gets.
pub struct Context<'a, W: World> {
    /// The application.
    pub app: &'a App<W>,
    /// Who acts, in which guild.
    pub actor: &'a Actor,
    /// The whole interaction.
    pub interaction: &'a Interaction,
    /// Whether who acts runs the bot. It gives no rights over a guild.
    pub operates: bool,
}

impl<W: World> Context<'_, W> {
    /// What is spoken in the guild. Where there is an event, it says so as well, and nothing needs
    /// to be looked up.
    async fn words(&self) -> Result<Words, Stop> {
        Ok(Words::of(self.app.settings(self.actor.guild).await?.language))
    }

    /// The same for a refusal, which is told also if the settings cannot be had: then in the usual
    /// language.
    async fn words_or_usual(&self) -> Words {
        self.words().await.unwrap_or_else(|_| Words::usual())
    }
}

/// A page that was asked for, counted from 0, as the engine takes it.
fn page_index(page: u32) -> usize {
    usize::try_from(page).unwrap_or(usize::MAX)
}
