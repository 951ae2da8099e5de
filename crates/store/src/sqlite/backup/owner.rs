//! Whose files are: the bot's, also if the machine's root made them.

use std::path::Path;

/// Gives a file to whoever owns the folder of the database, which is the bot: what root made the
/// bot could not open. Whoever is not root makes only what is their own, and nothing happens.
#[cfg(unix)]
pub(super) fn give_to_bot(file: &Path, database: &Path) {
    use std::os::unix::fs::{MetadataExt as _, chown};

    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = std::fs::metadata(folder.unwrap_or(Path::new(".")));
    let (Ok(folder), Ok(made)) = (folder, std::fs::metadata(file)) else { return };
    let owner = (folder.uid(), folder.gid());
    if made.uid() == owner.0 {
        return;
    }
    if let Err(error) = chown(file, Some(owner.0), Some(owner.1)) {
        let file = file.display();
        tracing::warn!(%file, %error, "the file does not belong to the owner of the database's folder");
    }
}

/// Elsewhere files belong to whoever may write into their folder.
#[cfg(not(unix))]
pub(super) const fn give_to_bot(_file: &Path, _database: &Path) {}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, chown};

    use muster_scratch::Scratch;

    use super::*;

    #[test]
    fn what_root_makes_belongs_to_the_owner_of_the_databases_folder() {
        let folder = Scratch::new().unwrap();
        let file = folder.join("copy.db");
        std::fs::write(&file, "").unwrap();
        let (nobody, database) = (65_534, folder.join("muster.db"));
        // Only root can give a folder away, and only then there is something to do.
        let is_root = chown(folder.path(), Some(nobody), Some(nobody)).is_ok();
        give_to_bot(&file, &database);
        let owner = std::fs::metadata(&file).unwrap().uid();
        assert_eq!(owner == nobody, is_root);
    }
}
