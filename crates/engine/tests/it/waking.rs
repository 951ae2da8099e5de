//! What is planned earlier than a worker thinks is done in time: whoever plans it wakes the worker.

use jiff::SignedDuration;
use muster_domain::id::{ChannelId, EventId};
use muster_domain::recurrence::{Frequency, Recurrence, Rule};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::series::{ExtraFields, Posting, SeriesPlan};
use muster_domain::template::Template;
use muster_domain::text::Title;
use muster_domain::zone::Zone;
use muster_engine::ports::Tasks as _;
use muster_store::model::{
    Chore, ChoreEnd, ChoreKind, MakeRequest, NewSeries, OccurrenceMade, PostWhen, SeriesCreated,
};
use muster_store::port::{Chores as _, Schedules as _};

use crate::fake_discord::Asked;
use crate::world::{GUILD, HOST, SECOND, Scene};

fn organiser() -> Actor {
    Actor {
        user: HOST,
        guild: GUILD,
        channel: ChannelId::new(1),
        roles: vec![],
        permissions: Permissions::ADMINISTRATOR,
    }
}

/// A chore about the thread of an event, whose post is out.
async fn thread_of(scene: &Scene, event: EventId, kind: ChoreKind) -> Chore {
    let post = scene.read(event).await.post;
    let message = post.message.unwrap();
    let opened = Chore {
        kind: ChoreKind::OpenThread,
        guild: GUILD,
        event,
        channel: post.channel,
        message,
        attempts: 0,
    };
    let named = ChoreEnd::Named(Title::parse("Raid").unwrap());
    scene.app.store().chore_ended(opened, named, scene.app.now()).await.unwrap();
    Chore { kind, channel: ChannelId::new(message.get()), ..opened }
}

/// What was done about threads.
fn done(scene: &Scene) -> usize {
    scene.discord().asked().iter().filter(|(_, asked)| *asked == Asked::Other).count()
}

#[tokio::test(start_paused = true)]
async fn the_thread_of_a_series_that_is_taken_back_is_archived_within_minutes() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let now = scene.app.now();
    let start =
        Zone::parse("UTC").unwrap().rules().to_datetime(now + SignedDuration::from_hours(24));
    let plan = SeriesPlan {
        title: Title::parse("Raid").unwrap(),
        made_of: Template::plain(SignedDuration::from_hours(2)),
        fields: ExtraFields::default(),
        channel: ChannelId::new(1),
        zone: Zone::parse("UTC").unwrap(),
        start,
        recurrence: Recurrence::new(Rule::every(Frequency::Daily)).unwrap(),
        posting: Posting::default(),
    };
    let new = NewSeries {
        guild: GUILD,
        host: HOST,
        day: None,
        plan,
        held_until: None,
        interaction: scene.interaction(),
    };
    let SeriesCreated::Made(series) = scene.app.store().create_series(new, now).await.unwrap()
    else {
        panic!("the first one")
    };
    let request = MakeRequest {
        guild: GUILD,
        series: series.id,
        occurrence: start,
        post: PostWhen::Now,
        channel: None,
        at: now,
    };
    let made = scene.app.store().make_occurrence(request).await.unwrap();
    let OccurrenceMade::Made(posted) = made else { panic!("it has that date: {made:?}") };
    let event = posted.sheet.event.id;
    scene.delivers();
    scene.passes(5).await;
    thread_of(&scene, event, ChoreKind::ArchiveThread).await;
    scene.app.env().spawn("chores", scene.app.clone().run_chores());
    scene.passes(5).await;
    let (version, interaction) = (series.version, scene.interaction());
    scene.app.undo_series(&organiser(), series.id, version, interaction).await.unwrap();
    scene.passes(600).await;
    assert_eq!(done(&scene), 1, "{:?}", scene.discord().asked());
}

#[tokio::test(start_paused = true)]
async fn what_a_clock_that_was_ahead_put_off_is_done_once_that_is_mended() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    scene.delivers();
    scene.passes(5).await;
    let chore = thread_of(&scene, event, ChoreKind::RenameThread).await;
    scene.rename(event, "Raid at eight").await;
    let tomorrow = scene.app.now() + SignedDuration::from_hours(20);
    scene.app.store().chore_ended(chore, ChoreEnd::Later(tomorrow), scene.app.now()).await.unwrap();
    assert_eq!(scene.app.store().next_chore().await.unwrap(), Some(tomorrow));
    scene.app.env().spawn("chores", scene.app.clone().run_chores());
    scene.passes(5).await;
    scene.app.env().set_clock(SignedDuration::from_hours(-1));
    scene.passes(600).await;
    assert_eq!(done(&scene), 1, "{:?}", scene.discord().asked());
}
