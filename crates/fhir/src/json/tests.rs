use super::*;

fn refused(text: &str) -> Problem {
    let problems = read(text.as_bytes()).expect_err("this document must be refused");
    problems.into_iter().next().expect("a refusal has a problem")
}

#[test]
fn a_place_is_named_as_its_path() {
    let tree = read(br#"{"resourceType":"Bundle","entry":[{},{"resource":{"code":[1,{"a":2}]}}]}"#)
        .unwrap();
    let inner =
        tree.root().list("entry")[1].find(&["resource"]).unwrap().list("code")[1].get("a").unwrap();
    assert_eq!(tree.path_of(inner), "Bundle.entry[1].resource.code[1].a");
    assert_eq!(tree.path_of(tree.root()), "Bundle");
    assert_eq!(tree.path_in(tree.root(), "type"), "Bundle.type");
}

#[test]
fn a_duplicate_name_is_refused_with_its_path() {
    let problem = refused(r#"{"resourceType":"Patient","name":[{"family":"A","family":"B"}]}"#);
    assert_eq!(
        (problem.code, problem.path.as_str()),
        (Code::DuplicateKey, "Patient.name[0].family")
    );
}

#[test]
fn a_duplicate_among_many_names_is_refused() {
    let members: Vec<String> = (0..40).map(|n| format!("\"k{}\":1", n % 39)).collect();
    assert_eq!(refused(&format!("{{{}}}", members.join(","))).path, "$.k0");
}

#[test]
fn a_name_written_with_an_escape_is_the_same_name() {
    assert_eq!(refused(r#"{"a":1,"\u0061":2}"#).code, Code::DuplicateKey);
}

#[test]
fn a_syntax_error_names_the_path_and_the_line() {
    let problem = refused("{\"resourceType\":\"Patient\",\n\"name\":[{},{\"family\":}]}");
    assert_eq!(problem.path, "Patient.name[1].family");
    assert!(problem.message.ends_with("(line 2, column 22)"), "{}", problem.message);
}

#[test]
fn a_missing_comma_is_placed_in_its_object() {
    let problem = refused(r#"{"resourceType":"Patient","a":{"b":1 "c":2}}"#);
    assert_eq!((problem.code, problem.path.as_str()), (Code::NotJson, "Patient.a"));
}

#[test]
fn numbers_keep_their_text() {
    let tree =
        read(br#"{"a":1.10,"b":-0.0e+5,"c":"3.0","d":123456789012345678901234567890}"#).unwrap();
    let numbers: Vec<_> =
        ["a", "b", "c", "d"].iter().filter_map(|key| tree.root().number(key)).collect();
    assert_eq!(numbers, ["1.10", "-0.0e+5", "3.0", "123456789012345678901234567890"]);
}

#[test]
fn numbers_that_json_does_not_know_are_refused() {
    for text in ["[01]", "[1.]", "[.5]", "[-]", "[1e]", "[+1]", "[--1]", "[1e+]", "[NaN]", "[0x1]"]
    {
        assert!(read(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(refused(&format!("[{}]", "1".repeat(65))).code, Code::BadNumber);
}

#[test]
fn escapes_are_read_and_pairs_joined() {
    let tree = read(br#"["a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00z"]"#).unwrap();
    let text = tree.root().children().next().unwrap().as_text().unwrap();
    assert_eq!(text, "a\"\\/\u{8}\u{c}\n\r\té😀z");
}

#[test]
fn half_a_pair_is_refused() {
    for text in [
        r#"["\ud800"]"#,
        r#"["\udc00"]"#,
        r#"["\ud800\u0041"]"#,
        r#"["\ud800x"]"#,
        r#"["\ud800\n"]"#,
    ] {
        assert_eq!(refused(text).code, Code::BadText, "{text}");
    }
}

#[test]
fn broken_strings_are_refused() {
    for text in [
        "[\"\u{1}\"]",
        "[\"a",
        "[\"a\\",
        "[\"\\x\"]",
        "[\"\\u12\"]",
        "[\"\\u12g4\"]",
        "[\"a\\n\u{2}\"]",
    ] {
        assert!(read(text.as_bytes()).is_err(), "{text:?}");
    }
}

#[test]
fn other_broken_documents_are_refused() {
    for text in [
        "",
        " ",
        "{",
        "[",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{a:1}",
        "[1 2]",
        "nul",
        "tru",
        "[]x",
        "{,}",
    ] {
        assert_eq!(refused(text).code, Code::NotJson, "{text}");
    }
}

#[test]
fn a_byte_order_mark_is_skipped_and_other_encodings_are_refused() {
    assert!(read(b"\xef\xbb\xbf{}").is_ok());
    assert_eq!(read(b"\xff\xfe{\0}\0").unwrap_err()[0].code, Code::NotUtf8);
}

#[test]
fn depth_is_capped_before_the_stack_is() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(nested(64).as_bytes()).is_ok());
    assert_eq!(refused(&nested(65)).code, Code::TooDeep);
    assert_eq!(refused(&"[".repeat(1_000_000)).code, Code::TooDeep);
    assert_eq!(refused(&"{\"a\":".repeat(1_000_000)).code, Code::TooDeep);
}

#[test]
fn long_texts_are_capped_but_base64_data_are_not() {
    let long = "x".repeat(1024 * 1024 + 1);
    let problem = refused(&format!(r#"{{"resourceType":"Patient","note":["{long}"]}}"#));
    assert_eq!((problem.code, problem.path.as_str()), (Code::TextTooLong, "Patient.note[0]"));
    assert!(read(format!(r#"{{"data":"{long}"}}"#).as_bytes()).is_ok());
    assert_eq!(refused(&format!(r#"{{"{}":1}}"#, "k".repeat(257))).code, Code::TextTooLong);
}

#[test]
fn size_and_number_of_values_are_capped() {
    assert_eq!(refused(&" ".repeat(10 * 1024 * 1024 + 1)).code, Code::TooLarge);
    let many = format!("[{}1]", "1,".repeat(500_000));
    assert_eq!(refused(&many).code, Code::TooManyValues);
}

#[test]
fn a_bundle_of_too_many_entries_is_refused() {
    let entries = vec!["{}"; 1001].join(",");
    let problem = refused(&format!(r#"{{"resourceType":"Bundle","entry":[{entries}]}}"#));
    assert_eq!((problem.code, problem.path.as_str()), (Code::TooManyEntries, "Bundle.entry"));
}

#[test]
fn an_unknown_modifier_is_refused_and_a_known_one_is_not() {
    let with = |url: &str| {
        format!(
            r#"{{"resourceType":"Claim","item":[{{"modifierExtension":[{{"url":"{url}","valueBoolean":true}}]}}]}}"#
        )
    };
    assert!(read(with(KNOWN_MODIFIERS[0]).as_bytes()).is_ok());
    let problem = refused(&with("http://example.org/not"));
    assert_eq!(
        (problem.code, problem.path.as_str()),
        (Code::UnknownModifier, "Claim.item[0].modifierExtension[0]")
    );
}

#[test]
fn rules_of_the_senders_own_are_refused() {
    let problem = refused(r#"{"resourceType":"Claim","implicitRules":"http://example.org/rules"}"#);
    assert_eq!((problem.code, problem.path.as_str()), (Code::ImplicitRules, "Claim.implicitRules"));
}

#[test]
fn a_value_is_printed_without_its_content() {
    let tree = read(br#"{"family":"Testa"}"#).unwrap();
    assert_eq!(
        format!("{tree:?} {:?}", tree.root().get("family")),
        "Tree { root: object of 1 } Some(‹phi›)"
    );
}
