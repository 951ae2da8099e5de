//! Who is let in, before anybody looks at what is asked: nobody who is kept out for a while, nobody
//! too often, and nobody with more than Discord lets anybody send. What is refused here costs no
//! look into the store.

use muster_domain::id::GuildId;
use muster_engine::refusal::{NotLetIn, Refusal, Stop};
use muster_engine::tap_limit::{TapAdmission, TapRate};
use muster_engine::{App, World};
use muster_vitals::limiter::Asked;
use muster_vitals::snapshot::SecurityKind;
use tracing::debug;

use crate::bot::at_hand;
use crate::interaction::{Body, Command, Component, Form, Interaction};
use crate::reply::Reply;
use crate::views::refusal;

/// Characters of a custom id. (Discord docs: "Component Reference")
const CUSTOM_ID_MAX: usize = 100;
/// Characters of a field in a form. (Discord docs: "Text Input")
const FIELD_MAX: usize = 4_000;
/// Characters of a command's option. (Discord docs: "Application Command Option Structure")
const OPTION_MAX: usize = 6_000;
/// What can be chosen at once. (Discord docs: "String Select")
const CHOSEN_MAX: usize = 25;

/// The answer to whom is not let in with a tap. Nothing limits taps but the member's own.
pub(crate) fn refuses_tap<W: World>(app: &App<W>, interaction: &Interaction) -> Option<Reply> {
    if let Some(reply) = keeps_out(app, interaction) {
        return Some(reply);
    }
    let rate = match app.admit_tap(interaction.user, guild_of(interaction)) {
        TapAdmission::Taken => return refuses_oversized(app, interaction),
        TapAdmission::Refused(rate) => rate,
        TapAdmission::RefusedAgain | TapAdmission::Burst => return Some(Reply::Nothing),
    };
    debug!(member = %interaction.user, "a member taps too often");
    let refused = Refusal::TooManyTaps(rate);
    Some(Reply::say(refusal::said(at_hand(app, interaction), &refused)))
}

/// The answer to whom is not let in with anything else.
pub(crate) fn refuses<W: World>(app: &App<W>, interaction: &Interaction) -> Option<Reply> {
    let (member, guild) = (interaction.user, guild_of(interaction));
    if let Some(reply) = keeps_out(app, interaction) {
        return Some(reply);
    }
    if let Some(blocked) = guild.and_then(|guild| app.guild_kept_out(guild)) {
        app.vitals().limiter.kept_out();
        let why = NotLetIn::GuildUntil(blocked.until);
        return Some(said(app, interaction, why, app.tells_why(member)));
    }
    let asked = match &interaction.body {
        Body::Command(command) => Asked::Command(&command.name),
        Body::Autocomplete(_) => Asked::Typing,
        Body::Component(_) | Body::Form(_) | Body::Unknown => Asked::Panel,
    };
    match app.admit(member, guild, asked) {
        TapAdmission::Taken => refuses_oversized(app, interaction),
        TapAdmission::Refused(rate) => Some(too_much(app, interaction, rate, true)),
        TapAdmission::RefusedAgain | TapAdmission::Burst => {
            Some(too_much(app, interaction, TapRate::DEFAULT, false))
        }
    }
}

/// The answer to more than Discord lets anybody send, of which note is taken.
fn refuses_oversized<W: World>(app: &App<W>, interaction: &Interaction) -> Option<Reply> {
    if !is_oversized(&interaction.body) {
        return None;
    }
    app.note_security(SecurityKind::OversizedInput, interaction.user, guild_of(interaction));
    Some(said(app, interaction, NotLetIn::Oversized, true))
}

/// Takes note of a refusal that says that somebody tried what they may not.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other refusals are everyday ones")]
pub(crate) fn note<W: World>(app: &App<W>, interaction: &Interaction, stop: &Stop) {
    let Stop::Refused(refusal) = stop else { return };
    let kind = match refusal {
        Refusal::NotOrganiser | Refusal::NotManager => not_permitted(&interaction.body),
        Refusal::Unknown => not_ours(&interaction.body),
        _ => None,
    };
    if let Some(kind) = kind {
        app.note_security(kind, interaction.user, guild_of(interaction));
    }
}

/// What is offered while typing is nothing that anybody tried.
const fn not_permitted(body: &Body) -> Option<SecurityKind> {
    match body {
        Body::Autocomplete(_) => None,
        Body::Command(_) | Body::Component(_) | Body::Form(_) | Body::Unknown => {
            Some(SecurityKind::NotPermitted)
        }
    }
}

/// What an id is that we never make.
fn not_ours(body: &Body) -> Option<SecurityKind> {
    let is_ours = match body {
        Body::Component(component) => component.action.is_some(),
        Body::Form(form) => form.action.is_some(),
        Body::Command(_) | Body::Autocomplete(_) | Body::Unknown => true,
    };
    (!is_ours).then_some(SecurityKind::ForgedCustomId)
}

/// Longer or more than Discord lets anybody send.
fn is_oversized(body: &Body) -> bool {
    match body {
        Body::Command(Command { options, .. }) | Body::Autocomplete(Command { options, .. }) => {
            options.longest_text() > OPTION_MAX
        }
        Body::Form(Form { fields, custom_id, .. }) => {
            custom_id.len() > CUSTOM_ID_MAX || fields.longest_text() > FIELD_MAX
        }
        Body::Component(Component { values, custom_id, .. }) => {
            custom_id.len() > CUSTOM_ID_MAX || values.len() > CHOSEN_MAX
        }
        Body::Unknown => false,
    }
}

fn keeps_out<W: World>(app: &App<W>, interaction: &Interaction) -> Option<Reply> {
    let blocked = app.kept_out(interaction.user)?;
    app.vitals().limiter.kept_out();
    let why = NotLetIn::MemberUntil(blocked.until);
    Some(said(app, interaction, why, app.tells_why(interaction.user)))
}

fn too_much<W: World>(
    app: &App<W>,
    interaction: &Interaction,
    rate: TapRate,
    is_told: bool,
) -> Reply {
    said(app, interaction, NotLetIn::TooMuch(rate), is_told)
}

/// Says why once, and is silent from then on, as far as Discord lets us: a command must have a
/// message for an answer.
fn said<W: World>(app: &App<W>, interaction: &Interaction, why: NotLetIn, is_told: bool) -> Reply {
    let words = at_hand(app, interaction);
    match &interaction.body {
        Body::Autocomplete(_) => Reply::Choices(Vec::new()),
        Body::Component(_) if !is_told => Reply::Nothing,
        Body::Form(_) if !is_told && interaction.message.is_some() => Reply::Nothing,
        Body::Command(_) | Body::Form(_) if !is_told => Reply::say(refusal::told_before(words)),
        Body::Command(_) | Body::Component(_) | Body::Form(_) | Body::Unknown => {
            Reply::say(refusal::said(words, &Refusal::NotLetIn(why)))
        }
    }
}

fn guild_of(interaction: &Interaction) -> Option<GuildId> {
    interaction.actor.as_ref().map(|actor| actor.guild)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use muster_domain::id::UserId;
    use muster_engine::Config;
    use muster_store::sqlite::SqliteStore;
    use serde_json::{Value, json};

    use super::*;
    use crate::interaction::parse;
    use crate::outgoing::RestDiscord;
    use crate::rest::Rest;
    use crate::rest::model::ApplicationId;
    use crate::testing::{Script, TestEnv, answer};

    /// A world whose Discord is never asked.
    struct Quiet(TestEnv, SqliteStore, RestDiscord<TestEnv, Script>);

    impl World for Quiet {
        type Env = TestEnv;
        type Store = SqliteStore;
        type Discord = RestDiscord<TestEnv, Script>;

        fn env(&self) -> &TestEnv {
            &self.0
        }

        fn store(&self) -> &SqliteStore {
            &self.1
        }

        fn discord(&self) -> &Self::Discord {
            &self.2
        }
    }

    fn app() -> App<Quiet> {
        let env = TestEnv::new();
        let script = Script::new(&env, Duration::ZERO, |_, _| answer(404, &[], "{}"));
        let rest = Rest::over(env.clone(), script);
        let discord = RestDiscord::new(env.clone(), rest, ApplicationId(9));
        let store = SqliteStore::open_in_memory().unwrap();
        App::new(Quiet(env, store, discord), Config::default())
    }

    /// Somebody asks for help in this server.
    fn asks_in(guild: &str) -> Interaction {
        let raw = json!({
            "id": "1", "application_id": "2", "type": 2, "token": "t", "guild_id": guild,
            "channel_id": "7", "data": {"name": "help"},
            "member": {"user": {"id": "3"}, "roles": [], "permissions": "0"},
        });
        parse(&raw.to_string()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_kept_out_is_told_so_and_may_still_answer() {
        let app = app();
        for member in 0..200 {
            let member = UserId::new(1_000 + member);
            app.note_security(SecurityKind::RateLimitBurst, member, Some(GuildId::new(50)));
        }
        let told = refuses(&app, &asks_in("50")).map(|reply| format!("{reply:?}"));
        let told = told.expect("it is not let in");
        assert!(told.contains("I only take answers to events here"), "{told}");
        assert!(refuses(&app, &asks_in("51")).is_none(), "others are not concerned");
        assert!(refuses_tap(&app, &asks_in("50")).is_none(), "and taps are let in everywhere");
    }

    fn is_too_much(kind: u8, data: &Value) -> bool {
        let raw = json!({
            "id": "1", "application_id": "2", "type": kind, "token": "t",
            "user": {"id": "3"}, "data": data,
        });
        is_oversized(&parse(&raw.to_string()).unwrap().body)
    }

    #[test]
    fn what_discord_lets_nobody_send_is_told_from_the_most_that_it_does() {
        let option = |long| json!({"name": "x", "type": 3, "value": "ü".repeat(long)});
        let command = |long| json!({"name": "help", "options": [option(long)]});
        let field = |long| json!({"type": 4, "custom_id": "x", "value": "ü".repeat(long)});
        let row = |long| json!([{"type": 18, "component": field(long)}]);
        let form = |long| json!({"custom_id": "m1:szf", "components": row(long)});
        let select = |many| json!({"custom_id": "m1:af:1", "values": vec!["1"; many]});
        let button = |long| json!({"custom_id": "m".repeat(long)});
        for typing in [2, 4] {
            let told = [6_000, 6_001].map(|long| is_too_much(typing, &command(long)));
            assert_eq!(told, [false, true]);
        }
        assert_eq!([4_000, 4_001].map(|long| is_too_much(5, &form(long))), [false, true]);
        assert_eq!([25, 26].map(|many| is_too_much(3, &select(many))), [false, true]);
        assert_eq!([100, 101].map(|long| is_too_much(3, &button(long))), [false, true]);
    }
}
