//! What is due when: the rules of the calendar, by example and over random instants.

use super::{Calendar, CalendarSpec, HolidayRule, Period, Span, SpanUnit};
use crate::{Timestamp, Zone};
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn spec() -> CalendarSpec {
    toml::from_str(include_str!("../../../../packs/calendars/us-federal.toml")).unwrap()
}

fn federal() -> Calendar {
    Calendar::new(spec()).unwrap()
}

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Checks what is due in New York.
fn assert_due(start: &str, span: &str, due: &str) {
    assert_due_in("America/New_York", start, span, due);
}

fn assert_due_in(zone_name: &str, start: &str, span: &str, due: &str) {
    let found = federal().due(at(start), Span::parse(span).unwrap(), &zone(zone_name));
    assert_eq!(found, at(due), "{span} from {start} in {zone_name}: {found}");
}

#[test]
fn standard_and_expedited_decisions_over_a_holiday_weekend() {
    assert_due("2026-07-03T18:00:00-04:00", "7 calendar days", "2026-07-11T00:00:00-04:00");
    assert_due("2026-07-03T18:00:00-04:00", "72 h", "2026-07-06T18:00:00-04:00");
}

#[test]
fn hours_are_counted_through_the_end_of_summer_time() {
    assert_due("2026-10-31T09:00:00-04:00", "72 h", "2026-11-03T08:00:00-05:00");
    assert_due(
        "2026-10-31T09:00:00-04:00",
        "3 calendar days, same time",
        "2026-11-03T09:00:00-05:00",
    );
    assert_due("2026-10-31T09:00:00-04:00", "1 calendar day", "2026-11-02T00:00:00-05:00");
}

#[test]
fn a_time_of_day_in_a_gap_moves_forward_and_in_a_fold_is_the_earlier() {
    assert_due(
        "2026-03-07T02:30:00-05:00",
        "1 calendar day, same time",
        "2026-03-08T03:30:00-04:00",
    );
    assert_due(
        "2026-10-31T01:30:00-04:00",
        "1 calendar day, same time",
        "2026-11-01T01:30:00-04:00",
    );
}

#[test]
fn places_without_summer_time_have_days_of_24_hours() {
    assert_due_in(
        "America/Phoenix",
        "2026-03-07T09:00:00-07:00",
        "2 calendar days, same time",
        "2026-03-09T09:00:00-07:00",
    );
    assert_due_in(
        "America/Puerto_Rico",
        "2026-10-31T09:00:00-04:00",
        "72 h",
        "2026-11-03T09:00:00-04:00",
    );
    assert_due_in(
        "America/Indiana/Knox",
        "2026-10-31T09:00:00-05:00",
        "72 h",
        "2026-11-03T08:00:00-06:00",
    );
}

#[test]
fn the_day_of_receipt_is_day_0() {
    // Saturday, Friday at noon, Friday after the close: all Monday.
    for start in
        ["2026-07-11T10:00:00-04:00", "2026-07-10T12:00:00-04:00", "2026-07-10T19:00:00-04:00"]
    {
        assert_due(start, "1 business day", "2026-07-13T18:00:00-04:00");
    }
}

#[test]
fn no_business_days_end_with_the_day_itself_or_the_next_one() {
    assert_due("2026-07-10T12:00:00-04:00", "0 business days", "2026-07-10T18:00:00-04:00");
    assert_due("2026-07-10T19:00:00-04:00", "0 business days", "2026-07-13T18:00:00-04:00");
    assert_due("2026-07-11T10:00:00-04:00", "0 business days", "2026-07-13T18:00:00-04:00");
}

#[test]
fn business_days_skip_the_observed_holiday() {
    // Independence Day 2026 is a Saturday: Friday July 3 is kept.
    assert_due("2026-07-02T12:00:00-04:00", "1 business day", "2026-07-06T18:00:00-04:00");
    // New Year's Day 2022 is a Saturday: the last day of 2021 is kept.
    assert_due("2021-12-30T12:00:00-05:00", "2 business days", "2022-01-04T18:00:00-05:00");
}

#[test]
fn business_hours_run_only_while_open() {
    assert_due("2026-07-10T17:00:00-04:00", "4 business hours", "2026-07-13T11:00:00-04:00");
    assert_due("2026-07-10T07:00:00-04:00", "10 business hours", "2026-07-10T18:00:00-04:00");
    assert_due("2026-07-11T07:00:00-04:00", "1 business minute", "2026-07-13T08:01:00-04:00");
    assert_due("2026-07-10T09:00:30-04:00", "60 business minutes", "2026-07-10T10:00:30-04:00");
}

#[test]
fn days_before_an_end_are_days_of_the_local_calendar() {
    let zone = zone("America/New_York");
    let before = |end: &str, span: &str| {
        federal().before(at(end), Span::parse(span).unwrap(), &zone).to_string()
    };
    // The clocks go back on 2026-11-01: 15 days are an hour more than 360 hours.
    let end = "2026-11-09T00:00:00-05:00";
    assert_eq!(before(end, "15 calendar days"), at("2026-10-25T00:00:00-04:00").to_string());
    assert_eq!(before(end, "360 h"), at("2026-10-25T01:00:00-04:00").to_string());
    assert_eq!(before(end, "1 business day"), at(end).to_string(), "not counted backwards");
}

#[test]
fn leap_days_year_ends_and_years_past_2038_are_ordinary() {
    assert_due("2028-02-28T12:00:00-05:00", "1 calendar day", "2028-03-01T00:00:00-05:00");
    assert_due("2027-12-31T23:30:00-05:00", "1 h", "2028-01-01T00:30:00-05:00");
    assert_due("2027-12-31T23:30:00-05:00", "1 calendar day", "2028-01-02T00:00:00-05:00");
    assert_due("2038-01-18T22:00:00-05:00", "24 h", "2038-01-19T22:00:00-05:00");
    assert_due("2038-11-06T12:00:00-04:00", "24 h", "2038-11-07T11:00:00-05:00");
}

#[test]
fn the_federal_holidays_of_2026_are_kept() {
    let calendar = federal();
    let kept: Vec<String> = days(date(2026, 1, 1), 365)
        .filter(|d| calendar.holiday(*d).is_some())
        .map(|d| d.strftime("%m-%d").to_string())
        .collect();
    let expected = "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25";
    assert_eq!(kept.join(" "), expected);
    assert_eq!(calendar.holiday(date(2026, 7, 3)), Some("Independence Day"));
}

#[test]
fn juneteenth_is_kept_from_2021_on() {
    let calendar = federal();
    assert!(calendar.is_business_day(date(2020, 6, 19)));
    assert!(!calendar.is_business_day(date(2021, 6, 18)));
    assert!(!calendar.is_business_day(date(2022, 6, 20)));
}

#[test]
fn explicit_dates_are_kept_once() {
    let mut spec = spec();
    spec.holidays[0].rule = HolidayRule::Dates(vec![date(2026, 12, 24)]);
    let calendar = Calendar::new(spec).unwrap();
    assert!(!calendar.is_business_day(date(2026, 12, 24)));
    assert!(calendar.is_business_day(date(2027, 12, 24 - 1)));
    assert!(calendar.is_business_day(date(2026, 1, 1)));
}

#[test]
fn business_is_open_from_the_opening_until_the_close() {
    let (calendar, eastern) = (federal(), zone("America/New_York"));
    for (text, open) in [
        ("2026-07-10T08:00:00-04:00", true),
        ("2026-07-10T17:59:59-04:00", true),
        ("2026-07-10T18:00:00-04:00", false),
        ("2026-07-10T07:59:59-04:00", false),
        ("2026-07-11T12:00:00-04:00", false),
        ("2026-07-03T12:00:00-04:00", false),
    ] {
        assert_eq!(calendar.is_open(at(text), &eastern), open, "{text}");
    }
    assert_eq!(
        calendar.next_open(at("2026-07-02T18:00:00-04:00"), &eastern),
        at("2026-07-06T08:00:00-04:00")
    );
    assert_eq!(
        calendar.next_open(at("2026-07-06T09:15:00-04:00"), &eastern),
        at("2026-07-06T09:15:00-04:00")
    );
}

#[test]
fn a_calendar_that_never_closes_counts_every_minute() {
    let mut spec = spec();
    spec.open = super::DayTime::parse("00:00").unwrap();
    spec.close = super::DayTime::parse("24:00").unwrap();
    spec.working = toml::from_str::<CalendarSpec>(
        "name='n'\nversion='1'\nsource='s'\nopen='00:00'\nclose='24:00'\nworking=['monday','tuesday','wednesday','thursday','friday','saturday','sunday']",
    )
    .unwrap()
    .working;
    spec.holidays.clear();
    let (calendar, eastern) = (Calendar::new(spec).unwrap(), zone("America/New_York"));
    let start = at("2026-10-31T09:00:00-04:00");
    let hours_72 = calendar.due(start, Span::BusinessMinutes(72 * 60), &eastern);
    assert_eq!(hours_72, calendar.due(start, Span::hours(72), &eastern));
    let a_day = calendar.due(start, Span::business_days(1), &eastern);
    assert_eq!(a_day, calendar.due(start, Span::calendar_days(1), &eastern));
}

#[test]
fn a_pause_moves_the_time_due_in_the_spans_own_unit() {
    let (calendar, eastern) = (federal(), zone("America/New_York"));
    let over_the_weekend =
        Period { from: at("2026-07-10T16:00:00-04:00"), to: at("2026-07-13T10:00:00-04:00") };
    let within_a_day =
        Period { from: at("2026-07-10T09:00:00-04:00"), to: at("2026-07-10T16:00:00-04:00") };
    for (span, pause, was, now) in [
        ("72 h", over_the_weekend, "2026-07-12T09:00:00-04:00", "2026-07-15T03:00:00-04:00"),
        (
            "4 business hours",
            over_the_weekend,
            "2026-07-10T17:00:00-04:00",
            "2026-07-13T11:00:00-04:00",
        ),
        (
            "7 calendar days",
            over_the_weekend,
            "2026-07-17T00:00:00-04:00",
            "2026-07-20T00:00:00-04:00",
        ),
        (
            "2 business days",
            over_the_weekend,
            "2026-07-14T18:00:00-04:00",
            "2026-07-15T18:00:00-04:00",
        ),
        ("7 calendar days", within_a_day, "2026-07-17T00:00:00-04:00", "2026-07-17T00:00:00-04:00"),
    ] {
        let found = calendar.resume(at(was), pause, Span::parse(span).unwrap(), &eastern);
        assert_eq!(found, at(now), "{span}: {found}");
    }
}

#[test]
fn what_was_used_is_counted_in_its_own_unit() {
    let (calendar, eastern) = (federal(), zone("America/New_York"));
    let (from, to) = (at("2026-07-02T16:00:00-04:00"), at("2026-07-06T09:30:00-04:00"));
    for (unit, used) in [
        (SpanUnit::ClockMinutes, 89 * 60 + 30),
        (SpanUnit::BusinessMinutes, 210),
        (SpanUnit::CalendarDays, 4),
        (SpanUnit::BusinessDays, 1),
    ] {
        assert_eq!(calendar.elapsed(from, to, unit, &eastern), used, "{unit:?}");
        assert_eq!(calendar.elapsed(to, from, unit, &eastern), 0, "{unit:?}");
    }
}

#[test]
fn a_warning_of_a_business_clock_comes_while_someone_is_there() {
    let (calendar, eastern) = (federal(), zone("America/New_York"));
    let start = at("2026-07-10T12:00:00-04:00");
    let span = Span::business_days(1);
    let life = Period { from: start, to: calendar.due(start, span, &eastern) };
    assert_eq!(calendar.warn_at(life, span, 75, &eastern), at("2026-07-13T14:00:00-04:00"));
    let span = Span::hours(4);
    let life = Period { from: start, to: calendar.due(start, span, &eastern) };
    assert_eq!(calendar.warn_at(life, span, 75, &eastern), at("2026-07-10T15:00:00-04:00"));
    assert_eq!(calendar.warn_at(life, span, 200, &eastern), life.to);
}

#[test]
fn an_impossible_specification_is_refused_with_its_reason() {
    let refused = |change: fn(&mut CalendarSpec)| {
        let mut spec = spec();
        change(&mut spec);
        Calendar::new(spec).unwrap_err().code
    };
    assert_eq!(refused(|s| s.close = s.open), "calendar-hours");
    assert_eq!(refused(|s| s.working.clear()), "calendar-working");
    assert_eq!(refused(|s| s.holidays = vec![s.holidays[0].clone(); 51]), "calendar-holiday");
    let no_day = |s: &mut CalendarSpec| {
        s.holidays[0].rule = HolidayRule::Fixed {
            month: 2,
            day: 30,
            observed: std::collections::BTreeMap::default(),
        };
    };
    assert_eq!(refused(no_day), "calendar-holiday");
}

#[test]
fn a_specification_is_written_back_as_it_was_read() {
    let json = serde_json::to_string(&spec()).unwrap();
    assert_eq!(serde_json::from_str::<CalendarSpec>(&json).unwrap(), spec());
    assert!(serde_json::from_str::<CalendarSpec>(&json.replace("\"open\"", "\"opens\"")).is_err());
}

fn days(first: Date, n: usize) -> impl Iterator<Item = Date> {
    super::days_from(first).take(n)
}

prop_compose! {
    /// Any instant of 2019 to 2041, to the second.
    fn instants()(seconds in 1_546_300_800_i64..2_240_000_000) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }
}

fn spans() -> impl Strategy<Value = Span> {
    prop_oneof![
        (0..100_000_i64).prop_map(Span::ClockMinutes),
        (1..20_000_i64).prop_map(Span::BusinessMinutes),
        (0..400_u32, any::<bool>())
            .prop_map(|(n, to_end_of_day)| Span::CalendarDays { n, to_end_of_day }),
        (1..60_u32, any::<bool>())
            .prop_map(|(n, to_end_of_day)| Span::BusinessDays { n, to_end_of_day }),
    ]
}

proptest! {
    #[test]
    fn every_span_reads_as_it_is_written(span in spans()) {
        prop_assert_eq!(Span::parse(&span.to_string()), Ok(span));
    }

    #[test]
    fn nothing_is_due_before_it_starts(start in instants(), span in spans()) {
        prop_assert!(federal().due(start, span, &zone("America/Denver")) >= start);
    }

    #[test]
    fn what_is_due_has_used_exactly_its_business_minutes(start in instants(), n in 1..20_000_i64) {
        let (calendar, denver) = (federal(), zone("America/Denver"));
        let due = calendar.due(start, Span::BusinessMinutes(n), &denver);
        prop_assert_eq!(calendar.elapsed(start, due, SpanUnit::BusinessMinutes, &denver), n);
    }

    #[test]
    fn a_pause_never_moves_the_time_due_earlier(start in instants(), span in spans(), later in 0..3_000_000_i64) {
        let (calendar, denver) = (federal(), zone("America/Denver"));
        let due = calendar.due(start, span, &denver);
        let pause = Period { from: start, to: Timestamp(start.0 + later * 1_000_000) };
        prop_assert!(calendar.resume(due, pause, span, &denver) >= due);
    }

    #[test]
    fn no_instant_and_no_span_panics(start in any::<i64>(), to in any::<i64>(), n in 0..40_u32, minutes in any::<i64>()) {
        let (calendar, denver) = (federal(), zone("America/Denver"));
        for span in [Span::ClockMinutes(minutes), Span::calendar_days(n), Span::CalendarDays { n, to_end_of_day: false }] {
            calendar.due(Timestamp(start), span, &denver);
            calendar.resume(Timestamp(start), Period { from: Timestamp(0), to: Timestamp(to) }, span, &denver);
        }
        calendar.is_open(Timestamp(start), &denver);
    }
}
