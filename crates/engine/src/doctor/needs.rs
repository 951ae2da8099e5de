//! What a guild needs of Discord, and what is wrong with it.

use std::collections::BTreeSet;

use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, GuildId, RoleId};
use muster_domain::rights::Permissions;
use muster_domain::settings::GuildSettings;
use muster_store::model::{ChoreKind, FailedCause, GivenUp, Outlook};

use super::{ChannelUse, Finding, Undone};
use crate::create::ChannelKind;
use crate::discord::{ChannelFound, Examined, RoleFound};
use crate::limits::DOCTOR_TESTS_MAX;

/// What a guild needs of Discord.
pub(super) struct Needs {
    guild: GuildId,
    channels: Vec<(ChannelId, ChannelUse)>,
    mentions: Vec<(ChannelId, RoleId)>,
    granted: Vec<RoleId>,
    /// Whether events get threads.
    threads: bool,
    given_up: Vec<GivenUp>,
}

impl Needs {
    pub(super) fn of(guild: GuildId, settings: &GuildSettings, outlook: &Outlook) -> Self {
        let events = settings.channel.map(|channel| (channel, ChannelUse::Events));
        let organisers = settings.admin_channel.map(|channel| (channel, ChannelUse::Organisers));
        let posts = outlook.channels.iter().map(|channel| (*channel, ChannelUse::Posts));
        let series = outlook.series_channels.iter();
        let series = series.map(|channel| (*channel, ChannelUse::Series));
        let mut seen = BTreeSet::new();
        let channels = events.into_iter().chain(organisers).chain(posts).chain(series);
        let channels = channels.filter(|(channel, _)| seen.insert(*channel)).collect();
        let usual = settings.channel.zip(settings.mention_role);
        let mut seen = BTreeSet::new();
        let mentions = usual.into_iter().chain(outlook.mentions.iter().copied());
        let mentions = mentions.filter(|mention| seen.insert(*mention)).collect();
        let (granted, threads) = (outlook.granted.clone(), settings.threads);
        Self { guild, channels, mentions, granted, threads, given_up: Vec::new() }
    }

    /// The same, with what was given up.
    pub(super) fn with_given_up(self, given_up: Vec<GivenUp>) -> Self {
        Self { given_up, ..self }
    }

    /// The channels in which something was given up, and those in use, the soonest first; as many
    /// as are tested.
    pub(super) fn looked_at(&self) -> Vec<ChannelId> {
        let given_up = self.given_up.iter().map(|given_up| given_up.chore.channel);
        let mut seen = BTreeSet::new();
        let all = given_up.chain(self.channels());
        all.filter(|channel| seen.insert(*channel)).take(DOCTOR_TESTS_MAX).collect()
    }

    /// How many channels in use were not looked at.
    pub(super) fn untested(&self, examined: &Examined) -> usize {
        let tested: BTreeSet<_> = examined.channels.iter().map(|(channel, _)| *channel).collect();
        self.channels.iter().filter(|(channel, _)| !tested.contains(channel)).count()
    }

    pub(super) fn channels(&self) -> Vec<ChannelId> {
        self.channels.iter().map(|(channel, _)| *channel).collect()
    }

    pub(super) fn roles(&self) -> Vec<RoleId> {
        let mentioned = self.mentions.iter().map(|(_, role)| *role);
        let all: BTreeSet<_> = mentioned.chain(self.granted.iter().copied()).collect();
        all.into_iter().collect()
    }

    pub(super) fn findings(&self, examined: &Examined) -> Vec<Finding> {
        let channel = |id| examined.channels.iter().find(|(found, _)| *found == id);
        let role = |id| examined.roles.iter().find(|(found, _)| *found == id);
        let channels = self.channels.iter().filter_map(|(id, used)| {
            let (_, found) = channel(*id)?;
            of_channel(*id, *used, *found)
        });
        let mentions = self.mentions.iter().filter_map(|(place, id)| {
            let (_, place_found) = channel(*place)?;
            self.of_mention(*place, *place_found, *id, role(*id)?.1)
        });
        let granted = self.granted.iter().filter_map(|id| {
            let found = role(*id)?.1.given;
            found.err().map(|why| Finding::RoleNotGiven(*id, why))
        });
        let wanted = |used| self.threads && used != ChannelUse::Organisers;
        let threads = self.channels.iter().filter(|(_, used)| wanted(*used));
        let threads = threads.filter_map(|(id, _)| of_threads(*id, channel(*id)?.1));
        let given_up = self.given_up.iter().filter_map(|given_up| {
            let (_, found) = channel(given_up.chore.channel)?;
            of_given_up(given_up, *found)
        });
        let found = channels.chain(threads).chain(given_up).chain(mentions).chain(granted);
        let mut findings: Vec<_> = found.collect();
        // A role that is gone is missed in every channel, and told once.
        findings.dedup();
        findings
    }

    fn of_mention(
        &self,
        channel: ChannelId,
        place: ChannelFound,
        role: RoleId,
        found: RoleFound,
    ) -> Option<Finding> {
        let ChannelFound::There { permissions, .. } = place else { return None };
        let is_everyone = role.get() == self.guild.get();
        let may = permissions.allow(Permissions::MENTION_EVERYONE);
        match found.given {
            Err(NotGiven::NoSuchRole) if !is_everyone => Some(Finding::MentionGone(role)),
            _ if may || (found.mentionable && !is_everyone) => None,
            _ if permissions.is_empty() => None,
            _ => Some(Finding::MayNotMention(channel, role)),
        }
    }
}

fn of_channel(channel: ChannelId, used: ChannelUse, found: ChannelFound) -> Option<Finding> {
    use muster_store::model::Breakage;
    match found.breakage()? {
        Breakage::Gone => Some(Finding::ChannelGone(channel, used)),
        Breakage::Refuses => Some(Finding::CannotWrite(channel, used, found.missing())),
        Breakage::Lacks => Some(Finding::Lacks(channel, used, found.missing())),
    }
}

/// Threads are opened on messages: in a forum a post is one. Where the bot sees nothing, something
/// else is told.
fn of_threads(channel: ChannelId, found: ChannelFound) -> Option<Finding> {
    let ChannelFound::There { permissions, kind: ChannelKind::Messages } = found else {
        return None;
    };
    let missing = permissions.missing(Permissions::FOR_THREADS);
    let tells = !missing.is_empty() && permissions.allow(Permissions::VIEW_CHANNEL);
    tells.then_some(Finding::NoThreads(channel, missing))
}

/// In a channel that is gone nothing is to be done any more.
fn of_given_up(given_up: &GivenUp, found: ChannelFound) -> Option<Finding> {
    let ChannelFound::There { permissions, .. } = found else { return None };
    let GivenUp { chore, title, cause, .. } = given_up;
    let needed = match chore.kind {
        ChoreKind::OpenThread => Permissions::CREATE_PUBLIC_THREADS,
        // Those that somebody locked; its own the bot changes without.
        ChoreKind::RenameThread | ChoreKind::ArchiveThread => Permissions::MANAGE_THREADS,
        ChoreKind::DeleteMessage => Permissions::VIEW_CHANNEL,
    };
    let missing = match cause {
        FailedCause::Forbidden => permissions.missing(needed),
        FailedCause::ChannelGone
        | FailedCause::NoPost
        | FailedCause::Refused
        | FailedCause::Unclear => Permissions::default(),
    };
    let (kind, channel) = (chore.kind, chore.channel);
    Some(Finding::GivenUp(Undone { kind, title: title.clone(), channel, cause: *cause, missing }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUILD: GuildId = GuildId::new(1);
    const CHANNEL: ChannelId = ChannelId::new(2);
    const ROLE: RoleId = RoleId::new(3);

    fn needs(role: RoleId) -> Needs {
        let settings = GuildSettings {
            channel: Some(CHANNEL),
            mention_role: Some(role),
            ..GuildSettings::default()
        };
        let outlook = Outlook {
            channels: vec![CHANNEL],
            mentions: vec![(CHANNEL, role)],
            granted: vec![ROLE],
            ..Outlook::default()
        };
        Needs::of(GUILD, &settings, &outlook)
    }

    fn found(role: RoleId, permissions: Permissions, found: RoleFound) -> Vec<Finding> {
        let there = ChannelFound::There { permissions, kind: ChannelKind::Messages };
        let (channels, roles) = (vec![(CHANNEL, there)], vec![(role, found), (ROLE, found)]);
        needs(role).findings(&Examined { channels, roles })
    }

    #[test]
    fn each_channel_and_role_is_asked_for_once() {
        let needs = needs(ROLE);
        assert_eq!((needs.channels(), needs.roles()), (vec![CHANNEL], vec![ROLE]));
        assert_eq!(needs.mentions, [(CHANNEL, ROLE)]);
    }

    #[test]
    fn what_is_not_tested_is_counted() {
        let channels: Vec<_> = (10..70).map(ChannelId::new).collect();
        let outlook = Outlook { channels, ..Outlook::default() };
        let needs = Needs::of(GUILD, &GuildSettings::default(), &outlook);
        let there = |id| {
            let (permissions, kind) = (Permissions::ADMINISTRATOR, ChannelKind::Messages);
            (id, ChannelFound::There { permissions, kind })
        };
        let looked_at = needs.looked_at();
        let channels = looked_at.iter().copied().map(there).collect();
        let examined = Examined { channels, roles: Vec::new() };
        assert_eq!((looked_at.len(), needs.untested(&examined)), (DOCTOR_TESTS_MAX, 10));
    }

    #[test]
    fn a_role_that_nobody_else_may_mention_needs_mention_everyone() {
        let role = RoleFound { mentionable: false, given: Ok(()) };
        let may_not = Finding::MayNotMention(CHANNEL, ROLE);
        assert_eq!(found(ROLE, Permissions::TO_POST, role), [may_not]);
        assert_eq!(found(ROLE, Permissions::ADMINISTRATOR, role), []);
        let open = RoleFound { mentionable: true, ..role };
        assert_eq!(found(ROLE, Permissions::TO_POST, open), []);
        let everyone = RoleId::new(GUILD.get());
        let may_not = Finding::MayNotMention(CHANNEL, everyone);
        assert_eq!(found(everyone, Permissions::TO_POST, open), [may_not]);
    }

    #[test]
    fn threads_need_their_permissions_only_where_they_are_wanted_and_opened() {
        let seen = |permissions, kind, threads| {
            let channels = vec![(CHANNEL, ChannelFound::There { permissions, kind })];
            let needs = Needs { threads, ..needs(ROLE) };
            needs.findings(&Examined { channels, roles: Vec::new() })
        };
        let none = Finding::NoThreads(CHANNEL, Permissions::FOR_THREADS);
        assert_eq!(seen(Permissions::TO_POST, ChannelKind::Messages, true), [none]);
        assert_eq!(seen(Permissions::TO_POST, ChannelKind::Messages, false), []);
        assert_eq!(seen(Permissions::ADMINISTRATOR, ChannelKind::Messages, true), []);
        assert_eq!(seen(Permissions::TO_POST_IN_FORUM, ChannelKind::Forum, true), []);
    }

    #[test]
    fn what_is_gone_or_above_the_bot_is_named() {
        let gone = RoleFound { mentionable: false, given: Err(NotGiven::NoSuchRole) };
        let named = found(ROLE, Permissions::TO_POST, gone);
        let not_given = Finding::RoleNotGiven(ROLE, NotGiven::NoSuchRole);
        assert_eq!(named, [Finding::MentionGone(ROLE), not_given]);
        let hidden =
            found(ROLE, Permissions::default(), RoleFound { mentionable: true, given: Ok(()) });
        let cannot = Finding::CannotWrite(CHANNEL, ChannelUse::Events, Permissions::TO_POST);
        assert_eq!(hidden, [cannot]);
    }
}
