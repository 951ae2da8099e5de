//! How what is typed about an event will be understood: its answers, its time, how it repeats.

use muster_domain::option_words;
use muster_domain::preset::Preset;
use muster_domain::recurrence::{Occurrence, Recurrence};
use muster_domain::when::{self, DateOrder, Moment, Understood, describe};
use muster_domain::zone::Zone;
use muster_engine::World;
use muster_engine::create::EDITOR;
use muster_engine::reading::{self, UsualTime};
use muster_engine::refusal::Stop;

use crate::commands::Context;
use crate::interaction::Options;
use crate::views::message::Choice;
use crate::views::text::shortened;

/// Characters of a suggestion: of what is shown, and of what comes back. (Discord's limit)
const CHOICE_MAX: usize = 100;

/// Suggests answers that an event can offer: the ready-made sets, and what was typed as it is
/// understood.
#[must_use]
pub fn options(typed: &str) -> Vec<Choice> {
    let typed = typed.trim();
    let begins = |preset: &Preset| preset.name().to_lowercase().starts_with(&typed.to_lowercase());
    let presets = Preset::ALL.into_iter().filter(begins).map(|preset| Choice {
        name: shortened(&format!("{}: {}", preset.name(), preset.words()), CHOICE_MAX),
        value: preset.name().to_owned(),
    });
    let is_own = typed.chars().count() <= CHOICE_MAX && !typed.eq_ignore_ascii_case(EDITOR);
    let own = option_words::read(typed).ok().filter(|_| is_own);
    let own = own.map(|options| Choice {
        name: shortened(&option_words::write(&options), CHOICE_MAX),
        value: typed.to_owned(),
    });
    let editor = EDITOR.starts_with(&typed.to_lowercase()).then(|| Choice {
        name: "Editor: put them together before it is posted".to_owned(),
        value: EDITOR.to_owned(),
    });
    editor.into_iter().chain(presets).chain(own).collect()
}

/// How a time that is being typed will be understood.
pub async fn when<W: World>(ctx: &Context<'_, W>, typed: &str) -> Result<Vec<Choice>, Stop> {
    let settings = ctx.app.settings(ctx.actor.guild).await?;
    let Some(zone) = ctx.app.zone_for(ctx.actor.user, &settings).await? else {
        return Ok(Vec::new());
    };
    let (zone, now) = (zone.zone(), ctx.app.now());
    let date_order = DateOrder::for_locale(&ctx.interaction.guild_locale);
    let context = when::Context { now, zone: zone.rules(), date_order };
    let usual = UsualTime::of(&settings, ctx.app.zone_of_guild(&settings));
    let moments = match reading::understand(typed, &context, usual.as_ref()) {
        Ok(Understood::One(moment)) => vec![moment],
        Ok(Understood::Several(moments)) => moments,
        Err(_) => return Ok(Vec::new()),
    };
    let choice = |moment: &Moment| {
        let name = shortened(&when::label(moment, now, zone.rules()), CHOICE_MAX);
        Choice { name, value: when::canonical(moment) }
    };
    Ok(moments.iter().map(choice).collect())
}

/// How words for a series that are being typed will be understood, with its first dates if it is
/// clear when it begins.
pub async fn repeat<W: World>(
    ctx: &Context<'_, W>,
    options: &Options,
) -> Result<Vec<Choice>, Stop> {
    let (typed, when) = (options.text("repeat"), options.text("when"));
    let locale = &ctx.interaction.guild_locale;
    let read = ctx.app.repeats(ctx.actor, (typed, when), locale).await?;
    let Some(zone) = read.zone else { return Ok(Vec::new()) };
    let suggested = read.rules.iter().zip(&read.dates);
    Ok(suggested.filter_map(|(rule, dates)| suggestion(rule, dates, (&zone, typed))).collect())
}

/// One suggestion; none where all words for it are longer than Discord takes, as they would come
/// back cut off.
fn suggestion(
    rule: &Recurrence,
    dates: &[Occurrence],
    (zone, typed): (&Zone, &str),
) -> Option<Choice> {
    let words = rule.in_words();
    let fits = |words: &str| words.chars().count() <= CHOICE_MAX;
    let value = [words.as_str(), typed].into_iter().find(|words| fits(words))?.to_owned();
    let day = |next: &Occurrence| {
        let day = describe(next.at, zone.rules());
        day.split(',').next().unwrap_or_default().to_owned()
    };
    let dates: Vec<_> = dates.iter().map(day).collect();
    // The dates first: long words are cut.
    let name = if dates.is_empty() { words } else { format!("{}: {words}", dates.join(", ")) };
    Some(Choice { name: shortened(&name, CHOICE_MAX), value })
}
