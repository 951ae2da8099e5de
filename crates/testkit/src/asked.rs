//! What people want of the bot, read off the interactions that it is told of.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use crate::choices::picked_from_list;
use crate::words::{self, at, number, text, verb};

/// What a member wants with a tap: an option of an event, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Which event.
    pub event: u64,
    /// Which option; `None` takes the answer back.
    pub option: Option<u8>,
}

/// The answer that an organiser wants a member to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The one with this number.
    Numbered(u8),
    /// The one with this label.
    Labelled(String),
    /// The one with this number, whatever place that costs.
    Moved(u8),
    /// The one with this number, in the place of this member, who has theirs instead.
    Swapped(u8, u64),
    /// None.
    Nothing,
    /// The one from before the change for them that made this version of the event.
    Before(u64),
}

/// What an organiser wants for a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behalf {
    /// Of which event.
    pub event: u64,
    /// For whom.
    pub member: u64,
    /// Which answer.
    pub wanted: Wanted,
}

/// What a member wants with the place that is held for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Of which event.
    pub event: u64,
    /// Whether they take it; else they take their answer back.
    pub accepts: bool,
}

/// An interaction as the bot was told of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who.
    pub member: u64,
    /// When they did, since the beginning.
    pub at: Duration,
    /// What, if it is a tap.
    pub pick: Option<Pick>,
    /// What an organiser wants for a member, if it is about that.
    pub behalf: Option<Behalf>,
    /// Whether it was done on the event's post, which the answer then is.
    pub is_on_post: bool,
    /// The offer of a place that it replies to, if it is about one.
    pub offer: Option<Reply>,
    /// Of which event, and how many guests, if they are what it is about.
    pub guests: Option<(u64, u64)>,
    /// In which lives the bot was told of it.
    pub lives: BTreeSet<u32>,
    /// The types of the callbacks that Discord accepted (Discord docs: callback types).
    pub accepted: Vec<u64>,
    /// When they were first answered.
    pub told: Option<Duration>,
}

impl Asked {
    /// What this payload says, which came so long after the beginning.
    pub(crate) fn of(payload: &Value, at_: Duration) -> Self {
        let custom_id = text(payload, "/data/custom_id");
        Self {
            // In a direct message there is no member.
            member: number(at(payload, "/member/user/id"))
                .or_else(|| number(at(payload, "/user/id")))
                .unwrap_or_default(),
            at: at_,
            pick: words::pick(custom_id).or_else(|| picked_from_list(payload)),
            behalf: from_panel(payload).or_else(|| from_command(payload)),
            is_on_post: words::is_on_post(custom_id),
            offer: reply(custom_id),
            guests: None,
            lives: BTreeSet::new(),
            accepted: Vec::new(),
            told: None,
        }
    }
}

/// *Accept the place* or *Withdraw my answer*.
fn reply(custom_id: &str) -> Option<Reply> {
    match verb(custom_id)? {
        ("yh", numbers) => Some(Reply { event: *numbers.get(1)?, accepts: true }),
        ("yl", numbers) => Some(Reply { event: *numbers.get(1)?, accepts: false }),
        _ => None,
    }
}

/// The *Members* panel: somebody is chosen, or what was done is taken back.
fn from_panel(payload: &Value) -> Option<Behalf> {
    let (verb, numbers) = verb(text(payload, "/data/custom_id"))?;
    let chosen = number(at(payload, "/data/values/0"));
    let numbered = |option: u64| u8::try_from(option).ok().map(Wanted::Numbered);
    let (event, member, wanted) = match (verb, numbers.as_slice()) {
        ("qa", [event, option]) => (*event, chosen?, numbered(*option)?),
        ("qw", [event, member, option]) => {
            (*event, *member, Wanted::Moved(u8::try_from(*option).ok()?))
        }
        ("qs", [event, member, option]) => {
            (*event, *member, Wanted::Swapped(u8::try_from(*option).ok()?, chosen?))
        }
        ("qx", [event]) => (*event, chosen?, Wanted::Nothing),
        ("qu", [event, member, version]) => (*event, *member, Wanted::Before(*version)),
        _ => return None,
    };
    Some(Behalf { event, member, wanted })
}

/// `/event add` and `/event remove`.
fn from_command(payload: &Value) -> Option<Behalf> {
    if text(payload, "/data/name") != "event" {
        return None;
    }
    let given = at(payload, "/data/options/0/options").as_array()?;
    let value = |name: &str| given.iter().find(|one| one["name"] == name).map(|one| &one["value"]);
    let wanted = match text(payload, "/data/options/0/name") {
        "add" => Wanted::Labelled(value("option")?.as_str()?.to_owned()),
        "remove" => Wanted::Nothing,
        _ => return None,
    };
    let (event, member) = (number(value("event")?)?, number(value("member")?)?);
    Some(Behalf { event, member, wanted })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn replies_to_offers_are_read_in_direct_messages_too() {
        let tapped = json!({"user": {"id": "7"}, "data": {"custom_id": "m1:yl:1:16"}});
        let asked = Asked::of(&tapped, Duration::ZERO);
        let reply = Reply { event: 42, accepts: false };
        assert_eq!((asked.member, asked.offer), (7, Some(reply)));
    }

    #[test]
    fn what_organisers_want_for_members_is_read() {
        let panel = |id: &str| json!({"data": {"custom_id": id, "values": ["7"]}});
        let behalf = |payload: &Value| Asked::of(payload, Duration::ZERO).behalf;
        let wanted = |wanted| Some(Behalf { event: 42, member: 7, wanted });
        assert_eq!(behalf(&panel("m1:qa:16:1")), wanted(Wanted::Numbered(1)));
        assert_eq!(behalf(&panel("m1:qx:16")), wanted(Wanted::Nothing));
        assert_eq!(behalf(&panel("m1:qw:16:7:1")), wanted(Wanted::Moved(1)));
        let swap = Behalf { event: 42, member: 8, wanted: Wanted::Swapped(1, 7) };
        assert_eq!(behalf(&panel("m1:qs:16:8:1")), Some(swap));
        assert_eq!(behalf(&panel("m1:qu:16:7:2")), wanted(Wanted::Before(2)));
        let command = json!({"data": {"name": "event", "options": [{"name": "add", "options": [
            {"name": "event", "value": "42"}, {"name": "member", "value": "7"},
            {"name": "option", "value": "Yes"}]}]}});
        assert_eq!(behalf(&command), wanted(Wanted::Labelled("Yes".into())));
        assert_eq!(behalf(&panel("m1:a:16:1")), None);
    }
}
