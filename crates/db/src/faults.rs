//! Where a test may stand in for the machine beneath: before a write, at its commit, and after it.
//!
//! Without the feature `faults` a [`Hook`] is nothing and every question is answered at compile time. With it, whoever opened
//! the database is asked at each [`Point`] and answers with a [`Fault`]. A process that dies is played by unwinding out of
//! the question (`std::panic::resume_unwind`): the transaction that is open then is lost when the `Db` is dropped, as it is
//! when a process dies. Whoever plays that must unwind from every later question too, because what is dead says nothing.
//!
//! SQLite only: a PostgreSQL is another process, which tests kill for real.

#[cfg(feature = "faults")]
use crate::DbError;
use crate::Result;
#[cfg(feature = "faults")]
use std::sync::Arc;

/// A moment at which something may go wrong.
#[cfg(feature = "faults")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A read is about to begin.
    Read,
    /// A write is about to begin; nobody waits for it yet, so others may go first.
    Write,
    /// A member of a group has had its turn, and nobody is known to come after it.
    Turn,
    /// A member waits for its group to end: others of the same `Db` may join.
    Waiting,
    /// The group is about to be committed.
    Commit,
    /// The group is on the disk, and none of its members knows yet.
    Committed,
}

/// What goes wrong.
#[cfg(feature = "faults")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// At `Turn`: somebody comes after this member, so that the group stays open.
    Company,
    /// Others are in the way. Nothing is written.
    Busy,
    /// No room is left. Nothing is written.
    Full,
    /// The disk answers the flush with an error and has kept nothing.
    Lost,
    /// The disk answers the flush with an error and has kept everything.
    Kept,
}

/// Plays the machine beneath.
#[cfg(feature = "faults")]
pub trait Faults: Send + Sync {
    /// Says what goes wrong at a point of the transaction called `name`.
    fn at(&self, point: Point, name: &'static str) -> Fault;
}

/// Who is asked, if anybody is.
#[derive(Clone, Default)]
pub struct Hook(#[cfg(feature = "faults")] Option<Arc<dyn Faults>>);

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hook")
    }
}

#[cfg(feature = "faults")]
impl Hook {
    /// Asks `faults` at every point.
    pub fn new(faults: Arc<dyn Faults>) -> Self {
        Self(Some(faults))
    }

    fn at(&self, point: Point, name: &'static str) -> Fault {
        self.0.as_ref().map_or(Fault::None, |faults| faults.at(point, name))
    }

    pub(crate) fn before_read(&self) -> Result<()> {
        told(self.at(Point::Read, "read"))
    }

    pub(crate) fn before_write(&self, name: &'static str) -> Result<()> {
        told(self.at(Point::Write, name))
    }

    pub(crate) fn has_company(&self, name: &'static str) -> bool {
        self.at(Point::Turn, name) == Fault::Company
    }

    /// Lets others join the group. Returns whether all of them have: then whoever asks closes it.
    pub(crate) fn has_gathered(&self, name: &'static str) -> bool {
        self.0.is_some() && self.at(Point::Waiting, name) == Fault::None
    }

    /// Commits, unless something is in the way.
    pub(crate) fn commit(
        &self,
        name: &'static str,
        commit: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        match self.at(Point::Commit, name) {
            Fault::Kept => {
                commit()?;
                Err(DbError::Disk("planted after the flush".to_owned()))
            }
            fault => {
                told(fault)?;
                commit()?;
                self.at(Point::Committed, name);
                Ok(())
            }
        }
    }
}

#[cfg(feature = "faults")]
fn told(fault: Fault) -> Result<()> {
    match fault {
        Fault::None | Fault::Company => Ok(()),
        Fault::Busy => Err(DbError::Busy),
        Fault::Full => Err(DbError::Full),
        Fault::Lost | Fault::Kept => Err(DbError::Disk("planted".to_owned())),
    }
}

#[cfg(not(feature = "faults"))]
#[expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "the same questions are asked in a build that can answer them"
)]
impl Hook {
    pub(crate) const fn before_read(&self) -> Result<()> {
        Ok(())
    }

    pub(crate) const fn before_write(&self, _name: &'static str) -> Result<()> {
        Ok(())
    }

    pub(crate) const fn has_company(&self, _name: &'static str) -> bool {
        false
    }

    pub(crate) const fn has_gathered(&self, _name: &'static str) -> bool {
        false
    }

    pub(crate) fn commit(
        &self,
        _name: &'static str,
        commit: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        commit()
    }
}
