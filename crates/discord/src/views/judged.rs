//! Holds every view that a test builds against our limits and, where it is at hand, against
//! Discord's own document, so that neither has to be believed alone.

use serde_json::{Value, json};

use crate::reply::Reply;
use crate::views::limits;
use crate::views::message::{Choice, Message, Modal};

const CALLBACK: &str = "/interactions/1/token/callback";

/// Checks a message in every way in which it can be sent.
pub(crate) fn check(message: &Message) -> Result<(), Vec<String>> {
    limits::check(message)?;
    let plain = json!(message);
    let mut posted = plain.clone();
    posted["nonce"] = "0123456789abcdefghijklmno".into();
    posted["enforce_nonce"] = true.into();
    judge(&[
        ("POST", CALLBACK, json!(Reply::Private(message.clone()))),
        ("POST", CALLBACK, json!(Reply::Update(message.clone()))),
        ("POST", "/channels/1/messages", posted),
        ("PATCH", "/channels/1/messages/2", plain.clone()),
        ("PATCH", "/webhooks/1/token/messages/@original", plain),
    ])
}

/// Checks a form.
pub(crate) fn check_form(form: &Modal) -> Result<(), Vec<String>> {
    limits::check_form(form)?;
    judge(&[("POST", CALLBACK, json!(Reply::Form(form.clone())))])
}

/// Checks suggestions.
pub(crate) fn check_choices(choices: &[Choice]) -> Result<(), Vec<String>> {
    limits::check_choices(choices)?;
    judge(&[("POST", CALLBACK, json!(Reply::Choices(choices.to_vec())))])
}

fn judge(requests: &[(&str, &str, Value)]) -> Result<(), Vec<String>> {
    let Some(judge) = muster_openapi::judge() else { return Ok(()) };
    let mut found = Vec::new();
    for (method, target, body) in requests {
        let violations = judge.request(method, target, Some(body));
        found.extend(violations.iter().map(|one| format!("{method} {target}: {one}")));
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

#[test]
fn the_commands_are_as_the_document_has_them() {
    let commands = json!(crate::commands::definitions::definitions());
    assert_eq!(judge(&[("PUT", "/applications/1/commands", commands)]), Ok(()));
}

#[test]
fn a_message_that_only_the_document_refuses_is_refused() {
    let mut message = json!(Message::text("x"));
    message["embed"] = json!({});
    let refused = judge(&[("POST", "/channels/1/messages", message)]);
    let known = muster_openapi::judge().is_some();
    let what = "POST /channels/1/messages: request.embed: no such property is known";
    assert_eq!(refused, if known { Err(vec![what.to_owned()]) } else { Ok(()) });
}
