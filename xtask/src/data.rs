//! Makes the compact files under `crates/vocab/data` from public lists. The same input gives the same bytes.
//!
//! - `cargo xtask data icd10 FROM..TO=FILE ...` from ICD-10-CM releases, oldest first.
//! - `cargo xtask data zip zips.json` from the decompressed table of the crate `zipcodes`.

mod icd10;
mod zip;

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// Where the made files live.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/vocab/data");

/// A made file: its name and its text.
type Made = (&'static str, String);

/// Runs `data icd10 ...` or `data zip ...`.
pub fn run(args: &[&str]) -> Result<()> {
    let made = match args {
        ["icd10", releases @ ..] if !releases.is_empty() => icd10::make(releases)?,
        ["zip", file] => zip::make(&read(file)?)?,
        _ => bail!("write `data icd10 FROM..TO=FILE ...` or `data zip zips.json`"),
    };
    for (name, text) in made {
        let path = Path::new(FOLDER).join(name);
        fs::create_dir_all(FOLDER).with_context(|| format!("making the folder {FOLDER}"))?;
        fs::write(&path, &text).with_context(|| format!("writing {}", path.display()))?;
        eprintln!("{name}: {} lines, {} bytes", text.lines().count(), text.len());
    }
    Ok(())
}

/// Reads a file as Latin-1 would be read where it is not UTF-8: the code lists' descriptions may hold such bytes.
fn read(path: &str) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("reading {path}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
