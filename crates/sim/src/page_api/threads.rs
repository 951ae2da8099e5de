//! Threads and posts as the page lists them beneath their channels.

use serde_json::{Value, json};

use crate::ids::{MessageId, UserId};
use crate::json::{list, set, text};
use crate::world::{Channel, Guild, Message, Permissions, Thread, World};

/// The most archived threads of a guild that are listed: the newest.
const MAX_ARCHIVED: usize = 200;
/// The longest look into the message that a post begins with, in characters.
const PREVIEW: usize = 160;

/// The threads of a guild that `user` sees: all active ones, and the newest archived ones.
pub(super) fn threads(world: &World, guild: &Guild, user: UserId) -> Vec<Value> {
    let (mut listed, mut archived) = (Vec::new(), 0);
    for channel in world.threads_of(guild.id).rev() {
        let Some(thread) = &channel.thread else {
            continue;
        };
        archived += usize::from(thread.archived);
        if !thread.archived || archived <= MAX_ARCHIVED {
            listed.extend(entry(world, (channel, thread), user));
        }
    }
    listed
}

fn entry(world: &World, (channel, thread): (&Channel, &Thread), user: UserId) -> Option<Value> {
    let may = world.effective(channel, user);
    if !may.contains(Permissions::VIEW_CHANNEL) {
        return None;
    }
    let parent = channel.parent.and_then(|parent| world.channel(parent));
    let writes = may.contains(Permissions::SEND_MESSAGES)
        && (!thread.locked || may.contains(Permissions::MANAGE_THREADS));
    let mut object = json!({
        "id": channel.id,
        "name": channel.name,
        "type": channel.kind.number(),
        "topic": null,
        "parent_id": channel.parent,
        "position": 0,
        "can_send": writes,
        "can_see": true,
        "can_manage": may.contains(Permissions::MANAGE_MESSAGES),
        "archived": thread.archived,
        "locked": thread.locked,
        "pinned": thread.post.pinned,
        "owner_id": thread.owner,
        "created_ms": thread.created.as_millisecond(),
    });
    if let Some(forum) = parent.and_then(|parent| parent.forum.as_ref()) {
        let tags = forum.tags.iter().filter(|tag| thread.post.tags.contains(&tag.id));
        let tags: Vec<_> = tags.map(|tag| tag.name.as_str()).collect();
        set(&mut object, "tags", json!(tags));
        let first = channel.messages.get(&MessageId::new(channel.id.get()));
        set(&mut object, "preview", first.map(|first| preview(first, &channel.name)));
    }
    Some(object)
}

/// The beginning of what a message says, on one line, without the marks of headings and without
/// what stands above it already.
fn preview(message: &Message, title: &str) -> String {
    let mut words = message.content.clone();
    for component in &message.components {
        collect(component, &mut words);
    }
    let lines = words.lines().map(|line| line.trim_start_matches(['#', '-', ' ']).trim());
    let line =
        lines.filter(|line| !line.is_empty() && *line != title).collect::<Vec<_>>().join(" · ");
    if line.chars().count() <= PREVIEW {
        return line;
    }
    line.chars().take(PREVIEW).chain(std::iter::once('…')).collect()
}

fn collect(component: &Value, words: &mut String) {
    if component.get("type").is_some_and(|kind| *kind == 10) {
        words.push('\n');
        words.push_str(&text(component, "content"));
    }
    for inner in list(component, "components") {
        collect(inner, words);
    }
}
