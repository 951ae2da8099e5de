//! Headings in words: "Tank 2" is the heading "Tank", with two places for all that stand below it.

use super::number_at_end;

/// A heading as it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heading<'a> {
    pub(super) name: &'a str,
    pub(super) places: Option<i64>,
}

impl<'a> Heading<'a> {
    fn cut(written: &'a str) -> Self {
        match number_at_end(written) {
            Some((name, number)) => Self { name, places: Some(number) },
            None => Self { name: written, places: None },
        }
    }
}

/// What a heading means among all that were written. Where headings differ only in their numbers,
/// the numbers belong to the names; one without a number is the same as the one with it. All are
/// spelled like the first.
pub(super) fn meant<'a>(written: &'a str, all: &[&'a str]) -> Heading<'a> {
    let name = Heading::cut(written).name.to_lowercase();
    let mut same =
        all.iter().copied().map(Heading::cut).filter(|heading| heading.name.to_lowercase() == name);
    let Some(first) = same.next() else { return Heading { name: written, places: None } };
    same.try_fold(first, |known, other| match (known.places, other.places) {
        (Some(one), Some(another)) if one != another => None,
        (one, another) => Some(Heading { places: one.or(another), ..known }),
    })
    .unwrap_or(Heading { name: written, places: None })
}
