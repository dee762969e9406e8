//! What a route is: one row of the table that the router is built from.

use crate::answer::Answer;
use crate::asked::Asked;
use doorstep_app::command::CommandForm;
use doorstep_app::{App, Ctx, Permission, Result};
use doorstep_case::Role;

/// How a route is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are HTTP's")]
pub enum Method {
    Get,
    Post,
}

impl Method {
    /// Returns the method's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Anybody,
    /// Whoever is signed in.
    SignedIn,
    /// Whose role has the permission.
    May(Permission),
}

/// What a route answers to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is done.
    Allow,
    /// They are led to the sign-in page.
    SignIn,
    /// They are told that their role does not allow it.
    Forbid,
}

impl Decision {
    /// Returns the decision's name as the golden table has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::SignIn => "sign-in",
            Self::Forbid => "forbid",
        }
    }
}

/// How a route answers.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    /// Without knowing who asks.
    Outside(fn(&App, &Asked) -> Result<Answer>),
    /// For whoever is signed in.
    Inside(fn(&Ctx, &Asked) -> Result<Answer>),
    /// Gives a command to a case.
    Command(&'static CommandForm),
    /// Keeps telling that something changed.
    Live,
}

/// What an answer may hold of members. Whatever holds any leaves one record in the audit trail, or is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Nothing but what was just sent.
    Nothing,
    /// A member's data, be it on the page that a refused form comes back on.
    Members,
}

/// One row of the table.
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// Its path, with the names of its parts in braces.
    pub path: String,
    /// Who may ask.
    pub access: Access,
    /// Whether the session's secret has to stand in the form.
    pub csrf: bool,
    /// Bytes that a body may have.
    pub body_max: usize,
    /// What its answer may hold of members.
    pub shows: Shows,
    pub(crate) does: Does,
}

impl Route {
    /// Returns what the route answers to somebody of that role, or to nobody known.
    pub fn decide(&self, role: Option<Role>) -> Decision {
        match (self.access, role) {
            (Access::Anybody, _) | (Access::SignedIn, Some(_)) => Decision::Allow,
            (_, None) => Decision::SignIn,
            (Access::May(permission), Some(role)) if permission.is_for(role) => Decision::Allow,
            (Access::May(_), Some(_)) => Decision::Forbid,
        }
    }
}
