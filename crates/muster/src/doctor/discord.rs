//! The doctor at Discord: the token, the application, the gateway, the clock.

use muster_discord::rest::model::{Application, GatewayBot};
use muster_discord::rest::{Rest, RestError, RestErrorKind};
use muster_engine::MemberLists;
use muster_engine::limits::CLOCK_TOLERANCE;

use super::told::{Told, Tone};
use crate::env::SystemEnv;
use crate::exit::Exit;

const DISCORD: &str = "Discord";
const INTENTS: &str = "intents";
const SESSIONS: &str = "sessions";
const CLOCK: &str = "clock";

/// The privileged intent without which Discord lists no members.
const MEMBERS: &str = "Server Members";

/// Privileged intents, by the flags of an application that has them; of each, the first is for
/// bots of more than a hundred servers. (Discord docs: "Application Flags")
const PRIVILEGED: [(u64, &str); 3] = [
    (1 << 12 | 1 << 13, "Presence"),
    (1 << 14 | 1 << 15, MEMBERS),
    (1 << 18 | 1 << 19, "Message Content"),
];

/// Sessions left to begin below which somebody should look why so many are begun.
const SESSIONS_FEW: u32 = 50;

/// Asks Discord who we are and where its gateway is.
pub(super) async fn ask(
    rest: &Rest<SystemEnv>,
    (api_url, lists): (&str, MemberLists),
    told: &mut Told,
) {
    match asked(rest).await {
        Ok((name, application, gateway)) => {
            let what = format!("It takes the token and knows the bot as {name}.");
            told.add(Tone::Good, DISCORD, what);
            of_endpoint(&application, told);
            of_intents(application.flags, lists, told);
            of_gateway(&gateway, told);
            of_clock(rest, told);
        }
        Err(error) => refused(&error, api_url, told),
    }
}

async fn asked(rest: &Rest<SystemEnv>) -> Result<(String, Application, GatewayBot), RestError> {
    let rest = rest.awaited();
    let user = rest.current_user().await?;
    let application = rest.current_application().await?;
    Ok((user.username, application, rest.gateway_bot().await?))
}

fn refused(error: &RestError, api_url: &str, told: &mut Told) {
    if error.kind == RestErrorKind::TokenRefused || error.status() == Some(401) {
        let fix = Exit::TokenRefused.to_string();
        told.fix(Tone::Broken, DISCORD, "It refuses the token.", fix);
    } else {
        let what = format!("{api_url} does not answer as it should: {error}.");
        let fix = "Check name resolution, the firewall (TCP 443), DISCORD_API_URL, and Discord's \
                   status at https://discordstatus.com.";
        told.fix(Tone::Broken, DISCORD, what, fix);
    }
}

fn of_endpoint(application: &Application, told: &mut Told) {
    if application.interactions_endpoint_url.is_some() {
        let what = "It sends taps and commands to an address of its own, and none to the bot.";
        let fix = "Empty \"Interactions Endpoint URL\" in the developer portal (General \
                   Information).";
        told.fix(Tone::Broken, DISCORD, what, fix);
    }
}

/// Privileged intents that an application with these flags has and does not need.
pub(crate) fn idle_intents(flags: u64, lists: MemberLists) -> Vec<&'static str> {
    let is_needed = |name| lists == MemberLists::On && name == MEMBERS;
    let idle = PRIVILEGED.iter().filter(|(bits, name)| flags & bits != 0 && !is_needed(*name));
    idle.map(|(_, name)| *name).collect()
}

/// `MEMBER_LISTS=true` needs one privileged intent, and nothing else needs any.
fn of_intents(flags: u64, lists: MemberLists, told: &mut Told) {
    let is_needed = |name| lists == MemberLists::On && name == MEMBERS;
    let on = |bits| flags & bits != 0;
    let idle = idle_intents(flags, lists);
    if PRIVILEGED.iter().any(|(bits, name)| is_needed(*name) && !on(*bits)) {
        let what = "MEMBER_LISTS=true needs an intent that is switched off, and the bot does not \
                    start.";
        let fix = "Switch on Server Members Intent in the developer portal (Bot, Privileged \
                   Gateway Intents), or set MEMBER_LISTS=false.";
        told.fix(Tone::Broken, INTENTS, what, fix);
    } else if !idle.is_empty() {
        let what = format!(
            "Switched on and not needed: {}. You can switch them off in the developer portal (Bot, \
             Privileged Gateway Intents).",
            idle.join(", ")
        );
        told.add(Tone::Note, INTENTS, what);
    } else if lists == MemberLists::On {
        let what = "The bot has the one privileged intent that MEMBER_LISTS=true needs.";
        told.add(Tone::Good, INTENTS, what);
    } else {
        told.add(Tone::Good, INTENTS, "The bot needs no privileged intent, and has none.");
    }
}

fn of_gateway(gateway: &GatewayBot, told: &mut Told) {
    let limit = gateway.session_start_limit;
    let hours = limit.reset_after.div_ceil(3_600_000);
    let what = format!(
        "{} of {} may be begun within the next {hours} h; shards to run: {}.",
        limit.remaining, limit.total, gateway.shards
    );
    if limit.remaining < SESSIONS_FEW {
        let fix = "Something starts the bot again and again: look into its log before Discord \
                   resets the token.";
        told.fix(Tone::Warning, SESSIONS, what, fix);
    } else {
        told.add(Tone::Good, SESSIONS, what);
    }
}

fn of_clock(rest: &Rest<SystemEnv>, told: &mut Told) {
    let Some(ahead) = rest.clock_ahead() else {
        return told.add(Tone::Note, CLOCK, "Discord did not say what time it is.");
    };
    let (off_s, most_s) = (ahead.abs().as_secs(), CLOCK_TOLERANCE.as_secs());
    if ahead.abs() > CLOCK_TOLERANCE {
        let side = if ahead.is_positive() { "behind" } else { "ahead of" };
        let what = format!("It is {off_s} s {side} Discord's; {most_s} s are tolerable.");
        let fix = "Set it by a time server, for example with `timedatectl set-ntp true`: reminders \
                   are as much too late or too early.";
        told.fix(Tone::Warning, CLOCK, what, fix);
    } else {
        told.add(Tone::Good, CLOCK, format!("It agrees with Discord's within {most_s} s."));
    }
}
