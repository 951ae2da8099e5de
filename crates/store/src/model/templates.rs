//! Templates of a guild, saved under a name.

use jiff::Timestamp;
use muster_domain::id::{GuildId, TemplateId, UserId};
use muster_domain::template::Template;
use muster_domain::text::TemplateName;

/// A template to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTemplate {
    /// The guild that it is for.
    pub guild: GuildId,
    /// What it is called.
    pub name: TemplateName,
    /// What it makes events of.
    pub template: Template,
    /// Who saves it.
    pub by: UserId,
}

/// What became of a template that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKept {
    /// It is kept, under this identity.
    Kept(TemplateId),
    /// The guild has this one of that name, in whatever case; nothing was changed.
    NameTaken(TemplateId),
    /// The guild has as many as it may have
    /// ([`muster_domain::limits::TEMPLATES_MAX`]); nothing was changed.
    TooMany,
    /// There is none to be brought back.
    Gone,
}

/// What became of a template that was to be taken back by whoever has just saved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateTakenBack {
    /// It is deleted, and can be brought back.
    Deleted(Box<SavedTemplate>),
    /// It was saved too long ago; nothing was changed.
    TooLate,
    /// It is not there any more.
    Gone,
}

/// What became of a template that was to take the place of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateReplaced {
    /// It is kept under the name of the other one, which is deleted and can be brought back.
    Kept(Box<SavedTemplate>),
    /// The other one is not there any more; nothing was changed.
    Gone,
}

/// A template that is to take the place of another one, whose name it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateReplacement {
    /// The guild that it is for.
    pub guild: GuildId,
    /// The one that it replaces.
    pub replaced: TemplateId,
    /// What it makes events of.
    pub template: Template,
    /// Who saves it.
    pub by: UserId,
}

/// A replacement that is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplateUndo {
    /// The template that took the place of the other one, and is deleted.
    pub deleted: TemplateId,
    /// The one whose place it took, and that is brought back.
    pub restored: TemplateId,
}

/// A template that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedTemplate {
    /// Its identity.
    pub id: TemplateId,
    /// What it is called.
    pub name: TemplateName,
    /// What it makes events of; `None` if a newer version of Muster saved it in a way that this
    /// one cannot read.
    pub template: Option<Template>,
    /// Who saved it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}
