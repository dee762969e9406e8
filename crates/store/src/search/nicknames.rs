//! Which given names people use for each other. The table is data, with its source, in `data/nicknames.txt`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const TEXT: &str = include_str!("../../data/nicknames.txt");

/// A name's place: the groups it is in.
static GROUPS: LazyLock<BTreeMap<&str, Vec<Vec<&str>>>> = LazyLock::new(|| {
    let mut by_name: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
        let group: Vec<&str> = line.split_whitespace().collect();
        for name in &group {
            by_name.entry(name).or_default().push(group.clone());
        }
    }
    by_name
});

/// Returns the names that somebody may mean who says this one; both folded.
pub(super) fn of(name: &str) -> Vec<&'static str> {
    let groups = GROUPS.get(name).into_iter().flatten();
    let mut names: Vec<&str> = groups.flatten().copied().filter(|other| *other != name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Returns whether somebody may mean the one who says the other.
pub(super) fn are(one: &str, other: &str) -> bool {
    one != other
        && GROUPS.get(one).is_some_and(|groups| groups.iter().any(|group| group.contains(&other)))
}

/// Returns whether `name` is the full name of a group in which `nickname` is.
pub(super) fn is_full(name: &str, nickname: &str) -> bool {
    let is_first = |group: &Vec<&str>| group.first() == Some(&name) && group.contains(&nickname);
    GROUPS.get(name).is_some_and(|groups| groups.iter().any(is_first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bill_is_william_and_a_fragment_is_nobody() {
        assert!(are("bill", "william") && are("william", "bill") && are("bob", "rob"));
        assert!(!are("bill", "bill") && !are("bil", "william") && !are("", ""));
        assert!(is_full("william", "bill") && !is_full("bill", "william"));
        assert!(of("bill").contains(&"william") && of("bill").contains(&"guillermo"));
    }

    #[test]
    fn the_table_is_folded_and_every_line_is_a_group() {
        let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            assert!(line.split_whitespace().count() > 1, "{line}");
            assert!(line.bytes().all(|byte| byte == b' ' || byte.is_ascii_lowercase()), "{line}");
        }
    }
}
