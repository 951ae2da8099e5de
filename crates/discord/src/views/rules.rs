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
use crate::views::message::{Button, Component, EntitySelect, Message, Modal, Style, TextInput};
use crate::views::messages::{Key, Words};
use crate::views::refusal::label;
use crate::views::span;
use crate::views::text::title_of;
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
pub fn panel(words: Words, event: &Event, made: Made, now: Timestamp) -> Message {
    let (rules, seen) = (&event.rules, SeenEvent::of(event));
    let (title, heading) = (title_of(event), words.plain(Key::RulesTitle));
    let (at_once, lines) = (words.plain(Key::RulesAtOnce), made.lines(words));
    let change = words.plain(Key::RulesChange);
    let numbers = Button::new(Style::Primary, change, Action::RulesNumbers(event.id));
    let mut parts = vec![
        Component::text(format!("## {heading}\n{title}\n{at_once}{lines}")),
        Component::separator(),
        Component::section(in_words(words, event, now), numbers),
        Component::separator(),
    ];
    let choice = |[text, none]: [Key; 2], action, chosen: &[RoleId], max| {
        let select = EntitySelect::roles(action, words.plain(none), chosen, max);
        [Component::text(words.plain(text)), Component::row(vec![Component::RoleSelect(select)])]
    };
    let allowed = [Key::RulesAllowed, Key::RulesAllowedNone];
    parts.extend(choice(allowed, Action::RulesAllowed(seen), &rules.allowed, RULE_ROLES_MAX));
    let denied = [Key::RulesDenied, Key::RulesDeniedNone];
    parts.extend(choice(denied, Action::RulesDenied(seen), &rules.denied, RULE_ROLES_MAX));
    let priority = [Key::RulesPriority, Key::RulesPriorityNone];
    parts.extend(choice(priority, Action::RulesPriority(seen), &rules.priority, RULE_ROLES_MAX));
    let mention = [Key::RulesMention, Key::RulesMentionNone];
    parts.extend(choice(mention, Action::RulesMention(seen), event.mention.as_slice(), 1));
    parts.push(hidden(words, event));
    parts.extend(check_in(words, event));
    let undo = made.button(words, Action::RulesUndo(seen));
    let following = event.series.map(|_| {
        let like = Action::SeriesRulesLike(event.id);
        Button::new(Style::Secondary, words.plain(Key::PanelEditedFollowing), like)
    });
    let buttons: Vec<_> = undo.into_iter().chain(following).collect();
    parts.extend((!buttons.is_empty()).then(|| Component::buttons(buttons)));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// The form for the numbers, filled with the present ones as they are read again: in English.
#[must_use]
pub fn numbers_form(words: Words, event: &Event) -> Modal {
    let rules = &event.rules;
    let or_nothing = |set: bool, words: String| if set { words } else { String::new() };
    let guests = or_nothing(rules.guests_max.get() > 0, rules.guests_max.get().to_string());
    let offer = rules.offer.map(duration_in_words).unwrap_or_default();
    let close = or_nothing(!rules.close_before.is_zero(), duration_in_words(rules.close_before));
    let (minimum, before) = rules.minimum.map_or_else(Default::default, |minimum| {
        (minimum.people.to_string(), duration_in_words(minimum.before_start))
    });
    let field = |number, [hint, none]: [Key; 2], name, value: &str| {
        let input = TextInput::line(name, 40).optional().value(value);
        let input = input.placeholder(words.plain(none));
        Component::field(label(words, number), words.plain(hint), input)
    };
    let of_guests = [Key::RulesFormGuestsHint, Key::RulesFormGuestsNone];
    let of_offer = [Key::RulesFormOfferHint, Key::RulesFormOfferNone];
    let of_close = [Key::RulesFormCloseHint, Key::RulesFormCloseNone];
    let of_minimum = [Key::RulesFormMinimumHint, Key::RulesFormMinimumNone];
    let of_before = [Key::RulesFormBeforeHint, Key::RulesFormBeforeNone];
    let fields = vec![
        field(Number::Guests, of_guests, field::GUESTS, &guests),
        field(Number::Offer, of_offer, field::OFFER, &offer),
        field(Number::CloseBefore, of_close, field::CLOSE, &close),
        field(Number::Minimum, of_minimum, field::MINIMUM, &minimum),
        field(Number::MinimumBefore, of_before, field::MINIMUM_BEFORE, &before),
    ];
    let action = FormAction::RulesNumbers(SeenEvent::of(event));
    Modal::new(action, words.plain(Key::RulesTitle), fields)
}

/// The rules that are numbers, a line for each.
fn in_words(words: Words, event: &Event, now: Timestamp) -> String {
    let rules = &event.rules;
    let guests = match usize::from(rules.guests_max.get()) {
        0 => words.plain(Key::RulesGuestsNone).to_owned(),
        guests => words.counted(Key::RulesGuests, guests),
    };
    let said = |key, time| words.filled(key, &[("time", &span::in_words(words, time))]);
    let offer = match rules.offer {
        None => words.plain(Key::RulesOfferNone).to_owned(),
        Some(time) => said(Key::RulesOffer, time),
    };
    let close = match (rules.close_before.is_zero(), event.closed_by_time(now)) {
        (true, false) => words.plain(Key::RulesCloseStart).to_owned(),
        (true, true) => words.plain(Key::RulesCloseStartPassed).to_owned(),
        (false, false) => said(Key::RulesClose, rules.close_before),
        (false, true) => said(Key::RulesClosePassed, rules.close_before),
    };
    [guests, offer, close, minimum(words, event, now)].join("\n")
}

fn minimum(words: Words, event: &Event, now: Timestamp) -> String {
    let Some(minimum) = event.rules.minimum else {
        return words.plain(Key::RulesMinimumNone).to_owned();
    };
    let is_over = event.minimum_passed(now).is_some();
    let key = if is_over { Key::RulesMinimumPassed } else { Key::RulesMinimum };
    let time = span::in_words(words, minimum.before_start);
    words.filled(key, &[("people", &minimum.people.to_string()), ("time", &time)])
}

fn hidden(words: Words, event: &Event) -> Component {
    let [text, label] = if event.rules.names_hidden {
        [Key::RulesHidden, Key::RulesHiddenShow]
    } else {
        [Key::RulesShown, Key::RulesShownHide]
    };
    let action = Action::RulesHidden(event.id, !event.rules.names_hidden);
    let button = Button::new(Style::Secondary, words.plain(label), action);
    Component::section(words.plain(text), button)
}

fn check_in(words: Words, event: &Event) -> [Component; 2] {
    let text = match event.rules.check_in {
        CheckIn::Off => Key::RulesCheckInOff,
        CheckIn::Button => Key::RulesCheckInButton,
        CheckIn::Code => Key::RulesCheckInCode,
    };
    let text = words.filled(text, &[("minutes", &CHECK_IN_BEFORE.as_mins().to_string())]);
    let ways = [
        (CheckIn::Off, Key::RulesPickOff),
        (CheckIn::Button, Key::RulesPickButton),
        (CheckIn::Code, Key::RulesPickCode),
    ];
    let others = ways.into_iter().filter(|(way, _)| *way != event.rules.check_in);
    let button = |(way, label)| {
        let action = Action::RulesCheckIn(event.id, way);
        Button::new(Style::Secondary, words.plain(label), action)
    };
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
        let panel = panel(Words::usual(), &event(), Made::Nothing, NOW);
        check(&panel).unwrap();
        check_form(&numbers_form(Words::usual(), &event())).unwrap();
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
        let text = in_words(Words::usual(), &event, NOW - SignedDuration::from_hours(48));
        expect![[r"
            **Members bring:** up to 1 guest
            **When a place becomes free:** offered to the next on the waitlist for 30 min; then to the one after
            **Answers close:** 1 day 2 h before the start
            **Minimum number coming:** 6, checked 12 h before the start"]]
        .assert_eq(&text);
        let late = in_words(Words::usual(), &event, NOW);
        assert_eq!(late.matches("before the start; that time has passed").count(), 2, "{late}");
    }

    #[test]
    fn the_fullest_event_fits() {
        for made in [Made::Change, Made::Overtaken] {
            check(&panel(Words::usual(), &fullest_event(), made, NOW)).unwrap();
        }
        check_form(&numbers_form(Words::usual(), &fullest_event())).unwrap();
    }
}
