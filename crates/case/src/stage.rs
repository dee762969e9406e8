//! The part of a case's way that its next step belongs to: what a list is narrowed to.

/// A part of the way from an order to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the parts")]
pub enum Stage {
    Order,
    Benefits,
    Authorization,
    Placement,
    Delivery,
    Dispute,
    Closing,
}

impl Stage {
    /// All parts, in the order in which a case goes through them.
    pub const ALL: [Self; 7] = [
        Self::Order,
        Self::Benefits,
        Self::Authorization,
        Self::Placement,
        Self::Delivery,
        Self::Dispute,
        Self::Closing,
    ];

    /// Returns the name that URLs use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Benefits => "benefits",
            Self::Authorization => "authorization",
            Self::Placement => "placement",
            Self::Delivery => "delivery",
            Self::Dispute => "dispute",
            Self::Closing => "closing",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Returns the codes of the next steps that belong to it: those of [`next_step`](crate::next_step).
    pub const fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Order => &[
                "acknowledge",
                "ask",
                "await-answer",
                "classify",
                "confirm-cancel",
                "record-death",
                "review",
                "triage",
            ],
            Self::Benefits => &["ask-benefits", "resolve-coverage"],
            Self::Authorization => &[
                "await-auth",
                "correct-auth",
                "determine-auth",
                "renew-auth",
                "request-auth",
                "send-info",
            ],
            Self::Placement => &["await-provider", "offer"],
            Self::Delivery => &[
                "cancel-line",
                "complete-line",
                "deliver",
                "exchange",
                "pick-up",
                "record-outcome",
                "reschedule",
                "schedule",
            ],
            Self::Dispute => {
                &["await-dispute", "call-back", "commit-escalation", "dispute", "file-dispute"]
            }
            Self::Closing => &["close", "none"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Stage;
    use std::collections::BTreeSet;

    /// Every text of the shape of a code in the file that makes the steps.
    fn codes() -> BTreeSet<&'static str> {
        let is_code = |text: &&str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        };
        let source = include_str!("next_step.rs");
        let before_tests = source.split("mod tests").next().unwrap_or_default();
        before_tests.split('"').skip(1).step_by(2).filter(is_code).collect()
    }

    #[test]
    fn every_step_belongs_to_one_stage() {
        let staged: Vec<&str> =
            Stage::ALL.iter().flat_map(|stage| stage.steps()).copied().collect();
        let once: BTreeSet<&str> = staged.iter().copied().collect();
        assert_eq!(once.len(), staged.len());
        assert_eq!(once, codes());
    }
}
