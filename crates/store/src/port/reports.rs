//! What organisers look back on: who was there, and reports.

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, UserId};

use super::Stored;
use crate::model::{
    CheckInSecret, EventReport, MarkOutcome, MarkRequest, MemberReport, MemberReportRequest,
    Presence, PresenceList, Report, ReportLimits, ReportRequest, UnmarkRequest, Window,
};

/// Who was there.
pub trait Presences: Send + Sync + 'static {
    /// Marks whether members were there, once per interaction. Only who has a place in an event
    /// can be marked.
    fn mark(&self, request: MarkRequest) -> impl Future<Output = Stored<MarkOutcome>> + Send;

    /// Takes back the marks that an interaction made, as far as they still stand; returns how
    /// many. Doing so is a mark, too.
    fn unmark(&self, request: UnmarkRequest) -> impl Future<Output = Stored<usize>> + Send;

    /// A page of who has a place, with their marks; `None` if the guild has no such event.
    fn presences(
        &self,
        guild: GuildId,
        event: EventId,
        window: Window,
    ) -> impl Future<Output = Stored<Option<PresenceList>>> + Send;

    /// From what the codes of an event are derived: `fresh`, or what it was before. `None` if the
    /// guild has no such event.
    fn check_in_secret(
        &self,
        guild: GuildId,
        event: EventId,
        fresh: CheckInSecret,
    ) -> impl Future<Output = Stored<Option<CheckInSecret>>> + Send;

    /// How a member is marked.
    fn presence_of(
        &self,
        event: EventId,
        member: UserId,
    ) -> impl Future<Output = Stored<Option<Presence>>> + Send;
}

/// Numbers to look back on.
pub trait Reports: Send + Sync + 'static {
    /// Some days of a guild.
    fn report(&self, request: ReportRequest) -> impl Future<Output = Stored<Report>> + Send;

    /// One event; `None` if the guild has no such event. Who came since then counts as seen.
    fn event_report(
        &self,
        guild: GuildId,
        event: EventId,
        seen_since: Timestamp,
        limits: ReportLimits,
    ) -> impl Future<Output = Stored<Option<EventReport>>> + Send;

    /// One member over some weeks.
    fn member_report(
        &self,
        request: MemberReportRequest,
    ) -> impl Future<Output = Stored<MemberReport>> + Send;
}
