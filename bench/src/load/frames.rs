//! Taps as Discord sends them, with all that comes along: the member, the channel, the guild and
//! the whole post that was tapped.

use muster_discord::custom_id::Action;
use muster_domain::answer_option::OptionId;
use muster_domain::id::EventId;
use serde_json::{Value, json};

use super::day::Day;
use super::{Options, Shared, splice};
use crate::error::BenchError;
use crate::figures::many;
use crate::world::{self, BOT, CHANNEL, FIRST_INTERACTION, GUILD, Habit, Pick};

/// Taps, the larger part of each compressed beforehand.
pub(super) struct Frames {
    turns: Turns,
    events: Vec<u64>,
    members: u64,
    habit: Habit,
    token: String,
    ends: Vec<Vec<u8>>,
}

impl Frames {
    pub(super) fn new(shared: &Shared) -> Result<Self, BenchError> {
        let ends = shared.options.events.iter().map(|event| {
            let message = world::message_id(*event);
            splice::compressed(end(message, &shared.post).as_bytes())
        });
        Ok(Self {
            turns: Turns::of(&shared.options),
            events: shared.options.events.clone(),
            members: shared.options.members,
            habit: shared.options.habit,
            // About as long as Discord's, in the same letters.
            token: "aW50ZXJhY3Rpb246MTQwMDAwMDAwMDAwMDAwMDAwMDpzb21lIHJhbmRvbSBsZXR0ZXJz".repeat(3),
            ends: ends.collect::<Result<_, _>>()?,
        })
    }

    /// The tap with this number, as one WebSocket message.
    pub(super) fn tap(&mut self, number: u64, sequence: u64) -> Vec<u8> {
        let events = u64::try_from(self.events.len()).unwrap_or(u64::MAX);
        let among_all = self.turns.next(number, events);
        let Pick { turn, member, option } =
            world::pick(among_all, events, self.members, self.habit);
        let turn = usize::try_from(turn).unwrap_or_default();
        let event = self.events.get(turn).copied().unwrap_or_default();
        let button = Action::Answer(EventId::new(event), OptionId::new(option));
        let (id, token) = (FIRST_INTERACTION + number, &self.token);
        let begin = format!(
            r#"{{"t":"INTERACTION_CREATE","s":{sequence},"op":0,"d":{{"id":"{id}","token":"{token}",
"data":{{"component_type":2,"id":2,"custom_id":"{button}"}},"member":{{"user":{{"id":"{member}",
"username":"member","global_name":"Member","discriminator":"0","avatar":null}},"#
        );
        let end = self.ends.get(turn).map(Vec::as_slice).unwrap_or_default();
        let mut frame = Vec::with_capacity(begin.len() + end.len() + 16);
        splice::stored(begin.as_bytes(), &mut frame);
        frame.extend_from_slice(end);
        frame
    }
}

/// Which event is tapped next, told by the number that the tap would have if all were tapped in
/// turn.
enum Turns {
    Each,
    OfDay(Day),
}

impl Turns {
    fn of(options: &Options) -> Self {
        let Some(taps) = options.day else { return Self::Each };
        let before = options.first_tap.checked_div(many(options.events.len())).unwrap_or_default();
        Self::OfDay(Day::new(taps, options.events.len(), before))
    }

    fn next(&mut self, number: u64, events: u64) -> u64 {
        match self {
            Self::Each => number,
            Self::OfDay(day) => {
                let (event, round) = day.next();
                round * events + event
            }
        }
    }
}

/// What is the same for all taps on one post: the rest of the member and everything after it.
fn end(message: u64, post: &Value) -> String {
    let of_member = json!({
        "nick": null, "avatar": null,
        "roles": [(GUILD + 201).to_string(), (GUILD + 202).to_string()],
        "joined_at": "2025-06-07T08:09:10.000000+00:00",
        "permissions": "2248473465835073", "pending": false, "flags": 0, "deaf": false,
        "mute": false, "premium_since": null, "communication_disabled_until": null,
    });
    let channel = CHANNEL.to_string();
    let of_interaction = json!({
        "application_id": BOT.to_string(), "type": 3, "version": 1, "context": 0,
        "guild_id": GUILD.to_string(), "channel_id": channel, "locale": "en-US",
        "guild": {"id": GUILD.to_string(), "locale": "en-US", "features": ["COMMUNITY", "NEWS"]},
        "guild_locale": "en-US", "app_permissions": "274878024704", "entitlements": [],
        "entitlement_sku_ids": [], "attachment_size_limit": 10_485_760,
        "authorizing_integration_owners": {"0": GUILD.to_string()},
        "channel": {
            "id": channel, "type": 0, "name": "events", "guild_id": GUILD.to_string(),
            "permissions": "2248473465835073", "position": 3, "nsfw": false, "flags": 0,
            "rate_limit_per_user": 0, "topic": null, "parent_id": null, "last_message_id": null,
        },
        "message": {
            "id": message.to_string(), "channel_id": channel, "type": 0, "flags": 0, "tts": false,
            "author": {"id": BOT.to_string(), "username": "muster", "bot": true, "avatar": null,
                "discriminator": "4711", "global_name": null, "public_flags": 0},
            "content": post["content"], "embeds": post["embeds"], "attachments": [],
            "components": post["components"], "mentions": [], "mention_roles": [],
            "mention_everyone": false, "pinned": false, "edited_timestamp": null,
            "timestamp": "2025-09-10T11:12:13.141000+00:00",
        },
    });
    // Both without the brace with which they begin: they continue what stands before.
    let (of_member, of_interaction) = (of_member.to_string(), of_interaction.to_string());
    let (of_member, of_interaction) = (of_member.get(1..), of_interaction.get(1..));
    format!("{},{}}}", of_member.unwrap_or_default(), of_interaction.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};

    use super::*;

    #[test]
    fn a_tap_is_an_interaction_that_the_bot_can_read() {
        let post = json!({"content": "", "embeds": [{"title": "Raid"}], "components": []});
        let ends = vec![splice::compressed(end(7, &post).as_bytes()).unwrap()];
        let (turns, events, token) = (Turns::Each, vec![16], "t".to_owned());
        let habit = Habit::default();
        let mut frames = Frames { turns, events, members: 10, habit, token, ends };
        let mut stream = splice::STREAM_BEGIN.to_vec();
        stream.extend(frames.tap(3, 9));
        let mut text = Vec::with_capacity(20_000);
        let mut inflate = Decompress::new(true);
        inflate.decompress_vec(&stream, &mut text, FlushDecompress::Sync).unwrap();
        let event: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!((&event["t"], &event["s"]), (&json!("INTERACTION_CREATE"), &json!(9)));
        let read = muster_discord::interaction::parse(&event["d"].to_string()).unwrap();
        assert_eq!(read.id.get(), FIRST_INTERACTION + 3);
        assert_eq!(read.actor.unwrap().guild.get(), GUILD);
    }
}
