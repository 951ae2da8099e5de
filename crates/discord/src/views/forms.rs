//! Forms that open: a new event, an event to edit, its location.
//!
//! Fields take twice the characters that a text may have: Discord's way of counting is not
//! documented, and a prefilled text must always fit. Our own limit answers with our own words.

use muster_domain::limits::IMAGE_URL_MAX;
use muster_domain::text::{Description, Location, Title};
use muster_engine::refusal::Number;
use muster_store::model::EventForm;

use crate::custom_id::FormAction;
use crate::views::message::{Component, Modal, TextInput};
use crate::views::refusal::label;

/// What the fields are called when the form comes back.
pub mod field {
    /// The title.
    pub const TITLE: &str = "title";
    /// The words for the time.
    pub const WHEN: &str = "when";
    /// The words for the duration.
    pub const DURATION: &str = "duration";
    /// The description.
    pub const DESCRIPTION: &str = "description";
    /// The number of places.
    pub const CAPACITY: &str = "capacity";
    /// The location.
    pub const LOCATION: &str = "location";
    /// The address of the picture.
    pub const IMAGE: &str = "image";
}

/// The form for an event, filled with what is known.
#[must_use]
pub fn event_form(action: FormAction, title: &str, form: &EventForm) -> Modal {
    let place = TextInput::line(field::CAPACITY, 10).optional().placeholder("no limit");
    let lasts = TextInput::line(field::DURATION, 40).optional().placeholder("2 hours");
    let fields = vec![
        Component::field(
            "Title",
            "",
            TextInput::line(field::TITLE, 2 * Title::MAX).value(&form.title),
        ),
        Component::field(
            "When",
            "fri 8pm · tomorrow 19:30 · 12 March 20:00 · in 2 hours",
            TextInput::line(field::WHEN, 100).value(&form.when),
        ),
        Component::field(
            label(Number::Duration),
            "90m · 1h30 · 2 days",
            lasts.value(&form.duration),
        ),
        Component::field(
            "Description",
            "",
            TextInput::lines(field::DESCRIPTION, 2 * Description::MAX)
                .optional()
                .value(&form.description),
        ),
        Component::field(
            label(Number::Places),
            "The rest goes to a waitlist",
            place.value(&form.capacity),
        ),
    ];
    Modal::new(action, title, fields)
}

/// The form for the location of an event.
#[must_use]
pub fn location_form(action: FormAction, present: &str) -> Modal {
    let input = TextInput::line(field::LOCATION, 2 * Location::MAX).optional().value(present);
    Modal::new(action, "Location", vec![Component::field("Where", "A place or a link", input)])
}

/// The form for the picture of an event.
#[must_use]
pub fn picture_form(action: FormAction, present: &str) -> Modal {
    let input = TextInput::line(field::IMAGE, IMAGE_URL_MAX).optional().value(present);
    let what = "The address of a picture, https://…; empty for none";
    Modal::new(action, "Picture", vec![Component::field("Address", what, input)])
}
