//! What becomes of posts, in `/settings`: whether they get a thread, and what is done when their
//! events are over.

use muster_domain::limits::CLEAN_UP_HOURS_MAX;
use muster_domain::settings::{CleanUp, GuildSettings};

use crate::custom_id::{Action, FormAction};
use crate::views::message::{Button, Component, Modal, Select, SelectOption, Style, TextInput};
use crate::views::messages::{Key, Words};
use crate::views::text::counted;

/// What the field for the hours is called when it comes back.
pub const HOURS: &str = "hours";

/// Posts stay.
pub const KEEP: &str = "keep";
/// Their threads are archived.
pub const ARCHIVE: &str = "archive";
/// They are deleted.
pub const DELETE: &str = "delete";

/// What is offered while a guild has chosen nothing.
const HOURS_USUAL: u16 = 24;

/// Characters that the field takes: more than any number of hours has.
const HOURS_LENGTH_MAX: usize = 10;

/// Whether new events get a thread, and the button that changes it.
pub(super) fn threads(words: Words, settings: &GuildSettings) -> (String, Button) {
    let (value, label) = if settings.threads {
        (Key::SettingsThreadsOn, Key::SettingsThreadsStop)
    } else {
        (Key::SettingsThreadsOff, Key::SettingsThreadsStart)
    };
    let text = words.filled(Key::SettingsThreads, &[("value", words.plain(value))]);
    let action = Action::SettingsThreads(!settings.threads);
    (text, Button::new(Style::Primary, words.plain(label), action))
}

/// What becomes of posts, and the list from which something else is chosen.
pub(super) fn rule(words: Words, settings: &GuildSettings) -> [Component; 2] {
    let value = match settings.clean_up {
        CleanUp::Keep => words.plain(Key::SettingsCleanKeep).to_owned(),
        CleanUp::Archive(after) => in_hours(words, Key::SettingsCleanArchive, after.hours()),
        CleanUp::Delete(after) => in_hours(words, Key::SettingsCleanDelete, after.hours()),
    };
    let text = words.filled(Key::SettingsClean, &[("value", &value)]);
    let option = |label, value: &str| SelectOption {
        label: words.plain(label).to_owned(),
        value: value.to_owned(),
        ..SelectOption::default()
    };
    let options = vec![
        option(Key::SettingsCleanKeepOption, KEEP),
        option(Key::SettingsCleanArchiveOption, ARCHIVE),
        option(Key::SettingsCleanDeleteOption, DELETE),
    ];
    let pick = words.plain(Key::SettingsCleanPick);
    let select = Select::new(Action::SettingsCleanUp, pick, options);
    [Component::text(text), Component::row(vec![Component::Select(select)])]
}

fn in_hours(words: Words, key: Key, hours: u16) -> String {
    words.filled(key, &[("hours", &counted(hours.into(), "hour", "hours"))])
}

/// The form for after how many hours posts are deleted, or their threads archived.
#[must_use]
pub fn form(settings: &GuildSettings, deletes: bool) -> Modal {
    let words = Words::of(settings.language);
    let hours = match settings.clean_up {
        CleanUp::Keep => HOURS_USUAL,
        CleanUp::Archive(after) | CleanUp::Delete(after) => after.hours(),
    };
    let input = TextInput::line(HOURS, HOURS_LENGTH_MAX).value(&hours.to_string());
    let most = CLEAN_UP_HOURS_MAX.to_string();
    let hint = words.filled(Key::SettingsCleanHoursHint, &[("most", &most)]);
    let field = Component::field(words.plain(Key::SettingsCleanHours), &hint, input);
    let title =
        if deletes { Key::SettingsCleanDeleteOption } else { Key::SettingsCleanArchiveOption };
    Modal::new(FormAction::SettingsCleanUp(deletes), words.plain(title), vec![field])
}

#[cfg(test)]
mod tests {
    use muster_domain::settings::HoursAfterEnd;

    use super::*;
    use crate::views::judged::check_form;

    #[test]
    fn the_form_shows_the_hours_and_fits() {
        let clean_up = CleanUp::Delete(HoursAfterEnd::parse(48).unwrap());
        let chosen = GuildSettings { clean_up, ..GuildSettings::default() };
        for (settings, hours) in [(&chosen, "\"48\""), (&GuildSettings::default(), "\"24\"")] {
            for deletes in [false, true] {
                let form = form(settings, deletes);
                check_form(&form).unwrap();
                assert!(serde_json::to_string(&form).unwrap().contains(hours));
            }
        }
    }
}
