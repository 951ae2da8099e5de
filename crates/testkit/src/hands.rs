//! What members do to their answers beyond a tap, handed to the application without a message of
//! Discord's: how many guests they bring, and what they note.

use std::sync::{Mutex, PoisonError};

use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, RoleId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::roster::Guests;
use muster_engine::App;
use muster_engine::answer::{TapOutcome, TapRequest};
use muster_engine::own::TimeWords;
use muster_engine::ports::Tasks as _;
use muster_store::model::Ask;
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

/// A member notes something with their answer, says that they come late or go early, or whether
/// they want direct messages.
pub(crate) async fn notes(stage: &Stage, member: u64, event: u64, number: u64) {
    let Some((env, app)) = stage.hands.held() else { return };
    let interaction = InteractionId::new(stage.ledger.interaction_now());
    let (actor, id, event) = (actor(stage, member), event, EventId::new(event));
    stage.ledger.wishes(id, member);
    let minutes = 1 + number / 6;
    let (late, early) = (format!("{minutes} minutes late"), format!("{minutes} minutes early"));
    let (tell, told) = oneshot::channel::<()>();
    env.spawn("hands", async move {
        let times = |arrives, leaves| {
            let words = TimeWords { arrives, leaves, locale: "en-GB" };
            app.come_and_go(&actor, event, words, interaction)
        };
        let note = match number % 4 {
            0 => format!("=1+{number}"),
            1 => format!("@SUM(A{number}), \"all\""),
            _ => format!("Note {number}"),
        };
        // What fails is noted by the store's own points, or refused as the event stands.
        let said = match number % 6 {
            0 | 1 => app.tell_directly(&actor, event, true, interaction).await,
            2 => app.tell_directly(&actor, event, false, interaction).await,
            3 => app.note(&actor, event, &note, interaction).await,
            4 => times(&late, "").await,
            _ if number.is_multiple_of(5) => times("", "").await,
            _ => times(&late, &early).await,
        };
        drop((said, tell));
    });
    told.await.ok();
    stage.ledger.wishes(id, member);
}

/// A member chooses when they are left in peace.
pub(crate) async fn rests(stage: &Stage, member: u64, hours: String) {
    let Some((env, app)) = stage.hands.held() else { return };
    stage.trace.note("hands", format_args!("{member} rests {hours}"));
    let actor = actor(stage, member);
    let (tell, told) = oneshot::channel::<()>();
    env.spawn("hands", async move {
        // What fails is noted by the store's own points.
        let chosen = app.choose_quiet_hours(&actor, &hours).await;
        drop((chosen, tell));
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
