//! The command line: its help is meant to teach.

mod share;

pub(crate) use share::Share;

use crate::place::Place;
use clap::{Args, Parser, Subcommand, ValueEnum};
use doorstep_vocab::Date;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The hub for care at home: orders in, care at the door, every step on record.
#[derive(Parser, Debug)]
#[command(name = "doorstep", version, about, long_about = None, after_help = START)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) place: Place,
    /// Say more on standard error
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

const START: &str = "Begin with `doorstep demo`: a whole hub on this machine, with one address to open.\n\
    For a real one: `doorstep user add NAME --role admin`, then `doorstep serve`.";

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Serve the console and the machine doors, and do the work in the background
    #[command(
        after_help = "Examples:\n  doorstep serve\n  doorstep serve --listen 127.0.0.1:8443 --mllp 127.0.0.1:2575\n  \
        doorstep serve --db postgres://doorstep@localhost/doorstep --no-work\n\n\
        A listener beyond loopback needs --behind-proxy: TLS ends in a proxy of yours. It also needs an administrator who\n\
        has set a password, and another user than root."
    )]
    Serve(Serve),
    /// Do the work in the background only: ring clocks, send what waits
    #[command(
        after_help = "Any number of `doorstep work` and `doorstep serve` share one PostgreSQL.\n\n\
        Examples:\n  doorstep work\n  doorstep work --once --json\n  doorstep work --once --retry"
    )]
    Work(Work),
    /// Play a working day in a demo world: no server to install, no account to make
    #[command(
        after_help = "Examples:\n  doorstep demo\n  doorstep demo --speed 120 --seed 7 --port 8080 --data ./demo\n\n\
        Everything in it is made up, and it listens on loopback only."
    )]
    Demo(Demo),
    /// Take files of any healthcare format and open cases from the orders in them
    #[command(
        after_help = "FHIR, X12 278, HL7 v2 and CSV are read by content, never by name; everything else is recognised,\n\
        kept, and answered `unsupported` or `queued`. What is missing, too large or no file is `refused` and ends nothing.\n\n\
        With --json, a line a file: path, format, outcome, cases, problems (code, where, message). The last line is the\n\
        summary: files by outcome, `units` (orders, messages and rows) by outcome, and `rows` of lists by outcome.\n\n\
        Examples:\n  doorstep intake referrals.csv\n  doorstep intake inbox/ --json\n  doorstep intake order.hl7 --dry-run"
    )]
    Intake(Intake),
    /// Show a case: header, clocks, what is missing, lines, timeline
    #[command(
        after_help = "Examples:\n  doorstep case HC-261122-000042-7\n  doorstep case HC-261122-000042-7 --json"
    )]
    Case(ShowCase),
    /// Show the worklist, by due time
    #[command(
        after_help = "Examples:\n  doorstep worklist\n  doorstep worklist --queue at-risk --json"
    )]
    Worklist(Worklist),
    /// Do a command to a case
    #[command(after_help = "Examples:\n  doorstep act HC-261122-000042-7 acknowledge\n  \
        doorstep act HC-261122-000042-7 triage priority=p2 --as nina\n  \
        doorstep act HC-261122-000042-7 amend order.signed-on=2026-11-20 --as ana\n  \
        doorstep act HC-261122-000042-7 attach order.pdf kind=order --as ana\n  \
        doorstep act HC-261122-000042-7 note text=@note.txt --as ana\n  \
        doorstep act HC-261122-000042-7 offer provider=harbor-oxygen\n  doorstep act --list\n  doorstep act --list approve-auth\n\n\
        Without --as the program itself acts, which may not do what takes a clinician or a supervisor.")]
    Act(Act),
    /// Replay every case from its record
    #[command(
        after_help = "Example:\n  doorstep replay --check\n\nExit status 1 when a stored state differs from the replayed one."
    )]
    Replay(Replay),
    /// Check data before it is used or sent
    #[command(
        after_help = "Examples:\n  doorstep check packs ./my-packs\n  doorstep check x12 batch.x12\n  zcat batch.x12.gz | doorstep check x12 -\n\n\
        Exit status 1 when packs have a problem, or something of X12 would be refused. An X12 file may have any size."
    )]
    Check(Check),
    /// Look for what should not exist, and say what to do about it
    #[command(
        after_help = "Examples:\n  doorstep doctor\n  doorstep doctor --db postgres://doorstep@localhost/doorstep --json\n\n\
        Exit status 1 when there is something to do."
    )]
    Doctor(Json),
    /// Migrate the database to this version
    #[command(
        after_help = "Every command does so on first use; this one does nothing else.\n\nExample:\n  doorstep migrate --db /var/lib/doorstep/doorstep.db"
    )]
    Migrate(Json),
    /// Manage users on this machine
    #[command(
        subcommand,
        after_help = "The first user:\n  doorstep user add ana --role admin\nprints a link that signs in once, within 15 minutes."
    )]
    User(User),
    /// Show who did or saw what: the audit trail, the newest first
    #[command(
        after_help = "Examples:\n  doorstep audit --case HC-261122-000042-7\n  doorstep audit --user ana --from 2026-11-01 --to 2026-11-30 --json\n\n\
        Days are the hub's. Looking is on the trail as well."
    )]
    Audit(Audit),
    /// Keep the provider network: who can be offered what, and where
    #[command(
        subcommand,
        after_help = "Examples:\n  doorstep provider add harbor --name \"Harbor Oxygen\" --services dme --areas WI,537\n  \
        doorstep provider import providers.csv\n  doorstep provider list --json\n\n\
        A table has a column for each of: provider_id, name, services, areas, npi, taxonomy, phone, fax, contact, accepting,\n\
        active_from, active_to. It is taken whole or not at all."
    )]
    Provider(Provider),
    /// Copy the database while it is in use
    #[command(after_help = "Examples:\n  doorstep backup /backups/doorstep-2026-11-22.db\n  \
        doorstep backup --into /backups/minutes --every 60 --keep 120")]
    Backup(Backup),
    /// Put a copy back, and prove it: counts, replay, the bytes of every file
    #[command(
        after_help = "Example:\n  doorstep restore /backups/doorstep-2026-11-22.db --db new.db"
    )]
    Restore(Restore),
    /// Print shell completions
    #[command(
        after_help = "Example:\n  doorstep completions bash > /etc/bash_completion.d/doorstep"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Where to listen for browsers and machines
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8050")]
    pub(crate) listen: SocketAddr,
    /// Where to listen for HL7 v2 over MLLP; off when not given
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) mllp: Option<SocketAddr>,
    /// Listen beyond loopback, because a proxy of yours ends TLS in front
    #[arg(long)]
    pub(crate) behind_proxy: bool,
    /// The address of the console as browsers see it, such as `https://hub.example`: passkeys are made for it
    /// [default: `http://localhost` and the port, while listening on loopback]
    #[arg(long, value_name = "ORIGIN", env = "DOORSTEP_ORIGIN")]
    pub(crate) origin: Option<String>,
    /// The file that names the organisation's identity provider, its groups and their roles: docs/sign-in.md
    #[arg(long, value_name = "FILE", env = "DOORSTEP_IDENTITY")]
    pub(crate) identity: Option<PathBuf>,
    /// Listen beyond loopback although this process is root, as in a container
    #[arg(long, env = "DOORSTEP_ALLOW_ROOT", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) allow_root: bool,
    /// Only serve: the work is done by `doorstep work`
    #[arg(long)]
    pub(crate) no_work: bool,
    #[command(flatten)]
    pub(crate) share: Share,
}

#[derive(Args, Debug)]
pub(crate) struct Work {
    /// Do what is due now, then end
    #[arg(long)]
    pub(crate) once: bool,
    /// Try again first what failed for good and was left to a person, because its cause was mended
    #[arg(long, requires = "once")]
    pub(crate) retry: bool,
    /// One JSON value
    #[arg(long, requires = "once")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// The port on loopback; 0 chooses a free one
    #[arg(long, default_value_t = 8050)]
    pub(crate) port: u16,
    /// How many times faster than real time the day goes
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) speed: u32,
    /// The same seed plays the same day
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Args, Debug)]
pub(crate) struct Intake {
    /// Files, or folders to be taken whole
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// One JSON line a file and one for the summary
    #[arg(long)]
    pub(crate) json: bool,
    /// Say what would become of them; make, migrate and keep nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write each answer (999, TA1, ACK, outcome, report) into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) replies: Option<PathBuf>,
    /// Files taken at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) at_once: u16,
}

#[derive(Args, Debug)]
pub(crate) struct ShowCase {
    /// The case number, as read aloud or written
    #[arg(value_name = "NUMBER")]
    pub(crate) number: String,
    /// One JSON value
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Worklist {
    /// Which cases: all, triage, unassigned, at-risk, discharge-soon, clarifying, offers-waiting, auth-pending, escalated or
    /// closed
    #[arg(long, default_value = "all")]
    pub(crate) queue: String,
    /// How many
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
    /// One JSON line a case
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Act {
    /// The case number
    #[arg(value_name = "NUMBER", required_unless_present = "list")]
    pub(crate) number: Option<String>,
    /// The command; `--list` shows them all
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Its answers, as field=value
    #[arg(value_name = "FIELD=VALUE")]
    pub(crate) fields: Vec<String>,
    /// Show the commands, or one command's fields
    #[arg(long)]
    pub(crate) list: bool,
    /// Act as this user, in their role; the audit trail names them and the command line
    #[arg(long = "as", value_name = "USER")]
    pub(crate) by: Option<String>,
    /// Do it only when the case is still at this version
    #[arg(long, value_name = "VERSION")]
    pub(crate) expect: Option<u32>,
    /// One JSON value
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// Compare each stored state with the replayed one
    #[arg(long, required = true)]
    pub(crate) check: bool,
    /// One JSON value
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// What
    pub(crate) what: Checked,
    /// The folder, or the file; - for standard input
    pub(crate) path: PathBuf,
    /// One JSON line a problem
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum Checked {
    /// A folder of packs
    Packs,
    /// An X12 file: its envelopes, and each 278 request in it
    X12,
}

#[derive(Args, Debug)]
pub(crate) struct Json {
    /// One JSON value
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Subcommand, Debug)]
pub(crate) enum User {
    /// Add a user and print a link that signs them in once
    #[command(after_help = "Example:\n  doorstep user add ana --role admin")]
    Add {
        /// The name they sign in with
        name: String,
        /// What they do: agent, nurse, medical-director, supervisor, credentialing, billing, manager, auditor, privacy-officer or admin
        #[arg(long)]
        role: String,
        /// The name that others see
        #[arg(long, value_name = "NAME")]
        full_name: Option<String>,
        /// One JSON value
        #[arg(long)]
        json: bool,
    },
    /// Print another link that signs a user in once
    #[command(after_help = "Example:\n  doorstep user link ana")]
    Link {
        /// The user
        name: String,
        /// One JSON value
        #[arg(long)]
        json: bool,
    },
    /// List the users
    #[command(after_help = "Example:\n  doorstep user list --json")]
    List(Json),
    /// Change a user's role
    #[command(after_help = "Example:\n  doorstep user role ana nurse")]
    Role {
        /// The user
        name: String,
        /// The new role
        role: String,
    },
    /// End a user's access at once
    #[command(after_help = "Example:\n  doorstep user disable ana")]
    Disable {
        /// The user
        name: String,
    },
    /// Give a user access again
    #[command(after_help = "Example:\n  doorstep user enable ana")]
    Enable {
        /// The user
        name: String,
    },
    /// Enter what a user works on, in which languages, and when
    #[command(
        after_help = "Example:\n  doorstep user skills ana --services dme --languages es --hours mon=08:00-17:00"
    )]
    Skills {
        /// The user
        name: String,
        /// Service lines with commas; none for all
        #[arg(long, value_delimiter = ',')]
        services: Vec<String>,
        /// Languages besides English, with commas
        #[arg(long, value_delimiter = ',')]
        languages: Vec<String>,
        /// The zone of the hours; the hub's when left out
        #[arg(long, default_value = "")]
        zone: String,
        /// Hours of a day, mon to sun, once for each
        #[arg(long, value_name = "DAY=FROM-TO")]
        hours: Vec<String>,
    },
    /// Make a token for a program that sends files as this user
    #[command(after_help = "Example:\n  doorstep user token ana --label import")]
    Token {
        /// The user
        name: String,
        /// What it is for
        #[arg(long, default_value = "intake")]
        label: String,
        /// One JSON value
        #[arg(long)]
        json: bool,
    },
    /// List a user's tokens, each by how it begins
    #[command(after_help = "Example:\n  doorstep user tokens ana")]
    Tokens {
        /// The user
        name: String,
        /// One JSON line a token
        #[arg(long)]
        json: bool,
    },
    /// Withdraw a token: no request with it is taken any more
    #[command(after_help = "Example:\n  doorstep user revoke-token ana 3f9a01bc")]
    RevokeToken {
        /// The user
        name: String,
        /// How it begins in `doorstep user tokens`
        begins: String,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum Provider {
    /// Add a provider, in place of what is known under its id
    #[command(
        after_help = "Example:\n  doorstep provider add harbor --name \"Harbor Oxygen\" --services dme --areas WI,537"
    )]
    Add(NewProvider),
    /// Add every provider of a table, or none
    #[command(after_help = "Example:\n  doorstep provider import providers.csv")]
    Import {
        /// The table, with a first row that names the columns
        file: PathBuf,
        /// One JSON line a problem
        #[arg(long)]
        json: bool,
    },
    /// Say that a provider takes new members, or none
    #[command(after_help = "Example:\n  doorstep provider accepting harbor no")]
    Accepting {
        /// The provider
        id: String,
        /// yes or no
        #[arg(value_parser = ["yes", "no"])]
        answer: String,
    },
    /// List the providers
    #[command(after_help = "Example:\n  doorstep provider list --json")]
    List(Json),
}

#[derive(Args, Debug)]
pub(crate) struct NewProvider {
    /// A short id of your own
    pub(crate) id: String,
    /// The branch's name
    #[arg(long)]
    pub(crate) name: String,
    /// What it offers: dme, home-health, home-infusion, post-acute
    #[arg(long)]
    pub(crate) services: String,
    /// Where: two-letter states and ZIP prefixes
    #[arg(long)]
    pub(crate) areas: String,
    /// Anything else, as FIELD=VALUE: npi, taxonomy, phone, fax, contact, accepting, `active_from`, `active_to`
    #[arg(value_name = "FIELD=VALUE")]
    pub(crate) more: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Backup {
    /// The copy
    #[arg(value_name = "FILE", required_unless_present = "into")]
    pub(crate) file: Option<PathBuf>,
    /// Go on making copies in this folder, each named by its moment
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    pub(crate) into: Option<PathBuf>,
    /// Seconds between two copies; one in which nothing was written is left out
    #[arg(long, value_name = "SECONDS", requires = "into", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) every: u64,
    /// How many copies are kept; older ones are removed
    #[arg(long, value_name = "COPIES", requires = "into", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keep: u32,
    /// One JSON value a copy
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// The copy
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Go on without the counts that were written beside the copy
    #[arg(long)]
    pub(crate) no_counts: bool,
    /// One JSON value
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Audit {
    /// Only about this case
    #[arg(long, value_name = "NUMBER")]
    pub(crate) case: Option<String>,
    /// Only this user's
    #[arg(long, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// Only from this day on
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,
    /// Only up to this day
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Date>,
    /// How many
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
    /// One JSON line an entry
    #[arg(long)]
    pub(crate) json: bool,
}
