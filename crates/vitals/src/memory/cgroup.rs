//! Control groups, versions 1 and 2: which groups this process is in.
//!
//! `/proc/self/cgroup` names the group as the kernel sees it; a container sees only a part of the
//! tree. A path that is not there, or leads out of the part that is seen (`/../other`), means that
//! the root of what is seen is our group, or the nearest one around it.
//!
//! The trees are looked for where every system mounts them: version 2 at `/sys/fs/cgroup`, version
//! 1 at `/sys/fs/cgroup/<controller>`. A hybrid system has both, and the controller in version 1.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::limits::{FILE_MAX, GROUPS_MAX};

/// Which version of control groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// One tree for each controller.
    One,
    /// One tree for all.
    Two,
}

/// The groups of this process that are seen, with respect to one controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// The version that has the controller.
    pub version: Version,
    /// Their folders, from our own up to the root of what is seen; never empty.
    pub folders: Vec<PathBuf>,
}

impl Groups {
    /// The groups with respect to `controller`, such as "memory", below the root of a file system.
    /// `None` if there are none.
    #[must_use]
    pub fn find(root: &Path, controller: &str) -> Option<Self> {
        let named = read(&root.join("proc/self/cgroup")).unwrap_or_default();
        Self::one(root, &named, controller).or_else(|| Self::two(root, &named))
    }

    fn one(root: &Path, named: &str, controller: &str) -> Option<Self> {
        let path = named.lines().find_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (controllers, path) = rest.split_once(':')?;
            controllers.split(',').any(|one| one == controller).then_some(path)
        })?;
        let mount = root.join("sys/fs/cgroup").join(controller);
        let folders = folders(&mount, path)?;
        Some(Self { version: Version::One, folders })
    }

    fn two(root: &Path, named: &str) -> Option<Self> {
        let mount = root.join("sys/fs/cgroup");
        // The file is in the root of every tree of version 2, and never in one of version 1.
        if !mount.join("cgroup.controllers").is_file() && !mount.join("memory.current").is_file() {
            return None;
        }
        let path = named.lines().find_map(|line| line.strip_prefix("0::")).unwrap_or("/");
        Some(Self { version: Version::Two, folders: folders(&mount, path)? })
    }

    /// Our own group's folder.
    #[must_use]
    pub fn own(&self) -> Option<&Path> {
        self.folders.first().map(PathBuf::as_path)
    }
}

/// The folders from the named one up to the mount; the mount alone if it is not there.
fn folders(mount: &Path, path: &str) -> Option<Vec<PathBuf>> {
    if !mount.is_dir() {
        return None;
    }
    let inside: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let leads_out = inside.iter().any(|part| *part == ".." || *part == ".");
    let own: PathBuf = std::iter::once(mount).chain(inside.iter().map(Path::new)).collect();
    if leads_out || inside.len() >= GROUPS_MAX || !own.is_dir() {
        return Some(vec![mount.to_owned()]);
    }
    Some(own.ancestors().take(inside.len().saturating_add(1)).map(Path::to_owned).collect())
}

/// The start of a small file; `None` if there is no such file, or no text in it.
#[must_use]
pub(crate) fn read(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(FILE_MAX).read_to_string(&mut text).ok()?;
    Some(text)
}

/// The number in a file that holds nothing else; `None` for "max" and whatever is no number.
#[must_use]
pub(crate) fn number(path: &Path) -> Option<u64> {
    read(path)?.trim().parse().ok()
}

/// The number after a word at the start of a line, as in `inactive_file 4096` or
/// `VmRSS:   12 kB`.
#[must_use]
pub(crate) fn entry(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next()? == name).then(|| words.next()?.parse().ok())?
    })
}
