//! A process that we started, ended with what started it.

use std::time::Duration;

use crate::clock;
use crate::error::{BenchError, io};
use crate::interrupt::Undoes;

/// How long an orderly end may take.
const END_LIMIT: Duration = Duration::from_secs(30);

/// A running process. Killed when it is dropped, or the measurement is interrupted.
pub(crate) struct Child {
    process: std::process::Child,
    _undoes: Undoes,
}

impl Child {
    /// Takes charge of a process.
    pub(crate) fn of(child: std::process::Child) -> Self {
        let undoes = Undoes::by_ending(child.id());
        Self { process: child, _undoes: undoes }
    }

    /// Its number in the system.
    pub(crate) fn process(&self) -> u32 {
        // `taskset` becomes what it starts, so this is the program's own.
        self.process.id()
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn end(mut self) -> Result<(), BenchError> {
        let asked = std::process::Command::new("kill").arg(self.process.id().to_string()).status();
        asked.map_err(io("ending a process"))?;
        let began = clock::now();
        while began.elapsed() < END_LIMIT {
            if self.process.try_wait().map_err(io("ending a process"))?.is_some() {
                return Ok(());
            }
            clock::pause(Duration::from_millis(20));
        }
        Err(BenchError::Other("a process did not end when it was asked to".to_owned()))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It has ended already, or it is to be ended whatever it says.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
