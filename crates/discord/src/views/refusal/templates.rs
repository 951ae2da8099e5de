//! What cannot be done with templates, in words.

use muster_domain::limits::TEMPLATES_MAX;
use muster_domain::text::TemplateName;
use muster_engine::refusal::TemplateRefusal;

use crate::views::text::plain;

pub(super) fn words(refusal: &TemplateRefusal) -> String {
    match refusal {
        TemplateRefusal::NoneNamed(given) => none_named(given),
        TemplateRefusal::NameTaken(name, _, _) => name_taken(name),
        TemplateRefusal::TooMany => too_many(),
        TemplateRefusal::Newer(name) => newer(name),
        TemplateRefusal::Gone => GONE.to_owned(),
        TemplateRefusal::Changed => CHANGED.to_owned(),
    }
}

const GONE: &str = "This template is here already, or it was deleted for good. `/template list` shows what is here.";

const CHANGED: &str = "That template was replaced or deleted meanwhile, so nothing was changed. \
     Use `/template save` again.";

fn none_named(given: &str) -> String {
    let given = plain(given);
    format!("There is no template named \"{given}\". `/template list` shows them all.")
}

fn name_taken(name: &TemplateName) -> String {
    let name = plain(name.as_str());
    format!(
        "There is a template named \"{name}\" already. Save it under another name, or replace that \
         one; events made from it stay as they are."
    )
}

fn too_many() -> String {
    format!(
        "This server has {TEMPLATES_MAX} templates, which is as many as there can be. Delete one \
         with `/template delete` first."
    )
}

fn newer(name: &TemplateName) -> String {
    let name = plain(name.as_str());
    format!(
        "A newer version of me saved the template \"{name}\", and I cannot read it. Delete it and \
         save it again, or ask whoever runs me to bring me up to date."
    )
}
