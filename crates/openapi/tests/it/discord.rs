//! By Discord's own document: what a bot may send passes, and what it may not is refused.

use muster_openapi::Violation;
use serde_json::{Value, json};

const CALLBACK: &str = "/interactions/1400000000000000001/token/callback";

/// What is wrong with this request, or nothing if the document is not at hand.
fn sent(method: &str, target: &str, body: &Value) -> Option<String> {
    let violations = muster_openapi::judge()?.request(method, target, Some(body));
    Some(violations.iter().map(Violation::to_string).collect::<Vec<_>>().join("\n"))
}

fn button(label: &str) -> Value {
    json!({"type": 1, "components": [
        {"type": 2, "style": 1, "label": label, "custom_id": "m1:x"}
    ]})
}

#[test]
fn a_right_message_passes() {
    let message = json!({
        "content": "Hello", "nonce": "abc", "enforce_nonce": true, "allowed_mentions": {"parse": []},
        "embeds": [{"title": "t", "fields": [{"name": "n", "value": "v", "inline": true}]}],
        "components": [button("Yes")],
    });
    let Some(found) = sent("POST", "/channels/3000/messages", &message) else { return };
    assert_eq!(found, "");
    let callback = json!({"type": 4, "data": {"flags": 64, "content": "Hello"}});
    assert_eq!(sent("POST", CALLBACK, &callback).unwrap(), "");
    let panel = json!({"flags": 32768, "components": [
        {"type": 17, "components": [{"type": 10, "content": "x"}, button("Yes")]}
    ]});
    let edit = "/webhooks/1300000000000000000/token/messages/@original";
    assert_eq!(sent("PATCH", edit, &panel).unwrap(), "");
}

#[test]
fn a_wrong_message_is_refused_where_it_is_wrong() {
    let long = "x".repeat(81);
    let message = json!({"type": 7, "data": {"components": [button("Yes"), button(&long)]}});
    let Some(found) = sent("POST", CALLBACK, &message) else { return };
    let place = "request.data.components.1.components.0.label";
    assert_eq!(found, format!("{place}: 81 characters are more than 80"));

    let mistyped = json!({"content": "Hello", "allowed_mention": {"parse": []}});
    let found = sent("POST", "/channels/3000/messages", &mistyped).unwrap();
    assert_eq!(found, "request.allowed_mention: no such property is known");
}

#[test]
fn where_the_document_contradicts_the_prose_the_prose_is_followed() {
    let message = json!({"content": "x".repeat(2_001)});
    let Some(found) = sent("POST", "/channels/3000/messages", &message) else { return };
    assert_eq!(found, "request.content: 2001 characters are more than 2000");

    let commands = json!([{
        "name": "settings", "description": "d", "default_member_permissions": "32",
    }]);
    assert_eq!(sent("PUT", "/applications/1300/commands", &commands).unwrap(), "");

    let label = json!({"type": 18, "label": "l", "component": {
        "type": 4, "custom_id": "t", "style": 1,
    }});
    let modal = json!({"type": 9, "data": {
        "custom_id": "m1:f", "title": "t", "components": vec![label; 6],
    }});
    let found = sent("POST", CALLBACK, &modal).unwrap();
    assert_eq!(found, "request.data.components: 6 items are more than 5");
}
