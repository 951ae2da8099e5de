//! That the files of every language have what there is to say, and nothing else.

use std::collections::BTreeSet;

use super::keys::NAMES;
use super::*;

/// What is filled in, in a message.
fn blanks(words: &str) -> BTreeSet<&str> {
    words.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

#[test]
fn every_language_has_every_message_and_form_once_and_no_other() {
    let keys: BTreeSet<_> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(keys.len(), Key::ALL.len(), "each name is given once");
    for language in Language::ALL {
        let lines: Vec<_> = files_of(language)
            .iter()
            .flat_map(|file| file.lines())
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .collect();
        let read: Vec<_> = files_of(language)
            .iter()
            .flat_map(|file| file::lines(file))
            .map(Option::unwrap)
            .collect();
        assert_eq!(lines.len(), read.len());
        let names: BTreeSet<_> = read.iter().map(|line| file::key_of(line.name)).collect();
        let lacking: Vec<_> = keys.symmetric_difference(&names).collect();
        assert_eq!(lacking, Vec::<&String>::new(), "{language:?}");
        let forms: BTreeSet<_> =
            lines.iter().map(|line| line.split_once(": ").unwrap().0).collect();
        assert_eq!(forms.len(), lines.len(), "each once in {language:?}");
    }
}

#[test]
fn every_file_is_about_its_subject() {
    for language in Language::ALL {
        let of = |name: &str| name.split_once('.').unwrap().0.to_owned();
        let subjects = files_of(language).iter().map(|file| {
            let subjects: BTreeSet<_> =
                file::lines(file).map(|line| of(line.unwrap().name)).collect();
            assert_eq!(subjects.len(), 1, "{subjects:?}");
            subjects.into_iter().next().unwrap()
        });
        let subjects: Vec<_> = subjects.collect();
        assert!(subjects.is_sorted_by(|a, b| a < b), "{subjects:?}");
    }
}

#[test]
fn a_message_says_something_and_has_the_blanks_that_it_has_in_english() {
    let english = Words::of(Language::English);
    for language in Language::ALL {
        let words = Words::of(language);
        for key in Key::ALL {
            let known = blanks(&english.message(*key).other);
            let message = words.message(*key);
            assert!(!message.other.trim().is_empty(), "{key:?} in {language:?}");
            assert_eq!(blanks(&message.other), known, "{key:?} in {language:?}");
            for (form, words) in &message.forms {
                // "One place" needs no number.
                assert!(blanks(words).is_subset(&known), "{key:?} {form:?} in {language:?}");
            }
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

#[test]
fn the_form_is_that_of_the_number() {
    let words = Words::of(Language::English);
    let said = [0, 1, 1_000].map(|number| words.counted(Key::TemplatePlaces, number));
    assert_eq!(said, ["0 places", "1 place", "1,000 places"]);
}

#[test]
fn a_line_names_a_message_and_the_numbers_for_which_it_is() {
    let line = |text| file::lines(text).next().flatten();
    let few = file::Line { name: "post.free", form: Plural::Few, words: "{count} volné: ano" };
    assert_eq!(line("post.free[few]: {count} volné: ano"), Some(few));
    assert_eq!(line("# nothing"), None);
    for wrong in ["post.free", "post.free[some]: x", "post.free[one: x", "post.free:x"] {
        assert_eq!(line(wrong), None, "{wrong}");
    }
}
