//! The doctor at the copies of the database: whether any could be made, and whether they are. It
//! looks and makes nothing, not even to try.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use muster_store::port::Stored;
use muster_store::sqlite::backup::{Kept, KeptKind, could_take_copies, verify};

use super::told::{Told, Tone};
use crate::copies::Copies;

const BACKUPS: &str = "backups";

/// A copy is late when another one should have been made meanwhile as well: the last one may have
/// taken its time, or have been tried again.
const LATE_AFTER: u32 = 2;

const MAKE_ONE: &str = "Does the bot run? It makes one a minute after its start, or its log says why \
                        not. `muster backup` makes one now.";

/// How long the folder may take to answer, a copy of some GiB to be read through among it.
const PATIENCE: Duration = Duration::from_mins(2);

/// Looks at the copies that there are, and at the place for the next.
pub(super) fn look(now: Timestamp, copies: Copies, told: &mut Told) {
    let Some(every) = copies.every else {
        return told.add(Tone::Note, BACKUPS, "The bot makes none: BACKUP_INTERVAL is off.");
    };
    let folder = copies.place.folder.clone();
    let looked = answered(PATIENCE, move || {
        let mut found = Told::default();
        look_into(now, every, &copies, &mut found);
        found
    });
    if let Some(found) = looked {
        return told.append(found);
    }
    let what = format!("{} does not answer.", folder.display());
    let fix = "Is the machine away that it is on? Bring it back, or name another folder with \
               BACKUP_DIR.";
    told.fix(Tone::Warning, BACKUPS, what, fix);
}

/// What comes of work that may hang, as in a folder on another machine. Without an answer in time,
/// its thread is left behind, and ends with the program.
fn answered<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (answer, answers) = mpsc::channel();
    // Whoever has gone needs no answer.
    thread::spawn(move || answer.send(work()).ok());
    answers.recv_timeout(patience).ok()
}

fn look_into(now: Timestamp, every: Duration, copies: &Copies, told: &mut Told) {
    let folder = &copies.place.folder;
    if let Err(error) = could_take_copies(folder) {
        let what = format!("None can be put into {}: {error}.", folder.display());
        return told.fix(Tone::Warning, BACKUPS, what, opens(folder));
    }
    match made(now, copies) {
        Ok(made) => of_newest(now, every, (made.last(), made.len()), copies, told),
        Err(error) => {
            let what = format!("{} cannot be looked at: {error}.", folder.display());
            let fix = "Run this as the user that runs the bot, or name another with BACKUP_DIR.";
            told.fix(Tone::Warning, BACKUPS, what, fix);
        }
    }
}

/// What lets copies into a folder.
fn opens(folder: &Path) -> String {
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    let first = match above.filter(|above| !above.exists()) {
        Some(above) => format!(
            "Make {}, or mount its disk: the bot makes only the last part of the path",
            above.display()
        ),
        None => "Let the user that runs the bot write there".to_owned(),
    };
    first + "; or name another folder with BACKUP_DIR."
}

/// The copies made by now, the oldest first. What bears a later time was made by a clock that was
/// ahead.
fn made(now: Timestamp, copies: &Copies) -> Stored<Vec<Kept>> {
    let mut kept = copies.place.kept()?;
    kept.retain(|one| one.kind == KeptKind::Backup && one.at <= now);
    Ok(kept)
}

fn of_newest(
    now: Timestamp,
    every: Duration,
    (newest, count): (Option<&Kept>, usize),
    copies: &Copies,
    told: &mut Told,
) {
    let interval = words(every);
    let Some(newest) = newest else {
        let age = born(&copies.place.database).map(|born| age(born, now));
        let Some(age) = age.filter(|age| *age > every) else {
            let what = format!("There is none yet; the bot makes one every {interval}.");
            return told.add(Tone::Note, BACKUPS, what);
        };
        let age = words(age);
        let what =
            format!("There is none of a database that is {age} old; one is due every {interval}.");
        return told.fix(Tone::Warning, BACKUPS, what, MAKE_ONE);
    };
    let age = age(newest.at, now);
    let (file, old) = (newest.path.display(), words(age));
    if age > every.saturating_mul(LATE_AFTER) {
        let what = format!("The newest is {old} old; one is due every {interval}.");
        told.fix(Tone::Warning, BACKUPS, what, MAKE_ONE);
    } else if let Err(error) = verify(&newest.path) {
        let what = format!("The newest is no good backup: {file}: {error}.");
        let fix = "Make another with `muster backup`, delete this one, and check the disk.";
        told.fix(Tone::Warning, BACKUPS, what, fix);
    } else {
        let kept = if count == 1 {
            "The one that is kept,"
        } else {
            &format!("{count} are kept; the newest,")
        };
        let what = format!("{kept} {file}, is sound and {old} old.");
        told.add(Tone::Good, BACKUPS, what);
    }
}

/// Since when the database has been there: what was copied or put back by other means keeps the
/// time of its last change and not that of its birth. None if that is not known.
fn born(database: &Path) -> Option<Timestamp> {
    let file = std::fs::metadata(database).ok()?;
    let times = [file.created(), file.modified()].into_iter().flatten();
    times.filter_map(|time| Timestamp::try_from(time).ok()).min()
}

fn age(since: Timestamp, now: Timestamp) -> Duration {
    now.duration_since(since).try_into().unwrap_or_default()
}

fn words(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2_880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_does_not_answer_holds_nobody_up() {
        let (go_on, waits) = mpsc::channel::<()>();
        assert_eq!(answered(Duration::from_millis(20), move || waits.recv().is_ok()), None);
        drop(go_on);
        assert_eq!(answered(PATIENCE, || 7), Some(7));
    }
}
