//! Discord's limits on what we send, checked in one place, so that no view has to be trusted.
//! (Discord docs: "Message", "Component Reference", "Modal", "Application Command Option Choice")

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

use crate::rest::File;
use crate::views::message::{COMPONENTS_V2, Choice, Embed, Message, Modal};
use crate::views::text::length;

const CONTENT_MAX: usize = 2_000;
const EMBEDS_MAX: usize = 10;
/// Over all embeds of a message.
const EMBED_TEXT_MAX: usize = 6_000;
const FIELDS_MAX: usize = 25;
const MENTIONS_MAX: usize = 100;
const ROWS_MAX: usize = 5;
const ROW_BUTTONS_MAX: usize = 5;
/// Nested ones counted, in a message of components alone.
const COMPONENTS_MAX: usize = 40;
/// Over all texts of a message of components alone.
const COMPONENT_TEXT_MAX: usize = 4_000;
const PICTURES_MAX: usize = 10;
const CUSTOM_ID_MAX: usize = 100;
const CHOICES_MAX: usize = 25;
const FORM_FIELDS_MAX: usize = 5;

/// Checks a message; every limit that it breaks is one sentence for a developer.
pub fn check(message: &Message) -> Result<(), Vec<String>> {
    let mut faults = Faults::default();
    if message.flags & COMPONENTS_V2 == 0 {
        faults.classic(message);
    } else {
        faults.components_alone(message);
    }
    let mentions = &message.allowed_mentions;
    faults.most("mentioned users", mentions.users.len(), MENTIONS_MAX);
    faults.most("mentioned roles", mentions.roles.len(), MENTIONS_MAX);
    faults.into_result()
}

/// Checks a form.
pub fn check_form(form: &Modal) -> Result<(), Vec<String>> {
    let mut faults = Faults::default();
    let form = json(form);
    faults.custom_id(&form);
    faults.text(&form, "title", 1, 45);
    let fields = list(&form, "components");
    faults.between("fields of the form", fields.len(), 1, FORM_FIELDS_MAX);
    for field in fields {
        faults.form_field(field);
    }
    faults.into_result()
}

/// Checks suggestions.
pub fn check_choices(choices: &[Choice]) -> Result<(), Vec<String>> {
    let mut faults = Faults::default();
    faults.most("choices", choices.len(), CHOICES_MAX);
    for choice in choices {
        faults.between("characters of a choice's name", length(&choice.name), 1, 100);
        faults.between("characters of a choice's value", length(&choice.value), 1, 100);
    }
    faults.into_result()
}

/// What is wrong with one message or form.
#[derive(Default)]
struct Faults {
    found: Vec<String>,
    custom_ids: HashSet<String>,
}

impl Faults {
    fn classic(&mut self, message: &Message) {
        let content = message.content.as_deref().unwrap_or_default();
        let embeds = message.embeds.as_deref().unwrap_or_default();
        self.most("characters of the content", length(content), CONTENT_MAX);
        self.most("embeds", embeds.len(), EMBEDS_MAX);
        let total = embeds.iter().map(|embed| self.embed(embed)).sum();
        self.most("characters of all embeds", total, EMBED_TEXT_MAX);
        if content.is_empty() && embeds.is_empty() && message.components.is_empty() {
            self.say("the message is empty".to_owned());
        }
        self.most("rows", message.components.len(), ROWS_MAX);
        for row in &message.components {
            let row = json(row);
            self.allowed("a classic message", &row, &[1]);
            self.component(&row);
        }
    }

    /// Returns how many characters it has in all.
    fn embed(&mut self, embed: &Embed) -> usize {
        let footer = embed.footer.as_ref().map_or(0, |footer| length(&footer.text));
        let (title, description) = (length(&embed.title), length(&embed.description));
        let image = embed.image.as_ref().map_or(0, |image| length(&image.url));
        self.most("characters of the address of an image", image, 2_048);
        self.most("characters of an embed's title", title, 256);
        self.most("characters of an embed's description", description, 4_096);
        self.most("characters of an embed's footer", footer, 2_048);
        self.most("fields of an embed", embed.fields.len(), FIELDS_MAX);
        let mut total = title + description + footer;
        for field in &embed.fields {
            let (name, value) = (length(&field.name), length(&field.value));
            self.between("characters of a field's name", name, 1, 256);
            self.between("characters of a field's value", value, 1, 1_024);
            total += name + value;
        }
        if total == 0 {
            self.say("an embed is empty".to_owned());
        }
        total
    }

    fn components_alone(&mut self, message: &Message) {
        if message.content.is_some() || message.embeds.is_some() {
            self.say("content or embeds beside components alone".to_owned());
        }
        let components: Vec<_> = message.components.iter().map(json).collect();
        let all: usize = components.iter().map(nested).sum();
        self.between("components", all, 1, COMPONENTS_MAX);
        let texts = components.iter().map(text_length).sum();
        self.most("characters of all texts", texts, COMPONENT_TEXT_MAX);
        for component in &components {
            self.allowed("a message of components", component, &[1, 9, 10, 12, 14, 17]);
            self.component(component);
        }
        let files: HashSet<_> = message.files.iter().map(File::name).collect();
        for shown in components.iter().flat_map(pictures) {
            if !shown.strip_prefix("attachment://").is_some_and(|name| files.contains(name)) {
                self.say(format!("the picture {shown} does not go along"));
            }
        }
    }

    fn component(&mut self, component: &Value) {
        match kind(component) {
            1 => self.row(component),
            2 => self.button(component),
            3 => self.select(component),
            5 | 6 | 8 => self.entity_select(component),
            9 => self.section(component),
            10 => self.text(component, "content", 1, COMPONENT_TEXT_MAX),
            12 => self.gallery(component),
            14 => {}
            17 => self.children(component, &[1, 9, 10, 12, 14]),
            other => self.say(format!("component {other} in a message")),
        }
    }

    fn children(&mut self, parent: &Value, kinds: &[u64]) {
        for child in list(parent, "components") {
            self.allowed("a component", child, kinds);
            self.component(child);
        }
    }

    fn row(&mut self, row: &Value) {
        let parts = list(row, "components");
        let most = if parts.iter().all(|part| kind(part) == 2) { ROW_BUTTONS_MAX } else { 1 };
        self.between("parts of a row", parts.len(), 1, most);
        self.children(row, &[2, 3, 5, 6, 8]);
    }

    fn section(&mut self, section: &Value) {
        self.between("texts of a section", list(section, "components").len(), 1, 3);
        self.children(section, &[10]);
        match section.get("accessory") {
            Some(button) => {
                self.allowed("a section's side", button, &[2]);
                self.component(button);
            }
            None => self.say("a section has nothing at its side".to_owned()),
        }
    }

    fn gallery(&mut self, gallery: &Value) {
        let items = list(gallery, "items");
        self.between("pictures of a gallery", items.len(), 1, PICTURES_MAX);
        for item in items {
            let words = length(string(item, "description"));
            self.between("characters of a picture's description", words, 1, 1_024);
        }
    }

    fn button(&mut self, button: &Value) {
        self.text(button, "label", 0, 80);
        if string(button, "label").is_empty() && button.get("emoji").is_none() {
            self.say("a button has neither label nor emoji".to_owned());
        }
        if button.get("style").and_then(Value::as_u64) == Some(5) {
            self.text(button, "url", 1, 512);
        } else {
            self.custom_id(button);
        }
    }

    fn select(&mut self, select: &Value) {
        self.custom_id(select);
        self.text(select, "placeholder", 0, 150);
        let options = list(select, "options");
        self.between("options of a select", options.len(), 1, CHOICES_MAX);
        let mut values = HashSet::new();
        for option in options {
            self.text(option, "label", 1, 100);
            self.text(option, "value", 1, 100);
            self.text(option, "description", 0, 100);
            if !values.insert(string(option, "value")) {
                self.say("two options of a select have one value".to_owned());
            }
        }
    }

    fn entity_select(&mut self, select: &Value) {
        self.custom_id(select);
        self.text(select, "placeholder", 0, 150);
        let number = |name| select.get(name).and_then(Value::as_u64).unwrap_or(1);
        let (least, most) = (number("min_values"), number("max_values"));
        let chosen = list(select, "default_values").len();
        if least > most || most > 25 || u64::try_from(chosen).is_ok_and(|chosen| chosen > most) {
            self.say(format!("a select of {least} to {most} has {chosen} chosen"));
        }
    }

    fn form_field(&mut self, field: &Value) {
        self.allowed("a form", field, &[10, 18]);
        if kind(field) == 10 {
            return self.text(field, "content", 1, COMPONENT_TEXT_MAX);
        }
        self.text(field, "label", 1, 45);
        self.text(field, "description", 0, 100);
        let input = field.get("component").unwrap_or(&Value::Null);
        self.allowed("a field of a form", input, &[3, 4]);
        if kind(input) == 3 {
            return self.select(input);
        }
        self.custom_id(input);
        self.text(input, "placeholder", 0, 100);
        let most = input.get("max_length").and_then(Value::as_u64).unwrap_or(4_000);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        self.between("characters that an input takes", most, 1, 4_000);
        self.text(input, "value", 0, most);
    }

    fn custom_id(&mut self, component: &Value) {
        self.text(component, "custom_id", 1, CUSTOM_ID_MAX);
        let id = string(component, "custom_id");
        if !self.custom_ids.insert(id.to_owned()) {
            self.say(format!("the custom id {id} is there twice"));
        }
    }

    fn allowed(&mut self, place: &str, component: &Value, kinds: &[u64]) {
        let kind = kind(component);
        if !kinds.contains(&kind) {
            self.say(format!("component {kind} does not belong into {place}"));
        }
    }

    fn text(&mut self, component: &Value, name: &str, least: usize, most: usize) {
        let what = format!("characters of {name} of component {}", kind(component));
        self.between(&what, length(string(component, name)), least, most);
    }

    fn most(&mut self, what: &str, is: usize, most: usize) {
        self.between(what, is, 0, most);
    }

    fn between(&mut self, what: &str, is: usize, least: usize, most: usize) {
        if is < least || is > most {
            self.say(format!("{is} {what}, {least} to {most} are allowed"));
        }
    }

    fn say(&mut self, fault: String) {
        self.found.push(fault);
    }

    fn into_result(self) -> Result<(), Vec<String>> {
        if self.found.is_empty() { Ok(()) } else { Err(self.found) }
    }
}

/// As it will be sent; what cannot be written fails every check as a component of no kind.
fn json(part: &impl Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}

fn kind(component: &Value) -> u64 {
    component.get("type").and_then(Value::as_u64).unwrap_or_default()
}

fn string<'a>(component: &'a Value, name: &str) -> &'a str {
    component.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(component: &'a Value, name: &str) -> &'a [Value] {
    component.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn parts(component: &Value) -> impl Iterator<Item = &Value> {
    list(component, "components").iter().chain(component.get("accessory"))
}

/// The addresses of the pictures in a component.
fn pictures(component: &Value) -> Vec<String> {
    let own = list(component, "items").iter().filter_map(|item| item.get("media"));
    let own = own.map(|media| string(media, "url").to_owned());
    own.chain(parts(component).flat_map(pictures)).collect()
}

fn nested(component: &Value) -> usize {
    1 + parts(component).map(nested).sum::<usize>()
}

fn text_length(component: &Value) -> usize {
    length(string(component, "content")) + parts(component).map(text_length).sum::<usize>()
}

#[cfg(test)]
mod tests;
