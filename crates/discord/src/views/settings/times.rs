//! The usual times of day in `/settings`: of events of which only the day is said, and of posts.

use jiff::civil::Time;
use muster_domain::settings::{GuildSettings, POSTING_TIME_DEFAULT};

use crate::custom_id::{Action, FormAction};
use crate::views::message::{Button, Component, Modal, Style, TextInput};
use crate::views::messages::{Key, Words};

/// What the field for the time of events is called when it comes back.
pub const EVENT: &str = "event";

/// What the field for the time of posts is called when it comes back.
pub const POSTING: &str = "posting";

/// Characters that a field takes; "half past eight in the evening" has 30.
const TIME_MAX: usize = 40;

/// Both times, and the button that changes them; what they are for stands below, where there is
/// room for it on a phone.
pub(super) fn section(words: Words, settings: &GuildSettings) -> [Component; 2] {
    let event = match settings.event_time {
        Some(time) => in_figures(time),
        None => words.plain(Key::SettingsTimesAsk).to_owned(),
    };
    let posting = in_figures(settings.posts_at());
    let text = words.filled(Key::SettingsTimes, &[("event", &event), ("posting", &posting)]);
    let change = words.plain(Key::SettingsTimesChange);
    let button = Button::new(Style::Primary, change, Action::SettingsTimes);
    let hint = words.plain(Key::SettingsTimesHint);
    [Component::section(text, button), Component::text(hint)]
}

/// The form for both, filled with what they are.
#[must_use]
pub fn form(settings: &GuildSettings) -> Modal {
    let words = Words::of(settings.language);
    let field = |id, time: Option<Time>, example: &str, label, hint| {
        let present = time.map(in_figures).unwrap_or_default();
        let input = TextInput::line(id, TIME_MAX).optional().value(&present).placeholder(example);
        Component::field(words.plain(label), words.plain(hint), input)
    };
    let usual = in_figures(POSTING_TIME_DEFAULT);
    let event = field(
        EVENT,
        settings.event_time,
        "20:00",
        Key::SettingsTimesEvent,
        Key::SettingsTimesEventHint,
    );
    let posting = field(
        POSTING,
        settings.posting_time,
        &usual,
        Key::SettingsTimesPosting,
        Key::SettingsTimesPostingHint,
    );
    let title = words.plain(Key::SettingsTimesTitle);
    Modal::new(FormAction::SettingsTimes, title, vec![event, posting])
}

/// "09:00".
fn in_figures(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::views::judged::check_form;

    #[test]
    fn the_form_shows_what_is_chosen_and_fits() {
        let chosen = GuildSettings {
            event_time: Some(time(19, 45, 0, 0)),
            posting_time: Some(time(8, 0, 0, 0)),
            ..GuildSettings::default()
        };
        for settings in [&chosen, &GuildSettings::default()] {
            check_form(&form(settings)).unwrap();
        }
        let written = serde_json::to_string(&form(&chosen)).unwrap();
        assert!(written.contains("19:45") && written.contains("08:00"), "{written}");
    }
}
