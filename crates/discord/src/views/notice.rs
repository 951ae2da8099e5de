//! News about an event, told to those whom it concerns.

use muster_domain::answer_option::OptionId;
use muster_domain::event::Event;
use muster_domain::id::{DeliveryId, RoleId, UserId};
use muster_domain::notice::News;
use muster_domain::reminder::{Audience, Placeholder, filled};
use muster_domain::sheet::Sheet;
use muster_engine::discord::{Direct, Notice};

use crate::custom_id::Action;
use crate::views::message::{AllowedMentions, Button, Embed, Message, Style};
use crate::views::messages::{Key, Words};
use crate::views::own::which;
use crate::views::panel;
use crate::views::post::{mention, mentions_of};
use crate::views::telling::whom;
use crate::views::text::{
    fitted, full, grouped, length, person_in, plain, relative, shortened, title_of,
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
pub fn notice(words: Words, notice: &Notice<'_>, delivery: DeliveryId) -> Message {
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
    let mut buttons = vec![Button::new(Style::Primary, words.plain(Key::NoticeShow), show)];
    if notice.news == News::Offered {
        buttons.insert(0, accept(words, event));
    }
    if notice.news == News::TooFew {
        let cancel = words.plain(Key::PanelCancel);
        buttons.push(Button::new(Style::Danger, cancel, Action::Cancel(event.id)));
    }
    let message = said(words, Message::text(content(words, notice)), notice);
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
pub fn direct(words: Words, direct: &Direct<'_>, delivery: DeliveryId) -> Message {
    let Direct { sheet, post, news, words: said_by_organiser, held, is_waiting } = *direct;
    let event = &sheet.event;
    let alone = Notice::of(sheet, news);
    let alone = Notice { words: said_by_organiser, held: held.as_slice(), ..alone };
    let place = match post {
        Some((channel, message)) => panel::link(event.guild, channel, message),
        None => panel::channel_link(event.guild, event.channel),
    };
    let no_more = Action::NoDirect(event.guild, event.id, Some(delivery));
    let mut buttons = vec![
        Button::link(words.plain(Key::NoticeGo), place),
        Button::new(Style::Secondary, words.plain(Key::NoticeStop), no_more),
    ];
    if news == News::Offered {
        let decline = Action::OfferDecline(event.guild, event.id);
        let decline = Button::new(Style::Danger, words.plain(Key::OwnWithdraw), decline);
        buttons.splice(0..0, [accept(words, event), decline]);
    }
    let sentence = sentence_to_one(words, &alone, is_waiting);
    said(words, Message::text(sentence), &alone).row(buttons)
}

/// Takes the place that is held for who taps, whoever that is: it asks who they are, not whom the
/// message is for.
fn accept(words: Words, event: &Event) -> Button {
    let accept = Action::OfferAccept(event.guild, event.id);
    Button::new(Style::Success, words.plain(Key::OwnAccept), accept)
}

/// To one member, nobody is "many".
fn sentence_to_one(words: Words, notice: &Notice<'_>, is_waiting: bool) -> String {
    let title = title_of(&notice.sheet.event);
    let about = About::of(notice, &title, ANSWER_MAX);
    let mut said = match notice.news {
        News::Promoted => about.said(words, Key::NoticePromoted),
        News::Offered => {
            let held = match &about.under {
                Some(_) => Key::NoticeOfferedAloneUnder,
                None => Key::NoticeOfferedAlone,
            };
            let mut said = about.said(words, held) + &expires(words, notice);
            said.push(' ');
            said.push_str(words.plain(Key::NoticeOfferedDecline));
            said
        }
        News::Unseated => about.said(words, Key::NoticeUnseated),
        // An organiser's words follow.
        News::Told if is_waiting => return about.said(words, Key::NoticeToldPlaceless),
        News::Moved
        | News::Cancelled
        | News::BackOn
        | News::TooFew
        | News::Told
        | News::Reminder => sentence(words, notice, (&title, ANSWER_MAX)),
    };
    if is_waiting {
        said.push(' ');
        said.push_str(words.plain(Key::NoticePlaceless));
    }
    said
}

/// What is filled in where something is said of an event.
struct About<'a> {
    title: &'a str,
    when: String,
    away: String,
    /// The answer under which all the places are held that it tells of, if there are several ways
    /// to come.
    under: Option<String>,
}

impl<'a> About<'a> {
    /// Of an answer, `answer_max` characters are named; none if that is 0.
    fn of(notice: &Notice<'_>, title: &'a str, answer_max: usize) -> Self {
        let event = &notice.sheet.event;
        let start = event.details.span.start();
        let under = of_all(notice, answer_max).and_then(|option| which(event, option, answer_max));
        Self { title, when: full(start), away: relative(start), under }
    }

    fn said(&self, words: Words, key: Key) -> String {
        self.said_with(words, key, ("", ""))
    }

    /// The same with one thing more.
    fn said_with(&self, words: Words, key: Key, more: (&str, &str)) -> String {
        let Self { title, when, away, under } = self;
        let answer = under.as_deref().unwrap_or_default();
        let values = [("title", *title), ("when", when), ("away", away), ("answer", answer), more];
        words.filled(key, &values)
    }
}

/// The sentence comes first, as a phone shows the beginning. Eighty mentions leave room for little
/// more: then the title is shortened, and the mentions move together.
fn content(words: Words, notice: &Notice<'_>) -> String {
    let mut content = String::new();
    let steps =
        [(100, " ", ANSWER_MAX), (100, "", ANSWER_MAX), (60, "", 20), (20, "", 20), (20, "", 0)];
    for (title_max, between, answer_max) in steps {
        let title = shortened(notice.sheet.event.details.title.as_str(), title_max);
        let mentions = mentioned(words, notice, between, answer_max);
        let sentence = sentence(words, notice, (&plain(&title), answer_max));
        content = format!("{sentence}{}\n{mentions}", part(words, notice));
        if length(&content) <= CONTENT_MAX {
            break;
        }
    }
    content.trim_end().to_owned()
}

/// Of an answer, `answer_max` characters are named. If that is 0, all is left out that can be.
fn sentence(words: Words, notice: &Notice<'_>, (title, answer_max): (&str, usize)) -> String {
    let about = About::of(notice, title, answer_max);
    let say = |key| about.said(words, key);
    match notice.news {
        News::Moved => say(Key::NoticeMoved),
        News::Cancelled => say(Key::NoticeCancelled),
        News::BackOn => say(Key::NoticeBack),
        News::Promoted => say(match told_to(notice) {
            To::Nobody => Key::NoticePromotedHidden,
            To::Many => Key::NoticePromotedMany,
            To::Mentioned => Key::NoticePromoted,
        }),
        News::Offered => match (told_to(notice), &about.under) {
            (To::Nobody, None) => say(Key::NoticeOfferedHidden),
            (To::Nobody, Some(_)) => say(Key::NoticeOfferedHiddenUnder),
            (To::Many, _) => say(Key::NoticeOfferedMany),
            (To::Mentioned, Some(_)) => say(Key::NoticeOfferedUnder) + &expires(words, notice),
            (To::Mentioned, None) if answer_max > 0 => {
                say(Key::NoticeOffered) + &expires(words, notice)
            }
            (To::Mentioned, None) => say(Key::NoticeOfferedShort) + &expires(words, notice),
        },
        News::Unseated => say(match told_to(notice) {
            To::Nobody => Key::NoticeUnseatedHidden,
            To::Many => Key::NoticeUnseatedMany,
            To::Mentioned => Key::NoticeUnseated,
        }),
        News::TooFew => {
            about.said_with(words, Key::NoticeFew, ("people", &enough(words, notice.sheet)))
        }
        News::Told => match for_whom(words, notice) {
            Some(whom) => about.said_with(words, Key::NoticeToldWhom, ("whom", whom)),
            None => say(Key::NoticeTold),
        },
        News::Reminder => say(Key::NoticeReminder),
    }
}

/// To whom something is said that only some members did.
#[derive(Clone, Copy)]
enum To {
    /// To those whom it mentions.
    Mentioned,
    /// To more than can be mentioned.
    Many,
    /// To nobody by name, as names are hidden.
    Nobody,
}

fn told_to(notice: &Notice<'_>) -> To {
    if hides_names(notice) {
        To::Nobody
    } else if notice.mentions.is_empty() {
        To::Many
    } else {
        To::Mentioned
    }
}

/// Whom an organiser says something to, where no mention shows it and not all are meant.
fn for_whom(words: Words, notice: &Notice<'_>) -> Option<&'static str> {
    match notice.audience {
        Some(audience @ (Audience::Going | Audience::Waitlisted)) if notice.mentions.is_empty() => {
            Some(words.plain(whom(audience)))
        }
        Some(_) | None => None,
    }
}

/// The answer under which all the places are held that it tells of, if that is one.
fn of_all(notice: &Notice<'_>, answer_max: usize) -> Option<OptionId> {
    let first = notice.held.first().filter(|_| answer_max > 0)?;
    let is_same = notice.held.iter().all(|place| place.option == first.option);
    is_same.then_some(first.option)
}

/// " It expires in 5 minutes.": all who are told together were offered their places together.
fn expires(words: Words, notice: &Notice<'_>) -> String {
    let Some(place) = notice.held.first() else { return String::new() };
    let mut text = " ".to_owned();
    words.push(&mut text, Key::NoticeOfferedExpires, &[("away", &relative(place.until))]);
    text
}

/// "3 of 5".
fn enough(words: Words, sheet: &Sheet) -> String {
    let coming = grouped(sheet.coming);
    match sheet.event.rules.minimum {
        Some(minimum) => {
            let wanted = grouped(minimum.people.places());
            words.filled(Key::NoticeFewOf, &[("coming", &coming), ("wanted", &wanted)])
        }
        None => coming,
    }
}

/// An organiser's words stand on a card, where mentions in them notify nobody and take no room.
fn said(words: Words, message: Message, notice: &Notice<'_>) -> Message {
    let Some(said) = notice.words else { return message };
    let description = match notice.news {
        News::Reminder => {
            let value = |placeholder| value_of(words, placeholder, notice.sheet);
            fitted(&filled(said.as_str(), value), DESCRIPTION_MAX)
        }
        News::Moved
        | News::Cancelled
        | News::BackOn
        | News::Promoted
        | News::Offered
        | News::Unseated
        | News::TooFew
        | News::Told => said.as_str().to_owned(),
    };
    let card = Embed { description, color: BLUE, ..Embed::default() };
    Message { embeds: Some(vec![card]), ..message }
}

/// What stands for a placeholder in the text of a reminder.
fn value_of(words: Words, placeholder: Placeholder, sheet: &Sheet) -> String {
    let event = &sheet.event;
    let start = event.details.span.start();
    match placeholder {
        Placeholder::Title => title_of(event),
        Placeholder::Start => full(start),
        Placeholder::Relative => relative(start),
        Placeholder::Host => person_in(words, event.host),
        Placeholder::Location => match &event.details.location {
            Some(location) => plain(location.as_str()),
            None => words.plain(Key::NoticeNowhere).to_owned(),
        },
        Placeholder::Count => grouped(sheet.coming),
    }
}

/// " (2 of 3)".
fn part(words: Words, notice: &Notice<'_>) -> String {
    if notice.parts <= 1 {
        return String::new();
    }
    let [part, parts] = [notice.part, notice.parts].map(|number| number.to_string());
    let mut text = " ".to_owned();
    words.push(&mut text, Key::NoticePart, &[("part", &part), ("parts", &parts)]);
    text
}

fn mentioned(words: Words, notice: &Notice<'_>, between: &str, answer_max: usize) -> String {
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
    let without = |members: &str| words.filled(Key::NoticeWithout, &[("members", members)]);
    match (others.is_empty(), waiting.is_empty()) {
        (_, true) => listed(others),
        (true, false) => without(&listed(waiting)),
        (false, false) => format!("{}\n{}", listed(others), without(&listed(waiting))),
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
