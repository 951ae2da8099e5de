//! Forms that wait for an answer.

use muster_domain::id::{EventId, InteractionId};
use muster_store::Store;
use muster_store::model::{Draft, EventForm, SeenEvent};

use crate::scene::{CHANNEL, GUILD, OTHER_GUILD, Scene, minute, user};

const ID: InteractionId = InteractionId::new(77);

fn draft(when: &str) -> Draft {
    Draft {
        guild: GUILD,
        member: user(1),
        edits: Some(SeenEvent { event: EventId::new(3), version: 4 }),
        form: EventForm {
            template: "Raid night".into(),
            options: "Raid".into(),
            title: "Raid".into(),
            when: when.into(),
            duration: "2 hours".into(),
            description: "all\nwelcome".into(),
            location: String::new(),
            capacity: "25".into(),
            channel: Some(CHANNEL),
            mention: None,
            close: "2h before".into(),
            image: "https://example.org/a.png".into(),
            like: Some(EventId::new(5)),
            repeat: "every Tuesday".into(),
        },
    }
}

pub(crate) async fn a_draft_is_for_who_filled_it_in<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    store.save_draft(ID, draft("friday"), minute(0)).await.unwrap();
    assert_eq!(store.draft(GUILD, user(1), ID).await, Ok(Some(draft("friday"))));
    assert_eq!(store.draft(GUILD, user(2), ID).await, Ok(None));
    assert_eq!(store.draft(OTHER_GUILD, user(1), ID).await, Ok(None));
    assert_eq!(store.draft(GUILD, user(1), InteractionId::new(78)).await, Ok(None));
}

pub(crate) async fn a_draft_saved_again_replaces_itself<S: Store>(scene: &Scene<S>) {
    for when in ["friday", "saturday"] {
        scene.store.save_draft(ID, draft(when), minute(0)).await.unwrap();
        let found = scene.store.draft(GUILD, user(1), ID).await.unwrap();
        assert_eq!(found, Some(draft(when)));
    }
}

pub(crate) async fn old_drafts_are_forgotten<S: Store>(scene: &Scene<S>) {
    let (store, day) = (&scene.store, 24 * 60);
    store.save_draft(ID, draft("friday"), minute(0)).await.unwrap();
    let next = InteractionId::new(78);
    store.save_draft(next, draft("monday"), minute(day + 1)).await.unwrap();
    assert_eq!(store.draft(GUILD, user(1), ID).await, Ok(None));
    assert!(store.draft(GUILD, user(1), next).await.unwrap().is_some());
}
