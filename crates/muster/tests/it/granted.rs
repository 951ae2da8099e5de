//! Roles that members have while they are coming.

use std::time::Duration;

use muster_sim::ScriptedAnswer;
use muster_sim::ids::{MessageId, RoleId, UserId};
use muster_sim::world::{NewRole, Permissions};
use serde_json::json;

use crate::people::{Person, Seen};
use crate::stage::Stage;

impl Stage {
    /// A role that allows this, below that of the bot, which may hand out roles.
    fn role_below_the_bot(&self, name: &str, allows: Permissions) -> RoleId {
        let (guild, bot) = (self.demo.guild, UserId::new(self.demo.app.get()));
        self.sim.world(|world| {
            let role = world.add_role(guild, NewRole::named(name, allows));
            let bots = world.guild(guild).unwrap().members[&bot].roles.clone();
            for id in bots {
                world.edit_role(guild, id, |role| {
                    role.permissions |= Permissions::MANAGE_ROLES;
                    role.position = 50;
                });
            }
            role
        })
    }

    fn has(&self, who: &Person, role: RoleId) -> bool {
        let guild = self.demo.guild;
        self.sim.world(|world| world.guild(guild).unwrap().members[&who.id()].roles.contains(&role))
    }

    async fn until_has(&self, who: &Person, role: RoleId, has: bool) {
        let (guild, who) = (self.demo.guild, who.id());
        self.until(&format!("the role: {has}"), |world| {
            let member = &world.guild(guild)?.members[&who];
            (member.roles.contains(&role) == has).then_some(())
        })
        .await;
    }
}

/// Has those who answer Yes get this role.
async fn grants(who: &Person, raid: MessageId, role: RoleId) -> Seen {
    let yes = who.taps(raid, "⋯").await.taps("Answers").await.picks("m1:Op", &["0"]).await;
    yes.says("Role for those who come with this answer");
    yes.picks("m1:Og", &[&role.to_string()]).await
}

#[tokio::test]
async fn who_comes_has_the_role_until_they_do_not_or_it_is_over() {
    let stage = Stage::new().await;
    let role = stage.role_below_the_bot("Raiders", Permissions::NONE);
    let raid = stage.event_with("Raid", "today 20:00", json!({"capacity": 2})).await;
    let (ada, zofia, mikko, bea) = (stage.ada(), stage.zofia(), stage.mikko(), stage.bea());
    zofia.taps(raid, "Yes").await;
    grants(&ada, raid, role).await.says("Role for those who come with this answer");
    stage.until_has(&zofia, role, true).await;
    mikko.taps(raid, "Yes").await;
    stage.until_has(&mikko, role, true).await;
    bea.taps(raid, "Yes").await;
    assert!(!stage.has(&bea, role), "who waits has none");
    zofia.taps(raid, "No").await;
    stage.until_has(&zofia, role, false).await;
    stage.until_has(&bea, role, true).await;
    stage.passes(4 * 60).await;
    stage.until_has(&mikko, role, false).await;
    stage.until_has(&bea, role, false).await;
    stage.ends().await;
}

#[tokio::test]
async fn another_role_takes_the_place_of_the_one_before_and_undo_brings_that_back() {
    let stage = Stage::new().await;
    let [first, second] =
        ["First", "Second"].map(|name| stage.role_below_the_bot(name, Permissions::NONE));
    let raid = stage.event_with("Raid", "tomorrow 20:00", json!({"capacity": 1})).await;
    let (ada, zofia, mikko) = (stage.ada(), stage.zofia(), stage.mikko());
    zofia.taps(raid, "Yes").await;
    mikko.taps(raid, "Yes").await;
    grants(&ada, raid, first).await;
    stage.until_has(&zofia, first, true).await;
    let changed = grants(&ada, raid, second).await;
    stage.until_has(&zofia, second, true).await;
    stage.until_has(&zofia, first, false).await;
    changed.taps("Undo").await;
    stage.until_has(&zofia, first, true).await;
    stage.until_has(&zofia, second, false).await;
    let yes = ada.taps(raid, "⋯").await.taps("Answers").await.picks("m1:Op", &["0"]).await;
    yes.picks("m1:Og", &[]).await;
    stage.until_has(&zofia, first, false).await;
    assert!(![first, second].iter().any(|role| stage.has(&mikko, *role)), "who waits has none");
    stage.ends().await;
}

#[tokio::test]
async fn who_had_the_role_before_keeps_it() {
    let stage = Stage::new().await;
    let role = stage.role_below_the_bot("Raiders", Permissions::NONE);
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    stage.gives(&mikko, role);
    grants(&stage.ada(), raid, role).await;
    for who in [&mikko, &zofia] {
        who.taps(raid, "Yes").await;
    }
    stage.until_has(&zofia, role, true).await;
    for who in [&mikko, &zofia] {
        who.taps(raid, "No").await;
    }
    stage.until_has(&zofia, role, false).await;
    assert!(stage.has(&mikko, role));
    stage.ends().await;
}

#[tokio::test]
async fn a_role_of_two_events_stays_while_one_of_them_gives_it() {
    let stage = Stage::new().await;
    let role = stage.role_below_the_bot("Raiders", Permissions::NONE);
    let (ada, zofia) = (stage.ada(), stage.zofia());
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let walk = stage.event("Walk", "tomorrow 10:00").await;
    for event in [raid, walk] {
        grants(&ada, event, role).await;
        zofia.taps(event, "Yes").await;
        stage.until_has(&zofia, role, true).await;
    }
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.a_moment_passes().await;
    stage.passes(2).await;
    assert!(stage.has(&zofia, role), "the walk still gives it");
    zofia.taps(walk, "No").await;
    stage.until_has(&zofia, role, false).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_restart_gives_and_takes_what_is_still_to_be_done() {
    let mut stage = Stage::new().await;
    let role = stage.role_below_the_bot("Raiders", Permissions::NONE);
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    grants(&stage.ada(), raid, role).await;
    zofia.taps(raid, "Yes").await;
    stage.until_has(&zofia, role, true).await;
    stage.restarts().await;
    stage.joao().runs("event cancel", json!({"event": "Raid"})).await;
    stage.until_has(&zofia, role, false).await;
    stage.joao().runs("event show", json!({"event": "Raid"})).await.taps("Bring it back").await;
    stage.until_has(&zofia, role, true).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_role_that_got_power_since_it_was_chosen_is_not_given_while_it_has_it() {
    let stage = Stage::new().await;
    let guild = stage.demo.guild;
    let role = stage.role_below_the_bot("Raiders", Permissions::NONE);
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (ada, zofia, mikko) = (stage.ada(), stage.zofia(), stage.mikko());
    grants(&ada, raid, role).await;
    zofia.taps(raid, "Yes").await;
    stage.until_has(&zofia, role, true).await;
    let allows = |permissions| {
        stage
            .sim
            .world(|world| world.edit_role(guild, role, |role| role.permissions = permissions));
    };
    for power in [Permissions::ADMINISTRATOR, Permissions::MANAGE_ROLES] {
        allows(power);
        mikko.taps(raid, "Yes").await;
        stage.passes(2).await;
        assert!(!stage.has(&mikko, role));
        mikko.taps(raid, "No").await;
    }
    let doctor = ada.runs("doctor", json!({})).await;
    doctor.says(&format!("<@&{role}>")).says("it can moderate or manage");
    mikko.taps(raid, "Yes").await;
    stage.passes(2).await;
    allows(Permissions::NONE);
    stage.passes(70).await;
    stage.until_has(&mikko, role, true).await;
    assert!(stage.has(&zofia, role), "who has it keeps it");
    stage.ends().await;
}

#[tokio::test]
async fn a_copy_gives_only_what_who_makes_it_could_hand_out() {
    let stage = Stage::new().await;
    let role = stage.role_below_the_bot("Raiders", Permissions::NONE);
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (ada, joao, zofia) = (stage.ada(), stage.joao(), stage.zofia());
    grants(&ada, raid, role).await;
    let save = json!({"event": "Raid", "name": "Raid night"});
    joao.runs("template save", save).await.says("is saved");
    let copy = json!({"event": "Raid", "when": "20 March 20:00"});
    let left_out = format!("Its answers do not give <@&{role}>, as you or I could not");
    let seen = joao.runs("event duplicate", copy).await;
    seen.says("is planned.").says(&left_out);
    let of_joao = stage.posted(&seen).await;
    let of_template = json!({"title": "Second", "when": "sunday 20:00", "template": "Raid night"});
    joao.runs("event create", of_template).await.says(&left_out);
    let put_together = json!({"title": "Third", "when": "sunday 20:00", "template": "Raid night",
        "options": "editor"});
    joao.runs("event create", put_together).await.says("It is posted");
    let series = json!({"title": "Fourth", "when": "today 22:00", "repeat": "every day",
        "template": "Raid night"});
    joao.runs("event create", series).await.says("every day").says(&left_out);
    let of_template = json!({"title": "Fifth", "when": "sunday 20:00", "template": "Raid night"});
    let slow = ScriptedAnswer::delay(Duration::from_secs(2));
    stage.sim.faults().answer_next(1, "GET", "/guilds/", slow);
    ada.runs("event create", of_template.clone()).await.says("Discord did not say in time");
    let seen = ada.runs("event create", of_template).await;
    assert!(!seen.text().contains("do not give"), "{}", seen.text());
    let of_ada = stage.posted(&seen).await;
    zofia.taps(of_joao, "Yes").await;
    stage.passes(1).await;
    assert!(!stage.has(&zofia, role), "its answers give nothing");
    zofia.taps(of_ada, "Yes").await;
    stage.until_has(&zofia, role, true).await;
    stage.ends().await;
}

#[tokio::test]
async fn roles_with_power_and_those_that_one_could_not_hand_out_are_refused() {
    let stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let (ada, joao) = (stage.ada(), stage.joao());
    let role = stage.role("Lanterns");
    grants(&ada, raid, role).await.says("I may not hand out roles here.");
    let powerful = stage.role_below_the_bot("Wardens", Permissions::MANAGE_GUILD);
    grants(&ada, raid, powerful).await.says("can moderate or manage");
    let plain = stage.role_below_the_bot("Raiders", Permissions::NONE);
    grants(&joao, raid, plain).await.says("You cannot hand out");
    let guild = stage.demo.guild;
    stage.sim.world(|world| world.edit_role(guild, plain, |role| role.position = 99));
    grants(&ada, raid, plain).await.says("is not below my own role");
    stage.zofia().taps(raid, "Yes").await;
    stage.passes(1).await;
    assert!([role, powerful, plain].iter().all(|role| !stage.has(&stage.zofia(), *role)));
    stage.ends().await;
}
