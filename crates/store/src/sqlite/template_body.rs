//! A template as the JSON that is kept of it, with the version of its form: templates outlive many
//! versions of the program, and columns of their own would be a second schema of events.

use jiff::SignedDuration;
use muster_domain::answer_option::{AnswerOption, Colour, OptionId, Options};
use muster_domain::capacity::Capacity;
use muster_domain::heading::SharedPlaces;
use muster_domain::id::RoleId;
use muster_domain::reminder::Reminders;
use muster_domain::roster::Guests;
use muster_domain::rules::{CheckIn, EventRules, Minimum};
use muster_domain::template::Template;
use muster_domain::text::{Description, ImageUrl, Location};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::port::Stored;
use crate::sqlite::events::check_in_of;
use crate::sqlite::reminders::ReminderParts;

/// The form that is written. A body of an older one is read as long as there are such.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Body {
    version: u32,
    duration_s: i64,
    description: Option<String>,
    location: Option<String>,
    capacity: Option<i64>,
    options: Vec<OptionBody>,
    /// Older bodies do not have it.
    #[serde(default)]
    shared: Vec<SharedBody>,
    rules: RulesBody,
    image: Option<String>,
    mention: Option<u64>,
    /// Older bodies do not have it.
    #[serde(default)]
    reminders: Option<Vec<ReminderParts>>,
}

#[derive(Serialize, Deserialize)]
struct OptionBody {
    id: u8,
    label: Box<str>,
    emoji: Box<str>,
    colour: ColourBody,
    coming: bool,
    told: bool,
    capacity: Option<i64>,
    allowed: Vec<u64>,
    granted: Option<u64>,
    group: Option<Box<str>>,
}

/// Places that options share by their heading.
#[derive(Serialize, Deserialize)]
struct SharedBody {
    heading: Box<str>,
    capacity: i64,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ColourBody {
    Blue,
    Grey,
    Green,
    Red,
}

#[derive(Serialize, Deserialize)]
struct RulesBody {
    guests_max: i64,
    offer_s: Option<i64>,
    close_before_s: i64,
    minimum: Option<MinimumBody>,
    allowed: Vec<u64>,
    denied: Vec<u64>,
    priority: Vec<u64>,
    names_hidden: bool,
    /// Older bodies do not have it.
    #[serde(default)]
    check_in: bool,
    /// The same.
    #[serde(default)]
    check_in_code: bool,
}

#[derive(Serialize, Deserialize)]
struct MinimumBody {
    people: i64,
    before_start_s: i64,
}

/// The JSON that is kept of a template.
pub(super) fn write(template: &Template) -> Stored<String> {
    let body = Body {
        version: VERSION,
        duration_s: template.duration.as_secs(),
        description: template.description.as_ref().map(ToString::to_string),
        location: template.location.as_ref().map(ToString::to_string),
        capacity: template.capacity.map(places),
        options: template.options.iter().map(OptionBody::of).collect(),
        shared: template.options.shared().iter().map(SharedBody::of).collect(),
        rules: RulesBody::of(&template.rules),
        image: template.image.as_ref().map(|image| image.as_str().to_owned()),
        mention: template.mention.map(RoleId::get),
        reminders: template
            .reminders
            .as_ref()
            .map(|own| own.iter().map(ReminderParts::of).collect()),
    };
    serde_json::to_string(&body).map_err(|error| StoreError::Database(error.to_string()))
}

/// The template of which this JSON was kept; `None` if it has a form that a newer version of the
/// program made.
pub(super) fn read(json: &str) -> Stored<Option<Template>> {
    let Versioned { version } = serde_json::from_str(json).map_err(corrupt)?;
    if version > VERSION {
        return Ok(None);
    }
    let body: Body = serde_json::from_str(json).map_err(corrupt)?;
    let options = body.options.into_iter().map(OptionBody::read).collect::<Result<_, _>>()?;
    let shared = body.shared.into_iter().map(SharedBody::read).collect::<Stored<Vec<_>>>()?;
    let reminders = body
        .reminders
        .map(|own| own.into_iter().map(ReminderParts::read).collect::<Stored<Vec<_>>>());
    Ok(Some(Template {
        duration: SignedDuration::from_secs(body.duration_s),
        description: parsed(body.description.as_deref(), Description::parse)?,
        location: parsed(body.location.as_deref(), Location::parse)?,
        capacity: parsed(body.capacity, Capacity::parse)?,
        options: Options::new(options).map_err(corrupt)?.sharing(shared),
        rules: body.rules.read()?,
        image: parsed(body.image.as_deref(), ImageUrl::parse)?,
        mention: body.mention.map(RoleId::new),
        reminders: reminders.transpose()?.map(Reminders::from_stored),
    }))
}

#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by it")]
fn corrupt(error: impl ToString) -> StoreError {
    StoreError::Corrupt(format!("a template: {}", error.to_string()))
}

/// What may be missing, checked as when a person gave it.
fn parsed<T, V, E: ToString>(
    given: Option<T>,
    parse: impl Fn(T) -> Result<V, E>,
) -> Stored<Option<V>> {
    given.map(parse).transpose().map_err(corrupt)
}

fn places(capacity: Capacity) -> i64 {
    capacity.get().into()
}

fn numbers(roles: &[RoleId]) -> Vec<u64> {
    roles.iter().copied().map(RoleId::get).collect()
}

fn roles<C: FromIterator<RoleId>>(numbers: Vec<u64>) -> C {
    numbers.into_iter().map(RoleId::new).collect()
}

impl OptionBody {
    fn of(option: &AnswerOption) -> Self {
        Self {
            id: option.id.get(),
            label: option.label.clone(),
            emoji: option.emoji.clone(),
            colour: match option.colour {
                Colour::Blue => ColourBody::Blue,
                Colour::Grey => ColourBody::Grey,
                Colour::Green => ColourBody::Green,
                Colour::Red => ColourBody::Red,
            },
            coming: option.coming,
            told: option.told,
            capacity: option.capacity.map(places),
            allowed: numbers(&option.allowed),
            granted: option.granted.map(RoleId::get),
            group: option.group.clone(),
        }
    }

    fn read(self) -> Stored<AnswerOption> {
        Ok(AnswerOption {
            id: OptionId::new(self.id),
            label: self.label,
            emoji: self.emoji,
            colour: match self.colour {
                ColourBody::Blue => Colour::Blue,
                ColourBody::Grey => Colour::Grey,
                ColourBody::Green => Colour::Green,
                ColourBody::Red => Colour::Red,
            },
            coming: self.coming,
            told: self.told,
            capacity: parsed(self.capacity, Capacity::parse)?,
            allowed: roles(self.allowed),
            granted: self.granted.map(RoleId::new),
            group: self.group,
            removed: false,
        })
    }
}

impl SharedBody {
    fn of(shared: &SharedPlaces) -> Self {
        Self { heading: shared.heading.clone(), capacity: places(shared.capacity) }
    }

    fn read(self) -> Stored<SharedPlaces> {
        let capacity = Capacity::parse(self.capacity).map_err(corrupt)?;
        Ok(SharedPlaces { heading: self.heading, capacity })
    }
}

impl RulesBody {
    fn of(rules: &EventRules) -> Self {
        let minimum = rules.minimum.map(|minimum| MinimumBody {
            people: places(minimum.people),
            before_start_s: minimum.before_start.as_secs(),
        });
        Self {
            guests_max: rules.guests_max.get().into(),
            offer_s: rules.offer.map(|offer| offer.as_secs()),
            close_before_s: rules.close_before.as_secs(),
            minimum,
            allowed: numbers(&rules.allowed),
            denied: numbers(&rules.denied),
            priority: numbers(&rules.priority),
            names_hidden: rules.names_hidden,
            check_in: rules.check_in != CheckIn::Off,
            check_in_code: rules.check_in == CheckIn::Code,
        }
    }

    fn read(self) -> Stored<EventRules> {
        let minimum = |minimum: MinimumBody| {
            let people = Capacity::parse(minimum.people).map_err(corrupt)?;
            let before_start = SignedDuration::from_secs(minimum.before_start_s);
            Ok::<_, StoreError>(Minimum { people, before_start })
        };
        let rules = EventRules {
            guests_max: Guests::parse(self.guests_max).map_err(corrupt)?,
            offer: self.offer_s.map(SignedDuration::from_secs),
            close_before: SignedDuration::from_secs(self.close_before_s),
            minimum: self.minimum.map(minimum).transpose()?,
            allowed: roles(self.allowed),
            denied: roles(self.denied),
            priority: roles(self.priority),
            names_hidden: self.names_hidden,
            check_in: check_in_of(self.check_in, self.check_in_code),
        };
        rules.validate().map_err(corrupt)?;
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_HOURS: SignedDuration = SignedDuration::from_hours(2);

    /// Everything that a template can hold.
    fn fullest() -> Template {
        let role = RoleId::new;
        let four = Options::default_four();
        let mut options: Vec<_> = four.iter().cloned().collect();
        options[0].capacity = Capacity::parse(2).ok();
        options[0].allowed = Box::new([role(1), role(2)]);
        options[0].granted = Some(role(3));
        options[0].group = Some("Roles".into());
        let people = Capacity::parse(4).unwrap();
        let shared = SharedPlaces { heading: "Roles".into(), capacity: people };
        Template {
            duration: SignedDuration::from_mins(90),
            description: Description::parse("Bring\nsnacks").ok(),
            location: Location::parse("Old bridge").ok(),
            capacity: Capacity::parse(12).ok(),
            options: Options::new(options).unwrap().sharing([shared]),
            rules: EventRules {
                guests_max: Guests::parse(2).unwrap(),
                offer: Some(SignedDuration::from_mins(30)),
                close_before: SignedDuration::from_hours(1),
                minimum: Some(Minimum { people, before_start: SignedDuration::from_hours(2) }),
                allowed: vec![role(4)],
                denied: vec![role(5), role(6)],
                priority: vec![role(7)],
                names_hidden: true,
                check_in: CheckIn::Code,
            },
            image: ImageUrl::parse("https://example.org/a.png").ok(),
            mention: Some(role(u64::MAX)),
            reminders: Some(Reminders::default()),
        }
    }

    #[test]
    fn nothing_of_a_template_is_lost_in_its_json() {
        for template in [fullest(), Template::plain(TWO_HOURS)] {
            assert_eq!(read(&write(&template).unwrap()), Ok(Some(template)));
        }
    }

    #[test]
    fn a_body_from_before_reminders_were_kept_has_none_of_its_own() {
        let json = write(&Template::plain(TWO_HOURS)).unwrap().replace(r#","reminders":null"#, "");
        assert!(!json.contains("reminders"), "{json}");
        assert_eq!(read(&json), Ok(Some(Template::plain(TWO_HOURS))));
    }

    #[test]
    fn a_body_from_before_headings_had_places_has_none() {
        let json = write(&Template::plain(TWO_HOURS)).unwrap().replace(r#","shared":[]"#, "");
        assert!(!json.contains("shared"), "{json}");
        assert_eq!(read(&json), Ok(Some(Template::plain(TWO_HOURS))));
    }

    #[test]
    fn a_body_of_a_version_to_come_is_recognised_and_not_read() {
        assert_eq!(read(r#"{"version": 2, "duration": "half an age"}"#), Ok(None));
    }

    #[test]
    fn a_body_that_nobody_can_have_written_is_corrupt() {
        let sound = write(&fullest()).unwrap();
        let broken = [
            String::new(),
            "{}".to_owned(),
            r#"{"version": 1}"#.to_owned(),
            sound.replace(r#""capacity":12"#, r#""capacity":0"#),
            sound.replace(r#""guests_max":2"#, r#""guests_max":99"#),
            sound.replace(r#""close_before_s":3600"#, r#""close_before_s":-1"#),
            sound.replace("https:", "file:"),
        ];
        for json in broken {
            assert!(matches!(read(&json), Err(StoreError::Corrupt(_))), "{json}");
        }
    }
}
