//! What of the hub one sender or reader can hold, so that it is there for the others.

use clap::Args;
use doorstep_api::{FILES_AT_ONCE, Limits};
use doorstep_web::PAGES_AT_ONCE;
use std::time::Duration;

/// Files that the process has open besides its connections: the database, its log, the outbox, packs, and what is copied.
const FILES_BESIDES: usize = 128;

/// The limits of `doorstep serve`.
#[derive(Args, Debug)]
#[command(next_help_heading = "Limits")]
pub(crate) struct Share {
    /// Connections of browsers and machines at once; when all are taken, those that ask nothing make room
    #[arg(long, value_name = "N", default_value_t = Limits::default().connections, value_parser = at_least_one)]
    pub(crate) connections: usize,
    /// Connections over MLLP at once; when all are taken, those that send nothing make room
    #[arg(long, value_name = "N", default_value_t = Limits::default().mllp_connections, value_parser = at_least_one)]
    pub(crate) mllp_connections: usize,
    /// How long the head of a request may take
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().head.as_secs(), value_parser = seconds())]
    pub(crate) head_seconds: u64,
    /// How long the body of a request may take, before it has to come at 32 KB a second
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().body.as_secs(), value_parser = seconds())]
    pub(crate) body_seconds: u64,
    /// How long a connection may stand between two requests: longer than a proxy in front keeps its own
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().idle.as_secs(), value_parser = seconds())]
    pub(crate) idle_seconds: u64,
    /// Files taken at once by all doors; others wait, and after four seconds are told to come again
    #[arg(long, value_name = "N", default_value_t = FILES_AT_ONCE, value_parser = at_least_one)]
    pub(crate) files_at_once: usize,
    /// Pages made at once; others wait, and after five seconds are told to come again
    #[arg(long, value_name = "N", default_value_t = PAGES_AT_ONCE, value_parser = at_least_one)]
    pub(crate) pages_at_once: usize,
}

impl Share {
    /// Returns the limits of connections. No more are taken than the process may have open: the database needs some.
    pub(crate) fn limits(&self, open_files: usize) -> Limits {
        let left = open_files.saturating_sub(FILES_BESIDES).max(2);
        let mllp_connections = self.mllp_connections.min(left / 2);
        let connections = self.connections.min(left - mllp_connections);
        if connections < self.connections || mllp_connections < self.mllp_connections {
            tracing::warn!(
                "the system lets this process have {open_files} files open, so only {connections} connections and {mllp_connections} over MLLP at once: \
                 see `ulimit -n`"
            );
        }
        Limits {
            connections,
            mllp_connections,
            head: Duration::from_secs(self.head_seconds),
            body: Duration::from_secs(self.body_seconds),
            idle: Duration::from_secs(self.idle_seconds),
            ..Limits::default()
        }
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("a whole number from 1".to_owned()),
    }
}

fn seconds() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=3600)
}

#[cfg(test)]
mod tests {
    use crate::cli::{Cli, Command};
    use clap::Parser as _;

    fn limits(args: &[&str], open_files: usize) -> doorstep_api::Limits {
        let cli = Cli::try_parse_from([&["doorstep", "serve"], args].concat()).unwrap();
        let Command::Serve(serve) = cli.command else { panic!("it is serve") };
        serve.share.limits(open_files)
    }

    #[test]
    fn what_nobody_sets_is_what_is_documented() {
        assert_eq!(limits(&[], 100_000), doorstep_api::Limits::default());
    }

    #[test]
    fn the_database_keeps_files_for_itself() {
        let few = limits(&["--mllp-connections", "10"], 1024);
        assert_eq!((few.connections, few.mllp_connections), (1024 - 128 - 10, 10));
        assert!(limits(&[], 140).connections > 0);
        assert!(Cli::try_parse_from(["doorstep", "serve", "--connections", "0"]).is_err());
    }
}
