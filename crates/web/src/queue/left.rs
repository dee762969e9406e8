//! What could not go out: jobs that are left to a person, each with why, and a button that tries it again.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::signin::encoded;
use crate::when::When;
use doorstep_app::{Ctx, Error, Result, jobs};
use doorstep_store::jobs::{Job, JobKey};
use doorstep_vocab::CaseId;

/// Jobs that a page shows.
const LEFT_MAX: u32 = 40;

pub(super) struct LeftView {
    pub(super) case_id: String,
    pub(super) job_id: String,
    pub(super) what: String,
    pub(super) why: &'static str,
    pub(super) code: String,
    pub(super) attempts: u32,
    pub(super) at: Option<When>,
    pub(super) case_path: String,
}

pub(super) fn list(ctx: &Ctx) -> Result<Vec<LeftView>> {
    Ok(jobs::left(ctx, LEFT_MAX)?.into_iter().map(|job| view(ctx, job)).collect())
}

/// Lets a job run again.
pub(crate) fn retry(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let named = |field| asked.form.get(field).ok_or(Error::NotFound);
    let key = JobKey { case_id: CaseId::from(named("case")?), job_id: named("job")?.to_owned() };
    jobs::retry(ctx, &key)?;
    Ok(Answer::See("/queue?done=retry#left".to_owned()))
}

fn view(ctx: &Ctx, job: Job) -> LeftView {
    let code = job.last_error.unwrap_or_default();
    LeftView {
        what: capital(&job.kind.replace('-', " ")),
        why: why(&code),
        code,
        attempts: job.attempts,
        at: job.dead_at.map(|at| When::in_full(at, &ctx.app.settings.hub_zone)),
        case_path: format!("/cases/{}", encoded(job.key.case_id.as_str())),
        case_id: job.key.case_id.to_string(),
        job_id: job.key.job_id,
    }
}

/// Says what a failed try's code means, and what would help.
fn why(code: &str) -> &'static str {
    match code {
        "broken" => "It could not be put out: have the outbox looked at, then try again.",
        "busy" => "The store was busy each time: try again.",
        "not-found" => "What it is about is no longer there: tell them by hand.",
        "panicked" => "The program failed at it: have the log looked at.",
        _ => "It cannot be done as it stands: look at the case, and tell them by hand.",
    }
}
