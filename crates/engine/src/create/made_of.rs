//! What a new event is made of beside what its form says in words: answers, rules, a picture.

use muster_domain::answer_option::Options;
use muster_domain::event::Event;
use muster_domain::id::RoleId;
use muster_domain::reminder::Reminders;
use muster_domain::rights::Actor;
use muster_domain::rules::EventRules;
use muster_domain::settings::GuildSettings;
use muster_domain::template::Template;
use muster_domain::text::ImageUrl;
use muster_store::model::EventForm;

use super::Submission;
use crate::app::{App, World};
use crate::limits::GRANTS_WAIT;
use crate::reading::parts::{read_close, read_image, read_options};
use crate::refusal::Stop;

/// What stands in the place of answers if they are to be put together in a panel, before the event
/// is posted.
pub const EDITOR: &str = "editor";

/// Whether the answers are to be put together in a panel.
pub(crate) fn wants_editor(form: &EventForm) -> bool {
    form.options.trim().eq_ignore_ascii_case(EDITOR)
}

/// The parts of a new event that no words say.
pub(crate) struct MadeOf {
    pub(crate) options: Options,
    pub(crate) rules: EventRules,
    pub(crate) image: Option<ImageUrl>,
    /// Reminders of its own, if it has any.
    pub(crate) reminders: Option<Reminders>,
    /// Roles that the answers of its model give, and its own do not: who creates it, or the bot,
    /// could not hand them out.
    pub(crate) not_given: Vec<RoleId>,
}

impl MadeOf {
    pub(crate) fn usual() -> Self {
        Self {
            options: Options::default_four(),
            rules: EventRules::default(),
            image: None,
            reminders: None,
            not_given: Vec::new(),
        }
    }
}

impl<W: World> App<W> {
    /// What a new event offers and demands: what was said counts before the event that it is like
    /// and before the template, and those before the guild's usual. Names that any of them hides
    /// are hidden.
    pub(super) async fn made_of(
        &self,
        submission: &Submission<'_>,
        settings: &GuildSettings,
    ) -> Result<MadeOf, Stop> {
        let form = &submission.form;
        let mut made_of = match self.template_of(submission.actor.guild, form).await? {
            Some(Template { options, rules, image, reminders, .. }) => {
                MadeOf { options, rules, image, reminders, not_given: Vec::new() }
            }
            None => self.as_another(submission.actor, form).await?,
        };
        if !form.options.trim().is_empty() && !wants_editor(form) {
            made_of.options = read_options(&form.options)?;
        }
        if let Some(close_before) = read_close(&form.close)? {
            made_of.rules.close_before = close_before;
        }
        if let Some(image) = read_image(&form.image)? {
            made_of.image = Some(image);
        }
        made_of.rules.names_hidden |= settings.names_hidden;
        self.with_its_grants(submission.actor, made_of).await
    }

    /// What is copied gives only the roles that who copies it could choose: otherwise whoever may
    /// create events would hand out what others chose once.
    async fn with_its_grants(&self, actor: &Actor, made_of: MadeOf) -> Result<MadeOf, Stop> {
        let granted = Vec::from_iter(made_of.options.granted());
        if granted.is_empty() {
            return Ok(made_of);
        }
        let refused = self.not_given(actor, &granted, GRANTS_WAIT).await?;
        let not_given: Vec<_> = refused.into_iter().map(|(role, _)| role).collect();
        let options = made_of.options.without_grants_of(&not_given);
        Ok(MadeOf { options, not_given, ..made_of })
    }

    /// What the event is made of that a form names as its model; the usual if it names none.
    async fn as_another(&self, actor: &Actor, form: &EventForm) -> Result<MadeOf, Stop> {
        let Some(like) = form.like else {
            return Ok(MadeOf::usual());
        };
        let Event { options, rules, image, .. } = self.event(actor, like).await?.sheet.event;
        // Those that were removed have nobody here who would keep them.
        let options = options.only_offered();
        let reminders = self.own_reminders(actor.guild, like).await?;
        Ok(MadeOf { options, rules, image, reminders, not_given: Vec::new() })
    }
}
