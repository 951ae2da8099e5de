//! What the bot has given up, for the dashboard: read from the database, tried again by the engine.

use std::sync::Arc;

use muster_domain::id::{ChannelId, DeliveryId, GuildId};
use muster_domain::notice::News;
use muster_engine::doctor::RetryEnd;
use muster_engine::ports::Clock as _;
use muster_store::model::{ChoreKind, FailedCause, GivenUpLine, GivenUpWhat, Window};
use muster_store::port::Troubles as _;
use muster_store::sqlite::SqliteStore;
use muster_vitals::watched::Soon;
use muster_web::{Again, GivenUp, GivenUpList, GivenUpRow, TriedAgain, Unreadable};
use tracing::warn;

use crate::env::SystemEnv;
use crate::watching::Known;

/// The list and what can be done about it.
pub(crate) struct Listed {
    pub(crate) env: SystemEnv,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) known: Arc<Known>,
}

impl GivenUp for Listed {
    fn list(&self, skip: usize, limit: usize) -> Soon<'_, Result<GivenUpList, Unreadable>> {
        Box::pin(async move {
            match self.store.given_up(self.env.now(), Window { skip, limit }).await {
                Ok(page) => {
                    let rows = page.rows.iter().map(row).collect();
                    Ok(GivenUpList { rows, total: page.total })
                }
                Err(error) => {
                    warn!(%error, "what was given up could not be read");
                    Err(Unreadable)
                }
            }
        })
    }

    fn try_again(&self, what: Again) -> Soon<'_, TriedAgain> {
        Box::pin(async move {
            let Some(app) = self.known.app.get() else { return TriedAgain::NotYet };
            let ended = match what {
                Again::Message { server, delivery } => {
                    app.retry_failed_in(GuildId::new(server), DeliveryId::new(delivery)).await
                }
                Again::Chores { server } => app.retry_chores_in(GuildId::new(server)).await,
            };
            ended.map_or_else(
                |stop| {
                    warn!(?stop, "what was given up could not be tried again");
                    TriedAgain::Failed
                },
                tried,
            )
        })
    }
}

const fn tried(end: RetryEnd) -> TriedAgain {
    match end {
        RetryEnd::Sent => TriedAgain::Sent,
        RetryEnd::UnderWay => TriedAgain::UnderWay,
        RetryEnd::RefusedAgain => TriedAgain::Refused,
        RetryEnd::StillUnclear => TriedAgain::Unclear,
        RetryEnd::NotWorthIt => TriedAgain::TooLate,
        RetryEnd::NoPost => TriedAgain::NoPost,
        RetryEnd::NoSuch => TriedAgain::NoSuch,
    }
}

fn row(line: &GivenUpLine) -> GivenUpRow {
    let server = line.guild.get();
    let again = match line.what {
        GivenUpWhat::Message { delivery, worth_it, .. } => {
            worth_it.then_some(Again::Message { server, delivery: delivery.get() })
        }
        GivenUpWhat::Chore(_) => Some(Again::Chores { server }),
    };
    GivenUpRow {
        what: what(line.what),
        server,
        event: line.event.get(),
        channel: line.channel.map(ChannelId::get),
        due: line.due,
        at: line.at,
        why: why(line),
        again,
    }
}

const fn what(what: GivenUpWhat) -> &'static str {
    match what {
        GivenUpWhat::Message { news, .. } => match news {
            None => "the post of an event",
            Some(News::Moved) => "news of a new time",
            Some(News::Cancelled) => "news that an event is cancelled",
            Some(News::BackOn) => "news that an event takes place after all",
            Some(News::Promoted) => "news of who moved up",
            Some(News::Offered) => "the offer of a place",
            Some(News::Unseated) => "news of who lost their place",
            Some(News::TooFew) => "the note that too few are coming",
            Some(News::Told) => "an organiser's message",
            Some(News::Reminder) => "a reminder",
        },
        GivenUpWhat::Chore(ChoreKind::OpenThread) => "opening an event's thread",
        GivenUpWhat::Chore(ChoreKind::RenameThread) => "renaming an event's thread",
        GivenUpWhat::Chore(ChoreKind::DeleteMessage) => "deleting an event's post",
        GivenUpWhat::Chore(ChoreKind::ArchiveThread) => "archiving an event's thread",
    }
}

const fn why(line: &GivenUpLine) -> &'static str {
    match (line.cause, line.what) {
        (FailedCause::ChannelGone, _) => "Its channel does not exist any more.",
        (FailedCause::Forbidden, GivenUpWhat::Message { .. }) => {
            "The bot may not write there; the server's /doctor names what it lacks."
        }
        (FailedCause::Forbidden, GivenUpWhat::Chore(_)) => {
            "The bot may not do that there; the server's /doctor names what it lacks."
        }
        (FailedCause::NoPost, _) => {
            "It is told in the event's post in a forum, and none is known; an organiser can post \
             the event again."
        }
        (FailedCause::Refused, _) => "Discord refuses it; the log says why.",
        (FailedCause::Unclear, _) => {
            "Nobody can tell whether it arrived. It is looked for before it is sent again."
        }
    }
}
