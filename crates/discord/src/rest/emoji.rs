//! What is sent again where Discord refuses an emoji: the same without any on its components.
//!
//! A server's own emoji may be deleted at any time, or be one of a server in which the bot is not.
//! Discord then refuses the whole message, and with it every answer to a tap on that event. The
//! words on buttons say the same without it.

use bytes::Bytes;
use hyper::header::HeaderValue;
use serde_json::Value;

use super::error::RestErrorKind;

/// How the codes end that Discord gives for an emoji it does not know, on buttons and in selects.
const REFUSED: &str = "INVALID_EMOJI";

/// The content once more without the emoji of its components, if it was refused for one of them.
/// Content with files beside it stays as it is: answers of events are never in that.
pub(super) fn without_refused(
    refused: &RestErrorKind,
    content: Option<&(HeaderValue, Bytes)>,
) -> Option<(HeaderValue, Bytes)> {
    let RestErrorKind::Status { code: 50_035, message, .. } = refused else { return None };
    let (kind, json) = content.filter(|_| message.contains(REFUSED))?;
    let mut value = serde_json::from_slice(json).ok()?;
    if !take_emoji(&mut value) {
        return None;
    }
    Some((kind.clone(), Bytes::from(serde_json::to_vec(&value).ok()?)))
}

/// Takes the emoji from all that has words beside it. Returns whether there was one.
fn take_emoji(value: &mut Value) -> bool {
    let mut taken = false;
    match value {
        Value::Object(object) => {
            let worded = object.get("label").and_then(Value::as_str).is_some_and(|l| !l.is_empty());
            taken |= worded && object.remove("emoji").is_some();
            for inner in object.values_mut() {
                taken |= take_emoji(inner);
            }
        }
        Value::Array(list) => {
            for inner in list {
                taken |= take_emoji(inner);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    taken
}
