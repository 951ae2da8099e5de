//! What is kept beside events and for the way to Discord, with a point before and after every step.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, TemplateId, UserId,
};
use muster_domain::reminder::ReminderChoice;
use muster_domain::settings::{GuildSettings, Language, SettingsChange};
use muster_domain::zone::Zone;
use muster_store::StoreError;
use muster_store::model::{
    Arrival, Breakage, Chore, ChoreEnd, Condition, Draft, FailedLine, GivenUp, GivenUpLine, Grant,
    GrantEnd, GrantStep, Kept, MemberData, MemberReminders, NewTemplate, Outlook, Page,
    PlacesInUse, ReminderList, ReminderRequest, RemindersChanged, Retried, SavedSession,
    SavedTemplate, Shard, TemplateKept, TemplateReplaced, TemplateReplacement, TemplateTakenBack,
    TemplateUndo, TroubleReport, Window,
};
use muster_store::port::{
    Chores, Drafts, Grants, Guilds, Privacy, Registrations, Reminders, Sessions, Stored, Templates,
    Troubles, Upkeep,
};

use super::{FaultyStore, failed_sync};
use crate::faults::{MEMBERSHIP, PRESENCE, READING, WRITING};
use crate::plant::Plant;

impl Guilds for FaultyStore {
    async fn guild_arrived(&self, guild: GuildId, at: Timestamp) -> Stored<Arrival> {
        step!(self, MEMBERSHIP, guild_arrived(guild, at))
    }

    async fn guild_left(&self, guild: GuildId, at: Timestamp) -> Stored<()> {
        step!(self, MEMBERSHIP, guild_left(guild, at))
    }

    async fn guilds_present(&self) -> Stored<Vec<GuildId>> {
        step!(self, READING, guilds_present())
    }

    async fn only_guilds(
        &self,
        shard: Shard,
        present: BTreeSet<GuildId>,
        at: Timestamp,
    ) -> Stored<usize> {
        step!(self, PRESENCE, only_guilds(shard, present, at))
    }

    async fn settings(&self, guild: GuildId) -> Stored<GuildSettings> {
        step!(self, READING, settings(guild))
    }

    fn language_at_hand(&self, guild: GuildId) -> Option<Language> {
        self.inner.language_at_hand(guild)
    }

    async fn change_settings(
        &self,
        guild: GuildId,
        change: SettingsChange,
        at: Timestamp,
    ) -> Stored<GuildSettings> {
        step!(self, WRITING, change_settings(guild, change, at))
    }

    async fn member_zone(&self, member: UserId) -> Stored<Option<Zone>> {
        step!(self, READING, member_zone(member))
    }

    async fn set_member_zone(&self, member: UserId, zone: Option<Zone>) -> Stored<()> {
        step!(self, WRITING, set_member_zone(member, zone))
    }
}

impl Troubles for FaultyStore {
    async fn trouble_report(
        &self,
        report: DeliveryId,
        now: Timestamp,
        lines: usize,
    ) -> Stored<TroubleReport> {
        step!(self, READING, trouble_report(report, now, lines))
    }

    async fn failed(
        &self,
        guild: GuildId,
        now: Timestamp,
        window: Window,
    ) -> Stored<Page<FailedLine>> {
        step!(self, READING, failed(guild, now, window))
    }

    async fn given_up(&self, now: Timestamp, window: Window) -> Stored<Page<GivenUpLine>> {
        step!(self, READING, given_up(now, window))
    }

    async fn retry(&self, guild: GuildId, delivery: DeliveryId, at: Timestamp) -> Stored<Retried> {
        step!(self, WRITING, retry(guild, delivery, at))
    }

    async fn outlook(
        &self,
        guild: GuildId,
        now: Timestamp,
        late: Timestamp,
        limit: usize,
    ) -> Stored<Outlook> {
        step!(self, READING, outlook(guild, now, late, limit))
    }

    async fn places_in_use(&self, now: Timestamp, limit: usize) -> Stored<Vec<PlacesInUse>> {
        step!(self, READING, places_in_use(now, limit))
    }

    async fn channel_tested(
        &self,
        guild: GuildId,
        channel: ChannelId,
        found: Option<Breakage>,
        at: Timestamp,
    ) -> Stored<bool> {
        step!(self, WRITING, channel_tested(guild, channel, found, at))
    }

    /// How much is free on the disk is no part of a world that can be replayed.
    async fn condition(&self, at: Timestamp) -> Stored<Condition> {
        let condition = self.inner.condition(at).await?;
        Ok(Condition { free_bytes: None, ..condition })
    }
}

impl Templates for FaultyStore {
    async fn save_template(&self, new: NewTemplate, at: Timestamp) -> Stored<TemplateKept> {
        let new = self.planted.before_template(new);
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
        if self.planted.plant() == Plant::DeletedTemplateStays {
            return step!(self, READING, template(guild, name));
        }
        step!(self, WRITING, delete_template(guild, name, at))
    }

    async fn take_template_back(
        &self,
        guild: GuildId,
        template: TemplateId,
        since: Timestamp,
        at: Timestamp,
    ) -> Stored<TemplateTakenBack> {
        step!(self, WRITING, take_template_back(guild, template, since, at))
    }

    async fn replace_template(
        &self,
        new: TemplateReplacement,
        at: Timestamp,
    ) -> Stored<TemplateReplaced> {
        step!(self, WRITING, replace_template(new, at))
    }

    async fn put_template_back(
        &self,
        guild: GuildId,
        undo: TemplateUndo,
        since: Timestamp,
        at: Timestamp,
    ) -> Stored<TemplateTakenBack> {
        step!(self, WRITING, put_template_back(guild, undo, since, at))
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

    async fn member_reminders(&self, guild: GuildId, member: UserId) -> Stored<MemberReminders> {
        step!(self, READING, member_reminders(guild, member))
    }

    async fn choose_reminders(
        &self,
        guild: GuildId,
        member: UserId,
        choice: ReminderChoice,
        at: Timestamp,
    ) -> Stored<MemberReminders> {
        step!(self, WRITING, choose_reminders(guild, member, choice, at))
    }

    async fn who_came_before(&self, guild: GuildId, event: EventId) -> Stored<Vec<UserId>> {
        step!(self, READING, who_came_before(guild, event))
    }
}

impl Grants for FaultyStore {
    async fn plan_grants(&self, now: Timestamp, limit: usize) -> Stored<usize> {
        step!(self, WRITING, plan_grants(now, limit))
    }

    async fn due_grants(&self, now: Timestamp, limit: usize) -> Stored<Vec<Grant>> {
        let mut due = step!(self, READING, due_grants(now, limit))?;
        if self.planted.plant() == Plant::RoleKept {
            due.retain(|grant| matches!(grant.step, GrantStep::Give { .. }));
        }
        Ok(due)
    }

    async fn next_grant(&self) -> Stored<Option<Timestamp>> {
        let next = step!(self, READING, next_grant())?;
        // What is never due is not waited for either.
        Ok(next.filter(|_| self.planted.plant() != Plant::RoleKept))
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

    async fn given_up_chores(
        &self,
        guild: GuildId,
        now: Timestamp,
        limit: usize,
    ) -> Stored<Vec<GivenUp>> {
        step!(self, READING, given_up_chores(guild, now, limit))
    }

    async fn retry_chores(&self, guild: GuildId, at: Timestamp) -> Stored<()> {
        step!(self, WRITING, retry_chores(guild, at))
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

    async fn broken(&self) -> StoreError {
        tokio::select! {
            biased;
            () = self.has_failed.wait() => failed_sync(),
            error = self.inner.broken() => error,
        }
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
        let mut held = step!(self, READING, held_on(member))?;
        if self.planted.plant() == Plant::DataForgetsAnAnswer {
            held.answers.pop();
        }
        Ok(held)
    }

    async fn erase_member(&self, member: UserId, at: Timestamp) -> Stored<()> {
        step!(self, WRITING, erase_member(member, at))
    }
}

impl Sessions for FaultyStore {
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
}

impl Registrations for FaultyStore {
    async fn registered_commands(&self, application: UserId) -> Stored<Option<String>> {
        step!(self, READING, registered_commands(application))
    }

    async fn commands_registered(&self, application: UserId, fingerprint: String) -> Stored<()> {
        step!(self, WRITING, commands_registered(application, fingerprint))
    }
}
