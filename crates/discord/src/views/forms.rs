//! Forms that open: a new event, an event to edit, its location.
//!
//! Fields take twice the characters that a text may have: Discord's way of counting is not
//! documented, and a prefilled text must always fit. Our own limit answers with our own words.

use muster_domain::limits::IMAGE_URL_MAX;
use muster_domain::text::{Description, Location, Title};
use muster_store::model::EventForm;

use crate::custom_id::FormAction;
use crate::views::message::{Component, Modal, TextInput};
use crate::views::messages::{Key, Words};

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

/// What the form for an event is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// A new event.
    New,
    /// An event that there is.
    Edit,
}

/// The form for an event, filled with what is known.
#[must_use]
pub fn event_form(words: Words, action: FormAction, what: For, form: &EventForm) -> Modal {
    let plain = |key| words.plain(key);
    let line = |name, length| TextInput::line(name, length);
    let title = line(field::TITLE, 2 * Title::MAX).value(&form.title);
    let when = line(field::WHEN, 100).value(&form.when);
    let lasts = line(field::DURATION, 40).optional().placeholder(plain(Key::FormDurationNone));
    let about = TextInput::lines(field::DESCRIPTION, 2 * Description::MAX).optional();
    let places = line(field::CAPACITY, 10).optional().placeholder(plain(Key::FormPlacesNone));
    let labelled = |label, hint, input| Component::field(plain(label), hint, input);
    let fields = vec![
        labelled(Key::FormTitle, "", title),
        labelled(Key::FormWhen, plain(Key::FormWhenHint), when),
        labelled(Key::FormDuration, plain(Key::FormDurationHint), lasts.value(&form.duration)),
        labelled(Key::FormDescription, "", about.value(&form.description)),
        labelled(Key::FormPlaces, plain(Key::FormPlacesHint), places.value(&form.capacity)),
    ];
    let title = match what {
        For::New => Key::FormNew,
        For::Edit => Key::FormEdit,
    };
    Modal::new(action, plain(title), fields)
}

/// The form for the location of an event.
#[must_use]
pub fn location_form(words: Words, action: FormAction, present: &str) -> Modal {
    let input = TextInput::line(field::LOCATION, 2 * Location::MAX).optional().value(present);
    let [label, hint] = [Key::FormLocationWhere, Key::FormLocationHint].map(|key| words.plain(key));
    let title = words.plain(Key::FormLocation);
    Modal::new(action, title, vec![Component::field(label, hint, input)])
}

/// The form for the picture of an event.
#[must_use]
pub fn picture_form(words: Words, action: FormAction, present: &str) -> Modal {
    let input = TextInput::line(field::IMAGE, IMAGE_URL_MAX).optional().value(present);
    let [label, hint] = [Key::FormPictureAddress, Key::FormPictureHint].map(|key| words.plain(key));
    let title = words.plain(Key::FormPicture);
    Modal::new(action, title, vec![Component::field(label, hint, input)])
}
