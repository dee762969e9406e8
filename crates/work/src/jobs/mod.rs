//! The list of job kinds, one file a group. A job reads the case, puts a message out, and tells the case what it did.

mod clocks;
mod payer;
mod plan;
mod provider;
mod referrer;
mod written;

use crate::{Message, Post};
use doorstep_app::{App, CaseNow, Ctx, Error, Result, act, case_now};
use doorstep_case::{Command, Owner};
use doorstep_planted as planted;
use doorstep_store::jobs::Job;
use doorstep_vocab::{Timestamp, Zone};
use serde::de::DeserializeOwned;

/// What follows from a job that did not fail.
pub(crate) enum Next {
    /// It is done.
    Done,
}

/// What a job needs: who it acts as, the case as it stands, and its own body.
pub(crate) struct Task<'a> {
    pub(crate) ctx: &'a Ctx<'a>,
    pub(crate) file: &'a CaseNow,
    pub(crate) job: &'a Job,
    pub(crate) post: &'a dyn Post,
}

type Run = fn(&Task) -> Result<()>;

/// Every kind of job with what does it. A test holds this list to the kinds that the core's effects make.
pub(crate) const JOBS: &[(&str, Run)] = &[
    ("acknowledge-sender", referrer::acknowledge),
    ("send-question", referrer::ask),
    ("send-confirmation", referrer::confirm),
    ("recall-question", referrer::recall),
    ("tell-provider", plan::tell_provider),
    ("tell-referrer", plan::tell_referrer),
    ("tell-member", plan::tell_member),
    ("ask-benefits", payer::ask_benefits),
    ("send-auth-request", payer::request_authorization),
    ("send-offer", provider::offer),
    ("recall-offer", provider::recall),
    ("warn-owner", clocks::warn),
    ("raise-escalation", clocks::raise),
    ("send-message", written::send),
];

pub(crate) fn run(app: &App, post: &dyn Post, job: &Job) -> Result<Next> {
    let (_, work) = JOBS.iter().find(|(kind, _)| *kind == job.kind).ok_or_else(|| {
        Error::bad("job-kind", format!("nothing here does jobs of kind {}", job.kind))
    })?;
    let ctx = app.system("worker");
    let file = case_now(&ctx, &job.key.case_id)?;
    work(&Task { ctx: &ctx, file: &file, job, post })?;
    Ok(Next::Done)
}

impl Task<'_> {
    /// Reads the job's body.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.job.body)
            .map_err(|_| Error::bad("job-body", "the job's body cannot be read"))
    }

    /// Puts a message out under the job's id. One to a member who has died since does not go out: the family does not hear
    /// of it by a letter about care. Source: facts 11.5 (47).
    pub(crate) fn send(&self, message: &Message) -> Result<()> {
        if message.to == Owner::Member.name() && self.file.case.may_have_died() {
            tracing::info!(case.id = %self.file.case.id, "nothing is written to the member any more");
            return Ok(());
        }
        let sent = self.post.put(&self.job.key.job_id, message);
        if planted::is("takes-failure-for-success") {
            return Ok(());
        }
        sent.map_err(|error| Error::Broken(Box::new(error)))
    }

    /// Tells the case. What the rules refuse by now is no failure of the job: the case went on meanwhile.
    pub(crate) fn tell(&self, command: &Command) -> Result<()> {
        match act(self.ctx, &self.file.case.id, None, command) {
            Ok(_) => Ok(()),
            Err(Error::Refused(refusal)) => {
                tracing::info!(case.id = %self.file.case.id, code = refusal.code(), "the case went on meanwhile");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the case number as people write it.
    pub(crate) fn number(&self) -> String {
        self.file.case.number.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// Returns a time as people where the member lives read it.
    pub(crate) fn local(&self, at: Timestamp) -> String {
        let zone: &Zone = self.file.case.zone.as_ref().unwrap_or(&self.ctx.app.settings.hub_zone);
        format!("{} {zone}", at.civil(zone).strftime("%a %Y-%m-%d %H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::JOBS;

    #[test]
    fn every_job_that_a_case_wants_has_somebody_who_does_it() {
        let mut known: Vec<&str> = JOBS.iter().map(|(kind, _)| *kind).collect();
        let mut wanted = doorstep_app::JOB_KINDS.to_vec();
        known.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(known, wanted);
    }
}
