//! PostgreSQL's errors in the crate's words.

use crate::DbError;
use postgres::Error;
use postgres::error::SqlState;

/// The SQLSTATE classes whose message speaks of names and settings only. Others quote values (class 22: `invalid input
/// syntax for type bigint: "…"`), so of those only the code is told. DETAIL, HINT and CONTEXT are never told.
/// Source: PostgreSQL documentation, appendix A.
const TELLABLE_CLASSES: [&str; 9] = ["08", "0A", "25", "26", "28", "3D", "42", "53", "57"];

/// Returns the crate's error for one of PostgreSQL's.
pub(crate) fn translate(error: &Error) -> DbError {
    let Some(refused) = error.as_db_error() else { return without_code(error) };
    let code = refused.code();
    let named = || {
        let name = refused.constraint().or(refused.column()).or(refused.table());
        name.unwrap_or("unnamed").to_owned()
    };
    match code {
        code if *code == SqlState::UNIQUE_VIOLATION => DbError::Unique { constraint: named() },
        code if code.code().starts_with("23") => DbError::Constraint { constraint: named() },
        code if is_conflict(code) || is_wait(code) => DbError::Busy,
        code if *code == SqlState::DISK_FULL => DbError::Full,
        code if *code == SqlState::IO_ERROR || *code == SqlState::DATA_CORRUPTED => {
            DbError::Disk(format!("the server says {}", code.code()))
        }
        code if is_going_away(code) => DbError::Away(refused.message().to_owned()),
        code if TELLABLE_CLASSES.contains(&code.code().get(..2).unwrap_or_default()) => {
            DbError::Engine(format!("{} {}", code.code(), refused.message()))
        }
        code => DbError::Engine(format!("{} ({})", code.code(), named())),
    }
}

/// Returns whether running the transaction again may well succeed: a serialization failure, a deadlock, or a statement
/// prepared before another process changed the tables.
pub(crate) fn is_worth_a_rerun(error: &Error) -> bool {
    error.code().is_some_and(|code| is_conflict(code) || is_stale_statement(error, code))
}

/// Returns whether the server has said for certain that the commit did not happen.
pub(crate) fn is_certainly_undone(error: &Error) -> bool {
    error.code().is_some_and(|code| {
        code.code().starts_with("40")
            || code.code().starts_with("23")
            || *code == SqlState::QUERY_CANCELED
    })
}

fn is_conflict(code: &SqlState) -> bool {
    *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
}

fn is_stale_statement(error: &Error, code: &SqlState) -> bool {
    let of_a_plan = |message: &str| message.contains("cached plan");
    *code == SqlState::INVALID_SQL_STATEMENT_NAME
        || (*code == SqlState::FEATURE_NOT_SUPPORTED
            && error.as_db_error().is_some_and(|refused| of_a_plan(refused.message())))
}

fn is_wait(code: &SqlState) -> bool {
    *code == SqlState::QUERY_CANCELED
        || *code == SqlState::LOCK_NOT_AVAILABLE
        || *code == SqlState::TOO_MANY_CONNECTIONS
}

fn is_going_away(code: &SqlState) -> bool {
    code.code().starts_with("08")
        || [
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        ]
        .contains(code)
}

/// An error of the driver's own. Its first line names the step; the cause beneath may quote a value, so it is told only
/// for the connection.
fn without_code(error: &Error) -> DbError {
    if error.is_closed() {
        return DbError::Away("the connection was lost".to_owned());
    }
    let text = error.to_string();
    let cause = std::error::Error::source(error);
    if cause.is_some_and(<dyn std::error::Error>::is::<std::io::Error>) {
        return DbError::Away(text);
    }
    match cause.and_then(|cause| cause.downcast_ref::<super::values::Mismatch>()) {
        Some(mismatch) => DbError::Params(mismatch.to_string()),
        None => DbError::Engine(text.split(':').next().unwrap_or_default().to_owned()),
    }
}
