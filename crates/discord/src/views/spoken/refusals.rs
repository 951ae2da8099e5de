//! Refusals, faults, and what asks back.

use muster_domain::capacity::Capacity;
use muster_domain::id::{DeliveryId, InteractionId, SeriesId};
use muster_domain::when::Moment;
use muster_domain::zone::Zone;
use muster_engine::guilds::ZoneInForce;
use muster_engine::refusal::{PlanRefusal, Refusal};
use muster_store::model::Outdated;

use super::*;
use crate::custom_id::{Action, FormAction};
use crate::views::help::{Missing, Position, Reader};
use crate::views::message::Message;
use crate::views::samples::posted;
use crate::views::{greeting, help, questions, refusal, timezone};

const DRAFT: InteractionId = InteractionId::new(7);

/// Words of the samples that are not ours, or are the same in every language.
const NOT_OURS: [&str; 15] = [
    "at", "night", "soon", "two", "days", "my", "name", "title", "start", "relative", "host",
    "location", "count", "UTC", "or",
];

/// Fails if something is left but what is not ours.
#[track_caller]
fn is_ours(said: &str) {
    let left = forgotten(&Message::text(said));
    let mut ours = left.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    assert_eq!(ours.find(|word| !NOT_OURS.contains(word)), None, "{said}");
}

#[test]
fn refusals_are_in_the_language_of_the_guild() {
    for refused in refusal::tests::every("31") {
        // How something repeats is said in English still.
        if !matches!(refused, Refusal::Planning(PlanRefusal::WhichRepeat(_))) {
            is_ours(&refusal::said(words(), &refused));
        }
    }
    is_ours(refusal::failed(words()));
    is_ours(refusal::told_before(words()));
}

#[test]
fn what_asks_back_is_in_the_language_of_the_guild() {
    let zone = Zone::parse("Europe/Berlin").unwrap();
    let moments = [NOW, NOW].map(|start| Moment { start, end: None, note: None });
    let asked = questions::which_moment(words(), DRAFT, &moments, &zone, NOW);
    // Below the question stands the day on the buttons, which is said in English still.
    let left = forgotten(&asked).replace("Europe/Berlin", "");
    assert!(left.lines().all(|line| !line.contains(char::is_alphabetic) || line.ends_with("now")));
    is_all_made_up(&questions::try_again(words(), DRAFT, "1"));
    let (again, back) = (Action::Retry(DRAFT), Some(Action::Series(SeriesId::new(1))));
    is_all_made_up(&questions::change_it(words(), again, back, "1"));
    let mut other = without_letters();
    other.details.title = Title::parse("2").unwrap();
    other.details.capacity = Some(Capacity::parse(12).unwrap());
    other.details.location = None;
    other.details.description = None;
    let plain = without_letters();
    for (seen, now) in [(&plain, &other), (&other, &plain)] {
        let sheet = Sheet::of(now, &answered(now, &[]), |_| None);
        let (by, seen) = (UserId::erased(1), seen.details.clone());
        let told = Outdated { seen, by, now: posted(sheet) };
        is_all_made_up(&questions::outdated(words(), DRAFT, &told));
        is_all_made_up(&questions::other_location(words(), &told));
    }
}

#[test]
fn time_zones_are_asked_for_in_the_language_of_the_guild() {
    let utc = Zone::parse("UTC").unwrap();
    let zones = [ZoneInForce::Own, ZoneInForce::Guild, ZoneInForce::Default]
        .map(|zone| Some(zone(utc.clone())));
    let shown = zones.iter().chain([&None]);
    let shown = shown.map(|zone| timezone::in_force(words(), zone.as_ref(), "", NOW));
    let asked = timezone::which_zone(words(), Some(DRAFT), "", NOW);
    for shown in shown.chain([asked, timezone::zone_chosen(words(), &utc, NOW)]) {
        // Zones and cities are called the same everywhere, and stand with their time.
        let left = forgotten(&shown).replace("UTC", "");
        let mut ours = left.lines().filter(|line| !line.contains(" · "));
        assert_eq!(ours.find(|line| line.contains(char::is_alphabetic)), None);
    }
    let form = timezone::zone_form(words(), FormAction::Zone(None), "");
    assert_eq!(forgotten(&form), "Europe/Berlin");
    is_all_made_up(&timezone::optional_zone_form(words(), FormAction::SettingsZone, ""));
}

#[test]
fn the_greeting_and_help_are_in_the_language_of_the_guild() {
    is_all_made_up(&greeting::greeting(words(), DeliveryId::new(1)));
    for position in [Position::Member, Position::Organiser, Position::Manager] {
        for (zone, channel) in [(true, true), (true, false), (false, true), (false, false)] {
            let reader = Reader { position, operates: false };
            is_all_made_up(&help::help(words(), reader, Missing { zone, channel }));
        }
    }
}
