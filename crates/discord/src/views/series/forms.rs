//! The forms of a series: what it is, and when it is posted.

use muster_domain::duration::duration_in_words;
use muster_domain::series::Series;
use muster_domain::text::{Description, Title};
use muster_domain::when::weekday_name;
use muster_engine::refusal::Number;
use muster_engine::schedule::SeriesForm;

use crate::custom_id::FormAction;
use crate::views::message::{Component, Modal, TextInput};
use crate::views::refusal::label;

/// What the fields of the forms are called when they come back.
pub mod field {
    /// The title.
    pub const TITLE: &str = "title";
    /// The time of day.
    pub const TIME: &str = "time";
    /// The words for the duration.
    pub const DURATION: &str = "duration";
    /// The description.
    pub const DESCRIPTION: &str = "description";
    /// How it repeats.
    pub const REPEAT: &str = "repeat";
    /// The extra fields.
    pub const FIELDS: &str = "fields";
    /// When it is posted.
    pub const POSTING: &str = "posting";
}

/// The form that shows a series as it is.
#[must_use]
pub fn form_of(series: &Series) -> SeriesForm {
    let plan = &series.plan;
    let description = plan.made_of.description.as_ref();
    SeriesForm {
        title: plan.title.to_string(),
        time: plan.start.time().strftime("%H:%M").to_string(),
        duration: duration_in_words(plan.made_of.duration),
        description: description.map(ToString::to_string).unwrap_or_default(),
        repeat: series.day.is_none().then(|| plan.recurrence.in_words()),
        fields: series.day.is_some().then(|| plan.fields.to_string()),
        channel: None,
    }
}

/// The form for a series, or for a day of the week.
#[must_use]
pub fn form(action: FormAction, title: &str, form: &SeriesForm) -> Modal {
    let lasts = TextInput::line(field::DURATION, 40).optional().placeholder("2 hours");
    let mut fields = vec![
        Component::field(
            "Title",
            "",
            TextInput::line(field::TITLE, 2 * Title::MAX).value(&form.title),
        ),
        Component::field(
            label(Number::Time),
            "20:00 · 8pm · 20:00 to 22:30",
            TextInput::line(field::TIME, 100).value(&form.time),
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
    ];
    if let Some(repeat) = &form.repeat {
        let input = TextInput::line(field::REPEAT, 1_000).value(repeat);
        let what = "every Tuesday and Thursday · last Sunday of the month";
        fields.insert(1, Component::field("Repeats", what, input));
    }
    if let Some(extra) = &form.fields {
        let input = TextInput::lines(field::FIELDS, 2_000).optional();
        let input = input.placeholder("Outfit: kilt").value(extra);
        fields.push(Component::field("Extra fields", "One a line, like \"Outfit: kilt\"", input));
    }
    Modal::new(action, title, fields)
}

/// The form for when a series is posted, filled with these words.
#[must_use]
pub fn posting_form(series: &Series, words: &str) -> Modal {
    let action = FormAction::SeriesPosting(series.id, series.version);
    let input = TextInput::line(field::POSTING, 100).value(words);
    let what = "on the day at 09:00 · 3 days before · 2h before";
    Modal::new(action, "When it is posted", vec![Component::field("Posted", what, input)])
}

/// The title of the form for one more event on a day.
#[must_use]
pub fn day_title(day: jiff::civil::Weekday) -> String {
    format!("Every {}", weekday_name(day))
}
