//! `codes/hcpcs.toml`: our own short words for codes.

use super::section::Section;
use crate::problem::Log;
use doorstep_vocab::Hcpcs;
use std::collections::BTreeMap;

/// Words by code. CPT and revenue codes have none here: their texts are not ours to ship.
pub(crate) fn read(section: &mut Section, log: &mut Log) -> BTreeMap<String, String> {
    super::source(section, log);
    let mut out = BTreeMap::new();
    for (code, words) in section.pairs("hcpcs", log) {
        match Hcpcs::parse(code.text) {
            Ok(known) if known.as_str() == code.text => {
                out.insert(code.text.to_owned(), words.text.to_owned());
            }
            Ok(_) => {
                log.at(
                    code.at,
                    "hcpcs-format",
                    format!("write `{}` in capital letters", code.text),
                );
            }
            Err(problem) => log.at(code.at, problem.code, problem.message),
        }
    }
    out
}
