//! A process that takes loads, seen from the one that starts it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use crate::child::Child;
use crate::error::{BenchError, io, other};
use crate::tally::{Load, Report};

/// A running process that takes loads. Ends when it is dropped.
pub(crate) struct Remote {
    child: Child,
    orders: ChildStdin,
    lines: BufReader<ChildStdout>,
}

impl Remote {
    /// Starts it.
    pub(crate) fn start(mut command: Command) -> Result<Self, BenchError> {
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut spawned = spawned.map_err(io("a process of the measurement"))?;
        let (orders, lines) = (spawned.stdin.take(), spawned.stdout.take());
        let (Some(orders), Some(lines)) = (orders, lines) else {
            return Err(other("a process without pipes"));
        };
        Ok(Self { child: Child::of(spawned), orders, lines: BufReader::new(lines) })
    }

    /// Its number in the system.
    pub(crate) fn process(&self) -> u32 {
        self.child.process()
    }

    /// What it says next.
    pub(crate) fn line(&mut self) -> Result<String, BenchError> {
        let mut line = String::new();
        let read = self.lines.read_line(&mut line).map_err(io("a process's words"))?;
        if read == 0 {
            return Err(other("a process of the measurement ended early"));
        }
        Ok(line.trim().to_owned())
    }

    /// Has a load done.
    pub(crate) fn run(&mut self, load: Load) -> Result<Report, BenchError> {
        writeln!(self.orders, "{load}").map_err(io("a process's orders"))?;
        loop {
            let line = self.line()?;
            // A bot that connects again makes the stand-in say so.
            if line.starts_with('{') {
                return Ok(serde_json::from_str(&line)?);
            }
        }
    }
}
