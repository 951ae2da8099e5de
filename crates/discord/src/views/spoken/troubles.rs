//! What organisers are told of what went wrong, and `/doctor`.

use jiff::SignedDuration;
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, DeliveryId, EventId, RoleId};
use muster_domain::notice::News;
use muster_domain::rights::Permissions;
use muster_engine::create::ChannelKind;
use muster_engine::discord::ChannelFound;
use muster_engine::doctor::{ChannelUse, Checkup, Finding, RetryEnd, Undone};
use muster_store::model::{
    Breakage, BrokenChannel, ChoreKind, FailedCause, FailedLine, GonePost, MissedLine,
    TroubleReport, UnreadableKind,
};

use super::*;
use crate::views::samples::{NEWS, page};
use crate::views::{doctor, troubles};

const CHANNEL: ChannelId = ChannelId::new(3);

const CAUSES: [FailedCause; 5] = [
    FailedCause::ChannelGone,
    FailedCause::Forbidden,
    FailedCause::NoPost,
    FailedCause::Refused,
    FailedCause::Unclear,
];

fn title() -> Title {
    Title::parse("1*").unwrap()
}

/// A message of each kind that did not go out, for each reason.
fn failed() -> Vec<FailedLine> {
    let all = NEWS.into_iter().map(Some).chain([None]);
    let of = |(number, news): (usize, Option<News>)| FailedLine {
        delivery: DeliveryId::new(7),
        event: EventId::new(7),
        title: title(),
        news,
        channel: (number % 2 == 0).then_some(CHANNEL),
        due: NOW,
        cause: CAUSES[number % CAUSES.len()],
        worth_it: number % 3 == 0,
    };
    all.enumerate().map(of).collect()
}

#[test]
fn what_went_wrong_is_told_in_the_language_of_the_guild() {
    let failed = failed();
    let missed = failed.iter().map(|line| MissedLine {
        event: line.event,
        title: title(),
        news: line.news,
        due: NOW,
    });
    let missed: Vec<_> = missed.collect();
    let breakages = [Breakage::Gone, Breakage::Refuses, Breakage::Lacks];
    let broken = breakages.map(|breakage| BrokenChannel { channel: CHANNEL, breakage, since: NOW });
    let gone = GonePost { event: EventId::new(7), title: title(), channel: CHANNEL };
    let report = TroubleReport {
        missed: page(missed.clone(), 60),
        unknown: page(missed, 60),
        failed: page(failed, 60),
        broken: page(broken.to_vec(), 60),
        gone: page(vec![gone], 60),
        empty_week: true,
    };
    let all = [Permissions(1 << 3), Permissions::TO_POST, Permissions::default()];
    let there = all
        .map(|permissions| Some(ChannelFound::There { permissions, kind: ChannelKind::Messages }));
    for found in there.into_iter().chain([Some(ChannelFound::Gone), None]) {
        let channels: Vec<_> = found.map(|found| (CHANNEL, found)).into_iter().collect();
        is_all_made_up(&troubles::report(words(), &report, &channels, DeliveryId::new(9)));
    }
}

/// What can be found, whatever it is about.
fn findings() -> Vec<Finding> {
    let role = RoleId::new(5);
    let mut all = vec![
        Finding::DiscordSilent,
        Finding::MentionGone(role),
        Finding::MayNotMention(CHANNEL, role),
        Finding::NoThreads(CHANNEL, Permissions::FOR_THREADS),
        Finding::MembersRefused,
        Finding::RoleUnknown(role),
        Finding::Overdue(1),
        Finding::Overdue(2),
        Finding::PostGone(EventId::new(7), title(), CHANNEL),
        Finding::ClockOff(SignedDuration::from_secs(12)),
        Finding::ClockOff(SignedDuration::from_secs(-12)),
        Finding::DatabaseUnsound,
        Finding::LittleSpace,
        Finding::DatabaseBusy,
        Finding::ClosedToUs(1),
        Finding::ClosedToUs(2),
        Finding::NoZone,
        Finding::NoAdminChannel,
    ];
    let uses = [ChannelUse::Events, ChannelUse::Organisers, ChannelUse::Posts, ChannelUse::Series];
    all.extend(uses.map(|used| Finding::ChannelGone(CHANNEL, used)));
    all.extend(uses.map(|used| Finding::CannotWrite(CHANNEL, used, Permissions::TO_POST)));
    all.extend(uses.map(|used| Finding::Lacks(CHANNEL, used, Permissions::EMBED_LINKS)));
    let reasons = [
        NotGiven::NoSuchRole,
        NotGiven::Managed,
        NotGiven::HasPower,
        NotGiven::NotYours,
        NotGiven::BotMayNot,
        NotGiven::AboveBot,
    ];
    all.extend(reasons.map(|reason| Finding::RoleNotGiven(role, reason)));
    let kinds = [
        UnreadableKind::Series,
        UnreadableKind::Event,
        UnreadableKind::Delivery,
        UnreadableKind::Guild,
    ];
    all.extend(kinds.map(|kind| Finding::Unreadable(kind, Some(title()))));
    all.extend(kinds.map(|kind| Finding::Unreadable(kind, None)));
    let chores = [
        ChoreKind::OpenThread,
        ChoreKind::RenameThread,
        ChoreKind::DeleteMessage,
        ChoreKind::ArchiveThread,
    ];
    for (kind, cause) in chores.into_iter().zip(CAUSES) {
        for missing in [Permissions::default(), Permissions::MANAGE_THREADS] {
            let (title, channel) = (title(), CHANNEL);
            all.push(Finding::GivenUp(Undone { kind, title, channel, cause, missing }));
        }
    }
    all
}

#[test]
fn the_doctor_speaks_the_language_of_the_guild() {
    let well = Checkup {
        findings: Vec::new(),
        failed: page(Vec::new(), 0),
        page: 0,
        channels: 3,
        untested: 0,
        roles: 1,
        next_due: Some(NOW),
        at: NOW,
    };
    let ends = [
        RetryEnd::Sent,
        RetryEnd::UnderWay,
        RetryEnd::RefusedAgain,
        RetryEnd::StillUnclear,
        RetryEnd::NotWorthIt,
        RetryEnd::NoPost,
        RetryEnd::NoSuch,
    ];
    for end in ends {
        is_all_made_up(&doctor::panel(words(), &well, Some(end)));
    }
    let findings = findings();
    for some in findings.chunks(1).chain([&findings[..], &[]]) {
        for (failed, untested) in [(Vec::new(), 1), (failed(), 7)] {
            let total = 3 * failed.len();
            let findings = some.to_vec();
            let failed = page(failed, total);
            let found = Checkup { findings, failed, untested, page: 1, ..well.clone() };
            is_all_made_up(&doctor::panel(words(), &found, None));
        }
    }
    is_all_made_up(&serde_json::json!({ "content": doctor::elsewhere(words()) }));
}
