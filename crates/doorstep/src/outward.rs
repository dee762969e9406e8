//! Asking a server outside: by TLS, a few seconds long, a small answer, and nowhere else than asked.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorstep_app::signin::{Outward, Reply};
use std::path::Path;
use std::sync::Arc;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

/// Bytes of an answer: more is cut off, and cannot be read then.
const BYTES_MAX: u64 = 1024 * 1024;

/// Where systems keep the authorities that they trust: Debian and its like, Red Hat and its like, Alpine and macOS.
const SYSTEM: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Returns what asks. `ca_file` names the authorities that count; without it those of the system do.
///
/// # Errors
/// When TLS is needed and there are no authorities.
pub(crate) fn fetch(
    ca_file: Option<&Path>,
    needs_tls: bool,
) -> anyhow::Result<impl Fn(&Outward) -> Result<Reply, String> + Send + Sync + 'static> {
    let authorities = match ca_file {
        Some(file) => authorities(file)?,
        None => of_system(),
    };
    anyhow::ensure!(
        !needs_tls || !authorities.is_empty(),
        "no authorities are known that sign certificates: name them with ca_file"
    );
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&authorities))
        .build();
    let agent: Agent = Agent::config_builder()
        .tls_config(tls)
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent("doorstep")
        .build()
        .into();
    Ok(move |asked: &Outward| ask(&agent, asked).map_err(|error| error.to_string()))
}

fn of_system() -> Vec<Certificate<'static>> {
    let found = SYSTEM.iter().find_map(|file| authorities(Path::new(file)).ok());
    found.unwrap_or_default()
}

fn authorities(file: &Path) -> anyhow::Result<Vec<Certificate<'static>>> {
    let pem = std::fs::read(file)
        .with_context(|| format!("the authorities {} cannot be read", file.display()))?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    anyhow::ensure!(!certificates.is_empty(), "{} has no certificate", file.display());
    Ok(certificates)
}

fn ask(agent: &Agent, asked: &Outward) -> Result<Reply, ureq::Error> {
    let mut response = match &asked.form {
        None => {
            let get = agent.get(&asked.url).header("accept", "application/json");
            get.config().timeout_global(Some(asked.within)).build().call()?
        }
        Some(form) => {
            let mut post = agent
                .post(&asked.url)
                .header("accept", "application/json")
                .header("content-type", "application/x-www-form-urlencoded");
            if let Some(basic) = &asked.basic {
                post = post.header("authorization", format!("Basic {}", STANDARD.encode(basic)));
            }
            post.config().timeout_global(Some(asked.within)).build().send(form)?
        }
    };
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(BYTES_MAX).read_to_vec()?;
    Ok(Reply { status, body })
}
