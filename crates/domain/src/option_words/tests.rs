//! What people write for options, and what is made of it.

use proptest::prelude::*;

use super::*;

/// `emoji|label|places|colour and whether coming`, one for each option.
fn told(words: &str) -> Vec<String> {
    let options = read(words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
    let line = |o: &AnswerOption| {
        let places = o.capacity.map_or_else(String::new, |places| places.to_string());
        let kind = if o.coming { "comes" } else { "not" };
        format!("{}|{}|{places}|{:?} {kind}", o.emoji, o.label, o.colour)
    };
    options.iter().map(line).collect()
}

#[test]
fn plain_words_mean_what_they_say() {
    assert_eq!(told("Yes, No, Maybe"), ["|Yes||Green comes", "|No||Red not", "|Maybe||Grey not"]);
}

#[test]
fn a_raid_in_one_line() {
    assert_eq!(
        told("🛡 Tank 2, 💚Healer 3; ⚔️ Damage 10\nBench, ❌ Absent"),
        [
            "🛡|Tank|2|Blue comes",
            "💚|Healer|3|Blue comes",
            "⚔️|Damage|10|Blue comes",
            "|Bench||Grey not",
            "❌|Absent||Red not",
        ]
    );
}

/// `heading/label places`, one for each option.
fn grouped(words: &str) -> Vec<String> {
    let options = read(words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
    let line = |o: &AnswerOption| {
        let places = o.capacity.map_or_else(String::new, |places| format!(" {places}"));
        format!("{}/{}{places}", o.group.as_deref().unwrap_or("-"), o.label)
    };
    options.iter().map(line).collect()
}

#[test]
fn an_emoji_of_a_server_is_no_part_of_a_heading() {
    let words = "<:tank:80351110224678912> Tank: Warrior, 🛡 Healer: Priest";
    assert_eq!(grouped(words), ["Tank/Warrior", "🛡 Healer/Priest"]);
}

#[test]
fn a_colon_before_a_number_that_cannot_be_makes_no_heading() {
    let refused = read("Tank: -5, Healer: 3");
    assert!(matches!(refused, Err(OptionWordsError::Places { .. })), "{refused:?}");
}

#[test]
fn headings_stand_before_those_that_share_them() {
    let roster = "🛡 Tank: Warrior, 🔨 Paladin 2; Healer: Paladin, Priest x3\nBench, Absent";
    let lines = [
        "🛡 Tank/Warrior",
        "🛡 Tank/Paladin 2",
        "Healer/Paladin",
        "Healer/Priest 3",
        "-/Bench",
        "-/Absent",
    ];
    assert_eq!(grouped(roster), lines);
    assert_eq!(
        grouped("Tank: Warrior, Healer: Priest, Bench"),
        ["Tank/Warrior", "Healer/Priest", "Healer/Bench",]
    );
    assert_eq!(grouped("Tank: Team 1, Team 2"), ["Tank/Team 1", "Tank/Team 2"]);
    assert_eq!(
        grouped("Tank: 2, Tank (3) , Map:de_dust"),
        ["-/Tank: 2", "-/Tank (3)", "-/Map:de_dust"]
    );
    assert_eq!(grouped(": Warrior"), ["-/: Warrior"]);
    let twice = read("Tank: Paladin; tank: PALADIN").unwrap_err();
    assert_eq!(twice, OptionWordsError::Twice("PALADIN".to_owned()));
    let long = format!("{}: Warrior", "x".repeat(GroupName::MAX + 1));
    assert!(matches!(read(&long), Err(OptionWordsError::Label { .. })), "{long}");
}

#[test]
fn what_has_headings_is_written_as_it_is_read() {
    for words in [
        "Tank: Warrior, Paladin 2; Healer: Paladin, Priest; Bench",
        "Bench, Absent; 🛡 Tank: 🔨 Paladin",
        "Yes, No, Maybe",
    ] {
        let options = read(words).unwrap();
        assert_eq!(write(&options), words);
        assert!(can_be_words(&options), "{words}");
    }
}

#[test]
fn places_are_written_in_many_ways() {
    for words in ["Tank 2", "Tank (2)", "Tank(2)", "Tank x2", "Tank ×2", "Tank: 2", "Tank : 2"] {
        assert_eq!(told(words), ["|Tank|2|Blue comes"], "{words}");
    }
}

#[test]
fn numbers_that_are_part_of_a_name_stay_in_it() {
    assert_eq!(told("Team 1, Team 2"), ["|Team 1||Blue comes", "|Team 2||Blue comes"]);
    assert_eq!(told("Xbox2"), ["|Xbox2||Blue comes"]);
    assert_eq!(told("PS5, Linux5"), ["|PS5||Blue comes", "|Linux5||Blue comes"]);
    assert_eq!(told("7"), ["|7||Blue comes"]);
    assert_eq!(told("1️⃣ First 2"), ["1️⃣|First|2|Blue comes"]);
}

#[test]
fn a_bench_with_places_is_a_way_of_coming() {
    assert_eq!(told("Bench 4"), ["|Bench|4|Grey comes"]);
}

#[test]
fn what_cannot_be_is_said_with_the_words_that_it_is_about() {
    let many = (0..26).map(|n| format!("o{n}")).collect::<Vec<_>>().join(",");
    let long = "x".repeat(81);
    for (words, expected) in [
        (
            " , ,",
            "there is no answer in it; write them with commas between, as in `Yes, No, Maybe`",
        ),
        (many.as_str(), "26 answers are too many; an event offers at most 25"),
        ("Yes, yes", "the answer `yes` is there twice"),
        ("✅", "the answer `✅` cannot be: it is empty"),
        ("Tank 0", "the answer `Tank 0` cannot be: 0 places are not possible; choose 1 to 10000"),
    ] {
        assert_eq!(read(words).unwrap_err().to_string(), expected);
    }
    assert!(matches!(read(&long), Err(OptionWordsError::Label { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_makes_it_fall_over_and_what_it_takes_it_can_write(words in "[ ,xX:()0-9a-cÄ✅🛡️-]{0,24}") {
        if let Ok(options) = read(&words) {
            let again = read(&write(&options));
            prop_assert_eq!(again.map(|o| o.iter().count()), Ok(options.iter().count()));
        }
    }

    #[test]
    fn written_options_read_the_same(
        labels in prop::collection::btree_set("[a-z]{2,8}y( [a-z]{2,5}y)?", 1..25),
        places in prop::collection::vec(prop::option::of(1..99u32), 25),
    ) {
        let words: Vec<_> = labels.iter().zip(&places).map(|(label, places)| match places {
            Some(places) => format!("🛡️ {label} {places}"),
            None => label.clone(),
        }).collect();
        let options = read(&words.join(", ")).unwrap();
        prop_assert_eq!(write(&options), words.join(", "));
        prop_assert_eq!(read(&write(&options)).unwrap(), options);
    }
}

#[test]
fn names_that_words_would_take_for_something_else_are_not_written_as_words() {
    let named = |label: &str, emoji: &str| {
        let mut options: Vec<_> = Options::default_four().iter().cloned().collect();
        options[0].label = label.into();
        options[0].emoji = emoji.into();
        Options::new(options).unwrap()
    };
    for (label, emoji) in [("Yes", "✅"), ("On time", ""), ("Café 7 a", "")] {
        assert!(can_be_words(&named(label, emoji)), "{label}");
    }
    for label in ["Yes, but late", "Yes; late", "Room 101", "🛡 Tank"] {
        assert!(!can_be_words(&named(label, "")), "{label}");
    }
}

#[test]
fn fewer_than_no_places_are_refused_and_not_taken_for_a_name() {
    for words in ["Tank -5", "Tank -5, Healer 3", "Tank - 5"] {
        let refused = read(words);
        let is_sound = words.contains("- ");
        assert_eq!(refused.is_ok(), is_sound, "{words}: {refused:?}");
    }
    let refused = read("Tank -5, Healer 3").unwrap_err();
    assert!(matches!(refused, OptionWordsError::Places { .. }), "{refused:?}");
}
