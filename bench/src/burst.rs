//! A storm: everybody answers the same event at the same moment, once with room for all, once with
//! ten places.

use std::collections::BTreeSet;

use clap::Args;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, GuildId};
use muster_store::model::{RosterPart, Window};
use muster_store::port::{Deliveries as _, Events as _};
use muster_store::sqlite::SqliteStore;

use crate::clock;
use crate::error::{BenchError, other};
use crate::figures::{Series, float, grouped, many, table};
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::world::{self, GUILD, Habit, YES};

/// Places of the event that has a limit.
const PLACES: u32 = 10;

/// How to measure the storm.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Members who answer, each once.
    #[arg(long, default_value_t = 10_000)]
    members: u64,
}

/// What all runs showed.
#[derive(Default)]
struct Storms {
    seconds: Series,
    p50: Series,
    p99: Series,
    edits: Series,
}

/// The storms there are, each with its name.
const HABITS: [(Habit, &str); 2] = [(Habit::AnyOption, "no limit"), (Habit::Come(PLACES), "10")];

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut storms = HABITS.map(|_| Storms::default());
    for _ in 0..options.runs {
        for ((habit, _), storms) in HABITS.into_iter().zip(&mut storms) {
            one_run(options, habit, storms)?;
        }
    }
    results::write(&options.common.results, "burst", &text(options, &storms))
}

fn one_run(options: &Options, habit: Habit, storms: &mut Storms) -> Result<(), BenchError> {
    let members = options.members;
    let size = Size { events: 1, answered: 0, habit, ..Size::of(1, members) };
    let stage = Stage::set(&options.common.folder, size)?;
    let (mut discord, address) = stage.discord()?;
    let muster = stage.muster(&program(options.common.program.as_deref())?, &address)?;
    discord.line()?;
    let storm = discord.run(Load::InFlight(members, 0))?;
    // Nothing is fired: what follows the storm is counted.
    let after = discord.run(Load::Rate(0, 1))?;
    muster.end()?;
    results::show_log(&stage.logged()?);
    if storm.wrong > 0 || storm.answered != members {
        return Err(other(&format!("{} of {members} answers went wrong", storm.wrong)));
    }
    clock::runtime()?.block_on(check(&stage, members, habit))?;
    let [p50_ms, p99_ms, _] = storm.ms;
    storms.seconds.push(storm.seconds);
    storms.p50.push(p50_ms);
    storms.p99.push(p99_ms);
    storms.edits.push(float(storm.others + after.others));
    Ok(())
}

/// All answers are stored, the post showed the last of them, and places went to the first.
async fn check(set: &Stage, members: u64, habit: Habit) -> Result<(), BenchError> {
    let store = SqliteStore::open(&set.database())?;
    let (guild, event) = (GuildId::new(GUILD), EventId::new(1));
    let posted = store.event(guild, event).await?.ok_or_else(|| other("the event is gone"))?;
    let stored = many(posted.sheet.answered());
    let stale = store.stale_posts(BTreeSet::new(), 1).await?.len();
    if let Habit::Come(places) | Habit::ComeAndGo(places) = habit {
        let confirmed = roster(&store, RosterPart::Option(OptionId::new(YES))).await?;
        let waiting = roster(&store, RosterPart::Waitlist).await?;
        in_order_of_arrival(&confirmed, &waiting, (places, members))?;
    }
    store.close().await?;
    if stored != members || stale > 0 {
        return Err(other(&format!(
            "{stored} of {members} answers are stored, {stale} post stale"
        )));
    }
    Ok(())
}

/// The members in this part of the roster, in order.
async fn roster(store: &SqliteStore, part: RosterPart) -> Result<Vec<u64>, BenchError> {
    let all = Window { skip: 0, limit: usize::MAX };
    let page = store.roster_page(GuildId::new(GUILD), EventId::new(1), part, all).await?;
    let page = page.ok_or_else(|| other("the event is gone"))?;
    Ok(page.rows.iter().map(|line| line.member.get()).collect())
}

/// Exactly as many as there are places are confirmed, they are those who tapped first, and the
/// others wait as they came. Members tap in the order of their numbers.
fn in_order_of_arrival(
    confirmed: &[u64],
    waiting: &[u64],
    (places, members): (u32, u64),
) -> Result<(), BenchError> {
    let seats = u64::from(places).min(members);
    if many(confirmed.len()) != seats {
        return Err(other(&format!("{} are confirmed on {places} places", confirmed.len())));
    }
    if many(waiting.len()) != members - seats {
        return Err(other(&format!("{} of {} wait", waiting.len(), members - seats)));
    }
    let came = (0..members).map(world::member);
    let stand = confirmed.iter().chain(waiting);
    let wrong = came.zip(stand).filter(|(came, stands)| came != *stands).count();
    if wrong > 0 {
        return Err(other(&format!("{wrong} members are not in the order in which they came")));
    }
    Ok(())
}

fn text(options: &Options, storms: &[Storms; 2]) -> String {
    let row = |((_, places), storms): ((Habit, &str), &Storms)| {
        vec![
            grouped(float(options.members), 0),
            places.to_owned(),
            storms.seconds.spread(2),
            storms.p50.spread(0),
            storms.p99.spread(0),
            storms.edits.spread(0),
        ]
    };
    let rows: Vec<_> = HABITS.into_iter().zip(storms).map(row).collect();
    let head = [
        "answers",
        "places",
        "until the last one is answered, s",
        "p50 ms",
        "p99 ms",
        "requests beside them",
    ];
    format!(
        "## A storm\n\nSo many members answer one event at the same moment, each once. Every answer \
         is committed, synced and answered with the new post; a request beside them is an edit of \
         the post, counted until 15 s after the last answer. At the end the database has every \
         answer, and the post has shown the last state. Where there is a limit, all of them want \
         to come: exactly the first {PLACES} who tapped are confirmed, and all others wait in the \
         order in which they came; otherwise there would be no figures here. Median of {} runs \
         (lowest–highest).\n\n{}\n",
        options.runs,
        table(&head, &rows),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(numbers: impl IntoIterator<Item = u64>) -> Vec<u64> {
        numbers.into_iter().map(world::member).collect()
    }

    #[test]
    fn places_go_to_the_first_and_the_others_wait_as_they_came() {
        let judge = |confirmed: &[u64], waiting: &[u64]| {
            let judged = in_order_of_arrival(
                &members(confirmed.iter().copied()),
                &members(waiting.iter().copied()),
                (2, 5),
            );
            judged.map_err(|error| error.to_string())
        };
        assert_eq!(judge(&[0, 1], &[2, 3, 4]), Ok(()));
        let wrong = "2 members are not in the order in which they came".to_owned();
        assert_eq!(judge(&[0, 1], &[2, 4, 3]), Err(wrong.clone()));
        assert_eq!(judge(&[0, 2], &[1, 3, 4]), Err(wrong));
        assert_eq!(judge(&[0, 1, 2], &[3, 4]), Err("3 are confirmed on 2 places".to_owned()));
        assert_eq!(judge(&[0, 1], &[2, 3]), Err("2 of 3 wait".to_owned()));
    }

    #[test]
    fn with_more_places_than_members_all_are_confirmed() {
        assert!(in_order_of_arrival(&members(0..3), &[], (10, 3)).is_ok());
    }
}
