//! Discord gives back more than it was sent: defaults, ids and kinds are filled in.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Embeds as Discord returns them.
pub(crate) fn accepted_embeds(mut embeds: Vec<Value>) -> Vec<Value> {
    for embed in &mut embeds {
        let Some(fields) = embed.as_object_mut() else {
            continue;
        };
        fields.retain(|_, value| !value.is_null());
        fields.insert("type".into(), json!("rich"));
        let list = fields.get_mut("fields").and_then(Value::as_array_mut);
        for field in list.into_iter().flatten().filter_map(Value::as_object_mut) {
            field.entry("inline").or_insert(json!(false));
        }
    }
    embeds
}

/// Components as Discord returns them, each with its id.
pub(crate) fn accepted_components(mut components: Vec<Value>) -> Vec<Value> {
    let mut taken = BTreeSet::new();
    for component in &components {
        collect_ids(component, &mut taken);
    }
    let mut next = 1;
    for component in &mut components {
        complete(component, &taken, &mut next);
    }
    components
}

fn collect_ids(component: &Value, taken: &mut BTreeSet<i64>) {
    taken.extend(component["id"].as_i64().filter(|id| *id != 0));
    for inner in below(component) {
        collect_ids(inner, taken);
    }
}

fn below(component: &Value) -> impl Iterator<Item = &Value> {
    let list = component["components"].as_array().into_iter().flatten();
    let one = ["accessory", "component"].into_iter().filter_map(|key| component.get(key));
    list.chain(one)
}

fn complete(component: &mut Value, taken: &BTreeSet<i64>, next: &mut i64) {
    let kind = component["type"].as_i64();
    let Some(fields) = component.as_object_mut() else {
        return;
    };
    fields.retain(|_, value| !value.is_null());
    if fields.get("id").and_then(Value::as_i64).unwrap_or(0) == 0 {
        while taken.contains(next) {
            *next += 1;
        }
        fields.insert("id".into(), json!(*next));
        *next += 1;
    }
    for (key, value) in defaults(kind) {
        fields.entry(*key).or_insert_with(|| value.parse().unwrap_or(Value::Null));
    }
    for key in ["media", "file"] {
        if let Some(media) = fields.get_mut(key) {
            complete_media(media);
        }
    }
    let items = fields.get_mut("items").and_then(Value::as_array_mut);
    for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
        item.entry("description").or_insert(Value::Null);
        item.entry("spoiler").or_insert(json!(false));
        if let Some(media) = item.get_mut("media") {
            complete_media(media);
        }
    }
    let list = fields.get_mut("components").and_then(Value::as_array_mut);
    for inner in list.into_iter().flatten() {
        complete(inner, taken, next);
    }
    for key in ["accessory", "component"] {
        if let Some(inner) = fields.get_mut(key) {
            complete(inner, taken, next);
        }
    }
}

/// Nothing is fetched, so media have an address but no size and no id of their own.
fn complete_media(media: &mut Value) {
    let url = media["url"].clone();
    let Some(fields) = media.as_object_mut() else {
        return;
    };
    fields.insert("id".into(), json!("0"));
    fields.insert("proxy_url".into(), url);
}

/// What a component of this type has when nothing was said, as JSON text.
fn defaults(kind: Option<i64>) -> &'static [(&'static str, &'static str)] {
    match kind {
        Some(3 | 5 | 6 | 7 | 8) => {
            &[("min_values", "1"), ("max_values", "1"), ("disabled", "false")]
        }
        Some(11) => &[("description", "null"), ("spoiler", "false")],
        Some(13) => &[("spoiler", "false"), ("name", "null"), ("size", "null")],
        Some(14) => &[("divider", "true"), ("spacing", "1")],
        Some(17) => &[("accent_color", "null"), ("spoiler", "false")],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_gets_an_id_of_its_own() {
        let list = json!([
            {"type": 1, "components": [
                {"type": 2, "style": 1, "label": "a", "custom_id": "a", "id": 1},
                {"type": 2, "style": 1, "label": "b", "custom_id": "b"},
            ]},
        ]);
        let list = list.as_array().cloned().unwrap_or_default();
        let list = accepted_components(list);
        assert_eq!(list[0]["id"], 2);
        assert_eq!(list[0]["components"][0]["id"], 1, "a chosen id stays");
        assert_eq!(list[0]["components"][1]["id"], 3);
    }
}
