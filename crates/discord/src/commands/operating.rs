//! `/system_health`, `/performance_metrics`, `/memory_optimization`, `/force_cleanup`,
//! `/security_status`: what who runs the bot sees and does, in a server or in a direct message.
//!
//! What is shown concerns the whole process, and so other servers too: nobody else sees any of it.

use std::sync::Arc;
use std::time::Duration;

use muster_domain::id::UserId;
use muster_domain::rights::Permissions;
use muster_engine::ports::within;
use muster_engine::{App, World};
use muster_vitals::snapshot::{SecurityKind, Snapshot, Subject as Who};
use muster_vitals::watched::{Soon, Watched};

use crate::custom_id::{Action, OperatorAction, Subject};
use crate::interaction::{Body, Interaction};
use crate::reply::Reply;
use crate::views::message::Message;
use crate::views::operating::{self as views, Check, Lifted};

/// How long figures are waited for: with the way to Discord, the answer is there within a second.
const PATIENCE: Duration = Duration::from_millis(700);

/// The running bot as its operators see it, and who they are.
#[derive(Clone)]
pub struct Operating {
    /// The running bot.
    pub watched: Arc<dyn Watched>,
    /// Who runs it.
    pub operators: Vec<UserId>,
    /// How it is set up.
    pub set_up: Arc<dyn SetUp>,
}

/// How the bot is set up, as far as that touches security.
pub trait SetUp: Send + Sync + 'static {
    /// Looks at it now, on no thread that others wait for.
    fn checks(&self) -> Soon<'_, Vec<Check>>;
}

impl Operating {
    /// Whether somebody runs the bot.
    #[must_use]
    pub fn is_operator(&self, user: UserId) -> bool {
        self.operators.contains(&user)
    }
}

/// What is asked of the running bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// How it is.
    Health,
    /// How fast it is.
    Performance,
    /// What of its memory is used.
    Memory,
    /// To clean its memory up.
    CleanUp,
    /// What should not have happened, with this page of who is kept out.
    Security(u32),
    /// To let somebody in again.
    Lift(Who),
}

impl Asked {
    /// What an interaction asks of the running bot, if it does.
    #[must_use]
    pub fn of(interaction: &Interaction) -> Option<Self> {
        match &interaction.body {
            Body::Command(command) => Self::by_command(&command.name),
            Body::Component(component) => component.action.and_then(Self::by_action),
            Body::Autocomplete(_) | Body::Form(_) | Body::Unknown => None,
        }
    }

    /// What a command asks; `None` if it is none of the five.
    #[must_use]
    pub fn by_command(name: &str) -> Option<Self> {
        match name {
            "system_health" => Some(Self::Health),
            "performance_metrics" => Some(Self::Performance),
            "memory_optimization" => Some(Self::Memory),
            "force_cleanup" => Some(Self::CleanUp),
            "security_status" => Some(Self::Security(0)),
            _ => None,
        }
    }

    /// What a button asks; `None` if it is on no panel of an operator.
    #[must_use]
    pub const fn by_action(action: Action) -> Option<Self> {
        let Subject::Operator(action) = action.subject() else { return None };
        Some(match action {
            OperatorAction::Health => Self::Health,
            OperatorAction::Performance => Self::Performance,
            OperatorAction::MemoryUse => Self::Memory,
            OperatorAction::CleanUp => Self::CleanUp,
            OperatorAction::SecurityPage(page) => Self::Security(page),
            OperatorAction::LiftMember(member) => Self::Lift(Who::Member(member.get())),
            OperatorAction::LiftGuild(guild) => Self::Lift(Who::Guild(guild.get())),
        })
    }
}

/// Answers what is asked of the running bot, if an operator asks.
pub async fn answer<W: World>(
    app: &App<W>,
    operating: Option<&Operating>,
    interaction: &Interaction,
    asked: Asked,
) -> Reply {
    let Some(operating) = operating else { return Reply::say(views::NOT_WATCHED) };
    if !operating.is_operator(interaction.user) {
        let guild = interaction.actor.as_ref().map(|actor| actor.guild.get());
        let member = Some(interaction.user.get());
        operating.watched.note(SecurityKind::NotPermitted, member, guild);
        return Reply::say(views::NOT_OPERATOR);
    }
    let panel = match asked {
        Asked::CleanUp => Some(clean_up(operating).await),
        Asked::Lift(subject) => match lift(app, operating, subject).await {
            Some(lifted) => security(app, operating, interaction, (0, Some(lifted))).await,
            None => return Reply::say(views::LIFT_TOO_SLOW),
        },
        Asked::Health => shown(app, operating, views::health).await,
        Asked::Performance => shown(app, operating, views::performance).await,
        Asked::Memory => shown(app, operating, views::memory).await,
        Asked::Security(page) => security(app, operating, interaction, (page, None)).await,
    };
    match panel {
        Some(panel) if interaction.from_private_message && interaction.from_panel => {
            Reply::Update(panel)
        }
        Some(panel) => Reply::private(panel),
        None => Reply::say(views::TOO_SLOW),
    }
}

/// A panel of what is known now; `None` if that does not come in time.
async fn shown<W: World>(
    app: &App<W>,
    operating: &Operating,
    show: impl FnOnce(&Snapshot) -> Message,
) -> Option<Message> {
    let snapshot = within(app.env(), PATIENCE, operating.watched.snapshot()).await?;
    Some(show(&snapshot))
}

/// The panel about security; a set-up that cannot be looked at in time is said there.
async fn security<W: World>(
    app: &App<W>,
    operating: &Operating,
    interaction: &Interaction,
    (page, lifted): (u32, Option<Lifted>),
) -> Option<Message> {
    let looks = within(app.env(), PATIENCE, operating.set_up.checks());
    let knows = within(app.env(), PATIENCE, operating.watched.snapshot());
    let (checks, snapshot) = tokio::join!(looks, knows);
    let mut checks = checks.unwrap_or_else(|| {
        let found = "The set-up could not be looked at in time.".to_owned();
        vec![Check { found, sound: false }]
    });
    checks.extend(administers(interaction));
    Some(views::security(&snapshot?, &checks, page, lifted))
}

/// Whether the server where this is asked made the bot an administrator.
fn administers(interaction: &Interaction) -> Option<Check> {
    let here = interaction.channels.first().filter(|_| interaction.actor.is_some())?;
    let sound = !here.permissions.allow(Permissions::ADMINISTRATOR);
    let found = if sound {
        "I am no administrator of this server."
    } else {
        "I am an administrator of this server, which I need not be: take Administrator from my role."
    };
    Some(Check { found: found.to_owned(), sound })
}

/// Waits as long as it takes: "thinking" is shown meanwhile.
async fn clean_up(operating: &Operating) -> Message {
    match operating.watched.clean_up().await {
        Ok(done) => views::cleaned(&done),
        Err(cooling) => views::cooling_down(cooling),
    }
}

async fn lift<W: World>(app: &App<W>, operating: &Operating, subject: Who) -> Option<Lifted> {
    let was_blocked = within(app.env(), PATIENCE, operating.watched.lift(subject)).await?;
    Some(if was_blocked { Lifted::Lifted(subject) } else { Lifted::NotBlocked(subject) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::definitions::definitions;

    #[test]
    fn the_five_commands_are_asked_by_name_and_work_with_the_bot_alone() {
        let names: Vec<_> = definitions()
            .into_iter()
            .filter(|command| Asked::by_command(command.name).is_some())
            .map(|command| {
                let written = serde_json::to_value(&command).unwrap();
                assert_eq!(written["default_member_permissions"], "0", "{}", command.name);
                assert_eq!(written["contexts"], serde_json::json!([0, 1]), "{}", command.name);
                command.name
            })
            .collect();
        let five = [
            "system_health",
            "performance_metrics",
            "memory_optimization",
            "force_cleanup",
            "security_status",
        ];
        assert_eq!(names, five);
    }
}
