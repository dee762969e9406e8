//! What is shown of a case, by role: what is masked is absent from the answer, and no script hides it.

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fields {
    /// Nothing.
    None,
    /// Name, plan ID and birth date; codes, dates and units; authorization numbers; who delivered. No address, no telephone,
    /// no document, no note. Source: trust.md 6.2, billing.
    Billing,
    /// All of it.
    All,
}

/// A count below this, zero aside, is not told to those who see counts only. Source: trust.md 2.4, small cells \[K\].
pub const CELL_MIN: u32 = 11;

/// A count as it may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// So many.
    Exactly(u32),
    /// Some, and fewer than [`CELL_MIN`].
    Few,
}

impl Cell {
    /// Returns what may be told of a count.
    pub const fn of(n: u32) -> Self {
        if n > 0 && n < CELL_MIN { Self::Few } else { Self::Exactly(n) }
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn a_small_count_is_not_told() {
        let few = [1, 10].map(Cell::of);
        assert_eq!(few, [Cell::Few, Cell::Few]);
        assert_eq!([0, 11].map(Cell::of), [Cell::Exactly(0), Cell::Exactly(11)]);
    }
}
