//! The identity provider of the organisation: its file, read and checked before anything is served.

use crate::outward;
use crate::place::private_file;
use anyhow::Context as _;
use doorstep_app::signin::{Identity, IdentitySettings};
use doorstep_case::Role;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The file. Keys that it does not know are errors.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// What the provider calls itself, such as `https://id.example`.
    issuer: String,
    /// What it calls this hub.
    client_id: String,
    /// The file with the secret, which nobody else may read.
    client_secret_file: PathBuf,
    /// What people call the provider: it stands on the button.
    name: String,
    /// The claim that has the groups.
    #[serde(default = "usual_claim")]
    groups_claim: String,
    /// What is asked for beside `openid`.
    #[serde(default = "usual_scopes")]
    scopes: Vec<String>,
    /// The authorities that sign certificates for the provider, PEM; those of the system where none is named.
    ca_file: Option<PathBuf>,
    /// The role of each group; the first of somebody's counts.
    #[serde(default)]
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    role: String,
}

fn usual_claim() -> String {
    "groups".to_owned()
}

fn usual_scopes() -> Vec<String> {
    vec!["profile".to_owned()]
}

/// Reads the file. Paths in it are from where it stands.
pub(crate) fn read(path: &Path) -> anyhow::Result<Identity> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let file: Written =
        toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
    let beside = |named: &Path| path.parent().unwrap_or_else(|| Path::new(".")).join(named);
    let secret_at = beside(&file.client_secret_file);
    private_file(&secret_at)?;
    let secret = std::fs::read_to_string(&secret_at)
        .with_context(|| format!("the secret {} cannot be read", secret_at.display()))?;
    let ca_file = file.ca_file.as_deref().map(beside);
    let fetch = outward::fetch(ca_file.as_deref(), file.issuer.starts_with("https://"))?;
    let settings = IdentitySettings {
        issuer: file.issuer,
        client_id: file.client_id,
        client_secret: secret.trim().to_owned(),
        name: file.name.trim().to_owned(),
        scopes: file.scopes,
        groups_claim: file.groups_claim,
        groups: file.group.into_iter().map(role).collect::<anyhow::Result<_>>()?,
    };
    Identity::new(settings, fetch).with_context(|| format!("{} is not right", path.display()))
}

fn role(group: Group) -> anyhow::Result<(String, Role)> {
    let role = Role::parse(&group.role);
    let role = role.with_context(|| {
        format!("the group {} has the role {}, which is none", group.name, group.role)
    })?;
    Ok((group.name, role))
}
