//! Templates: one of a name in a guild, at most so many, deleted and brought back.

use jiff::SignedDuration;
use muster_domain::id::GuildId;
use muster_domain::limits::TEMPLATES_MAX;
use muster_domain::template::Template;
use muster_domain::text::TemplateName;
use muster_store::Store;
use muster_store::model::{
    NewTemplate, SavedTemplate, TemplateKept, TemplateReplaced, TemplateReplacement,
    TemplateTakenBack, TemplateUndo, Window,
};

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

fn is_kept(kept: TemplateKept) -> bool {
    matches!(kept, TemplateKept::Kept(_))
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
    assert!(is_kept(save(scene, GUILD, "Raid Night").await));
    let found = named(scene, "raid NIGHT").await.unwrap();
    assert_eq!(found.template, Some(template(scene).await));
    assert_eq!((found.name.as_str(), found.by, found.at), ("Raid Night", HOST, minute(1)));
    assert_eq!(scene.store.template(OTHER_GUILD, "Raid Night").await, Ok(None));
}

pub(super) async fn a_name_is_given_once_in_a_guild<S: Store>(scene: &Scene<S>) {
    let TemplateKept::Kept(id) = save(scene, GUILD, "Raid").await else { panic!("it is kept") };
    assert_eq!(save(scene, GUILD, "RAID").await, TemplateKept::NameTaken(id));
    assert!(is_kept(save(scene, OTHER_GUILD, "RAID").await));
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
    let TemplateKept::Kept(other) = save(scene, GUILD, "RAID").await else { panic!("it is kept") };
    assert_eq!(restore(GUILD).await, Ok(TemplateKept::NameTaken(other)));
    scene.store.delete_template(GUILD, "RAID", minute(3)).await.unwrap();
    assert_eq!(restore(GUILD).await, Ok(TemplateKept::Kept(deleted.id)));
    assert_eq!(restore(GUILD).await, Ok(TemplateKept::Gone));
    assert_eq!(named(scene, "raid").await, Some(deleted));
}

pub(super) async fn a_saved_template_is_taken_back_for_a_while_and_only_itself<S: Store>(
    scene: &Scene<S>,
) {
    let TemplateKept::Kept(id) = save(scene, GUILD, "Raid").await else { panic!("it is kept") };
    let saved = named(scene, "Raid").await.unwrap();
    let back = |guild, since| scene.store.take_template_back(guild, id, since, minute(2));
    assert_eq!(back(OTHER_GUILD, minute(1)).await, Ok(TemplateTakenBack::Gone));
    assert_eq!(back(GUILD, minute(2)).await, Ok(TemplateTakenBack::TooLate));
    assert_eq!(named(scene, "Raid").await.as_ref(), Some(&saved));
    assert_eq!(back(GUILD, minute(1)).await, Ok(TemplateTakenBack::Deleted(Box::new(saved))));
    assert_eq!(named(scene, "Raid").await, None);
    // Another of its name is not taken for it.
    assert!(is_kept(save(scene, GUILD, "Raid").await));
    assert_eq!(back(GUILD, minute(1)).await, Ok(TemplateTakenBack::Gone));
    assert!(named(scene, "Raid").await.is_some());
    scene.store.delete_template(GUILD, "Raid", minute(3)).await.unwrap();
    let restored = scene.store.restore_template(GUILD, id).await;
    assert_eq!(restored, Ok(TemplateKept::Kept(id)));
}

pub(super) async fn a_template_takes_the_place_of_another_until_that_is_taken_back<S: Store>(
    scene: &Scene<S>,
) {
    let TemplateKept::Kept(first) = save(scene, GUILD, "Raid").await else { panic!("it is kept") };
    let before = named(scene, "Raid").await.unwrap();
    let template = Template { duration: SignedDuration::from_hours(9), ..template(scene).await };
    let replace = |guild, replaced| {
        let new = TemplateReplacement { guild, replaced, template: template.clone(), by: HOST };
        scene.store.replace_template(new, minute(2))
    };
    assert_eq!(replace(OTHER_GUILD, first).await, Ok(TemplateReplaced::Gone));
    let Ok(TemplateReplaced::Kept(new)) = replace(GUILD, first).await else { panic!("it is kept") };
    assert_eq!(named(scene, "RAID").await.as_ref(), Some(&*new));
    assert_eq!((new.name.as_str(), new.template.as_ref()), ("Raid", Some(&template)));
    assert_eq!(replace(GUILD, first).await, Ok(TemplateReplaced::Gone), "it is deleted");
    let back = |guild, deleted, restored, since| {
        let undo = TemplateUndo { deleted, restored };
        scene.store.put_template_back(guild, undo, since, minute(3))
    };
    for (guild, deleted, restored) in [(OTHER_GUILD, new.id, first), (GUILD, first, new.id)] {
        assert_eq!(back(guild, deleted, restored, minute(2)).await, Ok(TemplateTakenBack::Gone));
    }
    let late = back(GUILD, new.id, first, minute(3)).await;
    assert_eq!(late, Ok(TemplateTakenBack::TooLate));
    let undone = back(GUILD, new.id, first, minute(2)).await;
    assert_eq!(undone, Ok(TemplateTakenBack::Deleted(new.clone())));
    assert_eq!(named(scene, "raid").await, Some(before));
    assert_eq!(names(scene, "", ALL).await.1, 1);
    let again = back(GUILD, new.id, first, minute(2)).await;
    assert_eq!(again, Ok(TemplateTakenBack::Gone));
}

pub(super) async fn a_guild_has_so_many_templates_and_no_more<S: Store>(scene: &Scene<S>) {
    for number in 0..TEMPLATES_MAX {
        assert!(is_kept(save(scene, GUILD, &number.to_string()).await));
    }
    assert_eq!(save(scene, GUILD, "more").await, TemplateKept::TooMany);
    let first = scene.store.delete_template(GUILD, "0", minute(2)).await.unwrap().unwrap();
    assert!(is_kept(save(scene, GUILD, "more").await));
    let restored = scene.store.restore_template(GUILD, first.id).await;
    assert_eq!(restored, Ok(TemplateKept::TooMany));
}
