//! Messages as plain text, so that a story can say what a person reads.

use muster_sim::World;
use muster_sim::world::Message;
use serde_json::Value;

/// Everything that is to be read on a message, line by line; buttons as `[Yes]`, disabled ones as
/// `(Yes)`, people by their first names.
pub(crate) fn words(world: &World, message: &Message) -> String {
    let mut lines = vec![message.content.clone()];
    for embed in &message.embeds {
        lines.extend([text(embed, "title"), text(embed, "description")]);
        for field in list(embed, "fields") {
            lines.push(format!("{}: {}", text(field, "name"), text(field, "value")));
        }
        lines.push(text(&embed["footer"], "text"));
    }
    for component in &message.components {
        read(component, &mut lines);
    }
    lines.retain(|line| !line.is_empty());
    with_names(world, &lines.join("\n"))
}

/// Replaces mentions of people by `@` and their first names.
pub(crate) fn with_names(world: &World, text: &str) -> String {
    world.users().fold(text.to_owned(), |text, person| {
        let first = person.name().split(' ').next().unwrap_or_default();
        text.replace(&format!("<@{}>", person.id), &format!("@{first}"))
    })
}

fn read(component: &Value, lines: &mut Vec<String>) {
    lines.push(text(component, "content"));
    if component["type"] == 2 {
        let label = text(component, "label");
        let disabled = component["disabled"] == true;
        lines.push(if disabled { format!("({label})") } else { format!("[{label}]") });
    }
    for inner in list(component, "components") {
        read(inner, lines);
    }
    if let Some(accessory) = component.get("accessory") {
        read(accessory, lines);
    }
}

/// The custom id of the button with this label.
pub(crate) fn button(message: &Message, label: &str) -> Option<String> {
    find(&message.components, &|one| one["type"] == 2 && one["label"] == label)
}

/// The custom id of a select whose custom id begins so.
pub(crate) fn select(message: &Message, begins: &str) -> Option<String> {
    let fits = |one: &Value| one["type"] != 2 && text(one, "custom_id").starts_with(begins);
    find(&message.components, &fits)
}

fn find(components: &[Value], fits: &dyn Fn(&Value) -> bool) -> Option<String> {
    components.iter().find_map(|one| {
        if fits(one) && one["custom_id"].is_string() {
            return Some(text(one, "custom_id"));
        }
        let accessory: Vec<Value> = one.get("accessory").cloned().into_iter().collect();
        find(list(one, "components"), fits).or_else(|| find(&accessory, fits))
    })
}

/// The answers on a post: `Yes: Zofia, Bea | Waitlist: Mikko`, or `nobody`. Checks that each
/// heading counts the names below it.
pub(crate) fn roster(world: &World, message: &Message) -> String {
    let mut columns = Vec::new();
    for field in message.embeds.iter().flat_map(|embed| list(embed, "fields")) {
        let heading = text(field, "name");
        let Some((label, count)) = heading.strip_suffix(')').and_then(|h| h.rsplit_once(" ("))
        else {
            continue;
        };
        let label = label.split_once(' ').map_or(label, |(_, label)| label);
        let value = with_names(world, &text(field, "value"));
        let names: Vec<_> =
            value.lines().filter_map(|line| line.split_once('@')).map(|(_, name)| name).collect();
        assert_eq!(count, names.len().to_string(), "{heading}: {value}");
        if !names.is_empty() {
            columns.push(format!("{label}: {}", names.join(", ")));
        }
    }
    if columns.is_empty() { "nobody".to_owned() } else { columns.join(" | ") }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}
