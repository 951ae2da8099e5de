//! `/report …`: one handler per subcommand, and what shows a report to all.

use muster_domain::id::EventId;
use muster_domain::report::Stretch;
use muster_engine::World;
use muster_engine::background::REPORT;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::reports::Readers;

use crate::commands::{Context, event};
use crate::interaction::Command;
use crate::reply::Reply;
use crate::views::message::Choice;
use crate::views::messages::Words;
use crate::views::report;

/// Runs a subcommand.
pub async fn run<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    match command.subcommand.as_str() {
        "week" => days(ctx, Stretch::Week, command).await,
        "midweek" => days(ctx, Stretch::Midweek, command).await,
        "member" => {
            let member = command.options.user("member").ok_or(Refusal::Unknown)?;
            let report = ctx.app.member_report(ctx.actor, member).await?;
            Ok(Reply::private(report::member(ctx.words().await?, &report)))
        }
        "event" => {
            let event = ctx.app.named(ctx.actor, command.options.text("event")).await?;
            let report = ctx.app.event_report(ctx.actor, event, Readers::Organiser).await?;
            let words = Words::of_event(&report.report.posted.sheet.event);
            Ok(Reply::private(report::event(words, &report, Readers::Organiser)))
        }
        _ => Err(Refusal::Unknown.into()),
    }
}

async fn days<W: World>(
    ctx: &Context<'_, W>,
    stretch: Stretch,
    command: &Command,
) -> Result<Reply, Stop> {
    let readers = Readers::Organiser;
    let words = command.options.text("week");
    let found = ctx.app.week_report(ctx.actor, stretch, words, readers).await?;
    Ok(Reply::private(report::week(ctx.words().await?, &found, readers)))
}

/// Suggests weeks and events while one is being named.
pub async fn suggest<W: World>(
    ctx: &Context<'_, W>,
    command: &Command,
) -> Result<Vec<Choice>, Stop> {
    match command.focused.as_deref() {
        Some("week") => {
            let weeks = ctx.app.report_weeks(ctx.actor).await?;
            let typed = command.options.text("week");
            Ok(report::week_choices(ctx.words().await?, &weeks, typed))
        }
        Some("event") => event::suggest_events(ctx, command).await,
        _ => Ok(Vec::new()),
    }
}

/// Shows the report on some days to all in the channel.
pub async fn show_days<W: World>(
    ctx: &Context<'_, W>,
    stretch: u8,
    day: u32,
) -> Result<Reply, Stop> {
    let readers = Readers::Everybody;
    let made = async {
        let stretch = report::stretch_of(stretch).ok_or(Refusal::Unknown)?;
        let day = report::day_of(day).ok_or(Refusal::Unknown)?.to_string();
        let found = ctx.app.week_report(ctx.actor, stretch, &day, readers).await?;
        Ok(Reply::Public(report::week(ctx.words().await?, &found, readers)))
    };
    ctx.app.asked_for(REPORT, made).await
}

/// Shows the report on an event to all in the channel.
pub async fn show_event<W: World>(ctx: &Context<'_, W>, event: EventId) -> Result<Reply, Stop> {
    let made = async {
        let found = ctx.app.event_report(ctx.actor, event, Readers::Everybody).await?;
        let words = Words::of_event(&found.report.posted.sheet.event);
        Ok(Reply::Public(report::event(words, &found, Readers::Everybody)))
    };
    ctx.app.asked_for(REPORT, made).await
}
