//! What organisers tell those who are coming: the form, and how far it is.

use muster_domain::limits::MENTIONS_MAX;
use muster_domain::notice::TOLD;
use muster_domain::reminder::Audience;
use muster_domain::text::Announcement;
use muster_engine::telling::Tellings;
use muster_store::model::{Progress, Reach, Reaches, Telling};

use crate::custom_id::{Action, FormAction};
use crate::views::message::{
    Button, Component, Message, Modal, Select, SelectOption, Style, TextInput,
};
use crate::views::text::{counted, grouped, relative, title_of};

/// What the field is called when the form comes back.
pub const WORDS: &str = "words";

/// What the choice is called whom it is for.
pub const WHOM: &str = "whom";

/// Who was chosen in the form; all whom one can choose if it had no choice.
#[must_use]
pub fn audience_of(chosen: &str) -> Audience {
    TOLD.into_iter().find(|audience| value_of(*audience) == chosen).unwrap_or_default()
}

const fn value_of(audience: Audience) -> &'static str {
    match audience {
        Audience::Going => "going",
        Audience::Waitlisted => "waitlisted",
        Audience::Expected
        | Audience::Maybe
        | Audience::Unanswered
        | Audience::UnansweredOf(_)
        | Audience::Role(_)
        | Audience::Everyone => "expected",
    }
}

/// "those with a place".
pub(super) const fn whom(audience: Audience) -> &'static str {
    match audience {
        Audience::Going => "those with a place, or offered one",
        Audience::Waitlisted => "the waitlist",
        Audience::Expected
        | Audience::Maybe
        | Audience::Unanswered
        | Audience::UnansweredOf(_)
        | Audience::Role(_)
        | Audience::Everyone => "all who come, or may come, and the waitlist",
    }
}

/// Whether the latest telling is on its way still.
#[must_use]
pub fn is_under_way(tellings: &Tellings) -> bool {
    let waits = |telling: Telling| telling.parts.waiting() + telling.direct.waiting() > 0;
    tellings.latest.is_some_and(waits)
}

/// The form. It says first how many people it reaches.
#[must_use]
pub fn form(tellings: &Tellings) -> Modal {
    let event = &tellings.posted.sheet.event;
    let input = TextInput::lines(WORDS, Announcement::MAX)
        .placeholder("We meet at the north gate, not at the south one.");
    let choices = choices(&tellings.reaches);
    let first = choices.first().map_or_else(Reach::default, |(_, reach)| *reach);
    let said = Component::text(reach_in_words(first, event.rules.names_hidden));
    let select = is_choice(&choices).then(|| {
        let options = choices.iter().enumerate().map(|(index, choice)| option(index, *choice));
        Component::choice("For whom", Select::in_form(WHOM, options.collect()))
    });
    let words = Component::field("Your message", "Discord's formatting works", input);
    let fields = std::iter::once(said).chain(select).chain([words]).collect();
    Modal::new(FormAction::Tell(event.id), "Message those who are coming", fields)
}

/// Whom it can be for: those of whom there are any.
fn choices(reaches: &Reaches) -> Vec<(Audience, Reach)> {
    let all = TOLD.into_iter().zip(*reaches);
    all.filter(|(_, reach)| reach.members > 0).collect()
}

/// Whether it matters for whom it is. A form without a choice is for all who are expected.
fn is_choice(choices: &[(Audience, Reach)]) -> bool {
    match choices {
        [(Audience::Expected, all), others @ ..] => others.iter().any(|(_, reach)| reach != all),
        others => !others.is_empty(),
    }
}

/// The same, as something to choose.
const fn label(audience: Audience) -> &'static str {
    match audience {
        Audience::Going => "Those with a place, or offered one",
        Audience::Waitlisted => "The waitlist",
        Audience::Expected
        | Audience::Maybe
        | Audience::Unanswered
        | Audience::UnansweredOf(_)
        | Audience::Role(_)
        | Audience::Everyone => "All who come, or may come, and the waitlist",
    }
}

fn option(index: usize, (audience, reach): (Audience, Reach)) -> SelectOption {
    let Reach { members, placeless, .. } = reach;
    let without = match placeless {
        0 => String::new(),
        placeless => format!(", {} without a place", grouped(placeless)),
    };
    SelectOption {
        label: label(audience).to_owned(),
        value: value_of(audience).to_owned(),
        description: format!("{}{without}", counted(members, "member", "members")),
        default: index == 0,
        ..SelectOption::default()
    }
}

/// Whom it reaches, before it is sent.
fn reach_in_words(reach: Reach, names_hidden: bool) -> String {
    let Reach { members, placeless, direct } = reach;
    let members_said = counted(members, "member is", "members are");
    let mentioned = if names_hidden {
        format!(
            "{members_said} coming, or may come. Names are hidden, so the event's role or nobody \
             is mentioned."
        )
    } else if members > MENTIONS_MAX {
        format!(
            "{members_said} coming, or may come: too many to mention each, so the event's role or \
             nobody is mentioned."
        )
    } else {
        format!("{members_said} mentioned where the event is posted: all who come, or may come.")
    };
    let mentioned = match placeless {
        0 => mentioned,
        placeless => {
            let among = counted(placeless, "of them has no place", "of them have no place");
            format!("{mentioned} {among} so far, and the message says so.")
        }
    };
    if direct == 0 {
        return mentioned;
    }
    let direct = counted(direct, "gets a direct message", "get a direct message");
    format!("{mentioned} {direct} as well, as they asked for it.")
}

/// How far the latest telling is.
#[must_use]
pub fn progress(tellings: &Tellings) -> Message {
    let event = &tellings.posted.sheet.event;
    let title = title_of(event);
    let write = |label| Button::new(Style::Secondary, label, Action::TellOpen(event.id));
    let Some(telling) = tellings.latest else {
        let text = format!("Nothing has been sent about **{title}** yet.");
        return Message::text(text).row(vec![write("Send a message")]);
    };
    let again = write("Send another message");
    let Telling { first, audience, due, is_taken_back, parts, direct } = telling;
    if is_taken_back {
        let text = format!("The message about **{title}** was taken back. Nobody saw it.");
        return Message::text(text).row(vec![again]);
    }
    let whom = whom(audience);
    let mut lines = vec![format!("Your message about **{title}** to {whom}, {}:", relative(due))];
    lines.push(format!("- In the channel: {}", so_far(parts, "message", "messages")));
    if direct.all > 0 {
        let closed = match direct.failed {
            0 => String::new(),
            failed => {
                format!("; {} closed to me", counted(failed, "has messages", "have messages"))
            }
        };
        let directly = so_far(Progress { failed: 0, ..direct }, "member", "members");
        lines.push(format!("- By direct message: {directly}{closed}"));
    }
    let mut buttons = Vec::new();
    if is_under_way(tellings) {
        let how_far = Action::Telling(event.id);
        buttons.push(Button::new(Style::Secondary, "Show progress", how_far));
        let back = Action::TellBack(event.id, first);
        buttons.push(Button::new(Style::Danger, "Take it back", back));
    } else {
        buttons.push(again);
    }
    Message::text(lines.join("\n")).row(buttons)
}

fn so_far(progress: Progress, one: &str, many: &str) -> String {
    let all = counted(progress.all, one, many);
    let sent = grouped(progress.sent);
    match progress.failed {
        0 => format!("{sent} of {all}"),
        failed => format!("{sent} of {all}; {} not sent", grouped(failed)),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::Timestamp;
    use muster_domain::id::DeliveryId;

    use super::*;
    use crate::views::judged::{check, check_form};
    use crate::views::samples::{event, longest_event, posted, sheet_of, texts, wrapped};

    const NONE: Progress = Progress { all: 0, sent: 0, failed: 0 };

    fn tellings(parts: Progress, direct: Progress) -> Tellings {
        let due: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let first = DeliveryId::new(7);
        let audience = if parts.failed > 0 { Audience::Waitlisted } else { Audience::Expected };
        let telling = Telling { first, audience, due, is_taken_back: false, parts, direct };
        let reaches = [reach(12, 0, 3), reach(12, 0, 3), Reach::default()];
        Tellings { posted: posted(sheet_of(&event(), 2)), reaches, latest: Some(telling) }
    }

    const fn reach(members: usize, placeless: usize, direct: usize) -> Reach {
        Reach { members, placeless, direct }
    }

    #[test]
    fn the_form_says_first_whom_it_reaches() {
        let none = Reach::default();
        for reaches in [
            [reach(12, 0, 0), none, none],
            [reach(1, 0, 1); 3],
            [reach(5_000, 1_000, 4_000), reach(4_000, 0, 3_000), reach(1_000, 1_000, 1_000)],
        ] {
            let posted = posted(sheet_of(&longest_event(), 2));
            check_form(&form(&Tellings { posted, reaches, latest: None })).unwrap();
        }
        let said = [(12, 3, 3, false), (1, 1, 1, false), (401, 1, 0, false), (12, 0, 3, true)].map(
            |(members, placeless, direct, hidden)| {
                reach_in_words(reach(members, placeless, direct), hidden)
            },
        );
        expect![[r"
            12 members are mentioned where the event is posted: all who come, or may come.
                3 of them have no place so far, and the message says so. 3 get a direct
                message as well, as they asked for it.
            1 member is mentioned where the event is posted: all who come, or may come. 1
                of them has no place so far, and the message says so. 1 gets a direct
                message as well, as they asked for it.
            401 members are coming, or may come: too many to mention each, so the event's
                role or nobody is mentioned. 1 of them has no place so far, and the message
                says so.
            12 members are coming, or may come. Names are hidden, so the event's role or
                nobody is mentioned. 3 get a direct message as well, as they asked for it."]]
        .assert_eq(&wrapped(&said.join("\n")));
    }

    #[test]
    fn whom_it_is_for_can_be_chosen_where_that_matters() {
        let none = Reach::default();
        let offered = |reaches: Reaches| {
            let choices = choices(&reaches);
            let options = choices.iter().enumerate().map(|(index, choice)| option(index, *choice));
            let said = options.map(|option| {
                assert_eq!(value_of(audience_of(&option.value)), option.value);
                let mark = if option.default { "*" } else { "" };
                format!("{mark}{}: {}", option.label, option.description)
            });
            (is_choice(&choices), said.collect::<Vec<_>>().join("\n"))
        };
        let (is_choice, said) = offered([reach(27, 15, 3), reach(12, 0, 3), reach(15, 15, 0)]);
        assert!(is_choice);
        expect![[r"
            *All who come, or may come, and the waitlist: 27 members, 15 without a place
            Those with a place, or offered one: 12 members
            The waitlist: 15 members, 15 without a place"]]
        .assert_eq(&said);
        assert!(!offered([reach(12, 0, 3), reach(12, 0, 3), none]).0, "all have places");
        assert!(!offered([none; 3]).0);
        let (is_choice, said) = offered([none, reach(2, 0, 0), none]);
        assert!(is_choice && said.starts_with("*Those with a place"), "{said}");
        assert_eq!(audience_of(""), Audience::Expected, "a form of old");
    }

    #[test]
    fn how_far_it_is_can_be_seen_and_what_waits_can_be_taken_back() {
        let under_way = Progress { all: 500, sent: 312, failed: 3 };
        let part = Progress { all: 1, sent: 1, failed: 0 };
        let all = [
            tellings(Progress { all: 1, ..NONE }, NONE),
            tellings(part, under_way),
            tellings(Progress { sent: 0, failed: 1, ..part }, NONE),
        ];
        let said = all.iter().map(|tellings| {
            let message = progress(tellings);
            check(&message).unwrap();
            texts(&message)
        });
        expect![[r"
            Your message about **Raid \*night\*** to all who come, or may come, and the
                waitlist, <t:1795780800:R>:
            - In the channel: 0 of 1 message
            Your message about **Raid \*night\*** to all who come, or may come, and the
                waitlist, <t:1795780800:R>:
            - In the channel: 1 of 1 message
            - By direct message: 312 of 500 members; 3 have messages closed to me
            Your message about **Raid \*night\*** to the waitlist, <t:1795780800:R>:
            - In the channel: 0 of 1 message; 1 not sent"]]
        .assert_eq(&wrapped(&said.collect::<Vec<_>>().join("\n")));
        assert_eq!(all.each_ref().map(is_under_way), [true, true, false]);
    }
}
