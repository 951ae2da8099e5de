//! `kill -9` at any moment, again and again, while posts and reminders are due all the time and
//! Discord lives on: what was taken is then compared with what had to be sent.

pub(crate) mod fill;
pub(crate) mod judge;
pub(crate) mod kept;
pub(crate) mod plan;
mod report;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use muster_sim::{ScriptedAnswer, World};
use serde_json::json;

use self::fill::Due;
use self::judge::{Key, Verdict};
use self::kept::Kept;
use self::plan::{Moment, Round};
use self::report::Lives;
use crate::clock;
use crate::draw::Draw;
use crate::error::{BenchError, other};
use crate::folder::Folder;
use crate::machine::{self, Core};
use crate::results::{self, Common};
use crate::simulated::{Simulated, is_message};
use crate::stage::program;

/// Guilds, and channels in each: enough that a channel whose turn a killed process holds keeps few
/// others waiting.
pub(crate) const GUILDS: u64 = 40;
pub(crate) const CHANNELS: u64 = 10;

/// How long a message is waited for at which the program is to be killed.
const MESSAGE_LIMIT: Duration = Duration::from_secs(2);

/// How long nothing may come of what is still to be sent before it is given up: longer than a
/// killed process's claim lasts.
const DRAIN_LIMIT: Duration = Duration::from_mins(5);

/// What the titles of events begin with that organisers create by command.
const BY_COMMAND: &str = "By command";

/// The route of new messages, whose answers are late.
const MESSAGES: &str = "/channels/{id}/messages";

/// How to kill it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// How often the program is killed.
    #[arg(long, default_value_t = 500)]
    rounds: u64,
    /// Posts and reminders that are due meanwhile, at least.
    #[arg(long, default_value_t = 10_500)]
    deliveries: u64,
    /// From what moments and times are drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    machine::keep_this_on(Core::Load);
    clock::runtime()?.block_on(run(options))
}

/// Titles of events of which an organiser was told that they exist.
type Told = Arc<Mutex<Vec<String>>>;

/// One run, from an empty folder to the verdict.
struct Run {
    discord: Simulated,
    folder: Folder,
    program: PathBuf,
    due: Due,
    told: Told,
    lives: Lives,
}

async fn run(options: &Options) -> Result<(), BenchError> {
    let program = program(options.common.program.as_deref())?;
    let mut draw = Draw::new(options.seed);
    let rounds = plan::rounds(&mut draw, options.rounds);
    let events = plan::events(&mut draw, options.deliveries, plan::length(&rounds));
    let folder = Folder::below(&options.common.folder)?;
    let discord = Simulated::start(GUILDS, CHANNELS).await?;
    let due = fill::database(&folder.database(), &discord, &events).await?;
    let (told, lives) = (Told::default(), Lives::default());
    let mut run = Run { discord, folder, program, due, told, lives };
    for (number, round) in (1..).zip(&rounds) {
        run.live(number, round).await?;
        if number % 25 == 0 {
            results::say(&format!("{number} kills, {} messages\n", run.discord.taken()));
        }
    }
    run.drain().await?;
    let kept = kept::read(&run.folder.database(), BY_COMMAND, &run.due.reminders)?;
    let verdict = run.verdict(&kept);
    let log = std::fs::read_to_string(run.folder.log()).unwrap_or_default();
    run.lives.learn(&run.discord, &log);
    let text = run.lives.text(&verdict, &kept, run.unrecorded(&kept));
    results::write(&options.common.results, "crashes", &text)?;
    run.complain(&verdict, &kept)
}

impl Run {
    /// One life: started, killed, away.
    async fn live(&mut self, number: u64, round: &Round) -> Result<(), BenchError> {
        let faults = self.discord.sim.faults();
        faults.clear();
        let late = ScriptedAnswer::real().dribbled(usize::MAX, round.latency);
        faults.answer_for(Duration::from_hours(1), "POST", MESSAGES, late);
        let before = self.discord.entries();
        let child = self.discord.muster(&self.program, &self.folder)?;
        self.create(number, round)?;
        let took = self.watch(before, round.moment).await;
        // Without a word: what it was about to write, it does not write.
        drop(child);
        self.lives.ended(took);
        clock::rest(round.away).await;
        Ok(())
    }

    /// Waits for the moment of the kill; returns how long it took to come online, if it did.
    async fn watch(&self, before: u64, moment: Moment) -> Option<Duration> {
        let (online, killed) = (self.discord.online(before), self.moment(moment));
        tokio::pin!(killed);
        tokio::select! {
            took = online => {
                killed.await;
                took
            }
            () = &mut killed => None,
        }
    }

    async fn moment(&self, moment: Moment) {
        match moment {
            Moment::After(time) => clock::rest(time).await,
            Moment::Accepted { from, later } => {
                clock::rest(from).await;
                let before = self.discord.sim.world(|world| newest(world));
                let more = |world: &World| {
                    let mut since = world.accepted().rev().take_while(|one| one.number >= before);
                    since.any(|one| is_message(&one.what)).then_some(())
                };
                // If nothing is due for so long, any moment is as good.
                let _came = self.discord.sim.until(MESSAGE_LIMIT, more).await;
                clock::rest(later).await;
            }
        }
    }

    /// An organiser creates an event by command, if the program lives to see it.
    fn create(&self, number: u64, round: &Round) -> Result<(), BenchError> {
        let user = self.discord.sim.user(self.discord.owner);
        let channel = self.discord.place(number * 7)?.channel;
        let (told, after) = (Arc::clone(&self.told), round.creates);
        let title = format!("{BY_COMMAND} {number}");
        clock::spawn(async move {
            clock::rest(after).await;
            let options = json!({"title": title, "when": "tomorrow 20:00"});
            let Ok(outcome) = user.command(channel, "event create", options).await else { return };
            let answer = outcome.message().and_then(|message| user.message(message));
            if answer.is_some_and(|answer| format!("{answer:?}").contains(&title)) {
                told.lock().unwrap_or_else(PoisonError::into_inner).push(title);
            }
        });
        Ok(())
    }

    /// Lets the program live until all is sent, or nothing comes any more.
    async fn drain(&mut self) -> Result<(), BenchError> {
        self.discord.sim.faults().clear();
        let child = self.discord.muster(&self.program, &self.folder)?;
        let (mut seen, mut quiet) = (0, clock::now());
        while quiet.elapsed() < DRAIN_LIMIT {
            clock::rest(Duration::from_secs(1)).await;
            let taken = self.discord.taken();
            if taken != seen {
                (seen, quiet) = (taken, clock::now());
            }
            let over = clock::today() > self.due.last;
            if over && kept::unfinished(&self.folder.database())? == 0 {
                break;
            }
        }
        child.end()
    }

    fn verdict(&self, kept: &Kept) -> Verdict {
        let mut planned = self.due.keys.clone();
        planned.extend(kept.created.keys().map(|event| Key::Post(*event)));
        let written = self.discord.written();
        let keys = written.iter().map(|one| judge::key(&one.components, &one.embeds));
        judge::judge(&planned, &kept.skipped, &keys.collect::<Vec<_>>())
    }

    /// The messages that the bot wrote.
    fn messages(&self) -> BTreeSet<u64> {
        self.discord.written().iter().map(|message| message.id.get()).collect()
    }

    /// How many of them the database does not know as sent.
    fn unrecorded(&self, kept: &Kept) -> usize {
        self.messages().difference(&kept.messages).count()
    }

    /// Says what is not as it has to be.
    fn complain(&self, verdict: &Verdict, kept: &Kept) -> Result<(), BenchError> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let exists = |title: &&String| kept.created.values().any(|known| known == *title);
        let forgotten = told.iter().filter(|title| !exists(title)).count();
        let wrong = [
            ("lost", !verdict.lost.is_empty()),
            ("twice", !verdict.twice.is_empty()),
            ("not planned", !verdict.strange.is_empty()),
            ("said to be sent and is not there", !kept.messages.is_subset(&self.messages())),
            ("taken and gone", self.discord.taken() != verdict.accepted),
            ("promised to an organiser and forgotten", forgotten > 0),
            ("not ended as sent or skipped", kept.ends.keys().any(|end| !is_fine(end))),
            ("written into a damaged file", !kept.is_whole),
        ];
        let wrong: Vec<_> = wrong.into_iter().filter(|(_, is)| *is).map(|(what, _)| what).collect();
        if wrong.is_empty() {
            return Ok(());
        }
        let Kept { ends, reasons, .. } = kept;
        let (wrong, taken) = (wrong.join("; something was "), self.discord.taken());
        let what =
            format!("something was {wrong}: {taken} taken, {verdict:?} {ends:?} {reasons:?}");
        Err(other(&what))
    }
}

/// The number of the next thing that will be taken.
fn newest(world: &World) -> u64 {
    world.accepted().next_back().map_or(0, |newest| newest.number + 1)
}

fn is_fine(end: &str) -> bool {
    matches!(end, "sent" | "skipped")
}
