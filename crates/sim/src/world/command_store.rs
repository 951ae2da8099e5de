//! Registered commands: replaced, added, changed and removed as over HTTP.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::model::Command;
use super::{Change, Permissions, Refusal, World};
use crate::ids::{AppId, CommandId, GuildId};
use crate::json;
use crate::validate::command;

/// How long a command counts as made lately.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How many makings of commands are remembered; more happen only without limits.
const MAX_CREATES: usize = 50_000;

/// The most commands of one kind in one scope (Discord docs: application commands).
const fn most(kind: u8) -> usize {
    match kind {
        1 => 100,
        4 => 1,
        _ => 15,
    }
}

impl World {
    /// The commands of one scope, oldest first.
    pub(crate) fn commands(
        &self,
        app: AppId,
        scope: Option<GuildId>,
    ) -> impl Iterator<Item = &Command> {
        let all = self.app(app).into_iter().flat_map(|app| app.commands.values());
        all.filter(move |command| command.guild == scope)
    }

    /// One command of a scope.
    pub(crate) fn command(
        &self,
        app: AppId,
        scope: Option<GuildId>,
        id: CommandId,
    ) -> Result<&Command, Refusal> {
        let found = self.commands(app, scope).find(|command| command.id == id);
        found.ok_or(Refusal::UnknownCommand)
    }

    /// Makes `list` all commands of the scope; those with a known id or name keep their id.
    pub(crate) fn replace_commands(
        &mut self,
        app: AppId,
        scope: Option<GuildId>,
        list: &Value,
    ) -> Result<Vec<CommandId>, Refusal> {
        let definitions = command::read_all(list, scope.is_some()).map_err(Refusal::InvalidForm)?;
        for kind in 1..=4 {
            let count = definitions.iter().filter(|d| command::kind_of(d) == kind).count();
            if count > most(kind) {
                return Err(Refusal::TooManyCommands(most(kind)));
            }
        }
        let new = definitions.iter().filter(|d| self.known(app, scope, d).is_none()).count();
        self.count_creates(app, scope, new)?;
        let mut kept = Vec::with_capacity(definitions.len());
        for definition in definitions {
            let known = self.known(app, scope, &definition);
            kept.push(self.put(app, scope, known, definition)?);
        }
        if let Some(found) = self.apps.get_mut(&app) {
            found.commands.retain(|id, command| command.guild != scope || kept.contains(id));
        }
        self.note(Change::CommandsChanged(app));
        Ok(kept)
    }

    /// Adds a command, or replaces the one with its name. Tells whether it is new.
    pub(crate) fn add_command(
        &mut self,
        app: AppId,
        scope: Option<GuildId>,
        definition: &Value,
    ) -> Result<(CommandId, bool), Refusal> {
        command::read(definition, scope.is_some()).map_err(Refusal::InvalidForm)?;
        let known = self.known(app, scope, definition);
        let kind = command::kind_of(definition);
        let count = self.commands(app, scope).filter(|command| command.kind == kind).count();
        if known.is_none() && count >= most(kind) {
            return Err(Refusal::TooManyCommands(most(kind)));
        }
        self.count_creates(app, scope, usize::from(known.is_none()))?;
        let id = self.put(app, scope, known, definition.clone())?;
        self.note(Change::CommandsChanged(app));
        Ok((id, known.is_none()))
    }

    /// Changes some fields of a command.
    pub(crate) fn change_command(
        &mut self,
        app: AppId,
        scope: Option<GuildId>,
        id: CommandId,
        changes: &Value,
    ) -> Result<(), Refusal> {
        let mut definition = self.command(app, scope, id)?.definition.clone();
        if let (Some(fields), Some(changes)) = (definition.as_object_mut(), changes.as_object()) {
            fields.extend(changes.clone());
        }
        command::read(&definition, scope.is_some()).map_err(Refusal::InvalidForm)?;
        self.put(app, scope, Some(id), definition)?;
        self.note(Change::CommandsChanged(app));
        Ok(())
    }

    /// Removes a command.
    pub(crate) fn remove_command(
        &mut self,
        app: AppId,
        scope: Option<GuildId>,
        id: CommandId,
    ) -> Result<(), Refusal> {
        self.command(app, scope, id)?;
        if let Some(app) = self.apps.get_mut(&app) {
            app.commands.remove(&id);
        }
        self.note(Change::CommandsChanged(app));
        Ok(())
    }

    /// Counts commands that are about to be made, if the day allows so many.
    fn count_creates(
        &mut self,
        app: AppId,
        scope: Option<GuildId>,
        new: usize,
    ) -> Result<(), Refusal> {
        let (now, daily) = (self.now, self.command_creates_daily);
        let yesterday = now.checked_sub(DAY).unwrap_or(now);
        let found = self.apps.get_mut(&app).ok_or(Refusal::UnknownApplication)?;
        found.command_creates.retain(|(at, _)| *at > yesterday);
        let today = found.command_creates.iter().filter(|(_, known)| *known == scope).count();
        if u32::try_from(today + new).unwrap_or(u32::MAX) > daily {
            return Err(Refusal::TooManyCommandCreates(daily));
        }
        if found.command_creates.len() + new <= MAX_CREATES {
            found.command_creates.extend(std::iter::repeat_n((now, scope), new));
        }
        Ok(())
    }

    /// The id that a definition already has in its scope: the one it names, or that of its name.
    fn known(&self, app: AppId, scope: Option<GuildId>, definition: &Value) -> Option<CommandId> {
        let named = CommandId::read(&definition["id"]);
        let kind = command::kind_of(definition);
        let same = |command: &&Command| {
            named == Some(command.id)
                || (command.kind == kind
                    && Some(command.name.as_str()) == definition["name"].as_str())
        };
        self.commands(app, scope).find(same).map(|command| command.id)
    }

    fn put(
        &mut self,
        app: AppId,
        scope: Option<GuildId>,
        known: Option<CommandId>,
        definition: Value,
    ) -> Result<CommandId, Refusal> {
        let id = known.unwrap_or_else(|| CommandId::new(self.next_id()));
        let version = self.next_id();
        let command = Command {
            id,
            guild: scope,
            version,
            kind: command::kind_of(&definition),
            name: json::text(&definition, "name"),
            needs: Permissions::read(json::at(&definition, "default_member_permissions")),
            definition: plain(definition),
        };
        let app = self.apps.get_mut(&app).ok_or(Refusal::UnknownApplication)?;
        app.commands.insert(id, command);
        Ok(id)
    }
}

/// The definition without what belongs to its registration.
fn plain(mut definition: Value) -> Value {
    if let Some(fields) = definition.as_object_mut() {
        for key in ["id", "application_id", "version", "guild_id"] {
            fields.remove(key);
        }
        fields.entry("type").or_insert(json!(1));
        fields.entry("description").or_insert(json!(""));
    }
    definition
}
