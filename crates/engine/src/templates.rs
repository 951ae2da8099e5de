//! Templates: saved from an event, used for new ones, listed, deleted and brought back.

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, TemplateId};
use muster_domain::limits::UNDO_WITHIN;
use muster_domain::rights::Actor;
use muster_domain::template::Template;
use muster_domain::text::{TemplateName, quoted};
use muster_store::model::{
    EventForm, NewTemplate, Page, SavedTemplate, TemplateKept, TemplateReplaced,
    TemplateReplacement, TemplateTakenBack, TemplateUndo, Window,
};
use muster_store::port::Templates;

use crate::app::{App, World};
use crate::limits::LIST_ROWS;
use crate::reading;
use crate::refusal::{Field, Refusal, Stop, TemplateRefusal};

impl<W: World> App<W> {
    /// Saves what an event is made of under a name; for organisers. Whoever does may take it back
    /// for [`UNDO_WITHIN`].
    pub async fn save_template(
        &self,
        actor: &Actor,
        event: EventId,
        name: &str,
    ) -> Result<SavedTemplate, Stop> {
        let template = self.template_from(actor, event).await?;
        let name =
            TemplateName::parse(name).map_err(|error| Refusal::Text(Field::TemplateName, error))?;
        let (at, by) = (self.now(), actor.user);
        let new = NewTemplate { guild: actor.guild, name, template, by };
        match self.store().save_template(new.clone(), at).await? {
            TemplateKept::Kept(id) => {
                let NewTemplate { name, template, .. } = new;
                Ok(SavedTemplate { id, name, template: Some(template), by, at })
            }
            TemplateKept::NameTaken(other) => {
                let taken = TemplateRefusal::NameTaken(new.name, event, other);
                Err(Refusal::Template(taken).into())
            }
            TemplateKept::TooMany => Err(Refusal::Template(TemplateRefusal::TooMany).into()),
            TemplateKept::Gone => Err(Refusal::Template(TemplateRefusal::Gone).into()),
        }
    }

    /// Saves what an event is made of in the place of a template, under its name; for organisers.
    /// Whoever does may take it back for [`UNDO_WITHIN`], and the other one is there again.
    pub async fn replace_template(
        &self,
        actor: &Actor,
        event: EventId,
        replaced: TemplateId,
    ) -> Result<SavedTemplate, Stop> {
        let template = self.template_from(actor, event).await?;
        let new = TemplateReplacement { guild: actor.guild, replaced, template, by: actor.user };
        match self.store().replace_template(new, self.now()).await? {
            TemplateReplaced::Kept(saved) => Ok(*saved),
            TemplateReplaced::Gone => Err(Refusal::Template(TemplateRefusal::Changed).into()),
        }
    }

    /// Takes it back that a template took the place of another one; for organisers.
    pub async fn put_template_back(
        &self,
        actor: &Actor,
        undo: TemplateUndo,
    ) -> Result<SavedTemplate, Stop> {
        self.organiser_settings(actor).await?;
        let now = self.now();
        let since = now.checked_sub(UNDO_WITHIN).unwrap_or(Timestamp::MIN);
        let store = self.store();
        taken_back(store.put_template_back(actor.guild, undo, since, now).await?)
    }

    /// What an event is made of; for organisers.
    async fn template_from(&self, actor: &Actor, event: EventId) -> Result<Template, Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        let reminders = self.own_reminders(actor.guild, event).await?;
        Ok(Template::of(&posted.sheet.event, reminders))
    }

    /// A page of the guild's templates by name, counted from 0; for organisers.
    pub async fn templates(&self, actor: &Actor, page: usize) -> Result<Page<SavedTemplate>, Stop> {
        self.organiser_settings(actor).await?;
        let window = Window::page(page, LIST_ROWS);
        Ok(self.store().templates(actor.guild, "", window).await?)
    }

    /// The names of the guild's templates that contain what was typed, at most `limit`; none for
    /// anybody but organisers.
    pub async fn suggest_templates(
        &self,
        actor: &Actor,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<TemplateName>, Stop> {
        if !self.is_organiser(actor).await? {
            return Ok(Vec::new());
        }
        let window = Window::first(limit);
        let found = self.store().templates(actor.guild, typed.trim(), window).await?;
        Ok(found.rows.into_iter().map(|saved| saved.name).collect())
    }

    /// Deletes the template of this name; for organisers. It can be brought back for
    /// [`muster_domain::limits::TEMPLATE_KEPT`].
    pub async fn delete_template(&self, actor: &Actor, name: &str) -> Result<SavedTemplate, Stop> {
        self.organiser_settings(actor).await?;
        let deleted = self.store().delete_template(actor.guild, name.trim(), self.now()).await?;
        deleted.ok_or_else(|| none_named(name).into())
    }

    /// Takes the saving of a template back; for organisers.
    pub async fn take_template_back(
        &self,
        actor: &Actor,
        id: TemplateId,
    ) -> Result<SavedTemplate, Stop> {
        self.organiser_settings(actor).await?;
        let now = self.now();
        let since = now.checked_sub(UNDO_WITHIN).unwrap_or(Timestamp::MIN);
        taken_back(self.store().take_template_back(actor.guild, id, since, now).await?)
    }

    /// Brings a deleted template back; for organisers.
    pub async fn restore_template(&self, actor: &Actor, id: TemplateId) -> Result<(), Stop> {
        self.organiser_settings(actor).await?;
        match self.store().restore_template(actor.guild, id).await? {
            TemplateKept::Kept(_) => Ok(()),
            TemplateKept::TooMany => Err(Refusal::Template(TemplateRefusal::TooMany).into()),
            // Somebody has given its name to another one meanwhile.
            TemplateKept::NameTaken(_) => Err(Refusal::ChangedMeanwhile.into()),
            TemplateKept::Gone => Err(Refusal::Template(TemplateRefusal::Gone).into()),
        }
    }

    /// A form for a new event with what the template that it names says beside what was given; for
    /// organisers. A role is mentioned only if this organiser may mention it.
    pub async fn filled_from_template(
        &self,
        actor: &Actor,
        form: EventForm,
    ) -> Result<EventForm, Stop> {
        self.organiser_settings(actor).await?;
        let Some(mut template) = self.template_of(actor.guild, &form).await? else {
            return Ok(form);
        };
        if let Some(role) = template.mention
            && !self.may_mention(actor, role, false).await?
        {
            template.mention = None;
        }
        Ok(reading::filled_from(form, &template))
    }

    /// The template that a form names, if it names one.
    pub(crate) async fn template_of(
        &self,
        guild: GuildId,
        form: &EventForm,
    ) -> Result<Option<Template>, Stop> {
        let name = form.template.trim();
        if name.is_empty() {
            return Ok(None);
        }
        let saved = self.store().template(guild, name).await?;
        let SavedTemplate { name, template, .. } = saved.ok_or_else(|| none_named(name))?;
        template.map(Some).ok_or_else(|| Refusal::Template(TemplateRefusal::Newer(name)).into())
    }
}

fn taken_back(back: TemplateTakenBack) -> Result<SavedTemplate, Stop> {
    match back {
        TemplateTakenBack::Deleted(saved) => Ok(*saved),
        TemplateTakenBack::TooLate => Err(Refusal::TooLateToUndo.into()),
        TemplateTakenBack::Gone => Err(Refusal::Template(TemplateRefusal::Gone).into()),
    }
}

fn none_named(words: &str) -> Refusal {
    Refusal::Template(TemplateRefusal::NoneNamed(quoted(words)))
}
