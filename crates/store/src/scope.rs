//! Which cases somebody may read.

use doorstep_authz::Reach;
use doorstep_case::Role;
use doorstep_vocab::UserId;

/// Leave to read case data, asked for by every function that reads it.
///
/// Only `app::Ctx` makes one, when it has checked who is asking and recorded the access; a check of the source text
/// holds everybody else to that. Functions answer a scope that sees nothing as if there were nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    user_id: UserId,
    role: Role,
}

impl Scope {
    /// Grants what the role may see. For `app::Ctx` and tests only.
    pub fn granted(user_id: UserId, role: Role) -> Self {
        Self { user_id, role }
    }

    /// Returns whose it is.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// Returns whether any case may be seen.
    pub fn sees_cases(&self) -> bool {
        Reach::of(self.role) != Reach::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, Scope};

    #[test]
    fn staff_see_cases_and_administrators_do_not() {
        let sees = |role| Scope::granted("someone".into(), role).sees_cases();
        assert!([Role::Agent, Role::Nurse, Role::Supervisor, Role::System].into_iter().all(sees));
        assert!(!sees(Role::Admin));
    }
}
