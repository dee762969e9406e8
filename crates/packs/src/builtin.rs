//! The packs that come with the program. A test walks the folder and compares.

macro_rules! embed {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../packs/", $path)))),*]
    };
}

/// Every built-in file by its path below the packs' folder, with its text.
pub(crate) const FILES: &[(&str, &str)] = embed![
    "assignment.toml",
    "business/commercial.toml",
    "business/medicaid-managed-care.toml",
    "business/medicare-advantage.toml",
    "business/unknown.toml",
    "calendars/us-federal.toml",
    "calls.toml",
    "codes/hcpcs.toml",
    "hub.toml",
    "lines/common.toml",
    "lines/dme/line.toml",
    "lines/home-health/line.toml",
    "lines/home-infusion/line.toml",
    "lines/post-acute/line.toml",
    "payers/default/payer.toml",
    "payers/evergreen-ma/payer.toml",
    "payers/lakeshore-medicaid/payer.toml",
    "payers/summit-commercial/payer.toml",
    "quality.toml",
    "sign-in.toml",
];
