//! The authorization of a case as a whole, derived from its lines.

use super::Auth;
use crate::{Case, Line};

/// The header's state: always derived from the lines, never stored for itself. Source: facts 0.1 (1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the states")]
pub enum AuthHeader {
    Undetermined,
    NotRequired,
    Required,
    Waiting,
    Approved,
    PartiallyApproved,
    Denied,
}

impl AuthHeader {
    /// Returns the state's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Undetermined => "undetermined",
            Self::NotRequired => "not-required",
            Self::Required => "required",
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::PartiallyApproved => "partially-approved",
            Self::Denied => "denied",
        }
    }

    /// Derives the header from the lines that were not cancelled.
    pub fn of(case: &Case) -> Self {
        let lines: Vec<&Line> =
            case.lines.values().filter(|line| line.cancelled.is_none()).collect();
        let all = |test: fn(&Auth) -> bool| {
            !lines.is_empty() && lines.iter().all(|line| test(&line.auth))
        };
        let any = |test: fn(&Auth) -> bool| lines.iter().any(|line| test(&line.auth));
        let is_denied = |auth: &Auth| matches!(auth, Auth::Denied { .. } | Auth::Lapsed { .. });
        if all(|auth| matches!(auth, Auth::NotRequired { .. })) {
            Self::NotRequired
        } else if any(Auth::is_waiting) {
            Self::Waiting
        } else if all(|auth| auth.permits() && !matches!(auth, Auth::Modified(_))) {
            Self::Approved
        } else if any(Auth::permits) && any(Auth::is_adverse) {
            Self::PartiallyApproved
        } else if all(is_denied) {
            Self::Denied
        } else if any(|auth| !matches!(auth, Auth::Undetermined)) {
            Self::Required
        } else {
            Self::Undetermined
        }
    }
}
