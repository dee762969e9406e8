//! `OperationOutcome`: problems said in FHIR.

use crate::problem::{Level, Problem};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    resource_type: &'static str,
    issue: Vec<Issue<'a>>,
}

#[derive(Serialize)]
struct Issue<'a> {
    severity: &'static str,
    code: &'static str,
    details: Details,
    diagnostics: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expression: Vec<&'a str>,
}

#[derive(Serialize)]
struct Details {
    text: &'static str,
}

/// Returns an `OperationOutcome` in JSON with one issue for each problem, in their order.
///
/// `issue.code` is of FHIR's `issue-type`, `details.text` is the stable code, `diagnostics` the sentence, `expression` the
/// place. Without problems it says so in one informational issue, since FHIR asks for at least one.
pub fn outcome(problems: &[Problem]) -> String {
    let mut issue: Vec<Issue<'_>> = problems
        .iter()
        .map(|problem| Issue {
            severity: problem.level.as_str(),
            code: problem.code.issue_type(),
            details: Details { text: problem.code.as_str() },
            diagnostics: &problem.message,
            expression: if problem.path == "$" { Vec::new() } else { vec![problem.path.as_str()] },
        })
        .collect();
    if issue.is_empty() {
        issue.push(Issue {
            severity: Level::Information.as_str(),
            code: "informational",
            details: Details { text: "ok" },
            diagnostics: "no problem was found",
            expression: Vec::new(),
        });
    }
    write(&Outcome { resource_type: "OperationOutcome", issue })
}

/// Writes a resource of ours.
pub(crate) fn write(resource: &impl Serialize) -> String {
    serde_json::to_string(resource).expect("plain structs of text and numbers always serialise")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read;
    use crate::problem::Code;
    use crate::resource::{OperationOutcome, Resource};

    #[test]
    fn each_problem_becomes_an_issue_that_reads_back() {
        let problems = [
            Problem::error(Code::NoPatient, "Bundle", "say \"whom\""),
            Problem::fatal(Code::NotJson, "$", "a comma was expected"),
        ];
        let text = outcome(&problems);
        let tree = read(text.as_bytes()).unwrap();
        let view = OperationOutcome::of(Resource::at(tree.root()).unwrap()).unwrap();
        let expected = [
            ("error", "required", Some("say \"whom\"")),
            ("fatal", "structure", Some("a comma was expected")),
        ];
        assert_eq!(view.issues(), expected);
        let issues = tree.root().list("issue");
        assert_eq!(issues[0].texts("expression").collect::<Vec<_>>(), ["Bundle"]);
        assert!(issues[1].get("expression").is_none());
    }

    #[test]
    fn no_problem_is_still_one_issue() {
        let text = outcome(&[]);
        assert_eq!(read(text.as_bytes()).unwrap().root().list("issue").len(), 1);
    }

    #[test]
    fn codes_are_stable_words_and_differ() {
        let names: std::collections::BTreeSet<_> =
            Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(names.iter().all(|name| name.bytes().all(is_plain)));
    }
}
