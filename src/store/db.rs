//! The file: pools, pragmas, migrations, and the one way to write.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Sqlite, Transaction};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};

use super::Result;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The database: one write connection, a pool of readers.
#[derive(Clone, Debug)]
pub struct Db {
    write: SqlitePool,
    read: SqlitePool,
    gate: Arc<Gate>,
    committed: Arc<Notify>,
    path: PathBuf,
}

/// Who writes: people's writes go before the courier's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Somebody waits for the answer.
    Actor,
    /// Nobody waits: deliveries, reminders.
    Courier,
}

/// What to do about the schema when opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Bring it up to date; only the holder of the lock may.
    Migrate,
    /// Refuse any other version than this program's.
    MustMatch,
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL does not name an SQLite file.
    #[error("DATABASE_URL is not an SQLite address: {0}. Use for example sqlite://warbell.db")]
    Url(String),
    /// SQLite could not open or set up the file.
    #[error("cannot open the database {path}: {source}")]
    Open { path: PathBuf, source: sqlx::Error },
    /// The file is of a newer or unknown schema.
    #[error("cannot bring the database {path} up to date: {source}")]
    Migrate {
        path: PathBuf,
        source: sqlx::migrate::MigrateError,
    },
    /// The file is of another schema than this program's, and this command may not change it.
    #[error(
        "the database {path} has schema {found}, this program needs {needed}. Run `warbell run` of this version once, or use the program that made it."
    )]
    Version {
        path: PathBuf,
        found: i64,
        needed: i64,
    },
    /// The file cannot be made readable by its owner alone.
    #[error("cannot set the permissions of {path}: {source}")]
    Mode {
        path: PathBuf,
        source: std::io::Error,
    },
}

/// Lets people's writes go before the courier's. The permit stands for the write connection.
#[derive(Debug)]
struct Gate {
    connection: Arc<Semaphore>,
    actors: watch::Sender<usize>,
}

/// A person waits, or no longer does.
struct Waiting<'a>(&'a watch::Sender<usize>);

impl<'a> Waiting<'a> {
    fn begin(actors: &'a watch::Sender<usize>) -> Self {
        actors.send_modify(|n| *n += 1);
        Self(actors)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|n| *n -= 1);
    }
}

impl Gate {
    async fn enter(&self, lane: Lane) -> std::result::Result<OwnedSemaphorePermit, sqlx::Error> {
        let permit = match lane {
            Lane::Actor => {
                let _waiting = Waiting::begin(&self.actors);
                Arc::clone(&self.connection).acquire_owned().await
            }
            Lane::Courier => {
                let mut actors = self.actors.subscribe();
                if actors.wait_for(|n| *n == 0).await.is_err() {
                    return Err(sqlx::Error::PoolClosed);
                }
                Arc::clone(&self.connection).acquire_owned().await
            }
        };
        permit.map_err(|_| sqlx::Error::PoolClosed)
    }
}

/// The right to write, in one `BEGIN IMMEDIATE` transaction. Dropped without [`WriteTx::commit`],
/// nothing was written.
pub struct WriteTx {
    transaction: Transaction<'static, Sqlite>,
    committed: Arc<Notify>,
    _permit: OwnedSemaphorePermit,
}

impl WriteTx {
    /// The connection, for reads within the transaction and for the store's own writes.
    pub fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// Writes it for good (WAL, `synchronous=FULL`) and wakes the courier.
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        self.committed.notify_one();
        Ok(())
    }
}

impl Db {
    /// Opens the file that `url` names, made if missing, mode 0600.
    pub async fn open(url: &str, schema: Schema) -> std::result::Result<Self, OpenError> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|error| OpenError::Url(error.to_string()))?
            .create_if_missing(schema == Schema::Migrate)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let path = options.get_filename().to_owned();
        if schema == Schema::Migrate {
            make_private(&path)?;
        }
        let open_error = |source| OpenError::Open {
            path: path.clone(),
            source,
        };
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await
            .map_err(open_error)?;
        match schema {
            Schema::Migrate => {
                MIGRATIONS
                    .run(&write)
                    .await
                    .map_err(|source| OpenError::Migrate {
                        path: path.clone(),
                        source,
                    })?
            }
            Schema::MustMatch => must_match(&write, &path).await?,
        }
        let read = SqlitePoolOptions::new()
            .max_connections(6)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.create_if_missing(false).read_only(true))
            .await
            .map_err(open_error)?;
        Ok(Self {
            write,
            read,
            gate: Arc::new(Gate {
                connection: Arc::new(Semaphore::new(1)),
                actors: watch::Sender::new(0),
            }),
            committed: Arc::new(Notify::new()),
            path,
        })
    }

    /// Begins to write. Keep it short, and ask nobody anything while it is open.
    pub async fn write(&self, lane: Lane) -> Result<WriteTx> {
        let permit = self.gate.enter(lane).await?;
        let transaction = self.write.begin_with("BEGIN IMMEDIATE").await?;
        Ok(WriteTx {
            transaction,
            committed: Arc::clone(&self.committed),
            _permit: permit,
        })
    }

    /// A connection that can only read.
    pub async fn read(&self) -> Result<PoolConnection<Sqlite>> {
        Ok(self.read.acquire().await?)
    }

    /// Returns after the next commit of this process.
    pub async fn committed(&self) {
        self.committed.notified().await;
    }

    /// Watches for commits of other processes: `PRAGMA data_version` on a connection of its own.
    pub async fn watch_others(&self) -> Result<Watch> {
        Ok(Watch {
            connection: self.read.acquire().await?,
            seen: None,
        })
    }

    /// The file that a URL names.
    pub fn path_of(url: &str) -> std::result::Result<PathBuf, OpenError> {
        SqliteConnectOptions::from_str(url)
            .map(|options| options.get_filename().to_owned())
            .map_err(|error| OpenError::Url(error.to_string()))
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lets go of the file.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// See [`Db::watch_others`].
pub struct Watch {
    connection: PoolConnection<Sqlite>,
    seen: Option<i64>,
}

impl Watch {
    /// Whether somebody committed since the last look. The first look says yes.
    pub async fn changed(&mut self) -> Result<bool> {
        let version: i64 = sqlx::query_scalar("PRAGMA data_version")
            .fetch_one(&mut *self.connection)
            .await?;
        Ok(self.seen.replace(version) != Some(version))
    }
}

async fn must_match(pool: &SqlitePool, path: &Path) -> std::result::Result<(), OpenError> {
    let needed = MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0);
    let found: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
            .fetch_optional(pool)
            .await
            .map_err(|source| OpenError::Open {
                path: path.to_owned(),
                source,
            })?
            .flatten();
    let found = found.unwrap_or(0);
    if found == needed {
        return Ok(());
    }
    Err(OpenError::Version {
        path: path.to_owned(),
        found,
        needed,
    })
}

/// Makes the file readable and writable by its owner alone, before anything is in it.
fn make_private(path: &Path) -> std::result::Result<(), OpenError> {
    if path.as_os_str().is_empty() || path == Path::new(":memory:") {
        return Ok(());
    }
    let mut open = std::fs::OpenOptions::new();
    open.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let set = open.open(path).and_then(|file| {
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        drop(file);
        Ok(())
    });
    set.map_err(|source| OpenError::Mode {
        path: path.to_owned(),
        source,
    })
}
