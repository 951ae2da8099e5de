//! What a test in another language does to the simulated Discord: bad days, changes of the world,
//! and a look at what the bot has done.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Problem;
use super::acts::{Answered, Body, read};
use crate::faults::{Faults, ScriptedAnswer};
use crate::gateway::{Entry, EventFault, GatewayFaults, Greeting};
use crate::ids::{AppId, GuildId, UserId};
use crate::seed;
use crate::shared::Shared;
use crate::world::{Permissions, World};

/// What the bot has done so far, in numbers.
pub(super) async fn counts(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let counts = shared.ledger.counts();
    let mut requests = BTreeMap::<&str, BTreeMap<String, u64>>::new();
    for ((route, status), count) in &counts.requests {
        requests.entry(route.as_str()).or_default().insert(status.to_string(), *count);
    }
    Json(json!({
        "requests": requests,
        "dials": counts.dials,
        "identifies": counts.identifies,
        "identifies_refused": counts.identifies_refused,
        "resumes": counts.resumes,
        "resumes_refused": counts.resumes_refused,
        "token_resets": counts.token_resets,
        "heartbeats": counts.heartbeats,
        "interactions": counts.interactions,
        "missed": counts.missed,
    }))
}

/// What the next requests of the bot get.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RestFault {
    /// How many requests; one unless told otherwise, or all if there is a time.
    times: Option<u32>,
    /// For how long instead.
    for_ms: Option<u64>,
    #[serde(default = "any")]
    method: String,
    /// The beginning of a path under `/api/v10`, or of a route.
    #[serde(default)]
    path: String,
    #[serde(default)]
    answer: RestAnswer,
    #[serde(default)]
    delay_ms: u64,
    #[serde(default)]
    after_effect: bool,
    /// The connection ends in the middle of the body.
    #[serde(default)]
    cut: bool,
    /// The body comes in pieces of so many bytes, with a pause of `pause_ms` before each.
    dribble: Option<Dribble>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dribble {
    bytes: usize,
    pause_ms: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum RestAnswer {
    #[default]
    Real,
    Dropped,
    Status {
        status: u16,
        #[serde(default)]
        body: Value,
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    LimitedGlobally {
        retry_after_ms: u64,
    },
    LimitedInBucket {
        retry_after_ms: u64,
    },
    LimitedByOthers {
        retry_after_ms: u64,
    },
    LimitedWithoutHeaders {
        retry_after_ms: u64,
    },
    Banned {
        retry_after_ms: u64,
    },
}

fn any() -> String {
    "*".to_owned()
}

impl RestFault {
    fn answer(&self) -> ScriptedAnswer {
        let after = Duration::from_millis;
        let mut answer = match &self.answer {
            RestAnswer::Real => ScriptedAnswer::real(),
            RestAnswer::Dropped => ScriptedAnswer::dropped(),
            RestAnswer::Status { status, body, headers } => {
                let answer = ScriptedAnswer::status(*status, body.clone());
                headers.iter().fold(answer, |answer, (name, value)| answer.header(name, value))
            }
            RestAnswer::LimitedGlobally { retry_after_ms: ms } => {
                ScriptedAnswer::limited_globally(after(*ms))
            }
            RestAnswer::LimitedInBucket { retry_after_ms: ms } => {
                ScriptedAnswer::limited_in_bucket(after(*ms))
            }
            RestAnswer::LimitedByOthers { retry_after_ms: ms } => {
                ScriptedAnswer::limited_by_others(after(*ms))
            }
            RestAnswer::LimitedWithoutHeaders { retry_after_ms: ms } => {
                ScriptedAnswer::limited_without_headers(after(*ms))
            }
            RestAnswer::Banned { retry_after_ms: ms } => ScriptedAnswer::banned(after(*ms)),
        };
        answer = answer.late(Duration::from_millis(self.delay_ms));
        if self.after_effect {
            answer = answer.after_effect();
        }
        if let Some(Dribble { bytes, pause_ms }) = self.dribble {
            answer = answer.dribbled(bytes, Duration::from_millis(pause_ms));
        }
        if self.cut { answer.cut() } else { answer }
    }
}

pub(super) async fn rest_fault(
    State(shared): State<Arc<Shared>>,
    body: Body<RestFault>,
) -> Answered {
    let fault = read(body)?;
    let (method, path, answer) = (fault.method.as_str(), fault.path.as_str(), fault.answer());
    let faults = Faults { shared };
    match (fault.times, fault.for_ms) {
        (Some(_), Some(_)) => return Err(Problem::bad_request("give either times or for_ms")),
        (times, None) => faults.answer_next(times.unwrap_or(1), method, path, answer),
        (None, Some(ms)) => {
            faults.answer_for(Duration::from_millis(ms), method, path, answer);
        }
    }
    Ok(Json(json!({})))
}

/// How far Discord's clock is ahead of the simulated one; behind it if negative.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockFault {
    ahead_ms: i64,
}

pub(super) async fn clock_fault(
    State(shared): State<Arc<Shared>>,
    body: Body<ClockFault>,
) -> Answered {
    let fault = read(body)?;
    Faults { shared }.skew_clock(SignedDuration::from_millis(fault.ahead_ms));
    Ok(Json(json!({})))
}

/// What the gateway does.
#[derive(Debug, Deserialize)]
pub(super) struct GatewayFault {
    /// Only to this shard, where it makes a difference.
    shard: Option<u64>,
    #[serde(flatten)]
    act: GatewayAct,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum GatewayAct {
    Cut,
    Close { code: u16 },
    AskToReconnect,
    Invalidate { resumable: bool },
    AskForHeartbeat,
    SendText { text: String },
    SendEvent { name: String, data: Value },
    ForgetSessions,
    RefuseDials { for_ms: u64 },
    GreetNext { times: u32, greeting: Met },
    IdentifyNext { times: u32, entry: Met },
    ResumeNext { times: u32, entry: Met },
    EventsNext { times: u32, fault: Astray },
    StopAcknowledging,
    GoSilent,
    StopReading,
    Heal,
    TakeDown { guild: GuildId },
    BringBack { guild: GuildId },
}

/// What connections, identifies and resumes may meet.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Met {
    Silence,
    Cut,
    Close(u16),
    Invalid { resumable: bool },
    ThenReconnect,
}

impl Met {
    fn greeting(self) -> Result<Greeting, Problem> {
        match self {
            Self::Silence => Ok(Greeting::Silence),
            Self::Cut => Ok(Greeting::Cut),
            Self::Close(code) => Ok(Greeting::Close(code)),
            Self::Invalid { .. } | Self::ThenReconnect => {
                Err(Problem::bad_request("a greeting is silence, cut or close"))
            }
        }
    }

    const fn entry(self) -> Entry {
        match self {
            Self::Silence => Entry::Silence,
            Self::Cut => Entry::Cut,
            Self::Close(code) => Entry::Close(code),
            Self::Invalid { resumable } => Entry::Invalid { resumable },
            Self::ThenReconnect => Entry::ThenReconnect,
        }
    }
}

/// How events go astray.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Astray {
    Twice,
    Lost,
    Late { by: u32 },
}

impl Astray {
    const fn fault(self) -> EventFault {
        match self {
            Self::Twice => EventFault::Twice,
            Self::Lost => EventFault::Lost,
            Self::Late { by } => EventFault::Late { by },
        }
    }
}

pub(super) async fn gateway_fault(
    State(shared): State<Arc<Shared>>,
    body: Body<GatewayFault>,
) -> Answered {
    let GatewayFault { shard, act } = read(body)?;
    let all = GatewayFaults::new(shared);
    let faults = match shard {
        None => all,
        Some(number) => all.on_shard(number),
    };
    match act {
        GatewayAct::Cut => faults.cut(),
        GatewayAct::Close { code } => faults.close(code),
        GatewayAct::AskToReconnect => faults.ask_to_reconnect(),
        GatewayAct::Invalidate { resumable } => faults.invalidate(resumable),
        GatewayAct::AskForHeartbeat => faults.ask_for_heartbeat(),
        GatewayAct::SendText { text } => faults.send_text(&text),
        GatewayAct::SendEvent { name, data } => faults.send_event(&name, &data),
        GatewayAct::ForgetSessions => faults.forget_sessions(),
        GatewayAct::RefuseDials { for_ms } => faults.refuse_dials(Duration::from_millis(for_ms)),
        GatewayAct::GreetNext { times, greeting } => {
            faults.greet_next(times, greeting.greeting()?);
        }
        GatewayAct::IdentifyNext { times, entry } => faults.identify_next(times, entry.entry()),
        GatewayAct::ResumeNext { times, entry } => faults.resume_next(times, entry.entry()),
        GatewayAct::EventsNext { times, fault } => faults.events_next(times, fault.fault()),
        GatewayAct::StopAcknowledging => faults.stop_acknowledging(),
        GatewayAct::GoSilent => faults.go_silent(),
        GatewayAct::StopReading => faults.stop_reading(),
        GatewayAct::Heal => faults.heal(),
        GatewayAct::TakeDown { guild } => faults.take_down(guild),
        GatewayAct::BringBack { guild } => faults.bring_back(guild),
    }
    Ok(Json(json!({})))
}

/// Ends all bad days, scripted answers and the gateway's moods.
pub(super) async fn heal(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let faults = Faults { shared };
    faults.clear();
    faults.gateway().heal();
    Json(json!({}))
}

/// What happens in the world without anybody at a client.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum WorldAct {
    /// A person takes direct messages of bots, or takes none any more.
    OpenDms {
        user: UserId,
    },
    CloseDms {
        user: UserId,
    },
    /// A bot is added to a guild with what an events bot asks for, or is put out.
    InstallBot {
        application: AppId,
        guild: GuildId,
    },
    RemoveBot {
        application: AppId,
        guild: GuildId,
    },
    /// The bot's own role grants something else: a number, as text.
    PermitBot {
        application: AppId,
        guild: GuildId,
        permissions: Value,
    },
    /// Many people join at once.
    AddMembers {
        guild: GuildId,
        count: usize,
    },
}

/// The most people that join at once.
const MAX_CROWD: usize = 10_000;

pub(super) async fn world(State(shared): State<Arc<Shared>>, body: Body<WorldAct>) -> Answered {
    let act = read(body)?;
    shared.with(|world| {
        check(world, &act)?;
        let mut joined = Vec::new();
        match act {
            WorldAct::OpenDms { user } => world.edit_user(user, |user| user.dms_open = true),
            WorldAct::CloseDms { user } => world.edit_user(user, |user| user.dms_open = false),
            WorldAct::InstallBot { application, guild } => {
                world.install(application, guild, Permissions::BOT_CORE);
            }
            WorldAct::RemoveBot { application, guild } => {
                if let Some(bot) = world.app(application).map(|app| app.bot) {
                    world.kick(guild, bot);
                }
            }
            WorldAct::PermitBot { application, guild, permissions } => {
                let permissions = Permissions::read(&permissions)
                    .ok_or_else(|| Problem::bad_request("permissions are a number, as text"))?;
                world.permit(application, guild, permissions);
            }
            WorldAct::AddMembers { guild, count } => {
                joined = seed::crowd(world, guild, count.min(MAX_CROWD));
            }
        }
        Ok(Json(if joined.is_empty() { json!({}) } else { json!({"joined": joined}) }))
    })
}

fn check(world: &World, act: &WorldAct) -> Result<(), Problem> {
    let known = match act {
        WorldAct::OpenDms { user } | WorldAct::CloseDms { user } => world.user(*user).is_some(),
        WorldAct::InstallBot { application, guild }
        | WorldAct::RemoveBot { application, guild }
        | WorldAct::PermitBot { application, guild, .. } => {
            world.app(*application).is_some() && world.guild(*guild).is_some()
        }
        WorldAct::AddMembers { guild, .. } => world.guild(*guild).is_some(),
    };
    known.then_some(()).ok_or_else(|| Problem::bad_request("there is no such user, bot or guild"))
}
