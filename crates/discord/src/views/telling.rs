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
use crate::views::messages::{Key, Words};
use crate::views::text::{grouped, relative, title_of};

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
pub(super) const fn whom(audience: Audience) -> Key {
    match audience {
        Audience::Going => Key::TellingWhomGoing,
        Audience::Waitlisted => Key::TellingWhomWaitlisted,
        Audience::Expected
        | Audience::Maybe
        | Audience::Unanswered
        | Audience::UnansweredOf(_)
        | Audience::Role(_)
        | Audience::Everyone => Key::TellingWhomExpected,
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
pub fn form(words: Words, tellings: &Tellings) -> Modal {
    let event = &tellings.posted.sheet.event;
    let example = words.plain(Key::TellingWordsExample);
    let input = TextInput::lines(WORDS, Announcement::MAX).placeholder(example);
    let choices = choices(&tellings.reaches);
    let first = choices.first().map_or_else(Reach::default, |(_, reach)| *reach);
    let said = Component::text(reach_in_words(words, first, event.rules.names_hidden));
    let select = is_choice(&choices).then(|| {
        let options = choices.iter().enumerate();
        let options = options.map(|(index, choice)| option(words, index, *choice)).collect();
        Component::choice(words.plain(Key::TellingPick), Select::in_form(WHOM, options))
    });
    let [label, hint] = [Key::TellingWords, Key::TellingWordsHint].map(|key| words.plain(key));
    let text = Component::field(label, hint, input);
    let fields = std::iter::once(said).chain(select).chain([text]).collect();
    Modal::new(FormAction::Tell(event.id), words.plain(Key::TellingTitle), fields)
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
const fn label(audience: Audience) -> Key {
    match audience {
        Audience::Going => Key::TellingPickGoing,
        Audience::Waitlisted => Key::TellingPickWaitlisted,
        Audience::Expected
        | Audience::Maybe
        | Audience::Unanswered
        | Audience::UnansweredOf(_)
        | Audience::Role(_)
        | Audience::Everyone => Key::TellingPickExpected,
    }
}

fn option(words: Words, index: usize, (audience, reach): (Audience, Reach)) -> SelectOption {
    let members = words.counted(Key::TellingMembers, reach.members);
    let description = match reach.placeless {
        0 => members,
        placeless => format!("{members}, {}", words.counted(Key::TellingPlaceless, placeless)),
    };
    SelectOption {
        label: words.plain(label(audience)).to_owned(),
        value: value_of(audience).to_owned(),
        description,
        default: index == 0,
        ..SelectOption::default()
    }
}

/// Whom it reaches, before it is sent.
fn reach_in_words(words: Words, reach: Reach, names_hidden: bool) -> String {
    let Reach { members, placeless, direct } = reach;
    let mentioned = if names_hidden {
        Key::TellingReachHidden
    } else if members > MENTIONS_MAX {
        Key::TellingReachMany
    } else {
        Key::TellingReach
    };
    let more = [(Key::TellingReachPlaceless, placeless), (Key::TellingReachDirect, direct)];
    let more = more.into_iter().filter(|(_, number)| *number > 0);
    let all = std::iter::once((mentioned, members)).chain(more);
    all.map(|(key, number)| words.counted(key, number)).collect::<Vec<_>>().join(" ")
}

/// How far the latest telling is.
#[must_use]
pub fn progress(words: Words, tellings: &Tellings) -> Message {
    let event = &tellings.posted.sheet.event;
    let title = title_of(event);
    let write = |label| {
        let open = Action::TellOpen(event.id);
        vec![Button::new(Style::Secondary, words.plain(label), open)]
    };
    let about = |key| Message::text(words.filled(key, &[("title", &title)]));
    let Some(telling) = tellings.latest else {
        return about(Key::TellingNone).row(write(Key::TellingWrite));
    };
    if telling.is_taken_back {
        return about(Key::TellingTaken).row(write(Key::TellingWriteMore));
    }
    let whom = words.plain(whom(telling.audience));
    let values = [("title", title.as_str()), ("whom", whom), ("away", &relative(telling.due))];
    let mut lines = vec![words.filled(Key::TellingSent, &values)];
    lines.extend(ways(words, telling));
    let buttons = if is_under_way(tellings) {
        let how_far = Action::Telling(event.id);
        let back = Action::TellBack(event.id, telling.first);
        vec![
            Button::new(Style::Secondary, words.plain(Key::TellingProgress), how_far),
            Button::new(Style::Danger, words.plain(Key::TellingBack), back),
        ]
    } else {
        write(Key::TellingWriteMore)
    };
    Message::text(lines.join("\n")).row(buttons)
}

/// How far it is in the channel, and by direct message.
fn ways(words: Words, telling: Telling) -> impl Iterator<Item = String> {
    let Telling { parts, direct, .. } = telling;
    let line = |key, progress: &str| words.filled(key, &[("progress", progress)]);
    let failed = (Key::TellingSentFailed, parts.failed);
    let in_channel = so_far(words, Key::TellingSentMessages, parts, failed);
    let in_channel = line(Key::TellingSentChannel, &in_channel);
    let directly = (direct.all > 0).then(|| {
        let closed = (Key::TellingSentClosed, direct.failed);
        let directly = so_far(words, Key::TellingSentMembers, direct, closed);
        line(Key::TellingSentDirect, &directly)
    });
    std::iter::once(in_channel).chain(directly)
}

/// "312 of 500 members; 3 have messages closed to me".
fn so_far(words: Words, key: Key, progress: Progress, (why, failed): (Key, usize)) -> String {
    let sent = grouped(progress.sent);
    let said = words.counted_with(key, progress.all, &[("sent", &sent)]);
    match failed {
        0 => said,
        failed => format!("{said}; {}", words.counted(why, failed)),
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
            check_form(&form(Words::usual(), &Tellings { posted, reaches, latest: None })).unwrap();
        }
        let said = [(12, 3, 3, false), (1, 1, 1, false), (401, 1, 0, false), (12, 0, 3, true)].map(
            |(members, placeless, direct, hidden)| {
                reach_in_words(Words::usual(), reach(members, placeless, direct), hidden)
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
            let options = choices
                .iter()
                .enumerate()
                .map(|(index, choice)| option(Words::usual(), index, *choice));
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
            let message = progress(Words::usual(), tellings);
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
