//! `/settings`: one panel, of which every part answers with the panel as it is then.

use jiff::civil::Time;
use muster_domain::id::ChannelId;
use muster_domain::limits::ORGANISER_ROLES_MAX;
use muster_domain::settings::{
    CleanUp, GuildSettings, HoursAfterEnd, Language, Retention, SettingsChange,
};
use muster_domain::text::quoted;
use muster_domain::when::parse_time_of_day;
use muster_domain::zone::Zone;
use muster_engine::World;
use muster_engine::create::{self, KnownChannel};
use muster_engine::refusal::{Number, Refusal, Stop};

use crate::commands::Context;
use crate::custom_id::FormAction;
use crate::interaction::{Component, Form};
use crate::reply::Reply;
use crate::views::message::Message;
use crate::views::messages::Words;
use crate::views::settings::{self, clean_up as posts, times};
use crate::views::timezone;

/// Opens the panel, for the command and for the buttons that lead here.
pub async fn open<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let settings = ctx.app.settings_as_manager(ctx.actor).await?;
    Ok(Reply::private(panel(ctx, &settings)))
}

/// The channel for posts was chosen, or none.
pub async fn channel<W: World>(ctx: &Context<'_, W>, component: &Component) -> Result<Reply, Stop> {
    ctx.app.settings_as_manager(ctx.actor).await?;
    let chosen = component.channel();
    can_post(chosen, &ctx.interaction.channels)?;
    change(ctx, SettingsChange::Channel(chosen)).await
}

/// The organiser roles were chosen, or none.
pub async fn organisers<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    let mut roles = component.roles();
    roles.truncate(ORGANISER_ROLES_MAX);
    change(ctx, SettingsChange::OrganiserRoles(roles)).await
}

/// The role to mention was chosen, or none.
pub async fn mention<W: World>(ctx: &Context<'_, W>, component: &Component) -> Result<Reply, Stop> {
    change(ctx, SettingsChange::MentionRole(component.role())).await
}

/// The channel for organisers was chosen, or none.
pub async fn admin_channel<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    ctx.app.settings_as_manager(ctx.actor).await?;
    let chosen = component.channel();
    can_post(chosen, &ctx.interaction.channels)?;
    change(ctx, SettingsChange::AdminChannel(chosen)).await
}

/// Whether new events hide names was chosen.
pub async fn names_hidden<W: World>(ctx: &Context<'_, W>, hidden: bool) -> Result<Reply, Stop> {
    change(ctx, SettingsChange::NamesHidden(hidden)).await
}

/// Whether a report that all see names those who come most often was chosen.
pub async fn leaderboards<W: World>(ctx: &Context<'_, W>, shown: bool) -> Result<Reply, Stop> {
    change(ctx, SettingsChange::Leaderboards(shown)).await
}

/// Whether organisers are told that nothing is planned was chosen.
pub async fn nudges<W: World>(ctx: &Context<'_, W>, nudges: bool) -> Result<Reply, Stop> {
    change(ctx, SettingsChange::Nudges(nudges)).await
}

/// How long events are kept was chosen.
pub async fn retention<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    change(ctx, SettingsChange::Retention(kept_for(component.first())?)).await
}

/// The language was chosen.
pub async fn language<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    let known = Language::ALL.into_iter().find(|language| language.code() == component.first());
    change(ctx, SettingsChange::Language(known.ok_or(Refusal::Unknown)?)).await
}

/// Opens the form for the zone.
pub async fn open_zone<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let settings = ctx.app.settings_as_manager(ctx.actor).await?;
    let present = settings.zone.as_ref().map_or("", Zone::name);
    let words = Words::of(settings.language);
    Ok(Reply::Form(timezone::optional_zone_form(words, FormAction::SettingsZone, present)))
}

/// The form for the zone, handed in; left empty, it clears the zone.
pub async fn zone_form<W: World>(ctx: &Context<'_, W>, form: &Form) -> Result<Reply, Stop> {
    let zone = named_zone(form.fields.text(timezone::ZONE))?;
    change(ctx, SettingsChange::Zone(zone)).await
}

/// Opens the form for the usual times of day.
pub async fn open_times<W: World>(ctx: &Context<'_, W>) -> Result<Reply, Stop> {
    let settings = ctx.app.settings_as_manager(ctx.actor).await?;
    Ok(Reply::Form(times::form(&settings)))
}

/// The form for the usual times of day, handed in; a field left empty clears its time.
pub async fn times_form<W: World>(ctx: &Context<'_, W>, form: &Form) -> Result<Reply, Stop> {
    let text = |name| form.fields.text(name);
    let event = time_of_day(text(times::EVENT)).map_err(Number::UsualTime.refused())?;
    let posting = time_of_day(text(times::POSTING)).map_err(Number::PostingTime.refused())?;
    change(ctx, SettingsChange::Times { event, posting }).await
}

/// Whether new events get a thread was chosen.
pub async fn threads<W: World>(ctx: &Context<'_, W>, threads: bool) -> Result<Reply, Stop> {
    change(ctx, SettingsChange::Threads(threads)).await
}

/// What becomes of posts was chosen; if they do not stay, a form asks after how many hours.
pub async fn clean_up<W: World>(
    ctx: &Context<'_, W>,
    component: &Component,
) -> Result<Reply, Stop> {
    let settings = ctx.app.settings_as_manager(ctx.actor).await?;
    let deletes = match component.first() {
        posts::KEEP => return change(ctx, SettingsChange::CleanUp(CleanUp::Keep)).await,
        posts::ARCHIVE => false,
        posts::DELETE => true,
        _ => return Err(Refusal::Unknown.into()),
    };
    Ok(Reply::Form(posts::form(&settings, deletes)))
}

/// Opens the form for after how many hours posts are deleted, or their threads archived.
pub async fn open_clean_up<W: World>(ctx: &Context<'_, W>, deletes: bool) -> Result<Reply, Stop> {
    let settings = ctx.app.settings_as_manager(ctx.actor).await?;
    Ok(Reply::Form(posts::form(&settings, deletes)))
}

/// The form for after how many hours that happens, handed in.
pub async fn clean_up_form<W: World>(
    ctx: &Context<'_, W>,
    deletes: bool,
    form: &Form,
) -> Result<Reply, Stop> {
    let hours = hours_of(form.fields.text(posts::HOURS))?;
    let rule = if deletes { CleanUp::Delete(hours) } else { CleanUp::Archive(hours) };
    change(ctx, SettingsChange::CleanUp(rule)).await
}

fn hours_of(given: &str) -> Result<HoursAfterEnd, Refusal> {
    let hours = given.trim().trim_end_matches(['h', 'H']).trim_end().parse().ok();
    let hours = hours.and_then(|hours: i64| HoursAfterEnd::parse(hours).ok());
    hours.ok_or_else(|| Refusal::HoursAfterEnd(quoted(given)))
}

async fn change<W: World>(ctx: &Context<'_, W>, change: SettingsChange) -> Result<Reply, Stop> {
    let settings = ctx.app.change_settings(ctx.actor, change).await?;
    Ok(Reply::Update(panel(ctx, &settings)))
}

fn panel<W: World>(ctx: &Context<'_, W>, settings: &GuildSettings) -> Message {
    let default_zone = ctx.app.config().default_zone.as_ref();
    settings::panel(settings, ctx.actor.guild, default_zone, ctx.app.now())
}

/// The days that were chosen, or for ever.
fn kept_for(chosen: &str) -> Result<Option<Retention>, Refusal> {
    if chosen == settings::FOR_EVER {
        return Ok(None);
    }
    let days = chosen.parse().map_err(|_| Refusal::Unknown)?;
    Retention::parse(days).map(Some).map_err(|_| Refusal::Unknown)
}

fn named_zone(name: &str) -> Result<Option<Zone>, Refusal> {
    if name.trim().is_empty() {
        return Ok(None);
    }
    Zone::parse(name).map(Some).map_err(Refusal::Zone)
}

fn time_of_day(words: &str) -> Result<Option<Time>, Refusal> {
    if words.trim().is_empty() {
        return Ok(None);
    }
    parse_time_of_day(words).map(Some).map_err(Refusal::TimeOfDay)
}

/// Whether events can be posted in the chosen channel, if one was chosen.
fn can_post(chosen: Option<ChannelId>, channels: &[KnownChannel]) -> Result<(), Refusal> {
    chosen.map_or(Ok(()), |channel| create::can_post(channel, channels))
}

#[cfg(test)]
mod tests {
    use muster_domain::rights::Permissions;
    use muster_engine::create::ChannelKind;

    use super::*;

    const CHANNEL: ChannelId = ChannelId::new(3);

    fn known(kind: ChannelKind, permissions: Permissions) -> KnownChannel {
        KnownChannel { id: CHANNEL, kind, permissions }
    }

    #[test]
    fn a_channel_where_the_bot_cannot_post_is_refused_with_what_is_missing() {
        let channels = [known(ChannelKind::Messages, Permissions::VIEW_CHANNEL)];
        let missing = Permissions::VIEW_CHANNEL.missing(Permissions::TO_POST);
        let refused = can_post(Some(CHANNEL), &channels);
        assert_eq!(refused, Err(Refusal::CannotPost(CHANNEL, missing)));
        let forum = [known(ChannelKind::Forum, Permissions::TO_POST)];
        let missing = Permissions::SEND_MESSAGES_IN_THREADS;
        assert_eq!(can_post(Some(CHANNEL), &forum), Err(Refusal::CannotPost(CHANNEL, missing)));
        let category = [known(ChannelKind::Other, Permissions::TO_POST)];
        assert_eq!(can_post(Some(CHANNEL), &category), Err(Refusal::WrongKindOfChannel(CHANNEL)));
    }

    #[test]
    fn a_good_channel_an_unknown_one_and_none_are_taken() {
        let channels = [known(ChannelKind::Messages, Permissions::TO_POST)];
        assert_eq!(can_post(Some(CHANNEL), &channels), Ok(()));
        assert_eq!(can_post(Some(ChannelId::new(4)), &channels), Ok(()));
        assert_eq!(can_post(None, &[known(ChannelKind::Other, Permissions::default())]), Ok(()));
    }

    #[test]
    fn events_are_kept_for_some_days_or_for_ever_and_for_nothing_else() {
        assert_eq!(kept_for("ever"), Ok(None));
        assert_eq!(kept_for("90"), Ok(Retention::parse(90).ok()));
        for forged in ["", "0", "-1", "100000", "a day"] {
            assert_eq!(kept_for(forged), Err(Refusal::Unknown), "{forged}");
        }
    }

    #[test]
    fn hours_are_a_number_of_them() {
        assert_eq!(hours_of(" 48 ").ok(), HoursAfterEnd::parse(48).ok());
        assert_eq!(hours_of("48h").ok(), HoursAfterEnd::parse(48).ok());
        for given in ["", "0", "721", "two days", "-1"] {
            assert_eq!(hours_of(given), Err(Refusal::HoursAfterEnd(given.into())), "{given}");
        }
    }

    #[test]
    fn an_empty_name_clears_the_zone_and_a_wrong_one_is_refused() {
        assert_eq!(named_zone("  "), Ok(None));
        assert_eq!(named_zone("europe/berlin").unwrap().unwrap().name(), "Europe/Berlin");
        assert!(matches!(named_zone("Middle Earth"), Err(Refusal::Zone(_))));
    }
}
