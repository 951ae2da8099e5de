//! News that a guild took the bot or removed it, of which the newest counts: one that could not be
//! stored is tried again, until it can be or something newer is known of the guild.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use muster_domain::id::GuildId;
use tracing::warn;

use crate::app::{App, World};
use crate::limits::MEMBERSHIP_RETRY;
use crate::ports::Clock;
use crate::refusal::Stop;

/// What is in hand about which guild. Holds only guilds of which something is.
#[derive(Debug, Default)]
pub(crate) struct Membership(Mutex<InHand>);

#[derive(Debug, Default)]
struct InHand {
    given: u64,
    /// Numbers up to this one count no more: a session began, which tells of every guild anew.
    outdated: u64,
    guilds: HashMap<GuildId, Newest>,
}

#[derive(Debug, Default)]
struct Newest {
    number: u64,
    in_hand: usize,
}

/// News about one guild, while it is in hand.
#[derive(Debug)]
pub(crate) struct News<'a> {
    membership: &'a Membership,
    guild: GuildId,
    number: u64,
}

impl Membership {
    /// Something is heard of a guild.
    pub(crate) fn heard(&self, guild: GuildId) -> News<'_> {
        let mut all = self.lock();
        all.given = all.given.saturating_add(1);
        let number = all.given;
        let newest = all.guilds.entry(guild).or_default();
        newest.number = number;
        newest.in_hand = newest.in_hand.saturating_add(1);
        News { membership: self, guild, number }
    }

    /// All guilds are told of anew: nothing that was heard before counts any more.
    pub(crate) fn begin_anew(&self) {
        let mut all = self.lock();
        all.outdated = all.given;
    }

    fn lock(&self) -> MutexGuard<'_, InHand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl News<'_> {
    /// Whether nothing newer is known of the guild.
    pub(crate) fn is_newest(&self) -> bool {
        let all = self.membership.lock();
        let newest = all.guilds.get(&self.guild).map(|newest| newest.number);
        self.number > all.outdated && newest == Some(self.number)
    }
}

impl Drop for News<'_> {
    fn drop(&mut self) {
        let mut all = self.membership.lock();
        let Some(newest) = all.guilds.get_mut(&self.guild) else { return };
        newest.in_hand = newest.in_hand.saturating_sub(1);
        if newest.in_hand == 0 {
            all.guilds.remove(&self.guild);
        }
    }
}

impl<W: World> App<W> {
    /// Stores what was heard of a guild, however long it takes, unless something newer is heard
    /// of it or the end comes. `None` if something newer counts.
    pub(crate) async fn store_news<T, F>(
        &self,
        guild: GuildId,
        store: impl Fn() -> F,
    ) -> Result<Option<T>, Stop>
    where
        F: Future<Output = Result<T, muster_store::StoreError>>,
    {
        let news = self.membership().heard(guild);
        let mut retry: u32 = 0;
        loop {
            let error = match store().await {
                Ok(stored) => return Ok(Some(stored)),
                Err(error) => error,
            };
            warn!(%guild, %error, "a guild's arrival or removal could not be stored; trying again");
            tokio::select! {
                biased;
                () = self.closing() => return Err(error.into()),
                () = self.env().sleep(MEMBERSHIP_RETRY.full(retry)) => {}
            }
            if !news.is_newest() {
                return Ok(None);
            }
            retry = retry.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: GuildId = GuildId::new(1);
    const OTHER: GuildId = GuildId::new(2);

    #[test]
    fn only_the_newest_of_a_guild_counts() {
        let membership = Membership::default();
        let (arrived, other) = (membership.heard(ONE), membership.heard(OTHER));
        assert!(arrived.is_newest() && other.is_newest());
        let left = membership.heard(ONE);
        assert!(!arrived.is_newest() && left.is_newest() && other.is_newest());
        drop(left);
        assert!(!arrived.is_newest(), "what came later was done");
    }

    #[test]
    fn a_new_session_outdates_all_that_was_heard_before() {
        let membership = Membership::default();
        let before = membership.heard(ONE);
        membership.begin_anew();
        assert!(!before.is_newest());
        assert!(membership.heard(OTHER).is_newest());
    }

    #[test]
    fn nothing_is_kept_of_what_is_done() {
        let membership = Membership::default();
        let (first, second) = (membership.heard(ONE), membership.heard(ONE));
        drop((first, second));
        assert!(membership.lock().guilds.is_empty());
    }
}
