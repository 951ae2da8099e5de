//! The panel where organisers answer for members.

use muster_domain::answer_option::{AnswerOption, OptionId};
use muster_domain::event::Event;
use muster_domain::id::UserId;
use muster_domain::roster::{Place, Signup};
use muster_engine::rosters::ForMember;
use muster_store::model::RosterLine;

use crate::custom_id::Action;
use crate::views::message::{
    Button, Component, EntitySelect, Message, Select, SelectOption, Style,
};
use crate::views::messages::{Key, Words};
use crate::views::own;
use crate::views::text::{fitted, person_in, plain, title_of};

const BLUE: u32 = 0x58_65_F2;

/// Characters of what an empty list says. (Discord docs: "Component Reference")
const PLACEHOLDER_MAX: usize = 150;

/// What can be done.
#[must_use]
pub fn panel(words: Words, event: &Event) -> Message {
    let (title, about) = (title_of(event), words.plain(Key::MembersAbout));
    let text = headed(words, &format!("{title}\n{about}"));
    shown([vec![Component::text(text)], steps(words, event)].concat())
}

/// The question who is to have an answer.
#[must_use]
pub fn who(words: Words, event: &Event, option: &AnswerOption) -> Message {
    let label = plain(&event.options.name_of(option));
    let pick = words.plain(Key::MembersWhoPick);
    let select = EntitySelect::user(Action::MemberPut(event.id, option.id), pick);
    let who = words.filled(Key::MembersWho, &[("answer", &label)]);
    shown(vec![
        Component::text(headed(words, &who)),
        Component::row(vec![Component::UserSelect(select)]),
    ])
}

/// What was done, and what can be done next.
#[must_use]
pub fn done(words: Words, member: UserId, done: &ForMember) -> Message {
    let event = &done.posted.sheet.event;
    let who = person_in(words, member);
    let text = headed(words, &stands(words, event, &who, done.now.as_ref()));
    let stands = |signup: Signup| (signup.option, signup.place);
    let (before, now) =
        (done.before.map(stands), done.now.as_ref().map(|line| stands(line.signup)));
    let parts = if before == now {
        vec![Component::text(text)]
    } else {
        vec![Component::section(text, undo(words, member, done))]
    };
    // Who waits can have a place if somebody gives theirs up for it.
    let waiting = done.now.as_ref().filter(|line| line.signup.place == Place::Waiting);
    let swap = waiting.map_or_else(Vec::new, |line| {
        let option = line.signup.option;
        let heading = place_of(words, event, option);
        let values = [("member", who.as_str()), ("heading", &heading)];
        let text = words.filled(Key::MembersSwap, &values);
        vec![Component::text(text), swap_select(words, event, member, option)]
    });
    shown([parts, swap, steps(words, event)].concat())
}

/// Which answer somebody has now, and where they stand by that.
fn stands(words: Words, event: &Event, who: &str, now: Option<&RosterLine>) -> String {
    let Some(line) = now else {
        return words.filled(Key::MembersNowNone, &[("member", who)]);
    };
    let (key, place) = match line.signup.place {
        Place::Seated => (Key::MembersNow, String::new()),
        Place::Waiting => (Key::MembersNowWaiting, own::on_the_waitlist(words, event, line)),
        Place::Offered(_) => (Key::MembersNowOffered, String::new()),
        Place::Passed => (Key::MembersNowPassed, String::new()),
    };
    let answer = own::label(words, event, line.signup.option);
    words.filled(key, &[("member", who), ("answer", &answer), ("place", &place)])
}

/// The question before a member loses the place that their answer holds.
#[must_use]
pub fn would_lose_place(
    words: Words,
    event: &Event,
    member: UserId,
    (held, wanted): (Signup, OptionId),
) -> Message {
    let who = person_in(words, member);
    let [now, answer] = [held.option, wanted].map(|option| own::label(words, event, option));
    let heading = place_of(words, event, wanted);
    let values =
        [("member", who.as_str()), ("now", &now), ("answer", &answer), ("heading", &heading)];
    let lines = [Key::MembersLose, Key::MembersLoseSwap, Key::MembersLoseGiveUp];
    let lines = lines.map(|key| words.filled(key, &values));
    let give_up = Action::MemberMove(event.id, member, wanted);
    let give_up = Button::new(Style::Danger, words.plain(Key::MembersLoseAnyway), give_up);
    shown(vec![
        Component::text(headed(words, &lines.join("\n"))),
        swap_select(words, event, member, wanted),
        Component::buttons(vec![give_up]),
    ])
}

/// Two have swapped.
#[must_use]
pub fn swapped(words: Words, member: UserId, with: UserId, done: &ForMember) -> Message {
    let event = &done.posted.sheet.event;
    let label = |option| own::label(words, event, option);
    let now = done.now.as_ref().map(|line| label(line.signup.option)).unwrap_or_default();
    let before = done.before.map(|before| label(before.option)).unwrap_or_default();
    let is_coming = |option| event.options.get(option).is_some_and(|option| option.coming);
    let key = match done.before.map(|before| (before.place, is_coming(before.option))) {
        None => Key::MembersSwapped,
        Some((Place::Waiting | Place::Passed, _)) => Key::MembersSwappedWaits,
        Some((Place::Seated | Place::Offered(_), true)) => Key::MembersSwappedPlaces,
        Some((Place::Seated | Place::Offered(_), false)) => Key::MembersSwappedAnswer,
    };
    let [first, second] = [member, with].map(|member| person_in(words, member));
    let values =
        [("member", first.as_str()), ("other", &second), ("now", &now), ("before", &before)];
    let text = headed(words, &words.filled(key, &values));
    let said = vec![Component::section(text, undo(words, member, done))];
    shown([said, steps(words, event)].concat())
}

fn shown(parts: Vec<Component>) -> Message {
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn headed(words: Words, text: &str) -> String {
    format!("## {}\n{text}", words.plain(Key::MembersTitle))
}

fn undo(words: Words, member: UserId, done: &ForMember) -> Button {
    let undo = Action::MemberUndo(done.posted.sheet.event.id, member, done.version);
    Button::new(Style::Secondary, words.plain(Key::PanelUndo), undo)
}

/// What has the places that an answer takes: its heading, if that has any, or itself.
fn place_of(words: Words, event: &Event, option: OptionId) -> String {
    event.lines().heading_of(option).map_or_else(|| own::label(words, event, option), plain)
}

fn swap_select(words: Words, event: &Event, member: UserId, option: OptionId) -> Component {
    let action = Action::MemberSwap(event.id, member, option);
    let heading = event.lines().heading_of(option).map(Into::into);
    let option = event.options.get(option);
    let name = heading.or_else(|| option.map(|option| event.options.name_of(option)));
    let name = name.unwrap_or_else(|| words.plain(Key::OwnThat).into());
    let who = words.filled(Key::MembersSwapPick, &[("heading", &name)]);
    let select = EntitySelect::user(action, &fitted(&who, PLACEHOLDER_MAX));
    Component::row(vec![Component::UserSelect(select)])
}

fn steps(words: Words, event: &Event) -> Vec<Component> {
    let choice = |option: &AnswerOption| {
        let value = option.id.get().to_string();
        let label = fitted(&event.options.name_of(option), 100);
        SelectOption { label, value, ..SelectOption::default() }.with_emoji(&option.emoji)
    };
    let options = event.options.offered().map(choice).collect();
    let [give, remove] = [Key::MembersGive, Key::MembersRemove].map(|key| words.plain(key));
    let put = Select::new(Action::MemberOption(event.id), give, options);
    let remove = EntitySelect::user(Action::MemberRemove(event.id), remove);
    vec![
        Component::row(vec![Component::Select(put)]),
        Component::row(vec![Component::UserSelect(remove)]),
    ]
}

#[cfg(test)]
mod tests {
    use muster_domain::roster::Guests;
    use muster_domain::signup_details::SignupDetails;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{fullest_event, huge, posted, sheet_of, signup, texts};

    #[test]
    fn every_state_of_the_panel_fits() {
        let (words, event) = (Words::usual(), fullest_event());
        check(&panel(words, &event)).unwrap();
        check(&who(words, &event, event.options.offered().next().unwrap())).unwrap();
        let member = UserId::new(huge(3));
        let signup = signup(Place::Waiting, Guests::NONE);
        let line = RosterLine { member, signup, details: SignupDetails::default(), rank: 4_999 };
        for (before, now) in
            [(None, Some(line.clone())), (Some(signup), None), (Some(signup), Some(line.clone()))]
        {
            let posted = posted(sheet_of(&event, 5_000));
            let panel = done(words, member, &ForMember { posted, before, now, version: 9 });
            check(&panel).unwrap();
            assert!(texts(&panel).contains(&person_in(words, member)));
        }
        let option = event.options.offered().next().unwrap().id;
        check(&would_lose_place(words, &event, member, (signup, option))).unwrap();
        let posted = posted(sheet_of(&event, 5_000));
        let of = ForMember { posted, before: Some(signup), now: Some(line), version: 9 };
        check(&swapped(words, member, UserId::new(huge(4)), &of)).unwrap();
    }
}
