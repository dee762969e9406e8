//! The last look over an order: gaps are filled from what came along, and what is missing is said.

use super::gather::Gather;
use super::line::{Action, LineKind};
use super::party::Subject;
use super::{Form, Intent};
use crate::datatype::{Occurrence, Period, Reference};
use crate::kind::Kind;
use crate::problem::{Code, Problem};
use crate::resource::{Coverage, Encounter, Patient, Resource};

impl<'t> Gather<'t> {
    /// Fills what is still open from what came along, and says what is missing.
    pub(super) fn finish(&mut self, root: Resource<'t>, kind: &Kind) {
        self.finish_patient();
        self.finish_coverage();
        let own = |resource: &Resource<'t>| self.is_own(*resource) && !self.is_others(*resource);
        let encounters = || self.resolver.resources().filter(own).filter_map(Encounter::of);
        if self.order.encounter.is_none() && encounters().count() == 1 {
            self.order.encounter = encounters().next();
        }
        let stay = self.order.encounter.and_then(Encounter::period).unwrap_or_default();
        self.order.admitted = self.order.admitted.take().or(stay.start.map(Occurrence::At));
        self.order.discharged = self.order.discharged.take().or(stay.end.map(Occurrence::At));
        let event = self.order.event.filter(|event| *event != Period::default());
        self.order.event = event;
        self.order.diagnoses.sort_by_key(|one| (one.source, one.sequence.unwrap_or(u32::MAX)));
        let by_line = self.order.lines.iter().find_map(|line| line.requester.clone());
        let ordered_by =
            if self.order.form == Form::PriorAuthorization { None } else { by_line.clone() };
        self.order.requester = ordered_by.or(self.order.requester.take()).or(by_line);
        self.order.sender = self.order.sender.take().or_else(|| self.order.requester.clone());
        let by_line = self.order.lines.iter().find_map(|line| line.authored_at);
        self.order.authored_at = self.order.authored_at.or(by_line);
        if self.order.identifiers.is_empty() {
            let of_lines =
                self.order.lines.iter().flat_map(|line| line.identifiers.iter().cloned());
            self.order.identifiers = of_lines.collect();
        }
        self.finish_intent(root, kind);
        self.finish_lines(root);
    }

    fn finish_patient(&mut self) {
        let patients = self.patients();
        if patients.len() > 1
            && let Some(other) = self.subjects.iter().find_map(|(reference, from)| {
                let one = self.whose(reference, from);
                one.differs(&patients[0]).then_some(*from)
            })
        {
            let message = "the order names more than one patient: send one order for each";
            self.problems.push(Problem::error(
                Code::SeveralPatients,
                self.tree.path_of(other),
                message,
            ));
        }
        let mut found: Option<Subject<'t>> = None;
        for (reference, from) in std::mem::take(&mut self.subjects) {
            let subject = self.subject(reference, from);
            if found.as_ref().is_none_or(|known| known.patient.is_none()) {
                found = Some(subject);
            }
        }
        if found.is_none() {
            let mut patients = self.resolver.resources().filter_map(Patient::of);
            let only = patients.next().filter(|_| patients.next().is_none());
            found = only.map(|patient| Subject { patient: Some(patient), ..Subject::default() });
        }
        if found.is_none() {
            let message = "the order names no patient: say whom it is for";
            self.problems.push(Problem::error(
                Code::NoPatient,
                self.tree.path_of(self.tree.root()),
                message,
            ));
        }
        self.order.patient = found;
    }

    /// Without a reference to any, every coverage that came along is taken, in its own order.
    fn finish_coverage(&mut self) {
        if self.order.coverages.is_empty() {
            let own = |resource: &Resource<'t>| self.is_own(*resource);
            let mut loose: Vec<Coverage<'t>> =
                self.resolver.resources().filter(own).filter_map(Coverage::of).collect();
            loose.sort_by_key(|coverage| coverage.order().unwrap_or(u32::MAX));
            let found = loose
                .into_iter()
                .map(|coverage| self.covered(Reference::default(), Some(coverage)));
            self.order.coverages = found.collect();
        }
        let payer = self.order.coverages.iter().find_map(|covered| covered.payer.clone());
        self.order.payer = self.order.payer.take().or(payer);
    }

    fn finish_intent(&mut self, root: Resource<'t>, kind: &Kind) {
        let lines = &self.order.lines;
        let all_withdrawn =
            !lines.is_empty() && lines.iter().all(|line| line.action == Action::Withdrawn);
        let any_changed = lines.iter().any(|line| line.action != Action::Ordered);
        let is_update = self.has_related || any_changed || root.follows("profile-claim-update");
        self.order.intent = match self.order.intent {
            _ if *kind == Kind::Inquiry => Intent::Inquiry,
            _ if all_withdrawn || root.status() == Some("cancelled") => Intent::Cancel,
            Intent::New if is_update || !self.order.earlier.is_empty() => Intent::Change,
            known => known,
        };
    }

    fn finish_lines(&mut self, root: Resource<'t>) {
        if self.order.lines.is_empty() && self.order.intent != Intent::Inquiry {
            let message = "nothing is ordered: add an item or a request";
            self.problems.push(Problem::error(
                Code::NoLines,
                self.tree.path_of(root.node()),
                message,
            ));
        }
        for line in &self.order.lines {
            if !line.says_what() && line.kind != LineKind::Unseen {
                let message = "this line does not say what is ordered: add a code or a text";
                self.problems.push(Problem::warning(Code::NoCode, line.path.clone(), message));
            }
        }
    }
}
