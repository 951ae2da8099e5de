//! All commands, and what Discord demands of them.

use std::collections::HashSet;

use super::fingerprint::fnv1a;
use super::*;
use crate::rest::model::RegisteredCommand;
use crate::views::text::length;

/// A command or option with its options, by the rules that hold for both.
fn check(name: &str, description: &str, options: &[Opt]) {
    assert!((1..=32).contains(&name.len()), "{name}");
    assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_'), "{name}");
    assert!((1..=100).contains(&length(description)), "{name}: {description}");
    assert!(options.len() <= 25, "{name}");
    let names: HashSet<_> = options.iter().map(|option| option.name).collect();
    assert_eq!(names.len(), options.len(), "options of {name}");
    assert!(options.is_sorted_by_key(|option| !option.required), "required first in {name}");
    for option in options {
        assert!(option.max_length.is_none_or(|max| (1..=6_000).contains(&max)), "{name}");
        check(option.name, option.description, &option.options);
    }
}

fn size(name: &str, description: &str, options: &[Opt]) -> usize {
    let nested = options.iter().map(|o| size(o.name, o.description, &o.options));
    length(name) + length(description) + nested.sum::<usize>()
}

#[test]
fn the_commands_keep_discords_rules() {
    let all = definitions();
    let names: HashSet<_> = all.iter().map(|command| command.name).collect();
    assert!(names.len() == all.len() && all.len() <= 100);
    for command in all.iter().filter(|command| command.kind == TYPED) {
        check(command.name, command.description, &command.options);
        assert!(size(command.name, command.description, &command.options) <= 8_000);
        let subcommands = command.options.iter().filter(|o| o.kind == Kind::Subcommand).count();
        assert!(subcommands == 0 || subcommands == command.options.len(), "{}", command.name);
    }
}

#[test]
fn the_commands_are_those_that_were_promised() {
    let paths: Vec<_> = definitions().iter().flat_map(Definition::paths).collect();
    assert_eq!(
        paths.join(" "),
        "/event create /event edit /event cancel /event show /event list /event duplicate \
         /event close /event reopen /event add /event remove /event log /event export /rsvp \
         today /rsvp yesterday /rsvp mine \
         /template save /template list /template delete /reminders view /reminders add \
         /reminders remove /reminders reset /schedule setup /schedule view /schedule set \
         /schedule clear /schedule skip /schedule post \
         /report week /report midweek /report member /report event /timezone \
         /settings /privacy export /privacy erase /doctor /help /system_health \
         /performance_metrics /memory_optimization /force_cleanup /security_status"
    );
}

#[test]
fn a_command_is_written_as_discord_takes_it() {
    let all = definitions();
    let settings = all.iter().find(|command| command.name == "settings").unwrap();
    let settings = serde_json::to_value(settings).unwrap();
    assert_eq!(
        settings,
        serde_json::json!({
            "name": "settings", "type": 1, "description": "Set Muster up for this server",
            "default_member_permissions": "32",
            "contexts": [0], "integration_types": [0],
        })
    );
    let log = all.iter().find(|command| command.name == EVENT_LOG).unwrap();
    assert_eq!(
        serde_json::to_value(log).unwrap(),
        serde_json::json!({
            "name": "Event log", "type": 3, "default_member_permissions": null,
            "contexts": [0], "integration_types": [0],
        })
    );
    let channel = serde_json::to_value(&all[0].options[0].options[5]).unwrap();
    assert_eq!(
        channel,
        serde_json::json!({
            "name": "channel", "type": 7, "channel_types": [0, 5, 10, 11, 12, 15],
            "description": "Where it is posted, if not in the usual channel",
        })
    );
}

#[test]
fn the_fingerprint_is_stable_and_notices_a_changed_word() {
    assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
    assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
    assert_eq!(fingerprint(&definitions()), fingerprint(&definitions()));
    let mut changed = definitions();
    changed[0].options[0].description = "Another word";
    assert_ne!(fingerprint(&changed), fingerprint(&definitions()));
    assert_eq!(fingerprint(&changed).len(), 16);
}

#[test]
fn a_change_on_discords_side_is_noticed_and_another_order_is_none() {
    let command = |id: &str, version: &str| RegisteredCommand {
        id: id.to_owned(),
        version: version.to_owned(),
    };
    let both = |theirs: &[RegisteredCommand]| fingerprint_of_both(&definitions(), theirs);
    let (event, help) = (command("1", "7"), command("2", "7"));
    let registered = both(&[event.clone(), help.clone()]);
    assert_eq!(both(&[help.clone(), event.clone()]), registered);
    assert_ne!(both(&[]), registered);
    assert_ne!(both(&[event, command("2", "8")]), registered);
}
