//! One step: a command, its name, and how long it took.

use anyhow::{Context, Result, bail};
use std::env;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A command of cargo's that has to succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    name: &'static str,
    args: Vec<String>,
    variable: Option<(&'static str, &'static str)>,
}

impl Step {
    /// Makes a step of cargo's arguments.
    pub fn cargo(name: &'static str, args: &[&str]) -> Self {
        Self { name, args: args.iter().map(|arg| (*arg).to_owned()).collect(), variable: None }
    }

    /// Sets one variable for it.
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variable = Some((name, value));
        self
    }

    /// Returns the step's name.
    #[cfg(test)]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the step as a person would type it.
    fn typed(&self) -> String {
        let variable =
            self.variable.map(|(name, value)| format!("{name}='{value}' ")).unwrap_or_default();
        format!("{variable}cargo {}", self.args.join(" "))
    }

    /// Runs it and prints its time.
    pub fn run(&self) -> Result<()> {
        println!("ci: {} ({})", self.name, self.typed());
        let began = Instant::now();
        let mut command = Command::new(cargo());
        command.args(&self.args).current_dir(crate::repo::root());
        if let Some((name, value)) = self.variable {
            command.env(name, value);
        }
        let status =
            command.status().with_context(|| format!("running cargo for {}", self.name))?;
        let took = minutes(began.elapsed());
        if !status.success() {
            bail!("{} is red after {took}. Alone: ./test with {}", self.name, self.alone());
        }
        println!("ci: {} is green after {took}", self.name);
        Ok(())
    }

    fn alone(&self) -> String {
        if self.variable.is_some() { format!("env {}", self.typed()) } else { self.typed() }
    }
}

/// Returns whether cargo has a subcommand.
pub fn has(subcommand: &str) -> bool {
    let asked = Command::new(cargo())
        .args([subcommand, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

/// Returns the cargo that started this program, or the one on the path.
pub fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Returns a duration as people read it.
pub fn minutes(took: Duration) -> String {
    match took.as_secs() {
        0 => format!("{} ms", took.as_millis()),
        seconds @ 1..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, minutes};
    use std::time::Duration;

    #[test]
    fn a_step_is_shown_as_it_would_be_typed() {
        let step = Step::cargo("doc", &["doc", "--no-deps"]).with("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(step.typed(), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
        assert_eq!(step.alone(), "env RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
    }

    #[test]
    fn times_are_in_the_unit_that_people_would_use() {
        assert_eq!(minutes(Duration::from_millis(12)), "12 ms");
        assert_eq!(minutes(Duration::from_secs(59)), "59 s");
        assert_eq!(minutes(Duration::from_secs(61)), "1 min 1 s");
    }
}
