//! What members do to their answers beyond a tap, handed to the application without a message of
//! Discord's: how many guests they bring, and what they note.

use std::sync::{Mutex, PoisonError};

use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, RoleId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::roster::Guests;
use muster_domain::signup_details::DetailsChange;
use muster_domain::text::Note;
use muster_engine::App;
use muster_engine::answer::{TapOutcome, TapRequest};
use muster_engine::ports::{Clock as _, Tasks as _};
use muster_store::model::{Ask, DescribeRequest};
use muster_store::port::Events as _;
use tokio::sync::oneshot;

use crate::env::VirtualEnv;
use crate::life::VirtualWorld;
use crate::stage::Stage;

/// The application that runs now, and the life that it runs in.
#[derive(Default)]
pub(crate) struct Hands(Mutex<Option<(VirtualEnv, App<VirtualWorld>)>>);

impl Hands {
    /// This is the application from now on.
    pub(crate) fn hold(&self, env: VirtualEnv, app: App<VirtualWorld>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((env, app));
    }

    /// There is none any more.
    pub(crate) fn let_go(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn held(&self) -> Option<(VirtualEnv, App<VirtualWorld>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A member brings so many guests to an event.
pub(crate) async fn brings(stage: &Stage, member: u64, event: u64, guests: u64) {
    let Some((env, app)) = stage.hands.held().filter(|_| !stage.ledger.is_removed()) else {
        return;
    };
    let party = Guests::parse(i64::try_from(guests).unwrap_or_default()).unwrap_or_default();
    let interaction = stage.ledger.guests_asked(member, (event, guests));
    stage.trace.note("hands", format_args!("{member} brings {guests} to {event}: {interaction}"));
    let (actor, ask) = (actor(stage, member), Ask::Guests(party));
    let (tell, told) = oneshot::channel();
    // Within the bot's life, so that it ends with it.
    env.spawn("hands", async move {
        let interaction = InteractionId::new(interaction);
        let request = TapRequest { event: EventId::new(event), ask, interaction, post: None };
        let is_taken = matches!(app.tap(&actor, request).await, Ok(TapOutcome::Taken(_)));
        app.wake_reconciler();
        // Who asked waits for nothing else.
        tell.send(is_taken).ok();
    });
    if told.await == Ok(true) {
        stage.ledger.guests_taken(interaction);
    }
}

/// A member notes something with their answer, or says whether they want direct messages.
pub(crate) async fn notes(stage: &Stage, member: u64, event: u64, number: u64) {
    let Some((env, app)) = stage.hands.held() else { return };
    let interaction = InteractionId::new(stage.ledger.interaction_now());
    let (guild, member) = (GuildId::new(stage.cast.guild.get()), UserId::new(member));
    let request = DescribeRequest {
        guild,
        event: EventId::new(event),
        member,
        by: member,
        change: match number % 4 {
            0 | 1 => DetailsChange::Direct(true),
            2 => DetailsChange::Direct(false),
            _ => DetailsChange::Note(Note::parse(&format!("Note {number}")).ok()),
        },
        interaction,
        at: env.now(),
    };
    let (tell, told) = oneshot::channel::<()>();
    env.spawn("hands", async move {
        // What fails is noted by the store's own points.
        app.store().describe(request).await.ok();
        drop(tell);
    });
    told.await.ok();
}

fn actor(stage: &Stage, member: u64) -> Actor {
    Actor {
        user: UserId::new(member),
        guild: GuildId::new(stage.cast.guild.get()),
        channel: ChannelId::new(stage.cast.channels.first().map_or(0, |channel| channel.get())),
        roles: stage.cast.roles_of(member).into_iter().map(RoleId::new).collect(),
        permissions: Permissions::default(),
    }
}
