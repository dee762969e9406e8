//! ZIP codes: where each is, in which zone, of which kind. Fixed-width rows, and the names they point to.
//!
//! A row: ZIP (5), kind (1: S, P, U or M; in lower case when no longer in use), state (2), zone (2), county (4),
//! city (5), latitude (9) and longitude (10) in micro-degrees. Zone, county and city are line numbers, from 0, in
//! the names file, whose three blocks are divided by a line of `--`.

use super::Made;
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Time zones that the source has wrong, by ZIP. Source: Alaska has one zone east of the Aleutians \[K\]; Page and
/// Flagstaff lie outside the Navajo Nation, which alone in Arizona keeps summer time, and Tuba City within it \[K\].
const ZONE_CORRECTIONS: [(&str, &str); 4] = [
    ("99634", "America/Anchorage"),
    ("86040", "America/Phoenix"),
    ("86003", "America/Phoenix"),
    ("86045", "America/Denver"),
];

/// A record of the source; what we do not use is not named.
#[derive(Deserialize)]
struct Record {
    zip_code: String,
    zip_code_type: String,
    active: bool,
    city: String,
    state: String,
    county: String,
    timezone: String,
    lat: String,
    long: String,
}

/// Makes `zip_rows.txt` and `zip_names.txt` from the source's JSON.
pub fn make(json: &str) -> Result<Vec<Made>> {
    let mut records: Vec<Record> =
        serde_json::from_str(json).context("reading the table of ZIP codes")?;
    for record in &mut records {
        if let Some((_, zone)) = ZONE_CORRECTIONS.iter().find(|(zip, _)| *zip == record.zip_code) {
            (*zone).clone_into(&mut record.timezone);
        }
    }
    records.sort_by(|a, b| a.zip_code.cmp(&b.zip_code));
    ensure!(
        records.windows(2).all(|pair| pair[0].zip_code != pair[1].zip_code),
        "a ZIP is listed twice"
    );
    let zones = names(&records, |r| &r.timezone);
    let counties = names(&records, |r| &r.county);
    let cities = names(&records, |r| &r.city);
    let mut rows = String::new();
    for record in &records {
        let row = format!(
            "{:5}{}{:2}{:02}{:04}{:05}{:+09}{:+010}",
            record.zip_code,
            kind(record)?,
            record.state,
            place_in(&zones, &record.timezone)?,
            place_in(&counties, &record.county)?,
            place_in(&cities, &record.city)?,
            micro_degrees(&record.lat)?,
            micro_degrees(&record.long)?,
        );
        ensure!(
            row.len() == 38 && row.is_ascii(),
            "the row of {} does not fit: {row}",
            record.zip_code
        );
        writeln!(rows, "{row}")?;
    }
    let names = [zones, counties, cities].map(|block| block.join("\n")).join("\n--\n");
    Ok(vec![("zip_rows.txt", rows), ("zip_names.txt", names + "\n")])
}

fn names<'a>(records: &'a [Record], of: impl Fn(&'a Record) -> &'a String) -> Vec<&'a str> {
    let all: BTreeSet<&str> = records.iter().map(|r| of(r).as_str()).collect();
    all.into_iter().collect()
}

fn place_in(names: &[&str], name: &str) -> Result<usize> {
    names.binary_search(&name).ok().with_context(|| format!("{name} has no place among the names"))
}

fn kind(record: &Record) -> Result<char> {
    let kind = match record.zip_code_type.as_str() {
        "STANDARD" => 'S',
        "PO BOX" => 'P',
        "UNIQUE" => 'U',
        "MILITARY" => 'M',
        other => bail!("{} is of the unknown kind {other}", record.zip_code),
    };
    Ok(if record.active { kind } else { kind.to_ascii_lowercase() })
}

/// Reads decimal degrees without going through a float.
fn micro_degrees(text: &str) -> Result<i32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    ensure!(fraction.len() <= 6, "{text} has more than six decimals");
    format!("{whole}{fraction:0<6}").parse().with_context(|| format!("{text} is not in degrees"))
}

#[cfg(test)]
mod tests {
    use super::{make, micro_degrees};

    const TABLE: &str = r#"[
        {"zip_code": "99634", "zip_code_type": "PO BOX", "active": true, "city": "Bville", "state": "AK",
         "county": "B County", "timezone": "Bville", "lat": "60.6871", "long": "-161.7524"},
        {"zip_code": "09000", "zip_code_type": "MILITARY", "active": false, "city": "Apo", "state": "AE",
         "county": "", "timezone": "", "lat": "0", "long": "0"}]"#;

    #[test]
    fn rows_are_sorted_and_of_one_width() {
        let made = make(TABLE).unwrap();
        assert_eq!(
            made[0].1,
            "09000mAE00000000000+00000000+000000000\n99634PAK01000100001+60687100-161752400\n"
        );
        assert_eq!(made[1].1, "\nAmerica/Anchorage\n--\n\nB County\n--\nApo\nBville\n");
    }

    #[test]
    fn a_zip_that_is_listed_twice_is_refused() {
        assert!(make(&TABLE.replace("99634", "09000")).is_err());
    }

    #[test]
    fn degrees_are_read_without_loss() {
        assert_eq!(micro_degrees("-0.0001").unwrap(), -100);
        assert_eq!(micro_degrees("41.2809").unwrap(), 41_280_900);
        assert!(micro_degrees("41.28091234").is_err() && micro_degrees("north").is_err());
    }
}
