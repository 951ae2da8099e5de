//! Watches a running bot from outside: the kernel's account of it all the time, its own figures now
//! and then, and the folder of its backups.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::clock;
use crate::error::{BenchError, io, other};
use crate::machine;
use crate::metrics::Metrics;

/// How often it is looked: often enough to see a backup that takes a second.
const LOOK: Duration = Duration::from_millis(50);

/// How often the kernel is asked.
const ACCOUNT: Duration = Duration::from_secs(1);

/// What the names of copies hold that are not finished.
const UNFINISHED: &str = ".unfinished";

/// What is watched.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The bot.
    pub(crate) process: u32,
    /// Where it tells its figures.
    pub(crate) address: SocketAddr,
    /// How often it is asked for them.
    pub(crate) scrape: Duration,
    /// The folder of its backups.
    pub(crate) backups: PathBuf,
}

/// A backup that was seen while it was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backup {
    pub(crate) began: Instant,
    pub(crate) took: Duration,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// What the bot told, in order.
    pub(crate) metrics: Vec<Metrics>,
    /// How long it took to tell, at most.
    pub(crate) scrape_max: Duration,
    /// How often it did not answer.
    pub(crate) silent: u64,
    /// Open files and sockets, at most.
    pub(crate) files_max: u64,
    /// Share of a core in the busiest second, in percent.
    pub(crate) cpu_max: f64,
    pub(crate) backups: Vec<Backup>,
}

impl Seen {
    /// The largest value of a figure.
    pub(crate) fn max(&self, name: &str) -> Option<f64> {
        self.metrics.iter().filter_map(|one| one.get(name)).reduce(f64::max)
    }

    /// The smallest value of a figure.
    pub(crate) fn min(&self, name: &str) -> Option<f64> {
        self.metrics.iter().filter_map(|one| one.get(name)).reduce(f64::min)
    }

    /// The last that was told.
    pub(crate) fn last(&self) -> Metrics {
        self.metrics.last().cloned().unwrap_or_default()
    }

    /// The highest level of memory pressure, and how many of the figures showed it.
    pub(crate) fn pressure(&self) -> (&'static str, usize) {
        for level in ["critical", "high", "medium"] {
            let name = format!("muster_memory_pressure{{level=\"{level}\"}}");
            let is_at = |one: &&Metrics| one.get(&name).is_some_and(|value| value > 0.5);
            let times = self.metrics.iter().filter(is_at).count();
            if times > 0 {
                return (level, times);
            }
        }
        ("low", self.metrics.len())
    }
}

/// The watcher, on a thread of its own.
pub(crate) struct Watch {
    end: Sender<()>,
    thread: JoinHandle<Seen>,
}

impl Watch {
    /// Begins.
    pub(crate) fn begin(subject: Subject) -> Result<Self, BenchError> {
        let (end, ended) = channel();
        let body = move || watch(&subject, &ended);
        let thread = std::thread::Builder::new().name("watch".to_owned()).spawn(body);
        Ok(Self { end, thread: thread.map_err(io("a thread"))? })
    }

    /// Ends; returns what was seen.
    pub(crate) fn end(self) -> Result<Seen, BenchError> {
        // It listens as long as it lives.
        self.end.send(()).unwrap_or_default();
        self.thread.join().map_err(|_| other("the watcher failed"))
    }
}

fn watch(subject: &Subject, ended: &Receiver<()>) -> Seen {
    let mut seen = Seen::default();
    let (mut account, mut scrape) = (clock::now(), clock::now());
    let mut cpu = (clock::now(), machine::cpu_seconds(subject.process).unwrap_or_default());
    let mut making = None::<Instant>;
    while matches!(ended.recv_timeout(LOOK), Err(RecvTimeoutError::Timeout)) {
        let now = clock::now();
        making = look_for_backup(&subject.backups, making, &mut seen);
        if now >= account {
            account = now + ACCOUNT;
            cpu = ask_kernel(subject.process, cpu, &mut seen);
        }
        if now >= scrape {
            scrape = now + subject.scrape;
            ask_bot(subject.address, &mut seen);
        }
    }
    ask_bot(subject.address, &mut seen);
    seen
}

fn ask_bot(address: SocketAddr, seen: &mut Seen) {
    let began = clock::now();
    match Metrics::read(address) {
        Ok(metrics) => {
            seen.metrics.push(metrics);
            seen.scrape_max = seen.scrape_max.max(began.elapsed());
        }
        Err(_) => seen.silent += 1,
    }
}

fn ask_kernel(process: u32, (at, before): (Instant, f64), seen: &mut Seen) -> (Instant, f64) {
    let now = clock::now();
    let cpu = machine::cpu_seconds(process).unwrap_or(before);
    let span = now.saturating_duration_since(at).as_secs_f64();
    // The kernel counts in hundredths of a second: shorter spans say nothing.
    if span > 0.5 {
        seen.cpu_max = seen.cpu_max.max((cpu - before) / span * 100.0);
    }
    seen.files_max = seen.files_max.max(machine::open_files(process));
    (now, cpu)
}

/// Notes a backup when it is finished; returns since when one is being made.
fn look_for_backup(folder: &Path, making: Option<Instant>, seen: &mut Seen) -> Option<Instant> {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let is_made =
        files.into_iter().any(|file| file.file_name().to_string_lossy().contains(UNFINISHED));
    match (making, is_made) {
        (None, true) => Some(clock::now()),
        (Some(began), false) => {
            seen.backups.push(Backup { began, took: began.elapsed() });
            None
        }
        (making, _) => making,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_seen_from_its_first_to_its_last_moment() {
        let folder = crate::folder::Folder::below(&std::env::temp_dir()).unwrap();
        let mut seen = Seen::default();
        assert!(look_for_backup(folder.path(), None, &mut seen).is_none());
        let file = folder.path().join("muster-1.db.unfinished");
        std::fs::write(&file, "").unwrap();
        let making = look_for_backup(folder.path(), None, &mut seen);
        assert_eq!(look_for_backup(folder.path(), making, &mut seen), making);
        std::fs::rename(&file, folder.path().join("muster-1.db")).unwrap();
        assert!(making.is_some() && look_for_backup(folder.path(), making, &mut seen).is_none());
        assert_eq!(seen.backups.len(), 1);
    }
}
