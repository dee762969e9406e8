//! The ladder that escalations climb, as a pack gives it. In what time each level answers is its clock's.

use crate::Role;

/// One level of the ladder. Source: facts 6.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// 0 whoever was called first, 5 outside bodies.
    pub level: u8,
    /// What people call it.
    pub name: String,
    /// Who answers.
    pub who: String,
    /// When it is climbed.
    pub trigger: String,
    /// Whom the program tells; empty for whoever has the case.
    pub tells: Vec<Role>,
    /// Where it comes from.
    pub source: String,
}
