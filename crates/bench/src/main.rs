//! How fast it is, as ratios to a floor measured in the same run: absolute figures are those of a machine, ratios are ours.
//!
//! Reading is measured against a bare scan for the byte that ends a segment; intake, from bytes to a durable case, against
//! plain prepared inserts of as many rows and bytes. Nothing is tuned for it: the databases are opened as the program opens
//! them.

mod cpu;
mod crowd;
mod daily;
mod floor;
mod intake;
mod national;
mod orders;
mod place;
mod reading;
mod report;
mod scale;
mod shift;
#[cfg(test)]
mod tests;

use anyhow::Result;
use clap::Parser;
use doorstep_db::testing::postgres_url;
use intake::Amounts;
use orders::Dialect;
use place::Site;
use report::Report;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures reading and intake as ratios to a floor of the same run.
#[derive(Debug, Parser)]
#[command(name = "doorstep-bench")]
struct Args {
    /// Orders taken in a round, for each dialect and engine
    #[arg(long, default_value_t = 1000)]
    orders: usize,
    /// Rounds, each of intakes and then of the floor
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How many wait at a time, one after another of these
    #[arg(long, value_name = "CALLERS", value_delimiter = ',', default_values_t = [64, 256])]
    waiting: Vec<usize>,
    /// Size of the X12 and HL7 texts that are read, in MB
    #[arg(long, default_value_t = 20)]
    megabytes: usize,
    /// Where SQLite files are made: on the disk that is to be measured
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Instead of all that: pages, cases and searches in stores of these sizes, such as 10000,100000,1000000
    #[arg(long, value_name = "CASES", value_delimiter = ',')]
    scale: Vec<u32>,
    /// Keep the SQLite files of these stores
    #[arg(long, requires = "scale")]
    keep: bool,
    /// Instead of all that: a day of so many referrals with their acts; the country has 335000
    #[arg(long, value_name = "REFERRALS")]
    day: Option<u32>,
    /// Instead of all that: a shift of so many agents, on a store as large as the largest `--scale`
    #[arg(long, value_name = "AGENTS", requires = "scale")]
    agents: Option<usize>,
    /// Pages that each of them asks for; a real agent, every fifteen seconds one, has 1900 a day
    #[arg(long, default_value_t = 100)]
    pages: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Fail when a ratio is below its bar
    #[arg(long)]
    assert: bool,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    if let Some(agents) = args.agents {
        return shifted(&args, agents, postgres_url().as_deref());
    }
    if !args.scale.is_empty() {
        return scaled(&args, postgres_url().as_deref());
    }
    if let Some(referrals) = args.day {
        return lived(&args, referrals, postgres_url().as_deref());
    }
    let report = run(&args, postgres_url().as_deref())?;
    let text = if args.json { report.json()? } else { report.text() };
    writeln!(std::io::stdout(), "{text}")?;
    let low = report.below_bar();
    if args.assert && !low.is_empty() {
        anyhow::bail!("below the bar: {}", low.join("; "));
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures stores of the sizes asked for; on PostgreSQL too when there is a server.
fn scaled(args: &Args, server: Option<&str>) -> Result<ExitCode> {
    let sites = [Some(Site::Folder(&args.folder)), server.map(Site::Server)];
    for site in sites.iter().flatten() {
        let scale = scale::measure(site, &args.scale, args.keep)?;
        let text = if args.json { serde_json::to_string_pretty(&scale)? } else { scale.text() };
        writeln!(std::io::stdout(), "{text}")?;
        let growing = scale.growing();
        if args.assert && !growing.is_empty() {
            anyhow::bail!("more than {} times as slow: {}", scale::GROWTH_MAX, growing.join(", "));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Lets agents work; on PostgreSQL too when there is a server.
fn shifted(args: &Args, agents: usize, server: Option<&str>) -> Result<ExitCode> {
    let cases = args.scale.iter().copied().max().unwrap_or_default();
    let sites = [Some(Site::Folder(&args.folder)), server.map(Site::Server)];
    for site in sites.iter().flatten() {
        let shift = shift::measure(site, cases, (agents, args.pages))?;
        let text = if args.json { serde_json::to_string_pretty(&shift)? } else { shift.text() };
        writeln!(std::io::stdout(), "{text}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Lives a day; on PostgreSQL too when there is a server.
fn lived(args: &Args, referrals: u32, server: Option<&str>) -> Result<ExitCode> {
    let sites = [Some(Site::Folder(&args.folder)), server.map(Site::Server)];
    for site in sites.iter().flatten() {
        let day = national::measure(site, referrals, &args.folder)?;
        let text = if args.json { serde_json::to_string_pretty(&day)? } else { day.text() };
        writeln!(std::io::stdout(), "{text}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures everything; on PostgreSQL only when there is a server.
fn run(args: &Args, server: Option<&str>) -> Result<Report> {
    let readings = reading::measure(args.megabytes);
    let warm_up = (args.orders / 4).min(500);
    let (rounds, orders) = (args.rounds, args.orders);
    let sites = [Some(Site::Folder(&args.folder)), server.map(Site::Server)];
    let mut intakes = Vec::new();
    for site in sites.iter().flatten() {
        for waiting in &args.waiting {
            let amounts = Amounts { warm_up, rounds, orders, waiting: *waiting };
            for dialect in Dialect::ALL {
                intakes.push(intake::measure(site, dialect, amounts)?);
            }
        }
    }
    Ok(Report { readings, intakes })
}
