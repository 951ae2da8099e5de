//! Who was there, and reports, with a point before and after every step.

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, UserId};
use muster_store::model::{
    CheckInSecret, EventReport, MarkOutcome, MarkRequest, MemberReport, MemberReportRequest,
    Presence, PresenceList, Report, ReportLimits, ReportRequest, UnmarkRequest, Window,
};
use muster_store::port::{Presences, Reports, Stored};

use super::FaultyStore;
use crate::faults::{READING, WRITING};

impl Presences for FaultyStore {
    async fn mark(&self, request: MarkRequest) -> Stored<MarkOutcome> {
        step!(self, WRITING, mark(request))
    }

    async fn unmark(&self, request: UnmarkRequest) -> Stored<usize> {
        step!(self, WRITING, unmark(request))
    }

    async fn presences(
        &self,
        guild: GuildId,
        event: EventId,
        window: Window,
    ) -> Stored<Option<PresenceList>> {
        step!(self, READING, presences(guild, event, window))
    }

    async fn check_in_secret(
        &self,
        guild: GuildId,
        event: EventId,
        fresh: CheckInSecret,
    ) -> Stored<Option<CheckInSecret>> {
        step!(self, WRITING, check_in_secret(guild, event, fresh))
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

    async fn member_report(&self, request: MemberReportRequest) -> Stored<MemberReport> {
        step!(self, READING, member_report(request))
    }
}
