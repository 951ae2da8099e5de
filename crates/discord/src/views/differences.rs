//! What an organiser changed about an event, in words.

use jiff::{SignedDuration, Timestamp};
use muster_domain::answer_option::{AnswerOption, Options};
use muster_domain::capacity::Capacity;
use muster_domain::event::{Event, EventDetails};
use muster_domain::id::RoleId;
use muster_domain::rules::{CheckIn, EventRules, Minimum};
use muster_domain::text::Description;

use crate::views::text::{counted, plain, shortened};

/// Characters of a text that was changed.
const TEXT_MAX: usize = 60;

/// Answers and roles that are named one by one.
const NAMED_MAX: usize = 5;

const NOTHING: &str = "none";

/// What differs, each in a few words of markdown.
#[must_use]
pub fn differences(before: &Event, after: &Event) -> Vec<String> {
    let mut found = of_details(&before.details, &after.details);
    found.extend(of_rules(&before.rules, &after.rules));
    found.extend(changed("role to mention", &role(before.mention), &role(after.mention)));
    found.extend(of_options(&before.options, &after.options));
    if before.image != after.image {
        let gone = after.image.is_none();
        found.push(if gone { "the picture was removed" } else { "another picture" }.to_owned());
    }
    found
}

fn of_details(before: &EventDetails, after: &EventDetails) -> Vec<String> {
    let starts = (before.span.start(), after.span.start());
    let ends = (before.span.end(), after.span.end());
    let location = |details: &EventDetails| {
        details.location.as_ref().map_or_else(|| NOTHING.to_owned(), |place| text(place.as_str()))
    };
    let pieces = [
        changed("title", &text(before.title.as_str()), &text(after.title.as_str())),
        changed("start", &moment(starts.0), &moment(starts.1)),
        changed("end", &moment(ends.0), &moment(ends.1)),
        changed("time zone", &text(before.zone.name()), &text(after.zone.name())),
        changed("location", &location(before), &location(after)),
        changed("places", &places(before.capacity), &places(after.capacity)),
        description(before.description.as_ref(), after.description.as_ref()),
    ];
    pieces.into_iter().flatten().collect()
}

fn description(before: Option<&Description>, after: Option<&Description>) -> Option<String> {
    let now = after.map_or_else(|| NOTHING.to_owned(), |words| text(words.as_str()));
    (before != after).then(|| format!("description: {now}"))
}

fn of_rules(before: &EventRules, after: &EventRules) -> Vec<String> {
    let guests = |rules: &EventRules| rules.guests_max.get().to_string();
    let held = |rules: &EventRules| rules.offer.map_or_else(|| NOTHING.to_owned(), time_span);
    let close = |rules: &EventRules| match rules.close_before {
        SignedDuration::ZERO => "at the start".to_owned(),
        early => format!("{} before the start", time_span(early)),
    };
    let pieces = [
        changed("guests for each", &guests(before), &guests(after)),
        changed("time to accept a place", &held(before), &held(after)),
        changed("answers close", &close(before), &close(after)),
        changed("minimum", &minimum(before.minimum), &minimum(after.minimum)),
        changed("who may answer", &roles(&before.allowed), &roles(&after.allowed)),
        changed("who may not", &roles(&before.denied), &roles(&after.denied)),
        changed("who goes first", &roles(&before.priority), &roles(&after.priority)),
        (before.names_hidden != after.names_hidden).then(|| {
            if after.names_hidden { "names are hidden" } else { "names are shown" }.to_owned()
        }),
        (before.check_in != after.check_in).then(|| {
            match after.check_in {
                CheckIn::Off => "members cannot check in",
                CheckIn::Button => "members can check in",
                CheckIn::Code => "members can check in with a code",
            }
            .to_owned()
        }),
    ];
    pieces.into_iter().flatten().collect()
}

fn of_options(before: &Options, after: &Options) -> Vec<String> {
    let offered_in =
        |options: &Options, id| options.get(id).filter(|option| !option.removed).cloned();
    let mut pieces = Vec::new();
    let added = after.offered().filter(|option| offered_in(before, option.id).is_none());
    pieces.extend(named("added", after, added));
    let removed = before.offered().filter(|option| offered_in(after, option.id).is_none());
    pieces.extend(named("removed", before, removed));
    let other = after
        .offered()
        .filter(|option| offered_in(before, option.id).is_some_and(|known| known != **option));
    pieces.extend(named("changed", after, other));
    pieces.extend(of_headings(before, after));
    if pieces.is_empty() && before != after {
        pieces.push("another order".to_owned());
    }
    pieces
}

/// "places under **Tank**: 2 → 3", for each heading whose places are other ones.
fn of_headings(before: &Options, after: &Options) -> Vec<String> {
    let known = before.shared().iter().filter(|one| !has_places(after, &one.heading));
    let headings = after.shared().iter().chain(known).map(|places| &*places.heading);
    let piece = |heading: &str| {
        let places = |options| places(places_below(options, heading));
        let what = format!("places under **{}**", plain(&shortened(heading, 40)));
        changed(&what, &places(before), &places(after))
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
    what: &str,
    all: &Options,
    options: impl Iterator<Item = &'a AnswerOption>,
) -> Option<String> {
    let name = |option| format!("**{}**", plain(&shortened(&all.name_of(option), 40)));
    let names: Vec<_> = options.map(name).collect();
    (!names.is_empty()).then(|| format!("{what} {}", some_of(&names)))
}

fn role(role: Option<RoleId>) -> String {
    roles(role.as_slice())
}

fn roles(roles: &[RoleId]) -> String {
    let names: Vec<_> = roles.iter().map(|role| format!("<@&{role}>")).collect();
    if names.is_empty() { NOTHING.to_owned() } else { some_of(&names) }
}

fn some_of(names: &[String]) -> String {
    let first: Vec<_> = names.iter().take(NAMED_MAX).map(String::as_str).collect();
    let more = names.len().saturating_sub(first.len());
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", first.join(", "))
}

fn changed(what: &str, before: &str, after: &str) -> Option<String> {
    (before != after).then(|| format!("{what}: {before} → {after}"))
}

fn text(words: &str) -> String {
    let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("\"{}\"", plain(&shortened(&one_line, TEXT_MAX)))
}

fn moment(at: Timestamp) -> String {
    format!("<t:{}:f>", at.as_second())
}

fn places(capacity: Option<Capacity>) -> String {
    capacity.map_or_else(|| "no limit".to_owned(), |capacity| capacity.get().to_string())
}

fn minimum(minimum: Option<Minimum>) -> String {
    minimum.map_or_else(
        || NOTHING.to_owned(),
        |least| format!("{}, {} before", least.people.get(), time_span(least.before_start)),
    )
}

/// "1 day 2 h": a length in whole minutes.
pub(super) fn time_span(length: SignedDuration) -> String {
    let minutes = usize::try_from(length.as_mins()).unwrap_or_default();
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let mut parts = Vec::new();
    if days > 0 {
        parts.push(counted(days, "day", "days"));
    }
    if hours > 0 {
        parts.push(format!("{hours} h"));
    }
    if minutes > 0 || parts.is_empty() {
        parts.push(format!("{minutes} min"));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use muster_domain::answer_option::OptionId;
    use muster_domain::option_words;
    use muster_domain::roster::Guests;
    use muster_domain::text::{ImageUrl, Location, Title};

    use super::*;
    use crate::views::samples::{event, fullest_event};

    fn after(change: impl FnOnce(&mut Event)) -> Vec<String> {
        let mut after = event();
        change(&mut after);
        differences(&event(), &after)
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
        let all = differences(&event(), &fullest_event()).join(" · ");
        assert!(all.chars().count() < 2_500, "{}", all.chars().count());
    }
}
