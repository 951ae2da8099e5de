//! What organisers tell those who are coming: the form, and how far it is.

use muster_domain::limits::MENTIONS_MAX;
use muster_domain::text::Announcement;
use muster_engine::telling::Tellings;
use muster_store::model::{Audience, Progress, Telling};

use crate::custom_id::{Action, FormAction};
use crate::views::message::{Button, Component, Message, Modal, Style, TextInput};
use crate::views::text::{counted, grouped, relative, title_of};

/// What the field is called when the form comes back.
pub const WORDS: &str = "words";

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
    let fields = vec![
        Component::text(reach(tellings.audience, event.rules.names_hidden)),
        Component::field("Your message", "Discord's formatting works", input),
    ];
    Modal::new(FormAction::Tell(event.id), "Message those who are coming", fields)
}

/// Whom it reaches, before it is sent.
fn reach(audience: Audience, names_hidden: bool) -> String {
    let Audience { members, direct } = audience;
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
    let Telling { first, due, is_taken_back, parts, direct } = telling;
    if is_taken_back {
        let text = format!("The message about **{title}** was taken back. Nobody saw it.");
        return Message::text(text).row(vec![again]);
    }
    let mut lines = vec![format!("Your message about **{title}**, {}:", relative(due))];
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
        let telling = Telling { first, due, is_taken_back: false, parts, direct };
        let audience = Audience { members: 12, direct: 3 };
        Tellings { posted: posted(sheet_of(&event(), 2)), audience, latest: Some(telling) }
    }

    #[test]
    fn the_form_says_first_whom_it_reaches() {
        for audience in [
            Audience { members: 12, direct: 0 },
            Audience { members: 1, direct: 1 },
            Audience { members: 5_000, direct: 4_000 },
        ] {
            let posted = posted(sheet_of(&longest_event(), 2));
            check_form(&form(&Tellings { posted, audience, latest: None })).unwrap();
        }
        let said = [(12, 3, false), (1, 1, false), (401, 0, false), (12, 3, true)]
            .map(|(members, direct, hidden)| reach(Audience { members, direct }, hidden));
        expect![[r"
            12 members are mentioned where the event is posted: all who come, or may come.
                3 get a direct message as well, as they asked for it.
            1 member is mentioned where the event is posted: all who come, or may come. 1
                gets a direct message as well, as they asked for it.
            401 members are coming, or may come: too many to mention each, so the event's
                role or nobody is mentioned.
            12 members are coming, or may come. Names are hidden, so the event's role or
                nobody is mentioned. 3 get a direct message as well, as they asked for it."]]
        .assert_eq(&wrapped(&said.join("\n")));
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
            Your message about **Raid \*night\***, <t:1795780800:R>:
            - In the channel: 0 of 1 message
            Your message about **Raid \*night\***, <t:1795780800:R>:
            - In the channel: 1 of 1 message
            - By direct message: 312 of 500 members; 3 have messages closed to me
            Your message about **Raid \*night\***, <t:1795780800:R>:
            - In the channel: 0 of 1 message; 1 not sent"]]
        .assert_eq(&wrapped(&said.collect::<Vec<_>>().join("\n")));
        assert_eq!(all.each_ref().map(is_under_way), [true, true, false]);
    }
}
