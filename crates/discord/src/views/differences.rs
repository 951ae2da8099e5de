//! What an organiser changed about an event, in words.

use jiff::Timestamp;
use muster_domain::answer_option::{AnswerOption, Options};
use muster_domain::capacity::Capacity;
use muster_domain::event::{Event, EventDetails};
use muster_domain::id::RoleId;
use muster_domain::rules::{CheckIn, EventRules, Minimum};
use muster_domain::text::Description;

use crate::views::messages::{Key, Words};
use crate::views::span;
use crate::views::text::{plain, shortened};

/// Characters of a text that was changed.
const TEXT_MAX: usize = 60;

/// Answers and roles that are named one by one.
const NAMED_MAX: usize = 5;

/// What differs, each in a few words of markdown.
#[must_use]
pub fn differences(words: Words, before: &Event, after: &Event) -> Vec<String> {
    let mut found = of_details(words, &before.details, &after.details);
    found.extend(of_rules(words, &before.rules, &after.rules));
    let mention = |event: &Event| roles(words, event.mention.as_slice());
    found.extend(changed(words, Key::ChangedMention, &mention(before), &mention(after)));
    found.extend(of_options(words, &before.options, &after.options));
    if before.image != after.image {
        let gone = after.image.is_none();
        let key = if gone { Key::ChangedPictureNone } else { Key::ChangedPicture };
        found.push(words.plain(key).to_owned());
    }
    found
}

fn of_details(words: Words, before: &EventDetails, after: &EventDetails) -> Vec<String> {
    let starts = (before.span.start(), after.span.start());
    let ends = (before.span.end(), after.span.end());
    let location = |details: &EventDetails| {
        let place = details.location.as_ref().map(|place| text(place.as_str()));
        place.unwrap_or_else(|| nothing(words))
    };
    let places = |capacity| places(words, capacity);
    let changed = |key, before: &str, now: &str| changed(words, key, before, now);
    let pieces = [
        changed(Key::ChangedTitle, &text(before.title.as_str()), &text(after.title.as_str())),
        changed(Key::ChangedStart, &moment(starts.0), &moment(starts.1)),
        changed(Key::ChangedEnd, &moment(ends.0), &moment(ends.1)),
        changed(Key::ChangedZone, &text(before.zone.name()), &text(after.zone.name())),
        changed(Key::ChangedLocation, &location(before), &location(after)),
        changed(Key::ChangedPlaces, &places(before.capacity), &places(after.capacity)),
        description(words, before.description.as_ref(), after.description.as_ref()),
    ];
    pieces.into_iter().flatten().collect()
}

fn description(
    words: Words,
    before: Option<&Description>,
    after: Option<&Description>,
) -> Option<String> {
    let now = after.map_or_else(|| nothing(words), |after| text(after.as_str()));
    (before != after).then(|| words.filled(Key::ChangedDescription, &[("now", &now)]))
}

fn of_rules(words: Words, before: &EventRules, after: &EventRules) -> Vec<String> {
    let guests = |rules: &EventRules| rules.guests_max.get().to_string();
    let held = |rules: &EventRules| {
        rules.offer.map_or_else(|| nothing(words), |time| span::in_words(words, time))
    };
    let close = |rules: &EventRules| {
        if rules.close_before.is_zero() {
            return words.plain(Key::ChangedCloseStart).to_owned();
        }
        let time = span::in_words(words, rules.close_before);
        words.filled(Key::ChangedCloseBefore, &[("time", &time)])
    };
    let minimum = |rules: &EventRules| minimum(words, rules.minimum);
    let roles = |all: &[RoleId]| roles(words, all);
    let changed = |key, before: &str, now: &str| changed(words, key, before, now);
    let said = |key| words.plain(key).to_owned();
    let pieces = [
        changed(Key::ChangedGuests, &guests(before), &guests(after)),
        changed(Key::ChangedOffer, &held(before), &held(after)),
        changed(Key::ChangedClose, &close(before), &close(after)),
        changed(Key::ChangedMinimum, &minimum(before), &minimum(after)),
        changed(Key::ChangedAllowed, &roles(&before.allowed), &roles(&after.allowed)),
        changed(Key::ChangedDenied, &roles(&before.denied), &roles(&after.denied)),
        changed(Key::ChangedPriority, &roles(&before.priority), &roles(&after.priority)),
        (before.names_hidden != after.names_hidden)
            .then(|| said(if after.names_hidden { Key::ChangedHidden } else { Key::ChangedShown })),
        (before.check_in != after.check_in).then(|| {
            said(match after.check_in {
                CheckIn::Off => Key::ChangedCheckInOff,
                CheckIn::Button => Key::ChangedCheckIn,
                CheckIn::Code => Key::ChangedCheckInCode,
            })
        }),
    ];
    pieces.into_iter().flatten().collect()
}

fn of_options(words: Words, before: &Options, after: &Options) -> Vec<String> {
    let offered_in =
        |options: &Options, id| options.get(id).filter(|option| !option.removed).cloned();
    let mut pieces = Vec::new();
    let added = after.offered().filter(|option| offered_in(before, option.id).is_none());
    pieces.extend(named(words, Key::ChangedAnswersAdded, after, added));
    let removed = before.offered().filter(|option| offered_in(after, option.id).is_none());
    pieces.extend(named(words, Key::ChangedAnswersRemoved, before, removed));
    let other = after
        .offered()
        .filter(|option| offered_in(before, option.id).is_some_and(|known| known != **option));
    pieces.extend(named(words, Key::ChangedAnswersChanged, after, other));
    pieces.extend(of_headings(words, before, after));
    if pieces.is_empty() && before != after {
        pieces.push(words.plain(Key::ChangedAnswersOrder).to_owned());
    }
    pieces
}

/// "places under **Tank**: 2 → 3", for each heading whose places are other ones.
fn of_headings(words: Words, before: &Options, after: &Options) -> Vec<String> {
    let known = before.shared().iter().filter(|one| !has_places(after, &one.heading));
    let headings = after.shared().iter().chain(known).map(|places| &*places.heading);
    let piece = |heading: &str| {
        let places = |options| places(words, places_below(options, heading));
        let (before, now) = (places(before), places(after));
        let heading = plain(&shortened(heading, 40));
        let values = [("heading", heading.as_str()), ("before", &before), ("now", &now)];
        (before != now).then(|| words.filled(Key::ChangedPlacesUnder, &values))
    };
    headings.filter_map(piece).collect()
}

fn has_places(options: &Options, heading: &str) -> bool {
    places_below(options, heading).is_some()
}

fn places_below(options: &Options, heading: &str) -> Option<Capacity> {
    let found = options.shared().iter().find(|places| *places.heading == *heading);
    found.map(|places| places.capacity)
}

/// "added **Tank**, **Healer**"; `None` if there is none.
fn named<'a>(
    words: Words,
    what: Key,
    all: &Options,
    options: impl Iterator<Item = &'a AnswerOption>,
) -> Option<String> {
    let name = |option| format!("**{}**", plain(&shortened(&all.name_of(option), 40)));
    let names: Vec<_> = options.map(name).collect();
    (!names.is_empty()).then(|| words.filled(what, &[("answers", &some_of(words, &names))]))
}

fn roles(words: Words, roles: &[RoleId]) -> String {
    let names: Vec<_> = roles.iter().map(|role| format!("<@&{role}>")).collect();
    if names.is_empty() { nothing(words) } else { some_of(words, &names) }
}

fn some_of(words: Words, names: &[String]) -> String {
    let first: Vec<_> = names.iter().take(NAMED_MAX).map(String::as_str).collect();
    let some = first.join(", ");
    match names.len().saturating_sub(first.len()) {
        0 => some,
        more => words.counted_with(Key::ChangedMore, more, &[("some", &some)]),
    }
}

fn nothing(words: Words) -> String {
    words.plain(Key::ChangedNone).to_owned()
}

fn changed(words: Words, what: Key, before: &str, now: &str) -> Option<String> {
    (before != now).then(|| words.filled(what, &[("before", before), ("now", now)]))
}

fn text(written: &str) -> String {
    let one_line = written.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("\"{}\"", plain(&shortened(&one_line, TEXT_MAX)))
}

fn moment(at: Timestamp) -> String {
    format!("<t:{}:f>", at.as_second())
}

fn places(words: Words, capacity: Option<Capacity>) -> String {
    let unlimited = || words.plain(Key::ChangedUnlimited).to_owned();
    capacity.map_or_else(unlimited, |capacity| capacity.get().to_string())
}

fn minimum(words: Words, minimum: Option<Minimum>) -> String {
    let Some(least) = minimum else { return nothing(words) };
    let people = least.people.get().to_string();
    let time = span::in_words(words, least.before_start);
    words.filled(Key::ChangedMinimumBefore, &[("people", &people), ("time", &time)])
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use muster_domain::answer_option::OptionId;
    use muster_domain::option_words;
    use muster_domain::roster::Guests;
    use muster_domain::text::{ImageUrl, Location, Title};

    use super::*;
    use crate::views::samples::{event, fullest_event};

    fn after(change: impl FnOnce(&mut Event)) -> Vec<String> {
        let mut after = event();
        change(&mut after);
        differences(Words::usual(), &event(), &after)
    }

    #[test]
    fn each_detail_that_differs_is_named_with_what_it_was() {
        let details = after(|event| {
            event.details.title = Title::parse("Walk_ing").unwrap();
            event.details.location = Location::parse("Old bridge").ok();
            event.details.capacity = Capacity::parse(5).ok();
            event.details.description = Description::parse("Bring\nsnacks").ok();
        });
        let expected = [
            "title: \"Raid \\*night\\*\" → \"Walk\\_ing\"",
            "location: none → \"Old bridge\"",
            "places: no limit → 5",
            "description: \"Bring snacks\"",
        ];
        assert_eq!(details, expected);
        assert_eq!(after(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn rules_and_pictures_are_named_too() {
        let rules = after(|event| {
            event.rules.guests_max = Guests::parse(2).unwrap();
            event.rules.close_before = SignedDuration::from_mins(90);
            event.rules.allowed = (1..=7).map(RoleId::new).collect();
            event.rules.names_hidden = true;
            event.image = ImageUrl::parse("https://example.org/a.png").ok();
            event.mention = Some(RoleId::new(8));
        });
        let expected = [
            "guests for each: 0 → 2",
            "answers close: at the start → 1 h 30 min before the start",
            "who may answer: none → <@&1>, <@&2>, <@&3>, <@&4>, <@&5> and 2 more",
            "names are hidden",
            "role to mention: none → <@&8>",
            "another picture",
        ];
        assert_eq!(rules, expected);
    }

    #[test]
    fn places_under_headings_are_named_with_what_they_were() {
        let options = |words| Event { options: option_words::read(words).unwrap(), ..event() };
        let found = differences(
            Words::usual(),
            &options("Tank 2: Warrior; Healer 3: Priest; Melee: Ox"),
            &options("Tank 4: Warrior; Healer: Priest; Melee 1: Ox"),
        );
        let expected = [
            "places under **Tank**: 2 → 4",
            "places under **Melee**: no limit → 1",
            "places under **Healer**: 3 → no limit",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn answers_are_added_removed_changed_or_in_another_order() {
        let options = |change: fn(&mut Vec<AnswerOption>)| {
            after(|event| {
                let mut all: Vec<_> = event.options.iter().cloned().collect();
                change(&mut all);
                event.options = Options::new(all).unwrap();
            })
        };
        assert_eq!(options(|all| all[1].removed = true), ["removed **No**"]);
        assert_eq!(options(|all| all[0].label = "Going".into()), ["changed **Going**"]);
        assert_eq!(options(|all| all.swap(0, 1)), ["another order"]);
        let added = options(|all| {
            let bench = AnswerOption { id: OptionId::new(9), ..all[0].clone() };
            all.push(AnswerOption { label: "Bench".into(), ..bench });
        });
        assert_eq!(added, ["added **Bench**"]);
    }

    #[test]
    fn whatever_differs_stays_short() {
        let all = differences(Words::usual(), &event(), &fullest_event()).join(" · ");
        assert!(all.chars().count() < 2_500, "{}", all.chars().count());
    }
}
