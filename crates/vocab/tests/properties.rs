//! Whatever text comes in, nothing panics; whatever is read is written so that it is read again as the same.

use doorstep_vocab::{
    CaseNumber, CodeProblem, Cpt, Date, DayTime, Ein, Hcpcs, Icd10, Mbi, Modifier, Ndc, Npi,
    Procedure, Revenue, Span, Taxonomy, Timestamp, Zip, Zone,
};
use proptest::prelude::*;
use std::fmt::{Debug, Display};

/// Checks one parser on one text: it refuses with a code and a message, or what it read is read back the same.
fn check<T: Display + Debug + PartialEq>(text: &str, parse: fn(&str) -> Result<T, CodeProblem>) {
    match parse(text) {
        Ok(value) => assert_eq!(parse(&value.to_string()), Ok(value)),
        Err(problem) => {
            assert!(
                problem
                    .code
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            );
            assert!(!problem.message.is_empty() && !problem.message.ends_with('.'));
            assert!(problem.message.len() < 300, "{}", problem.message);
        }
    }
}

fn check_all(text: &str) {
    check(text, Npi::parse);
    check(text, Ein::parse);
    check(text, Ndc::parse);
    check(text, Taxonomy::parse);
    check(text, Zip::parse);
    check(text, Hcpcs::parse);
    check(text, Cpt::parse);
    check(text, Revenue::parse);
    check(text, Modifier::parse);
    check(text, Procedure::parse);
    check(text, CaseNumber::parse);
    check(text, Span::parse);
    check(text, DayTime::parse);
    check(text, |text| Icd10::parse(text, Date::constant(2026, 7, 3)));
    if let Ok(mbi) = Mbi::parse(text) {
        assert_eq!(Mbi::parse(&mbi.display_dashed()), Ok(mbi));
    }
    let _ = (Zone::parse(text), Timestamp::parse(text), Npi::looks_like(text));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        check_all(&text);
    }

    #[test]
    fn text_that_is_almost_a_code_is_read_or_refused(text in "[A-Za-z0-9 .,:–-]{0,20}") {
        check_all(&text);
    }

    #[test]
    fn ten_digits_are_read_or_refused(text in "[12][0-9]{9}") {
        check_all(&text);
        prop_assert!(Npi::looks_like(&text));
    }

    #[test]
    fn every_mbi_that_fits_its_places_is_read(
        text in "[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}"
    ) {
        prop_assert_eq!(Mbi::parse(&text.to_lowercase()).map(|mbi| mbi.as_str().to_owned()), Ok(text));
    }

    #[test]
    fn every_case_number_is_read_back(days in 0..36_000_i32, n in any::<u32>()) {
        let on = Date::constant(2000, 1, 1).saturating_add(jiff::Span::new().days(days));
        let number = CaseNumber::new(on, n);
        check(number.as_str(), CaseNumber::parse);
        prop_assert!(CaseNumber::parse(&number.as_str().to_lowercase().replace('-', " ")).is_ok());
    }

    #[test]
    fn every_ndc_has_eleven_digits_until_its_labeler_has_six(text in "[0-9]{5}-[0-9]{4}-[0-9]") {
        let eleven = Ndc::parse(&text).unwrap().hipaa11().unwrap();
        prop_assert_eq!(eleven.len(), 11);
        prop_assert_eq!(Ndc::parse(&eleven).unwrap().hipaa11(), Some(eleven));
    }
}

#[test]
fn no_message_repeats_a_medicare_number() {
    for near in ["1EG4-TE5-MKO3", "1EG4TE5MK7", "0EG4TE5MK73"] {
        let problem = Mbi::parse(near).unwrap_err();
        assert!(!problem.to_string().contains("EG4") && !format!("{problem:?}").contains("EG4"));
    }
}
