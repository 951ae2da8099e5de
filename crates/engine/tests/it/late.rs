//! The program was down for three hours, in which reminders were due and daylight saving began:
//! what is still worth it goes out late, the rest is left out, and what is to come is in time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_domain::answer_option::OptionId;
use muster_domain::id::{ChannelId, UserId};
use muster_domain::reminder::{Reminder, ReminderTime};
use muster_domain::settings::SettingsChange;
use muster_store::model::{Ask, ReminderChange, ReminderRequest, Tap};
use muster_store::port::{Deliveries as _, Events as _, Guilds as _, Reminders as _};

use crate::fake_discord::Asked;
use crate::world::{GUILD, HOST, Scene};

/// Messages to a channel: at which minute after the clocks changed.
fn sent(scene: &Scene, channel: u64, change: Timestamp, begun: Timestamp) -> Vec<i64> {
    let asked = scene.discord().asked().into_iter();
    let creates = asked.filter_map(|(at, asked)| match asked {
        Asked::Create { channel: to, .. } if to.get() == channel => Some(at),
        Asked::Create { .. }
        | Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Members { .. }
        | Asked::Other
        | Asked::Examine { .. } => None,
    });
    let minute = |at: Duration| {
        let at = begun + SignedDuration::try_from(at).unwrap();
        at.duration_since(change).as_mins()
    };
    creates.map(minute).collect()
}

#[tokio::test(start_paused = true)]
async fn after_three_hours_down_what_is_worth_it_goes_out_and_the_rest_is_left_out() {
    let scene = Scene::new(|_, _| (Duration::ZERO, None)).await;
    let begun = scene.app.now();
    // On 28 March 2027 at 01:00 UTC the clocks in Berlin go from 02:00 to 03:00.
    let change: Timestamp = "2027-03-28T01:00:00Z".parse().unwrap();
    let minute = |minutes| change + SignedDuration::from_mins(minutes);
    let told_in = SettingsChange::AdminChannel(Some(ChannelId::new(9)));
    scene.app.store().change_settings(GUILD, told_in, begun).await.unwrap();
    for time in [
        // There is no 02:30 on that day: it moves on to 03:30, which is 01:30 UTC.
        ReminderTime::OfDay(jiff::civil::time(2, 30, 0, 0)),
        ReminderTime::Before(SignedDuration::from_mins(60)),
        ReminderTime::Before(SignedDuration::from_mins(15)),
        ReminderTime::Before(SignedDuration::ZERO),
        ReminderTime::After(SignedDuration::from_mins(20)),
    ] {
        let change = ReminderChange::Add(Reminder::at(time));
        let request = ReminderRequest { guild: GUILD, event: None, change, by: HOST, at: begun };
        scene.app.store().change_reminders(request).await.unwrap();
    }
    // From 06:00 in Berlin, an hour and a half after the program is back; and from 03:45, while it
    // is down.
    for (channel, start) in [(1, minute(180)), (2, minute(45))] {
        let event = scene.planned(channel, "Europe/Berlin", start).await;
        let tap = Tap {
            guild: GUILD,
            event,
            member: UserId::new(7),
            by: UserId::new(7),
            ask: Ask::Pick { option: OptionId::new(0), may_lose_place: false },
            roles: Box::default(),
            force: false,
            interaction: scene.interaction(),
            at: begun,
        };
        scene.app.store().tap(tap).await.unwrap();
    }
    // Up until half an hour before the change only the posts went out; down until 150 minutes after.
    let pause = minute(150).duration_since(begun);
    scene.passes(u64::try_from(pause.as_secs()).unwrap()).await;
    assert_eq!(scene.discord().creates(), 0);
    scene.delivers();
    scene.passes(3 * 3_600).await;
    // The post, 02:30 and an hour before at once; the others in time.
    assert_eq!(sent(&scene, 1, change, begun), [150, 150, 150, 165, 180, 200]);
    // The post, as it goes on until 05:45; twenty minutes after its start is worth it for two
    // hours, and what was due before the start and at it is not.
    assert_eq!(sent(&scene, 2, change, begun), [150, 150]);
    // What was left out is told once, together.
    assert_eq!(sent(&scene, 9, change, begun).len(), 1);
    assert_eq!(scene.app.store().next_due().await, Ok(None));
}
