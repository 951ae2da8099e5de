//! Answers about templates: saved, listed, deleted, brought back.

use muster_domain::id::GuildId;
use muster_domain::template::Template;
use muster_domain::text::TemplateName;
use muster_engine::reading::duration_in_words;
use muster_store::model::{Page, SavedTemplate};

use crate::custom_id::Action;
use crate::views::lists;
use crate::views::message::{Button, Message, Style};
use crate::views::post::mention;
use crate::views::text::{counted, plain, shortened};

/// Answers that a line names; of more it says how many.
const LABELS_MAX: usize = 5;

/// Characters of a location where there is room.
const TEXT_MAX: usize = 100;

/// The answer to saving.
#[must_use]
pub fn saved(name: &TemplateName, template: &Template, guild: GuildId) -> Message {
    let shown = plain(name.as_str());
    Message::text(format!(
        "The template **{shown}** is saved: {}.\n`/event create` takes it as `template`, and \
         whatever you say beside it counts before it.",
        in_words(template, TEXT_MAX, guild)
    ))
}

/// A page of a guild's templates. `number` counts from 0.
#[must_use]
pub fn list(page: &Page<SavedTemplate>, number: u32, guild: GuildId) -> Message {
    if page.total == 0 {
        return Message::text(
            "There is no template yet. `/template save` keeps what an event is made of, for new \
             ones like it.",
        );
    }
    let line = |saved: &SavedTemplate, text_max| {
        let name = plain(saved.name.as_str());
        match &saved.template {
            Some(template) => format!("**{name}** · {}", in_words(template, text_max, guild)),
            None => format!("**{name}** · saved by a newer version of me, which I cannot read"),
        }
    };
    let lines = |text_max| page.rows.iter().map(|saved| line(saved, text_max)).collect();
    lists::listed("Templates", page, number, lines).row(lists::pages(
        page.total,
        number,
        Action::TemplatePage,
    ))
}

/// The answer to deleting.
#[must_use]
pub fn deleted(template: &SavedTemplate) -> Message {
    let name = plain(template.name.as_str());
    let text = format!(
        "The template **{name}** is deleted; events that were made of it stay as they are. It \
         can be brought back for 30 days."
    );
    let undo = Button::new(Style::Primary, "Undo", Action::TemplateRestore(template.id));
    Message::text(text).row(vec![undo])
}

/// The answer to bringing one back.
#[must_use]
pub fn restored() -> Message {
    Message::text("The template is back. `/template list` shows it.")
}

/// What a template makes of an event. A location takes `text_max` characters at most, and a label
/// a fifth of that.
fn in_words(template: &Template, text_max: usize, guild: GuildId) -> String {
    let mut parts = vec![duration_in_words(template.duration), answers(template, text_max / 5)];
    parts.extend(template.capacity.map(|capacity| counted(capacity.places(), "place", "places")));
    parts.extend(
        template
            .location
            .as_ref()
            .map(|location| format!("at {}", plain(&shortened(location.as_str(), text_max)))),
    );
    parts.extend(template.description.is_some().then(|| "a description".to_owned()));
    parts.extend(template.image.is_some().then(|| "a picture".to_owned()));
    parts.extend(template.mention.map(|role| format!("mentions {}", mention(role, guild))));
    parts.join(", ")
}

fn answers(template: &Template, label_max: usize) -> String {
    let labels: Vec<_> = template
        .options
        .offered()
        .take(LABELS_MAX)
        .map(|option| plain(&shortened(&option.label, label_max)))
        .collect();
    let more = template.options.offered().count().saturating_sub(labels.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("answers {}{more}", labels.join(" / "))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use muster_domain::id::{RoleId, TemplateId, UserId};

    use super::*;
    use crate::views::judged::check;
    use crate::views::message::AllowedMentions;
    use crate::views::samples::{self, GUILD, fullest_event, huge, texts};

    fn template(event: &muster_domain::event::Event) -> Template {
        Template { mention: Some(RoleId::new(huge(3))), ..Template::of(event) }
    }

    fn row(name: &str, template: Option<Template>) -> SavedTemplate {
        SavedTemplate {
            id: TemplateId::new(7),
            name: TemplateName::parse(name).unwrap(),
            template,
            by: UserId::new(4),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_saved_template_is_summed_up_in_a_line() {
        let mut event = samples::event();
        event.details.capacity = muster_domain::capacity::Capacity::parse(5).ok();
        let template = Template::of(&event);
        let message = saved(&TemplateName::parse("Raid *night*").unwrap(), &template, GUILD);
        let first = texts(&message).lines().next().unwrap_or_default().to_owned();
        assert_eq!(
            first,
            "The template **Raid \\*night\\*** is saved: 2h, answers Yes / No / Maybe / Mobile, \
             5 places."
        );
    }

    #[test]
    fn a_page_of_the_fullest_templates_fits_and_notifies_nobody() {
        let rows: Vec<_> = (0..muster_engine::limits::LIST_ROWS)
            .map(|_| row(&"*".repeat(50), Some(template(&fullest_event()))))
            .collect();
        let message = list(&samples::page(rows, 100), 1, GUILD);
        check(&message).unwrap();
        assert_eq!(message.allowed_mentions, AllowedMentions::default());
        assert!(texts(&message).contains("and 20 more"));
    }

    #[test]
    fn one_of_a_newer_version_is_listed_as_such() {
        let message = list(&samples::page(vec![row("Raid", None)], 1), 0, GUILD);
        assert!(texts(&message).contains("**Raid** · saved by a newer version of me"));
        check(&message).unwrap();
        check(&deleted(&row("Raid", None))).unwrap();
    }
}
