//! How large embeds may be (Discord docs: embed limits).

use jiff::Timestamp;
use serde_json::Value;

use super::errors::Form;
use super::fields::{self, Object, Presence};

/// The most characters in all embeds of one message.
const MAX_TOTAL: usize = 6000;

/// Checks all embeds of a message.
pub(super) fn check(form: &mut Form, embeds: &[Value]) {
    let mut total = 0;
    for (index, embed) in embeds.iter().enumerate() {
        form.nth(index, |form| {
            if let Some(embed) = fields::object(form, embed) {
                total += check_one(form, embed);
            }
        });
    }
    if total > MAX_TOTAL {
        let message = format!("Embed size exceeds maximum size of {MAX_TOTAL}");
        form.wrong("MAX_EMBED_SIZE_EXCEEDED", message);
    }
}

fn check_one(form: &mut Form, embed: &Object) -> usize {
    let mut size = measure(form, embed, "title", 0..=256, Presence::Optional);
    size += measure(form, embed, "description", 0..=4096, Presence::Optional);
    fields::integer(form, embed, "color", 0..=0x00ff_ffff, Presence::Optional);
    fields::url(form, embed, "url", Presence::Optional);
    check_timestamp(form, embed);
    for key in ["image", "thumbnail"] {
        within(form, embed, key, |form, media| {
            fields::url(form, media, "url", Presence::Required);
        });
    }
    within(form, embed, "footer", |form, footer| {
        size += measure(form, footer, "text", 1..=2048, Presence::Required);
        fields::url(form, footer, "icon_url", Presence::Optional);
    });
    within(form, embed, "author", |form, author| {
        size += measure(form, author, "name", 1..=256, Presence::Required);
        fields::url(form, author, "url", Presence::Optional);
        fields::url(form, author, "icon_url", Presence::Optional);
    });
    size += check_fields(form, embed);
    if size == 0 && !embed.contains_key("image") && !embed.contains_key("thumbnail") {
        form.wrong_at("description", "BASE_TYPE_REQUIRED", "This field is required");
    }
    size
}

fn check_fields(form: &mut Form, embed: &Object) -> usize {
    let list = fields::list(form, embed, "fields", 0..=25, Presence::Optional);
    let mut size = 0;
    form.at("fields", |form| {
        for (index, field) in list.unwrap_or_default().iter().enumerate() {
            form.nth(index, |form| {
                let Some(field) = fields::object(form, field) else {
                    return;
                };
                size += measure(form, field, "name", 1..=256, Presence::Required);
                size += measure(form, field, "value", 1..=1024, Presence::Required);
                fields::boolean(form, field, "inline");
            });
        }
    });
    size
}

fn check_timestamp(form: &mut Form, embed: &Object) {
    let Some(value) = fields::given(embed, "timestamp") else {
        return;
    };
    let instant = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    if instant.is_none() {
        let message = format!("Could not parse {value}. Should be ISO8601.");
        form.wrong_at("timestamp", "DATE_TIME_TYPE_PARSE", message);
    }
}

fn within(form: &mut Form, embed: &Object, key: &str, look: impl FnOnce(&mut Form, &Object)) {
    let Some(value) = fields::given(embed, key) else {
        return;
    };
    form.at(key, |form| {
        if let Some(object) = fields::object(form, value) {
            look(form, object);
        }
    });
}

fn measure(
    form: &mut Form,
    object: &Object,
    key: &str,
    length: std::ops::RangeInclusive<usize>,
    presence: Presence,
) -> usize {
    fields::text(form, object, key, length, presence).map_or(0, |text| text.chars().count())
}
