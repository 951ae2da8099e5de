//! Answers about templates: saved, listed, deleted, brought back.

use muster_domain::answer_option::AnswerOption;
use muster_domain::capacity::Capacity;
use muster_domain::duration::duration_in_words;
use muster_domain::id::{EventId, GuildId, TemplateId};
use muster_domain::template::Template;
use muster_store::model::{Page, SavedTemplate};

use crate::custom_id::Action;
use crate::views::lists;
use crate::views::message::{Button, Message, Style};
use crate::views::messages::{Key, Words};
use crate::views::post::mention;
use crate::views::text::{plain, shortened};

/// Answers that a line names; of more it says how many.
const LABELS_MAX: usize = 5;

/// Characters of a location where there is room.
const TEXT_MAX: usize = 100;

/// Where labels have to be shorter than this, nothing is said of an answer beside its label.
const LABEL_ALONE_BELOW: usize = 10;

/// The answer to saving.
#[must_use]
pub fn saved(words: Words, saved: &SavedTemplate, guild: GuildId) -> Message {
    let (name, parts) = (plain(saved.name.as_str()), parts(words, saved, TEXT_MAX, guild));
    Message::text(words.filled(Key::TemplateSaved, &[("name", &name), ("parts", &parts)]))
        .row(undo(words, Action::TemplateTakeBack(saved.id)))
}

/// The answer to saving under a name that a template has already, for which `refused` has the
/// words.
#[must_use]
pub fn name_taken(words: Words, refused: String, event: EventId, other: TemplateId) -> Message {
    let replace = Action::TemplateReplace(event, other);
    let label = words.plain(Key::TemplateReplace);
    Message::text(refused).row(vec![Button::new(Style::Danger, label, replace)])
}

/// The answer to saving in the place of another one.
#[must_use]
pub fn replaced(words: Words, saved: &SavedTemplate, other: TemplateId, guild: GuildId) -> Message {
    let (name, parts) = (plain(saved.name.as_str()), parts(words, saved, TEXT_MAX, guild));
    Message::text(words.filled(Key::TemplateReplaced, &[("name", &name), ("parts", &parts)]))
        .row(undo(words, Action::TemplatePutBack(saved.id, other)))
}

/// The answer to taking that back.
#[must_use]
pub fn put_back(words: Words, gone: &SavedTemplate) -> Message {
    let name = plain(gone.name.as_str());
    Message::text(words.filled(Key::TemplatePutBack, &[("name", &name)]))
}

fn undo(words: Words, action: Action) -> Vec<Button> {
    vec![Button::new(Style::Primary, words.plain(Key::TemplateUndo), action)]
}

/// A page of a guild's templates. `number` counts from 0.
#[must_use]
pub fn list(words: Words, page: &Page<SavedTemplate>, number: u32, guild: GuildId) -> Message {
    if page.total == 0 {
        return Message::text(words.plain(Key::TemplateNone));
    }
    let line = |saved: &SavedTemplate, text_max| {
        let name = plain(saved.name.as_str());
        let parts = parts(words, saved, text_max, guild);
        words.filled(Key::TemplateLine, &[("name", &name), ("parts", &parts)])
    };
    let lines = |text_max| page.rows.iter().map(|saved| line(saved, text_max)).collect();
    let buttons = lists::pages(words, page.total, number, Action::TemplatePage);
    lists::listed(words, words.plain(Key::TemplateList), page, number, lines).row(buttons)
}

/// The answer to deleting.
#[must_use]
pub fn deleted(words: Words, template: &SavedTemplate) -> Message {
    let name = plain(template.name.as_str());
    Message::text(words.filled(Key::TemplateDeleted, &[("name", &name)]))
        .row(undo(words, Action::TemplateRestore(template.id)))
}

/// The answer to bringing one back.
#[must_use]
pub fn restored(words: Words) -> Message {
    Message::text(words.plain(Key::TemplateRestored))
}

/// What is told of a template beside its name.
fn parts(words: Words, saved: &SavedTemplate, text_max: usize, guild: GuildId) -> String {
    match &saved.template {
        Some(template) => in_words(words, template, text_max, guild),
        None => words.plain(Key::TemplateNewer).to_owned(),
    }
}

/// What a template makes of an event. A location takes `text_max` characters at most, and a label
/// a fifth of that.
fn in_words(words: Words, template: &Template, text_max: usize, guild: GuildId) -> String {
    let duration = duration_in_words(template.duration);
    let mut parts = vec![duration, answers(words, template, text_max / 5)];
    parts.extend(template.capacity.map(|capacity| places(words, capacity)));
    parts.extend(template.location.as_ref().map(|location| {
        let location = plain(&shortened(location.as_str(), text_max));
        words.filled(Key::TemplateLocation, &[("location", &location)])
    }));
    parts.extend(
        template
            .reminders
            .as_ref()
            .map(|list| words.counted(Key::TemplateReminders, list.iter().len())),
    );
    let has = |what: bool, key| what.then(|| words.plain(key).to_owned());
    parts.extend(has(template.description.is_some(), Key::TemplateDescription));
    parts.extend(has(template.image.is_some(), Key::TemplateImage));
    parts.extend(
        template
            .mention
            .map(|role| words.filled(Key::TemplateMention, &[("role", &mention(role, guild))])),
    );
    parts.join(", ")
}

/// "5 places".
fn places(words: Words, capacity: Capacity) -> String {
    words.counted(Key::TemplatePlaces, capacity.places())
}

/// "Tank", or "Tank (2 places)".
fn with_places(words: Words, name: &str, capacity: Option<Capacity>) -> String {
    match capacity {
        Some(capacity) => format!("{name} ({})", places(words, capacity)),
        None => name.to_owned(),
    }
}

/// "answers Tank (2 places): Warrior / Paladin; Bench".
fn answers(words: Words, template: &Template, label_max: usize) -> String {
    let options = &template.options;
    let is_short = label_max < LABEL_ALONE_BELOW;
    let mut groups: Vec<(Option<&str>, Vec<&AnswerOption>)> = Vec::new();
    for option in options.offered().take(LABELS_MAX) {
        let heading = option.group.as_deref().filter(|_| !is_short);
        match groups.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, below)) => below.push(option),
            None => groups.push((heading, vec![option])),
        }
    }
    let short = |name: &str| plain(&shortened(name, label_max));
    let labels = groups.iter().map(|(heading, below)| {
        let label = |option: &&AnswerOption| {
            with_places(words, &short(&option.label), option.capacity.filter(|_| !is_short))
        };
        let labels = below.iter().map(label).collect::<Vec<_>>().join(" / ");
        let Some(heading) = heading else { return labels };
        let shared = options.shared().iter().find(|places| *places.heading == **heading);
        let shared = shared.map(|places| places.capacity);
        format!("{}: {labels}", with_places(words, &short(heading), shared))
    });
    let labels = labels.collect::<Vec<_>>().join("; ");
    match options.offered().count().saturating_sub(LABELS_MAX) {
        0 => words.filled(Key::TemplateAnswers, &[("labels", &labels)]),
        more => {
            let values = [("labels", labels.as_str()), ("count", &more.to_string())];
            words.filled(Key::TemplateAnswersMore, &values)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use muster_domain::id::{RoleId, UserId};
    use muster_domain::settings::Language;
    use muster_domain::text::TemplateName;

    use super::*;
    use crate::views::judged::check;
    use crate::views::message::AllowedMentions;
    use crate::views::samples::{self, GUILD, fullest_event, huge, texts};

    fn words() -> Words {
        Words::of(Language::English)
    }

    fn template(event: &muster_domain::event::Event) -> Template {
        Template { mention: Some(RoleId::new(huge(3))), ..Template::of(event, None) }
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
        let template = Template::of(&event, None);
        let message = saved(words(), &row("Raid *night*", Some(template)), GUILD);
        let first = texts(&message).lines().next().unwrap_or_default().to_owned();
        assert_eq!(
            first,
            "The template **Raid \\*night\\*** is saved: 2h, answers Yes / No / Maybe / Mobile, \
             5 places."
        );
    }

    #[test]
    fn headings_and_places_are_summed_up_with_the_answers() {
        let mut event = samples::event();
        let options = "🛡 Tank 2: Warrior, Paladin 1; Healer: Priest; Bench, Spare, Late";
        event.options = muster_domain::option_words::read(options).unwrap();
        let message = saved(words(), &row("Raid", Some(Template::of(&event, None))), GUILD);
        let text = texts(&message);
        let said = "2h, answers 🛡 Tank (2 places): Warrior / Paladin (1 place); Healer: Priest; Bench \
                    / Spare and 1 more.";
        assert!(text.contains(said), "{text}");
    }

    #[test]
    fn a_page_of_the_fullest_templates_fits_and_notifies_nobody() {
        let rows: Vec<_> = (0..muster_engine::limits::LIST_ROWS)
            .map(|_| row(&"*".repeat(50), Some(template(&fullest_event()))))
            .collect();
        let message = list(words(), &samples::page(rows, 100), 1, GUILD);
        check(&message).unwrap();
        assert_eq!(message.allowed_mentions, AllowedMentions::default());
        assert!(texts(&message).contains("and 20 more"));
    }

    #[test]
    fn one_that_takes_the_place_of_another_says_what_it_makes_and_how_to_undo_that() {
        let (full, event) = (fullest_event(), EventId::new(huge(1)));
        let new = row(&"*".repeat(50), Some(template(&full)));
        let other = TemplateId::new(huge(2));
        let taken = name_taken(words(), "There is one.".to_owned(), event, other);
        check(&taken).unwrap();
        let sent = serde_json::to_string(&taken).unwrap();
        assert!(sent.contains("Replace it") && sent.contains("\"m1:tv:"), "{sent}");
        let message = replaced(words(), &new, other, GUILD);
        check(&message).unwrap();
        assert!(texts(&message).contains("The one before comes back with *Undo*"));
        assert!(serde_json::to_string(&message).unwrap().contains("\"m1:tw:"));
        check(&put_back(words(), &new)).unwrap();
    }

    #[test]
    fn one_of_a_newer_version_is_listed_as_such() {
        let message = list(words(), &samples::page(vec![row("Raid", None)], 1), 0, GUILD);
        assert!(texts(&message).contains("**Raid** · saved by a newer version of me"));
        check(&message).unwrap();
        check(&deleted(words(), &row("Raid", None))).unwrap();
    }
}
