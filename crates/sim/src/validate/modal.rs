//! Reads what a bot sends to open a modal (Discord docs: modals).

use serde_json::Value;

use super::components;
use super::errors::Form;
use super::fields::{self, Presence};

/// Checks the `data` of a modal callback.
pub(crate) fn read_in(form: &mut Form, data: &Value) {
    let Some(object) = fields::object(form, data) else {
        return;
    };
    fields::text(form, object, "custom_id", 1..=100, Presence::Required);
    fields::text(form, object, "title", 1..=45, Presence::Required);
    let list = fields::list(form, object, "components", 1..=5, Presence::Required);
    form.at("components", |form| {
        components::check_modal(form, list.unwrap_or_default());
    });
}
