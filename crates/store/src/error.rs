//! What can go wrong between a caller and its rows.

use doorstep_db::DbError;
use thiserror::Error;

/// The result of a call to the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why rows could not be read or written. No text here holds a value of a row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// Somebody else has changed the case since it was loaded: load it again and decide again.
    #[error("the case has changed in the meantime: load it and decide again")]
    Stale,
    /// The database's own error.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A row does not say what this program writes: it is damaged, or from a newer program.
    #[error("the stored {what} cannot be read: check that no newer program has written it")]
    Decode {
        /// Which row and column: a name, never a value.
        what: &'static str,
    },
}
