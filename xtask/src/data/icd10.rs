//! ICD-10-CM: which codes are leaves in which releases.
//!
//! Three forms of list are read: the order file of CMS (number, code, leaf flag, texts), the codes file (code,
//! text), and a bare list of chapters, blocks, categories and codes. Descriptions are left out.

use super::{Made, read};
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The most releases that one printable mark can hold.
const RELEASES_MAX: usize = 6;

/// One argument, `2018-10-01..2019-09-30=FILE`.
struct Release<'a> {
    from: &'a str,
    to: &'a str,
    leaves: BTreeSet<String>,
}

/// Reads the releases and makes `icd10.txt` and `icd10_releases.txt`.
pub fn make(args: &[&str]) -> Result<Vec<Made>> {
    let mut releases = Vec::new();
    for arg in args {
        let (from, to, file) =
            split(arg).with_context(|| format!("`{arg}` is not FROM..TO=FILE"))?;
        let leaves = leaves(&read(file)?);
        ensure!(!leaves.is_empty(), "{file} holds no code");
        releases.push(Release { from, to, leaves });
    }
    write(&releases)
}

fn split(arg: &str) -> Option<(&str, &str, &str)> {
    let (days, file) = arg.split_once('=')?;
    let (from, to) = days.split_once("..")?;
    let is_date = |text: &str| text.len() == 10 && text.split('-').map(str::len).eq([4, 2, 2]);
    (is_date(from) && is_date(to) && from <= to).then_some((from, to, file))
}

/// Returns the codes of a list that have no more specific ones, without dots.
fn leaves(list: &str) -> BTreeSet<String> {
    let codes: BTreeSet<String> = list.lines().filter_map(code_on).collect();
    let is_parent = |code: &str| {
        codes.range(code.to_owned()..).nth(1).is_some_and(|next| next.starts_with(code))
    };
    codes.iter().filter(|code| !is_parent(code)).cloned().collect()
}

/// Returns the code on a line, if the line holds one that may be billed or may be a bare list's category.
fn code_on(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    let is_order_number = first.len() == 5 && first.bytes().all(|b| b.is_ascii_digit());
    let code = if is_order_number {
        let code = words.next()?;
        (words.next()? == "1").then_some(code)?
    } else {
        first
    };
    let bare = code.replace('.', "");
    let fits = (3..=7).contains(&bare.len())
        && bare.starts_with(|c: char| c.is_ascii_uppercase())
        && bare.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    fits.then_some(bare)
}

fn write(releases: &[Release]) -> Result<Vec<Made>> {
    if releases.len() > RELEASES_MAX {
        bail!("{} releases do not fit: give at most {RELEASES_MAX}", releases.len());
    }
    ensure!(
        releases.windows(2).all(|pair| pair[0].to < pair[1].from),
        "give the releases oldest first, without overlap"
    );
    let mut marks: BTreeMap<&str, u8> = BTreeMap::new();
    let mut listed = String::new();
    for (bit, release) in releases.iter().enumerate() {
        writeln!(listed, "{} {}", release.from, release.to)?;
        for code in &release.leaves {
            *marks.entry(code).or_default() |= 1 << bit;
        }
    }
    let mut rows = String::new();
    for (code, mark) in marks {
        writeln!(rows, "{code:<7}{}", char::from(b'0' + mark))?;
    }
    Ok(vec![("icd10.txt", rows), ("icd10_releases.txt", listed)])
}

#[cfg(test)]
mod tests {
    use super::{Release, leaves, split, write};

    const ORDER: &str = "\
00001 A00     0 first things                 first things of some length
00002 A000    1 first thing                  first thing
00003 A001    1 1 other thing                1 other thing
00004 QA00101 1 late thing                   late thing
";
    const CODES: &str =
        "A000    first thing\nA0010   other thing, left\nA0011   other thing, right\n";
    const BARE: &str = "1\nA00-A09\nA00\nA00.0\nA00.10\nA00.11\nB99\n";

    fn codes(list: &str) -> String {
        leaves(list).into_iter().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_form_of_list_gives_its_leaves() {
        assert_eq!(codes(ORDER), "A000 A001 QA00101");
        assert_eq!(codes(CODES), "A000 A0010 A0011");
        assert_eq!(codes(BARE), "A000 A0010 A0011 B99");
    }

    #[test]
    fn a_row_says_in_which_releases_its_code_was_a_leaf() {
        let release = |from, to, list| Release { from, to, leaves: leaves(list) };
        let releases = [
            release("2020-10-01", "2021-09-30", ORDER),
            release("2021-10-01", "2022-09-30", CODES),
        ];
        let made = write(&releases).unwrap();
        assert_eq!(made[0].1, "A000   3\nA001   1\nA0010  2\nA0011  2\nQA001011\n");
        assert_eq!(made[1].1, "2020-10-01 2021-09-30\n2021-10-01 2022-09-30\n");
    }

    #[test]
    fn overlapping_releases_are_refused() {
        let release = |from, to| Release { from, to, leaves: leaves(CODES) };
        assert!(
            write(&[release("2020-10-01", "2021-09-30"), release("2021-09-30", "2022-09-30")])
                .is_err()
        );
    }

    #[test]
    fn an_argument_is_two_dates_and_a_file() {
        assert_eq!(split("2020-10-01..2021-09-30=a=b"), Some(("2020-10-01", "2021-09-30", "a=b")));
        for wrong in ["2020-10-01=f", "2021-10-01..2020-10-01=f", "20-10-01..2021-09-30=f", "f"] {
            assert_eq!(split(wrong), None, "{wrong}");
        }
    }
}
