//! Who had everything about them erased, in a file beside the database: a database that is restored
//! from a backup does not know of erasures after it, and this file does.
//!
//! A line is a member and the instant in milliseconds. Lines are only ever added. One that was cut
//! off names the whole member or nobody, as the member stands first.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use muster_domain::id::UserId;
use tracing::warn;

use super::database::{beside, of_file, private_file, sync_folder_of};
use crate::model::Erasure;
use crate::port::Stored;

/// The file.
#[derive(Clone, Debug)]
pub(super) struct ErasedList {
    path: PathBuf,
}

impl ErasedList {
    /// The list that belongs to the database in `path`.
    pub(super) fn of(path: &Path) -> Self {
        Self { path: beside(path, ".erased") }
    }

    /// Adds an erasure; it is on disk when this returns.
    pub(super) fn add(&self, erasure: Erasure) -> Stored<()> {
        let fault = |error| of_file(&self.path, &error);
        let is_new = !self.path.exists();
        // Made with the rights of the database itself.
        let mut file = private_file(&self.path)?;
        let begin = if ends_within_a_line(&mut file).map_err(fault)? { "\n" } else { "" };
        let Erasure { member, at } = erasure;
        let line = format!("{begin}{member} {}\n", at.as_millisecond());
        let mut file = OpenOptions::new().append(true).open(&self.path).map_err(fault)?;
        file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
        if is_new {
            sync_folder_of(&self.path).map_err(fault)?;
        }
        Ok(())
    }

    /// The latest erasure of each member.
    pub(super) fn read(&self) -> Stored<Vec<Erasure>> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(of_file(&self.path, &error)),
        };
        let mut latest = BTreeMap::new();
        for line in BufReader::new(file).split(b'\n') {
            let line = line.map_err(|error| of_file(&self.path, &error))?;
            match erasure(&line) {
                Some(Erasure { member, at }) => {
                    let known = latest.entry(member).or_insert(at);
                    *known = at.max(*known);
                }
                None if line.is_empty() => {}
                None => warn!("a line of the list of erased members cannot be read"),
            }
        }
        Ok(latest.into_iter().map(|(member, at)| Erasure { member, at }).collect())
    }
}

fn ends_within_a_line(file: &mut File) -> std::io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn erasure(line: &[u8]) -> Option<Erasure> {
    let (member, at) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    let at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
    Some(Erasure { member: UserId::new(member.parse().ok()?), at })
}

#[cfg(test)]
mod tests {
    use muster_scratch::Scratch;

    use super::*;

    fn list() -> (ErasedList, Scratch) {
        let scratch = Scratch::new().unwrap();
        (ErasedList::of(&scratch.join("muster.db")), scratch)
    }

    fn of(member: u64, at: i64) -> Erasure {
        let at = Timestamp::from_millisecond(at).unwrap();
        Erasure { member: UserId::new(member), at }
    }

    #[test]
    fn the_latest_erasure_of_each_member_is_read_back() {
        let (list, _scratch) = list();
        assert_eq!(list.read(), Ok(Vec::new()));
        for erasure in [of(7, 10), of(3, 20), of(7, 30), of(7, 25)] {
            list.add(erasure).unwrap();
        }
        assert_eq!(list.read(), Ok(vec![of(3, 20), of(7, 30)]));
    }

    #[test]
    fn a_line_that_was_cut_off_names_nobody_else_and_spoils_no_other() {
        let (list, _scratch) = list();
        for cut in ["12", "12 ", "no line at all", "\u{0}\u{0}\u{0}"] {
            std::fs::write(&list.path, format!("7 10\n{cut}")).unwrap();
            list.add(of(8, 20)).unwrap();
            assert_eq!(list.read(), Ok(vec![of(7, 10), of(8, 20)]), "{cut:?}");
        }
    }
}
