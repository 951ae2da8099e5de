//! What is kept beside events: forms under way, templates, what is known of a member, and for how
//! long all of it stays.

use jiff::Timestamp;
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, TemplateId, UserId,
};
use muster_domain::reminder::ReminderChoice;

use super::{Presences, Registrations, Reports, Sessions, Stored};
use crate::error::StoreError;
use crate::model::{
    Breakage, Chore, ChoreEnd, Condition, Draft, FailedLine, GivenUp, GivenUpLine, Grant, GrantEnd,
    Kept, MemberData, MemberReminders, NewTemplate, Outlook, Page, PlacesInUse, ReminderList,
    ReminderRequest, RemindersChanged, Retried, SavedTemplate, TemplateKept, TemplateReplaced,
    TemplateReplacement, TemplateTakenBack, TemplateUndo, TroubleReport, Window,
};

/// The reminders of guilds and of events.
pub trait Reminders: Send + Sync + 'static {
    /// The reminders of an event, or of all events of a guild that have none of their own; `None`
    /// if the guild has no such event.
    fn reminders(
        &self,
        guild: GuildId,
        event: Option<EventId>,
    ) -> impl Future<Output = Stored<Option<ReminderList>>> + Send;

    /// Changes them. What is due by then goes out as it was planned; what the new list would have
    /// had due before counts as done.
    fn change_reminders(
        &self,
        request: ReminderRequest,
    ) -> impl Future<Output = Stored<RemindersChanged>> + Send;

    /// What a member chose about the reminders of a guild.
    fn member_reminders(
        &self,
        guild: GuildId,
        member: UserId,
    ) -> impl Future<Output = Stored<MemberReminders>> + Send;

    /// A member chooses; returns everything as it is now. Reminders that wait to go to a member who
    /// wants no direct messages any more are skipped.
    fn choose_reminders(
        &self,
        guild: GuildId,
        member: UserId,
        choice: ReminderChoice,
        at: Timestamp,
    ) -> impl Future<Output = Stored<MemberReminders>> + Send;

    /// Those who came to events of the guild lately and have not answered this one, those who came
    /// last first: at most [`muster_domain::limits::MENTIONS_MAX`] and one more. Nobody, if the
    /// guild has no such event.
    fn who_came_before(
        &self,
        guild: GuildId,
        event: EventId,
    ) -> impl Future<Output = Stored<Vec<UserId>>> + Send;
}

/// Forms that wait for an answer of the person who filled them in.
pub trait Drafts: Send + Sync + 'static {
    /// Keeps a form under the interaction that it came with, for a day. Saving under the same
    /// interaction again replaces it.
    fn save_draft(
        &self,
        id: InteractionId,
        draft: Draft,
        at: Timestamp,
    ) -> impl Future<Output = Stored<()>> + Send;

    /// A form that this member filled in for this guild; `None` if it is kept no longer, or is
    /// somebody else's.
    fn draft(
        &self,
        guild: GuildId,
        member: UserId,
        id: InteractionId,
    ) -> impl Future<Output = Stored<Option<Draft>>> + Send;
}

/// What events of a guild are made of again and again, under names.
pub trait Templates: Send + Sync + 'static {
    /// Saves a template under a name that the guild has not given yet, in whatever case.
    fn save_template(
        &self,
        new: NewTemplate,
        at: Timestamp,
    ) -> impl Future<Output = Stored<TemplateKept>> + Send;

    /// The guild's template of this name, in any case.
    fn template(
        &self,
        guild: GuildId,
        name: &str,
    ) -> impl Future<Output = Stored<Option<SavedTemplate>>> + Send;

    /// A guild's templates whose name contains `words`, in any case, by name.
    fn templates(
        &self,
        guild: GuildId,
        words: &str,
        window: Window,
    ) -> impl Future<Output = Stored<Page<SavedTemplate>>> + Send;

    /// Deletes the guild's template of this name, in any case; `None` if there is none. It can be
    /// brought back until it is deleted for good.
    fn delete_template(
        &self,
        guild: GuildId,
        name: &str,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Option<SavedTemplate>>> + Send;

    /// Deletes the guild's template of this identity at `at`, if it was saved at `since` or later.
    fn take_template_back(
        &self,
        guild: GuildId,
        template: TemplateId,
        since: Timestamp,
        at: Timestamp,
    ) -> impl Future<Output = Stored<TemplateTakenBack>> + Send;

    /// Saves a template under the name of another one of the guild, which is deleted.
    fn replace_template(
        &self,
        new: TemplateReplacement,
        at: Timestamp,
    ) -> impl Future<Output = Stored<TemplateReplaced>> + Send;

    /// Takes a replacement among the guild's templates back at `at`, if the new one was saved at
    /// `since` or later.
    fn put_template_back(
        &self,
        guild: GuildId,
        undo: TemplateUndo,
        since: Timestamp,
        at: Timestamp,
    ) -> impl Future<Output = Stored<TemplateTakenBack>> + Send;

    /// Brings a deleted template of the guild back.
    fn restore_template(
        &self,
        guild: GuildId,
        template: TemplateId,
    ) -> impl Future<Output = Stored<TemplateKept>> + Send;
}

/// What is kept on one member, over all guilds.
pub trait Privacy: Send + Sync + 'static {
    /// Everything that is kept on a member.
    fn held_on(&self, member: UserId) -> impl Future<Output = Stored<MemberData>> + Send;

    /// Erases everything on a member that was kept until now. Rosters and histories keep a place
    /// without a name, so that their counts stay true; posts that named the member are stale.
    ///
    /// It is done in pieces. Once begun it is finished, at the next start if not before, and done
    /// again if the database is replaced by an older one.
    fn erase_member(
        &self,
        member: UserId,
        at: Timestamp,
    ) -> impl Future<Output = Stored<()>> + Send;
}

/// Roles that members have while they are coming.
pub trait Grants: Send + Sync + 'static {
    /// Plans what follows from the rosters that have changed, at most `limit`; returns how many.
    fn plan_grants(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<usize>> + Send;

    /// Roles to be given or taken, those that wait longest first, at most `limit`.
    fn due_grants(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<Grant>>> + Send;

    /// When the next one is due; `None` if none is.
    fn next_grant(&self) -> impl Future<Output = Stored<Option<Timestamp>>> + Send;

    /// Notes that Discord is about to be asked; false if it is not to be asked any more.
    fn grant_asked(&self, grant: Grant) -> impl Future<Output = Stored<bool>> + Send;

    /// Notes how it ended. What is wanted otherwise by now stays to be done.
    fn grant_ended(&self, grant: Grant, end: GrantEnd) -> impl Future<Output = Stored<()>> + Send;
}

/// What is to be done about posts beside sending and editing them.
pub trait Chores: Send + Sync + 'static {
    /// Chores that are due, those that wait longest first, at most `limit`.
    fn due_chores(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<Chore>>> + Send;

    /// When the next one is due; `None` if none is.
    fn next_chore(&self) -> impl Future<Output = Stored<Option<Timestamp>>> + Send;

    /// Notes how an attempt ended, and what that means for the post.
    fn chore_ended(
        &self,
        chore: Chore,
        end: ChoreEnd,
        at: Timestamp,
    ) -> impl Future<Output = Stored<()>> + Send;

    /// Chores of a guild that were given up and are of use still, the latest first, at most
    /// `limit`. They are kept for thirty days.
    fn given_up_chores(
        &self,
        guild: GuildId,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<GivenUp>>> + Send;

    /// Has all chores of a guild done again that were given up.
    fn retry_chores(
        &self,
        guild: GuildId,
        at: Timestamp,
    ) -> impl Future<Output = Stored<()>> + Send;

    /// Remembers that these channels of a guild are forums.
    fn note_forums(
        &self,
        guild: GuildId,
        channels: Vec<ChannelId>,
    ) -> impl Future<Output = Stored<()>> + Send;
}

/// Letting go of what is kept no longer.
pub trait Upkeep: Send + Sync + 'static {
    /// From when on something can be deleted for good; `None` if there is nothing that ever will.
    fn next_purge(&self, kept: Kept) -> impl Future<Output = Stored<Option<Timestamp>>> + Send;

    /// Deletes for good what has been kept for as long as was promised: guilds that removed the
    /// bot, deleted templates, events that were cancelled or whose creation was taken back, and
    /// those that are over for longer than their guild keeps them. A bounded piece at a time, of
    /// which nobody sees half; true while there may be more.
    fn purge(&self, kept: Kept, now: Timestamp) -> impl Future<Output = Stored<bool>> + Send;

    /// Waits until a write could not be made durable, whoever was told of it; returns the error.
    /// From then on nothing can be trusted but the disk, every method fails with it, and the
    /// process has to end.
    fn broken(&self) -> impl Future<Output = StoreError> + Send;
}

/// What is listed at most of what was given up in all guilds: more is a fault of one kind, which
/// whoever operates the bot mends first.
pub const GIVEN_UP_LISTED_MAX: usize = 1_000;

/// What went wrong, and how to find out.
pub trait Troubles: Send + Sync + 'static {
    /// What a report tells by now, of each kind at most `lines`.
    fn trouble_report(
        &self,
        report: DeliveryId,
        now: Timestamp,
        lines: usize,
    ) -> impl Future<Output = Stored<TroubleReport>> + Send;

    /// Messages about a guild's events that did not go out or of which nobody knows whether they
    /// did, those that ended last first. What members alone would have got is left out.
    fn failed(
        &self,
        guild: GuildId,
        now: Timestamp,
        window: Window,
    ) -> impl Future<Output = Stored<Page<FailedLine>>> + Send;

    /// What was given up in all guilds that the bot is in: messages as [`Troubles::failed`] has
    /// them, chores as [`Chores::given_up_chores`] has them, the latest first. Of more than
    /// [`GIVEN_UP_LISTED_MAX`] the earlier ones are not listed, nor counted.
    fn given_up(
        &self,
        now: Timestamp,
        window: Window,
    ) -> impl Future<Output = Stored<Page<GivenUpLine>>> + Send;

    /// Makes a failed message of this guild due again, if it is still worth sending. What may have
    /// arrived is looked for before it is sent.
    fn retry(
        &self,
        guild: GuildId,
        delivery: DeliveryId,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Retried>> + Send;

    /// What a guild's events to come need, of each kind at most `limit`, and how its deliveries
    /// are. Overdue is what was due before `late`.
    fn outlook(
        &self,
        guild: GuildId,
        now: Timestamp,
        late: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Outlook>> + Send;

    /// The channels that guilds use, those first in which something is due soonest, at most `limit`
    /// in all.
    fn places_in_use(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<PlacesInUse>>> + Send;

    /// A channel was tested: something is wrong, of which the organisers are told once, or it
    /// works; then what waits for it is due at once. Returns whether anything is due by that.
    fn channel_tested(
        &self,
        guild: GuildId,
        channel: ChannelId,
        found: Option<Breakage>,
        at: Timestamp,
    ) -> impl Future<Output = Stored<bool>> + Send;

    /// How the database is. Looking takes a while in a large one, so that an answer is kept for
    /// ten minutes.
    fn condition(&self, at: Timestamp) -> impl Future<Output = Stored<Condition>> + Send;
}

/// What is kept beside events.
pub trait Records
where
    Self: Drafts + Templates + Reminders + Grants + Chores + Privacy,
    Self: Upkeep + Presences + Reports + Troubles + Sessions + Registrations,
{
}

impl<T> Records for T where
    T: Drafts
        + Templates
        + Reminders
        + Grants
        + Chores
        + Privacy
        + Upkeep
        + Presences
        + Reports
        + Troubles
        + Sessions
        + Registrations
{
}
