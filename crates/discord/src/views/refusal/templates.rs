//! What cannot be done with templates, in words.

use muster_domain::limits::TEMPLATES_MAX;
use muster_engine::refusal::TemplateRefusal;

use crate::views::messages::{Key, Words};
use crate::views::text::plain;

pub(super) fn said(words: Words, refusal: &TemplateRefusal) -> String {
    let named = |key, name: &str| words.filled(key, &[("name", &plain(name))]);
    match refusal {
        TemplateRefusal::NoneNamed(given) => named(Key::RefusalTemplate, given),
        TemplateRefusal::NameTaken(name, _, _) => named(Key::RefusalTemplateTaken, name.as_str()),
        TemplateRefusal::TooMany => words.counted(Key::RefusalTemplateMany, TEMPLATES_MAX),
        TemplateRefusal::Newer(name) => named(Key::RefusalTemplateNewer, name.as_str()),
        TemplateRefusal::Gone => words.plain(Key::RefusalTemplateGone).to_owned(),
        TemplateRefusal::Changed => words.plain(Key::RefusalTemplateChanged).to_owned(),
    }
}
