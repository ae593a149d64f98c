//! One courier: an exclusive lock of the operating system on `<database>.lock`, held for life. The
//! kernel drops it with the process, so a restart takes over at once and no clock is involved.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The lock; dropped, somebody else may have it.
#[derive(Debug)]
pub struct CourierLock {
    _file: File,
}

/// Why the lock could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("another Warbell ({holder}) works on this database")]
    Held {
        /// What the holder wrote about itself, e.g. `process 4711`.
        holder: String,
    },
    /// The file cannot be used.
    #[error("cannot use the lock file {path}: {source}")]
    Io {
        /// The lock file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl CourierLock {
    /// Takes the lock of the database at `database`, or says who has it.
    pub fn take(database: &Path) -> Result<Self, LockError> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let path = PathBuf::from(path);
        let io = |source| LockError::Io {
            path: path.clone(),
            source,
        };
        let mut open = OpenOptions::new();
        open.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let mut file = open.open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.take(200).read_to_string(&mut holder);
                let holder = holder.trim().to_owned();
                let holder = if holder.is_empty() {
                    "unnamed".to_owned()
                } else {
                    holder
                };
                return Err(LockError::Held { holder });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| writeln!(file, "process {}", std::process::id()));
        written.map_err(io)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_courier_is_told_who_has_the_lock_and_a_later_one_takes_it() {
        let dir = std::env::temp_dir().join(format!("warbell-lock-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let database = dir.join("w.db");
        let first = CourierLock::take(&database).unwrap();
        let refused = CourierLock::take(&database).unwrap_err();
        assert!(
            refused
                .to_string()
                .contains(&format!("process {}", std::process::id()))
        );
        drop(first);
        CourierLock::take(&database).unwrap();
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
