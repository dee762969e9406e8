//! Where the server is, and whether it may be spoken to without TLS.

use crate::{DbError, OpenOptions, Result};
use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use std::net::IpAddr;
use std::time::Duration;

/// How long one attempt to connect may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Returns whether the address is a PostgreSQL URL rather than a file's path.
pub(crate) fn is_url(url_or_path: &str) -> bool {
    url_or_path.starts_with("postgres://") || url_or_path.starts_with("postgresql://")
}

/// A checked address. It is never printed: it may hold a password.
#[derive(Clone)]
pub(crate) struct Address {
    config: Config,
}

impl Address {
    /// Reads a URL, refuses one that would send data over a network in the clear, and adds the session's time limits.
    pub(crate) fn parse(url: &str, options: &OpenOptions) -> Result<Address> {
        let unreadable = "the PostgreSQL URL cannot be read: write postgres://USER@HOST/DATABASE, \
                          or postgres:///DATABASE?host=/var/run/postgresql&user=USER";
        let mut config: Config =
            url.parse().map_err(|_| DbError::Setting(unreadable.to_owned()))?;
        check_transport(&config)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("doorstep");
        }
        Ok(Address { config }.limited(options))
    }

    /// Returns the address with other time limits for its sessions. The last word on a setting counts.
    pub(crate) fn limited(&self, options: &OpenOptions) -> Address {
        let mut config = self.config.clone();
        let limits = format!(
            "{} -c statement_timeout={} -c idle_in_transaction_session_timeout={}",
            config.get_options().unwrap_or_default(),
            options.statement_timeout.as_millis(),
            options.idle_in_transaction_timeout.as_millis(),
        );
        config.options(limits.trim());
        Address { config }
    }

    /// Makes one connection, once.
    pub(crate) fn connect(&self) -> std::result::Result<Client, postgres::Error> {
        self.config.connect(NoTls)
    }

    /// Returns the parts a command of PostgreSQL's own needs, for `pg_dump` and `pg_restore`.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }
}

/// There is no TLS in the driver yet, so a server elsewhere is refused unless the operator says that the network between
/// is protected by other means.
fn check_transport(config: &Config) -> Result<()> {
    let why = match config.get_ssl_mode() {
        SslMode::Disable => None,
        _ if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() => {
            Some("the PostgreSQL URL names no host: add ?host=/var/run/postgresql or a host name")
        }
        SslMode::Prefer if is_local(config) => None,
        SslMode::Prefer => Some(
            "the PostgreSQL server is on another machine and TLS to it is not built in: use a tunnel, \
             or add sslmode=disable if the network between is protected",
        ),
        _ => {
            Some("TLS to PostgreSQL is not built in: use a tunnel and take sslmode out of the URL")
        }
    };
    why.map_or(Ok(()), |why| Err(DbError::Setting(why.to_owned())))
}

fn is_local(config: &Config) -> bool {
    let named = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    });
    named && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}
