//! What has to be undone when a measurement is interrupted: nothing is dropped then.

use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock;
use crate::error::{BenchError, io};

/// The status of a program that was interrupted.
const INTERRUPTED: i32 = 130;

type Undo = Box<dyn FnOnce() + Send>;

static UNDONE: Mutex<Undone> = Mutex::new(Undone { next: 0, undos: Vec::new() });

struct Undone {
    next: u64,
    undos: Vec<(u64, Undo)>,
}

/// What an interruption undoes for as long as this lives.
pub(crate) struct Undoes(u64);

impl Undoes {
    /// Does this if the program is interrupted, the last first.
    pub(crate) fn by(undo: impl FnOnce() + Send + 'static) -> Self {
        let mut undone = undone();
        undone.next += 1;
        let number = undone.next;
        undone.undos.push((number, Box::new(undo)));
        Self(number)
    }

    /// Ends this process if the program is interrupted.
    pub(crate) fn by_ending(process: u32) -> Self {
        Self::by(move || end(process, "-9"))
    }

    /// Asks this process to end if the program is interrupted.
    pub(crate) fn by_asking(process: u32) -> Self {
        Self::by(move || end(process, "-TERM"))
    }
}

impl Drop for Undoes {
    fn drop(&mut self) {
        undone().undos.retain(|(number, _)| *number != self.0);
    }
}

fn undone() -> MutexGuard<'static, Undone> {
    UNDONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Signals a process, which may have ended meanwhile.
fn end(process: u32, signal: &str) {
    let mut kill = Command::new("kill");
    kill.args([signal, &process.to_string()]).stdin(Stdio::null()).stderr(Stdio::null());
    drop(kill.status());
}

/// Starts a thread that waits for the signals by which people and supervisors end programs, and
/// then undoes everything, folders last.
pub(crate) fn watch() -> Result<(), BenchError> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = clock::runtime()?;
    let body = move || {
        let asked = async {
            let mut ended = signal(SignalKind::terminate())?;
            tokio::select! {
                asked = tokio::signal::ctrl_c() => asked,
                _ = ended.recv() => Ok(()),
            }
        };
        if runtime.block_on(asked).is_ok() {
            let undos = std::mem::take(&mut undone().undos);
            undos.into_iter().rev().for_each(|(_, undo)| undo());
            muster_scratch::remove_all();
            std::process::exit(INTERRUPTED);
        }
    };
    std::thread::Builder::new().spawn(body).map(drop).map_err(io("a thread"))
}
