//! Log lines on standard error, without personal data: ids and codes only.

use tracing_subscriber::EnvFilter;

/// Starts the log. `DOORSTEP_LOG` takes the usual directives, such as `info,doorstep_db=debug`.
pub(crate) fn start(verbose: bool) {
    let default = if verbose { "info" } else { "warn" };
    let filter =
        EnvFilter::try_from_env("DOORSTEP_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        // Whoever read the lines may have gone. To say so where they read would end the thread that had something to log.
        .log_internal_errors(false)
        .init();
}
