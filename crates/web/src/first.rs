//! The page by which an empty hub explains itself: who works here, by whose rules, who delivers, and how orders come in.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::shell::Shell;
use crate::signin::broken;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::first::{self, FirstSteps};
use doorstep_app::{Ctx, Permission, Result};

/// Payers that are named; the others are counted.
const NAMED: usize = 5;

struct Step {
    head: &'static str,
    is_done: bool,
    stands: String,
    words: &'static str,
    commands: &'static [&'static str],
    /// The page where the reader does it, where they may.
    leads: Option<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "first.html")]
struct Page<'a> {
    shell: &'a Shell,
    has_case: bool,
    steps: [Step; 4],
}

/// Returns whether somebody is shown the first steps before anything else: those who set a hub up, until an order comes.
pub(crate) fn comes_first(ctx: &Ctx) -> Result<bool> {
    let sets_up = [Permission::ManageUsers, Permission::ManageProviders];
    Ok(sets_up.iter().any(|permission| ctx.may(*permission).is_ok()) && first::is_new(ctx)?)
}

/// Shows what a hub needs, and what of it is there.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let stands = first::first_steps(ctx)?;
    let page = Page { shell: &asked.shell, has_case: stands.has_case, steps: steps(ctx, &stands) };
    Ok(Answer::Page(StatusCode::OK, page.render().map_err(broken)?))
}

fn steps(ctx: &Ctx, stands: &FirstSteps) -> [Step; 4] {
    let lead = |permission, path, words| ctx.may(permission).is_ok().then_some((path, words));
    [
        Step {
            head: "People",
            is_done: stands.n_people > 0,
            stands: counted(stands.n_people, ("one person", "people")),
            words: "Agents take calls and work cases, nurses triage, a supervisor answers for what is \
                    raised. An administrator adds them and hands each a link that signs in once.",
            commands: &["doorstep user add ana --role supervisor"],
            leads: lead(Permission::ManageUsers, "/users", "Add people"),
        },
        Step {
            head: "Rules of payers",
            is_done: !stands.payers.is_empty(),
            stands: named(&stands.payers),
            words: "A pack is a folder of text: which order needs what, what needs an authorization, \
                    which clock runs how long, each with its source. Those that are built in are \
                    examples. Copy one, write yours, check it, and start with it.",
            commands: &["doorstep check packs ./mine", "doorstep serve --packs ./mine"],
            leads: None,
        },
        Step {
            head: "Providers",
            is_done: stands.n_providers > 0,
            stands: counted(stands.n_providers, ("one provider", "providers")),
            words: "Who supplies what, and where. A table brings them all at once; one can be typed in.",
            commands: &["doorstep provider import providers.csv"],
            leads: lead(Permission::ManageProviders, "/providers", "Enter providers"),
        },
        Step {
            head: "Orders",
            is_done: stands.has_case,
            stands: if stands.has_case { "they come in" } else { "none yet" }.to_owned(),
            words: "By telephone into the form, as files on the page Files, from a folder, or from other \
                    systems at /fhir, /x12 and /hl7 with an access key. FHIR, X12 278, HL7 v2 and CSV are \
                    told apart by what is in them, and answered in kind.",
            commands: &["doorstep intake inbox/"],
            leads: lead(Permission::Refer, "/referrals/new", "Enter a referral"),
        },
    ]
}

fn counted(n: usize, (one, many): (&str, &str)) -> String {
    match n {
        0 => "none yet".to_owned(),
        1 => one.to_owned(),
        n if n >= first::COUNTED as usize => format!("{n} {many} or more"),
        n => format!("{n} {many}"),
    }
}

fn named(payers: &[String]) -> String {
    let mut words = payers.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if payers.len() > NAMED {
        words = format!("{words} and {} more", payers.len() - NAMED);
    }
    if words.is_empty() { "none yet".to_owned() } else { words }
}
