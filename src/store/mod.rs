//! The store: one SQLite file, and all the SQL there is.
//!
//! Reads take a plain connection and, where the result can reach a person, a
//! [`Viewer`](crate::domain::visibility::Viewer). Writes take a [`WriteTx`], which only
//! [`Db::write`] makes.

pub mod captures;
pub mod chain;
mod db;
pub mod decisions;
pub mod dues;
pub mod effects;
pub mod forms;
pub mod incidents;
pub mod interactions;
pub mod lock;
pub mod people;
pub mod servers;
pub mod stamp;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod views;

pub use db::{Db, Lane, OpenError, Schema, Watch, WriteTx};

/// What can go wrong between us and the file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no.
    #[error("the database did not answer: {0}")]
    Database(#[from] sqlx::Error),
    /// A row that cannot be.
    #[error("the database holds something that cannot be: {0}")]
    Inconsistent(String),
}

impl StoreError {
    /// A named inconsistency.
    pub(crate) fn inconsistent(what: impl std::fmt::Display) -> Self {
        Self::Inconsistent(what.to_string())
    }
}

/// What the store answers.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Reads a JSON column.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(column: &str, text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Inconsistent(format!("column {column}: {error}")))
}

/// Writes a JSON column. Our own types always have a JSON form; if one should not, nothing is
/// written.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(StoreError::inconsistent)
}
