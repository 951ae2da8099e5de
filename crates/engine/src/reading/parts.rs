//! Words for what an event is made of beside its details: its answers, its rules, its picture.

use jiff::SignedDuration;
use muster_domain::answer_option::Options;
use muster_domain::duration::parse_before_start;
use muster_domain::emoji::Emoji;
use muster_domain::option_edit::Face;
use muster_domain::option_words;
use muster_domain::preset::Preset;
use muster_domain::roster::Guests;
use muster_domain::rules::{Minimum, RulesEdit};
use muster_domain::text::{GroupName, ImageUrl, OptionLabel, quoted};
use muster_store::model::EventForm;

use super::{optional, read_capacity, read_duration};
use crate::refusal::{Field, Number, Refusal};

/// When it is looked at whether too few are coming, if nobody says.
pub const MINIMUM_BEFORE_DEFAULT: SignedDuration = SignedDuration::from_hours(24);

/// The answers that words ask for: the name of a ready-made set, or one answer after the other;
/// without words the usual four.
pub fn read_options(words: &str) -> Result<Options, Refusal> {
    match (words.trim(), Preset::named(words)) {
        ("", _) => Ok(Options::default_four()),
        (_, Some(preset)) => Ok(preset.options()),
        (words, None) => option_words::read(words).map_err(Refusal::Options),
    }
}

/// How long before the start answers close; `None` where no words say it.
pub fn read_close(words: &str) -> Result<Option<SignedDuration>, Refusal> {
    let said = Some(words).filter(|words| !words.trim().is_empty());
    said.map(parse_before_start).transpose().map_err(Refusal::Close)
}

/// The picture of an event; `None` where no address is given.
pub fn read_image(address: &str) -> Result<Option<ImageUrl>, Refusal> {
    let given = Some(address).filter(|address| !address.trim().is_empty());
    given.map(ImageUrl::parse).transpose().map_err(Refusal::Image)
}

/// What stands on an answer, as a form gives it.
#[derive(Clone, Copy, Debug, Default)]
pub struct FaceWords<'a> {
    /// The words on it.
    pub label: &'a str,
    /// The emoji before them; empty for none.
    pub emoji: &'a str,
    /// How many can pick it; empty for no limit.
    pub places: &'a str,
    /// The heading that it stands under; empty for none.
    pub group: &'a str,
    /// How many can pick any answer under that heading; empty for no limit.
    pub shared: &'a str,
}

/// Reads what stands on an answer.
pub fn read_face(words: FaceWords<'_>) -> Result<Face, Refusal> {
    let FaceWords { label, emoji, places, group, shared } = words;
    let label = OptionLabel::parse(label).map_err(|e| Refusal::Text(Field::Answer, e))?;
    let heading = optional(GroupName::parse(group)).map_err(|e| Refusal::Text(Field::Group, e))?;
    let emoji = Some(emoji.trim()).filter(|emoji| !emoji.is_empty());
    let emoji = emoji.map(|given| {
        let none = || Refusal::NotAnEmoji(quoted(given));
        Emoji::parse(given).ok_or_else(none)
    });
    let emoji = emoji.transpose()?;
    let capacity = read_capacity(places).map_err(Number::Places.refused())?;
    let shared = read_capacity(shared).map_err(Number::SharedPlaces.refused())?;
    Ok(Face { label, emoji, capacity, heading, shared })
}

/// The numbers of an event's rules, as a form gives them.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumberWords<'a> {
    /// How many guests a member may bring; empty for none.
    pub guests: &'a str,
    /// How long who comes up from the line has to accept; empty for at once.
    pub offer: &'a str,
    /// How long before the start answers close; empty for at the start.
    pub close: &'a str,
    /// How few are too few; empty for no such number.
    pub minimum: &'a str,
    /// How long before the start that is looked at; empty for [`MINIMUM_BEFORE_DEFAULT`].
    pub minimum_before: &'a str,
}

/// Reads the numbers of an event's rules.
pub fn read_numbers(words: NumberWords<'_>) -> Result<RulesEdit, Refusal> {
    let guests = words.guests.trim();
    let guests_max = match guests {
        "" => Some(Guests::NONE),
        digits => digits.parse().ok().and_then(|guests| Guests::parse(guests).ok()),
    };
    let not_possible = || Refusal::GuestsNotPossible(quoted(guests));
    let guests_max = guests_max.ok_or_else(not_possible).map_err(Number::Guests.refused())?;
    let offer = read_duration(words.offer).map_err(Number::Offer.refused())?;
    let close = read_close(words.close).map_err(Number::CloseBefore.refused())?;
    let people = read_capacity(words.minimum).map_err(Number::Minimum.refused())?;
    let before = read_close(words.minimum_before).map_err(Number::MinimumBefore.refused())?;
    let before_start = before.unwrap_or(MINIMUM_BEFORE_DEFAULT);
    Ok(RulesEdit::Numbers {
        guests_max,
        offer,
        close_before: close.unwrap_or_default(),
        minimum: people.map(|people| Minimum { people, before_start }),
    })
}

/// Checks what the form that opens to be mended has no fields for.
pub fn check_unseen(form: &EventForm) -> Result<(), Refusal> {
    // The name of the editor passes as the name of an answer.
    read_options(&form.options)?;
    read_close(&form.close)?;
    read_image(&form.image).map(drop)
}
