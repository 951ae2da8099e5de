//! Forms that were refused for what is written in them, kept to be opened again as they were filled
//! in.

use muster_domain::id::InteractionId;
use muster_domain::rights::Actor;
use muster_store::model::{Draft, EventForm};
use muster_store::port::Drafts;

use crate::app::{App, World};
use crate::refusal::Stop;

/// A form of which nothing is read but by whoever made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedForm {
    /// Which form it is.
    pub form: String,
    /// What was written in its fields.
    pub fields: String,
}

impl<W: World> App<W> {
    /// Keeps a form that this member filled in, for a day, under the interaction with which it was
    /// handed in. [`App::draft`] finds it again, for this member alone.
    pub async fn keep_refused(
        &self,
        actor: &Actor,
        id: InteractionId,
        refused: RefusedForm,
    ) -> Result<(), Stop> {
        // An event is made by no form that names a template and nothing else.
        let form = EventForm {
            template: refused.form,
            description: refused.fields,
            ..EventForm::default()
        };
        let draft = Draft { guild: actor.guild, member: actor.user, edits: None, form };
        Ok(self.store().save_draft(id, draft, self.now()).await?)
    }
}

impl From<EventForm> for RefusedForm {
    fn from(kept: EventForm) -> Self {
        Self { form: kept.template, fields: kept.description }
    }
}
