//! Events and messages for the tests of views, from the plain one to the largest possible.

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use muster_domain::answer_option::{AnswerOption, Colour, OptionId, Options};
use muster_domain::capacity::Capacity;
use muster_domain::event::{AnswersClose, Event, EventDetails, Span};
use muster_domain::heading::SharedPlaces;
use muster_domain::id::{ChannelId, EventId, GuildId, MessageId, SeriesId, UserId};
use muster_domain::notice::{HeldPlace, News};
use muster_domain::recurrence::{Frequency, NthWeekday, Recurrence, Rule};
use muster_domain::roster::{self, Answering, Guests, Place, Roster, Sequence, Signup};
use muster_domain::rules::EventRules;
use muster_domain::series::{ExtraFields, Posting, Series, SeriesPlan};
use muster_domain::settings::Language;
use muster_domain::sheet::Sheet;
use muster_domain::signup_details::SignupDetails;
use muster_domain::template::Template;
use muster_domain::text::{Description, GroupName, ImageUrl, Location, Title};
use muster_domain::zone::Zone;
use muster_store::model::{Page, Post, Posted};

use crate::views::message::{Component, Embed, Message};

pub(crate) const GUILD: GuildId = GuildId::new(2);

/// Friday 27 November 2026, noon in UTC.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_795_780_800, 0);

/// All news that there are.
pub(crate) const NEWS: [News; 9] = [
    News::Moved,
    News::Cancelled,
    News::BackOn,
    News::Promoted,
    News::Offered,
    News::Unseated,
    News::TooFew,
    News::Told,
    News::Reminder,
];

/// A place that is held for this member under this answer, until [`NOW`].
pub(crate) fn held(member: u64, option: u8) -> HeldPlace {
    HeldPlace { member: UserId::new(member), option: OptionId::new(option), until: NOW }
}

/// Numbers of twenty digits, the longest that an identity can have.
pub(crate) fn huge(n: u64) -> u64 {
    u64::MAX - n
}

/// "Raid *night*", six and a half hours from [`NOW`], for two hours.
pub(crate) fn event() -> Event {
    let start = NOW + SignedDuration::from_mins(390);
    Event {
        id: EventId::new(1),
        guild: GUILD,
        language: Language::default(),
        channel: ChannelId::new(3),
        host: UserId::new(4),
        details: EventDetails {
            title: Title::parse("Raid *night*").unwrap(),
            span: Span::new(start, start + SignedDuration::from_hours(2)).unwrap(),
            zone: Zone::parse("Europe/Berlin").unwrap(),
            description: None,
            location: None,
            capacity: None,
        },
        options: Options::default_four(),
        rules: EventRules::default(),
        image: None,
        mention: None,
        answers_close: AnswersClose::AtStart,
        closed_at: None,
        cancelled_at: None,
        deleted_at: None,
        minimum_asked_at: None,
        series: None,
        version: 1,
    }
}

/// An event of which every text and number is as long as it can be.
pub(crate) fn longest_event() -> Event {
    let mut event = event();
    event.id = EventId::new(u64::MAX >> 1);
    event.guild = GuildId::new(huge(0));
    event.channel = ChannelId::new(huge(1));
    event.host = UserId::new(huge(2));
    event.details.title = Title::parse(&"𝕏".repeat(Title::MAX)).unwrap();
    event.details.description = Some(Description::parse(&"𝕏".repeat(Description::MAX)).unwrap());
    event.details.location = Some(Location::parse(&"𝕏".repeat(Location::MAX)).unwrap());
    event.details.capacity = Some(Capacity::parse(2_000).unwrap());
    event
}

/// As many answers as an event can offer, with the longest labels.
pub(crate) fn many_options() -> Options {
    let four = Options::default_four();
    let yes = four.iter().next().unwrap();
    let option =
        |id| AnswerOption { id: OptionId::new(id), label: "𝕏".repeat(80).into(), ..yes.clone() };
    Options::new((0..25).map(option).collect()).unwrap()
}

/// Every rule, picture and option that an event can have, as long as each can be: groups, places,
/// removed options that have answers.
pub(crate) fn fullest_event() -> Event {
    let mut event = longest_event();
    let option = |id: u8| AnswerOption {
        id: OptionId::new(id),
        label: "𝕏".repeat(80).into(),
        emoji: "<a:as_long_as_the_name_of_one_may_b:18446744073709551615>".into(),
        colour: Colour::Green,
        coming: true,
        told: true,
        capacity: Capacity::parse(10_000).ok(),
        allowed: Box::default(),
        granted: None,
        group: (!id.is_multiple_of(3))
            .then(|| "𝕐".repeat(GroupName::MAX - usize::from(id % 3)).into()),
        removed: id >= 25,
    };
    let options = Options::new((0..50).map(option).collect()).unwrap();
    let headings: Vec<_> = options.iter().filter_map(|option| option.group.clone()).collect();
    let shared = |heading| SharedPlaces { heading, capacity: Capacity::parse(10_000).unwrap() };
    event.options = options.sharing(headings.into_iter().map(shared));
    event.image = ImageUrl::parse(&format!("https://a.example/{}", "b".repeat(2_030))).ok();
    event.rules.close_before = SignedDuration::from_hours(1);
    event.rules.guests_max = Guests::parse(10).unwrap();
    event
}

/// A first answer of its kind.
pub(crate) fn signup(place: Place, guests: Guests) -> Signup {
    Signup { option: OptionId::new(0), place, since: Sequence(1), guests, priority: false }
}

/// What everybody says who says as much as can be: late, and gone early.
pub(crate) fn late_and_early() -> SignupDetails {
    let (arrives, leaves) = (Timestamp::MAX, Timestamp::MAX);
    SignupDetails { arrives: Some(arrives), leaves: Some(leaves), ..SignupDetails::default() }
}

/// The event after so many members, of twenty digits each, gave its answers in turn.
pub(crate) fn sheet_of(event: &Event, members: u64) -> Sheet {
    Sheet::of(event, &roster_of(event, members, Guests::NONE), |_| None)
}

/// Members of twenty digits each, in turn under each option, each with so many guests.
pub(crate) fn roster_of(event: &Event, members: u64, guests: Guests) -> Roster {
    let mut roster = Roster::new(event.seating());
    let options: Vec<_> = event.options.offered().map(|option| option.id).collect();
    for member in 0..members {
        let turn = usize::try_from(member).unwrap() % options.len();
        let alone = Answering::alone(UserId::new(huge(member)), options[turn]);
        let moment = roster::Moment { now: NOW, next: Sequence(member + 1) };
        roster.answer(Answering { guests, ..alone }, moment);
    }
    roster
}

pub(crate) fn posted(sheet: Sheet) -> Posted {
    let message = Some(MessageId::new(sheet.event.id.get().max(5)));
    let (gone_at, cleaned_at, thread) = (None, None, None);
    let channel = sheet.event.channel;
    Posted { post: Post { channel, message, shown: 1, gone_at, cleaned_at, thread }, sheet }
}

pub(crate) fn page<T>(rows: Vec<T>, total: usize) -> Page<T> {
    Page { rows, total }
}

/// All that a message says, line by line; what stands on buttons and in selects left out.
pub(crate) fn texts(message: &Message) -> String {
    let mut texts: Vec<String> = message.content.iter().cloned().collect();
    texts.extend(message.embeds.iter().flatten().flat_map(embed_texts));
    texts.extend(message.components.iter().flat_map(component_texts));
    texts.retain(|text| !text.is_empty());
    texts.join("\n")
}

/// Long lines broken, so that they can be compared with what stands in a test.
pub(crate) fn wrapped(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut current = String::new();
        for word in line.split(' ') {
            if !current.is_empty() && current.chars().count() + word.chars().count() > 78 {
                lines.push(std::mem::replace(&mut current, "   ".to_owned()));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines.join("\n")
}

fn embed_texts(embed: &Embed) -> Vec<String> {
    let mut texts = vec![embed.title.clone(), embed.description.clone()];
    texts.extend(embed.fields.iter().map(|field| format!("[{}]\n{}", field.name, field.value)));
    texts.extend(embed.footer.iter().map(|footer| footer.text.clone()));
    texts
}

fn component_texts(component: &Component) -> Vec<String> {
    match component {
        Component::Text { content, .. } => vec![content.clone()],
        Component::Row { components, .. }
        | Component::Container { components, .. }
        | Component::Section { components, .. } => {
            components.iter().flat_map(component_texts).collect()
        }
        Component::Button(_)
        | Component::Select(_)
        | Component::UserSelect(_)
        | Component::RoleSelect(_)
        | Component::ChannelSelect(_)
        | Component::Gallery { .. }
        | Component::Separator { .. }
        | Component::Label { .. }
        | Component::Input(_) => Vec::new(),
    }
}

/// A series with all of an event, every Tuesday and Thursday from 20:00 on in Berlin.
pub(crate) fn series_of(event: &Event, fields: &str, day: Option<Weekday>) -> Series {
    let tuesday = [Weekday::Tuesday, Weekday::Thursday].map(NthWeekday::every);
    let rule = Rule { weekdays: tuesday.into(), ..Rule::every(Frequency::Weekly) };
    let made_of = Template { description: None, ..Template::of(event, None) };
    Series {
        id: SeriesId::new(event.id.get()),
        guild: event.guild,
        host: event.host,
        day,
        plan: SeriesPlan {
            title: event.details.title.clone(),
            made_of,
            fields: ExtraFields::parse(fields).unwrap(),
            channel: event.channel,
            zone: event.details.zone.clone(),
            start: jiff::civil::date(2026, 12, 1).at(20, 0, 0, 0),
            recurrence: Recurrence::new(rule).unwrap(),
            posting: Posting::default(),
        },
        version: event.version,
        made_to: None,
        ended_at: None,
        held_until: None,
    }
}
