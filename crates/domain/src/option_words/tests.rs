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

/// `heading places`, one for each heading that has places.
fn shared(words: &str) -> Vec<String> {
    let options = read(words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
    options.shared().iter().map(|s| format!("{} {}", s.heading, s.capacity)).collect()
}

#[test]
fn a_number_after_a_heading_is_for_all_below_it() {
    for words in [
        "🛡 Tank 2: Warrior, Paladin",
        "🛡 Tank (2): Warrior, Paladin",
        "🛡 Tank x2: Warrior, Paladin",
    ] {
        assert_eq!(shared(words), ["🛡 Tank 2"], "{words}");
        assert_eq!(grouped(words), ["🛡 Tank/Warrior", "🛡 Tank/Paladin"], "{words}");
    }
    let both = "Tank 2: Warrior, Paladin 1; Healer: Priest; Bench";
    assert_eq!(shared(both), ["Tank 2"]);
    assert_eq!(grouped(both), ["Tank/Warrior", "Tank/Paladin 1", "Healer/Priest", "-/Bench"]);
}

#[test]
fn a_heading_that_is_written_again_is_the_same_one() {
    let again = "Tank 2: Warrior; Bench; tank: Paladin";
    assert_eq!(shared(again), ["Tank 2"]);
    assert_eq!(grouped(again), ["Tank/Warrior", "-/Bench", "Tank/Paladin"]);
    assert_eq!(shared("Tank: Warrior; Tank 2: Paladin"), ["Tank 2"]);
}

#[test]
fn headings_that_differ_only_in_their_numbers_have_these_in_their_names() {
    let teams = "Team 1: Attack, Defence; Team 2: Attack, Defence";
    assert!(shared(teams).is_empty());
    assert_eq!(
        grouped(teams),
        ["Team 1/Attack", "Team 1/Defence", "Team 2/Attack", "Team 2/Defence"]
    );
    assert!(can_be_words(&read(teams).unwrap()));
}

#[test]
fn who_is_below_a_heading_with_places_is_coming_if_nobody_else_there_is() {
    assert_eq!(told("Tank 2: Warrior, Maybe"), ["|Warrior||Blue comes", "|Maybe||Grey not"]);
    assert_eq!(told("Reserve 2: Late, Maybe"), ["|Late||Grey comes", "|Maybe||Grey comes"]);
}

#[test]
fn a_heading_without_answers_is_no_answer() {
    for (words, heading) in
        [("Tank 2:", "Tank 2"), ("Tank 2: ; Healer 1: Priest", "Tank 2"), ("Yes, No:", "No")]
    {
        assert_eq!(read(words), Err(OptionWordsError::BareHeading(heading.to_owned())), "{words}");
    }
}

#[test]
fn a_heading_has_places_or_none_but_not_fewer() {
    for (words, expected) in [
        (
            "Tank 0: A",
            "the heading `Tank 0` cannot be: 0 places are not possible; choose 1 to 10000",
        ),
        (
            "Tank -5: A",
            "the heading `Tank -5` cannot be: -5 places are not possible; choose 1 to 10000",
        ),
    ] {
        assert_eq!(read(words).unwrap_err().to_string(), expected);
    }
}

#[test]
fn what_has_headings_is_written_as_it_is_read() {
    for words in [
        "🛡 Tank 2: Warrior, Paladin 1; Healer 3: Paladin, Priest; Bench",
        "Tank 2: Warrior; Bench; Tank 2: Paladin",
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
    assert_eq!(told("Tank x 2"), ["|Tank|2|Blue comes"]);
    assert_eq!(told("Phoenix 2"), ["|Phoenix|2|Blue comes"]);
    assert_eq!(told("Phoenix x2"), ["|Phoenix|2|Blue comes"]);
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
    fn written_headings_read_the_same(
        headings in prop::collection::btree_set("[a-z]{2,8}y", 1..6),
        places in prop::collection::vec(prop::option::of(1..99u32), 6),
        below in prop::collection::vec(1..4usize, 6),
    ) {
        let part = |((heading, places), below): ((&String, &Option<u32>), &usize)| {
            let places = places.map(|places| format!(" {places}")).unwrap_or_default();
            let labels: Vec<_> = (0..*below).map(|n| ["ay", "by 2", "cy"][n]).collect();
            format!("{heading}{places}: {}", labels.join(", "))
        };
        let parts: Vec<_> = headings.iter().zip(&places).zip(&below).map(part).collect();
        let words = parts.join("; ");
        let options = read(&words).unwrap();
        prop_assert_eq!(write(&options), words.as_str());
        prop_assert!(can_be_words(&options));
        prop_assert_eq!(read(&write(&options)).unwrap(), options);
    }

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
    let below = |heading: &str| {
        let options = named("Yes", "");
        let all = options.iter().cloned();
        let all = all.map(|option| AnswerOption { group: Some(heading.into()), ..option });
        Options::new(all.collect()).unwrap()
    };
    assert!(can_be_words(&below("Team")) && !can_be_words(&below("Team 1")));
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
