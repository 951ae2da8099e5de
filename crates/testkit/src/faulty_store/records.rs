//! What is kept beside events and for the way to Discord, with a point before and after every step.

use jiff::Timestamp;
use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, TemplateId, UserId};
use muster_store::model::{
    Chore, ChoreEnd, Draft, GivenUp, Grant, GrantEnd, Kept, MemberData, NewTemplate, Page,
    ReminderList, ReminderRequest, RemindersChanged, SavedSession, SavedTemplate, TemplateKept,
    Window,
};
use muster_store::port::{
    Chores, Connections, Drafts, Grants, Privacy, Reminders, Stored, Templates, Upkeep,
};

use super::FaultyStore;
use crate::faults::{READING, WRITING};
use crate::plant::Plant;

impl Templates for FaultyStore {
    async fn save_template(&self, new: NewTemplate, at: Timestamp) -> Stored<TemplateKept> {
        step!(self, WRITING, save_template(new, at))
    }

    async fn template(&self, guild: GuildId, name: &str) -> Stored<Option<SavedTemplate>> {
        step!(self, READING, template(guild, name))
    }

    async fn templates(
        &self,
        guild: GuildId,
        words: &str,
        window: Window,
    ) -> Stored<Page<SavedTemplate>> {
        step!(self, READING, templates(guild, words, window))
    }

    async fn delete_template(
        &self,
        guild: GuildId,
        name: &str,
        at: Timestamp,
    ) -> Stored<Option<SavedTemplate>> {
        step!(self, WRITING, delete_template(guild, name, at))
    }

    async fn restore_template(&self, guild: GuildId, template: TemplateId) -> Stored<TemplateKept> {
        step!(self, WRITING, restore_template(guild, template))
    }
}

impl Reminders for FaultyStore {
    async fn reminders(
        &self,
        guild: GuildId,
        event: Option<EventId>,
    ) -> Stored<Option<ReminderList>> {
        step!(self, READING, reminders(guild, event))
    }

    async fn change_reminders(&self, request: ReminderRequest) -> Stored<RemindersChanged> {
        step!(self, WRITING, change_reminders(request))
    }
}

impl Grants for FaultyStore {
    async fn plan_grants(&self, now: Timestamp, limit: usize) -> Stored<usize> {
        step!(self, WRITING, plan_grants(now, limit))
    }

    async fn due_grants(&self, now: Timestamp, limit: usize) -> Stored<Vec<Grant>> {
        step!(self, READING, due_grants(now, limit))
    }

    async fn next_grant(&self) -> Stored<Option<Timestamp>> {
        step!(self, READING, next_grant())
    }

    async fn grant_asked(&self, grant: Grant) -> Stored<bool> {
        step!(self, WRITING, grant_asked(grant))
    }

    async fn grant_ended(&self, grant: Grant, end: GrantEnd) -> Stored<()> {
        step!(self, WRITING, grant_ended(grant, end))
    }
}

impl Chores for FaultyStore {
    async fn due_chores(&self, now: Timestamp, limit: usize) -> Stored<Vec<Chore>> {
        step!(self, READING, due_chores(now, limit))
    }

    async fn next_chore(&self) -> Stored<Option<Timestamp>> {
        step!(self, READING, next_chore())
    }

    async fn chore_ended(&self, chore: Chore, end: ChoreEnd, at: Timestamp) -> Stored<()> {
        step!(self, WRITING, chore_ended(chore, end, at))
    }

    async fn given_up_chores(&self, guild: GuildId, limit: usize) -> Stored<Vec<GivenUp>> {
        step!(self, READING, given_up_chores(guild, limit))
    }

    async fn note_forums(&self, guild: GuildId, channels: Vec<ChannelId>) -> Stored<()> {
        step!(self, WRITING, note_forums(guild, channels))
    }
}

impl Upkeep for FaultyStore {
    async fn next_purge(&self, kept: Kept) -> Stored<Option<Timestamp>> {
        step!(self, READING, next_purge(kept))
    }

    async fn purge(&self, kept: Kept, now: Timestamp) -> Stored<bool> {
        if self.planted.plant() == Plant::KeptForEver {
            return Ok(false);
        }
        step!(self, WRITING, purge(kept, now))
    }
}

impl Drafts for FaultyStore {
    async fn save_draft(&self, id: InteractionId, draft: Draft, at: Timestamp) -> Stored<()> {
        step!(self, WRITING, save_draft(id, draft, at))
    }

    async fn draft(
        &self,
        guild: GuildId,
        member: UserId,
        id: InteractionId,
    ) -> Stored<Option<Draft>> {
        step!(self, READING, draft(guild, member, id))
    }
}

impl Privacy for FaultyStore {
    async fn held_on(&self, member: UserId) -> Stored<MemberData> {
        step!(self, READING, held_on(member))
    }

    async fn erase_member(&self, member: UserId, at: Timestamp) -> Stored<()> {
        step!(self, WRITING, erase_member(member, at))
    }
}

impl Connections for FaultyStore {
    async fn session(&self, shard: u32) -> Stored<Option<SavedSession>> {
        step!(self, READING, session(shard))
    }

    async fn save_session(&self, shard: u32, session: Option<SavedSession>) -> Stored<()> {
        step!(self, WRITING, save_session(shard, session))
    }

    async fn identifies_since(&self, since: Timestamp) -> Stored<Vec<Timestamp>> {
        step!(self, READING, identifies_since(since))
    }

    async fn record_identify(&self, at: Timestamp) -> Stored<()> {
        step!(self, WRITING, record_identify(at))
    }

    async fn registered_commands(&self, application: UserId) -> Stored<Option<String>> {
        step!(self, READING, registered_commands(application))
    }

    async fn commands_registered(&self, application: UserId, fingerprint: String) -> Stored<()> {
        step!(self, WRITING, commands_registered(application, fingerprint))
    }
}
