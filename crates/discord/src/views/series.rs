//! A series as its organisers see and change it.

mod forms;
mod said;

use jiff::civil::DateTime;
use muster_domain::id::RoleId;
use muster_domain::recurrence::{DayOrTime, Occurrence, Recurrence};
use muster_domain::series::{Series, SeriesPlan};
use muster_engine::series::SeriesView;
use muster_store::model::Posted;

pub use self::forms::{day_title, edit_title, field, form, form_of, posting_form};
use self::said::{posting, remark, reminding, wall_in_words};
pub(crate) use self::said::{rhythm, times};
use crate::custom_id::{Action, AnswersOf};
use crate::views::left_out;
use crate::views::message::{
    Button, Component, EntitySelect, Message, Select, SelectOption, Style,
};
use crate::views::messages::{Key, Words};
use crate::views::panel::link;
use crate::views::post::mention;
use crate::views::text::{full, plain, relative, shortened, title_of};
use crate::views::undo::Made;

const BLUE: u32 = 0x58_65_F2;

/// Channels in which a series can be posted: of text, of announcements, and forums.
const POSTING_CHANNELS: [u8; 3] = [0, 5, 15];

/// Dates to come that a panel shows.
pub const DATES_SHOWN: usize = 10;

/// The panel of a series.
#[must_use]
pub fn panel(words: Words, view: &SeriesView, made: Made) -> Message {
    with_note(words, view, made, None)
}

fn with_note(words: Words, view: &SeriesView, made: Made, note: Option<String>) -> Message {
    let series = &view.series;
    let title = plain(series.plan.title.as_str());
    let mut parts = vec![
        Component::text(format!(
            "{}\n{}{}\n{}{}",
            words.filled(Key::SeriesTitle, &[("title", &title)]),
            rhythm(words, series),
            remark(words, &series.plan),
            posting(words, series, &view.settings),
            reminding(words, &series.plan),
        )),
        Component::separator(),
        Component::text(dates(words, view)),
    ];
    parts.extend(note.map(Component::text));
    parts.extend(picks(words, view));
    parts.push(Component::buttons(buttons(words, series, made)));
    if series.ended_at.is_none() {
        let place = Action::SeriesPlace(series.id);
        let answers = Action::AnswersBack(AnswersOf::Series(series.id));
        parts.push(Component::buttons(vec![
            Button::new(Style::Secondary, words.plain(Key::SeriesAnswers), answers),
            Button::new(Style::Secondary, words.plain(Key::SeriesPlace), place),
        ]));
    }
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// Where a series is posted, and whom that mentions, to be chosen anew.
#[must_use]
pub fn place(words: Words, series: &Series) -> Message {
    let SeriesPlan { title, channel, made_of, .. } = &series.plan;
    let mentioned = made_of.mention.map(|role| mention(role, series.guild));
    let key = if mentioned.is_some() { Key::SeriesPlaceRole } else { Key::SeriesPlaceNobody };
    let (title, channel) = (plain(title.as_str()), format!("<#{channel}>"));
    let role = mentioned.as_deref().unwrap_or_default();
    let text = words.filled(key, &[("title", &title), ("channel", &channel), ("role", role)]);
    let id = series.id;
    let (what, kinds) = (words.plain(Key::SeriesPlaceChannelPick), POSTING_CHANNELS.to_vec());
    let channel = EntitySelect::channel(Action::SeriesChannel(id), what, None, kinds);
    let what = words.plain(Key::SeriesPlaceRolePick);
    let role = EntitySelect::roles(Action::SeriesMention(id), what, &[], 1);
    let button = |key, action| Button::new(Style::Secondary, words.plain(key), action);
    let nobody =
        mentioned.map(|_| button(Key::SeriesPlaceRoleNone, Action::SeriesMentionNobody(id)));
    let back = button(Key::SeriesBack, Action::Series(id));
    let parts = vec![
        Component::text(text),
        Component::row(vec![Component::ChannelSelect(channel)]),
        Component::row(vec![Component::RoleSelect(role)]),
        Component::buttons(nobody.into_iter().chain([back]).collect()),
    ];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// The answer to a new series.
#[must_use]
pub fn created(words: Words, view: &SeriesView, not_given: &[RoleId]) -> Message {
    with_note(words, view, Made::Change, left_out::roles(words, not_given))
}

fn dates(words: Words, view: &SeriesView) -> String {
    let made = view.events.iter().map(|posted| made_line(words, posted));
    let upcoming = view.series.upcoming(DATES_SHOWN);
    let next = upcoming.iter().filter(|next| view.made_at(next.wall).is_none());
    let next = next.map(|next| format!("{} ({})", full(next.at), relative(next.at)));
    let lines: Vec<_> = made.chain(next).map(|line| format!("• {line}")).collect();
    if lines.is_empty() {
        return words.plain(Key::SeriesDatesNone).to_owned();
    }
    format!("{}\n{}", words.plain(Key::SeriesDates), lines.join("\n"))
}

/// An event of the series that exists already.
fn made_line(words: Words, posted: &Posted) -> String {
    let event = &posted.sheet.event;
    let key = match (posted.post.message, event.cancelled_at) {
        (Some(_), None) => Key::SeriesDatePosted,
        (Some(_), Some(_)) => Key::SeriesDatePostedCancelled,
        (None, None) => Key::SeriesDateAlone,
        (None, Some(_)) => Key::SeriesDateAloneCancelled,
    };
    let (when, link) = (full(event.details.span.start()), link_of(posted).unwrap_or_default());
    words.filled(key, &[("when", &when), ("link", &link)])
}

/// Where the event is posted, if it is.
fn link_of(posted: &Posted) -> Option<String> {
    let message = posted.post.message?;
    Some(link(posted.sheet.event.guild, posted.post.channel, message))
}

/// Lists from which one date is chosen.
fn picks(words: Words, view: &SeriesView) -> Vec<Component> {
    let series = &view.series;
    let option = |wall: DateTime| SelectOption {
        label: wall_in_words(words, wall),
        value: Action::SeriesSkip(series.id, wall).to_string(),
        ..SelectOption::default()
    };
    let upcoming = series.upcoming(DATES_SHOWN);
    let options: Vec<_> = upcoming.iter().map(|next| option(next.wall)).collect();
    let mut picks = Vec::new();
    if !options.is_empty() {
        let what = words.plain(Key::SeriesPick);
        let select = Select::new(Action::SeriesDate(series.id), what, options);
        picks.push(Component::row(vec![Component::Select(select)]));
    }
    let back = |wall: &DateTime| SelectOption {
        label: wall_in_words(words, *wall),
        value: Action::SeriesUnskip(series.id, *wall).to_string(),
        ..SelectOption::default()
    };
    let out: Vec<_> = left_out(series).iter().take(DATES_SHOWN).map(back).collect();
    if !out.is_empty() {
        let what = words.plain(Key::SeriesPickSkipped);
        let select = Select::new(Action::SeriesSkipped(series.id), what, out);
        picks.push(Component::row(vec![Component::Select(select)]));
    }
    picks
}

fn buttons(words: Words, series: &Series, made: Made) -> Vec<Button> {
    let id = series.id;
    let button = |style, key, action| Button::new(style, words.plain(key), action);
    let mut buttons = if series.ended_at.is_some() {
        vec![button(Style::Primary, Key::SeriesResume, Action::SeriesResume(id))]
    } else {
        vec![
            button(Style::Primary, Key::SeriesEdit, Action::SeriesEdit(id)),
            button(Style::Secondary, Key::SeriesPosting, Action::SeriesPosting(id)),
            button(Style::Danger, Key::SeriesEnd, Action::SeriesEnd(id)),
        ]
    };
    buttons.extend(made.button(words, Action::SeriesUndo(id, series.version)));
    if series.day.is_some() {
        buttons.push(button(Style::Secondary, Key::SeriesWeek, Action::Week));
    }
    buttons
}

/// One occurrence that is still to be made.
#[must_use]
pub fn one(words: Words, series: &Series, occurrence: Occurrence) -> Message {
    let (id, wall) = (series.id, occurrence.wall);
    let title = plain(series.plan.title.as_str());
    let (when, away) = (full(occurrence.at), relative(occurrence.at));
    let values = [("title", title.as_str()), ("when", &when), ("away", &away)];
    let text = words.filled(Key::SeriesOne, &values);
    let button = |style, key, action| Button::new(style, words.plain(key), action);
    let buttons = vec![
        button(Style::Danger, Key::SeriesOneSkip, Action::SeriesSkip(id, wall)),
        button(Style::Primary, Key::SeriesOneAlone, Action::SeriesEditOne(id, wall)),
        button(Style::Secondary, Key::SeriesOneNow, Action::SeriesPostNow(id, wall)),
        button(Style::Secondary, Key::SeriesBack, Action::Series(id)),
    ];
    let parts = vec![Component::text(text), Component::buttons(buttons)];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// An occurrence was left out.
#[must_use]
pub fn skipped(words: Words, view: &SeriesView, wall: DateTime) -> Message {
    let back = Action::SeriesUnskip(view.series.id, wall);
    let back = Button::new(Style::Primary, words.plain(Key::SeriesOneBack), back);
    answered(words, view, (Key::SeriesOneSkipped, wall), back)
}

/// An occurrence takes place after all.
#[must_use]
pub fn unskipped(words: Words, view: &SeriesView, wall: DateTime) -> Message {
    let skip = Action::SeriesSkip(view.series.id, wall);
    let skip = Button::new(Style::Secondary, words.plain(Key::SeriesOneSkip), skip);
    answered(words, view, (Key::SeriesOneUnskipped, wall), skip)
}

/// Says something of one date.
fn answered(
    words: Words,
    view: &SeriesView,
    (said, wall): (Key, DateTime),
    button: Button,
) -> Message {
    let open = Action::Series(view.series.id);
    let open = Button::new(Style::Secondary, words.plain(Key::SeriesOneSeries), open);
    let title = plain(view.series.plan.title.as_str());
    let date = wall_in_words(words, wall);
    let parts = vec![
        Component::text(words.filled(said, &[("title", &title), ("date", &date)])),
        Component::buttons(vec![button, open]),
    ];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// An occurrence that is being posted now.
#[must_use]
pub fn posting_now(words: Words, posted: &Posted) -> Message {
    let event = &posted.sheet.event;
    let (title, when) = (title_of(event), full(event.details.span.start()));
    let [title, when] = [("title", title.as_str()), ("when", &when)];
    let text = if let Some(link) = link_of(posted) {
        words.filled(Key::SeriesOnePosted, &[title, when, ("link", &link)])
    } else {
        let channel = format!("<#{}>", event.channel);
        words.filled(Key::SeriesOnePosting, &[title, when, ("channel", &channel)])
    };
    let button = |style, key, action| Button::new(style, words.plain(key), action);
    let buttons = vec![
        button(Style::Primary, Key::PanelEdit, Action::Edit(event.id)),
        button(Style::Danger, Key::PanelCancel, Action::Cancel(event.id)),
    ];
    let parts = vec![Component::text(text), Component::buttons(buttons)];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// Asks which of several rules was meant.
#[must_use]
pub fn which_repeat(
    words: Words,
    draft: muster_domain::id::InteractionId,
    rules: &[Recurrence],
) -> Message {
    let pick = |(index, rule): (usize, &Recurrence)| {
        let index = u8::try_from(index).unwrap_or(u8::MAX);
        let label = shortened(&rule.in_words(), 80);
        Button::new(Style::Primary, label, Action::PickRepeat(draft, index))
    };
    let mut buttons: Vec<_> = rules.iter().take(4).enumerate().map(pick).collect();
    let other = words.plain(Key::SeriesWhichOther);
    buttons.push(Button::new(Style::Secondary, other, Action::Retry(draft)));
    Message::text(words.plain(Key::SeriesWhich)).row(buttons)
}

/// What a series leaves out of what is still to come, in order.
fn left_out(series: &Series) -> Vec<DateTime> {
    let time = series.plan.start.time();
    let excluded = series.plan.recurrence.excluded();
    let walls = excluded.map(|entry| match entry {
        DayOrTime::Day(day) => day.to_datetime(time),
        DayOrTime::Time(wall) => wall,
    });
    walls.filter(|wall| series.made_to.is_none_or(|made| made < *wall)).collect()
}

#[cfg(test)]
mod tests;
