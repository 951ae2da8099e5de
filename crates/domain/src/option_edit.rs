//! What an organiser does to one of an event's answers, from the panel where they are edited.
//!
//! A step is made on the answers as they are when it is made, so that two organisers who change
//! different answers do not undo each other.

use thiserror::Error;

use crate::answer_option::{AnswerOption, Colour, OptionId, Options, OptionsError};
use crate::capacity::Capacity;
use crate::emoji::Emoji;
use crate::heading::SharedPlaces;
use crate::id::RoleId;
use crate::limits::RULE_ROLES_MAX;
use crate::option_words;
use crate::text::{GroupName, OptionLabel};

/// What stands on an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The words.
    pub label: OptionLabel,
    /// The emoji before them.
    pub emoji: Option<Emoji>,
    /// How many people can pick it.
    pub capacity: Option<Capacity>,
    /// The heading that it shares with others.
    pub heading: Option<GroupName>,
    /// How many people can pick any answer under that heading. An answer that joins a heading takes
    /// its places as they are, unless another number is given than that of the heading that it had;
    /// for one that leaves its heading, the number of that says nothing.
    pub shared: Option<Capacity>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionEdit {
    /// Offers another answer, after those that are offered.
    Add(Face),
    /// Gives an answer another face.
    Rewrite(OptionId, Face),
    /// Paints its button.
    Paint(OptionId, Colour),
    /// Has it count as coming, or not.
    Coming(OptionId, bool),
    /// Has those who picked it told of changes, or not.
    Told(OptionId, bool),
    /// Leaves it to members with one of these roles; to everybody if there are none.
    Allow(OptionId, Vec<RoleId>),
    /// Gives a role to those who are coming by it, or none.
    Grant(OptionId, Option<RoleId>),
    /// Moves it to a place among those that are offered, counted from 0; beyond the last, to the
    /// last.
    Move(OptionId, usize),
    /// Offers it no longer. Who picked it stays.
    Remove(OptionId),
    /// Offers one again that was removed.
    OfferAgain(OptionId),
    /// Offers what was written anew in words; see [`Options::recognised`].
    Words(Options),
}

/// Why a step was not made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OptionEditError {
    /// The event does not offer that answer, or not any more.
    #[error("the event does not offer that answer any more")]
    NoSuchOption,
    /// Nobody could tell two answers apart.
    #[error("there is an answer \"{0}\" already")]
    Twice(Box<str>),
    /// A number of places for an answer that takes none.
    #[error("an answer with places must count as coming")]
    PlacesNeedComing,
    /// Places of a heading below which no answer would take them.
    #[error("the heading \"{0}\" has places, so an answer under it must count as coming")]
    SharedPlacesNeedComing(Box<str>),
    /// Places of a heading that is not named.
    #[error("places for all under a heading need a heading")]
    SharedPlacesNeedHeading,
    /// A role for an answer that does not count as coming.
    #[error("only an answer that counts as coming can give a role")]
    GrantNeedsComing,
    /// More than [`RULE_ROLES_MAX`] roles.
    #[error("{0} roles are too many; {max} are possible", max = RULE_ROLES_MAX)]
    TooManyRoles(usize),
    /// The event cannot offer what would come of it.
    #[error(transparent)]
    Options(#[from] OptionsError),
}

impl OptionEdit {
    /// The answers that are wanted once the step is made on `present`: to be handed to
    /// [`crate::change::EventChange::Options`].
    pub fn made_on(self, present: &Options) -> Result<Options, OptionEditError> {
        let mut wanted: Vec<AnswerOption> = present.offered().cloned().collect();
        let shared = self.shared_on(present)?;
        match self {
            Self::Words(anew) => return Ok(present.recognised(&anew)?),
            Self::Add(face) => wanted.push(face.on_a_new_one(present)),
            Self::OfferAgain(id) => wanted.push(removed(present, id)?),
            Self::Remove(id) => {
                let index = index_of(&wanted, id)?;
                wanted.remove(index);
            }
            Self::Move(id, to) => {
                let moved = wanted.remove(index_of(&wanted, id)?);
                wanted.insert(to.min(wanted.len()), moved);
            }
            Self::Rewrite(id, face) => face.put_on(one(&mut wanted, id)?),
            Self::Paint(id, colour) => one(&mut wanted, id)?.colour = colour,
            Self::Coming(id, coming) => one(&mut wanted, id)?.coming = coming,
            Self::Told(id, told) => one(&mut wanted, id)?.told = told,
            Self::Allow(id, roles) => one(&mut wanted, id)?.allowed = roles.into(),
            Self::Grant(id, role) => one(&mut wanted, id)?.granted = role,
        }
        checked(wanted, shared)
    }

    /// The places that answers share by their headings once the step is made.
    fn shared_on(&self, present: &Options) -> Result<Vec<SharedPlaces>, OptionEditError> {
        let (face, before) = match self {
            Self::Add(face) => (face, None),
            Self::Rewrite(id, face) => (face, present.get(*id)),
            Self::Paint(..)
            | Self::Coming(..)
            | Self::Told(..)
            | Self::Allow(..)
            | Self::Grant(..)
            | Self::Move(..)
            | Self::Remove(_)
            | Self::OfferAgain(_)
            | Self::Words(_) => return Ok(present.shared().to_vec()),
        };
        let capacity = face.shared;
        let former = before.and_then(|option| present.shared_by(option));
        let former = former.map(|(_, places)| places.capacity);
        let Some(name) = &face.heading else {
            // The form of an answer brings the number of the heading from which it is taken.
            return match capacity {
                Some(_) if capacity != former => Err(OptionEditError::SharedPlacesNeedHeading),
                Some(_) | None => Ok(left_by(before, present)),
            };
        };
        let is_same = |option: &AnswerOption| option.group.as_deref() == Some(name.as_str());
        let joins = !before.is_some_and(is_same) && present.offered().any(is_same);
        if joins && (capacity.is_none() || capacity == former) {
            return Ok(present.shared().to_vec());
        }
        let others = present.shared().iter().filter(|places| *places.heading != *name.as_str());
        let own = capacity.map(|capacity| SharedPlaces { heading: name.as_str().into(), capacity });
        Ok(others.cloned().chain(own).collect())
    }
}

/// The places that are shared once an answer stands under no heading any more: those of its own
/// only if somebody can still take one.
fn left_by(leaves: Option<&AnswerOption>, present: &Options) -> Vec<SharedPlaces> {
    let others = || present.offered().filter(|option| Some(option.id) != leaves.map(|one| one.id));
    let stays = |places: &&SharedPlaces| {
        !leaves.is_some_and(|option| places.are_for(option))
            || others().any(|option| option.coming && places.are_for(option))
    };
    present.shared().iter().filter(stays).cloned().collect()
}

impl Face {
    fn put_on(self, option: &mut AnswerOption) {
        option.label = self.label.as_str().into();
        option.emoji = self.emoji.as_ref().map_or("", Emoji::as_str).into();
        option.capacity = self.capacity;
        option.coming |= self.capacity.is_some();
        option.group = self.heading.map(|heading| heading.as_str().into());
    }

    /// A new answer, which means what its words say and has an identity that none has had.
    fn on_a_new_one(self, present: &Options) -> AnswerOption {
        let unused = present.iter().map(|option| option.id.get().saturating_add(1)).max();
        let mut option = option_words::meant(OptionId::new(unused.unwrap_or(0)), &self.label);
        self.put_on(&mut option);
        option
    }
}

fn index_of(options: &[AnswerOption], id: OptionId) -> Result<usize, OptionEditError> {
    let index = options.iter().position(|option| option.id == id);
    index.ok_or(OptionEditError::NoSuchOption)
}

fn one(options: &mut [AnswerOption], id: OptionId) -> Result<&mut AnswerOption, OptionEditError> {
    let found = options.iter_mut().find(|option| option.id == id);
    found.ok_or(OptionEditError::NoSuchOption)
}

fn removed(present: &Options, id: OptionId) -> Result<AnswerOption, OptionEditError> {
    let found = present.get(id).filter(|option| option.removed);
    let found = found.cloned().ok_or(OptionEditError::NoSuchOption)?;
    Ok(AnswerOption { removed: false, ..found })
}

fn checked(
    wanted: Vec<AnswerOption>,
    shared: Vec<SharedPlaces>,
) -> Result<Options, OptionEditError> {
    for (index, option) in wanted.iter().enumerate() {
        let before = wanted.iter().take(index);
        let roles = option.allowed.len();
        if before.into_iter().any(|other| other.is_named_as(option)) {
            return Err(OptionEditError::Twice(option.label.clone()));
        }
        if option.capacity.is_some() && !option.coming {
            return Err(OptionEditError::PlacesNeedComing);
        }
        if option.granted.is_some() && !option.coming {
            return Err(OptionEditError::GrantNeedsComing);
        }
        if roles > RULE_ROLES_MAX {
            return Err(OptionEditError::TooManyRoles(roles));
        }
    }
    let wanted = Options::new(wanted)?.sharing(shared);
    let is_idle = |places: &&SharedPlaces| {
        !wanted.offered().any(|option| option.coming && places.are_for(option))
    };
    match wanted.shared().iter().find(is_idle) {
        Some(places) => Err(OptionEditError::SharedPlacesNeedComing(places.heading.clone())),
        None => Ok(wanted),
    }
}

#[cfg(test)]
mod tests;
