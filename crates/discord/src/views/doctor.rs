//! `/doctor`: what works in a server and what does not, with what to do, and messages that failed.

use jiff::SignedDuration;
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, RoleId};
use muster_domain::rights::Permissions;
use muster_domain::text::Title;
use muster_engine::doctor::{ChannelUse, Checkup, Finding, RetryEnd, Severity, Undone};
use muster_engine::limits::FAILED_ROWS;
use muster_store::model::{ChoreKind, FailedCause, FailedLine, UnreadableKind};

use crate::custom_id::Action;
use crate::views::message::{Button, Component, Message, Style};
use crate::views::messages::{Key, Words};
use crate::views::pager::Pager;
use crate::views::permissions;
use crate::views::text::relative;
use crate::views::troubles::{
    cannot_write, gone_channel, lacks, mentioned, named, to_allow, what, why,
};

const GREEN: u32 = 0x57_F2_87;
const YELLOW: u32 = 0xFE_E7_5C;
const RED: u32 = 0xED_42_45;

/// Findings shown at once: with the list of failed messages, what the panel holds. The worst come
/// first, and others show when those are mended.
const FINDINGS_MAX: usize = 9;

/// What is there to say about a message that was tried again.
#[must_use]
pub fn retried(words: Words, end: RetryEnd) -> &'static str {
    words.plain(match end {
        RetryEnd::Sent => Key::DoctorRetriedSent,
        RetryEnd::UnderWay => Key::DoctorRetriedGoing,
        RetryEnd::RefusedAgain => Key::DoctorRetriedRefused,
        RetryEnd::StillUnclear => Key::DoctorRetriedUnclear,
        RetryEnd::NotWorthIt => Key::DoctorRetriedLate,
        RetryEnd::NoPost => Key::DoctorRetriedPostless,
        RetryEnd::NoSuch => Key::DoctorRetriedNone,
    })
}

/// The panel, with what was done just before.
#[must_use]
pub fn panel(words: Words, checkup: &Checkup, done: Option<RetryEnd>) -> Message {
    let mut parts = vec![Component::text(words.plain(Key::DoctorTitle))];
    parts.extend(done.map(|end| Component::text(retried(words, end))));
    parts.push(Component::text(findings(words, checkup)));
    parts.extend(failed(words, checkup));
    parts.push(Component::separator());
    parts.push(Component::text(tested(words, checkup)));
    parts.push(Component::buttons(buttons(words, checkup)));
    Message::panel(vec![Component::container(colour(checkup), parts)])
}

fn colour(checkup: &Checkup) -> u32 {
    match checkup.findings.iter().map(Finding::severity).min() {
        Some(Severity::Broken) => RED,
        Some(Severity::Warning) => YELLOW,
        _ if checkup.failed.total > 0 => YELLOW,
        Some(Severity::Note) | None => GREEN,
    }
}

fn findings(words: Words, checkup: &Checkup) -> String {
    let is_fine = checkup.findings.iter().all(|finding| finding.severity() == Severity::Note);
    let mut lines = Vec::new();
    if is_fine && checkup.failed.total == 0 {
        // That all works, or all that was tested.
        let well = if checkup.untested == 0 { Key::DoctorWell } else { Key::DoctorWellTested };
        lines.push(words.plain(well).to_owned());
    }
    let shown = checkup.findings.iter().take(FINDINGS_MAX);
    lines.extend(shown.map(|finding| format!("{} {}", sign(finding), found(words, finding))));
    let more = checkup.findings.len().saturating_sub(FINDINGS_MAX);
    if more > 0 {
        lines.push(words.counted(Key::DoctorMore, more));
    }
    if lines.is_empty() {
        lines.push(words.plain(Key::DoctorWellNow).to_owned());
    }
    lines.join("\n")
}

const fn sign(finding: &Finding) -> &'static str {
    match finding.severity() {
        Severity::Broken => "🔴",
        Severity::Warning => "🟡",
        Severity::Note => "🔹",
    }
}

/// What was found, and what to do.
fn found(words: Words, finding: &Finding) -> String {
    let plain = |key| words.plain(key).to_owned();
    let about = |key, role: RoleId| words.filled(key, &[("role", &called(role))]);
    match finding {
        Finding::DiscordSilent => plain(Key::DoctorSilent),
        Finding::ChannelGone(channel, used) => of(words, *used) + &gone_channel(words, *channel),
        Finding::CannotWrite(channel, used, missing) => {
            of(words, *used) + &cannot_write(words, *channel, *missing)
        }
        Finding::Lacks(channel, used, missing) => {
            of(words, *used) + &lacks(words, *channel, *missing)
        }
        Finding::MentionGone(role) => {
            words.filled(Key::DoctorMentionGone, &[("role", &role.to_string())])
        }
        Finding::MayNotMention(channel, role) => may_not_mention(words, *channel, *role),
        Finding::RoleNotGiven(role, reason) => not_given(words, *role, *reason),
        Finding::NoThreads(channel, missing) => {
            to_allow(words, Key::DoctorThreads, *channel, *missing)
        }
        Finding::GivenUp(undone) => given_up(words, undone),
        Finding::MembersRefused => plain(Key::DoctorMembers),
        Finding::RoleUnknown(role) => about(Key::DoctorRoleUnknown, *role),
        Finding::Unreadable(kind, title) => unreadable(words, *kind, title.as_ref()),
        Finding::Overdue(count) => words.counted(Key::DoctorOverdue, *count),
        Finding::PostGone(_, title, channel) => {
            let (title, channel) = (named(title.as_str()), mentioned(*channel));
            words.filled(Key::DoctorPost, &[("title", &title), ("channel", &channel)])
        }
        Finding::ClockOff(ahead) => clock(words, *ahead),
        Finding::DatabaseUnsound => plain(Key::DoctorDatabaseDamaged),
        Finding::LittleSpace => plain(Key::DoctorSpace),
        Finding::DatabaseBusy => plain(Key::DoctorDatabaseBusy),
        Finding::ClosedToUs(count) => words.counted(Key::DoctorDirect, *count),
        Finding::NoZone => plain(Key::DoctorZone),
        Finding::NoAdminChannel => plain(Key::DoctorAdmin),
    }
}

fn may_not_mention(words: Words, channel: ChannelId, role: RoleId) -> String {
    let (role, channel) = (called(role), mentioned(channel));
    let permissions = permissions::listed(words, Permissions::MENTION_EVERYONE);
    let values = [("role", role.as_str()), ("channel", &channel), ("permissions", &permissions)];
    words.filled(Key::DoctorMentionForbidden, &values)
}

/// What could not be done about a post, and what to do.
fn given_up(words: Words, undone: &Undone) -> String {
    let Undone { kind, title, channel, cause, missing } = undone;
    let what = words.plain(match kind {
        ChoreKind::OpenThread => Key::DoctorUndoneThread,
        ChoreKind::RenameThread => Key::DoctorUndoneName,
        ChoreKind::DeleteMessage => Key::DoctorUndoneMessage,
        ChoreKind::ArchiveThread => Key::DoctorUndoneArchive,
    });
    let fix = match cause {
        FailedCause::Forbidden if missing.is_empty() => {
            words.plain(Key::DoctorUndoneAllowed).to_owned()
        }
        FailedCause::Forbidden => {
            let permissions = permissions::listed(words, *missing);
            words.filled(Key::DoctorUndoneForbidden, &[("permissions", &permissions)])
        }
        FailedCause::ChannelGone
        | FailedCause::NoPost
        | FailedCause::Refused
        | FailedCause::Unclear => why(words, FailedCause::Refused).to_owned(),
    };
    let (title, channel) = (named(title.as_str()), mentioned(*channel));
    let values = [("title", title.as_str()), ("channel", &channel), ("what", what), ("fix", &fix)];
    words.filled(Key::DoctorUndone, &values)
}

/// What a channel is used for, before what is wrong with it.
fn of(words: Words, used: ChannelUse) -> String {
    let key = match used {
        ChannelUse::Events => Key::DoctorOfEvents,
        ChannelUse::Organisers => Key::DoctorOfOrganisers,
        ChannelUse::Series => Key::DoctorOfSeries,
        ChannelUse::Posts => return String::new(),
    };
    format!("{} ", words.plain(key))
}

fn called(role: RoleId) -> String {
    format!("<@&{role}>")
}

fn not_given(words: Words, role: RoleId, reason: NotGiven) -> String {
    let key = match reason {
        NotGiven::NoSuchRole => {
            return words.filled(Key::DoctorRoleGone, &[("role", &role.to_string())]);
        }
        NotGiven::Managed => Key::DoctorRoleManaged,
        NotGiven::HasPower => Key::DoctorRolePower,
        NotGiven::BotMayNot | NotGiven::NotYours => Key::DoctorRoleForbidden,
        NotGiven::AboveBot => Key::DoctorRoleAbove,
    };
    words.filled(key, &[("role", &called(role))])
}

fn unreadable(words: Words, kind: UnreadableKind, title: Option<&Title>) -> String {
    let key = match (kind, title) {
        (UnreadableKind::Series, Some(_)) => Key::DoctorUnreadableSeries,
        (UnreadableKind::Series, None) => Key::DoctorUnreadableSeriesSome,
        (UnreadableKind::Event, Some(_)) => Key::DoctorUnreadableEvent,
        (UnreadableKind::Event, None) => Key::DoctorUnreadableEventSome,
        (UnreadableKind::Delivery, Some(_)) => Key::DoctorUnreadableDelivery,
        (UnreadableKind::Delivery, None) => Key::DoctorUnreadableDeliverySome,
        (UnreadableKind::Guild, _) => Key::DoctorUnreadableSettings,
    };
    let title = title.map(|title| named(title.as_str())).unwrap_or_default();
    let said = words.filled(key, &[("title", &title)]);
    format!("{said} {}", words.plain(Key::DoctorUnreadableRest))
}

fn clock(words: Words, ahead: SignedDuration) -> String {
    let seconds = ahead.abs().as_secs().to_string();
    let is_behind = ahead.is_positive();
    let key = if is_behind { Key::DoctorClockBehind } else { Key::DoctorClockAhead };
    words.filled(key, &[("seconds", &seconds)])
}

fn failed(words: Words, checkup: &Checkup) -> Vec<Component> {
    if checkup.failed.total == 0 {
        return Vec::new();
    }
    let heading = words.counted(Key::DoctorFailed, checkup.failed.total);
    let mut parts = vec![Component::separator(), Component::text(heading)];
    let page = u32::try_from(checkup.page).unwrap_or(u32::MAX);
    parts.extend(checkup.failed.rows.iter().map(|line| failed_line(words, line, page)));
    parts
}

fn failed_line(words: Words, line: &FailedLine, page: u32) -> Component {
    let FailedLine { delivery, title, news, channel, due, cause, worth_it, .. } = line;
    let (key, channel) = match channel {
        Some(channel) => (Key::DoctorFailedLineIn, mentioned(*channel)),
        None => (Key::DoctorFailedLine, String::new()),
    };
    let (title, when) = (named(title.as_str()), relative(*due));
    let values = [
        ("title", title.as_str()),
        ("what", what(words, *news)),
        ("channel", &channel),
        ("when", &when),
        ("why", why(words, *cause)),
    ];
    let text = words.filled(key, &values);
    if *worth_it {
        let again = Action::DoctorRetry(*delivery, page);
        let again = Button::new(Style::Secondary, words.plain(Key::DoctorRetry), again);
        Component::section(text, again)
    } else {
        Component::text(format!("{text} {}", words.plain(Key::DoctorFailedLate)))
    }
}

fn tested(words: Words, checkup: &Checkup) -> String {
    let when = relative(checkup.at);
    let channels = words.counted(Key::DoctorTestedChannels, checkup.channels);
    let roles = words.counted(Key::DoctorTestedRoles, checkup.roles);
    let values = [("when", when.as_str()), ("channels", &channels), ("roles", &roles)];
    let mut said = words.filled(Key::DoctorTested, &values);
    if checkup.untested > 0 {
        said = format!("{said} {}", words.counted(Key::DoctorUntested, checkup.untested));
    }
    if let Some(next) = checkup.next_due {
        said.push(' ');
        words.push(&mut said, Key::DoctorNext, &[("when", &relative(next))]);
    }
    said
}

fn buttons(words: Words, checkup: &Checkup) -> Vec<Button> {
    let button = |style, key, action| Button::new(style, words.plain(key), action);
    let mut buttons = vec![button(Style::Primary, Key::DoctorAgain, Action::Doctor(None))];
    let page = u32::try_from(checkup.page).unwrap_or(u32::MAX);
    let pager = Pager::new(page, checkup.failed.total, FAILED_ROWS);
    let turns = [Key::DoctorNewer, Key::DoctorOlder].map(|key| words.plain(key));
    buttons.extend(pager.turns(turns, Action::DoctorPage));
    if checkup.findings.iter().any(|finding| matches!(finding, Finding::GivenUp(_))) {
        buttons.push(button(Style::Secondary, Key::DoctorChores, Action::DoctorChores));
    }
    buttons.push(button(Style::Secondary, Key::DoctorSettings, Action::Settings));
    buttons
}

/// What the button of a report says where there is no server around it.
#[must_use]
pub fn elsewhere(words: Words) -> &'static str {
    words.plain(Key::DoctorElsewhere)
}

#[cfg(test)]
mod tests;
