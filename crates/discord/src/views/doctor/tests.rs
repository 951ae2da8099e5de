//! What the doctor says of each finding, and that it fits.

use expect_test::expect;
use muster_domain::id::{DeliveryId, EventId};
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
        untested: 0,
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
    let message = panel(Words::usual(), &well(), None);
    check(&message).unwrap();
    expect![[r"
        ## Doctor
        ✅ **All is well.** Everything that I need here works.
        -# Tested <t:1795780800:R>: 3 channels, 1 role, my clock, my database and its
            disk, what is due. Next due <t:1795784400:R>."]]
    .assert_eq(&wrapped(&texts(&message)));
}

#[test]
fn not_all_is_well_where_not_all_was_tested() {
    let message = panel(Words::usual(), &Checkup { channels: 50, untested: 7, ..well() }, None);
    check(&message).unwrap();
    expect![[r"
        ## Doctor
        ✅ Everything that I tested works.
        -# Tested <t:1795780800:R>: 50 channels, 1 role, my clock, my database and its
            disk, what is due. 7 more channels were not tested. Next due
            <t:1795784400:R>."]]
    .assert_eq(&wrapped(&texts(&message)));
}

#[test]
fn each_finding_says_what_to_do() {
    let lines: Vec<_> =
        everything("Raid", 2).iter().map(|found| super::found(Words::usual(), found)).collect();
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
            for `MEMBER_LISTS=true`.
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
    let message =
        panel(Words::usual(), &Checkup { failed, page: 1, ..well() }, Some(RetryEnd::Sent));
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
            check(&panel(Words::usual(), &fullest, Some(RetryEnd::StillUnclear))).unwrap();
        }
    }
}
