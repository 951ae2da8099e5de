//! Who was there, and reports, with a point before and after every step.

use std::ops::Range;

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, InteractionId, UserId};
use muster_store::model::{
    EventReport, MarkOutcome, MarkRequest, MemberReport, Presence, PresenceList, Report,
    ReportLimits, ReportRequest, Window,
};
use muster_store::port::{Presences, Reports, Stored};

use super::FaultyStore;
use crate::faults::{READING, WRITING};

impl Presences for FaultyStore {
    async fn mark(&self, request: MarkRequest) -> Stored<MarkOutcome> {
        step!(self, WRITING, mark(request))
    }

    async fn unmark(
        &self,
        guild: GuildId,
        event: EventId,
        made_with: InteractionId,
        by: (UserId, InteractionId),
        at: Timestamp,
    ) -> Stored<usize> {
        step!(self, WRITING, unmark(guild, event, made_with, by, at))
    }

    async fn presences(
        &self,
        guild: GuildId,
        event: EventId,
        window: Window,
    ) -> Stored<Option<PresenceList>> {
        step!(self, READING, presences(guild, event, window))
    }

    async fn presence_of(&self, event: EventId, member: UserId) -> Stored<Option<Presence>> {
        step!(self, READING, presence_of(event, member))
    }
}

impl Reports for FaultyStore {
    async fn report(&self, request: ReportRequest) -> Stored<Report> {
        step!(self, READING, report(request))
    }

    async fn event_report(
        &self,
        guild: GuildId,
        event: EventId,
        seen_since: Timestamp,
        limits: ReportLimits,
    ) -> Stored<Option<EventReport>> {
        step!(self, READING, event_report(guild, event, seen_since, limits))
    }

    async fn member_report(
        &self,
        guild: GuildId,
        member: UserId,
        weeks: Vec<Range<Timestamp>>,
        now: Timestamp,
        limits: ReportLimits,
    ) -> Stored<MemberReport> {
        step!(self, READING, member_report(guild, member, weeks, now, limits))
    }
}
