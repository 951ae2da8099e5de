//! A Discord that writes down what it is asked, takes as long as a test says, and answers so.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, EventId, GuildId, MessageId, RoleId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::sheet::Sheet;
use muster_domain::text::Title;
use muster_engine::create::ChannelKind;
use muster_engine::discord::{
    ChannelFound, Discord, DiscordError, Examined, Mark, Nonce, Outgoing, RoleFound, Sought,
};
use muster_engine::ports::Clock as _;

use crate::world::{TestEnv, message_made_at};

/// What Discord was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To create a message, with this nonce.
    Create { channel: ChannelId, nonce: String },
    /// To look through a channel.
    Find { channel: ChannelId },
    /// To make a post show this version of its event.
    Edit { channel: ChannelId, event: EventId, version: u64 },
    /// How a channel is.
    Examine { channel: ChannelId },
    /// Who sees a channel.
    Members { channel: ChannelId },
    /// Anything else.
    Other,
}

impl Asked {
    pub(crate) const fn channel(&self) -> Option<ChannelId> {
        match self {
            Self::Create { channel, .. }
            | Self::Find { channel }
            | Self::Edit { channel, .. }
            | Self::Examine { channel }
            | Self::Members { channel } => Some(*channel),
            Self::Other => None,
        }
    }
}

/// Who sees every channel.
pub(crate) const MEMBERS: [u64; 3] = [7, 8, 9];

/// How long an answer takes, and what it is; the number is how many requests came before.
type Play = dyn Fn(&Asked, usize) -> (Duration, Option<DiscordError>) + Send + Sync;

/// The Discord.
#[derive(Clone)]
pub(crate) struct FakeDiscord {
    env: TestEnv,
    play: Arc<Play>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    asked: Vec<(Duration, Asked)>,
    under_way: BTreeMap<Option<ChannelId>, usize>,
    most: usize,
    most_in_a_channel: usize,
    stands_at: Option<Timestamp>,
    forgiven: Vec<Option<ChannelId>>,
}

impl FakeDiscord {
    /// Answers as `play` says; without an error it does what it is asked.
    pub(crate) fn new(
        env: &TestEnv,
        play: impl Fn(&Asked, usize) -> (Duration, Option<DiscordError>) + Send + Sync + 'static,
    ) -> Self {
        Self { env: env.clone(), play: Arc::new(play), state: Arc::default() }
    }

    /// What it told of the time goes on no more, as while the machine sleeps.
    pub(crate) fn time_stands(&self) {
        self.lock().stands_at = Some(self.env.now());
    }

    /// What it was asked so far, and when.
    pub(crate) fn asked(&self) -> Vec<(Duration, Asked)> {
        self.lock().asked.clone()
    }

    /// The channels that were left alone and may be used again; `None` stands for all.
    pub(crate) fn forgiven(&self) -> Vec<Option<ChannelId>> {
        self.lock().forgiven.clone()
    }

    /// How many messages it was asked to create.
    pub(crate) fn creates(&self) -> usize {
        let asked = self.asked();
        asked.iter().filter(|(_, asked)| matches!(asked, Asked::Create { .. })).count()
    }

    /// The edits that it was asked for: when, of which event, and the version shown.
    pub(crate) fn edits(&self) -> Vec<(Duration, EventId, u64)> {
        let edit = |(at, asked)| match asked {
            Asked::Edit { event, version, .. } => Some((at, event, version)),
            Asked::Create { .. }
            | Asked::Find { .. }
            | Asked::Examine { .. }
            | Asked::Members { .. }
            | Asked::Other => None,
        };
        self.asked().into_iter().filter_map(edit).collect()
    }

    /// The most that was under way at once, in all and in one channel.
    pub(crate) fn most(&self) -> (usize, usize) {
        let state = self.lock();
        (state.most, state.most_in_a_channel)
    }

    async fn ask(&self, asked: Asked) -> Result<(), DiscordError> {
        let channel = asked.channel();
        let before = {
            let mut state = self.lock();
            state.asked.push((self.env.monotonic(), asked.clone()));
            let in_channel = state.under_way.entry(channel).or_default();
            *in_channel += 1;
            let in_channel = *in_channel;
            state.most_in_a_channel = state.most_in_a_channel.max(in_channel);
            state.most = state.most.max(state.under_way.values().sum());
            state.asked.len() - 1
        };
        let (takes, refused) = (self.play)(&asked, before);
        self.env.sleep(takes).await;
        *self.lock().under_way.get_mut(&channel).unwrap() -= 1;
        refused.map_or(Ok(()), Err)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Discord for FakeDiscord {
    /// Never behind the machine's, unless it stands.
    fn time(&self) -> Option<Timestamp> {
        self.lock().stands_at.or(Some(Timestamp::MAX))
    }

    async fn create(
        &self,
        channel: ChannelId,
        nonce: Nonce<'_>,
        _: Outgoing<'_>,
        mark: impl Future<Output = bool> + Send,
    ) -> Result<MessageId, DiscordError> {
        if !mark.await {
            return Err(DiscordError::Later(std::time::Duration::ZERO));
        }
        self.ask(Asked::Create { channel, nonce: nonce.text.to_owned() }).await?;
        Ok(message_made_at(self.env.now(), channel.get()))
    }

    async fn create_in_forum(
        &self,
        channel: ChannelId,
        _: Outgoing<'_>,
        mark: impl Future<Output = bool> + Send,
    ) -> Result<MessageId, DiscordError> {
        if !mark.await {
            return Err(DiscordError::Later(Duration::ZERO));
        }
        self.ask(Asked::Create { channel, nonce: String::new() }).await?;
        Ok(message_made_at(self.env.now(), channel.get()))
    }

    async fn open_thread(&self, _: ChannelId, _: MessageId, _: &Title) -> Result<(), DiscordError> {
        self.ask(Asked::Other).await
    }

    async fn rename_thread(&self, _: ChannelId, _: &Title) -> Result<(), DiscordError> {
        self.ask(Asked::Other).await
    }

    async fn archive_thread(&self, _: ChannelId) -> Result<(), DiscordError> {
        self.ask(Asked::Other).await
    }

    async fn find(
        &self,
        channel: ChannelId,
        _: Mark,
        _: Timestamp,
    ) -> Result<Option<MessageId>, DiscordError> {
        self.ask(Asked::Find { channel }).await.map(|()| None)
    }

    async fn edit_post(
        &self,
        channel: ChannelId,
        _: MessageId,
        sheet: &Sheet,
    ) -> Result<(), DiscordError> {
        let (event, version) = (sheet.event.id, sheet.event.version);
        self.ask(Asked::Edit { channel, event, version }).await
    }

    async fn delete(&self, _: ChannelId, _: MessageId) -> Result<(), DiscordError> {
        self.ask(Asked::Other).await
    }

    async fn look_for(&self, _: ChannelId, _: MessageId) -> Result<(), DiscordError> {
        Ok(())
    }

    async fn permissions_in(&self, _: GuildId, _: ChannelId) -> Result<Permissions, DiscordError> {
        Ok(Permissions::ADMINISTRATOR)
    }

    async fn examine(
        &self,
        _: GuildId,
        channels: &[ChannelId],
        roles: &[RoleId],
    ) -> Result<Examined, DiscordError> {
        let mut examined = Examined::default();
        for channel in channels {
            // Looked at beside all else, so that it does not count among what is under way.
            let (_, refused) = (self.play)(&Asked::Examine { channel: *channel }, 0);
            let there =
                |permissions| ChannelFound::There { permissions, kind: ChannelKind::Messages };
            let found = match refused {
                None => there(Permissions::ADMINISTRATOR),
                Some(DiscordError::Forbidden) => there(Permissions::default()),
                Some(DiscordError::ChannelGone) => ChannelFound::Gone,
                Some(error) => return Err(error),
            };
            examined.channels.push((*channel, found));
        }
        let found = RoleFound { mentionable: false, given: Ok(()) };
        examined.roles = roles.iter().map(|role| (*role, found)).collect();
        Ok(examined)
    }

    fn forgive(&self, channel: ChannelId) {
        self.lock().forgiven.push(Some(channel));
    }

    fn forgive_all(&self) {
        self.lock().forgiven.push(None);
    }

    fn clock_ahead(&self) -> Option<SignedDuration> {
        None
    }

    async fn system_channel(&self, _: GuildId) -> Result<Option<ChannelId>, DiscordError> {
        Ok(None)
    }

    async fn direct_channel(&self, _: GuildId) -> Result<ChannelId, DiscordError> {
        Ok(ChannelId::new(1))
    }

    async fn roles_of(&self, _: GuildId, _: UserId) -> Result<Vec<RoleId>, DiscordError> {
        Ok(Vec::new())
    }

    async fn give_role(&self, _: GuildId, _: UserId, _: RoleId) -> Result<(), DiscordError> {
        self.ask(Asked::Other).await
    }

    async fn take_role(&self, _: GuildId, _: UserId, _: RoleId) -> Result<(), DiscordError> {
        self.ask(Asked::Other).await
    }

    async fn may_give(
        &self,
        _: &Actor,
        roles: &[RoleId],
    ) -> Result<Vec<Result<(), NotGiven>>, DiscordError> {
        Ok(vec![Ok(()); roles.len()])
    }

    async fn may_list_members(&self, _: GuildId) -> Result<bool, DiscordError> {
        Ok(true)
    }

    async fn members_of(
        &self,
        _: GuildId,
        channel: ChannelId,
        _: Sought<'_>,
    ) -> Result<Option<Vec<UserId>>, DiscordError> {
        self.ask(Asked::Members { channel }).await.map(|()| Some(MEMBERS.map(UserId::new).into()))
    }

    async fn direct_channel_with(&self, member: UserId) -> Result<ChannelId, DiscordError> {
        Ok(ChannelId::new(member.get()))
    }
}
