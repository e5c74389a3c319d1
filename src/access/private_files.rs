//! Files and folders that only their owner may read, written so that a crash
//! leaves the old or the new: for keys of every kind.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

const LOCK: &str = "lock";

/// Keeps other processes on the same folder out until it is dropped.
pub(super) fn lock(folder: &Path) -> io::Result<File> {
    let file = for_owner().truncate(false).open(folder.join(LOCK))?;
    file.lock()?;
    Ok(file)
}

/// How files are opened for writing: for their owner alone, from the first byte on.
pub(super) fn for_owner() -> fs::OpenOptions {
    let mut options = File::options();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A rename is on the disk only when its folder is.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Writes a whole file under its first name and gives it the second, so that a crash leaves no half of it.
pub(super) fn write_whole(folder: &Path, (unfinished, name): (&str, &str), bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(unfinished);
    let mut file = for_owner().truncate(true).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(name))?;
    sync_folder(folder)
}

/// Whether nobody but the owner may use it.
#[cfg(unix)]
pub(super) fn is_private(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 == 0)
}

/// Elsewhere the system's own rules for the owner's folders stand.
#[cfg(not(unix))]
pub(super) fn is_private(_: &Path) -> io::Result<bool> {
    Ok(true)
}
