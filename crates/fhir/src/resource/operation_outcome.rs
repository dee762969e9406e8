//! What another system had to say.

use super::view;
use crate::datatype::CodeableConcept;

view! {
    /// `OperationOutcome`.
    OperationOutcome
}

impl<'t> OperationOutcome<'t> {
    /// Returns each issue: severity, code, words.
    pub fn issues(self) -> Vec<(&'t str, &'t str, Option<&'t str>)> {
        self.0
            .node()
            .list("issue")
            .iter()
            .map(|issue| {
                let details =
                    issue.one::<CodeableConcept<'t>>("details").and_then(|details| details.words());
                let words = issue.text("diagnostics").or(details);
                (
                    issue.text("severity").unwrap_or("error"),
                    issue.text("code").unwrap_or("unknown"),
                    words,
                )
            })
            .collect()
    }
}
