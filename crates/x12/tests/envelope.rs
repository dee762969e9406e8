//! What the reader makes of whole, odd and broken envelopes.

use doorstep_x12::{
    Code, Level, MAX_SEGMENT_BYTES, MAX_SETS, Problem, Transmission, Verdict, count_segments, read,
};
use doorstep_x12::{Segments, looks_like_x12, transaction_types};

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260714*0930*^*00501*000000101*0*T*:~";

fn file(inner: &str) -> String {
    format!("{ISA}{inner}IEA*1*000000101~")
}

fn group(sets: &[&str]) -> String {
    format!("GS*HI*A*B*20260714*0930*5*X*005010X217~{}GE*{}*5~", sets.concat(), sets.len())
}

const GOOD: &str = "ST*278*0001*005010X217~BHT*0007*13*T1*20260714*0930~SE*3*0001~";

fn codes(transmission: &Transmission<'_>) -> Vec<(Code, Level)> {
    transmission.all_problems().map(|problem: &Problem| (problem.code, problem.level)).collect()
}

#[test]
fn a_whole_file_has_no_problem() {
    let text = file(&group(&[GOOD]));
    let read = read(text.as_bytes());
    assert_eq!(codes(&read), []);
    let set = &read.interchanges[0].groups[0].sets[0];
    assert_eq!((set.id.as_str(), set.control.as_str(), set.n_segments), ("278", "0001", 3));
    assert_eq!(set.bytes(), &GOOD.as_bytes()[..GOOD.len() - 1]);
    assert_eq!(read.interchanges[0].header.as_ref().unwrap().sender.id, "SENDER");
}

#[test]
fn one_bad_set_does_not_lose_the_others() {
    let bad = "ST*278*0002*005010X217~BHT*0007*13~SE*3*9999~";
    let third = GOOD.replace("0001", "0003");
    let text = file(&group(&[GOOD, bad, &third]));
    let read = read(text.as_bytes());
    let interchange = &read.interchanges[0];
    let verdicts: Vec<Verdict> = (0..3).map(|set| interchange.set_verdict(0, set)).collect();
    assert_eq!(verdicts, [Verdict::Accepted, Verdict::Rejected, Verdict::Accepted]);
}

#[test]
fn a_set_without_trailer_ends_at_the_next() {
    let text = file(&group(&["ST*278*0002*005010X217~BHT*0007*13~", GOOD]));
    let read = read(text.as_bytes());
    assert_eq!(codes(&read), [(Code::SeMissing, Level::Error)]);
    assert_eq!(read.interchanges[0].set_verdict(0, 1), Verdict::Accepted);
}

#[test]
fn a_wrong_count_is_a_warning_and_a_wrong_number_an_error() {
    let text = file(&group(&[&GOOD.replace("SE*3", "SE*4")]));
    assert_eq!(codes(&read(text.as_bytes())), [(Code::SeCount, Level::Warning)]);
    let text = file(&group(&[GOOD]).replace("GE*1*5", "GE*2*6"));
    let expected = [(Code::GeCount, Level::Warning), (Code::GeControl, Level::Error)];
    assert_eq!(codes(&read(text.as_bytes())), expected);
    let text = file(&group(&[GOOD])).replace("IEA*1*000000101", "IEA*3*000000102");
    let expected = [(Code::IeaCount, Level::Warning), (Code::IeaControl, Level::Error)];
    assert_eq!(codes(&read(text.as_bytes())), expected);
}

#[test]
fn a_number_used_twice_is_named() {
    let text = file(&group(&[GOOD, GOOD]));
    assert_eq!(codes(&read(text.as_bytes())), [(Code::SetDuplicate, Level::Error)]);
    let text = format!("{0}{0}", file(&group(&[GOOD])));
    assert_eq!(codes(&read(text.as_bytes())), [(Code::InterchangeDuplicate, Level::Error)]);
}

#[test]
fn a_cut_file_is_refused_and_says_where() {
    let text = file(&group(&[GOOD]));
    let cut = &text[..text.find("SE*").unwrap() - 3];
    let read = read(cut.as_bytes());
    let expected = [Code::IeaMissing, Code::GeMissing, Code::Truncated, Code::SeMissing];
    assert_eq!(codes(&read).iter().map(|(code, _)| *code).collect::<Vec<_>>(), expected);
    assert_eq!(read.interchanges[0].set_verdict(0, 0), Verdict::Rejected);
}

#[test]
fn a_file_that_was_cut_before_another_loses_only_itself() {
    let whole = file(&group(&[GOOD]));
    let cut = &whole[..whole.find("SE*").unwrap() - 3];
    let text = format!("{cut}\n{}", whole.replace("000000101", "000000102"));
    let read = read(text.as_bytes());
    assert_eq!(read.interchanges.len(), 2);
    assert_eq!(read.interchanges[0].verdict(), Verdict::Rejected);
    assert_eq!(read.interchanges[1].set_verdict(0, 0), Verdict::Accepted);
}

#[test]
fn terminators_and_line_ends_of_every_kind_are_read() {
    for terminator in ["~", "~\n", "~\r\n", "\n", "\r\n", "\r", "!", "\\", "|", "?", "'", "\u{1c}"]
    {
        let text = file(&group(&[GOOD])).replace('~', terminator);
        let read = read(text.as_bytes());
        assert_eq!(codes(&read), [], "{terminator:?}");
        assert_eq!(read.interchanges[0].groups[0].sets[0].n_segments, 3, "{terminator:?}");
    }
}

#[test]
fn text_before_an_isa_is_passed_over_and_told() {
    let text = format!("To whom it may concern, ISA below\n\n{}", file(&group(&[GOOD])));
    assert_eq!(codes(&read(text.as_bytes())), [(Code::JunkBeforeIsa, Level::Warning)]);
    let text = format!("\u{feff}{}", file(&group(&[GOOD])));
    assert_eq!(codes(&read(text.as_bytes())), [(Code::ByteOrderMark, Level::Warning)]);
    let text = format!("{}\u{1a}", file(&group(&[GOOD])));
    assert_eq!(codes(&read(text.as_bytes())), [(Code::JunkAfterIea, Level::Warning)]);
}

#[test]
fn an_isa_of_wrong_width_is_read_when_it_has_its_elements() {
    let text = file(&group(&[GOOD])).replace("SENDER         ", "SENDER");
    let read = read(text.as_bytes());
    assert_eq!(codes(&read), [(Code::IsaWidth, Level::Warning)]);
    assert_eq!(read.interchanges[0].delimiters.component, b':');
}

#[test]
fn a_file_without_isa_is_recognised_and_refused() {
    let text = group(&[GOOD]);
    assert!(looks_like_x12(text.as_bytes()));
    assert_eq!(transaction_types(text.as_bytes()), [("278".to_owned(), "005010X217".to_owned())]);
    assert_eq!(codes(&read(text.as_bytes())), [(Code::IsaMissing, Level::Error)]);
    assert_eq!(transaction_types(GOOD.as_bytes()).len(), 1);
    assert_eq!(read(text.as_bytes()).interchanges[0].set_verdict(0, 0), Verdict::Rejected);
}

#[test]
fn what_is_not_x12_is_not_taken_for_it() {
    for text in [
        "",
        "ISA",
        "ISABEL*was here",
        "MSH|^~\\&|A|B",
        "ST. LOUIS, MO 63101",
        "GST 12",
        "{\"ISA\":1}",
    ] {
        assert!(!looks_like_x12(text.as_bytes()), "{text}");
        assert_eq!(codes(&read(text.as_bytes())), [(Code::NotX12, Level::Error)], "{text}");
    }
}

#[test]
fn a_segment_too_long_refuses_its_set() {
    let long = format!("ST*278*0001*005010X217~MSG*{}~SE*3*0001~", "A".repeat(MAX_SEGMENT_BYTES));
    assert_eq!(
        codes(&read(file(&group(&[&long])).as_bytes())),
        [(Code::SegmentTooLong, Level::Error)]
    );
}

#[test]
fn names_that_x12_cannot_have_refuse_their_set() {
    for name in ["LXXXX", "Nd4", "", "1N"] {
        let set = format!("ST*278*0001*005010X217~{name}*1~SE*3*0001~");
        assert_eq!(
            codes(&read(file(&group(&[&set])).as_bytes())),
            [(Code::SegmentUnknown, Level::Error)],
            "{name}"
        );
    }
}

#[test]
fn binary_data_is_taken_by_its_length() {
    let data = "<a>~SE*9~*:</a>";
    let set = format!("ST*275*0001*006020X316~BDS*B64*{}*{data}~SE*3*0001~", data.len());
    let text = file(&group(&[&set]));
    assert_eq!(codes(&read(text.as_bytes())), []);
    let bds = Segments::new(text.as_bytes()).find(|segment| segment.is("BDS")).unwrap();
    assert_eq!(bds.element(3), data.as_bytes());
}

#[test]
fn a_false_binary_length_refuses_its_set() {
    for length in ["99999999999999999999", "3", "-1", ""] {
        let set = format!("ST*275*0001*006020X316~BIN*{length}*abcdef~SE*3*0001~");
        let text = file(&group(&[&set]));
        assert_eq!(codes(&read(text.as_bytes())), [(Code::BinaryLength, Level::Error)], "{length}");
    }
}

#[test]
fn more_sets_than_the_limit_refuse_the_interchange() {
    let sets: Vec<String> = (0..=MAX_SETS).map(|n| format!("ST*278*{n:05}~SE*2*{n:05}~")).collect();
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let text = file(&group(&sets));
    let read = read(text.as_bytes());
    assert!(read.problems.iter().any(|problem| problem.code == Code::TooMany));
    assert_eq!(read.interchanges[0].verdict(), Verdict::Rejected);
    assert_eq!(read.interchanges[0].groups[0].sets.len(), MAX_SETS);
}

#[test]
fn problems_of_a_hostile_set_are_bounded() {
    let set = format!("ST*278*0001~{}SE*2*0001~", "x~".repeat(5_000));
    let text = file(&group(&[&set]));
    assert!(read(text.as_bytes()).all_problems().count() < 60);
}

#[test]
fn counts_are_those_of_the_file() {
    let text = file(&group(&[GOOD, GOOD]));
    let counts = count_segments(text.as_bytes());
    assert_eq!((counts.interchanges, counts.groups, counts.sets, counts.segments), (1, 1, 2, 10));
}

#[test]
fn components_and_repetitions_are_split() {
    let text =
        file(&group(&["ST*278*0001~HI*ABK:J9611:D8:20260701*ABF:I10~HCR*A3**0A^0B~SE*4*0001~"]));
    let read = read(text.as_bytes());
    let segments: Vec<_> = read.interchanges[0].groups[0].sets[0].segments().collect();
    let parts: Vec<&[u8]> = segments[1].components(segments[1].element(1)).collect();
    assert_eq!(parts, [b"ABK".as_slice(), b"J9611", b"D8", b"20260701"]);
    assert_eq!(segments[2].repetitions(3).collect::<Vec<_>>(), [b"0A".as_slice(), b"0B"]);
    assert_eq!((segments[1].ordinal, segments[1].text(2).as_ref()), (2, "ABF:I10"));
}
