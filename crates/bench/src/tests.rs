//! A small run of everything, so that the bench does not rot. Its figures mean nothing and are only looked at for being there.

use super::{Args, run};
use doorstep_db::testing::postgres_url;

#[test]
fn a_small_run_measures_everything_and_prints_it() {
    let folder = tempfile::tempdir().unwrap();
    let args = Args {
        orders: 12,
        rounds: 2,
        waiting: vec![8],
        megabytes: 1,
        folder: folder.path().to_owned(),
        scale: Vec::new(),
        keep: false,
        day: None,
        agents: None,
        pages: 1,
        json: true,
        assert: false,
    };
    let server = postgres_url();
    let report = run(&args, server.as_deref()).unwrap();
    assert_eq!(report.intakes.len(), if server.is_some() { 6 } else { 3 });
    for intake in &report.intakes {
        assert_eq!(intake.orders, 24);
        assert!(intake.ratio > 0.0 && intake.cases_s > 0.0 && intake.floor_s > 0.0);
        assert!(intake.rows_each > 5.0, "{intake:?}");
        assert!(intake.bytes_each > 2.0 * 1024.0, "{intake:?}");
        assert!(intake.daily.acts_s > 0.0, "{intake:?}");
    }
    for reading in &report.readings {
        assert!(
            reading.parts > 100 && reading.ways.iter().all(|way| way.mb_s > 0.0),
            "{reading:?}"
        );
    }
    let json: serde_json::Value = serde_json::from_str(&report.json().unwrap()).unwrap();
    assert!(json["intakes"][0]["ratio"].is_number());
    let text = report.text();
    for words in ["X12 278 intake", "FHIR bundle intake", "ratio", "worklist page"] {
        assert!(text.contains(words), "{text}");
    }
}
