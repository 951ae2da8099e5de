//! Who has not answered the events of a day: of those who may see them, where the operator lets the
//! bot list members, else of those who came lately.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use muster_domain::event::Phase;
use muster_domain::id::{ChannelId, GuildId, UserId};
use muster_domain::limits::MENTIONS_MAX;
use muster_domain::rules::Eligible;
use muster_store::model::{Posted, RosterPart, Window};
use muster_store::port::{Events as _, Reminders as _};

use crate::app::{App, MemberLists, World};
use crate::discord::{Discord as _, Sought};
use crate::limits::{DAY_MEMBERS_WAIT, EXPORTED_SIGNUPS_MAX};
use crate::ports::{Clock as _, within};
use crate::refusal::Stop;

/// Of whom it is known that they have not answered an event; as many as can be mentioned, and one
/// more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silent {
    /// Of all who may see it.
    MaySeeIt(Vec<UserId>),
    /// Of those who came to events of the guild lately.
    CameLately(Vec<UserId>),
}

impl Silent {
    /// Nobody, as the event takes no answers.
    const NOBODY: Self = Self::CameLately(Vec::new());

    /// The members.
    #[must_use]
    pub fn members(&self) -> &[UserId] {
        match self {
            Self::MaySeeIt(members) | Self::CameLately(members) => members,
        }
    }
}

impl<W: World> App<W> {
    /// Who has not answered each of these events and can; nobody, once it takes no answers. Discord
    /// is asked for its members once for each channel and the roles that can answer there, and for
    /// [`DAY_MEMBERS_WAIT`] in all.
    pub async fn silent(&self, events: &[Posted]) -> Result<Vec<Silent>, Stop> {
        let until = self.env().monotonic().saturating_add(DAY_MEMBERS_WAIT);
        let mut seen_by: BTreeMap<(ChannelId, Eligible), Option<Vec<UserId>>> = BTreeMap::new();
        let mut silent = Vec::with_capacity(events.len());
        for posted in events {
            let event = &posted.sheet.event;
            if event.phase(self.now()) != Phase::Open {
                silent.push(Silent::NOBODY);
                continue;
            }
            let place = (posted.post.channel, event.rules.eligible(&event.options));
            if !seen_by.contains_key(&place) {
                let members = self.who_sees(event.guild, &place, until).await;
                seen_by.insert(place.clone(), members);
            }
            let members = seen_by.get(&place).and_then(Option::as_deref);
            silent.push(self.silent_of(posted, members).await?);
        }
        Ok(silent)
    }

    /// Who may see a channel and is eligible; `None` if nobody tells in time.
    async fn who_sees(
        &self,
        guild: GuildId,
        (channel, eligible): &(ChannelId, Eligible),
        until: Duration,
    ) -> Option<Vec<UserId>> {
        match self.config().member_lists {
            MemberLists::Off => None,
            MemberLists::On => {
                let left = until.saturating_sub(self.env().monotonic());
                let members =
                    self.discord().members_of(guild, *channel, Sought { role: None, eligible });
                within(self.env(), left, members).await?.ok().flatten()
            }
        }
    }

    async fn silent_of(&self, posted: &Posted, seen_by: Option<&[UserId]>) -> Result<Silent, Stop> {
        let (guild, event) = (posted.sheet.event.guild, posted.sheet.event.id);
        let Some(members) = seen_by else {
            return Ok(Silent::CameLately(self.store().who_came_before(guild, event).await?));
        };
        let all = Window::first(EXPORTED_SIGNUPS_MAX);
        let answers = self.store().roster_page(guild, event, RosterPart::Everyone, all).await?;
        let rows = answers.map(|page| page.rows).unwrap_or_default();
        let answered: HashSet<_> = rows.into_iter().map(|line| line.member).collect();
        let silent = members.iter().copied().filter(|member| !answered.contains(member));
        Ok(Silent::MaySeeIt(silent.take(MENTIONS_MAX.saturating_add(1)).collect()))
    }
}
