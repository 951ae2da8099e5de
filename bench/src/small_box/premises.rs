//! The box itself: a control group with a limit of memory and a file system on a file, where this
//! machine and this user allow it. All of it goes again, also after Ctrl-C.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock;
use crate::error::{BenchError, io, other};
use crate::folder::Folder;
use crate::interrupt::Undoes;
use crate::machine;

/// Where control groups are.
const GROUPS: &str = "/sys/fs/cgroup";

/// How often letting go of something is tried, and how long between.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// The box. Gone when it is dropped.
pub(super) struct Premises {
    disk: PathBuf,
    missing: Vec<String>,
    held: Arc<Mutex<Held>>,
    _undoes: Undoes,
}

/// What has to be let go of.
#[derive(Default)]
struct Held {
    /// Around the image and where it is mounted.
    folder: Option<Folder>,
    mounted: Option<PathBuf>,
    group: Option<PathBuf>,
    process: Option<u32>,
}

impl Premises {
    /// Makes as much of it as is possible here, below this folder.
    pub(super) fn make(folder: &Path, bytes: u64) -> Result<Self, BenchError> {
        let mut missing = Vec::new();
        let held = Arc::<Mutex<Held>>::default();
        let interrupted = Arc::clone(&held);
        let undoes = Undoes::by(move || lock(&interrupted).let_go());
        let around = Folder::below(folder)?;
        let image = around.path().join("image");
        let point = around.path().join("disk");
        lock(&held).folder = Some(around);
        fs::create_dir(&point).map_err(io("where the disk is mounted"))?;
        match mount(&image, &point, bytes) {
            Ok(()) => lock(&held).mounted = Some(point.clone()),
            Err(error) => missing.push(format!(
                "the disk was the machine's own, because a file system of {} could not be mounted \
                 ({error})",
                gib(bytes)
            )),
        }
        match group(bytes) {
            Ok(group) => lock(&held).group = Some(group),
            Err(error) => missing.push(format!(
                "memory was not limited, because there could be no control group ({error})"
            )),
        }
        if !machine::apart() {
            missing.push("load and bot shared the cores".to_owned());
        }
        Ok(Self { disk: point, missing, held, _undoes: undoes })
    }

    /// Where the bot's data goes.
    pub(super) fn disk(&self) -> &Path {
        &self.disk
    }

    /// What was not as in the guide, in words.
    pub(super) fn missing(&self) -> &[String] {
        &self.missing
    }

    /// The same command within the control group, if there is one.
    pub(super) fn within(&self, command: &Command) -> Command {
        let group = lock(&self.held).group.clone();
        let Some(group) = group else {
            let mut same = Command::new(command.get_program());
            same.args(command.get_args());
            return same;
        };
        let mut shell = Command::new("sh");
        // The shell joins it and becomes the program, which so keeps its number.
        shell.args(["-c", r#"echo $$ > "$0" && exec "$@""#]).arg(group.join("cgroup.procs"));
        shell.arg(command.get_program()).args(command.get_args());
        shell
    }

    /// The bot runs, and has to be ended before anything else goes.
    pub(super) fn holds(&self, process: u32) {
        lock(&self.held).process = Some(process);
    }

    /// The bot has ended.
    pub(super) fn holds_none(&self) {
        lock(&self.held).process = None;
    }

    /// The most that the control group held, with the kernel's cache of files, in bytes.
    pub(super) fn group_max(&self) -> Option<u64> {
        let group = lock(&self.held).group.clone()?;
        let files = ["memory.peak", "memory.max_usage_in_bytes"];
        let read = |file| fs::read_to_string(group.join(file)).ok()?.trim().parse().ok();
        files.into_iter().find_map(read)
    }
}

impl Drop for Premises {
    fn drop(&mut self) {
        lock(&self.held).let_go();
    }
}

impl Held {
    fn let_go(&mut self) {
        if let Some(process) = self.process.take() {
            run("kill", &["-9", &process.to_string()]).unwrap_or_default();
        }
        if let Some(point) = self.mounted.take() {
            let point = point.display().to_string();
            if !again(|| run("umount", &[&point]).is_ok()) {
                // Whoever still uses it, even this process, loses it with its end.
                run("umount", &["-l", &point]).unwrap_or_default();
            }
        }
        if let Some(group) = self.group.take() {
            again(|| fs::remove_dir(&group).is_ok());
        }
        self.folder = None;
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

fn again(mut attempt: impl FnMut() -> bool) -> bool {
    (0..TRIES).any(|number| {
        if number > 0 {
            clock::pause(PAUSE);
        }
        attempt()
    })
}

/// Makes a file system of this size in a file, and mounts it.
fn mount(image: &Path, point: &Path, bytes: u64) -> Result<(), BenchError> {
    let file = fs::File::create(image).map_err(io("the disk's file"))?;
    file.set_len(bytes).map_err(io("the disk's file"))?;
    drop(file);
    let (image, point) = (image.display().to_string(), point.display().to_string());
    run("mkfs.ext4", &["-q", "-F", &image])?;
    run("mount", &["-o", "loop", &image, &point])
}

fn run(program: &str, arguments: &[&str]) -> Result<(), BenchError> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    let output = command.output().map_err(|error| other(&format!("{program}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("it failed and did not say why");
    Err(other(&format!("{program}: {said}")))
}

/// Makes a control group whose processes together may have so much memory.
fn group(bytes: u64) -> Result<PathBuf, BenchError> {
    let own = fs::read_to_string("/proc/self/cgroup").map_err(io("the control groups"))?;
    let (group, limit) = place(&own, std::process::id(), Path::new(GROUPS))?;
    fs::create_dir(&group).map_err(io("a control group"))?;
    if let Err(error) = fs::write(group.join(limit), bytes.to_string()) {
        fs::remove_dir(&group).map_err(io("a control group"))?;
        return Err(BenchError::Io("a limit of memory", error));
    }
    // Without a limit of its own, memory would only move to the swap.
    for file in ["memory.swap.max", "memory.memsw.limit_in_bytes"] {
        let limit = if file.starts_with("memory.swap") { 0 } else { bytes };
        if group.join(file).exists() {
            fs::write(group.join(file), limit.to_string()).unwrap_or_default();
        }
    }
    Ok(group)
}

/// Where a group can be, and the file that limits its memory: version 1 below the own group,
/// version 2 below the root, because there a group with processes has no groups with limits.
fn place(own: &str, number: u32, groups: &Path) -> Result<(PathBuf, &'static str), BenchError> {
    let name = format!("muster-bench-{number}");
    let of_memory = |line: &str| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        controllers.split(',').any(|one| one == "memory").then(|| path.to_owned())
    };
    if let Some(path) = own.lines().find_map(of_memory) {
        let path = path.trim_start_matches('/');
        return Ok((groups.join("memory").join(path).join(name), "memory.limit_in_bytes"));
    }
    if own.lines().any(|line| line.starts_with("0::")) {
        // It may be so already, and if it is not and cannot be, the limit says so.
        fs::write(groups.join("cgroup.subtree_control"), "+memory").unwrap_or_default();
        return Ok((groups.join(name), "memory.max"));
    }
    Err(other("none of memory is mounted"))
}

/// "1.25 GiB".
fn gib(bytes: u64) -> String {
    format!("{:.2} GiB", crate::figures::float(bytes) / f64::from(1 << 30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_below_the_own_one_or_below_the_root() {
        let groups = Path::new("/nowhere");
        let first = "5:cpu,cpuacct:/a\n4:memory:/box/1\n0::/\n";
        let (path, limit) = place(first, 7, groups).unwrap();
        assert_eq!(path, Path::new("/nowhere/memory/box/1/muster-bench-7"));
        assert_eq!(limit, "memory.limit_in_bytes");
        let (path, limit) = place("0::/user.slice\n", 7, groups).unwrap();
        assert_eq!((path.as_path(), limit), (Path::new("/nowhere/muster-bench-7"), "memory.max"));
        assert!(place("", 7, groups).is_err());
    }
}
