//! The deterministic simulator: the real program under faults, in virtual time, in one thread, from one seed.
//!
//! What runs is what ships: [`act`](doorstep_app::act), intake, the runner, the store and SQLite, on a file in memory. Several
//! nodes share that file, each a program of its own. Around them stand models: of the machine beneath (a process that dies
//! before its commit or after it, a disk that fails or is full), of the network to those who are told, of senders who send
//! again until they are answered, of payers and providers who answer late, twice or out of turn, of people who decide on what
//! they saw minutes ago, and of clocks that differ and jump.
//!
//! Everything that happens follows from the seed: chance, time, ids, and whose turn it is. While a node is about to write,
//! others may go first, on the same stack: so the transactions of nodes interleave within longer work, and nothing is left to
//! a scheduler.
//!
//! After every commit the invariants are asked ([`invariants`]); at the end, when everything has healed and a day has passed,
//! that nothing is left undone. A seed that fails prints itself and is made smaller ([`shrink`]).
//!
//! Not simulated: PostgreSQL, which is another process (tests kill a real one); HTTP and MLLP framing; the browser.
//!
//! **Invariant:** the same plan plays the same run, to the last event: [`Report::hash`] says so.

mod chance;
mod clock;
mod history;
mod hunt;
pub mod invariants;
mod machine;
mod mutants;
mod net;
mod node;
mod plan;
mod play;
mod post;
mod rows;
mod run;
mod shrink;
mod sim;
mod template;
mod trace;

pub use chance::{Class, Injected};
pub use hunt::{Hunt, Trial, hunt, trials};
pub use mutants::{MUTANTS, Mutant};
pub use plan::{Plan, Temper};
pub use run::{Report, run};
pub use shrink::shrink;
