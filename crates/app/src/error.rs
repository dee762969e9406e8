//! What went wrong, for whoever has to answer.

use doorstep_authz::Rule;
use doorstep_case::Refusal;
use doorstep_db::DbError;
use doorstep_store::StoreError;
use doorstep_vocab::CaseId;

/// One kind for each answer that an edge can give.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The role does not allow it.
    #[error("you may not do this: ask a supervisor")]
    Forbidden,
    /// It takes a fresh proof of who asks.
    #[error("confirm that it is you, then it is done")]
    Unproved,
    /// The case is outside of what this person sees; they may ask for leave.
    #[error("the case is not one of yours: ask for access")]
    Outside {
        /// Which.
        case_id: CaseId,
        /// By which rule.
        rule: Rule,
    },
    /// There is no such thing, or not for this person.
    #[error("not found")]
    NotFound,
    /// Somebody else changed the case since it was read.
    #[error("the case was changed meanwhile: look at it again, then repeat what you did")]
    Stale,
    /// The input cannot be read.
    #[error("{message}")]
    Bad {
        /// Stable kebab-case code.
        code: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// Not now: the same request may be sent again.
    #[error("the store is busy or full: send the same again in a moment")]
    Busy(#[source] DbError),
    /// Something that a person who runs the program has to look at.
    #[error("something broke on our side: it was logged, and nothing was half done")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What the use cases return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Makes a [`Error::Bad`].
    pub fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::Bad { code, message: message.into() }
    }

    /// Makes an [`Error::Outside`].
    pub(crate) fn outside(case_id: &CaseId, rule: Rule) -> Self {
        Self::Outside { case_id: case_id.clone(), rule }
    }

    /// Says that nobody waits any longer. What was asked for may yet be done or not, and whole: asked again, it is the same.
    pub fn late() -> Self {
        Self::Busy(DbError::Unknown)
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Forbidden => "forbidden",
            Self::Unproved => "unproved",
            Self::Outside { .. } => "outside",
            Self::NotFound => "not-found",
            Self::Stale => "stale",
            Self::Bad { code, .. } => code,
            Self::Busy(_) => "busy",
            Self::Broken(_) => "broken",
        }
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        // What the program does is recognised when it is done again: a file by its hash, a command by its outcome.
        let may_repeat = error.is_retryable() || error == DbError::Unknown;
        if may_repeat { Self::Busy(error) } else { Self::Broken(Box::new(error)) }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::Stale,
            StoreError::Db(error) => error.into(),
            error @ StoreError::Decode { .. } => Self::Broken(Box::new(error)),
        }
    }
}
