//! An event's post has the thread that it is to have, and threads are called as their events are.

use muster_sim::ids::{ChannelId, MessageId};

use super::database::{EventState, Kept, KeptEvent};
use crate::stage::Stage;

/// Characters of a thread's name.
const NAME_MAX: usize = 100;

/// An event that is over so soon, or so lately, is judged neither way.
const ABOUT_MS: i64 = 5 * 60 * 1_000;

/// For so long a thread may have an earlier name: Discord lets it be renamed twice in ten minutes,
/// so that one renaming waits for a while after another.
const RENAMED_MS: i64 = 6 * 60 * 1_000;

/// Judges the thread of an event that takes place, once nothing is left to do.
pub(super) fn judge(stage: &Stage, kept: &Kept, event: &KeptEvent) {
    let recorded = event.thread.filter(|thread| !stage.ledger.lock().threads.contains_key(thread));
    if let Some(thread) = recorded {
        let what = format!("event {} has the thread {thread}, which was never opened", event.id);
        stage.ledger.violation("I2", what);
    }
    let Some(post) = event.message.filter(|_| !event.is_gone && is_on(stage, event)) else {
        return;
    };
    if !stage.inside.world(|world| world.message(MessageId::new(post)).is_some()) {
        return;
    }
    let is_in_forum = event.channel == post;
    if !is_in_forum && event.opens_thread {
        judge_opened(stage, kept, (event, post));
    }
    if is_in_forum || event.thread == Some(post) {
        judge_name(stage, kept, event, post);
    }
}

/// Whether it took place all the time and still does.
fn is_on(stage: &Stage, event: &KeptEvent) -> bool {
    let now_ms = stage.wall.now().as_millisecond();
    event
        .states
        .values()
        .all(|state| !state.is_cancelled && !state.is_deleted && now_ms + ABOUT_MS < state.ends_ms)
}

/// It has a thread, unless the bot may not open one or somebody deleted it.
fn judge_opened(stage: &Stage, kept: &Kept, (event, post): (&KeptEvent, u64)) {
    let thread = stage.inside.world(|world| world.channel(ChannelId::new(post)).cloned());
    let is_there = thread.is_some_and(|thread| {
        thread.is_thread_of(ChannelId::new(event.channel)) && event.thread == Some(post)
    });
    let is_given_up = kept.given_up.contains(&("open_thread".into(), post));
    let may_not = is_given_up && was_ever_kept_from(stage, event.channel);
    let is_gone = stage.ledger.lock().gone.contains(&post);
    if !is_there && !may_not && !is_gone {
        let what = format!("event {}: its post {post} has {:?}", event.id, event.thread);
        stage.ledger.violation("I3", what);
    }
}

/// It is called as the event is, unless it is in the archive.
fn judge_name(stage: &Stage, kept: &Kept, event: &KeptEvent, thread: u64) {
    let found = stage.inside.world(|world| world.channel(ChannelId::new(thread)).cloned());
    let Some(found) = found else { return };
    let is_archived = found.thread.as_ref().is_some_and(|thread| thread.archived);
    let name: String = event.state.title.chars().take(NAME_MAX).collect();
    let is_given_up = kept.given_up.contains(&("rename_thread".into(), thread));
    let may_not = is_given_up && was_ever_kept_from(stage, thread);
    if found.name != name && !is_archived && !may_not && !was_just_renamed(stage, event) {
        let what = format!("event {}: its thread is called {:?}", event.id, found.name);
        stage.ledger.violation("I5", what);
    }
}

/// Whether the event got its name a short while ago.
fn was_just_renamed(stage: &Stage, event: &KeptEvent) -> bool {
    let is_other = |(_, state): &(&u64, &EventState)| state.title != event.state.title;
    let others = event.states.iter().rev().find(is_other).map(|(version, _)| *version);
    let mut since = event.decided_ms.range(others.unwrap_or_default() + 1..);
    let now_ms = stage.wall.now().as_millisecond();
    since.next().is_some_and(|(_, at_ms)| now_ms - at_ms < RENAMED_MS)
}

fn was_ever_kept_from(stage: &Stage, channel: u64) -> bool {
    stage.ledger.was_kept_from(channel, (std::time::Duration::ZERO, stage.ledger.now()))
}
