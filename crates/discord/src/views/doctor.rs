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
        lines.push("✅ **All is well.** Everything that I need here works.".to_owned());
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
         role. Remove it with `/reminders remove`, or ask whoever runs me for `MEMBER_LISTS=on`.",
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
    format!(
        "-# Tested {}: {}, {}, my clock, my database and its disk, what is due.{next}",
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
mod tests {
    use expect_test::expect;
    use muster_domain::id::EventId;
    use muster_domain::notice::News;
    use muster_domain::text::Title;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{NOW, huge, page, texts, wrapped};

    fn well() -> Checkup {
        Checkup {
            findings: Vec::new(),
            failed: page(Vec::new(), 0),
            page: 0,
            channels: 3,
            roles: 1,
            next_due: Some(NOW + SignedDuration::from_hours(1)),
            at: NOW,
        }
    }

    fn failed_of(title: &str, id: u64) -> FailedLine {
        FailedLine {
            delivery: DeliveryId::new(id >> 1),
            event: EventId::new(id >> 1),
            title: Title::parse(title).unwrap(),
            news: Some(News::Promoted),
            channel: Some(ChannelId::new(id)),
            due: NOW,
            cause: FailedCause::Unclear,
            worth_it: true,
        }
    }

    /// One finding of each kind, with the longest names.
    fn everything(title: &str, id: u64) -> Vec<Finding> {
        let (channel, role) = (ChannelId::new(id), RoleId::new(id));
        let title = Title::parse(title).unwrap();
        let undone = |kind, missing| {
            let (title, cause) = (title.clone(), FailedCause::Forbidden);
            Finding::GivenUp(Undone { kind, title, channel, cause, missing })
        };
        vec![
            Finding::DiscordSilent,
            Finding::ChannelGone(channel, ChannelUse::Organisers),
            Finding::CannotWrite(channel, ChannelUse::Organisers, Permissions::TO_POST),
            Finding::Lacks(channel, ChannelUse::Posts, Permissions::EMBED_LINKS),
            Finding::MentionGone(role),
            Finding::MayNotMention(channel, role),
            Finding::RoleNotGiven(role, NotGiven::AboveBot),
            Finding::RoleNotGiven(role, NotGiven::NoSuchRole),
            Finding::NoThreads(channel, Permissions::FOR_THREADS),
            undone(ChoreKind::OpenThread, Permissions::CREATE_PUBLIC_THREADS),
            undone(ChoreKind::ArchiveThread, Permissions::MANAGE_THREADS),
            undone(ChoreKind::DeleteMessage, Permissions::default()),
            Finding::MembersRefused,
            Finding::RoleUnknown(role),
            Finding::Unreadable(UnreadableKind::Series, Some(title.clone())),
            Finding::Unreadable(UnreadableKind::Delivery, None),
            Finding::Overdue(12),
            Finding::PostGone(EventId::new(7), title.clone(), channel),
            Finding::ClockOff(SignedDuration::from_secs(-12)),
            Finding::DatabaseUnsound,
            Finding::LittleSpace,
            Finding::DatabaseBusy,
            Finding::ClosedToUs(3),
            Finding::NoZone,
            Finding::NoAdminChannel,
        ]
    }

    #[test]
    fn all_is_well_when_it_is() {
        let message = panel(&well(), None);
        check(&message).unwrap();
        expect![[r"
            ## Doctor
            ✅ **All is well.** Everything that I need here works.
            -# Tested <t:1795780800:R>: 3 channels, 1 role, my clock, my database and its
                disk, what is due. Next due <t:1795784400:R>."]]
        .assert_eq(&wrapped(&texts(&message)));
    }

    #[test]
    fn each_finding_says_what_to_do() {
        let lines: Vec<_> = everything("Raid", 2).iter().map(words).collect();
        expect![[r"
            Discord does not answer, so I could not test channels and roles. Check again in
                a minute.
            **Channel for organisers:** The channel `2` does not exist any more. Choose
                another in `/settings`; for a series, open it with `/schedule view` and use
                *Channel and role*. To repeat an event that was posted there, use `/event
                duplicate`.
            **Channel for organisers:** I may not send messages in <#2>: allow me *View
                Channel*, *Send Messages*, *Embed Links* and *Read Message History* in that
                channel's permissions.
            I lack something for posts in <#2>: allow me *Embed Links* in that channel's
                permissions.
            The role `2` that events mention does not exist any more. Choose another in
                `/settings`; for a series, open it with `/schedule view` and use *Channel
                and role*.
            I cannot notify <@&2> in <#2>: allow me *Mention Everyone*, or let anybody
                mention the role in its settings.
            I cannot give <@&2>: it is not below mine. Drag my role above it in the
                server's roles.
            The role `2` that an answer gives does not exist any more. Choose another one
                under the event's answers.
            Events get threads, and I cannot open and use them in <#2>: allow me *Send
                Messages in Threads* and *Create Public Threads* in that channel's
                permissions.
            **Raid** in <#2>: its thread could not be opened: allow me *Create Public
                Threads* in that channel's permissions. *Do it again* tries once more.
            **Raid** in <#2>: its thread could not be archived: allow me *Manage Threads*
                in that channel's permissions. *Do it again* tries once more.
            **Raid** in <#2>: its post could not be deleted: I may do it now. *Do it again*
                tries once more.
            Discord does not let me read who is in this server, so reminders for those who
                have not answered do not reach all of them. Ask my operator to switch on
                *Server Members Intent* in the developer portal (Bot, Privileged Gateway
                Intents).
            A reminder is for members of <@&2> who have not answered, but I may not read
                who has a role. Remove it with `/reminders remove`, or ask whoever runs me
                for `MEMBER_LISTS=on`.
            The series **Raid** cannot be read, so it rests. Everything else goes on, and I
                look at it again every hour. My log says why: ask my operator to start the
                newest version of me, or to restore a backup.
            A message about the event without a readable title cannot be read, so it does
                not go out. Everything else goes on, and I look at it again every hour. My
                log says why: ask my operator to start the newest version of me, or to
                restore a backup.
            12 of my messages should have gone out and could not yet. I keep trying; they
                go out once what is named here is fixed.
            The post of **Raid** in <#2> was deleted; all answers are kept. `/event show`
                posts it again.
            My clock is 12 s ahead of Discord's, and what I send is as much too late or too
                early. Ask my operator to set the machine's clock by a time server.
            My database is damaged. Ask my operator to run `muster doctor` and to restore a
                backup.
            My machine has little disk space left. Ask my operator to make room.
            My database was not tested: something that takes long is under way, such as a
                backup. Try again in a few minutes.
            3 of those who asked for direct messages take none from me. They can allow them
                in their privacy settings for this server.
            This server has no time zone, so I ask everybody who creates an event. Choose
                one in `/settings`.
            There is no channel for organisers. If something goes wrong with an event, I
                tell its host by direct message; nobody hears of the rest. Choose one in
                `/settings`."]]
        .assert_eq(&wrapped(&lines.join("\n")));
    }

    #[test]
    fn what_failed_can_be_tried_again_and_more_pages_follow() {
        let failed = page(vec![failed_of("Raid", 6)], 7);
        let message = panel(&Checkup { failed, page: 1, ..well() }, Some(RetryEnd::Sent));
        check(&message).unwrap();
        let sent = serde_json::to_string(&message).unwrap();
        for id in ["m1:Dr:3:1", "m1:Dp:0", "\"m1:D\""] {
            assert!(sent.contains(id), "{id} in {sent}");
        }
        assert!(texts(&message).contains("✅ It was sent."));
        assert!(!texts(&message).contains("All is well"));
    }

    #[test]
    fn the_fullest_panel_fits() {
        for title in ["*".repeat(100), "𝕏".repeat(100)] {
            let line = failed_of(&title, huge(0));
            let past = FailedLine { worth_it: false, ..line.clone() };
            let mut findings = everything(&title, huge(0));
            findings.extend(vec![
                Finding::CannotWrite(
                    ChannelId::new(huge(0)),
                    ChannelUse::Organisers,
                    Permissions::TO_POST
                );
                20
            ]);
            findings.sort_by_key(Finding::severity);
            for row in [line, past] {
                let each = |n: usize| {
                    let delivery = DeliveryId::new(row.delivery.get() - n as u64);
                    FailedLine { delivery, ..row.clone() }
                };
                let failed = page((0..FAILED_ROWS).map(each).collect(), 400);
                let fullest = Checkup { findings: findings.clone(), failed, page: 3, ..well() };
                check(&panel(&fullest, Some(RetryEnd::StillUnclear))).unwrap();
            }
        }
    }
}
