//! The answers that an event offers.

use std::borrow::Cow;
use std::collections::BTreeSet;

use thiserror::Error;

use crate::capacity::Capacity;
use crate::heading::{SharedPlaces, let_come};
use crate::id::RoleId;
use crate::limits::{OPTIONS_EVER_MAX, OPTIONS_MAX};

/// Which of an event's options; stable for the life of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OptionId(u8);

impl OptionId {
    /// Wraps a number between 0 and 255 that names one option of one event.
    #[must_use]
    pub const fn new(raw: u8) -> Self {
        Self(raw)
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// The colour of an option's button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The client's accent colour.
    Blue,
    /// Neutral.
    Grey,
    /// Agreement.
    Green,
    /// Refusal.
    Red,
}

/// One answer that members can give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerOption {
    /// Its identity within the event.
    pub id: OptionId,
    /// The words on the button, 1 to 80 characters.
    pub label: Box<str>,
    /// The emoji before the words; empty for none.
    pub emoji: Box<str>,
    /// The button's colour.
    pub colour: Colour,
    /// Whether who picks it is coming, and so takes a place where places are limited.
    pub coming: bool,
    /// Whether who picks it is told when the event moves or is cancelled.
    pub told: bool,
    /// How many people can pick it, if it is coming.
    pub capacity: Option<Capacity>,
    /// Only members with one of these roles may pick it; everybody if there are none.
    pub allowed: Box<[RoleId]>,
    /// The role that members have while they are coming by it.
    pub granted: Option<RoleId>,
    /// The heading that it shares with others, as Tank and Healer share "Roles". What places a
    /// heading has is said by [`Options::shared`], once for all below it.
    pub group: Option<Box<str>>,
    /// Whether an organiser removed it: those who picked it stay, nobody else can pick it.
    pub removed: bool,
}

impl AnswerOption {
    /// Whether nobody could tell the two apart: their labels and headings differ at most in case.
    pub(crate) fn is_named_as(&self, other: &Self) -> bool {
        let heading = |option: &Self| option.group.as_deref().map(str::to_lowercase);
        self.has_label_of(other) && heading(self) == heading(other)
    }

    /// Whether their labels differ at most in case.
    fn has_label_of(&self, other: &Self) -> bool {
        self.label.to_lowercase() == other.label.to_lowercase()
    }
}

/// Why an event cannot offer these options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OptionsError {
    /// There is nothing to answer.
    #[error("an event needs at least one answer")]
    None,
    /// More than one select menu holds.
    #[error("{0} answers are too many; an event offers at most {max}", max = OPTIONS_MAX)]
    TooMany(usize),
    /// With those that were removed before, more than [`OPTIONS_EVER_MAX`].
    #[error("{0} answers, removed ones included, are too many; {max} are possible",
        max = OPTIONS_EVER_MAX)]
    TooManyEver(usize),
    /// Two have the same identity.
    #[error("the same answer is there twice")]
    Twice,
}

/// All answers of one event, in the order in which they are shown, and the places that those under
/// one heading share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    all: Box<[AnswerOption]>,
    /// At most one for each heading that any of them has.
    shared: Box<[SharedPlaces]>,
}

impl Options {
    /// Yes, No, Maybe, Mobile: what an event offers when its organiser says nothing.
    #[must_use]
    pub fn default_four() -> Self {
        let option = |id, label: &str, emoji: &str, colour, coming, told| AnswerOption {
            id: OptionId::new(id),
            label: label.into(),
            emoji: emoji.into(),
            colour,
            coming,
            told,
            capacity: None,
            allowed: Box::default(),
            granted: None,
            group: None,
            removed: false,
        };
        let all = Box::new([
            option(0, "Yes", "✅", Colour::Green, true, true),
            option(1, "No", "❌", Colour::Red, false, false),
            option(2, "Maybe", "❓", Colour::Grey, false, true),
            option(3, "Mobile", "📱", Colour::Blue, true, true),
        ]);
        Self { all, shared: Box::default() }
    }

    /// Takes options as stored or put together: 1 to [`OPTIONS_MAX`] that are offered, with those
    /// that were removed at most [`OPTIONS_EVER_MAX`], each with an identity of its own. They share
    /// no places until [`Self::sharing`] says so.
    pub fn new(options: Vec<AnswerOption>) -> Result<Self, OptionsError> {
        let mut ids: Vec<_> = options.iter().map(|option| option.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let offered = options.iter().filter(|option| !option.removed).count();
        if offered == 0 {
            return Err(OptionsError::None);
        }
        if offered > OPTIONS_MAX {
            return Err(OptionsError::TooMany(offered));
        }
        if options.len() > OPTIONS_EVER_MAX {
            return Err(OptionsError::TooManyEver(options.len()));
        }
        if ids.len() < options.len() {
            return Err(OptionsError::Twice);
        }
        Ok(Self { all: options.into(), shared: Box::default() })
    }

    /// These, and the places that they share by their headings, in the order in which these come.
    /// Of two of the same heading the first counts; a heading under which nothing stands has none.
    #[must_use]
    pub fn sharing(self, shared: impl IntoIterator<Item = SharedPlaces>) -> Self {
        let given: Vec<SharedPlaces> = shared.into_iter().collect();
        let mut known: Vec<SharedPlaces> = Vec::new();
        for option in self.iter() {
            let is_known = known.iter().any(|places| places.are_for(option));
            let places = given.iter().find(|places| places.are_for(option) && !is_known);
            known.extend(places.cloned());
        }
        Self { shared: known.into(), ..self }
    }

    /// These without those that were removed, for an event that nobody has answered yet.
    #[must_use]
    pub fn only_offered(&self) -> Self {
        let all = self.offered().cloned().collect();
        Self { all, shared: Box::default() }.sharing(self.shared.iter().cloned())
    }

    /// The roles that those give which are offered, each once.
    #[must_use]
    pub fn granted(&self) -> BTreeSet<RoleId> {
        self.offered().filter_map(|option| option.granted).collect()
    }

    /// These, with none of them giving any of these roles.
    #[must_use]
    pub fn without_grants_of(mut self, roles: &[RoleId]) -> Self {
        for option in &mut self.all {
            option.granted = option.granted.filter(|role| !roles.contains(role));
        }
        self
    }

    /// What an event with these options offers after an organiser asked for `wanted`.
    ///
    /// Who picked an option finds it again: one of `wanted` that has the identity of one of these
    /// is that one, changed; one that has the name of a removed one is that one, offered again;
    /// any other is new, and gets an identity that none has had. What is not wanted any more stays
    /// at the end, removed.
    pub fn edited(&self, wanted: &Self) -> Result<Self, OptionsError> {
        let mut after: Vec<AnswerOption> = Vec::new();
        let mut next = self.first_unused();
        for option in wanted.offered() {
            let same = self.get(option.id).or_else(|| self.removed_as(option));
            let id = match same {
                Some(same) => same.id,
                None => take(&mut next),
            };
            after.push(AnswerOption { id, ..option.clone() });
        }
        let kept = |known: &&AnswerOption| after.iter().all(|option| option.id != known.id);
        let gone: Vec<_> = self.iter().filter(kept).cloned().collect();
        after.extend(gone.into_iter().map(|option| AnswerOption { removed: true, ..option }));
        // Headings that only removed ones still have keep their places.
        let is_left = |places: &&SharedPlaces| !wanted.offered().any(|o| places.are_for(o));
        let left = self.shared.iter().filter(is_left);
        Ok(Self::new(after)?.sharing(wanted.shared.iter().chain(left).cloned()))
    }

    /// Options that were made anew, as by reading words, with the identities of those of these
    /// that have the same names; what words cannot say of an option stays as it is.
    pub fn recognised(&self, anew: &Self) -> Result<Self, OptionsError> {
        let mut next = self.first_unused();
        let recognise = |option: &AnswerOption| match self.recognise(option, anew) {
            Some(known) => AnswerOption {
                label: option.label.clone(),
                group: option.group.clone(),
                emoji: option.emoji.clone(),
                capacity: option.capacity,
                coming: known.coming || option.capacity.is_some(),
                ..known.clone()
            },
            None => AnswerOption { id: take(&mut next), ..option.clone() },
        };
        let mut recognised: Vec<_> = anew.offered().map(recognise).collect();
        let_come(&mut recognised, &anew.shared);
        Ok(Self::new(recognised)?.sharing(anew.shared.iter().cloned()))
    }

    /// Which of these one of `anew` is: the one with the same label and heading; or with the same
    /// label, if there is only one such on either side, so that it stands under another heading.
    fn recognise(&self, option: &AnswerOption, anew: &Self) -> Option<&AnswerOption> {
        let only = |options: &Self| options.offered().filter(|o| o.has_label_of(option)).count();
        let is_moved = |known: &&AnswerOption| {
            known.has_label_of(option) && only(self) == 1 && only(anew) == 1
        };
        let same = self.offered().find(|known| known.is_named_as(option));
        same.or_else(|| self.offered().find(is_moved))
    }

    /// What an option is called among these: its label, with its heading where another one has the
    /// same label, as "Paladin (Healer)".
    #[must_use]
    pub fn name_of<'a>(&self, option: &'a AnswerOption) -> Cow<'a, str> {
        let is_other = |other: &AnswerOption| other.id != option.id && other.has_label_of(option);
        match &option.group {
            Some(group) if self.iter().any(is_other) => {
                Cow::Owned(format!("{} ({group})", option.label))
            }
            _ => Cow::Borrowed(&option.label),
        }
    }

    fn removed_as(&self, option: &AnswerOption) -> Option<&AnswerOption> {
        self.iter().find(|known| known.removed && known.is_named_as(option))
    }

    /// Identities are given in order, and none is given twice.
    fn first_unused(&self) -> u8 {
        self.iter().map(|option| option.id.0.saturating_add(1)).max().unwrap_or_default()
    }

    /// The options that can be picked, in order.
    pub fn offered(&self) -> impl Iterator<Item = &AnswerOption> {
        self.iter().filter(|option| !option.removed)
    }

    /// Whether any option shares a heading with others.
    #[must_use]
    pub fn has_groups(&self) -> bool {
        self.offered().any(|option| option.group.is_some())
    }

    /// The places that options share by their headings, each heading once.
    #[must_use]
    pub fn shared(&self) -> &[SharedPlaces] {
        &self.shared
    }

    /// The places that an option shares with others under its heading, if that has any, and where
    /// they stand in [`Self::shared`].
    #[must_use]
    pub fn shared_by(&self, option: &AnswerOption) -> Option<(usize, &SharedPlaces)> {
        self.shared.iter().enumerate().find(|(_, places)| places.are_for(option))
    }

    /// The options in order, removed ones among them.
    pub fn iter(&self) -> impl Iterator<Item = &AnswerOption> {
        self.all.iter()
    }

    /// The option with this id, if the event offers or offered it.
    #[must_use]
    pub fn get(&self, id: OptionId) -> Option<&AnswerOption> {
        self.all.iter().find(|option| option.id == id)
    }
}

/// Gives out the next identity.
const fn take(next: &mut u8) -> OptionId {
    let id = OptionId(*next);
    *next = next.saturating_add(1);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_four_are_yes_no_maybe_mobile_of_which_two_are_coming() {
        let four = Options::default_four();
        let labels: Vec<_> = four.iter().map(|o| (o.label.as_ref(), o.coming)).collect();
        assert_eq!(labels, [("Yes", true), ("No", false), ("Maybe", false), ("Mobile", true)]);
    }

    fn option(id: u8, label: &str) -> AnswerOption {
        let yes = Options::default_four().iter().next().unwrap().clone();
        AnswerOption { id: OptionId::new(id), label: label.into(), ..yes }
    }

    fn options(labels: &[(u8, &str)]) -> Options {
        Options::new(labels.iter().map(|(id, label)| option(*id, label)).collect()).unwrap()
    }

    /// Identity, name, and whether it is offered.
    fn shown(options: &Options) -> Vec<(u8, &str, bool)> {
        options.iter().map(|o| (o.id.get(), o.label.as_ref(), !o.removed)).collect()
    }

    #[test]
    fn options_are_at_least_one_at_most_twenty_five_and_all_different() {
        let many = |ids: std::ops::Range<u8>| ids.map(|id| option(id, "X")).collect::<Vec<_>>();
        let mut with_removed = many(0..50);
        with_removed.iter_mut().skip(25).for_each(|option| option.removed = true);
        assert!(Options::new(with_removed.clone()).is_ok());
        with_removed.push(AnswerOption { removed: true, ..option(50, "X") });
        let removed = AnswerOption { removed: true, ..option(0, "X") };
        for (wrong, why) in [
            (vec![], OptionsError::None),
            (vec![removed], OptionsError::None),
            (many(0..26), OptionsError::TooMany(26)),
            (with_removed, OptionsError::TooManyEver(51)),
            (vec![option(1, "X"), option(1, "Y")], OptionsError::Twice),
        ] {
            assert_eq!(Options::new(wrong), Err(why));
        }
    }

    #[test]
    fn an_edit_keeps_identities_and_gives_none_twice() {
        let first = options(&[(0, "Tank"), (1, "Healer")]);
        // Healer is renamed, Tank goes, Bench is new under whatever identity.
        let second = first.edited(&options(&[(1, "Heal"), (9, "Bench")])).unwrap();
        assert_eq!(shown(&second), [(1, "Heal", true), (2, "Bench", true), (0, "Tank", false)]);
        let third = second.edited(&options(&[(7, "Damage"), (8, "tank")])).unwrap();
        assert_eq!(
            shown(&third),
            [(3, "Damage", true), (0, "tank", true), (1, "Heal", false), (2, "Bench", false)]
        );
        assert_eq!(third.edited(&third), Ok(third));
    }

    #[test]
    fn so_many_options_ever_and_no_more() {
        let named = |from: u8| (from..from + 25).map(|id| option(id, &id.to_string())).collect();
        let set = |from: u8| Options::new(named(from)).unwrap();
        let twice = set(0).edited(&set(100)).unwrap();
        assert_eq!(twice.iter().count(), 50);
        assert_eq!(twice.edited(&set(200)), Err(OptionsError::TooManyEver(75)));
    }

    #[test]
    fn words_find_the_options_that_they_name_and_change_what_they_say() {
        let mut first = options(&[(3, "Tank"), (5, "Bench")]);
        first.all[0].granted = Some(RoleId::new(7));
        let mut words = options(&[(0, "Bench"), (1, "TANK"), (2, "Healer")]);
        words.all[1].capacity = Capacity::parse(2).ok();
        let recognised = first.recognised(&words).unwrap();
        assert_eq!(
            shown(&recognised),
            [(5, "Bench", true), (3, "TANK", true), (6, "Healer", true)]
        );
        let tank = recognised.get(OptionId::new(3)).unwrap();
        assert_eq!((tank.granted, tank.capacity), (Some(RoleId::new(7)), Capacity::parse(2).ok()));
    }

    #[test]
    fn options_of_one_label_are_told_apart_by_their_headings() {
        let read = |words| crate::option_words::read(words).unwrap();
        let present = read("Tank: Warrior, Paladin; Healer: Paladin; Bench");
        let names = |options: &Options| -> Vec<(u8, String)> {
            options.offered().map(|o| (o.id.get(), options.name_of(o).into_owned())).collect()
        };
        let name = |id: u8, name: &str| (id, name.to_owned());
        assert_eq!(
            names(&present),
            [
                name(0, "Warrior"),
                name(1, "Paladin (Tank)"),
                name(2, "Paladin (Healer)"),
                name(3, "Bench")
            ]
        );
        // Warrior stands under another heading, and there is one Paladin more.
        let anew = read("Healer: paladin; Damage: Paladin; Melee: Warrior; Tank: Paladin; Bench");
        let recognised = present.recognised(&anew).unwrap();
        assert_eq!(
            names(&recognised),
            [
                name(2, "paladin (Healer)"),
                name(4, "Paladin (Damage)"),
                name(0, "Warrior"),
                name(1, "Paladin (Tank)"),
                name(3, "Bench"),
            ]
        );
        assert_eq!(recognised.get(OptionId::new(0)).unwrap().group.as_deref(), Some("Melee"));
    }
}
