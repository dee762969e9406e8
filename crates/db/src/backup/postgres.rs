//! Runs PostgreSQL's own tools. The password goes by the environment: arguments are seen by every user of the machine.

use crate::postgres::Address;
use crate::{DbError, OpenOptions, Result, Tx, params};
use postgres::config::{Host, SslMode};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;
use std::process::Command;

/// The names of the tables, ready to be put into a statement.
pub(crate) const TABLES: &str =
    "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name
    FROM pg_catalog.pg_tables WHERE schemaname = current_schema() ORDER BY tablename";

/// Lets another connection see exactly what this transaction sees, for as long as it stands open.
pub(crate) fn snapshot(tx: &mut Tx<'_>) -> Result<String> {
    // A dump may take longer than a transaction may stand idle.
    tx.batch("SET LOCAL idle_in_transaction_session_timeout = 0")?;
    let row = tx.query_one("SELECT pg_export_snapshot() AS name", params![])?;
    let name = row.map(|row| row.text("name").map(str::to_owned)).transpose()?;
    name.ok_or_else(|| DbError::Backup("the server gives no snapshot".to_owned()))
}

/// Dumps a database in PostgreSQL's custom format, as a snapshot shows it.
pub(crate) fn dump(address: &Address, (to, snapshot): (&Path, &str)) -> Result<Option<u64>> {
    let mut command = tool("pg_dump", address);
    run(command
        .arg("--format=custom")
        .arg(format!("--snapshot={snapshot}"))
        .arg("--no-owner")
        .arg("--no-privileges")
        .arg("--file")
        .arg(to))?;
    Ok(None)
}

/// Restores a dump into an empty database, all of it or nothing.
pub(crate) fn restore(from: &Path, url: &str, options: &OpenOptions) -> Result<()> {
    let address = Address::parse(url, options)?;
    let Some(name) = address.config().get_dbname() else {
        return Err(DbError::Setting("the PostgreSQL URL names no database".to_owned()));
    };
    let mut command = tool("pg_restore", &address);
    command.arg("--no-owner").arg("--no-privileges").arg("--exit-on-error");
    run(command.arg("--single-transaction").arg("--dbname").arg(name).arg(from))
}

fn tool(name: &str, address: &Address) -> Command {
    let config = address.config();
    let mut command = Command::new(name);
    command.env("PGCONNECT_TIMEOUT", "10");
    if config.get_ssl_mode() == SslMode::Disable {
        command.env("PGSSLMODE", "disable");
    }
    if let Some(host) = config.get_hosts().first() {
        command.env(
            "PGHOST",
            match host {
                Host::Tcp(name) => name.into(),
                Host::Unix(path) => path.clone().into_os_string(),
            },
        );
    }
    if let Some(port) = config.get_ports().first() {
        command.env("PGPORT", port.to_string());
    }
    if let Some(user) = config.get_user() {
        command.env("PGUSER", user);
    }
    if let Some(name) = config.get_dbname() {
        command.env("PGDATABASE", name);
    }
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", OsString::from_vec(password.to_vec()));
    }
    command
}

fn run(command: &mut Command) -> Result<()> {
    let tool = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "is not installed: install the PostgreSQL client tools",
            _ => "could not be started",
        };
        DbError::Backup(format!("{tool} {why}"))
    })?;
    if output.status.success() {
        return Ok(());
    }
    // The tool's own first line; a later one (DETAIL, CONTEXT) may quote a row.
    let told = String::from_utf8_lossy(&output.stderr);
    Err(DbError::Backup(format!("{tool}: {}", told.lines().next().unwrap_or("no reason given"))))
}
