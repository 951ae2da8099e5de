//! Templates: what an event is made of, to be made again under another title at another time.

use jiff::SignedDuration;

use crate::answer_option::Options;
use crate::capacity::Capacity;
use crate::event::Event;
use crate::id::RoleId;
use crate::reminder::Reminders;
use crate::rules::EventRules;
use crate::text::{Description, ImageUrl, Location};

/// All of an event but its title, its time and its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// How long it lasts.
    pub duration: SignedDuration,
    /// What it is about.
    pub description: Option<Description>,
    /// Where it is.
    pub location: Option<Location>,
    /// How many can come.
    pub capacity: Option<Capacity>,
    /// The answers that it offers; none of them is a removed one.
    pub options: Options,
    /// What it demands of those who answer.
    pub rules: EventRules,
    /// The picture on its post.
    pub image: Option<ImageUrl>,
    /// The role mentioned when it is posted.
    pub mention: Option<RoleId>,
    /// Its own reminders; `None` if it has those of its guild.
    pub reminders: Option<Reminders>,
}

impl Template {
    /// The template that makes events of this length with the usual four answers, and nothing else.
    #[must_use]
    pub fn plain(duration: SignedDuration) -> Self {
        Self {
            duration,
            description: None,
            location: None,
            capacity: None,
            options: Options::default_four(),
            rules: EventRules::default(),
            image: None,
            mention: None,
            reminders: None,
        }
    }

    /// The template that makes events like this one, which has these reminders of its own, if any.
    #[must_use]
    pub fn of(event: &Event, reminders: Option<Reminders>) -> Self {
        let details = &event.details;
        Self {
            duration: details.span.duration(),
            description: details.description.clone(),
            location: details.location.clone(),
            capacity: details.capacity,
            options: event.options.only_offered(),
            rules: event.rules.clone(),
            image: event.image.clone(),
            mention: event.mention,
            reminders,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer_option::AnswerOption;
    use crate::event::tests::event;

    #[test]
    fn a_template_has_all_of_an_event_but_options_that_were_removed() {
        let mut event = event();
        let mut options: Vec<AnswerOption> = event.options.iter().cloned().collect();
        options[1].removed = true;
        event.options = Options::new(options).unwrap();
        event.details.capacity = Capacity::parse(5).ok();
        event.rules.names_hidden = true;
        event.mention = Some(RoleId::new(9));
        let template = Template::of(&event, Some(Reminders::none()));
        let labels: Vec<_> = template.options.iter().map(|option| &*option.label).collect();
        assert_eq!(labels, ["Yes", "Maybe", "Mobile"]);
        assert_eq!(template.duration, SignedDuration::from_hours(2));
        assert_eq!((template.capacity, template.mention), (Capacity::parse(5).ok(), event.mention));
        assert!(template.rules.names_hidden);
        assert_eq!(template.reminders, Some(Reminders::none()));
    }
}
