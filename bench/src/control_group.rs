//! A control group with little memory, for the program and what stands beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::clock;
use crate::error::{BenchError, io};
use crate::interrupt::Undoes;

/// The group. Gone when this is dropped, once its processes are.
pub(crate) struct SmallBox {
    folder: PathBuf,
    kills: &'static str,
    _undoes: Undoes,
}

impl SmallBox {
    /// Makes one with so many bytes, in this process's own group; an error says why there can be
    /// none, which is so wherever this process is not root.
    pub(crate) fn of(bytes: u64) -> Result<Self, BenchError> {
        let named = fs::read_to_string("/proc/self/cgroup").map_err(io("the control groups"))?;
        let (mount, path, limit, kills) = place(&named);
        let inside = PathBuf::from(format!("{mount}{path}"));
        let around = if inside.is_dir() { inside } else { PathBuf::from(mount) };
        let folder = around.join(format!("muster-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(io("a control group"))?;
        let group = folder.clone();
        let undoes = Undoes::by(move || remove(&group));
        let made = Self { folder, kills, _undoes: undoes };
        fs::write(made.folder.join(limit), bytes.to_string()).map_err(io("its limit"))?;
        Ok(made)
    }

    /// A command that begins like this one and runs in the group.
    pub(crate) fn command(&self, program: &Command) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", "echo $$ > \"$0\" && exec \"$@\""]);
        command.arg(self.folder.join("cgroup.procs")).arg(program.get_program());
        command.args(program.get_args());
        for (name, value) in program.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command
    }

    /// How many of its processes the kernel has killed for want of memory.
    pub(crate) fn killed(&self) -> u64 {
        killed(&fs::read_to_string(self.folder.join(self.kills)).unwrap_or_default())
    }
}

/// Of the memory controller: where it is mounted, this process's group, and the files with the
/// limit and the kills.
fn place(named: &str) -> (&'static str, String, &'static str, &'static str) {
    let one = named.lines().find_map(|line| Some(line.split_once(":memory:")?.1.to_owned()));
    if let Some(path) = one.filter(|_| Path::new("/sys/fs/cgroup/memory").is_dir()) {
        return ("/sys/fs/cgroup/memory", path, "memory.limit_in_bytes", "memory.oom_control");
    }
    let two = named.lines().find_map(|line| line.strip_prefix("0::"));
    ("/sys/fs/cgroup", two.unwrap_or("/").to_owned(), "memory.max", "memory.events")
}

fn killed(text: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
    line.and_then(|count| count.trim().parse().ok()).unwrap_or_default()
}

impl Drop for SmallBox {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

/// Processes that have just ended leave it in a moment.
fn remove(group: &Path) {
    for _ in 0..50 {
        if fs::remove_dir(group).is_ok() {
            return;
        }
        clock::pause(Duration::from_millis(20));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_are_counted_in_both_versions() {
        assert_eq!(killed("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"), 2);
        assert_eq!(killed("low 0\nhigh 0\nmax 7\noom 1\noom_kill 1\n"), 1);
        assert_eq!(killed(""), 0);
    }
}
