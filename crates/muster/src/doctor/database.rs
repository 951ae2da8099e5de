//! The doctor at the database: sound, of this program, with room to grow, and nothing left undone.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use muster_engine::limits::{OVERDUE, SPACE_LITTLE};
use muster_engine::ports::Clock as _;
use muster_store::StoreError;
use muster_store::model::Breakage;
use muster_store::sqlite::{Holds, Inspection, inspect};

use super::told::{Told, Tone};
use crate::env::SystemEnv;
use crate::exit::Exit;

const DATABASE: &str = "database";
const DISK: &str = "disk";
const DUE: &str = "what is due";

/// A log as long as this is not emptied into the database as it should be.
const LOG_LONG: u64 = 64 * 1024 * 1024;

/// Looks at the database and its disk.
pub(super) fn look(env: &SystemEnv, path: &Path, told: &mut Told) {
    match path.try_exists() {
        Ok(true) => {}
        Ok(false) => return is_missing(path, told),
        Err(error) => return cannot_be_read(path, StoreError::Database(error.to_string()), told),
    }
    let now = env.now();
    match inspect(path, now.saturating_sub(OVERDUE).unwrap_or(now)) {
        Ok(inspection) => {
            of_file(path, &inspection, told);
            of_disk(&inspection, told);
            if let Some(holds) = &inspection.holds {
                of_what_it_holds(holds, now, told);
            }
        }
        Err(error) => cannot_be_read(path, error, told),
    }
}

fn is_missing(path: &Path, told: &mut Told) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        let what = format!("The folder of {} does not exist.", path.display());
        let fix = "Make it, or name another file with DATABASE_URL.";
        told.fix(Tone::Broken, DATABASE, what, fix);
    } else {
        let what = format!("There is none at {} yet; the first start makes it.", path.display());
        told.add(Tone::Note, DATABASE, what);
    }
}

fn cannot_be_read(path: &Path, error: StoreError, told: &mut Told) {
    let exit = Exit::of_store(error, path);
    let fix = "Run this as the user that runs the bot; if the file is damaged, restore a backup.";
    told.fix(Tone::Broken, DATABASE, exit.to_string(), fix);
}

fn of_file(path: &Path, inspection: &Inspection, told: &mut Told) {
    let Inspection { schema, known_schema, faults, .. } = inspection;
    if !faults.is_empty() {
        let what = format!("{} is damaged: {}.", path.display(), faults.join("; "));
        let fix = "Stop the bot, and restore a backup: that keeps the damaged file beside it.";
        told.fix(Tone::Broken, DATABASE, what, fix);
    } else if schema > known_schema {
        let what = format!("It has schema {schema}; this program knows up to {known_schema}.");
        let fix = "Start the newer version of Muster, or restore an older backup.";
        told.fix(Tone::Broken, DATABASE, what, fix);
    } else if *schema == 0 {
        let what = "It is empty; the next start makes its schema. If it should hold something, stop \
                    the bot and restore a backup.";
        told.add(Tone::Note, DATABASE, what);
    } else if schema < known_schema {
        let what = format!(
            "It is sound and has schema {schema}; the next start backs it up and makes it \
             {known_schema}."
        );
        told.add(Tone::Note, DATABASE, what);
    } else {
        let size = megabytes(inspection.bytes.saturating_add(inspection.log_bytes));
        let what = format!("It is sound, has schema {schema} and takes {size}.");
        told.add(Tone::Good, DATABASE, what);
    }
    if inspection.log_bytes > LOG_LONG {
        let what = format!("Its log takes {}.", megabytes(inspection.log_bytes));
        let fix = "Does another program keep the database open? End it, then start Muster again.";
        told.fix(Tone::Warning, DATABASE, what, fix);
    }
}

fn of_disk(inspection: &Inspection, told: &mut Told) {
    match inspection.free_bytes {
        // A new schema needs a copy.
        Some(free) if free < SPACE_LITTLE.max(inspection.bytes) => {
            let what = format!("Only {} are free.", megabytes(free));
            let fix =
                "Make room: a full disk refuses answers, and an upgrade makes a backup first.";
            told.fix(Tone::Warning, DISK, what, fix);
        }
        Some(free) => told.add(Tone::Good, DISK, format!("{} are free.", megabytes(free))),
        None => told.add(Tone::Note, DISK, "How much is free cannot be told."),
    }
}

fn of_what_it_holds(holds: &Holds, now: Timestamp, told: &mut Told) {
    let Holds { guilds, removed_guilds, waiting, overdue, next_due, failed, broken } = holds;
    let what = format!("The bot is in {guilds} servers; {removed_guilds} removed it lately.");
    told.add(Tone::Good, "servers", what);
    if *overdue > 0 {
        let what = format!("{overdue} of {waiting} waiting messages are overdue.");
        let fix = "Does the bot run, and does it reach Discord? Its log says why they wait.";
        told.fix(Tone::Warning, DUE, what, fix);
    } else {
        let next = next_due.map_or_else(
            || "nothing is planned".to_owned(),
            |due| format!("something is due {}", from_now(due, now)),
        );
        told.add(Tone::Good, DUE, format!("{waiting} messages wait; {next}."));
    }
    for (guild, count) in failed {
        let what = format!("{count} messages of server {guild} failed in the last 30 days.");
        let fix =
            "Somebody with Manage Server can use /doctor there: it says why, and tries again.";
        told.fix(Tone::Warning, "failed messages", what, fix);
    }
    for (guild, channel, breakage) in broken {
        let what = format!("{} {channel} of server {guild}.", is_broken(*breakage));
        let fix = "Somebody with Manage Server can use /doctor there: it names what to change.";
        told.fix(Tone::Warning, "channels", what, fix);
    }
}

const fn is_broken(breakage: Breakage) -> &'static str {
    match breakage {
        Breakage::Gone => "There is no channel",
        Breakage::Refuses => "The bot may not write into channel",
        Breakage::Lacks => "The bot lacks a permission in channel",
    }
}

fn from_now(due: Timestamp, now: Timestamp) -> String {
    let left = due.duration_since(now);
    match left.as_mins() {
        _ if left <= SignedDuration::ZERO => "now".to_owned(),
        0 => "within a minute".to_owned(),
        minutes @ 1..120 => format!("in {minutes} min"),
        minutes => format!("in {} h", minutes / 60),
    }
}

fn megabytes(bytes: u64) -> String {
    match bytes / (1024 * 1024) {
        0 => format!("{} kB", bytes.div_ceil(1024)),
        megabytes => format!("{megabytes} MB"),
    }
}
