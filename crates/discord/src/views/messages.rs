//! What is said, in each language, from one file a language: whoever translates changes no code.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use muster_domain::settings::Language;

/// Makes [`Key`] from the names that messages have in the files.
macro_rules! keys {
    ($($key:ident = $name:literal,)+) => {
        /// Which message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Key {
            $(#[doc = $name] $key,)+
        }

        impl Key {
            /// All there are.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$key),+];

            /// Its name in the files.
            const fn name(self) -> &'static str {
                match self {
                    $(Self::$key => $name,)+
                }
            }
        }
    };
}

keys! {
    SettingsTitle = "settings.title",
    SettingsZone = "settings.zone",
    SettingsZoneSet = "settings.zone.set",
    SettingsZoneDefault = "settings.zone.default",
    SettingsZoneNone = "settings.zone.none",
    SettingsZoneChange = "settings.zone.change",
    SettingsTimes = "settings.times",
    SettingsTimesHint = "settings.times.hint",
    SettingsTimesAsk = "settings.times.ask",
    SettingsTimesChange = "settings.times.change",
    SettingsTimesTitle = "settings.times.title",
    SettingsTimesEvent = "settings.times.event",
    SettingsTimesEventHint = "settings.times.event.hint",
    SettingsTimesPosting = "settings.times.posting",
    SettingsTimesPostingHint = "settings.times.posting.hint",
    SettingsChannel = "settings.channel",
    SettingsChannelNone = "settings.channel.none",
    SettingsChannelPick = "settings.channel.pick",
    SettingsOrganisers = "settings.organisers",
    SettingsOrganisersNone = "settings.organisers.none",
    SettingsOrganisersPick = "settings.organisers.pick",
    SettingsMention = "settings.mention",
    SettingsMentionEveryone = "settings.mention.everyone",
    SettingsMentionNone = "settings.mention.none",
    SettingsMentionPick = "settings.mention.pick",
    SettingsAdmin = "settings.admin",
    SettingsAdminNone = "settings.admin.none",
    SettingsAdminPick = "settings.admin.pick",
    SettingsNames = "settings.names",
    SettingsNamesHidden = "settings.names.hidden",
    SettingsNamesShown = "settings.names.shown",
    SettingsNamesHide = "settings.names.hide",
    SettingsNamesShow = "settings.names.show",
    SettingsLeaderboards = "settings.leaderboards",
    SettingsLeaderboardsOn = "settings.leaderboards.on",
    SettingsLeaderboardsOff = "settings.leaderboards.off",
    SettingsLeaderboardsStart = "settings.leaderboards.start",
    SettingsLeaderboardsStop = "settings.leaderboards.stop",
    SettingsThreads = "settings.threads",
    SettingsThreadsOn = "settings.threads.on",
    SettingsThreadsOff = "settings.threads.off",
    SettingsThreadsStart = "settings.threads.start",
    SettingsThreadsStop = "settings.threads.stop",
    SettingsNudges = "settings.nudges",
    SettingsNudgesOn = "settings.nudges.on",
    SettingsNudgesOff = "settings.nudges.off",
    SettingsNudgesNowhere = "settings.nudges.nowhere",
    SettingsNudgesStart = "settings.nudges.start",
    SettingsNudgesStop = "settings.nudges.stop",
    SettingsClean = "settings.clean",
    SettingsCleanKeep = "settings.clean.keep",
    SettingsCleanKeepOption = "settings.clean.keep.option",
    SettingsCleanArchive = "settings.clean.archive",
    SettingsCleanArchiveOption = "settings.clean.archive.option",
    SettingsCleanDelete = "settings.clean.delete",
    SettingsCleanDeleteOption = "settings.clean.delete.option",
    SettingsCleanPick = "settings.clean.pick",
    SettingsCleanHours = "settings.clean.hours",
    SettingsCleanHoursHint = "settings.clean.hours.hint",
    SettingsKept = "settings.kept",
    SettingsKeptDays = "settings.kept.days",
    SettingsKeptEver = "settings.kept.ever",
    SettingsKeptOption = "settings.kept.option",
    SettingsKeptPick = "settings.kept.pick",
    SettingsLanguage = "settings.language",
    SettingsLanguageName = "settings.language.name",
    SettingsLanguagePick = "settings.language.pick",
    TemplateSaved = "template.saved",
    TemplateReplace = "template.replace",
    TemplateReplaced = "template.replaced",
    TemplatePutBack = "template.back",
    TemplateNone = "template.none",
    TemplateList = "template.list",
    TemplateLine = "template.line",
    TemplateNewer = "template.newer",
    TemplateDeleted = "template.deleted",
    TemplateUndo = "template.undo",
    TemplateRestored = "template.restored",
    TemplatePlace = "template.place",
    TemplatePlaces = "template.places",
    TemplateLocation = "template.location",
    TemplateDescription = "template.description",
    TemplateImage = "template.image",
    TemplateMention = "template.mention",
    TemplateReminder = "template.reminder",
    TemplateReminders = "template.reminders",
    TemplateAnswers = "template.answers",
    TemplateAnswersMore = "template.answers.more",
    PrivacyExport = "privacy.export",
    PrivacyExportCut = "privacy.export.cut",
    PrivacyConfirm = "privacy.confirm",
    PrivacyErase = "privacy.erase",
    PrivacyDone = "privacy.done",
    PrivacyGoing = "privacy.going",
}

/// The messages of one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(&'static Messages);

type Messages = BTreeMap<&'static str, String>;

impl Words {
    /// The messages of this language.
    #[must_use]
    pub fn of(language: Language) -> Self {
        static ENGLISH: OnceLock<Messages> = OnceLock::new();
        let (read, file) = match language {
            Language::English => (&ENGLISH, file_of(language)),
        };
        Self(read.get_or_init(|| messages(file)))
    }

    /// A message in which nothing is filled in.
    #[must_use]
    pub fn plain(self, key: Key) -> &'static str {
        // A test sees to it that every language has every message.
        self.0.get(key.name()).map_or("", String::as_str)
    }

    /// A message with each `{name}` replaced by its value. What stands in a value stays as it is.
    #[must_use]
    pub fn filled(self, key: Key, values: &[(&str, &str)]) -> String {
        let mut rest = self.plain(key);
        let mut text = String::with_capacity(rest.len());
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, open)| Some((before, open.split_once('}')?)))
        {
            text.push_str(before);
            let value = values.iter().find(|(known, _)| *known == name);
            text.push_str(value.map_or("", |(_, value)| value));
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

const fn file_of(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("messages/en.txt"),
    }
}

/// The messages of a file by name. Lines without one are comments.
fn messages(file: &'static str) -> Messages {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    let message = |line: &'static str| {
        let (name, words) = line.split_once(": ")?;
        Some((name, words.replace("\\n", "\n")))
    };
    lines.filter_map(message).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What is filled in, in a message.
    fn blanks(words: &str) -> BTreeSet<&str> {
        words.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    #[test]
    fn every_language_has_every_message_once_and_no_other() {
        let keys: BTreeSet<_> = Key::ALL.iter().map(|key| key.name()).collect();
        assert_eq!(keys.len(), Key::ALL.len(), "each name is given once");
        for language in Language::ALL {
            let file = file_of(language);
            let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
            let names: Vec<_> = lines.map(|line| line.split_once(": ").expect(line).0).collect();
            assert_eq!(names.iter().copied().collect::<BTreeSet<_>>(), keys, "{language:?}");
            assert_eq!(names.len(), keys.len(), "each message once in {language:?}");
        }
    }

    #[test]
    fn a_message_says_something_and_has_the_blanks_that_it_has_in_english() {
        let english = Words::of(Language::English);
        for language in Language::ALL {
            let words = Words::of(language);
            for key in Key::ALL {
                assert!(!words.plain(*key).trim().is_empty(), "{key:?} in {language:?}");
                assert_eq!(blanks(words.plain(*key)), blanks(english.plain(*key)), "{key:?}");
            }
        }
    }

    #[test]
    fn a_value_is_filled_in_as_it_is() {
        let words = Words::of(Language::English);
        let values = [("zone", "{time}"), ("time", "13:00")];
        let said = words.filled(Key::SettingsZoneSet, &values);
        assert_eq!(said, "{time}, where it is 13:00");
    }
}
