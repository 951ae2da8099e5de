//! The panel where organisers answer for members.

use muster_domain::answer_option::{AnswerOption, OptionId};
use muster_domain::event::Event;
use muster_domain::id::UserId;
use muster_domain::roster::{Place, Signup};
use muster_engine::rosters::ForMember;

use crate::custom_id::Action;
use crate::views::message::{
    Button, Component, EntitySelect, Message, Select, SelectOption, Style,
};
use crate::views::messages::Words;
use crate::views::own;
use crate::views::text::{fitted, person, plain, title_of};

const BLUE: u32 = 0x58_65_F2;

/// Characters of what an empty list says. (Discord docs: "Component Reference")
const PLACEHOLDER_MAX: usize = 150;

/// What can be done.
#[must_use]
pub fn panel(event: &Event) -> Message {
    let title = title_of(event);
    let text = format!(
        "## Members\n{title}\nAnswer for a member, even if the rules or closed answers would stop \
         them. If they have answered already, their answer changes. The log says who did it."
    );
    Message::panel(vec![Component::container(
        BLUE,
        [vec![Component::text(text)], steps(event)].concat(),
    )])
}

/// The question who is to have an answer.
#[must_use]
pub fn who(event: &Event, option: &AnswerOption) -> Message {
    let label = plain(&event.options.name_of(option));
    let select = EntitySelect::user(Action::MemberPut(event.id, option.id), "Choose a member");
    let parts = vec![
        Component::text(format!("## Members\nWho gets the answer **{label}**?")),
        Component::row(vec![Component::UserSelect(select)]),
    ];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// What was done, and what can be done next.
#[must_use]
pub fn done(member: UserId, done: &ForMember) -> Message {
    let event = &done.posted.sheet.event;
    let who = person(member);
    let text = match &done.now {
        None => format!("## Members\n{who} is not on the roster any more."),
        Some(line) => {
            let place = match line.signup.place {
                Place::Seated => String::new(),
                Place::Waiting => {
                    format!(", {}", own::on_the_waitlist(Words::usual(), event, line))
                }
                Place::Offered(_) => ", and is offered a place".to_owned(),
                Place::Passed => ", without a place".to_owned(),
            };
            let label = label(event, line.signup.option);
            format!("## Members\n{who} now has the answer **{label}**{place}.")
        }
    };
    let stands = |signup: Signup| (signup.option, signup.place);
    let (before, now) =
        (done.before.map(stands), done.now.as_ref().map(|line| stands(line.signup)));
    let parts = if before == now {
        vec![Component::text(text)]
    } else {
        let undo = Action::MemberUndo(event.id, member, done.version);
        vec![Component::section(text, Button::new(Style::Secondary, "Undo", undo))]
    };
    // Who waits can have a place if somebody gives theirs up for it.
    let waiting = done.now.as_ref().filter(|line| line.signup.place == Place::Waiting);
    let swap = waiting.map_or_else(Vec::new, |line| {
        let option = line.signup.option;
        let text = format!(
            "To give {who} a place now, choose who gives up theirs under **{}**: that member goes \
             to the waitlist instead.",
            place_of(event, option)
        );
        vec![Component::text(text), swap_select(event, member, option)]
    });
    Message::panel(vec![Component::container(BLUE, [parts, swap, steps(event)].concat())])
}

/// The question before a member loses the place that their answer holds.
#[must_use]
pub fn would_lose_place(
    event: &Event,
    member: UserId,
    (held, wanted): (Signup, OptionId),
) -> Message {
    let who = person(member);
    let (now, then) = (label(event, held.option), label(event, wanted));
    let full = place_of(event, wanted);
    let text = format!(
        "## Members\n**{full}** is full, and {who} has a place under **{now}**. Nothing was \
         changed.\n**Swap:** choose who gives {who} their place under **{full}**. {who} gets it \
         with the answer **{then}**, and they get {who}'s place under **{now}**.\n**Or give up the \
         place:** {who} waits for one under **{then}**, and the place under **{now}** goes to the \
         next on the waitlist."
    );
    let give_up = Action::MemberMove(event.id, member, wanted);
    let parts = vec![
        Component::text(text),
        swap_select(event, member, wanted),
        Component::buttons(vec![Button::new(Style::Danger, "Give up the place", give_up)]),
    ];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// Two have swapped.
#[must_use]
pub fn swapped(member: UserId, with: UserId, done: &ForMember) -> Message {
    let event = &done.posted.sheet.event;
    let (first, second) = (person(member), person(with));
    let gets = done.now.as_ref().map(|line| {
        let under = label(event, line.signup.option);
        format!("{first} has {second}'s place under **{under}**")
    });
    let gives = done.before.map(|before| {
        let under = label(event, before.option);
        let is_coming = event.options.get(before.option).is_some_and(|option| option.coming);
        match before.place {
            Place::Waiting | Place::Passed => {
                format!("{second} waits for a place under **{under}** instead")
            }
            Place::Seated | Place::Offered(_) if is_coming => {
                format!("{second} has {first}'s place under **{under}**")
            }
            Place::Seated | Place::Offered(_) => {
                format!("{second} has {first}'s answer **{under}**")
            }
        }
    });
    let both: Vec<_> = gets.into_iter().chain(gives).collect();
    let text = format!("## Members\nThey have swapped: {}.", both.join(", and "));
    let undo = Action::MemberUndo(event.id, member, done.version);
    let undo = Button::new(Style::Secondary, "Undo", undo);
    let parts = [vec![Component::section(text, undo)], steps(event)].concat();
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn label(event: &Event, option: OptionId) -> String {
    let option = event.options.get(option);
    option.map_or_else(|| "that".to_owned(), |option| plain(&event.options.name_of(option)))
}

/// What has the places that an answer takes: its heading, if that has any, or itself.
fn place_of(event: &Event, option: OptionId) -> String {
    event.lines().heading_of(option).map_or_else(|| label(event, option), plain)
}

fn swap_select(event: &Event, member: UserId, option: OptionId) -> Component {
    let action = Action::MemberSwap(event.id, member, option);
    let heading = event.lines().heading_of(option).map(Into::into);
    let option = event.options.get(option);
    let name = heading.or_else(|| option.map(|option| event.options.name_of(option)));
    let name = name.unwrap_or_else(|| "that".into());
    let words = fitted(&format!("Who gives up their place under {name}?"), PLACEHOLDER_MAX);
    Component::row(vec![Component::UserSelect(EntitySelect::user(action, &words))])
}

fn steps(event: &Event) -> Vec<Component> {
    let choice = |option: &AnswerOption| {
        let value = option.id.get().to_string();
        let label = fitted(&event.options.name_of(option), 100);
        SelectOption { label, value, ..SelectOption::default() }.with_emoji(&option.emoji)
    };
    let options = event.options.offered().map(choice).collect();
    let put = Select::new(Action::MemberOption(event.id), "Give somebody an answer…", options);
    let remove = EntitySelect::user(Action::MemberRemove(event.id), "Remove somebody's answer…");
    vec![
        Component::row(vec![Component::Select(put)]),
        Component::row(vec![Component::UserSelect(remove)]),
    ]
}

#[cfg(test)]
mod tests {
    use muster_domain::roster::Guests;
    use muster_domain::signup_details::SignupDetails;
    use muster_store::model::RosterLine;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{fullest_event, huge, posted, sheet_of, signup, texts};

    #[test]
    fn every_state_of_the_panel_fits() {
        let event = fullest_event();
        check(&panel(&event)).unwrap();
        check(&who(&event, event.options.offered().next().unwrap())).unwrap();
        let member = UserId::new(huge(3));
        let signup = signup(Place::Waiting, Guests::NONE);
        let line = RosterLine { member, signup, details: SignupDetails::default(), rank: 4_999 };
        for (before, now) in
            [(None, Some(line.clone())), (Some(signup), None), (Some(signup), Some(line.clone()))]
        {
            let posted = posted(sheet_of(&event, 5_000));
            let panel = done(member, &ForMember { posted, before, now, version: 9 });
            check(&panel).unwrap();
            assert!(texts(&panel).contains(&person(member)));
        }
        let option = event.options.offered().next().unwrap().id;
        check(&would_lose_place(&event, member, (signup, option))).unwrap();
        let posted = posted(sheet_of(&event, 5_000));
        let of = ForMember { posted, before: Some(signup), now: Some(line), version: 9 };
        check(&swapped(member, UserId::new(huge(4)), &of)).unwrap();
    }
}
