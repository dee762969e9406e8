//! Being told to stop: Ctrl-C or SIGTERM.
//!
//! The first signal lets what is under way finish, for so long as nobody minds; a second ends the process at once. Both
//! are safe at any moment, because nothing is acknowledged that is not on the disk.

use std::process::exit;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long what is under way may take after the first signal.
const GRACE: Duration = Duration::from_secs(4);

/// The exit status of a process that was ended by its second signal: 128 and the number of SIGINT, as shells have it.
const INTERRUPTED: i32 = 130;

/// The signals that stop the process. They are heard from the moment that this is made: made before the process says that
/// it serves, none that comes then is missed.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Begins to hear them, within a runtime.
    pub(crate) fn hear() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Returns when the process is told to stop. From then on it ends within [`GRACE`], whatever else is under way.
    pub(crate) async fn stop(mut self) {
        self.next().await;
        // On a thread of its own: the runtime that called may be the one that hangs.
        let last = std::thread::Builder::new().name("last".to_owned()).spawn(end_soon);
        if let Err(error) = last {
            tracing::warn!("nobody watches how long stopping takes: {error}");
        }
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn end_soon() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { exit(0) };
    let is_again = runtime.block_on(async {
        let Ok(mut signals) = Signals::hear() else { return false };
        tokio::select! {
            () = signals.next() => true,
            () = tokio::time::sleep(GRACE) => false,
        }
    });
    if is_again {
        exit(INTERRUPTED);
    }
    tracing::warn!(
        "something took too long to finish, and was left: it is done again or undone at the next start"
    );
    exit(0);
}
