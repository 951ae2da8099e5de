//! The panel where an event's rules are edited.

use jiff::Timestamp;
use muster_domain::duration::duration_in_words;
use muster_domain::event::Event;
use muster_domain::id::RoleId;
use muster_domain::limits::{CHECK_IN_BEFORE, RULE_ROLES_MAX};
use muster_domain::rules::CheckIn;
use muster_engine::refusal::Number;
use muster_store::model::SeenEvent;

use crate::custom_id::{Action, FormAction};
use crate::views::differences::time_span;
use crate::views::message::{Button, Component, EntitySelect, Message, Modal, Style, TextInput};
use crate::views::refusal::label;
use crate::views::text::{counted, title_of};
use crate::views::undo::Made;

const BLUE: u32 = 0x58_65_F2;

/// What the fields are called when the form comes back.
pub mod field {
    /// Guests that a member may bring.
    pub const GUESTS: &str = "guests";
    /// How long who comes up from the waitlist has to accept.
    pub const OFFER: &str = "offer";
    /// How long before the start answers close.
    pub const CLOSE: &str = "close";
    /// How few are too few.
    pub const MINIMUM: &str = "minimum";
    /// How long before the start that is looked at.
    pub const MINIMUM_BEFORE: &str = "minimum_before";
}

/// The rules of an event, with what each means.
#[must_use]
pub fn panel(event: &Event, made: Made, now: Timestamp) -> Message {
    let rules = &event.rules;
    let title = title_of(event);
    let numbers = Button::new(Style::Primary, "Change", Action::RulesNumbers(event.id));
    let mut parts = vec![
        Component::text(format!(
            "## Rules\n{title}\nEach change takes effect at once.{}",
            made.lines()
        )),
        Component::separator(),
        Component::section(in_words(event, now), numbers),
        Component::separator(),
    ];
    parts.extend(roles(
        "**Who may answer:** everybody, unless you choose roles.",
        Action::RulesAllowed(SeenEvent::of(event)),
        "Everybody",
        &rules.allowed,
    ));
    parts.extend(roles(
        "**Who may not answer,** even with a role from above.",
        Action::RulesDenied(SeenEvent::of(event)),
        "Nobody",
        &rules.denied,
    ));
    parts.extend(roles(
        "**First on the waitlist:** before everybody without such a role. By a role that is new \
         here, members who wait already move forward if they answer the same again.",
        Action::RulesPriority(SeenEvent::of(event)),
        "In order of arrival",
        &rules.priority,
    ));
    parts.extend(mentioned(event));
    parts.push(hidden(event));
    parts.extend(check_in(event));
    let undo = made.button(Action::RulesUndo(SeenEvent::of(event)));
    let following = event.series.map(|_| {
        let like = Action::SeriesRulesLike(event.id);
        Button::new(Style::Secondary, "All following, too", like)
    });
    let buttons: Vec<_> = undo.into_iter().chain(following).collect();
    parts.extend((!buttons.is_empty()).then(|| Component::buttons(buttons)));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// The form for the numbers, filled with the present ones.
#[must_use]
pub fn numbers_form(event: &Event) -> Modal {
    let rules = &event.rules;
    let or_nothing = |set: bool, words: String| if set { words } else { String::new() };
    let guests = or_nothing(rules.guests_max.get() > 0, rules.guests_max.get().to_string());
    let offer = rules.offer.map(duration_in_words).unwrap_or_default();
    let close = or_nothing(!rules.close_before.is_zero(), duration_in_words(rules.close_before));
    let (minimum, before) = rules.minimum.map_or_else(Default::default, |minimum| {
        (minimum.people.to_string(), duration_in_words(minimum.before_start))
    });
    let line = |name, value: &str, none: &str| {
        TextInput::line(name, 40).optional().value(value).placeholder(none)
    };
    let fields = vec![
        Component::field(label(Number::Guests), "0 to 10", line(field::GUESTS, &guests, "nobody")),
        Component::field(
            label(Number::Offer),
            "30m · 2h: the next on the waitlist is asked, and has this long to accept",
            line(field::OFFER, &offer, "at once, without asking"),
        ),
        Component::field(
            label(Number::CloseBefore),
            "2h · 1 day",
            line(field::CLOSE, &close, "at the start"),
        ),
        Component::field(
            label(Number::Minimum),
            "If fewer are coming, the organiser is asked whether to cancel",
            line(field::MINIMUM, &minimum, "no minimum"),
        ),
        Component::field(
            label(Number::MinimumBefore),
            "12h · 1 day",
            line(field::MINIMUM_BEFORE, &before, "1 day"),
        ),
    ];
    Modal::new(FormAction::RulesNumbers(SeenEvent::of(event)), "Rules", fields)
}

fn in_words(event: &Event, now: Timestamp) -> String {
    let rules = &event.rules;
    let guests = match usize::from(rules.guests_max.get()) {
        0 => "nobody".to_owned(),
        guests => format!("up to {}", counted(guests, "guest", "guests")),
    };
    let offer = match rules.offer {
        None => "the next on the waitlist gets it at once".to_owned(),
        Some(time) => format!(
            "offered to the next on the waitlist for {}; then to the one after",
            time_span(time)
        ),
    };
    let close = if rules.close_before.is_zero() {
        "at the start".to_owned()
    } else {
        format!("{} before the start", time_span(rules.close_before))
    };
    let closed = if event.closed_by_time(now) { "; that time has passed" } else { "" };
    let minimum = match rules.minimum {
        None => "no minimum".to_owned(),
        Some(minimum) => {
            let before = time_span(minimum.before_start);
            let over = event.minimum_passed(now).map_or("", |_| "; that time has passed");
            format!("{}, checked {before} before the start{over}", minimum.people)
        }
    };
    format!(
        "**Members bring:** {guests}\n\
         **When a place becomes free:** {offer}\n\
         **Answers close:** {close}{closed}\n\
         **Minimum number coming:** {minimum}"
    )
}

fn roles(text: &str, action: Action, none: &str, chosen: &[RoleId]) -> [Component; 2] {
    let select = EntitySelect::roles(action, none, chosen, RULE_ROLES_MAX);
    [Component::text(text), Component::row(vec![Component::RoleSelect(select)])]
}

fn mentioned(event: &Event) -> [Component; 2] {
    let text = "**Role to mention:** nobody, unless you choose one. The post notifies it once, when \
                it goes out.";
    let action = Action::RulesMention(SeenEvent::of(event));
    let select = EntitySelect::roles(action, "Nobody", event.mention.as_slice(), 1);
    [Component::text(text), Component::row(vec![Component::RoleSelect(select)])]
}

fn hidden(event: &Event) -> Component {
    let (text, label) = if event.rules.names_hidden {
        ("**Names are hidden**\n-# The post counts; organisers see who it is.", "Show names")
    } else {
        ("**Names are shown**\n-# Everybody sees who is coming.", "Hide names")
    };
    let action = Action::RulesHidden(event.id, !event.rules.names_hidden);
    Component::section(text, Button::new(Style::Secondary, label, action))
}

fn check_in(event: &Event) -> [Component; 2] {
    let minutes = CHECK_IN_BEFORE.as_mins();
    let when = format!("Under \"⋯\", from {minutes} min before the start until the end");
    let text = match event.rules.check_in {
        CheckIn::Off => "**Members cannot check in**\n-# Organisers mark who was there, under \
                         \"⋯\"."
            .to_owned(),
        CheckIn::Button => format!("**Members can check in**\n-# {when}."),
        CheckIn::Code => format!(
            "**Members check in with a code**\n-# {when}. An organiser shows it, and it changes \
             every minute."
        ),
    };
    let ways = [
        (CheckIn::Off, "No check-in"),
        (CheckIn::Button, "Check-in"),
        (CheckIn::Code, "Check-in by code"),
    ];
    let others = ways.into_iter().filter(|(way, _)| *way != event.rules.check_in);
    let button =
        |(way, label)| Button::new(Style::Secondary, label, Action::RulesCheckIn(event.id, way));
    [Component::text(text), Component::buttons(others.map(button).collect())]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::SignedDuration;
    use muster_domain::capacity::Capacity;
    use muster_domain::roster::Guests;
    use muster_domain::rules::{EventRules, Minimum};

    use super::*;
    use crate::views::judged::{check, check_form};
    use crate::views::samples::{NOW, event, fullest_event, texts, wrapped};

    #[test]
    fn an_event_without_rules_says_what_holds() {
        let panel = panel(&event(), Made::Nothing, NOW);
        check(&panel).unwrap();
        check_form(&numbers_form(&event())).unwrap();
        expect![[r#"
            ## Rules
            Raid \*night\*
            Each change takes effect at once.
            **Members bring:** nobody
            **When a place becomes free:** the next on the waitlist gets it at once
            **Answers close:** at the start
            **Minimum number coming:** no minimum
            **Who may answer:** everybody, unless you choose roles.
            **Who may not answer,** even with a role from above.
            **First on the waitlist:** before everybody without such a role. By a role that
                is new here, members who wait already move forward if they answer the same
                again.
            **Role to mention:** nobody, unless you choose one. The post notifies it once,
                when it goes out.
            **Names are shown**
            -# Everybody sees who is coming.
            **Members cannot check in**
            -# Organisers mark who was there, under "⋯"."#]]
        .assert_eq(&wrapped(&texts(&panel)));
    }

    #[test]
    fn each_rule_is_said_in_words() {
        let rules = EventRules {
            guests_max: Guests::parse(1).unwrap(),
            offer: Some(SignedDuration::from_mins(30)),
            close_before: SignedDuration::from_hours(26),
            minimum: Some(Minimum {
                people: Capacity::parse(6).unwrap(),
                before_start: SignedDuration::from_hours(12),
            }),
            names_hidden: true,
            ..EventRules::default()
        };
        let event = Event { rules, ..event() };
        let text = in_words(&event, NOW - SignedDuration::from_hours(48));
        expect![[r"
            **Members bring:** up to 1 guest
            **When a place becomes free:** offered to the next on the waitlist for 30 min; then to the one after
            **Answers close:** 1 day 2 h before the start
            **Minimum number coming:** 6, checked 12 h before the start"]]
        .assert_eq(&text);
        let late = in_words(&event, NOW);
        assert_eq!(late.matches("before the start; that time has passed").count(), 2, "{late}");
    }

    #[test]
    fn the_fullest_event_fits() {
        for made in [Made::Change, Made::Overtaken] {
            check(&panel(&fullest_event(), made, NOW)).unwrap();
        }
        check_form(&numbers_form(&fullest_event())).unwrap();
    }
}
