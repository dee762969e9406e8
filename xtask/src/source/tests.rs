//! What is code, what is a comment, what is a string, and what is a test.

use super::{Source, has_word};

fn texts(source: &Source) -> Vec<&str> {
    source.literals.iter().map(|literal| literal.text.as_str()).collect()
}

#[test]
fn comments_and_strings_are_not_code() {
    let source =
        Source::read("let a = \"std::fs\"; // std::net\n/* one /* two */ */ let b = 'x';\n");
    assert_eq!(source.lines[0].code.trim_end(), "let a = \"\";");
    assert_eq!(source.lines[1].code.trim_start(), "let b = '';");
    assert_eq!(texts(&source), ["std::fs"]);
}

#[test]
fn a_string_keeps_its_line_its_text_and_what_stands_before() {
    let source = Source::read(
        "use a;\nconst X: &str =\n    \"SELECT \\\n     1\";\nf(r#\"a \"b\" c\"#, b\"d\\\"e\");\n",
    );
    assert_eq!(texts(&source), ["SELECT 1", "a \"b\" c", "d\"e"]);
    assert_eq!(source.literals[0].line, 3);
    assert_eq!(source.literals[0].before, "const X: &str =");
    assert_eq!(source.literals[1].line, 5);
}

#[test]
fn lifetimes_characters_and_raw_names_are_told_apart() {
    let source = Source::read(
        "fn f<'a>(x: &'a str) { let q = '\"'; let n = '\\''; r#type(); var\"s\"; \"t\" }",
    );
    assert_eq!(texts(&source), ["s", "t"]);
}

#[test]
fn a_test_module_ends_with_its_brace() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { \"}\"; }\n}\nfn c() {}\n#[cfg(test)]\nmod more;\nfn d() {}\n";
    let source = Source::read(text);
    let own: Vec<&str> = source.own_lines().map(|(_, code)| code).collect();
    assert_eq!(own, ["fn a() {}", "fn c() {}", "fn d() {}"]);
    assert!(source.literals[0].is_test);
}

#[test]
fn a_word_is_not_a_part_of_a_word() {
    assert!(has_word("std::env::var()", "std::env"));
    assert!(!has_word("std::environment", "std::env"));
    assert!(!has_word("my_std::env", "std::env"));
}
