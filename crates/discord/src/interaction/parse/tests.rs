//! Interactions by example: complete, new, and broken ones.

use super::*;

fn in_guild(kind: u8, data: &str) -> String {
    format!(
        r#"{{"id":"1400000000000000001","application_id":"13","type":{kind},"version":1,
        "token":"tok","guild_id":"2000","channel_id":"3000","future":[1],
        "channel":{{"id":"3000","type":0,"name":"events"}},"locale":"de","guild_locale":"en-GB",
        "app_permissions":"274878024704","entitlements":[],"attachment_size_limit":1,
        "member":{{"user":{{"id":"4000","username":"ada","avatar":"odd"}},"nick":null,
        "roles":["5000"],"permissions":"2248473465835073"}},"data":{data}}}"#
    )
}

#[test]
fn a_command_comes_with_who_where_and_what() {
    let raw = in_guild(
        2,
        r#"{"id":"6","name":"event","type":1,"options":[{"type":1,"name":"create","options":[
        {"type":3,"name":"title","value":"Raid"},{"type":4,"name":"capacity","value":10},
        {"type":7,"name":"channel","value":"3001"}]}],
        "resolved":{"channels":{"3001":{"id":"3001","type":15,"app_permissions":"1024"}}}}"#,
    );
    let interaction = parse(&raw).unwrap();
    let actor = interaction.actor.clone().unwrap();
    assert_eq!((actor.guild, actor.user), (GuildId::new(2000), UserId::new(4000)));
    assert_eq!(
        (actor.roles, actor.permissions.0),
        (vec![RoleId::new(5000)], 2_248_473_465_835_073)
    );
    let places: Vec<_> = interaction.channels.iter().map(|c| (c.id.get(), c.kind)).collect();
    assert_eq!(places, [(3000, ChannelKind::Messages), (3001, ChannelKind::Forum)]);
    assert_eq!(interaction.forums(), [ChannelId::new(3001)]);
    let Body::Command(command) = interaction.body else { panic!("not a command") };
    assert_eq!((command.name.as_str(), command.subcommand.as_str()), ("event", "create"));
    assert_eq!(command.options.text("title"), "Raid");
    assert_eq!(command.options.digits("capacity"), "10");
    assert_eq!(command.options.channel("channel"), Some(ChannelId::new(3001)));
    assert_eq!(command.options.text("when"), "");
}

#[test]
fn what_is_being_typed_is_told_apart() {
    let raw = in_guild(
        4,
        r#"{"name":"event","options":[{"type":1,"name":"create","options":[
        {"type":3,"name":"when","value":"fri","focused":true}]}]}"#,
    );
    let Body::Autocomplete(command) = parse(&raw).unwrap().body else { panic!("not typing") };
    assert_eq!((command.focused.as_deref(), command.options.text("when")), (Some("when"), "fri"));
}

#[test]
fn a_form_is_read_from_labels_and_from_rows() {
    let raw = in_guild(
        5,
        r#"{"custom_id":"m1:nf","components":[
        {"type":18,"id":1,"component":{"type":4,"id":2,"custom_id":"title","value":"Raid"}},
        {"type":1,"components":[{"type":4,"custom_id":"when","value":"fri 8pm"}]},
        {"type":18,"component":{"type":21,"custom_id":"rep","value":null}},{"type":10,"id":3}]}"#,
    );
    let Body::Form(form) = parse(&raw).unwrap().body else { panic!("not a form") };
    let texts = ["title", "when", "rep"].map(|name| form.fields.text(name));
    assert_eq!(texts, ["Raid", "fri 8pm", ""]);
}

#[test]
fn an_interaction_is_named_by_the_verb_of_what_is_ours() {
    let name = |kind, custom_id: &str| {
        let raw = in_guild(kind, &format!(r#"{{"custom_id":"{custom_id}"}}"#));
        parse(&raw).unwrap().name()
    };
    assert_eq!(name(3, "m1:a:16:1"), "button a");
    assert_eq!(name(5, "m1:ef:16:7"), "form ef");
    for (kind, forged) in [(3, "m1:a:16"), (3, "x"), (3, "m1:ef:16:7")] {
        assert_eq!(name(kind, forged), "button unknown", "{forged}");
    }
    assert_eq!(name(5, "m1:ef:16"), "form unknown");
}

#[test]
fn a_tap_in_a_direct_message_has_no_guild() {
    let raw = r#"{"id":"1","type":3,"token":"t","user":{"id":"9"},"message":{"id":"7"},
        "data":{"component_type":2,"custom_id":"m1:n"}}"#;
    let interaction = parse(raw).unwrap();
    assert!(interaction.actor.is_none());
    assert_eq!(interaction.message, Some(MessageId::new(7)));
}

#[test]
fn a_kind_from_the_future_is_unknown_and_not_an_error() {
    assert!(matches!(parse(&in_guild(99, "{}")).unwrap().body, Body::Unknown));
}

#[test]
fn what_cannot_be_read_can_still_be_answered() {
    let error = parse(r#"{"id":"5","token":"t","type":"odd"}"#).unwrap_err();
    assert_eq!(error.answerable.unwrap().0, InteractionId::new(5));
    let error = parse(r#"{"id":"5","token":"t","type":3,"data":{}}"#).unwrap_err();
    assert!(error.answerable.is_some());
    assert!(parse("[]").unwrap_err().answerable.is_none());
}

#[test]
fn a_token_does_not_show_in_debug_output() {
    let interaction = parse(&in_guild(3, r#"{"custom_id":"x"}"#)).unwrap();
    assert!(!format!("{interaction:?}").contains("tok\""));
}
