//! Whose a resource is. What stands about one patient is never taken into another's order.
//!
//! Only what can be told counts: a resource that names nobody may be the order's own.

use super::gather::Gather;
use crate::bundle::Bundle;
use crate::datatype::Reference;
use crate::json::Node;
use crate::kind::withdrawn_request;
use crate::problem::{Code, Problem};
use crate::resource::{Claim, Patient, Resource, Task};

/// A patient, as far as a reference names one.
#[derive(Clone, Default)]
pub(super) struct Whose<'t> {
    /// The patient, when it came along.
    patient: Option<Patient<'t>>,
    /// The id in the reference, when it is a patient's.
    id: Option<&'t str>,
}

impl<'t> Whose<'t> {
    /// Returns whether they are certainly two patients.
    pub(super) fn differs(&self, other: &Self) -> bool {
        match (self.patient, other.patient) {
            (Some(one), Some(other)) => {
                !one.resource().is_same(other.resource()) && !share_identifier(one, other)
            }
            _ => match (self.ids(), other.ids()) {
                ([None, None], _) | (_, [None, None]) => false,
                (own, others) => !own.iter().flatten().any(|id| others.contains(&Some(id))),
            },
        }
    }

    /// Returns whether the patient came along.
    pub(super) const fn came_along(&self) -> bool {
        self.patient.is_some()
    }

    const fn is_known(&self) -> bool {
        self.patient.is_some() || self.id.is_some()
    }

    fn ids(&self) -> [Option<&'t str>; 2] {
        [self.id, self.patient.and_then(|patient| patient.resource().id())]
    }
}

/// Numbers of one patient that are compared; a patient has a few, and a document may hold many thousands.
const NUMBERS_MAX: usize = 20;

/// The same person may come along twice, once contained in a request: one number of one system is one person's.
fn share_identifier(one: Patient<'_>, other: Patient<'_>) -> bool {
    let others: Vec<(&str, &str)> = numbers(other).collect();
    numbers(one).any(|number| others.contains(&number))
}

fn numbers(patient: Patient<'_>) -> impl Iterator<Item = (&str, &str)> {
    let all = patient.resource().node().list("identifier").iter().take(NUMBERS_MAX);
    all.filter_map(|one| Some((one.text("system")?, one.text("value")?)))
}

impl<'t> Gather<'t> {
    /// Returns whom a reference at `from` means.
    pub(super) fn whose(&self, reference: &Reference<'t>, from: Node<'t>) -> Whose<'t> {
        let patient = self.resolver.resolve(reference, from).and_then(Patient::of);
        let is_patient = patient.is_some() || reference.target_kind() == Some("Patient");
        Whose { patient, id: reference.target_id().filter(|_| is_patient) }
    }

    /// Returns the patients that are ordered for, each once, in the order of the text.
    pub(super) fn patients(&self) -> Vec<Whose<'t>> {
        let mut patients: Vec<Whose<'t>> = Vec::new();
        for (reference, from) in &self.subjects {
            let one = self.whose(reference, from);
            let known = patients.iter_mut().find(|known| !known.differs(&one));
            match known {
                Some(known) if known.patient.is_none() => *known = one,
                Some(_) => {}
                None => patients.push(one),
            }
        }
        patients
    }

    /// Returns whether a document for several patients can be taken apart: a claim is one patient's by its rules, a deletion
    /// names nobody, and a task that contradicts its own request is for its sender to mend.
    pub(super) fn is_divisible(&self) -> bool {
        let deletes = |bundle: Bundle<'t>| {
            bundle
                .entries()
                .any(|entry| withdrawn_request(entry.method, entry.request_url).is_some())
        };
        let bundle = Resource::at(self.tree.root()).and_then(Bundle::of);
        let has_claim = self.resolver.resources().any(|one| Claim::of(one).is_some());
        bundle.is_some_and(|bundle| !deletes(bundle)) && !has_claim && !self.is_contradictory
    }

    /// Returns whether a resource may stand in this order: in a document for several patients it has to name the right one.
    pub(super) fn is_own(&self, resource: Resource<'t>) -> bool {
        let Some(only) = &self.only else { return true };
        self.owner(resource).is_some_and(|owner| !owner.differs(only))
    }

    /// Returns the same of a task, which may leave it to its request to say for whom it is.
    pub(super) fn is_own_task(&self, task: Task<'t>) -> bool {
        let node = task.resource().node();
        if task.beneficiary().is_some() {
            return self.is_own(task.resource());
        }
        let asked = task.focus().into_iter().chain(task.based_on());
        let mut found = asked.filter_map(|reference| self.resolver.resolve(&reference, node));
        self.only.is_none() || found.any(|request| self.is_own(request))
    }

    /// Notes when a task is for one patient and points at a request for another.
    pub(super) fn check_task(&mut self, task: Task<'t>, asked: &Reference<'t>) {
        let node = task.resource().node();
        let owner = self.owner(task.resource());
        let request = self.resolver.resolve(asked, node).and_then(|found| self.owner(found));
        if let (Some(owner), Some(request)) = (owner, request) {
            self.is_contradictory |= owner.differs(&request);
        }
    }

    /// Returns whether a resource is about another patient than the order's, as far as it is known by now.
    pub(super) fn is_others(&self, resource: Resource<'t>) -> bool {
        let own = self.only.clone().or_else(|| {
            let (reference, from) = self.subjects.first()?;
            Some(self.whose(reference, from))
        });
        let (Some(own), Some(owner)) = (own, self.owner(resource)) else { return false };
        own.is_known() && owner.differs(&own)
    }

    /// Says that something about another patient was left out.
    pub(super) fn leave_out_others(&mut self, resource: Resource<'t>) {
        let message = "this is about another patient than the order and was left out";
        let path = self.tree.path_of(resource.node());
        self.problems.push(Problem::warning(Code::OtherPatient, path, message));
    }

    fn owner(&self, resource: Resource<'t>) -> Option<Whose<'t>> {
        let keys = ["subject", "patient", "beneficiary", "for"];
        let reference = keys.iter().find_map(|key| resource.reference(key))?;
        Some(self.whose(&reference, resource.node())).filter(Whose::is_known)
    }
}
