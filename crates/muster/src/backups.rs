//! `muster backup`, `muster restore` and `muster verify`: copies of the database by hand.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use muster_engine::ports::Clock as _;
use muster_store::StoreError;
use muster_store::sqlite::backup::{self, Kept, Place, Verified, back_up};

use crate::cli::{BackupOptions, RestoreOptions, VerifyOptions};
use crate::config::database_at;
use crate::copies::Copies;
use crate::env::SystemEnv;
use crate::exit::Exit;

/// Makes a copy now, while the bot runs or not. The bot's log counts towards what all may take
/// together.
pub(crate) fn make(options: &BackupOptions, log: Option<PathBuf>) -> Result<(), Exit> {
    let database = database_at(&options.database_url)?;
    let copies = Copies { log, ..Copies::check(&options.copies, &database)? };
    if !database.exists() {
        let error = StoreError::Database("there is no such file".into());
        return Err(Exit::of_store(error, &database));
    }
    let failed = |error| {
        Exit::copy(format!("No backup could be made in {}", copies.place.folder.display()), error)
    };
    let made = back_up(&copies.place, copies.keep, SystemEnv::new().now()).map_err(failed)?;
    let mut text = String::new();
    told(&mut text, &made.kept.path, &made.verified);
    let beyond = copies.keep_within_budget(0, SystemEnv::new().now()).map_err(failed)?;
    let paths = |kept: Vec<Kept>| kept.into_iter().map(|one| one.path).collect::<Vec<_>>();
    gone(&mut text, "as there was no room on the disk", &paths(made.for_room));
    let removed = paths(made.removed);
    gone(&mut text, "not among those kept (BACKUP_KEEP)", &removed);
    gone(&mut text, "beyond the budget (DISK_BUDGET_MB)", &beyond);
    write(&text)
}

/// Puts a copy in the database's place.
pub(crate) fn restore(options: &RestoreOptions) -> Result<(), Exit> {
    let database = database_at(&options.database_url)?;
    let place = Copies::never(&database).place;
    let failed = |error| Exit::copy(format!("{} was not put back", options.file.display()), error);
    is_there(&options.file, &place).map_err(failed)?;
    if let (Ok(file), Ok(there)) = (options.file.canonicalize(), database.canonicalize())
        && file == there
    {
        return Err(failed(StoreError::Database("it is the database itself".into())));
    }
    let restored =
        backup::restore(&options.file, &place, SystemEnv::new().now()).map_err(failed)?;
    let mut text = String::new();
    let (file, to) = (options.file.display(), database.display());
    line(&mut text, format_args!("{file} was put back as {to}."));
    told(&mut text, &database, &restored.verified);
    match restored.replaced {
        Some(replaced) => {
            line(&mut text, format_args!("What was there before is kept: {}", replaced.display()));
        }
        None => line(
            &mut text,
            format_args!(
                "No database was there before. If the bot has one, this is the wrong place: set \
                 DATABASE_URL. The new one is {}",
                std::path::absolute(&database).unwrap_or(database).display()
            ),
        ),
    }
    write(&text)
}

/// Checks a copy, or the newest one.
pub(crate) fn verify(options: &VerifyOptions) -> Result<(), Exit> {
    let file = match &options.file {
        Some(file) => file.clone(),
        None => newest(options)?,
    };
    let failed = |error| Exit::copy(format!("{} is no good backup", file.display()), error);
    let database = database_at(&options.database_url)?;
    is_there(&file, &Copies::check(&options.copies, &database)?.place).map_err(failed)?;
    let verified = backup::verify(&file).map_err(failed)?;
    let mut text = String::new();
    told(&mut text, &file, &verified);
    write(&text)
}

/// Whether there is such a file; if not, says which one there is.
fn is_there(file: &Path, place: &Place) -> Result<(), StoreError> {
    if file.is_dir() {
        return Err(StoreError::Database("it is a folder: name a file in it".into()));
    }
    if file.exists() {
        return Ok(());
    }
    let newest = place.newest(SystemEnv::new().now()).ok().flatten();
    Err(StoreError::Database(match newest {
        Some(kept) => format!("there is no such file; the newest is {}", kept.path.display()),
        None => {
            format!("there is no such file, and no backup in {} either", place.folder.display())
        }
    }))
}

fn newest(options: &VerifyOptions) -> Result<PathBuf, Exit> {
    let database = database_at(&options.database_url)?;
    let place = Copies::check(&options.copies, &database)?.place;
    let folder = place.folder.display();
    let failed = |error| Exit::copy(format!("The backups in {folder} cannot be looked at"), error);
    let none = || {
        let next = StoreError::Database("make one with `muster backup`, or name its file".into());
        Exit::copy(format!("There is no backup in {folder}"), next)
    };
    place.newest(SystemEnv::new().now()).map_err(failed)?.map(|kept| kept.path).ok_or_else(none)
}

fn told(text: &mut String, path: &Path, verified: &Verified) {
    let Verified { schema, bytes, guilds, events, answers } = verified;
    line(
        text,
        format_args!(
            "{} is sound: {bytes} bytes, schema {schema}; servers {guilds}, events {events}, \
             answers {answers}.",
            path.display()
        ),
    );
}

fn gone(text: &mut String, why: &str, removed: &[PathBuf]) {
    for one in removed {
        line(text, format_args!("Removed, {why}: {}", one.display()));
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _written = writeln!(text, "{line}");
}

fn write(text: &str) -> Result<(), Exit> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Exit::Surroundings(format!("the output cannot be written: {error}")))
}
