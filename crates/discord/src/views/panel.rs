//! Answers about one event: it was created, changed, called off; the "⋯" of its post.

use jiff::Timestamp;
use muster_domain::event::{Event, Phase};
use muster_domain::id::{ChannelId, GuildId, MessageId, RoleId};
use muster_domain::roster::Moved;
use muster_domain::rules::CheckIn;
use muster_domain::sheet::Sheet;
use muster_engine::moving::Reposted;
use muster_store::model::{Posted, RosterLine, SeenEvent};

use crate::custom_id::{Action, AnswersOf};
use crate::views::message::{Button, Message, Style};
use crate::views::messages::{Key, Words};
use crate::views::text::{full, relative, title_of};
use crate::views::undo::{self, Moves};
use crate::views::when_words::span_in_words;
use crate::views::{left_out, own, post};

/// The address of a message.
#[must_use]
pub fn link(guild: GuildId, channel: ChannelId, message: MessageId) -> String {
    format!("https://discord.com/channels/{guild}/{channel}/{message}")
}

/// The address of a channel.
#[must_use]
pub fn channel_link(guild: GuildId, channel: ChannelId) -> String {
    format!("https://discord.com/channels/{guild}/{channel}")
}

/// "Understood as Fri 27 Nov 2026, 20:00 – 22:00 (Europe/Berlin)", and how far away that is.
#[must_use]
pub fn understood(words: Words, event: &Event) -> String {
    let (span, zone) = (event.details.span, &event.details.zone);
    let (said, away) = (span_in_words(span, zone), relative(span.start()));
    let zone = zone.to_string();
    words.filled(Key::PanelUnderstood, &[("words", &said), ("zone", &zone), ("away", &away)])
}

/// The answer to a new event.
#[must_use]
pub fn created(
    words: Words,
    sheet: &Sheet,
    post: Option<(ChannelId, MessageId)>,
    not_given: &[RoleId],
    now: Timestamp,
) -> Message {
    let event = &sheet.event;
    let place = match post {
        Some((channel, message)) => {
            let (link, channel) = (link(event.guild, channel, message), in_channel(event.channel));
            words.filled(Key::PanelCreatedPosted, &[("channel", &channel), ("link", &link)])
        }
        None => posting(words, Key::PanelPosting, event.channel),
    };
    let mut lines = vec![about(words, Key::PanelCreated, event), understood(words, event), place];
    lines.extend(what_is_over(words, event, now).chain(left_out::roles(words, not_given)));
    let undo = Action::Undo(SeenEvent::of(event));
    Message::text(lines.join("\n")).row(vec![
        Button::new(Style::Primary, words.plain(Key::PanelEdit), Action::Edit(event.id)),
        secondary(words, Key::PanelLocation, Action::Location(event.id)),
        secondary(words, Key::PanelAnswers, Action::Answers(AnswersOf::Event(event.id))),
        secondary(words, Key::PanelRules, Action::Rules(event.id)),
        Button::new(Style::Danger, words.plain(Key::PanelUndo), undo),
    ])
}

/// Something about an event, by its title.
pub(super) fn about(words: Words, key: Key, event: &Event) -> String {
    words.filled(key, &[("title", &title_of(event))])
}

fn in_channel(channel: ChannelId) -> String {
    format!("<#{channel}>")
}

fn posting(words: Words, key: Key, channel: ChannelId) -> String {
    words.filled(key, &[("channel", &in_channel(channel))])
}

/// What its time leaves no time for, with what can be done about it.
fn what_is_over(words: Words, event: &Event, now: Timestamp) -> impl Iterator<Item = String> {
    let closed = event.closed_by_time(now).then(|| event.answers_until());
    let passed =
        [(Key::PanelPassedAnswers, closed), (Key::PanelPassedMinimum, event.minimum_passed(now))];
    passed.into_iter().filter_map(move |(key, at)| Some(words.filled(key, &[("when", &full(at?))])))
}

/// That a new time opens nothing that was closed by hand.
fn still_closed(words: Words, event: &Event, now: Timestamp) -> Option<String> {
    let by_hand = event.phase(now) == Phase::Closed && event.closed_at.is_some();
    by_hand.then(|| words.plain(Key::PanelEditedClosed).to_owned())
}

/// The answer to a picture.
#[must_use]
pub fn pictured(words: Words, event: &Event) -> Message {
    let has_one = event.image.is_some();
    let key = if has_one { Key::PanelPictured } else { Key::PanelPicturedNone };
    Message::text(about(words, key, event)).row(picture_buttons(words, event))
}

/// What can be done about a picture that was just given.
#[must_use]
pub fn picture_buttons(words: Words, event: &Event) -> Vec<Button> {
    let picture = secondary(words, Key::PanelPicture, Action::Picture(event.id));
    vec![picture, undo::button(words, event)]
}

/// What follows from a new time, if anybody is to hear of it.
pub(super) fn told_of_new_time(words: Words, sheet: &Sheet) -> Option<String> {
    is_anybody_told(sheet).then(|| words.plain(Key::PanelEditedTold).to_owned())
}

/// The answer to an edit.
#[must_use]
pub fn edited(words: Words, before: &Event, now: &Posted, moved: &Moved, at: Timestamp) -> Message {
    let event = &now.sheet.event;
    let mut lines = vec![about(words, Key::PanelEdited, event), understood(words, event)];
    if before.details.span != event.details.span {
        lines.extend(told_of_new_time(words, &now.sheet));
        lines.extend(what_is_over(words, event, at));
        lines.extend(still_closed(words, event, at));
    }
    lines.extend(moves(words, Moves::of(moved)));
    let buttons = vec![
        Button::new(Style::Primary, words.plain(Key::PanelEdit), Action::Edit(event.id)),
        secondary(words, Key::PanelLocation, Action::Location(event.id)),
        undo::button(words, event),
    ];
    let following = event.series.map(|_| {
        let like = Action::SeriesLike(event.id, before.version, event.version);
        secondary(words, Key::PanelEditedFollowing, like)
    });
    Message::text(lines.join("\n"))
        .row(with_post_again(words, buttons, now))
        .row(following.into_iter().collect())
}

/// Who moved because of a change, a line for each way.
pub(super) fn moves(words: Words, moves: Moves) -> impl Iterator<Item = String> {
    let ways = [
        (moves.promoted, Key::PanelPromoted),
        (moves.offered, Key::PanelOffered),
        (moves.unseated, Key::PanelUnseated),
    ];
    let some = ways.into_iter().filter(|(members, _)| *members > 0);
    some.map(move |(members, key)| words.counted(key, members))
}

fn with_moves(words: Words, text: String, moved: &Moved) -> String {
    moves(words, Moves::of(moved)).fold(text, |lines, line| lines + "\n" + &line)
}

/// The answer to a cancellation.
#[must_use]
pub fn cancelled(words: Words, sheet: &Sheet) -> Message {
    let text = off(words, Key::PanelCancelled, sheet);
    Message::text(text).row(vec![undo::button(words, &sheet.event)])
}

/// That an event does not take place, that members hear of it if there is anybody to hear it, and
/// how long it is kept.
pub(super) fn off(words: Words, key: Key, sheet: &Sheet) -> String {
    let mut text = about(words, key, &sheet.event);
    if is_anybody_told(sheet) {
        text.push(' ');
        text.push_str(words.plain(Key::PanelCancelledTold));
    }
    text.push('\n');
    text.push_str(words.plain(Key::PanelCancelledKept));
    text
}

/// Whether members are told of changes of an event: those whose answers mean that they come or may
/// come.
fn is_anybody_told(sheet: &Sheet) -> bool {
    let options = &sheet.event.options;
    let is_told = |id| options.get(id).is_some_and(|option| option.told);
    let seated = sheet.columns.iter().filter(|(id, _)| is_told(*id)).map(|(_, names)| names);
    // Of those without a place it is not known here which answer they gave: one that takes places.
    let may_wait = options.iter().any(|option| option.coming && option.told);
    let placeless = [&sheet.offered, &sheet.waitlist, &sheet.passed];
    seated.chain(placeless.into_iter().filter(|_| may_wait)).any(|names| names.total > 0)
}

/// The answer to taking a cancellation back.
#[must_use]
pub fn restored(words: Words, event: &Event, moved: &Moved) -> Message {
    changed(words, about(words, Key::PanelRestored, event), event, moved)
}

/// The answer to closing the answers.
#[must_use]
pub fn closed(words: Words, event: &Event, moved: &Moved) -> Message {
    changed(words, about(words, Key::PanelClosed, event), event, moved)
}

/// The answer to opening them again.
#[must_use]
pub fn reopened(words: Words, event: &Event, moved: &Moved) -> Message {
    let values = [("title", title_of(event)), ("when", full(event.answers_until()))];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    changed(words, words.filled(Key::PanelReopened, &values), event, moved)
}

fn changed(words: Words, text: String, event: &Event, moved: &Moved) -> Message {
    Message::text(with_moves(words, text, moved)).row(vec![undo::button(words, event)])
}

/// The answer to posting what was not posted yet, or whose post is gone.
#[must_use]
pub fn posted_again(words: Words, posted: &Posted) -> Message {
    let is_gone = posted.post.gone_at.is_some();
    let key = if is_gone { Key::PanelPostingAgain } else { Key::PanelPosting };
    Message::text(posting(words, key, posted.post.channel))
}

/// The answer to moving a post from a channel to another one, or further down.
#[must_use]
pub fn moved(words: Words, reposted: &Reposted) -> Message {
    let Reposted { before, channel: to, delivery } = reposted;
    let (event, is_posted) = (&before.sheet.event, before.post.message.is_some());
    let key = if is_posted { Key::PanelPostingMoved } else { Key::PanelPosting };
    let message = Message::text(posting(words, key, *to));
    if event.channel == *to {
        return message;
    }
    let back = Action::MoveBack(event.id, event.channel, *delivery);
    message.row(vec![secondary(words, Key::PanelPostingBack, back)])
}

/// What "⋯" opens, and what `/event show` shows: the event, where this member stands, and what they
/// can do.
#[must_use]
pub fn panel(
    words: Words,
    posted: &Posted,
    line: Option<&RosterLine>,
    organiser: bool,
    now: Timestamp,
) -> Message {
    let event = &posted.sheet.event;
    let mut message = Message::card(post::card(words, &posted.sheet, now));
    message.content = line.map(|line| own::standing(words, event, line, now));
    // At most five above and five below: a row has no more, and an organiser's panel has no row to
    // spare.
    let own = own_buttons(words, event, line, now);
    let everybody = (organiser || !event.rules.names_hidden)
        .then(|| secondary(words, Key::PanelEverybody, Action::Everybody(event.id)));
    let calendar = secondary(words, Key::PanelCalendar, Action::Calendar(event.id));
    let own = own.into_iter().chain(everybody).chain([calendar]).collect();
    let mut beside = presence_buttons(words, event, organiser, now);
    if let (Some(id), None) = (posted.post.message, posted.post.gone_at) {
        let there = link(event.guild, posted.post.channel, id);
        beside.push(Button::link(words.plain(Key::PanelPost), there));
    }
    if let Some(thread) = posted.post.thread {
        let there = channel_link(event.guild, thread);
        beside.push(Button::link(words.plain(Key::PanelThread), there));
    }
    message = message.row(own).row(beside);
    if organiser {
        let mut buttons = organiser_buttons(words, event, now);
        if matches!(event.phase(now), Phase::Open | Phase::Closed | Phase::Running) {
            buttons = with_post_again(words, buttons, posted);
        }
        let (parts, told) = (part_buttons(words, event, now), word_buttons(words, event, now));
        message = message.row(buttons).row(parts).row(told);
    }
    message
}

/// A button of no weight, as most are.
fn secondary(words: Words, label: Key, action: Action) -> Button {
    Button::new(Style::Secondary, words.plain(label), action)
}

/// What a member can do about their own answer, if they gave one.
fn own_buttons(
    words: Words,
    event: &Event,
    line: Option<&RosterLine>,
    now: Timestamp,
) -> Vec<Button> {
    let Some(line) = line else { return Vec::new() };
    let withdraw = event.takes_withdrawals(now).then(|| own::withdraw(words, event));
    let own = secondary(words, Key::PanelOwn, Action::Own(event.id));
    own::accept(words, event, line, now).into_iter().chain(withdraw).chain([own]).collect()
}

/// Who is there: said by the member, or marked by an organiser.
fn presence_buttons(words: Words, event: &Event, organiser: bool, now: Timestamp) -> Vec<Button> {
    let label = words.plain(Key::PostCheckIn);
    let check_in = || Button::new(Style::Success, label, Action::CheckIn(event.id));
    let mark = || secondary(words, Key::PanelMarked, Action::Presence(event.id));
    let code = || secondary(words, Key::PanelCode, Action::CheckInCode(event.id));
    let is_open = event.can_check_in(now);
    let by_code = organiser && is_open && event.rules.check_in == CheckIn::Code;
    let own = is_open.then(check_in).into_iter().chain(by_code.then(code));
    own.chain((organiser && event.can_be_marked(now)).then(mark)).collect()
}

fn organiser_buttons(words: Words, event: &Event, now: Timestamp) -> Vec<Button> {
    let button = |style, label, action| Button::new(style, words.plain(label), action);
    let edit = button(Style::Primary, Key::PanelEdit, Action::Edit(event.id));
    let place = secondary(words, Key::PanelLocation, Action::Location(event.id));
    let close = secondary(words, Key::PanelClose, Action::Close(event.id));
    let reopen = secondary(words, Key::PanelReopen, Action::Reopen(event.id));
    let cancel = button(Style::Danger, Key::PanelCancel, Action::Cancel(event.id));
    match event.phase(now) {
        Phase::Open => vec![edit, place, close, cancel],
        Phase::Closed | Phase::Running => vec![edit, place, reopen, cancel],
        Phase::Cancelled => {
            vec![button(Style::Primary, Key::PanelBringBack, Action::Restore(event.id))]
        }
        Phase::Over | Phase::Deleted => Vec::new(),
    }
}

/// What an event is made of beside its details.
fn part_buttons(words: Words, event: &Event, now: Timestamp) -> Vec<Button> {
    match event.phase(now) {
        Phase::Open | Phase::Closed | Phase::Running => vec![
            secondary(words, Key::PanelMembers, Action::Members(event.id)),
            secondary(words, Key::PanelAnswers, Action::Answers(AnswersOf::Event(event.id))),
            secondary(words, Key::PanelRules, Action::Rules(event.id)),
            secondary(words, Key::PanelPicture, Action::Picture(event.id)),
        ],
        Phase::Cancelled | Phase::Over | Phase::Deleted => Vec::new(),
    }
}

/// What members hear of an event.
fn word_buttons(words: Words, event: &Event, now: Timestamp) -> Vec<Button> {
    let tell = secondary(words, Key::PanelTell, Action::Tell(event.id));
    let reminders = secondary(words, Key::PanelReminders, Action::Reminders(event.id));
    let series = || secondary(words, Key::PanelSeries, Action::SeriesOf(event.id));
    let series = event.series.map(|_| series());
    match event.phase(now) {
        Phase::Open | Phase::Closed | Phase::Running => {
            [reminders, tell].into_iter().chain(series).collect()
        }
        Phase::Cancelled | Phase::Over => [tell].into_iter().chain(series).collect(),
        Phase::Deleted => Vec::new(),
    }
}

/// Offers to post again where the post was deleted, or never arrived; else further down. In a forum
/// there is no further down.
fn with_post_again(words: Words, mut buttons: Vec<Button>, posted: &Posted) -> Vec<Button> {
    let in_forum = posted.post.channel != posted.sheet.event.channel;
    if posted.post.gone_at.is_some() || posted.post.message.is_none() {
        let again = Action::PostAgain(posted.sheet.event.id);
        let is_gone = posted.post.gone_at.is_some();
        let label = if is_gone { Key::PanelPostAgain } else { Key::PanelPostIt };
        buttons.push(Button::new(Style::Success, words.plain(label), again));
    } else if !in_forum {
        let below = Action::PostBelow(posted.sheet.event.id);
        buttons.push(secondary(words, Key::PanelPostBelow, below));
    }
    buttons
}
