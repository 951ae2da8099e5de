//! Time zones: which one is in force, the question for one, and suggestions with local times.

use jiff::Timestamp;
use muster_domain::id::InteractionId;
use muster_domain::zone::{self, Zone};
use muster_engine::guilds::ZoneInForce;

use crate::custom_id::{Action, FormAction};
use crate::views::message::{
    Button, Choice, Component, Message, Modal, Select, SelectOption, Style, TextInput,
};
use crate::views::messages::{Key, Words};
use crate::views::wishes;

/// What the field of the form is called when it comes back.
pub const ZONE: &str = "zone";

/// Characters that the form takes; the longest IANA name has 32.
const NAME_MAX: usize = 60;

/// Suggestions that Discord shows at most.
const CHOICES_MAX: usize = 25;

/// A zone that many people live in.
struct Common {
    name: &'static str,
    cities: &'static str,
    /// Discord's locales in which it is likely, separated by spaces.
    locales: &'static str,
}

const fn common(name: &'static str, cities: &'static str, locales: &'static str) -> Common {
    Common { name, cities, locales }
}

/// From west to east; as many as one select holds. The cities of a line keep the same time all
/// year.
const COMMON: [Common; 25] = [
    common("America/Los_Angeles", "Los Angeles, Seattle", "en-US"),
    common("America/Denver", "Denver, Salt Lake City", "en-US"),
    common("America/Chicago", "Chicago, Dallas", "en-US"),
    common("America/Mexico_City", "Mexico City, Guatemala", "es-419"),
    common("America/New_York", "New York, Toronto", "en-US"),
    common("America/Bogota", "Bogotá, Lima", "es-419"),
    common("America/Santiago", "Santiago", "es-419"),
    common("America/Sao_Paulo", "São Paulo, Rio de Janeiro", "pt-BR"),
    common("America/Argentina/Buenos_Aires", "Buenos Aires, Montevideo", "es-419"),
    common("UTC", "UTC", ""),
    common("Europe/London", "London, Dublin, Lisbon", "en-GB"),
    common("Africa/Lagos", "Lagos, Algiers", ""),
    common("Europe/Berlin", "Berlin, Paris, Madrid", "de fr es-ES it nl da no sv-SE pl cs hu hr"),
    common("Africa/Johannesburg", "Johannesburg, Maputo", ""),
    common("Europe/Athens", "Athens, Helsinki, Kyiv", "el fi uk bg ro lt"),
    common("Europe/Istanbul", "Istanbul", "tr"),
    common("Europe/Moscow", "Moscow", "ru"),
    common("Asia/Dubai", "Dubai", ""),
    common("Asia/Kolkata", "Kolkata, Delhi, Mumbai", "hi"),
    common("Asia/Bangkok", "Bangkok, Jakarta, Hanoi", "th vi id"),
    common("Asia/Shanghai", "Shanghai, Hong Kong, Taipei", "zh-CN zh-TW"),
    common("Asia/Singapore", "Singapore, Manila, Perth", ""),
    common("Asia/Tokyo", "Tokyo, Seoul", "ja ko"),
    common("Australia/Sydney", "Sydney, Melbourne", ""),
    common("Pacific/Auckland", "Auckland", ""),
];

/// The time of day in a zone: "21:40".
#[must_use]
pub fn local_time(zone: &Zone, now: Timestamp) -> String {
    now.to_zoned_datetime(zone.rules().clone()).strftime("%H:%M").to_string()
}

/// Asks for a zone, to go on with a form if one waits. The zones that are likely for `locale`
/// (Discord's name of a language) come first.
#[must_use]
pub fn which_zone(
    words: Words,
    draft: Option<InteractionId>,
    locale: &str,
    now: Timestamp,
) -> Message {
    with_question(words, Message::text(words.plain(Key::ZoneAsk)), draft, options(locale, now))
}

/// The zone in which a member's words are read, whose choice that is, and how to change it.
#[must_use]
pub fn in_force(words: Words, zone: Option<&ZoneInForce>, locale: &str, now: Timestamp) -> Message {
    let text = match zone {
        Some(ZoneInForce::Own(zone)) => read_in(words, Key::ZoneOwn, zone, now),
        Some(ZoneInForce::Guild(zone)) => read_in(words, Key::ZoneGuild, zone, now),
        Some(ZoneInForce::Default(zone)) => read_in(words, Key::ZoneDefault, zone, now),
        None => words.plain(Key::ZoneNone).to_owned(),
    };
    with_question(words, Message::text(text), None, options(locale, now))
        .row(vec![wishes::button(words)])
}

fn read_in(words: Words, key: Key, zone: &Zone, now: Timestamp) -> String {
    words.filled(key, &[("zone", zone.name()), ("time", &local_time(zone, now))])
}

fn with_question(
    words: Words,
    message: Message,
    draft: Option<InteractionId>,
    options: Vec<SelectOption>,
) -> Message {
    let select = Select::new(Action::ZonePicked(draft), words.plain(Key::ZonePick), options);
    message.with(Component::row(vec![Component::Select(select)])).row(vec![Button::new(
        Style::Secondary,
        words.plain(Key::ZoneOther),
        Action::ZoneOther(draft),
    )])
}

fn options(locale: &str, now: Timestamp) -> Vec<SelectOption> {
    let likely = |zone: &&Common| zone.locales.split(' ').any(|likely| likely == locale);
    let (first, then): (Vec<_>, Vec<_>) = COMMON.iter().partition(likely);
    let option = |common: &Common| {
        let time = local_time(&Zone::parse(common.name).ok()?, now);
        let label = format!("{} · {time}", common.cities);
        Some(SelectOption { label, value: common.name.to_owned(), ..SelectOption::default() })
    };
    first.into_iter().chain(then).filter_map(option).collect()
}

/// The answer to the choice of a zone with which nothing waits.
#[must_use]
pub fn zone_chosen(words: Words, zone: &Zone, now: Timestamp) -> Message {
    let chosen = read_in(words, Key::ZoneChosen, zone, now);
    Message::text(chosen).row(vec![wishes::button(words)])
}

/// A form for the name of a zone, filled with the present one.
#[must_use]
pub fn zone_form(words: Words, action: FormAction, present: &str) -> Modal {
    let input = TextInput::line(ZONE, NAME_MAX).value(present).placeholder("Europe/Berlin");
    form_of(words, action, input)
}

/// The same, which may also be left empty: then no zone is set.
#[must_use]
pub fn optional_zone_form(words: Words, action: FormAction, present: &str) -> Modal {
    let input = TextInput::line(ZONE, NAME_MAX).optional().value(present);
    form_of(words, action, input.placeholder(words.plain(Key::ZoneNameEmpty)))
}

fn form_of(words: Words, action: FormAction, input: TextInput) -> Modal {
    let [name, hint] = [Key::ZoneName, Key::ZoneNameHint].map(|key| words.plain(key));
    let field = Component::field(name, hint, input);
    Modal::new(action, words.plain(Key::ZoneForm), vec![field])
}

/// Zones for what was typed so far, with the time there.
#[must_use]
pub fn choices(typed: &str, now: Timestamp) -> Vec<Choice> {
    let choice = |name: String| {
        let zone = Zone::parse(&name).ok()?;
        Some(Choice { name: format!("{name} · {}", local_time(&zone, now)), value: name })
    };
    zone::suggest(typed, CHOICES_MAX).into_iter().filter_map(choice).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::SignedDuration;

    use super::*;
    use crate::views::judged::{check, check_choices, check_form};
    use crate::views::samples::{NOW, texts, wrapped};

    const DRAFT: Option<InteractionId> = Some(InteractionId::new(u64::MAX));

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    fn labels(locale: &str) -> Vec<String> {
        options(locale, NOW).into_iter().map(|option| option.label).collect()
    }

    #[test]
    fn the_likely_zones_of_a_language_come_first_and_none_is_lost() {
        assert_eq!(labels("de")[0], "Berlin, Paris, Madrid · 13:00");
        assert_eq!(
            labels("es-419")[..2],
            ["Mexico City, Guatemala · 06:00", "Bogotá, Lima · 07:00"]
        );
        assert_eq!(labels("xx")[0], "Los Angeles, Seattle · 04:00");
        for locale in ["de", "es-419", "xx", ""] {
            assert_eq!(labels(locale).len(), COMMON.len(), "{locale}");
        }
    }

    #[test]
    fn cities_that_share_a_line_share_their_time_all_year() {
        for common in &COMMON {
            let rules = zone(common.name);
            for city in common.cities.split(", ") {
                let found = zone::suggest(city, 1).into_iter().next();
                let Some(named) = found.map(|name| zone(&name)) else { continue };
                for week in 0..104 {
                    let at = NOW + SignedDuration::from_hours(week * 168);
                    let offsets = [&rules, &named].map(|zone| zone.rules().to_offset(at));
                    assert_eq!(offsets[0], offsets[1], "{city} as {named} at {at}");
                }
            }
        }
    }

    #[test]
    fn the_question_goes_on_with_the_form_that_waits() {
        let question = which_zone(Words::usual(), DRAFT, "en-GB", NOW);
        check(&question).unwrap();
        check(&which_zone(Words::usual(), None, "", NOW)).unwrap();
        let sent = serde_json::to_string(&question).unwrap();
        for action in [Action::ZonePicked(DRAFT), Action::ZoneOther(DRAFT)] {
            assert!(sent.contains(&format!("\"{action}\"")), "{sent}");
        }
    }

    #[test]
    fn it_says_whose_choice_the_zone_is() {
        let berlin = zone("Europe/Berlin");
        let zones = [
            Some(ZoneInForce::Own(berlin.clone())),
            Some(ZoneInForce::Guild(berlin.clone())),
            Some(ZoneInForce::Default(berlin)),
            None,
        ];
        let shown = zones.map(|zone| {
            let message = in_force(Words::usual(), zone.as_ref(), "de", NOW);
            check(&message).unwrap();
            texts(&message).lines().next().unwrap().to_owned()
        });
        expect![[r"
            Your times are read in **Europe/Berlin**, where it is 13:00. You chose it
                yourself.
            Your times are read in **Europe/Berlin**, where it is 13:00. It is the choice
                of this server.
            Your times are read in **Europe/Berlin**, where it is 13:00. Neither you nor
                this server has chosen one.
            Neither you nor this server has chosen a time zone yet."]]
        .assert_eq(&wrapped(&shown.join("\n")));
    }

    #[test]
    fn suggestions_tell_the_time_there() {
        let found = choices("berl", NOW);
        assert_eq!((&*found[0].name, &*found[0].value), ("Europe/Berlin · 13:00", "Europe/Berlin"));
        assert_eq!(choices("", NOW).len(), CHOICES_MAX);
        check_choices(&choices("", NOW)).unwrap();
        assert_eq!(choices("nowhere at all", NOW), []);
    }

    #[test]
    fn the_forms_fit() {
        let long = "America/Argentina/ComodRivadavia";
        check_form(&zone_form(Words::usual(), FormAction::Zone(DRAFT), long)).unwrap();
        check_form(&optional_zone_form(Words::usual(), FormAction::SettingsZone, "")).unwrap();
        assert!(long.chars().count() <= NAME_MAX);
        check(&zone_chosen(Words::usual(), &zone(long), NOW)).unwrap();
    }
}
