//! The few pieces of SQL text whose length depends on how many there are.

use std::fmt::Write as _;

/// Returns `$from, $from+1, …`, `n` of them.
pub(crate) fn places(from: usize, n: usize) -> String {
    let mut text = String::with_capacity(n * 5);
    for at in from..from + n {
        let comma = if at == from { "" } else { ", " };
        write!(text, "{comma}${at}").expect("a String takes all that is written");
    }
    text
}

/// Returns `($1, $2), ($3, $4), …`: `n_rows` rows of `n_columns` placeholders.
pub(crate) fn rows(n_columns: usize, n_rows: usize) -> String {
    let mut text = String::with_capacity(n_rows * n_columns * 5);
    for row in 0..n_rows {
        let comma = if row == 0 { "" } else { ", " };
        write!(text, "{comma}({})", places(row * n_columns + 1, n_columns))
            .expect("a String takes all that is written");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{places, rows};

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(places(2, 3), "$2, $3, $4");
        assert_eq!(places(1, 0), "");
        assert_eq!(rows(2, 2), "($1, $2), ($3, $4)");
    }
}
