//! What of the connection to Discord outlives a restart.

use muster_store::Store;
use muster_store::model::SavedSession;

use crate::scene::{Scene, minute, user};

fn session(sequence: u64) -> SavedSession {
    SavedSession {
        session_id: "abc".into(),
        resume_url: "wss://gateway.example".into(),
        sequence,
        shards: 2,
    }
}

pub(crate) async fn a_session_is_kept_and_forgotten<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    assert_eq!(store.session(1).await, Ok(None));
    for saved in [Some(session(4)), Some(session(9)), None] {
        store.save_session(1, saved.clone()).await.unwrap();
        assert_eq!(store.session(1).await, Ok(saved));
    }
    store.save_session(1, Some(session(4))).await.unwrap();
    assert_eq!(store.session(0).await, Ok(None));
}

pub(crate) async fn begun_sessions_are_counted_within_a_time<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    for at in [1, 2, 2, 5] {
        store.record_identify(minute(at)).await.unwrap();
    }
    let since = store.identifies_since(minute(2)).await;
    assert_eq!(since, Ok(vec![minute(2), minute(2), minute(5)]));
    // Older ones are forgotten.
    assert_eq!(store.identifies_since(minute(0)).await.unwrap().len(), 3);
}

pub(crate) async fn registered_commands_are_remembered_per_application<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    assert_eq!(store.registered_commands(user(1)).await, Ok(None));
    for fingerprint in ["one", "two"] {
        store.commands_registered(user(1), fingerprint.into()).await.unwrap();
        assert_eq!(store.registered_commands(user(1)).await, Ok(Some(fingerprint.into())));
    }
    assert_eq!(store.registered_commands(user(2)).await, Ok(None));
}
