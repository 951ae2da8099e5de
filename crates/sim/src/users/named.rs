//! Lets tests name a command as people do, `"event create"`, instead of spelling its payload.

use serde_json::Value;

use super::act::CommandUse;
use super::list::{options_of, usable};
use super::{Opt, UserError};
use crate::ids::{ChannelId, UserId};
use crate::shared::Shared;

/// Finds the command and nests the options under its subcommands.
pub(crate) fn resolve(
    shared: &Shared,
    (user, channel): (UserId, ChannelId),
    name: &str,
    options: &Value,
    focused: Option<&str>,
) -> Result<CommandUse, UserError> {
    shared.with(|world| {
        let list = usable(world, user, channel);
        let mut words = name.split(' ');
        let first = words.next().unwrap_or_default();
        // A command of the context menu may have spaces in its own name.
        let whole = list.iter().find(|(_, command)| command.name == name);
        let found = whole.or_else(|| list.iter().find(|(_, command)| command.name == first));
        let (_, command) =
            found.ok_or_else(|| UserError::not_found(format!("there is no command /{name}")))?;
        let words: Vec<&str> = if whole.is_some() { Vec::new() } else { words.collect() };
        let options = nest(&command.definition, &words, options, focused)?;
        Ok(CommandUse { user, channel, command: command.id, options, target: None })
    })
}

fn nest(
    definition: &Value,
    words: &[&str],
    values: &Value,
    focused: Option<&str>,
) -> Result<Vec<Opt>, UserError> {
    let Some((word, rest)) = words.split_first() else {
        let values = values.as_object().into_iter().flatten();
        let option = |(name, value): (&String, &Value)| Opt {
            name: name.clone(),
            value: Some(value.clone()),
            focused: focused == Some(name.as_str()),
            ..Opt::default()
        };
        return Ok(values.map(option).collect());
    };
    let below = options_of(definition).iter().find(|option| option["name"] == *word);
    let below =
        below.ok_or_else(|| UserError::not_found(format!("there is no subcommand {word}")))?;
    let options = nest(below, rest, values, focused)?;
    Ok(vec![Opt { name: (*word).to_owned(), options, ..Opt::default() }])
}
