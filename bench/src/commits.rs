//! The limit below: the same taps given to the store alone, so the same rows in the same groups on
//! the same disk, without Discord.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use muster_store::model::Tapped;
use muster_store::port::Events as _;
use muster_store::sqlite::SqliteStore;

use crate::clock;
use crate::error::BenchError;
use crate::tally::{self, Tally};
use crate::world::{self, Habit};

/// Which database, and who taps.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The database's file.
    #[arg(long)]
    pub(crate) database: PathBuf,
    /// Members on each event.
    #[arg(long)]
    pub(crate) members: u64,
    /// The events' numbers.
    #[arg(long, value_delimiter = ',')]
    pub(crate) events: Vec<u64>,
    /// The number of the first tap: those before it are stored.
    #[arg(long)]
    pub(crate) first_tap: u64,
}

/// Takes loads until whoever started this process lets go of it.
pub(crate) fn serve(options: &Options) -> Result<(), BenchError> {
    clock::runtime()?.block_on(take(options))
}

async fn take(options: &Options) -> Result<(), BenchError> {
    let store = Arc::new(SqliteStore::open(&options.database)?);
    let (events, crowd) = (Arc::new(options.events.clone()), (options.members, Habit::default()));
    let (tally, mut shots) = Tally::new(options.first_tap);
    let counting = Arc::clone(&tally);
    clock::spawn(async move {
        while let Some(number) = shots.recv().await {
            counting.leaves(number);
            let (store, tally, events) =
                (Arc::clone(&store), Arc::clone(&counting), Arc::clone(&events));
            clock::spawn(async move {
                let tap = world::stored_tap(number, &events, crowd, clock::today());
                let done = store.tap(tap).await;
                tally.answered(
                    number,
                    matches!(done.map(|answer| answer.tapped), Ok(Tapped::Answered(..))),
                );
            });
        }
    });
    tally::obey(&tally).await
}
