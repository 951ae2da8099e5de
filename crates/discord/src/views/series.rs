//! A series as its organisers see and change it.

mod forms;

use jiff::civil::{DateTime, Time};
use muster_domain::duration::duration_in_words;
use muster_domain::id::RoleId;
use muster_domain::recurrence::{DayOrTime, Occurrence, Recurrence};
use muster_domain::reminder::time_in_words;
use muster_domain::series::{Series, SeriesPlan};
use muster_domain::settings::GuildSettings;
use muster_domain::when::describe;
use muster_engine::series::SeriesView;
use muster_store::model::Posted;

pub use self::forms::{day_title, field, form, form_of, posting_form};
use crate::custom_id::{Action, AnswersOf};
use crate::views::left_out;
use crate::views::message::{
    Button, Component, EntitySelect, Message, Select, SelectOption, Style,
};
use crate::views::messages::Words;
use crate::views::panel::link;
use crate::views::post::mention;
use crate::views::text::{fitted, full, plain, relative, shortened, title_of};
use crate::views::undo::Made;

const BLUE: u32 = 0x58_65_F2;

/// Channels in which a series can be posted: of text, of announcements, and forums.
const POSTING_CHANNELS: [u8; 3] = [0, 5, 15];

/// Dates to come that a panel shows.
pub const DATES_SHOWN: usize = 10;

/// Times of reminders that a panel names.
const TIMES_SHOWN: usize = 10;

/// Characters of a rule in words where there is room for one.
const RULE_MAX: usize = 300;

/// The panel of a series.
#[must_use]
pub fn panel(view: &SeriesView, made: Made) -> Message {
    with_note(view, made, None)
}

fn with_note(view: &SeriesView, made: Made, note: Option<String>) -> Message {
    let series = &view.series;
    let mut parts = vec![
        Component::text(format!(
            "## 🔁 {}\n{}{}\n{}{}",
            plain(series.plan.title.as_str()),
            rhythm(series),
            remark(&series.plan),
            posting(series, &view.settings),
            reminding(&series.plan),
        )),
        Component::separator(),
        Component::text(dates(view)),
    ];
    parts.extend(note.map(Component::text));
    parts.extend(picks(view));
    parts.push(Component::buttons(buttons(series, made)));
    if series.ended_at.is_none() {
        let place = Action::SeriesPlace(series.id);
        let place = Button::new(Style::Secondary, "Channel and role", place);
        let answers = Action::AnswersBack(AnswersOf::Series(series.id));
        let answers = Button::new(Style::Secondary, "Answers", answers);
        parts.push(Component::buttons(vec![answers, place]));
    }
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// Where a series is posted, and whom that mentions, to be chosen anew.
#[must_use]
pub fn place(series: &Series) -> Message {
    let SeriesPlan { title, channel, made_of, .. } = &series.plan;
    let mentioned = made_of.mention.map(|role| mention(role, series.guild));
    let text = format!(
        "## {}\nPosted in <#{channel}>, where it mentions {}. What you choose here applies to \
         everything still to be posted.",
        plain(title.as_str()),
        mentioned.as_deref().unwrap_or("nobody")
    );
    let id = series.id;
    let (what, kinds) = ("Another channel", POSTING_CHANNELS.to_vec());
    let channel = EntitySelect::channel(Action::SeriesChannel(id), what, None, kinds);
    let role = EntitySelect::roles(Action::SeriesMention(id), "Another role", &[], 1);
    let nobody = mentioned
        .map(|_| Button::new(Style::Secondary, "Mention nobody", Action::SeriesMentionNobody(id)));
    let back = Button::new(Style::Secondary, "Back", Action::Series(id));
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
pub fn created(view: &SeriesView, not_given: &[RoleId]) -> Message {
    with_note(view, Made::Change, left_out::roles(not_given))
}

/// "every Tuesday and Thursday, 20:00 – 22:00 (Europe/Berlin)".
pub(crate) fn rhythm(series: &Series) -> String {
    let plan = &series.plan;
    let words = fitted(&plain(&plan.recurrence.in_words()), RULE_MAX);
    format!("**{words}**, {} ({})", times(plan), plan.zone)
}

/// With which reminders its events begin, if they are not those of the server.
fn reminding(plan: &SeriesPlan) -> String {
    let Some(own) = &plan.made_of.reminders else { return String::new() };
    if own.is_empty() {
        return "\nNobody is reminded of its events".to_owned();
    }
    let mut times: Vec<_> = own.in_order(None).into_iter().map(|one| one.time).collect();
    times.dedup();
    let more = times.len().saturating_sub(TIMES_SHOWN);
    times.truncate(TIMES_SHOWN);
    let times: Vec<_> = times.into_iter().map(time_in_words).collect();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("\nIts events have reminders of their own: {}{more}", times.join(", "))
}

/// What is to be known of a rule that leaves out what one might expect, on a line of its own.
fn remark(plan: &SeriesPlan) -> String {
    let remark = plan.recurrence.remark(plan.start);
    remark.map(|remark| format!("\n-# {}", remark.sentence())).unwrap_or_default()
}

/// "20:00 – 22:00", or "20:00, for 3d".
pub(crate) fn times(plan: &SeriesPlan) -> String {
    let begins = plan.start.time();
    let lasts = plan.made_of.duration;
    let ends = plan.start.checked_add(lasts).ok().filter(|_| lasts.as_hours() < 24);
    let of_day = |time: Time| time.strftime("%H:%M").to_string();
    match ends {
        Some(ends) => format!("{} – {}", of_day(begins), of_day(ends.time())),
        None => format!("{}, for {}", of_day(begins), duration_in_words(lasts)),
    }
}

fn posting(series: &Series, settings: &GuildSettings) -> String {
    use muster_domain::series::Posting;

    let plan = &series.plan;
    let usual = settings.posts_at().strftime("%H:%M").to_string();
    let when = match plan.posting {
        Posting::Day { time: None, .. } => format!("{} at {usual}", plan.posting.in_words()),
        Posting::Day { time: Some(_), .. } | Posting::Ahead(_) => plan.posting.in_words(),
    };
    let ended =
        series.ended_at.map_or("", |_| "\n**This series has ended: nothing more is posted.**");
    format!("Posted {when}, in <#{}>{ended}", plan.channel)
}

fn dates(view: &SeriesView) -> String {
    let made = view.events.iter().map(made_line);
    let upcoming = view.series.upcoming(DATES_SHOWN);
    let next = upcoming.iter().filter(|next| view.made_at(next.wall).is_none());
    let next = next.map(|next| format!("{} ({})", full(next.at), relative(next.at)));
    let lines: Vec<_> = made.chain(next).map(|line| format!("• {line}")).collect();
    if lines.is_empty() {
        return "No more dates.".to_owned();
    }
    format!("**To come**\n{}", lines.join("\n"))
}

/// An event of the series that exists already.
fn made_line(posted: &Posted) -> String {
    let event = &posted.sheet.event;
    let start = event.details.span.start();
    let cancelled = if event.cancelled_at.is_some() { ", cancelled" } else { "" };
    match posted.post.message {
        Some(message) => {
            let link = link(event.guild, posted.post.channel, message);
            format!("{} [posted]({link}){cancelled}", full(start))
        }
        None => format!("{} (changed alone){cancelled}", full(start)),
    }
}

/// Lists from which one date is chosen.
fn picks(view: &SeriesView) -> Vec<Component> {
    let series = &view.series;
    let option = |wall: DateTime| SelectOption {
        label: wall_in_words(wall),
        value: Action::SeriesSkip(series.id, wall).to_string(),
        ..SelectOption::default()
    };
    let upcoming = series.upcoming(DATES_SHOWN);
    let options: Vec<_> = upcoming.iter().map(|next| option(next.wall)).collect();
    let mut picks = Vec::new();
    if !options.is_empty() {
        let what = "One date: skip it, change it or post it now";
        let select = Select::new(Action::SeriesDate(series.id), what, options);
        picks.push(Component::row(vec![Component::Select(select)]));
    }
    let back = |wall: &DateTime| SelectOption {
        label: wall_in_words(*wall),
        value: Action::SeriesUnskip(series.id, *wall).to_string(),
        ..SelectOption::default()
    };
    let out: Vec<_> = left_out(series).iter().take(DATES_SHOWN).map(back).collect();
    if !out.is_empty() {
        let what = "A skipped date: bring it back";
        let select = Select::new(Action::SeriesSkipped(series.id), what, out);
        picks.push(Component::row(vec![Component::Select(select)]));
    }
    picks
}

fn buttons(series: &Series, made: Made) -> Vec<Button> {
    let id = series.id;
    let mut buttons = if series.ended_at.is_some() {
        vec![Button::new(Style::Primary, "Resume", Action::SeriesResume(id))]
    } else {
        vec![
            Button::new(Style::Primary, "Edit", Action::SeriesEdit(id)),
            Button::new(Style::Secondary, "When it is posted", Action::SeriesPosting(id)),
            Button::new(Style::Danger, "End the series", Action::SeriesEnd(id)),
        ]
    };
    buttons.extend(made.button(Words::usual(), Action::SeriesUndo(id, series.version)));
    if series.day.is_some() {
        buttons.push(Button::new(Style::Secondary, "Weekly schedule", Action::Week));
    }
    buttons
}

/// One occurrence that is still to be made.
#[must_use]
pub fn one(series: &Series, occurrence: Occurrence) -> Message {
    let (id, wall) = (series.id, occurrence.wall);
    let title = plain(series.plan.title.as_str());
    let text = format!(
        "## {title}\n{} ({})\nWhat you change here applies to this date alone.",
        full(occurrence.at),
        relative(occurrence.at)
    );
    let buttons = vec![
        Button::new(Style::Danger, "Skip it", Action::SeriesSkip(id, wall)),
        Button::new(Style::Primary, "Change it alone", Action::SeriesEditOne(id, wall)),
        Button::new(Style::Secondary, "Post it now", Action::SeriesPostNow(id, wall)),
        Button::new(Style::Secondary, "Back", Action::Series(id)),
    ];
    let parts = vec![Component::text(text), Component::buttons(buttons)];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// An occurrence was left out.
#[must_use]
pub fn skipped(view: &SeriesView, wall: DateTime) -> Message {
    let said = format!("{} is skipped.", wall_in_words(wall));
    let back = Action::SeriesUnskip(view.series.id, wall);
    answered(view, &said, Button::new(Style::Primary, "Bring it back", back))
}

/// An occurrence takes place after all.
#[must_use]
pub fn unskipped(view: &SeriesView, wall: DateTime) -> Message {
    let said = format!("{} takes place after all.", wall_in_words(wall));
    let skip = Action::SeriesSkip(view.series.id, wall);
    answered(view, &said, Button::new(Style::Secondary, "Skip it", skip))
}

fn answered(view: &SeriesView, said: &str, button: Button) -> Message {
    let open = Button::new(Style::Secondary, "The series", Action::Series(view.series.id));
    let title = plain(view.series.plan.title.as_str());
    let parts = vec![
        Component::text(format!("**{title}**: {said}")),
        Component::buttons(vec![button, open]),
    ];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// An occurrence that is being posted now.
#[must_use]
pub fn posting_now(posted: &Posted) -> Message {
    let event = &posted.sheet.event;
    let title = title_of(event);
    let start = full(event.details.span.start());
    let text = match posted.post.message {
        Some(message) => {
            let link = link(event.guild, posted.post.channel, message);
            format!("**{title}** of {start} is posted already: {link}")
        }
        None => format!("**{title}** of {start} is being posted in <#{}>.", event.channel),
    };
    let buttons = vec![
        Button::new(Style::Primary, "Edit", Action::Edit(event.id)),
        Button::new(Style::Danger, "Cancel the event", Action::Cancel(event.id)),
    ];
    let parts = vec![Component::text(text), Component::buttons(buttons)];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// Asks which of several rules was meant.
#[must_use]
pub fn which_repeat(draft: muster_domain::id::InteractionId, rules: &[Recurrence]) -> Message {
    let pick = |(index, rule): (usize, &Recurrence)| {
        let index = u8::try_from(index).unwrap_or(u8::MAX);
        let label = shortened(&rule.in_words(), 80);
        Button::new(Style::Primary, label, Action::PickRepeat(draft, index))
    };
    let mut buttons: Vec<_> = rules.iter().take(4).enumerate().map(pick).collect();
    buttons.push(Button::new(Style::Secondary, "Write it differently", Action::Retry(draft)));
    Message::text("That can repeat in more than one way. Which one did you mean?").row(buttons)
}

/// "Tue 24 Dec 2026, 20:00", as it stands on the wall of the series' zone.
pub(crate) fn wall_in_words(wall: DateTime) -> String {
    let at = jiff::tz::TimeZone::UTC.to_timestamp(wall);
    at.map_or_else(|_| wall.to_string(), |at| describe(at, &jiff::tz::TimeZone::UTC))
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
