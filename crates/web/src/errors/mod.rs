//! Pages for what went wrong: what it is, what to do, and the request's name for whoever is asked for help.

use crate::answer::Answer;
use crate::shell::Shell;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::{Error, Rule};

#[derive(Template)]
#[template(path = "errors/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    title: &'static str,
    words: String,
    todo: &'static str,
    code: &'static str,
    /// Where leave to see the case is asked for.
    ask_path: Option<String>,
}

/// Answers with the page for an error, and logs what a person has to look at.
pub(crate) fn respond(error: &Error, shell: &Shell) -> Answer {
    let (status, title, todo) = match error {
        Error::Refused(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "The rules do not allow it",
            "Go back and change what was entered.",
        ),
        Error::Bad { .. } => {
            (StatusCode::BAD_REQUEST, "That cannot be read", "Go back and check what was entered.")
        }
        Error::Forbidden => (
            StatusCode::FORBIDDEN,
            "You may not do this",
            "Your role does not allow it, or the page was open for too long. Open the page again; if it stays so, ask a supervisor.",
        ),
        Error::Unproved => (
            StatusCode::FORBIDDEN,
            "Confirm that it is you",
            "Go back to the page, and do it again from there.",
        ),
        Error::Outside { rule: Rule::OwnWork, .. } => {
            (StatusCode::FORBIDDEN, "Nobody approves their own work", "Ask a colleague who may.")
        }
        Error::Outside { .. } => (
            StatusCode::FORBIDDEN,
            "This case is not one of yours",
            "It is walled off, or labelled as sensitive. Whoever has to see it asks for access.",
        ),
        Error::NotFound => (
            StatusCode::NOT_FOUND,
            "There is no such page",
            "Check the address, or find the case by its number or the member's name.",
        ),
        Error::Stale => (
            StatusCode::CONFLICT,
            "Somebody changed the case meanwhile",
            "Look at the case as it is now, then repeat what you did.",
        ),
        Error::Busy(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Doorstep is busy",
            "Nothing was half done. Send the same again in a moment.",
        ),
        Error::Broken(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something broke on our side",
            "Nothing was half done. Try again; if it stays so, tell whoever runs Doorstep the request below.",
        ),
    };
    if let Error::Busy(_) | Error::Broken(_) = error {
        tracing::error!(request_id = %shell.request_id, error = %chain(error), "a request failed");
    }
    let words = match error {
        Error::Refused(refusal) => capital(&refusal.to_string()),
        Error::Bad { message, .. } => capital(message),
        _ => String::new(),
    };
    let ask_path = match error {
        Error::Outside { case_id, rule } if *rule != Rule::OwnWork => {
            Some(format!("/cases/{}/access", crate::signin::encoded(case_id.as_str())))
        }
        _ => None,
    };
    let page = Page { shell, title, words, todo, code: error.code(), ask_path };
    let html = page.render().unwrap_or_else(|_| title.to_owned());
    Answer::Page(status, html)
}

/// Returns the error with all that caused it, for the log.
fn chain(error: &Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}

/// Returns a message as a sentence of a page begins.
pub(crate) fn capital(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
