//! The forms of a series: what it is, and when it is posted.

use muster_domain::duration::duration_in_words;
use muster_domain::series::Series;
use muster_domain::text::{Description, Title};
use muster_engine::refusal::Number;
use muster_engine::schedule::SeriesForm;

use crate::custom_id::FormAction;
use crate::views::dates;
use crate::views::message::{Component, Modal, TextInput};
use crate::views::messages::{Key, Words};
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
pub fn form(words: Words, action: FormAction, title: &str, form: &SeriesForm) -> Modal {
    let lasts = TextInput::line(field::DURATION, 40).optional();
    let lasts = lasts.placeholder(words.plain(Key::SeriesFormDurationExample));
    let mut fields = vec![
        Component::field(
            words.plain(Key::SeriesFormTitle),
            "",
            TextInput::line(field::TITLE, 2 * Title::MAX).value(&form.title),
        ),
        Component::field(
            label(words, Number::Time),
            words.plain(Key::SeriesFormTimeHint),
            TextInput::line(field::TIME, 100).value(&form.time),
        ),
        Component::field(
            label(words, Number::Duration),
            words.plain(Key::SeriesFormDurationHint),
            lasts.value(&form.duration),
        ),
        Component::field(
            words.plain(Key::SeriesFormDescription),
            "",
            TextInput::lines(field::DESCRIPTION, 2 * Description::MAX)
                .optional()
                .value(&form.description),
        ),
    ];
    if let Some(repeat) = &form.repeat {
        let input = TextInput::line(field::REPEAT, 1_000).value(repeat);
        let hint = words.plain(Key::SeriesFormRepeatHint);
        fields.insert(1, Component::field(words.plain(Key::SeriesFormRepeat), hint, input));
    }
    if let Some(extra) = &form.fields {
        let input = TextInput::lines(field::FIELDS, 2_000).optional();
        let input = input.placeholder(words.plain(Key::SeriesFormFieldsExample)).value(extra);
        let hint = words.plain(Key::SeriesFormFieldsHint);
        fields.push(Component::field(words.plain(Key::SeriesFormFields), hint, input));
    }
    Modal::new(action, title, fields)
}

/// The form for when a series is posted, filled with this.
#[must_use]
pub fn posting_form(words: Words, series: &Series, typed: &str) -> Modal {
    let action = FormAction::SeriesPosting(series.id, series.version);
    let input = TextInput::line(field::POSTING, 100).value(typed);
    let hint = words.plain(Key::SeriesFormPostedHint);
    let field = Component::field(words.plain(Key::SeriesFormPosted), hint, input);
    Modal::new(action, words.plain(Key::SeriesPosting), vec![field])
}

/// The title of the form for a series.
#[must_use]
pub fn edit_title(words: Words, series: &Series) -> String {
    let usual = || words.plain(Key::SeriesForm).to_owned();
    series.day.map_or_else(usual, |day| day_title(words, day))
}

/// The title of the form for one more event on a day.
#[must_use]
pub fn day_title(words: Words, day: jiff::civil::Weekday) -> String {
    words.filled(Key::SeriesFormDay, &[("weekday", dates::weekday(words, day))])
}
