//! Everything that has to be green, in one command, the quick things first: the first red step ends the run and says how
//! to run it alone.
//!
//! `cargo xtask ci` is all of it; `cargo xtask ci -p CRATE` is lints and tests of some crates only. The tests that need a
//! PostgreSQL find it in `DOORSTEP_TEST_POSTGRES`, which `./test` sets.

mod step;

use anyhow::{Result, bail};
use std::time::Instant;
use step::Step;

pub use step::cargo;

/// The variable with the URL of the throw-away PostgreSQL.
const SERVER: &str = "DOORSTEP_TEST_POSTGRES";

/// The simulator with its planted faults: a build of its own, so that none of them is in any other.
const SIM: &[&str] = &["--profile", "sim", "--package", "doorstep-sim", "--features", "mutants"];

/// Runs every step, or those that make sense for some crates only.
pub fn run(args: &[&str]) -> Result<()> {
    let steps = match args {
        [] => whole(step::has("nextest")),
        ["-p", ..] => quick(args, step::has("nextest")),
        _ => bail!("write `ci`, or `ci -p CRATE`"),
    };
    let has_server = std::env::var(SERVER).is_ok_and(|url| !url.is_empty());
    if !has_server {
        println!(
            "ci: {SERVER} is not set, so nothing is tested on PostgreSQL: ./test starts one and sets it"
        );
    }
    let began = Instant::now();
    for step in &steps {
        step.run()?;
    }
    let without = if has_server { "" } else { ", without PostgreSQL" };
    println!("ci: {} steps green in {}{without}", steps.len(), step::minutes(began.elapsed()));
    Ok(())
}

fn whole(has_nextest: bool) -> Vec<Step> {
    let tests: &[&str] = if has_nextest {
        &["nextest", "run", "--workspace", "--no-fail-fast"]
    } else {
        &["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]
    };
    vec![
        Step::cargo("fmt", &["fmt", "--all", "--check"]),
        Step::cargo("tidy", &["xtask", "tidy"]),
        Step::cargo("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        Step::cargo("check-sql", &["xtask", "check-sql"]),
        Step::cargo("doc", &["doc", "--workspace", "--no-deps"])
            .with("RUSTDOCFLAGS", "-D warnings"),
        Step::cargo("doc tests", &["test", "--workspace", "--doc"]),
        Step::cargo(
            "clippy faults",
            &[&["clippy"], SIM, &["--all-targets", "--", "-D", "warnings"]].concat(),
        ),
        // It tells how many seeds it played, in what time, and after how many each planted fault was found.
        Step::cargo(
            "faults",
            &[&["test"], SIM, &["--test", "faults", "--", "--nocapture"]].concat(),
        ),
        Step::cargo("tests", tests),
    ]
}

fn quick(crates: &[&str], has_nextest: bool) -> Vec<Step> {
    let tests: &[&str] = if has_nextest { &["nextest", "run"] } else { &["test"] };
    let clippy = [&["clippy"], crates, &["--all-targets", "--", "-D", "warnings"]].concat();
    vec![
        Step::cargo("fmt", &[&["fmt"], crates, &["--check"]].concat()),
        Step::cargo("tidy", &["xtask", "tidy"]),
        Step::cargo("clippy", &clippy),
        Step::cargo("tests", &[tests, crates].concat()),
    ]
}

#[cfg(test)]
mod tests {
    use super::{quick, whole};

    #[test]
    fn the_tests_come_last_so_that_their_closing_line_is_the_last() {
        for has_nextest in [true, false] {
            assert_eq!(whole(has_nextest).last().unwrap().name(), "tests");
            assert_eq!(quick(&["-p", "x"], has_nextest).last().unwrap().name(), "tests");
        }
    }
}
