//! `/schedule …`: one handler per subcommand.

use jiff::civil::{Date, Weekday};
use muster_domain::id::{InteractionId, SeriesId};
use muster_engine::World;
use muster_engine::refusal::{Refusal, Stop};
use muster_engine::schedule::{PostDay, SeriesForm, WEEK, Week};
use muster_store::model::EventForm;

use crate::commands::{Context, series};
use crate::custom_id::{Action, FormAction};
use crate::interaction::{Command, Form};
use crate::reply::Reply;
use crate::views::messages::Words;
use crate::views::schedule;
use crate::views::series as series_views;

/// Runs a subcommand.
pub async fn run<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    match command.subcommand.as_str() {
        "setup" => setup(ctx).await,
        "view" => view(ctx).await,
        "set" => set(ctx, command).await,
        "clear" => clear(ctx, command).await,
        "skip" => skip(ctx, command).await,
        "post" => post(ctx, command).await,
        _ => Err(Refusal::Unknown.into()),
    }
}

/// The day of the week that was chosen, by its number.
fn day_of(command: &Command) -> Option<Weekday> {
    let number: usize = command.options.text("day").parse().ok()?;
    WEEK.get(number.checked_sub(1)?).copied()
}

/// What is spoken where the week is.
fn words_of(week: &Week) -> Words {
    Words::of(week.settings.language)
}

/// Opens the week.
pub async fn view<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let week = ctx.app.week(ctx.actor).await?;
    Ok(Reply::private(schedule::week(words_of(&week), &week)))
}

/// The week, in the place of what was there.
pub async fn back<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let week = ctx.app.week(ctx.actor).await?;
    Ok(Reply::Update(schedule::week(words_of(&week), &week)))
}

/// Begins to walk through the week, or goes on where somebody left it.
async fn setup<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let state = ctx.app.setup_state(ctx.actor).await?;
    let day = state.and_then(|state| state.day).unwrap_or(Weekday::Monday);
    let week = ctx.app.set_up(ctx.actor, Some(day)).await?;
    Ok(Reply::private(schedule::setup(words_of(&week), &week, Some(day))))
}

/// Goes to a day, or to the end, while the week is set up.
pub async fn go_to<W: World>(ctx: &Context<'_, W>, day: Option<Weekday>) -> Result<Reply, Stop> {
    let week = ctx.app.set_up(ctx.actor, day).await?;
    Ok(Reply::Update(schedule::setup(words_of(&week), &week, day)))
}

/// Opens the form for one more event on a day.
pub async fn open_new<W: World>(
    ctx: &Context<'_, W>,
    day: Weekday,
    setup: bool,
) -> Result<Reply, Stop> {
    let settings = ctx.app.organiser_settings(ctx.actor).await?;
    let (words, action) = (Words::of(settings.language), FormAction::DayNew(day, setup, None));
    let title = series_views::day_title(words, day);
    Ok(Reply::Form(series_views::form(words, action, &title, &empty())))
}

fn empty() -> SeriesForm {
    SeriesForm { fields: Some(String::new()), ..SeriesForm::default() }
}

/// The form for one more event on a day, handed in.
pub async fn new_form<W: World>(
    ctx: &Context<'_, W>,
    (day, setup, kept): (Weekday, bool, Option<InteractionId>),
    handed_in: &Form,
) -> Result<Reply, Stop> {
    let channel = match kept {
        Some(draft) => ctx.app.kept_series_form(ctx.actor, draft).await?.channel,
        None => None,
    };
    let form = series::filled_in(&SeriesForm { channel, ..empty() }, &handed_in.fields);
    plan(ctx, (day, setup), &form).await
}

/// Opens a form for one more event on a day again, as it was filled in.
pub async fn new_again<W: World>(
    ctx: &Context<'_, W>,
    draft: InteractionId,
    (day, setup): (Weekday, bool),
) -> Result<Reply, Stop> {
    let kept = ctx.app.kept_series_form(ctx.actor, draft).await?;
    let words = ctx.words().await?;
    let (form, title) = (series::shaped_as(&empty(), kept), series_views::day_title(words, day));
    let action = FormAction::DayNew(day, setup, Some(draft));
    Ok(Reply::Form(series_views::form(words, action, &title, &form)))
}

/// Plans an event on a day, or gives the form back that says what it is.
async fn plan<W: World>(
    ctx: &Context<'_, W>,
    (day, is_walk): (Weekday, bool),
    form: &SeriesForm,
) -> Result<Reply, Stop> {
    let place = EventForm { channel: form.channel, ..EventForm::default() };
    let (words, submission) = (ctx.words().await?, series::submission(ctx, place));
    match ctx.app.plan_day(&submission, day, form).await {
        Ok(_) if is_walk => go_to(ctx, Some(day)).await,
        Ok(planned) => Ok(Reply::private(schedule::planned(words, &planned))),
        Err(stop) => {
            let again = Action::DayNewAgain(ctx.interaction.id, day, is_walk);
            let back = is_walk.then_some(Action::SetupDay(day));
            let said = series::given_back(ctx, stop, form, (again, back)).await?;
            Ok(if is_walk { Reply::Update(said) } else { Reply::private(said) })
        }
    }
}

/// Plans an event on a day: at once if it was said, else through the form.
async fn set<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let day = day_of(command).ok_or(Refusal::Unknown)?;
    let options = &command.options;
    if !options.has("title") || !options.has("time") {
        return open_new(ctx, day, false).await;
    }
    let text = |name| options.text(name).to_owned();
    let form = SeriesForm {
        title: text("title"),
        time: text("time"),
        duration: text("duration"),
        description: text("description"),
        repeat: None,
        // Commands have one line: fields are parted by semicolons there.
        fields: Some(options.text("fields").replace(';', "\n")),
        channel: options.channel("channel"),
    };
    plan(ctx, (day, false), &form).await
}

async fn clear<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let day = day_of(command).ok_or(Refusal::Unknown)?;
    let words = ctx.words().await?;
    let ended = ctx.app.clear_day(ctx.actor, day, ctx.interaction.id).await?;
    Ok(Reply::private(schedule::cleared(words, day, &ended)))
}

/// Plans again what was ended on a day.
pub async fn resume<W: World>(ctx: &Context<'_, W>, id: SeriesId) -> Result<Reply, Stop> {
    let words = ctx.words().await?;
    let done = ctx.app.resume_series(ctx.actor, id, ctx.interaction.id).await?;
    Ok(Reply::Update(schedule::planned(words, &done.now)))
}

async fn skip<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let (words, options) = (ctx.words().await?, &command.options);
    let days = (options.text("from"), options.text("to"));
    let skip = ctx.app.skip_days(ctx.actor, days, &ctx.interaction.guild_locale).await?;
    Ok(Reply::private(schedule::skipped(words, &skip)))
}

/// Has the schedule go on where it was to rest.
pub async fn unskip<W: World>(
    ctx: &Context<'_, W>,
    first: Date,
    last: Date,
) -> Result<Reply, Stop> {
    ctx.app.unskip_days(ctx.actor, first, last).await?;
    back(ctx).await
}

async fn post<W: World>(ctx: &Context<'_, W>, command: &Command) -> Result<Reply, Stop> {
    let wanted = PostDay {
        day: day_of(command),
        channel: command.options.channel("channel"),
        interaction: ctx.interaction.id,
        channels: &ctx.interaction.channels,
    };
    let words = ctx.words().await?;
    let posted = ctx.app.post_day(ctx.actor, wanted).await?;
    Ok(Reply::private(schedule::posted(words, &posted)))
}
