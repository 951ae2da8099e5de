//! Roles that follow from answers are planned by a clock that is known to be right.

use muster_domain::answer_option::Options;
use muster_domain::change::EventChange;
use muster_domain::id::RoleId;
use muster_engine::ports::Tasks as _;
use muster_store::port::Grants as _;

use crate::world::{SECOND, Scene};

#[tokio::test(start_paused = true)]
async fn no_role_is_planned_before_the_clock_was_compared_with_the_store() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.created(1).await.sheet.event.id;
    let mut options: Vec<_> = Options::default_four().iter().cloned().collect();
    options[0].granted = Some(RoleId::new(9));
    scene.change(event, EventChange::Options(Options::new(options).unwrap())).await;
    scene.app.env().spawn("granter", scene.app.clone().run_granter());
    scene.passes(20).await;
    let planned = async || scene.app.store().plan_grants(scene.app.now(), 10).await.unwrap();
    // Asking plans them.
    assert_eq!(planned().await, 1, "nobody did");
    scene.change(event, EventChange::Close).await;
    scene.delivers();
    scene.passes(20).await;
    assert_eq!(planned().await, 0, "somebody did");
}
