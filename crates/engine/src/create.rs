//! Creating an event from a form: read, decide, commit, post.

mod made_of;
mod posting;

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use muster_domain::event::EventDetails;
use muster_domain::id::{ChannelId, InteractionId, MessageId, RoleId};
use muster_domain::limits::EDITOR_HOLDS;
use muster_domain::recurrence::{self, Recurrence};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::rules::EventRules;
use muster_domain::series::SeriesPlan;
use muster_domain::settings::GuildSettings;
use muster_domain::sheet::Sheet;
use muster_domain::text::Location;
use muster_domain::when::{DateOrder, Moment};
use muster_domain::zone::Zone;
use muster_store::model::{Draft, EventForm, EventOrigin, NewEvent, Posted, SeenEvent};
use muster_store::port::{Drafts, Events};

pub use self::made_of::EDITOR;
pub(crate) use self::made_of::{MadeOf, wants_editor};
use crate::app::{App, World};
use crate::reading::parts::check_unseen;
use crate::reading::{FormContext, ReadForm, UsualTime, moment_in_figures};
use crate::refusal::{Refusal, Stop};
use crate::series::{Place, SeriesView, plan_of, read_repeat};

/// How an event is posted in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// As a message.
    Messages,
    /// As a message of a thread, where writing has a permission of its own.
    Thread,
    /// As a thread that begins with the message.
    Forum,
    /// Not at all.
    Other,
}

impl ChannelKind {
    /// What the bot needs there to post and to keep the post true.
    #[must_use]
    pub const fn needs(self) -> Permissions {
        match self {
            Self::Messages | Self::Other => Permissions::TO_POST,
            Self::Thread => Permissions::TO_POST_IN_THREAD,
            Self::Forum => Permissions::TO_POST_IN_FORUM,
        }
    }
}

/// What Discord told with the interaction about a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownChannel {
    /// Which channel.
    pub id: ChannelId,
    /// How an event is posted there.
    pub kind: ChannelKind,
    /// What the bot may do there.
    pub permissions: Permissions,
}

impl KnownChannel {
    /// What the bot lacks to post there and keep the post true.
    #[must_use]
    pub const fn missing(&self) -> Permissions {
        self.permissions.missing(self.kind.needs())
    }
}

/// A form for an event, handed in.
#[derive(Clone, Debug)]
pub struct Submission<'a> {
    /// Who hands it in.
    pub actor: &'a Actor,
    /// With which interaction.
    pub interaction: InteractionId,
    /// What was filled in.
    pub form: EventForm,
    /// The reading that was chosen where the words were ambiguous.
    pub chosen: Option<Moment>,
    /// Channels of which Discord told something.
    pub channels: &'a [KnownChannel],
    /// The guild's language, as Discord calls it ("en-US").
    pub locale: &'a str,
}

impl Submission<'_> {
    /// What Discord told about a channel, if it did.
    fn known(&self, channel: ChannelId) -> Option<&KnownChannel> {
        self.channels.iter().find(|known| known.id == channel)
    }
}

/// What became of a form.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// The event exists.
    Created {
        /// The event.
        sheet: Box<Sheet>,
        /// Its message and where that is, if it was posted within a moment.
        post: Option<(ChannelId, MessageId)>,
        /// Roles of its model that its answers do not give, as nobody here could hand them out.
        not_given: Vec<RoleId>,
    },
    /// The event exists, and is posted later, so that its answers can be put together until then.
    Held {
        /// The event.
        posted: Box<Posted>,
        /// When it is posted in any case.
        post_at: Timestamp,
        /// Roles of its model that its answers do not give, as nobody here could hand them out.
        not_given: Vec<RoleId>,
    },
    /// The words for the time have several readings, soonest first; the form is kept.
    WhichMoment {
        /// Where the form is kept.
        draft: InteractionId,
        /// The readings.
        moments: Vec<Moment>,
        /// The zone in which they were read.
        zone: Zone,
    },
    /// A series exists whose events follow.
    Series {
        /// The series.
        view: Box<SeriesView>,
        /// Roles of its model that its answers do not give, as nobody here could hand them out.
        not_given: Vec<RoleId>,
    },
    /// A series exists whose answers can be put together until its first event is posted.
    SeriesHeld {
        /// The series.
        view: Box<SeriesView>,
        /// Roles of its model that its answers do not give, as nobody here could hand them out.
        not_given: Vec<RoleId>,
    },
    /// The words for how it repeats have several readings; the form is kept.
    WhichRepeat {
        /// Where the form is kept.
        draft: InteractionId,
        /// The readings.
        rules: Vec<Recurrence>,
        /// When the first event was to begin.
        start: Timestamp,
    },
    /// Nobody chose a zone yet; the form is kept.
    WhichZone {
        /// Where the form is kept.
        draft: InteractionId,
    },
    /// Something in the form is not possible; it is kept, to be mended.
    TryAgain {
        /// Where the form is kept.
        draft: InteractionId,
        /// What is not possible.
        refusal: Refusal,
    },
}

impl<W: World> App<W> {
    /// Creates an event from a form and posts it. Waits a moment for the post, so that the answer
    /// can link to it; if Discord refuses the post, the event is taken back.
    pub async fn create_event(&self, submission: Submission<'_>) -> Result<Submitted, Stop> {
        let settings = self.organiser_settings(submission.actor).await?;
        // Before a form is kept: the one that mends the rest has no fields for it.
        check_unseen(&submission.form)?;
        let draft = submission.interaction;
        match self.try_create(&submission, &settings).await {
            Ok(CreateStep::Done(created)) => Ok(*created),
            Ok(CreateStep::Ask(question)) => {
                let submission = self.with_what_was_chosen(submission, &question).await?;
                self.keep_draft(&submission, None).await?;
                Ok(question)
            }
            Err(Stop::Refused(refusal)) => {
                self.keep_draft(&submission, None).await?;
                Ok(Submitted::TryAgain { draft, refusal })
            }
            Err(failed @ Stop::Failed(_)) => Err(failed),
        }
    }

    async fn try_create(
        &self,
        submission: &Submission<'_>,
        settings: &GuildSettings,
    ) -> Result<CreateStep, Stop> {
        let draft = submission.interaction;
        let Some(zone) = self.zone_for(submission.actor.user, settings).await? else {
            return Ok(CreateStep::Ask(Submitted::WhichZone { draft }));
        };
        let usual = UsualTime::of(settings, self.zone_of_guild(settings));
        let context = FormContext {
            now: self.now(),
            zone: zone.zone(),
            locale: submission.locale,
            chosen: submission.chosen.as_ref(),
            usual: usual.as_ref(),
        };
        let details = match context.read(&submission.form)? {
            ReadForm::Ready(details) => *details,
            ReadForm::WhichMoment(moments) => {
                let zone = zone.zone().clone();
                return Ok(CreateStep::Ask(Submitted::WhichMoment { draft, moments, zone }));
            }
        };
        let channel = place_for_post(submission, settings)?;
        let made_of = self.made_of(submission, settings).await?;
        let closes = details.span.start().checked_sub(made_of.rules.close_before);
        if let Some(past) = closes.ok().filter(|at| *at <= self.now()) {
            return Err(Refusal::ClosesInThePast(past).into());
        }
        let mention = submission.form.mention.or(settings.mention_role);
        if !submission.form.repeat.trim().is_empty() {
            let place = Place { channel, mention };
            let wall = context.wall(&submission.form, details.span.start());
            return self.repeated(submission, (wall, details), made_of, place).await;
        }
        let not_given = made_of.not_given;
        let new = NewEvent {
            guild: submission.actor.guild,
            channel,
            host: submission.actor.user,
            details,
            options: made_of.options,
            rules: made_of.rules,
            image: made_of.image,
            mention,
            reminders: made_of.reminders,
            origin: EventOrigin::Interaction(submission.interaction),
        };
        let (now, holds) = (self.now(), wants_editor(&submission.form));
        let start = new.details.span.start();
        let post_at = if holds { held_until(start, &new.rules, now) } else { now };
        let created = self.store().create_event_to_post(new, post_at, now).await?;
        let event = &created.sheet.event;
        if event.deleted_at.is_some() {
            // A repeat after a restart: it was created and taken back before.
            return Err(Refusal::NoSuchEvent.into());
        }
        let done = if holds {
            self.wake_scheduler();
            let posted = Box::new(self.event(submission.actor, event.id).await?);
            Submitted::Held { posted, post_at, not_given }
        } else {
            self.post(submission, created, not_given).await?
        };
        Ok(CreateStep::Done(Box::new(done)))
    }

    /// Creates a series of events like this one, or asks how it is to repeat.
    async fn repeated(
        &self,
        submission: &Submission<'_>,
        (wall, details): (DateTime, EventDetails),
        made_of: MadeOf,
        place: Place,
    ) -> Result<CreateStep, Stop> {
        let zone = details.zone.clone();
        let start = details.span.start();
        let context = recurrence::Context {
            now: self.now(),
            zone: zone.rules(),
            date_order: DateOrder::for_locale(submission.locale),
            first: Some(wall.date()),
        };
        let rule = match read_repeat(&submission.form.repeat, &context)? {
            Ok(rule) => rule,
            Err(rules) => {
                let draft = submission.interaction;
                return Ok(CreateStep::Ask(Submitted::WhichRepeat { draft, rules, start }));
            }
        };
        let not_given = made_of.not_given.clone();
        let plan = plan_of(wall, details, made_of, place, rule);
        let holds = wants_editor(&submission.form);
        let usual = self.settings(submission.actor.guild).await?.posts_at();
        let held = if holds { series_held_until(&plan, usual, self.now()) } else { None };
        let series = self.create_series(submission, plan, None, held).await?;
        let view = Box::new(self.series(submission.actor, series.id).await?);
        Ok(CreateStep::Done(Box::new(if holds {
            Submitted::SeriesHeld { view, not_given }
        } else {
            Submitted::Series { view, not_given }
        })))
    }

    /// A form whose time was chosen from several readings has it in figures from then on.
    async fn with_what_was_chosen<'a>(
        &self,
        mut submission: Submission<'a>,
        question: &Submitted,
    ) -> Result<Submission<'a>, Stop> {
        if let (Submitted::WhichRepeat { start, .. }, true) =
            (question, submission.chosen.is_some())
        {
            let settings = self.settings(submission.actor.guild).await?;
            let zone = self.zone_for(submission.actor.user, &settings).await?;
            if let Some(zone) = zone {
                submission.form.when = moment_in_figures(*start, zone.zone());
            }
        }
        Ok(submission)
    }

    /// Keeps a form until the person who filled it in says how to go on.
    pub(crate) async fn keep_draft(
        &self,
        submission: &Submission<'_>,
        edits: Option<SeenEvent>,
    ) -> Result<(), Stop> {
        let mut form = submission.form.clone();
        if Location::parse(&form.location).is_err() {
            // The form that mends the rest has no field for it.
            form.location.clear();
        }
        let draft =
            Draft { guild: submission.actor.guild, member: submission.actor.user, edits, form };
        Ok(self.store().save_draft(submission.interaction, draft, self.now()).await?)
    }

    /// Keeps a form that was not handed in yet: what a modal cannot carry.
    pub async fn keep_form(
        &self,
        actor: &Actor,
        id: InteractionId,
        form: EventForm,
    ) -> Result<(), Stop> {
        self.organiser_settings(actor).await?;
        check_unseen(&form)?;
        let draft = Draft { guild: actor.guild, member: actor.user, edits: None, form };
        Ok(self.store().save_draft(id, draft, self.now()).await?)
    }

    /// A form that this member filled in before.
    pub async fn draft(&self, actor: &Actor, id: InteractionId) -> Result<Draft, Stop> {
        let draft = self.store().draft(actor.guild, actor.user, id).await?;
        draft.ok_or_else(|| Refusal::DraftGone.into())
    }
}

/// Until when the post of a new event waits: as long as leaves members half of the time to answer.
fn held_until(start: Timestamp, rules: &EventRules, now: Timestamp) -> Timestamp {
    let closes = start.checked_sub(rules.close_before).unwrap_or(now);
    let waits = (closes.duration_since(now) / 2).clamp(SignedDuration::ZERO, EDITOR_HOLDS);
    now.saturating_add(waits).unwrap_or(now)
}

/// The same for a new series; `None` if nothing of it is posted so soon anyway.
fn series_held_until(plan: &SeriesPlan, usual: Time, now: Timestamp) -> Option<Timestamp> {
    let first = plan.beginning_after(now)?;
    let until = held_until(first.at, &plan.made_of.rules, now);
    (plan.post_at(first, usual) < until).then_some(until)
}

enum CreateStep {
    Done(Box<Submitted>),
    Ask(Submitted),
}

/// Where the post goes: the channel chosen, the guild's, or where the command was used.
pub(crate) fn place_for_post(
    submission: &Submission<'_>,
    settings: &GuildSettings,
) -> Result<ChannelId, Refusal> {
    let here = submission.actor.channel;
    let channel = submission.form.channel.or(settings.channel).unwrap_or(here);
    can_post(channel, submission.channels).map(|()| channel)
}

/// Whether events can be posted in a channel, as far as Discord told of it.
pub fn can_post(channel: ChannelId, channels: &[KnownChannel]) -> Result<(), Refusal> {
    let Some(known) = channels.iter().find(|known| known.id == channel) else {
        return Ok(());
    };
    let missing = known.missing();
    match known.kind {
        ChannelKind::Other => Err(Refusal::WrongKindOfChannel(channel)),
        ChannelKind::Messages | ChannelKind::Thread | ChannelKind::Forum if missing.is_empty() => {
            Ok(())
        }
        ChannelKind::Messages | ChannelKind::Thread | ChannelKind::Forum => {
            Err(Refusal::CannotPost(channel, missing))
        }
    }
}
