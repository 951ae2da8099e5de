//! `/reminders …`: one handler per subcommand.

use muster_domain::id::{EventId, ReminderChangeId};
use muster_domain::reminder::{
    Audience, Reminder, ReminderKey, ReminderPlace, parse_reminder_time, time_in_words,
};
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::reminders::{ListChanged, ReminderWords, RemindersOf};

use crate::commands::{Context, event};
use crate::custom_id::{ReminderScope, WrittenKey};
use crate::interaction::Command;
use crate::reply::Reply;
use crate::views::message::{Choice, Message};
use crate::views::messages::Words;
use crate::views::reminders::{self, Made};
use crate::views::text::shortened;

/// Suggestions that Discord shows at a time.
const CHOICES_MAX: usize = 25;

/// Runs a subcommand.
pub async fn run<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let event = named(ctx, command).await?;
    match command.subcommand.as_str() {
        "view" => open(ctx, event).await,
        "add" => add(ctx, event, command).await,
        "remove" => {
            let key = given(ctx, event, command.options.text("reminder")).await?;
            let guild = ctx.words().await?;
            let changed = ctx.app.remove_reminder(ctx.actor, event, key).await?;
            Ok(Reply::private(after(guild, &changed, &removed(&changed))))
        }
        "reset" => {
            let guild = ctx.words().await?;
            let changed = ctx.app.reset_reminders(ctx.actor, event).await?;
            Ok(Reply::private(after(guild, &changed, &Made::Reset)))
        }
        _ => Err(Refusal::Unknown.into()),
    }
}

/// The event that was named, if one was; without, it is about all.
async fn named<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Option<EventId>, Stop> {
    if !command.options.has("event") {
        return Ok(None);
    }
    ctx.app.named(ctx.actor, command.options.text("event")).await.map(Some)
}

/// Opens the panel.
pub async fn open<W: World>(ctx: &Context<'_, W>, event: Option<EventId>) -> Result<Reply, Stop> {
    let list = ctx.app.reminders(ctx.actor, event).await?;
    Ok(Reply::private(reminders::panel(words_of(ctx, &list).await?, &list, 0, None)))
}

/// Turns to a page of the panel.
pub async fn turn<W: World>(
    ctx: &Context<'_, W>,
    scope: ReminderScope,
    page: u32,
    undo: Option<ReminderChangeId>,
) -> Result<Reply, Stop> {
    let list = ctx.app.reminders(ctx.actor, scope.event()).await?;
    Ok(Reply::Update(reminders::panel(words_of(ctx, &list).await?, &list, page, undo)))
}

async fn add<W: World>(
    ctx: &Context<'_, W>,
    event: Option<EventId>,
    command: &Command,
) -> Result<Reply, Stop> {
    let options = &command.options;
    let audience = match (options.role("role"), options.text("audience")) {
        (Some(role), "unanswered") if role.get() == ctx.actor.guild.get() => Audience::Unanswered,
        (Some(role), "unanswered") => Audience::UnansweredOf(role),
        (Some(role), _) if role.get() == ctx.actor.guild.get() => Audience::Everyone,
        (Some(role), _) => Audience::Role(role),
        (None, "going") => Audience::Going,
        (None, "maybe") => Audience::Maybe,
        (None, "waitlisted") => Audience::Waitlisted,
        (None, "unanswered") => Audience::Unanswered,
        (None, "everyone") => Audience::Everyone,
        (None, _) => Audience::Expected,
    };
    let place = match options.text("place") {
        "direct" => ReminderPlace::Direct,
        "channel" => ReminderPlace::Channel,
        _ => ReminderPlace::Thread,
    };
    let (time, text) = (options.text("when"), options.text("text"));
    let words = ReminderWords { time, audience, place, text };
    let may_all = |role| ctx.interaction.mentionable_roles.contains(&role);
    let guild = ctx.words().await?;
    let changed = ctx.app.add_reminder(ctx.actor, event, words, may_all).await?;
    Ok(Reply::private(after(guild, &changed, &Made::Added)))
}

/// The reminder that was picked from the suggestions, or the one at the time that was typed.
async fn given<W: World>(
    ctx: &Context<'_, W>,
    event: Option<EventId>,
    typed: &str,
) -> Result<ReminderKey, Stop> {
    let list = ctx.app.reminders(ctx.actor, event).await?;
    let keys: Vec<_> = list.list.reminders.iter().map(Reminder::key).collect();
    let is_picked = |key: &&ReminderKey| WrittenKey::of(**key).to_string() == typed;
    if let Some(key) = keys.iter().find(is_picked) {
        return Ok(*key);
    }
    let time = parse_reminder_time(typed).map_err(Refusal::ReminderTime)?;
    keys.into_iter().find(|key| key.time == time).ok_or_else(|| Refusal::NoSuchReminder.into())
}

/// Removes the reminder of a button.
pub async fn remove<W: World>(
    ctx: &Context<'_, W>,
    scope: ReminderScope,
    key: ReminderKey,
) -> Result<Reply, Stop> {
    let guild = ctx.words().await?;
    let changed = ctx.app.remove_reminder(ctx.actor, scope.event(), key).await?;
    Ok(Reply::Update(after(guild, &changed, &removed(&changed))))
}

/// The panel after a change, in what the event says is spoken, or else the guild. That was read
/// before the change: once it is made, nothing may fail.
fn after(guild: Words, changed: &ListChanged, made: &Made) -> Message {
    let event = changed.now.event.as_ref();
    let words = event.map_or(guild, |posted| Words::of_event(&posted.sheet.event));
    reminders::changed(words, changed, made)
}

/// What is spoken in the guild, as the event says if there is one.
async fn words_of<W: World>(ctx: &Context<'_, W>, of: &RemindersOf) -> Result<Words, Stop> {
    match &of.event {
        Some(posted) => Ok(Words::of_event(&posted.sheet.event)),
        None => ctx.words().await,
    }
}

fn removed(changed: &ListChanged) -> Made {
    Made::Removed(changed.removed.clone())
}

/// Takes a change back, and shows a page.
pub async fn undo<W: World>(
    ctx: &Context<'_, W>,
    scope: ReminderScope,
    change: ReminderChangeId,
    page: Option<u32>,
) -> Result<Reply, Stop> {
    let guild = ctx.words().await?;
    let changed = ctx.app.undo_reminders(ctx.actor, scope.event(), change).await?;
    Ok(Reply::Update(after(guild, &changed, &Made::Undone(page.unwrap_or(0)))))
}

/// Has an event follow its guild again, or a guild have the usual ones.
pub async fn reset<W: World>(ctx: &Context<'_, W>, scope: ReminderScope) -> Result<Reply, Stop> {
    let guild = ctx.words().await?;
    let changed = ctx.app.reset_reminders(ctx.actor, scope.event()).await?;
    Ok(Reply::Update(after(guild, &changed, &Made::Reset)))
}

/// Suggests while a subcommand is being typed.
pub async fn suggest<W: World>(
    ctx: &Context<'_, W>,
    command: &Command,
) -> Result<Vec<Choice>, Stop> {
    match command.focused.as_deref() {
        Some("event") => event::suggest_events(ctx, command).await,
        Some("when") => Ok(suggest_times(command.options.text("when"))),
        Some("reminder") => {
            let event = match named(ctx, command).await {
                Ok(event) => event,
                // What was written so far is no event yet.
                Err(Stop::Refused(_)) => None,
                Err(failed @ Stop::Failed(_)) => return Err(failed),
            };
            let list = ctx.app.reminders(ctx.actor, event).await?;
            let words = words_of(ctx, &list).await?;
            Ok(suggest_those_there(words, &list, command.options.text("reminder")))
        }
        _ => Ok(Vec::new()),
    }
}

fn suggest_times(typed: &str) -> Vec<Choice> {
    const USUAL: [&str; 7] = [
        "15m before",
        "1h before",
        "3h before",
        "1d before",
        "at 16:00",
        "at the start",
        "1h after",
    ];
    let same = |words: &str| Choice { name: words.to_owned(), value: words.to_owned() };
    if let Ok(time) = parse_reminder_time(typed) {
        return vec![same(&time_in_words(time))];
    }
    let typed = typed.trim().to_lowercase();
    USUAL.into_iter().filter(|words| words.contains(&typed)).map(same).collect()
}

/// Those at the time that was typed, then those of which it is a part; earliest first.
fn suggest_those_there(words: Words, of: &RemindersOf, typed: &str) -> Vec<Choice> {
    let time = parse_reminder_time(typed).ok();
    let typed = typed.trim().to_lowercase();
    let event = of.event.as_ref().map(|posted| &posted.sheet.event);
    let all = of.list.reminders.in_order(event).into_iter();
    let mut fitting: Vec<_> = all
        .filter_map(|reminder| {
            let name = reminders::suggestion(words, reminder, of.members);
            let is_then = time == Some(reminder.time);
            (is_then || name.to_lowercase().contains(&typed)).then_some((!is_then, name, reminder))
        })
        .collect();
    fitting.sort_by_key(|(is_other, ..)| *is_other);
    fitting.truncate(CHOICES_MAX);
    let choice = |(_, name, reminder): (bool, String, &Reminder)| Choice {
        name: shortened(&name, 100),
        value: WrittenKey::of(reminder.key()).to_string(),
    };
    fitting.into_iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use muster_domain::id::RoleId;
    use muster_domain::limits::REMINDERS_MAX;
    use muster_domain::reminder::{ReminderTime, Reminders};
    use muster_engine::MemberLists;
    use muster_store::model::{ReminderList, Whose};

    use super::*;
    use crate::views::judged::check_choices;

    #[test]
    fn what_was_typed_chooses_among_as_many_as_there_can_be() {
        let role = |minutes: i64| match minutes % 2 {
            0 => Audience::UnansweredOf(RoleId::new(u64::MAX >> 1)),
            _ => Audience::Expected,
        };
        let all = (1..=i64::try_from(REMINDERS_MAX).unwrap()).map(|minutes| {
            let time = ReminderTime::Before(SignedDuration::from_mins(minutes));
            Reminder { audience: role(minutes), ..Reminder::at(time) }
        });
        let list = ReminderList { reminders: Reminders::from_stored(all), whose: Whose::Guild };
        let of = RemindersOf { event: None, list, members: MemberLists::On };
        let names = |typed: &str| -> Vec<String> {
            let choices = suggest_those_there(Words::usual(), &of, typed);
            check_choices(&choices).unwrap();
            let times = choices.iter().map(|choice| choice.name.split(" · ").next());
            times.map(|time| time.unwrap().to_owned()).collect()
        };
        assert_eq!(names("").len(), CHOICES_MAX);
        assert_eq!(names("")[..2], ["50m before", "49m before"]);
        assert_eq!(
            names("5m"),
            ["5m before", "45m before", "35m before", "25m before", "15m before"]
        );
        assert_eq!(names(" 17 MINUTES "), ["17m before"]);
        assert_eq!(names("Role 9223").len(), CHOICES_MAX);
        assert!(names("at 16:00").is_empty());
    }
}
