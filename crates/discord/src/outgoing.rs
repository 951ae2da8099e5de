//! Discord as the engine sees it: messages rendered and sent, posts edited, channels read.

mod answers;
mod failure;
mod looking;
mod members;
mod render;
mod rights;
mod threads;

use jiff::{SignedDuration, Timestamp};
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, GuildId, MessageId, RoleId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::sheet::Sheet;
use muster_domain::text::Title;
use muster_engine::discord::{Discord, DiscordError, Examined, Mark, Nonce, Outgoing, Sought};
use muster_engine::ports::Env;

use self::failure::said;
use self::render::Once;
use crate::examine;
use crate::rest::model::ApplicationId;
use crate::rest::{Body, HttpWire, Repeat, Rest, Wire};
use crate::views::messages::Words;
use crate::views::post;

/// Discord's "administrator may see who added the bot" action. (Discord docs: "Audit Log Events")
const BOT_ADD: u8 = 28;

/// Discord over its REST interface.
pub struct RestDiscord<E: Env, W = HttpWire<E>> {
    env: E,
    rest: Rest<E, W>,
    bot: UserId,
}

impl<E: Env, W: Wire> RestDiscord<E, W> {
    /// Discord for the bot of this application. A bot has its application's number.
    #[must_use]
    pub const fn new(env: E, rest: Rest<E, W>, application: ApplicationId) -> Self {
        Self { env, rest, bot: UserId::new(application.0) }
    }

    async fn who_added_the_bot(&self, guild: GuildId) -> Option<UserId> {
        self.rest.audit_log(guild, BOT_ADD).await.ok()?.who_did_it_to(self.bot)
    }
}

impl<E: Env, W: Wire> Discord for RestDiscord<E, W> {
    fn time(&self) -> Option<Timestamp> {
        self.rest.time()
    }

    async fn create(
        &self,
        channel: ChannelId,
        nonce: Nonce<'_>,
        message: Outgoing<'_>,
        mark: impl Future<Output = bool> + Send,
    ) -> Result<MessageId, DiscordError> {
        let rest = match message {
            // Whoever has just created an event waits for its post.
            Outgoing::Post(_) => self.rest.awaited(),
            Outgoing::PostAgain(_)
            | Outgoing::Greeting(_)
            | Outgoing::Notice(..)
            | Outgoing::Direct(..)
            | Outgoing::Report { .. } => self.rest.clone(),
        };
        let message = self.render(&message);
        let body = Body::json(&Once { message: &message, nonce: nonce.text, enforce_nonce: true });
        let repeat = nonce.since.map_or(Repeat::ByNonce, Repeat::ByNonceSince);
        let created = rest.create_marked_message(channel, body, repeat, mark).await;
        created.map(|message| message.id).map_err(|error| said(&error))
    }

    async fn create_in_forum(
        &self,
        forum: ChannelId,
        message: Outgoing<'_>,
        mark: impl Future<Output = bool> + Send,
    ) -> Result<MessageId, DiscordError> {
        self.post_in_forum(forum, &message, mark).await
    }

    async fn open_thread(
        &self,
        channel: ChannelId,
        message: MessageId,
        name: &Title,
    ) -> Result<(), DiscordError> {
        self.thread_on(channel, message, name).await
    }

    async fn rename_thread(&self, thread: ChannelId, name: &Title) -> Result<(), DiscordError> {
        self.renamed(thread, name).await
    }

    async fn archive_thread(&self, thread: ChannelId) -> Result<(), DiscordError> {
        self.archived(thread).await
    }

    async fn find(
        &self,
        channel: ChannelId,
        mark: Mark,
        since: Timestamp,
    ) -> Result<Option<MessageId>, DiscordError> {
        // What is there is found by one request, and after a crash there may be many to look for:
        // only if it is not, it matters what the channel is and whether its history may be read.
        let in_pages = self.find_in_pages(channel, mark, since).await;
        if let Ok(Some(_)) = in_pages {
            return in_pages;
        }
        let here = self.readable(channel).await?;
        match (here.kind, here.guild_id) {
            (threads::FORUM, Some(guild)) => {
                self.find_in_forum((guild, channel), mark, since).await
            }
            _ => in_pages,
        }
    }

    async fn edit_post(
        &self,
        channel: ChannelId,
        message: MessageId,
        sheet: &Sheet,
    ) -> Result<(), DiscordError> {
        let now = self.env.now();
        let rendered = post::post(Words::of_event(&sheet.event), sheet, now);
        let edit = || self.rest.edit_message(channel, message, Body::json(&rendered));
        let done = edit().await.map(drop);
        if !self.was_in_archive(channel, &done).await? {
            return done.map_err(|error| said(&error));
        }
        let done = edit().await.map(drop).map_err(|error| said(&error));
        if sheet.event.details.span.end() <= now {
            self.archived(channel).await?;
        }
        done
    }

    async fn delete(&self, channel: ChannelId, message: MessageId) -> Result<(), DiscordError> {
        let done = self.rest.delete_message(channel, message).await;
        if !self.was_in_archive(channel, &done).await? {
            return done.map_err(|error| said(&error));
        }
        let done = self.rest.delete_message(channel, message).await;
        self.archived(channel).await?;
        done.map_err(|error| said(&error))
    }

    async fn look_for(&self, channel: ChannelId, message: MessageId) -> Result<(), DiscordError> {
        self.rest.message(channel, message).await.map(drop).map_err(|error| said(&error))
    }

    async fn permissions_in(
        &self,
        guild: GuildId,
        channel: ChannelId,
    ) -> Result<Permissions, DiscordError> {
        let channel = self.rest.awaited().channel(channel).await.map_err(|error| said(&error))?;
        self.permissions_here(guild, channel).await
    }

    async fn examine(
        &self,
        guild: GuildId,
        channels: &[ChannelId],
        roles: &[RoleId],
    ) -> Result<Examined, DiscordError> {
        let rest = self.rest.awaited();
        let examined = examine::examine(&rest, self.bot, guild, (channels, roles));
        examined.await.map_err(|error| said(&error))
    }

    fn forgive(&self, channel: ChannelId) {
        self.rest.forgive(channel);
    }

    fn forgive_all(&self) {
        self.rest.forgive_all();
    }

    fn clock_ahead(&self) -> Option<SignedDuration> {
        self.rest.clock_ahead()
    }

    async fn system_channel(&self, guild: GuildId) -> Result<Option<ChannelId>, DiscordError> {
        let found = self.rest.guild(guild).await.map_err(|error| said(&error))?;
        Ok(found.system_channel_id)
    }

    async fn direct_channel(&self, guild: GuildId) -> Result<ChannelId, DiscordError> {
        let person = match self.who_added_the_bot(guild).await {
            Some(person) => person,
            None => self.rest.guild(guild).await.map_err(|error| said(&error))?.owner_id,
        };
        self.direct_channel_with(person).await
    }

    async fn roles_of(&self, guild: GuildId, member: UserId) -> Result<Vec<RoleId>, DiscordError> {
        let member = self.rest.guild_member(guild, member).await.map_err(|error| said(&error))?;
        Ok(member.roles)
    }

    async fn give_role(
        &self,
        guild: GuildId,
        member: UserId,
        role: RoleId,
    ) -> Result<(), DiscordError> {
        self.rest.give_role(guild, member, role).await.map_err(|error| said(&error))
    }

    async fn take_role(
        &self,
        guild: GuildId,
        member: UserId,
        role: RoleId,
    ) -> Result<(), DiscordError> {
        self.rest.take_role(guild, member, role).await.map_err(|error| said(&error))
    }

    async fn may_give(
        &self,
        actor: &Actor,
        roles: &[RoleId],
    ) -> Result<Vec<Result<(), NotGiven>>, DiscordError> {
        self.whether_may_give(actor, roles).await
    }

    async fn may_list_members(&self, guild: GuildId) -> Result<bool, DiscordError> {
        self.lists_members(guild).await
    }

    async fn members_of(
        &self,
        guild: GuildId,
        channel: ChannelId,
        sought: Sought<'_>,
    ) -> Result<Option<Vec<UserId>>, DiscordError> {
        self.who_sees(guild, channel, sought).await
    }

    async fn direct_channel_with(&self, member: UserId) -> Result<ChannelId, DiscordError> {
        let channel = self.rest.create_dm(member).await.map_err(|error| said(&error))?;
        Ok(channel.id)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use muster_domain::id::{DeliveryId, EventId};

    use super::*;
    use crate::testing::{Script, TestEnv, answer};

    const GUILD: &str = r#"{"id":"1","owner_id":"2","roles":[{"id":"1","permissions":"0"},
        {"id":"5","permissions":"274877991936"}]}"#;

    /// Discord with a bot of role 5 in guild 1, thread 31 of channel 30, and these overwrites in
    /// the channel.
    fn discord(overwrites: &str) -> (RestDiscord<TestEnv, Script>, Script) {
        let channel = format!(
            r#"{{"id":"30","type":0,"guild_id":"1","permission_overwrites":{overwrites}}}"#
        );
        let env = TestEnv::new();
        let script = Script::new(&env, Duration::ZERO, move |asked, _| {
            let body = match asked.path.as_str() {
                "/channels/31" => r#"{"id":"31","type":11,"guild_id":"1","parent_id":"30"}"#,
                "/channels/30" => &channel,
                "/guilds/1" => GUILD,
                "/guilds/1/members/9" => r#"{"user":{"id":"9"},"roles":["5"]}"#,
                _ => return answer(404, &[], "{}"),
            };
            answer(200, &[], body)
        });
        let rest = Rest::over(env.clone(), script.clone());
        (RestDiscord::new(env, rest, ApplicationId(9)), script)
    }

    #[tokio::test(start_paused = true)]
    async fn a_thread_has_the_permissions_of_its_channel() {
        let (guild, thread) = (GuildId::new(1), ChannelId::new(31));
        let (open, _) = discord("[]");
        let given = open.permissions_in(guild, thread).await.unwrap();
        assert!(given.missing(Permissions::TO_POST_IN_THREAD).is_empty(), "{given:?}");
        let (closed, _) = discord(r#"[{"id":"9","type":1,"allow":"0","deny":"274877906944"}]"#);
        let given = closed.permissions_in(guild, thread).await.unwrap();
        let missing = given.missing(Permissions::TO_POST_IN_THREAD);
        assert_eq!(missing, Permissions::SEND_MESSAGES_IN_THREADS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_thread_whose_history_its_channel_hides_is_not_looked_through() {
        let (hidden, script) = discord(r#"[{"id":"5","type":0,"allow":"0","deny":"65536"}]"#);
        let since = Timestamp::UNIX_EPOCH;
        let found = hidden.find(ChannelId::new(31), Mark::Post(EventId::new(1)), since).await;
        assert_eq!(found, Err(DiscordError::Forbidden));
        assert!(script.seen().iter().all(|(_, route)| !route.contains("messages")));
    }

    #[tokio::test(start_paused = true)]
    async fn whether_a_message_is_among_too_many_cannot_be_told() {
        let env = TestEnv::new();
        let script = Script::new(&env, Duration::ZERO, |asked, before| match asked.route {
            "message.list" => {
                let id = u64::MAX / 2 - u64::try_from(before).unwrap();
                answer(200, &[], &format!(r#"[{{"id":"{id}","channel_id":"30"}}]"#))
            }
            _ => answer(200, &[], r#"{"id":"30","type":1}"#),
        });
        let rest = Rest::over(env.clone(), script.clone());
        let discord = RestDiscord::new(env, rest, ApplicationId(9));
        let since = Timestamp::UNIX_EPOCH;
        let found = discord.find(ChannelId::new(30), Mark::Post(EventId::new(1)), since).await;
        assert_eq!(found, Err(DiscordError::CannotTell));
        assert!(script.count() < 25, "{}", script.count());
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_is_renewed_or_a_box_before_discord_ends_no_message() {
        let unauthorized = r#"{"message":"401: Unauthorized","code":0}"#;
        for (status, body) in [(401, unauthorized), (403, "<html>"), (404, "<html>"), (408, "")] {
            let env = TestEnv::new();
            let script = Script::new(&env, Duration::ZERO, move |_, _| answer(status, &[], body));
            let discord = RestDiscord::new(env.clone(), Rest::over(env, script), ApplicationId(9));
            for channel in [5, 6] {
                let greeting = Outgoing::Greeting(DeliveryId::new(channel));
                let mark = std::future::ready(true);
                let nonce = Nonce { text: "n", since: None };
                let said = discord.create(ChannelId::new(channel), nonce, greeting, mark).await;
                assert!(matches!(said, Err(DiscordError::Later(_))), "{status}: {said:?}");
            }
        }
    }
}
