//! Templates: one of a name in a guild, at most so many, deleted and brought back.

use muster_domain::id::GuildId;
use muster_domain::limits::TEMPLATES_MAX;
use muster_domain::template::Template;
use muster_domain::text::TemplateName;
use muster_store::Store;
use muster_store::model::{NewTemplate, SavedTemplate, TemplateKept, Window};

use crate::scene::{GUILD, HOST, OTHER_GUILD, Scene, details, minute};

const ALL: Window = Window { skip: 0, limit: 200 };

async fn template<S: Store>(scene: &Scene<S>) -> Template {
    Template::of(&scene.created(details(5)).await.sheet.event, None)
}

async fn save<S: Store>(scene: &Scene<S>, guild: GuildId, name: &str) -> TemplateKept {
    let (name, template) = (TemplateName::parse(name).unwrap(), template(scene).await);
    let new = NewTemplate { guild, name, template, by: HOST };
    scene.store.save_template(new, minute(1)).await.unwrap()
}

async fn named<S: Store>(scene: &Scene<S>, name: &str) -> Option<SavedTemplate> {
    scene.store.template(GUILD, name).await.unwrap()
}

async fn names<S: Store>(scene: &Scene<S>, words: &str, window: Window) -> (Vec<String>, usize) {
    let page = scene.store.templates(GUILD, words, window).await.unwrap();
    (page.rows.iter().map(|saved| saved.name.to_string()).collect(), page.total)
}

pub(super) async fn a_template_is_found_by_its_name_in_any_case_as_it_was_saved<S: Store>(
    scene: &Scene<S>,
) {
    assert_eq!(save(scene, GUILD, "Raid Night").await, TemplateKept::Kept);
    let found = named(scene, "raid NIGHT").await.unwrap();
    assert_eq!(found.template, Some(template(scene).await));
    assert_eq!((found.name.as_str(), found.by, found.at), ("Raid Night", HOST, minute(1)));
    assert_eq!(scene.store.template(OTHER_GUILD, "Raid Night").await, Ok(None));
}

pub(super) async fn a_name_is_given_once_in_a_guild<S: Store>(scene: &Scene<S>) {
    assert_eq!(save(scene, GUILD, "Raid").await, TemplateKept::Kept);
    assert_eq!(save(scene, GUILD, "RAID").await, TemplateKept::NameTaken);
    assert_eq!(save(scene, OTHER_GUILD, "RAID").await, TemplateKept::Kept);
    assert_eq!(names(scene, "", ALL).await, (vec!["Raid".to_owned()], 1));
}

pub(super) async fn templates_are_listed_by_name_and_found_by_a_part_of_it<S: Store>(
    scene: &Scene<S>,
) {
    for name in ["shift", "Raid 25", "raid 10"] {
        save(scene, GUILD, name).await;
    }
    let second = Window { skip: 1, limit: 1 };
    assert_eq!(names(scene, "", second).await, (vec!["Raid 25".to_owned()], 3));
    let raids = vec!["raid 10".to_owned(), "Raid 25".to_owned()];
    assert_eq!(names(scene, "RAID", ALL).await, (raids, 2));
}

pub(super) async fn a_deleted_template_comes_back_unless_its_name_was_given_again<S: Store>(
    scene: &Scene<S>,
) {
    save(scene, GUILD, "Raid").await;
    let deleted = scene.store.delete_template(GUILD, "raid", minute(2)).await.unwrap().unwrap();
    assert_eq!(named(scene, "Raid").await, None);
    assert_eq!(scene.store.delete_template(GUILD, "raid", minute(2)).await, Ok(None));
    let restore = |guild| scene.store.restore_template(guild, deleted.id);
    assert_eq!(restore(OTHER_GUILD).await, Ok(TemplateKept::Gone));
    save(scene, GUILD, "RAID").await;
    assert_eq!(restore(GUILD).await, Ok(TemplateKept::NameTaken));
    scene.store.delete_template(GUILD, "RAID", minute(3)).await.unwrap();
    assert_eq!(restore(GUILD).await, Ok(TemplateKept::Kept));
    assert_eq!(restore(GUILD).await, Ok(TemplateKept::Gone));
    assert_eq!(named(scene, "raid").await, Some(deleted));
}

pub(super) async fn a_guild_has_so_many_templates_and_no_more<S: Store>(scene: &Scene<S>) {
    for number in 0..TEMPLATES_MAX {
        assert_eq!(save(scene, GUILD, &number.to_string()).await, TemplateKept::Kept);
    }
    assert_eq!(save(scene, GUILD, "more").await, TemplateKept::TooMany);
    let first = scene.store.delete_template(GUILD, "0", minute(2)).await.unwrap().unwrap();
    assert_eq!(save(scene, GUILD, "more").await, TemplateKept::Kept);
    let restored = scene.store.restore_template(GUILD, first.id).await;
    assert_eq!(restored, Ok(TemplateKept::TooMany));
}
