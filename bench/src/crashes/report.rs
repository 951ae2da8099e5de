//! What a crash run says in the end.

use std::time::Duration;

use muster_sim::world::Accepted;

use super::judge::Verdict;
use super::kept::Kept;
use crate::figures::{Series, float, grouped, table};
use crate::simulated::Simulated;

/// What the program logs when it finds in a channel what one before it had sent.
const FOUND: &str = "an earlier attempt had reached Discord";

/// What happened in all lives of the program.
#[derive(Default)]
pub(super) struct Lives {
    kills: u64,
    /// From start to READY or RESUMED, in milliseconds, where it came as far as that.
    online: Series,
    found: usize,
    given_back: usize,
    limited: u64,
    identifies: u64,
}

impl Lives {
    /// One life ended; it took so long to come online, if it did.
    pub(super) fn ended(&mut self, took: Option<Duration>) {
        self.kills += 1;
        if let Some(took) = took {
            self.online.push(took.as_secs_f64() * 1_000.0);
        }
    }

    /// Learns what Discord and the log tell of all lives.
    pub(super) fn learn(&mut self, discord: &Simulated, log: &str) {
        let counts = discord.sim.counts();
        self.found = log.matches(FOUND).count();
        self.given_back = discord.sim.world(|world| {
            let given_back = |what: &Accepted| matches!(what, Accepted::Repeated { .. });
            world.accepted().filter(|one| given_back(&one.what)).count()
        });
        self.limited = counts.answered_with(429);
        self.identifies = counts.identifies;
    }

    /// The table, with what it is about.
    pub(super) fn text(&self, verdict: &Verdict, kept: &Kept, unrecorded: usize) -> String {
        let count = |number: usize| grouped(float(u64::try_from(number).unwrap_or(u64::MAX)), 0);
        let rows = [
            ("rounds, each ended by SIGKILL", grouped(float(self.kills), 0)),
            ("messages that Discord took", count(verdict.accepted)),
            ("lost", count(verdict.lost.len())),
            ("there twice", count(verdict.twice.len())),
            ("there and not asked for", count(verdict.strange.len())),
            ("left out because they came too late", count(verdict.skipped)),
            ("there, and written down as left out", count(unrecorded)),
            ("with an unclear end, or refused", grouped(float(unclear(kept)), 0)),
            ("events created by command meanwhile", count(kept.created.len())),
            ("found in the channel after a kill and not sent again", count(self.found)),
            ("sent again with the same nonce and given back by Discord", count(self.given_back)),
            ("answers with 429", grouped(float(self.limited), 0)),
            ("sessions begun", grouped(float(self.identifies), 0)),
            ("lives that came online", count(self.online.len())),
            ("start to READY or RESUMED, ms, p50", self.online.at(500, 0)),
            ("start to READY or RESUMED, ms, p99", self.online.at(990, 0)),
        ];
        let rows = rows.map(|(name, value)| vec![name.to_owned(), value]);
        format!(
            "## Killed at any moment\n\nThe simulated Discord of `crates/sim`, with its limits, \
             lives on while `muster run` is killed: in half of the rounds at a moment drawn from \
             the seed, in the other half right after Discord has taken a message, while its answer \
             is on its way (up to 150 ms). It stays away for up to 3 s, and now and then for \
             longer than a nonce may be trusted. Posts and reminders are due all the time in 400 \
             channels of 40 guilds, and organisers create events by command. At the end what \
             Discord took is compared with what had to be sent, and with the database, which \
             SQLite finds {}. A kill ends the process, not the machine: what was synced is not \
             tried here.\n\n{}\nWith none lost and none twice, the share of what is lost or twice \
             is, with 95 % confidence, below 3 in {}.{}\n",
            if kept.is_whole { "in order" } else { "damaged" },
            table(&["", ""], &rows),
            count(verdict.accepted),
            reasons(kept),
        )
    }
}

/// Why some did not go out, if any.
fn reasons(kept: &Kept) -> String {
    let all = kept.reasons.iter().map(|(reason, count)| format!(" {count} × {reason}."));
    all.collect()
}

fn unclear(kept: &Kept) -> u64 {
    let wrong = kept.ends.iter().filter(|(end, _)| !super::is_fine(end));
    wrong.map(|(_, count)| count).sum()
}
