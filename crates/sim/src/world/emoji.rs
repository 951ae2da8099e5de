//! Emoji of guilds' own: Discord refuses a message with a component that shows one it does not
//! know.

use serde_json::Value;

use super::{Change, Refusal, World};
use crate::ids::{EmojiId, GuildId};
use crate::json;
use crate::validate::Form;

/// Where components stand within others.
const INSIDE: [&str; 3] = ["components", "options", "accessory"];

impl World {
    /// Makes an emoji of a guild's own.
    pub fn add_emoji(&mut self, guild: GuildId, name: &str) -> EmojiId {
        let id = EmojiId::new(self.next_id());
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.emojis.insert(id, name.to_owned());
        }
        self.note(Change::GuildUpdated(guild));
        id
    }

    /// Deletes an emoji of a guild's own. Messages that show it stay as they are.
    pub fn remove_emoji(&mut self, guild: GuildId, emoji: EmojiId) {
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.emojis.remove(&emoji);
        }
        self.note(Change::GuildUpdated(guild));
    }

    /// Refuses components with an emoji that no guild has.
    pub(super) fn check_emoji_of(&self, components: Option<&[Value]>) -> Result<(), Refusal> {
        let mut form = Form::default();
        self.find_unknown_emoji(&mut form, components);
        form.finish(()).map_err(Refusal::InvalidForm)
    }

    /// Notes every emoji of these components that no guild has.
    pub(super) fn find_unknown_emoji(&self, form: &mut Form, components: Option<&[Value]>) {
        form.at("components", |form| {
            for (index, component) in components.unwrap_or_default().iter().enumerate() {
                form.nth(index, |form| self.look_at_emoji(form, component));
            }
        });
    }

    fn look_at_emoji(&self, form: &mut Form, component: &Value) {
        let emoji = &component["emoji"];
        let unknown = |id: &EmojiId| !self.guilds.values().any(|g| g.emojis.contains_key(id));
        if !emoji["id"].is_null() && EmojiId::read(&emoji["id"]).is_none_or(|id| unknown(&id)) {
            let code = "BUTTON_COMPONENT_INVALID_EMOJI";
            form.at("emoji", |form| form.wrong_at("id", code, "Invalid emoji"));
        }
        for key in INSIDE {
            form.at(key, |form| {
                if component[key].is_object() {
                    self.look_at_emoji(form, &component[key]);
                }
                for (index, inner) in json::list(component, key).iter().enumerate() {
                    form.nth(index, |form| self.look_at_emoji(form, inner));
                }
            });
        }
    }
}
