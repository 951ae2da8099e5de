//! News about an event, told to those whom it concerns.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::event::Event;
use muster_domain::id::{DeliveryId, RoleId, UserId};
use muster_domain::notice::News;
use muster_domain::reminder::{Audience, Placeholder, filled};
use muster_domain::sheet::Sheet;
use muster_engine::discord::{Direct, Notice};

use crate::custom_id::Action;
use crate::views::message::{AllowedMentions, Button, Embed, Message, Style};
use crate::views::own::under;
use crate::views::panel;
use crate::views::post::{mention, mentions_of};
use crate::views::telling::whom;
use crate::views::text::{
    fitted, full, grouped, length, person, plain, relative, shortened, title_of,
};

/// Characters of a message. (Discord docs: "Message", create)
const CONTENT_MAX: usize = 2_000;

/// Characters that an embed shows of a reminder's words. Discord takes 4,096, and a name filled in
/// many times is longer than what an organiser wrote. (Discord docs: "Embed Limits")
const DESCRIPTION_MAX: usize = 2_000;

/// Characters of an answer's name.
const ANSWER_MAX: usize = 40;

const BLUE: u32 = 0x58_65_F2;

/// The message. Its button carries the delivery, as the mark to find it again.
#[must_use]
pub fn notice(notice: &Notice<'_>, delivery: DeliveryId) -> Message {
    let event = &notice.sheet.event;
    // Names may have been hidden after it was planned.
    let mentions = if hides_names(notice) { &[] } else { notice.mentions };
    let notice = &Notice { mentions, ..*notice };
    let allowed_mentions = if notice.mentions.is_empty() {
        mentions_of(role_of(notice), event.guild)
    } else {
        AllowedMentions { users: notice.mentions.to_vec(), ..AllowedMentions::default() }
    };
    let show = Action::Show(event.id, Some(delivery));
    let mut buttons = vec![Button::new(Style::Primary, "Show event", show)];
    if notice.news == News::Offered {
        buttons.insert(0, accept(event));
    }
    if notice.news == News::TooFew {
        buttons.push(Button::new(Style::Danger, "Cancel the event", Action::Cancel(event.id)));
    }
    let message = said(Message::text(content(notice)), notice);
    Message { allowed_mentions, ..message }.row(buttons)
}

/// Whether it may say of nobody that it is for them: who the organiser is, everybody may know.
fn hides_names(notice: &Notice<'_>) -> bool {
    notice.sheet.event.rules.names_hidden && notice.news != News::TooFew
}

/// The role to mention in the place of members. Where names are hidden nobody knows how few they
/// are: a role is not called together for one who moved up.
fn role_of(notice: &Notice<'_>) -> Option<RoleId> {
    let is_for_single = matches!(notice.news, News::Promoted | News::Offered | News::Unseated);
    let role = notice.role.or(notice.sheet.event.mention);
    // That too few are coming is for organisers alone.
    let is_for_nobody = notice.news == News::TooFew || (is_for_single && hides_names(notice));
    role.filter(|_| !is_for_nobody)
}

/// The message: nobody is mentioned, and there is a way to the event and one out. The latter
/// carries the delivery, as the mark to find it again.
#[must_use]
pub fn direct(direct: &Direct<'_>, delivery: DeliveryId) -> Message {
    let Direct { sheet, post, news, words, held, is_waiting } = *direct;
    let event = &sheet.event;
    let alone = Notice { words, held: held.as_slice(), ..Notice::of(sheet, news) };
    let place = match post {
        Some((channel, message)) => panel::link(event.guild, channel, message),
        None => panel::channel_link(event.guild, event.channel),
    };
    let no_more = Action::NoDirect(event.guild, event.id, Some(delivery));
    let mut sentence = sentence_to_one(&alone, &title_of(event));
    if is_waiting {
        // An organiser's words follow.
        sentence = match sentence.strip_suffix(':') {
            Some(before) => format!("{before}. You have no place so far:"),
            None => format!("{sentence} You have no place so far."),
        };
    }
    let mut buttons = vec![
        Button::link("Go to the event", place),
        Button::new(Style::Secondary, "No more messages about it", no_more),
    ];
    if news == News::Offered {
        let decline = Action::OfferDecline(event.guild, event.id);
        let decline = Button::new(Style::Danger, "Withdraw my answer", decline);
        buttons.splice(0..0, [accept(event), decline]);
    }
    said(Message::text(sentence), &alone).row(buttons)
}

/// Takes the place that is held for who taps, whoever that is: it asks who they are, not whom the
/// message is for.
fn accept(event: &Event) -> Button {
    let accept = Action::OfferAccept(event.guild, event.id);
    Button::new(Style::Success, "Accept the place", accept)
}

/// To one member, nobody is "many".
fn sentence_to_one(notice: &Notice<'_>, title: &str) -> String {
    let start = notice.sheet.event.details.span.start();
    let (when, away) = (full(start), relative(start));
    match notice.news {
        News::Promoted => format!("You have a place now: **{title}** on {when}, {away}."),
        News::Offered => format!(
            "A place{} is held for you: **{title}** on {when}.{} *Withdraw my answer* lets the next \
             one have it.",
            of_all(notice, ANSWER_MAX).unwrap_or_default(),
            expires(notice.held.first().map(|place| place.until))
        ),
        News::Unseated => unseated(title, &when),
        News::Moved
        | News::Cancelled
        | News::BackOn
        | News::TooFew
        | News::Told
        | News::Reminder => sentence(notice, title, ANSWER_MAX),
    }
}

/// The sentence comes first, as a phone shows the beginning. Eighty mentions leave room for little
/// more: then the title is shortened, and the mentions move together.
fn content(notice: &Notice<'_>) -> String {
    let mut content = String::new();
    let steps =
        [(100, " ", ANSWER_MAX), (100, "", ANSWER_MAX), (60, "", 20), (20, "", 20), (20, "", 0)];
    for (title_max, between, answer_max) in steps {
        let title = shortened(notice.sheet.event.details.title.as_str(), title_max);
        let mentions = mentioned(notice, between, answer_max);
        let sentence = sentence(notice, &plain(&title), answer_max);
        content = format!("{sentence}{}\n{mentions}", part(notice));
        if length(&content) <= CONTENT_MAX {
            break;
        }
    }
    content.trim_end().to_owned()
}

/// Of an answer, `answer_max` characters are named. If that is 0, all is left out that can be.
fn sentence(notice: &Notice<'_>, title: &str, answer_max: usize) -> String {
    let start = notice.sheet.event.details.span.start();
    let (when, away) = (full(start), relative(start));
    match notice.news {
        News::Moved => format!("**{title}** has a new time: {when}, {away}."),
        News::Cancelled => format!("**{title}** on {when} is cancelled."),
        News::BackOn => format!("**{title}** takes place after all: {when}, {away}."),
        News::Promoted if hides_names(notice) => format!(
            "Somebody moved up from the waitlist of **{title}** on {when}. *Show event* shows \
             whether it was you."
        ),
        News::Promoted if notice.mentions.is_empty() => {
            format!("Many moved up from the waitlist of **{title}** on {when}.")
        }
        News::Promoted => format!("You have a place now: **{title}** on {when}, {away}."),
        News::Offered if hides_names(notice) => format!(
            "Somebody is offered a place{} from the waitlist of **{title}** on {when}. If it is \
             you, *Accept the place* takes it.",
            of_all(notice, answer_max).unwrap_or_default()
        ),
        News::Offered if notice.mentions.is_empty() => format!(
            "Many are offered a place from the waitlist of **{title}** on {when}. If you are \
             among them, *Accept the place* takes it."
        ),
        News::Offered => format!(
            "A place{} is held for you: **{title}** on {when}. *Accept the place*{} takes it.{}",
            of_all(notice, answer_max).unwrap_or_default(),
            if answer_max > 0 { " or the same answer again" } else { "" },
            expires(notice.held.first().map(|place| place.until))
        ),
        News::Unseated if hides_names(notice) => format!(
            "Somebody lost their place at **{title}** on {when} and is on the waitlist now. *Show \
             event* shows whether it was you."
        ),
        News::Unseated if notice.mentions.is_empty() => format!(
            "Many lost their place at **{title}** on {when} and are on the waitlist now. *Show \
             event* shows whether you did."
        ),
        News::Unseated => unseated(title, &when),
        News::TooFew => format!(
            "Fewer are coming to **{title}** on {when} than you wanted: {}. You can cancel it, \
             or let it take place.",
            enough(notice.sheet)
        ),
        News::Told => format!("About **{title}** on {when}, {away}{}:", for_whom(notice)),
        News::Reminder => format!("Reminder: **{title}** on {when}, {away}."),
    }
}

/// Whom an organiser says something to, where no mention shows it and not all are meant.
fn for_whom(notice: &Notice<'_>) -> String {
    match notice.audience {
        Some(audience @ (Audience::Going | Audience::Waitlisted)) if notice.mentions.is_empty() => {
            format!(", for {}", whom(audience))
        }
        Some(_) | None => String::new(),
    }
}

fn unseated(title: &str, when: &str) -> String {
    format!("You no longer have a place at **{title}** on {when}: you are on the waitlist now.")
}

/// " under **Tank**", if all the places that it tells of are held under this answer.
fn of_all(notice: &Notice<'_>, answer_max: usize) -> Option<String> {
    let first = notice.held.first().filter(|_| answer_max > 0)?;
    let is_same = notice.held.iter().all(|place| place.option == first.option);
    is_same.then(|| under(&notice.sheet.event, first.option, answer_max))
}

/// All who are told together were offered their places together.
fn expires(until: Option<Timestamp>) -> String {
    until.map(|until| format!(" It expires {}.", relative(until))).unwrap_or_default()
}

/// "3 of 5".
fn enough(sheet: &Sheet) -> String {
    let coming = grouped(sheet.coming);
    match sheet.event.rules.minimum {
        Some(minimum) => format!("{coming} of {}", grouped(minimum.people.places())),
        None => coming,
    }
}

/// An organiser's words stand on a card, where mentions in them notify nobody and take no room.
fn said(message: Message, notice: &Notice<'_>) -> Message {
    let Some(words) = notice.words else { return message };
    let description = match notice.news {
        News::Reminder => {
            let value = |placeholder| value_of(placeholder, notice.sheet);
            fitted(&filled(words.as_str(), value), DESCRIPTION_MAX)
        }
        News::Moved
        | News::Cancelled
        | News::BackOn
        | News::Promoted
        | News::Offered
        | News::Unseated
        | News::TooFew
        | News::Told => words.as_str().to_owned(),
    };
    let card = Embed { description, color: BLUE, ..Embed::default() };
    Message { embeds: Some(vec![card]), ..message }
}

/// What stands for a placeholder in the text of a reminder.
fn value_of(placeholder: Placeholder, sheet: &Sheet) -> String {
    let event = &sheet.event;
    let start = event.details.span.start();
    match placeholder {
        Placeholder::Title => title_of(event),
        Placeholder::Start => full(start),
        Placeholder::Relative => relative(start),
        Placeholder::Host => person(event.host),
        Placeholder::Location => match &event.details.location {
            Some(location) => plain(location.as_str()),
            None => "a place to be announced".to_owned(),
        },
        Placeholder::Count => grouped(sheet.coming),
    }
}

fn part(notice: &Notice<'_>) -> String {
    if notice.parts > 1 { format!(" ({} of {})", notice.part, notice.parts) } else { String::new() }
}

fn mentioned(notice: &Notice<'_>, between: &str, answer_max: usize) -> String {
    let event = &notice.sheet.event;
    if notice.mentions.is_empty() {
        return role_of(notice).map(|role| mention(role, event.guild)).unwrap_or_default();
    }
    let (waiting, others): (Vec<UserId>, Vec<UserId>) =
        notice.mentions.iter().partition(|member| notice.waiting.contains(member));
    let listed = |members: Vec<UserId>| {
        let mentions: Vec<_> = members.iter().map(|user| format!("<@{user}>")).collect();
        mentions.join(between)
    };
    let is_known = |member: &UserId| notice.held.iter().any(|place| place.member == *member);
    let is_of_one = of_all(notice, answer_max).is_some();
    if answer_max > 0 && !is_of_one && notice.mentions.iter().all(is_known) {
        return by_answer(notice, answer_max, listed);
    }
    match (others.is_empty(), waiting.is_empty()) {
        (_, true) => listed(others),
        (true, false) => format!("Without a place: {}", listed(waiting)),
        (false, false) => format!("{}\nWithout a place: {}", listed(others), listed(waiting)),
    }
}

/// A line for each answer under which places are held, with those for whom.
fn by_answer(
    notice: &Notice<'_>,
    answer_max: usize,
    listed: impl Fn(Vec<UserId>) -> String,
) -> String {
    let options = &notice.sheet.event.options;
    let is_under = |member: &UserId, option: OptionId| {
        notice.held.iter().any(|place| place.member == *member && place.option == option)
    };
    let lines = options.iter().filter_map(|option| {
        let members = notice.mentions.iter().copied();
        let members: Vec<_> = members.filter(|member| is_under(member, option.id)).collect();
        let name = plain(&fitted(&options.name_of(option), answer_max));
        (!members.is_empty()).then(|| format!("**{name}:** {}", listed(members)))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
