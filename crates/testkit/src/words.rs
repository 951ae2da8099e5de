//! Reads what is on the wire and on the screen without the product's own code, so that the oracle
//! can disagree with it.

use serde_json::Value;

use crate::asked::Pick;
use crate::choices::choices;

/// What is at a place in JSON, such as `/member/user/id`; null if nothing is.
pub(crate) fn at<'a>(value: &'a Value, place: &str) -> &'a Value {
    value.pointer(place).unwrap_or(&Value::Null)
}

/// The text at a place in JSON; empty if there is none.
pub(crate) fn text<'a>(value: &'a Value, place: &str) -> &'a str {
    at(value, place).as_str().unwrap_or_default()
}

/// An id as Discord writes it.
pub(crate) fn number(value: &Value) -> Option<u64> {
    value.as_str()?.parse().ok()
}

/// The number at the end of a path.
pub(crate) fn last_number(path: &str) -> Option<u64> {
    path.rsplit('/').next()?.parse().ok()
}

/// The message that a path of REST is about.
pub(crate) fn message_of(path: &str) -> Option<u64> {
    path.split_once("/messages/")?.1.split('/').next()?.parse().ok()
}

/// The channel that a path of REST is about.
pub(crate) fn channel_of(path: &str) -> Option<u64> {
    path.strip_prefix("/channels/")?.split('/').next()?.parse().ok()
}

/// The interaction whose answer a path of REST is about: its token begins with it.
pub(crate) fn interaction_of(path: &str) -> Option<u64> {
    let token = path.strip_prefix("/webhooks/")?.split('/').nth(1)?;
    token.split('.').next()?.parse().ok()
}

/// A number in our custom ids, which are written in base 36.
fn base36(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 36).ok()
}

/// The verb and numbers of one of our custom ids.
pub(crate) fn verb(custom_id: &str) -> Option<(&str, Vec<u64>)> {
    let mut parts = custom_id.strip_prefix("m1:")?.split(':');
    let verb = parts.next()?;
    Some((verb, parts.filter_map(base36).collect()))
}

/// What a tap on a button with this custom id wants, if it is an answer to an event.
pub(crate) fn pick(custom_id: &str) -> Option<Pick> {
    let (verb, numbers) = verb(custom_id)?;
    match (verb, numbers.as_slice()) {
        ("a" | "aa" | "ah", [event, option]) => {
            Some(Pick { event: *event, option: Some(u8::try_from(*option).ok()?) })
        }
        ("w", [event]) => Some(Pick { event: *event, option: None }),
        _ => None,
    }
}

/// Whether this is a button or the list of an event's post, and not of a private message about it.
pub(crate) fn is_on_post(custom_id: &str) -> bool {
    verb(custom_id).is_some_and(|(verb, _)| matches!(verb, "a" | "af"))
}

/// The event whose post this message is, by its buttons.
pub(crate) fn event_of_post(custom_ids: &[String]) -> Option<u64> {
    custom_ids.iter().find_map(|id| match verb(id)? {
        ("a" | "af" | "m", numbers) => numbers.first().copied(),
        _ => None,
    })
}

/// The delivery whose message this is, by its mark.
pub(crate) fn delivery_of(custom_ids: &[String]) -> Option<u64> {
    custom_ids.iter().find_map(|id| match verb(id)? {
        ("s", numbers) => numbers.get(1).copied(),
        ("yx", numbers) => numbers.get(2).copied(),
        ("n" | "D", numbers) => numbers.first().copied(),
        _ => None,
    })
}

/// Whether a command creates an event like another one: of a template, or as a copy.
pub(crate) fn has_model(payload: &Value) -> bool {
    let subcommand = text(payload, "/data/options/0/name");
    let given = at(payload, "/data/options/0/options").as_array().into_iter().flatten();
    let is_named = |name: &str| given.clone().any(|option| option["name"] == name);
    text(payload, "/data/name") == "event"
        && (subcommand == "duplicate" || (subcommand == "create" && is_named("template")))
}

/// All custom ids in components, in order.
pub(crate) fn custom_ids(components: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(components, &mut |component| {
        found.extend(component["custom_id"].as_str().map(str::to_owned));
    });
    found
}

/// Buttons that can be tapped: label and custom id.
pub(crate) fn buttons(components: &[Value]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut take = |component: &Value| {
        if component["type"] == 2
            && component["disabled"] != true
            && let Some(id) = component["custom_id"].as_str()
        {
            let label = component["label"].as_str().unwrap_or_default();
            found.push((label.to_owned(), id.to_owned()));
        }
    };
    for component in components {
        collect(component, &mut take);
    }
    found
}

/// The menu with this verb, and what can be chosen from it.
pub(crate) fn menu(components: &[Value], wanted: &str) -> Option<(String, Vec<String>)> {
    let mut found = None;
    let mut take = |component: &Value| {
        let id = component["custom_id"].as_str().unwrap_or_default();
        if verb(id).is_some_and(|(verb, _)| verb == wanted) {
            let options = component["options"].as_array().into_iter().flatten();
            let values = options.filter_map(|option| option["value"].as_str().map(str::to_owned));
            found = Some((id.to_owned(), values.collect()));
        }
    };
    for component in components {
        collect(component, &mut take);
    }
    found
}

/// What a form offers in the menu of this name, if it has that: the one whose turn it is.
pub(crate) fn pick_in_turn(components: &[Value], name: &str, turn: u64) -> Option<String> {
    let mut offered: Vec<String> = Vec::new();
    let mut take = |component: &Value| {
        if component["custom_id"] == name {
            let options = component["options"].as_array().into_iter().flatten();
            offered = options.filter_map(|one| one["value"].as_str().map(str::to_owned)).collect();
        }
    };
    for component in components {
        collect(component, &mut take);
    }
    let place = turn.checked_rem(u64::try_from(offered.len()).ok()?)?;
    offered.into_iter().nth(usize::try_from(place).ok()?)
}

/// Where the numbers begin of those who stand for erased members.
const NOBODY_FROM: u64 = (1 << 63) - (1 << 32);

/// How they are shown.
pub(crate) const NOBODY: &str = "*erased member*";

/// Whether this stands for a member who had everything erased.
pub(crate) const fn is_nobody(member: u64) -> bool {
    member >= NOBODY_FROM
}

/// Whether a post tells no names.
pub(crate) fn hides_names(post: &Value) -> bool {
    let mut fields = at(post, "/embeds/0/fields").as_array().into_iter().flatten();
    fields.any(|field| text(field, "/value") == "Names are hidden")
}

/// Goes through components and all that is in them.
pub(crate) fn each(components: &[Value], take: &mut impl FnMut(&Value)) {
    for component in components {
        collect(component, take);
    }
}

fn collect(component: &Value, take: &mut impl FnMut(&Value)) {
    take(component);
    let lists = [component.as_array(), component["components"].as_array()];
    let single = ["accessory", "component"].into_iter().filter_map(|name| component.get(name));
    for inner in lists.into_iter().flatten().flatten().chain(single) {
        collect(inner, take);
    }
}

/// Under which options a post shows a member, by the labels of its answers; in the lists below it
/// does not say under which.
pub(crate) fn shown_under(post: &Value, member: u64) -> Vec<u8> {
    let mention = format!("<@{member}>");
    let rows = at(post, "/components").as_array().map(Vec::as_slice).unwrap_or_default();
    let offered: Vec<(String, u8)> =
        choices(rows).into_iter().map(|one| (one.label, one.option)).collect();
    let mut shown = Vec::new();
    for field in at(post, "/embeds/0/fields").as_array().into_iter().flatten() {
        let (name, value) = (text(field, "/name"), text(field, "/value"));
        if !value.lines().any(|line| line.contains(&mention)) {
            continue;
        }
        let is_aside = ["⏳", "🎟️", "⌛"].iter().any(|list| name.starts_with(list));
        let is_named = |label: &str| name.contains(&format!("{label} ("));
        let here = offered.iter().filter(|(label, _)| is_aside || is_named(label));
        shown.extend(here.map(|(_, option)| *option));
    }
    shown
}

/// Whether a post offers no answers, as that of an event which has begun or is over, so that nobody
/// can say under which option it shows whom; and names this member all the same.
pub(crate) fn is_named_where_nothing_is_offered(post: &Value, member: u64) -> bool {
    let rows = at(post, "/components").as_array().map(Vec::as_slice).unwrap_or_default();
    let mention = format!("<@{member}>");
    let mut fields = at(post, "/embeds/0/fields").as_array().into_iter().flatten();
    choices(rows).is_empty() && fields.any(|field| text(field, "/value").contains(&mention))
}

/// Whether a post names a member under an answer that is offered no more.
pub(crate) fn is_named_under_what_is_gone(post: &Value, member: u64) -> bool {
    let mention = format!("<@{member}>");
    let mut fields = at(post, "/embeds/0/fields").as_array().into_iter().flatten();
    fields.any(|field| {
        let (name, value) = (text(field, "/name"), text(field, "/value"));
        name.ends_with("no longer offered)") && value.contains(&mention)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn custom_ids_are_read() {
        assert_eq!(pick("m1:a:16:1"), Some(Pick { event: 42, option: Some(1) }));
        assert_eq!(pick("m1:w:16"), Some(Pick { event: 42, option: None }));
        assert_eq!(pick("m1:m:16"), None);
        let row = json!([{"type": 1, "components": [{"type": 2, "custom_id": "m1:s:1:9"}]}]);
        assert_eq!(delivery_of(&custom_ids(&row)), Some(9));
    }

    #[test]
    fn a_member_is_found_on_a_post() {
        let fields = json!([
            {"name": "✅ Yes (1)", "value": "<@7>"},
            {"name": "❌ No (0)", "value": "–"},
        ]);
        let button = json!({"type": 2, "label": "Yes", "custom_id": "m1:a:1:0"});
        let rows = json!([{"type": 1, "components": [button]}]);
        let post = json!({"embeds": [{"fields": fields}], "components": rows});
        assert_eq!(shown_under(&post, 7), [0]);
        assert!(shown_under(&post, 8).is_empty());
    }
}
