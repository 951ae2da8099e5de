//! `/doctor`: what works in a server and what does not, with what to do, and messages that failed.

use jiff::SignedDuration;
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, DeliveryId, RoleId};
use muster_domain::rights::Permissions;
use muster_domain::text::Title;
use muster_engine::doctor::{ChannelUse, Checkup, Finding, RetryEnd, Severity, Undone};
use muster_engine::limits::FAILED_ROWS;
use muster_store::model::{ChoreKind, FailedCause, FailedLine, UnreadableKind};

use crate::custom_id::Action;
use crate::views::message::{Button, Component, Message, Style};
use crate::views::pager::Pager;
use crate::views::text::{counted, relative};
use crate::views::troubles::{allow, cannot_write, gone_channel, lacks, named, what, why};

const GREEN: u32 = 0x57_F2_87;
const YELLOW: u32 = 0xFE_E7_5C;
const RED: u32 = 0xED_42_45;

/// Findings shown at once: with the list of failed messages, what the panel holds. The worst come
/// first, and others show when those are mended.
const FINDINGS_MAX: usize = 9;

/// What is there to say about a message that was tried again.
#[must_use]
pub const fn retried(end: RetryEnd) -> &'static str {
    match end {
        RetryEnd::Sent => "✅ It was sent.",
        RetryEnd::UnderWay => "It is on its way; check again in a moment.",
        RetryEnd::RefusedAgain => "Discord refuses it as before. Fix what is named below first.",
        RetryEnd::StillUnclear => {
            "I still cannot tell whether it arrived, so I did not send it again. Allow me *Read \
             Message History* there."
        }
        RetryEnd::NotWorthIt => "Its time has passed, so I did not send it again.",
        RetryEnd::NoSuch => "That message is not in my list any more.",
    }
}

/// The panel, with what was done just before.
#[must_use]
pub fn panel(checkup: &Checkup, done: Option<RetryEnd>) -> Message {
    let mut parts = vec![Component::text("## Doctor")];
    parts.extend(done.map(|end| Component::text(retried(end))));
    parts.push(Component::text(findings(checkup)));
    parts.extend(failed(checkup));
    parts.push(Component::separator());
    parts.push(Component::text(tested(checkup)));
    parts.push(Component::buttons(buttons(checkup)));
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

fn findings(checkup: &Checkup) -> String {
    let works = checkup.findings.iter().all(|finding| finding.severity() == Severity::Note);
    let mut lines = Vec::new();
    if works && checkup.failed.total == 0 {
        lines.push(well(checkup.untested));
    }
    let shown = checkup.findings.iter().take(FINDINGS_MAX);
    lines.extend(shown.map(|finding| format!("{} {}", sign(finding), words(finding))));
    let more = checkup.findings.len().saturating_sub(FINDINGS_MAX);
    if more > 0 {
        lines.push(format!("… and {more} more, which show once these are fixed."));
    }
    if lines.is_empty() {
        lines.push("✅ Everything that I need here works now.".to_owned());
    }
    lines.join("\n")
}

/// That all works, or all that was tested.
fn well(untested: usize) -> String {
    match untested {
        0 => "✅ **All is well.** Everything that I need here works.".to_owned(),
        _ => "✅ Everything that I tested works.".to_owned(),
    }
}

const fn sign(finding: &Finding) -> &'static str {
    match finding.severity() {
        Severity::Broken => "🔴",
        Severity::Warning => "🟡",
        Severity::Note => "🔹",
    }
}

/// What was found, and what to do.
fn words(finding: &Finding) -> String {
    match finding {
        Finding::DiscordSilent => {
            "Discord does not answer, so I could not test channels and roles. Check again in a \
             minute."
                .to_owned()
        }
        Finding::ChannelGone(channel, used) => format!("{}{}", of(*used), gone_channel(*channel)),
        Finding::CannotWrite(channel, used, missing) => {
            format!("{}{}", of(*used), cannot_write(*channel, *missing))
        }
        Finding::Lacks(channel, used, missing) => {
            format!("{}{}", of(*used), lacks(*channel, *missing))
        }
        Finding::MentionGone(role) => format!(
            "The role `{role}` that events mention does not exist any more. Choose another in \
             `/settings`; for a series, open it with `/schedule view` and use *Channel and role*."
        ),
        Finding::MayNotMention(channel, role) => format!(
            "I cannot notify {} in <#{channel}>: {}, or let anybody mention the role in its \
             settings.",
            mentioned(*role),
            allow(Permissions::MENTION_EVERYONE)
        ),
        Finding::RoleNotGiven(role, reason) => not_given(*role, *reason),
        Finding::NoThreads(channel, missing) => no_threads(*channel, *missing),
        Finding::GivenUp(undone) => given_up(undone),
        Finding::MembersRefused => MEMBERS_REFUSED.to_owned(),
        Finding::RoleUnknown(role) => role_unknown(*role),
        Finding::Unreadable(kind, title) => unreadable(*kind, title.as_ref()),
        Finding::Overdue(count) => format!(
            "{count} of my messages should have gone out and could not yet. I keep trying; they \
             go out once what is named here is fixed."
        ),
        Finding::PostGone(_, title, channel) => format!(
            "The post of **{}** in <#{channel}> was deleted; all answers are kept. `/event show` \
             posts it again.",
            named(title.as_str())
        ),
        Finding::ClockOff(ahead) => clock(*ahead),
        Finding::DatabaseUnsound => {
            "My database is damaged. Ask my operator to run `muster doctor` and to restore a \
             backup."
                .to_owned()
        }
        Finding::LittleSpace => {
            "My machine has little disk space left. Ask my operator to make room.".to_owned()
        }
        Finding::DatabaseBusy => {
            "My database was not tested: something that takes long is under way, such as a backup. \
             Try again in a few minutes."
                .to_owned()
        }
        Finding::ClosedToUs(count) => format!(
            "{count} of those who asked for direct messages take none from me. They can allow them \
             in their privacy settings for this server."
        ),
        Finding::NoZone => {
            "This server has no time zone, so I ask everybody who creates an event. Choose one in \
             `/settings`."
                .to_owned()
        }
        Finding::NoAdminChannel => {
            "There is no channel for organisers. If something goes wrong with an event, I tell \
             its host by direct message; nobody hears of the rest. Choose one in `/settings`."
                .to_owned()
        }
    }
}

const MEMBERS_REFUSED: &str = "Discord does not let me read who is in this server, so reminders \
     for those who have not answered do not reach all of them. Ask my operator to switch on \
     *Server Members Intent* in the developer portal (Bot, Privileged Gateway Intents).";

fn role_unknown(role: RoleId) -> String {
    format!(
        "A reminder is for members of {} who have not answered, but I may not read who has a \
         role. Remove it with `/reminders remove`, or ask whoever runs me for `MEMBER_LISTS=true`.",
        mentioned(role)
    )
}

fn no_threads(channel: ChannelId, missing: Permissions) -> String {
    let allow = allow(missing);
    format!(
        "Events get threads, and I cannot open and use them in <#{channel}>: {allow} in that \
         channel's permissions."
    )
}

/// What could not be done about a post, and what to do.
fn given_up(undone: &Undone) -> String {
    let Undone { kind, title, channel, cause, missing } = undone;
    let what = match kind {
        ChoreKind::OpenThread => "its thread could not be opened",
        ChoreKind::RenameThread => "its thread could not be renamed",
        ChoreKind::DeleteMessage => "its post could not be deleted",
        ChoreKind::ArchiveThread => "its thread could not be archived",
    };
    let fix = match cause {
        FailedCause::Forbidden if missing.is_empty() => "I may do it now.".to_owned(),
        FailedCause::Forbidden => {
            format!("{} in that channel's permissions.", allow(*missing))
        }
        FailedCause::ChannelGone | FailedCause::Refused | FailedCause::Unclear => {
            "Discord refuses it; the operator's log says why.".to_owned()
        }
    };
    let title = named(title.as_str());
    format!("**{title}** in <#{channel}>: {what}: {fix} *Do it again* tries once more.")
}

const fn of(used: ChannelUse) -> &'static str {
    match used {
        ChannelUse::Events => "**Channel for events:** ",
        ChannelUse::Organisers => "**Channel for organisers:** ",
        ChannelUse::Posts => "",
        ChannelUse::Series => "**Channel of a series:** ",
    }
}

fn mentioned(role: RoleId) -> String {
    format!("<@&{role}>")
}

fn not_given(role: RoleId, reason: NotGiven) -> String {
    let fix = match reason {
        NotGiven::NoSuchRole => {
            return format!(
                "The role `{role}` that an answer gives does not exist any more. Choose another \
                 one under the event's answers."
            );
        }
        NotGiven::Managed => "something else hands it out. Choose another role for the answer.",
        NotGiven::HasPower => "it can moderate or manage. Choose another role for the answer.",
        NotGiven::BotMayNot | NotGiven::NotYours => {
            "allow me *Manage Roles* in the server's roles."
        }
        NotGiven::AboveBot => "it is not below mine. Drag my role above it in the server's roles.",
    };
    format!("I cannot give {}: {fix}", mentioned(role))
}

fn unreadable(kind: UnreadableKind, title: Option<&Title>) -> String {
    let title = title.map(|title| format!("**{}**", named(title.as_str())));
    let title = title.unwrap_or_else(|| "without a readable title".to_owned());
    let what = match kind {
        UnreadableKind::Series => format!("The series {title} cannot be read, so it rests"),
        UnreadableKind::Event => {
            format!("The event {title} cannot be read, so nobody is reminded of it")
        }
        UnreadableKind::Delivery => {
            format!("A message about the event {title} cannot be read, so it does not go out")
        }
        UnreadableKind::Guild => "What this server has chosen cannot be read".to_owned(),
    };
    format!(
        "{what}. Everything else goes on, and I look at it again every hour. My log says why: ask \
         my operator to start the newest version of me, or to restore a backup."
    )
}

fn clock(ahead: SignedDuration) -> String {
    let seconds = ahead.abs().as_secs();
    let side = if ahead.is_positive() { "behind" } else { "ahead of" };
    format!(
        "My clock is {seconds} s {side} Discord's, and what I send is as much too late or too \
         early. Ask my operator to set the machine's clock by a time server."
    )
}

fn failed(checkup: &Checkup) -> Vec<Component> {
    if checkup.failed.total == 0 {
        return Vec::new();
    }
    let heading = format!("**Messages that failed:** {}", checkup.failed.total);
    let mut parts = vec![Component::separator(), Component::text(heading)];
    let page = u32::try_from(checkup.page).unwrap_or(u32::MAX);
    parts.extend(checkup.failed.rows.iter().map(|line| failed_line(line, page)));
    parts
}

fn failed_line(line: &FailedLine, page: u32) -> Component {
    let FailedLine { delivery, title, news, channel, due, cause, worth_it, .. } = line;
    let place = channel.map(|channel| format!(" in <#{channel}>")).unwrap_or_default();
    let (title, what, due) = (named(title.as_str()), what(*news), relative(*due));
    let text = format!("**{title}**: {what}{place}, due {due}. {}", why(*cause));
    if *worth_it {
        Component::section(text, try_again(*delivery, page))
    } else {
        Component::text(format!("{text} Its time has passed."))
    }
}

fn try_again(delivery: DeliveryId, page: u32) -> Button {
    Button::new(Style::Secondary, "Try again", Action::DoctorRetry(delivery, page))
}

fn tested(checkup: &Checkup) -> String {
    let next = checkup.next_due.map(relative);
    let next = next.map(|next| format!(" Next due {next}.")).unwrap_or_default();
    let more = match checkup.untested {
        0 => String::new(),
        more => format!(" {} not tested.", counted(more, "more channel was", "more channels were")),
    };
    format!(
        "-# Tested {}: {}, {}, my clock, my database and its disk, what is due.{more}{next}",
        relative(checkup.at),
        counted(checkup.channels, "channel", "channels"),
        counted(checkup.roles, "role", "roles")
    )
}

fn buttons(checkup: &Checkup) -> Vec<Button> {
    let mut buttons = vec![Button::new(Style::Primary, "Check again", Action::Doctor(None))];
    let page = u32::try_from(checkup.page).unwrap_or(u32::MAX);
    let pager = Pager::new(page, checkup.failed.total, FAILED_ROWS);
    buttons.extend(pager.turns(["Newer failures", "Older failures"], Action::DoctorPage));
    if checkup.findings.iter().any(|finding| matches!(finding, Finding::GivenUp(_))) {
        buttons.push(Button::new(Style::Secondary, "Do it again", Action::DoctorChores));
    }
    buttons.push(Button::new(Style::Secondary, "Settings", Action::Settings));
    buttons
}

/// The button of a report, used where there is no server around it.
pub const IN_THE_SERVER: &str = "`/doctor` works in the server: it tests everything that I need \
     there, says how to fix it, and sends again what failed. It needs the permission Manage \
     Server.";

#[cfg(test)]
mod tests;
