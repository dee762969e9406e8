//! Gathers an order from whatever root it came in.

use super::evidence::DiagnosisSource;
use super::line::{Action, LineKind, OrderLine};
use super::whose::Whose;
use super::{Covered, Form, Intent, Order, Priority, is_request};
use crate::bundle::{Bundle, Resolver};
use crate::datatype::Reference;
use crate::json::{Node, Tree};
use crate::kind::{Kind, asks_for_care, classify, forbids, left_out, withdrawn_request};
use crate::problem::{Code, Problem};
use crate::resource::{Claim, Coverage, Encounter, Location, MessageHeader, Resource, Task};
use std::collections::HashSet;

/// What a document is, the order in it if there is one, and what is wrong.
#[derive(Debug)]
pub struct Reading<'t> {
    /// What the document is.
    pub kind: Kind,
    /// The order, when the kind is [`Kind::Order`] or [`Kind::Inquiry`].
    pub order: Option<Box<Order<'t>>>,
    /// What is wrong, the worst first, then in the order of the text.
    pub problems: Vec<Problem>,
}

/// Reads the orders out of `tree`, or says what else it is. Never empty.
///
/// A bundle of requests for several patients is an order for each: what stands about one is in no other's. What is wrong
/// with the document as a whole stands with the first.
pub fn read_orders<'t>(tree: &'t Tree<'t>) -> Vec<Reading<'t>> {
    let kind = classify(tree);
    let Some(root) =
        Resource::at(tree.root()).filter(|_| matches!(kind, Kind::Order | Kind::Inquiry))
    else {
        return vec![Reading { kind, order: None, problems: Vec::new() }];
    };
    let mut problems = Vec::new();
    let resolver = Resolver::of(tree, &mut problems);
    problems.extend(resolver.unresolved(tree));
    let of_document = problems.clone();
    let mut gather = Gather::new(tree, resolver, problems);
    gather.root(root);
    let whose = if gather.is_divisible() { gather.patients() } else { Vec::new() };
    // A patient who did not come along may be a slip of the pen rather than somebody else.
    if whose.len() < 2 || !whose.iter().all(Whose::came_along) {
        return vec![gather.finished(root, &kind).0];
    }
    let mut resolver = gather.resolver;
    let mut readings = Vec::new();
    for (n, one) in whose.into_iter().enumerate() {
        let problems = if n == 0 { of_document.clone() } else { Vec::new() };
        let mut gather = Gather::new(tree, resolver, problems);
        gather.only = Some(one);
        gather.root(root);
        let (reading, back) = gather.finished(root, &kind);
        readings.push(reading);
        resolver = back;
    }
    readings
}

/// How many lines, diagnoses, coverages, measurements and documents one order may have, each. The same as the cap on a
/// bundle's entries; a document cannot then grow an order out of all proportion to itself.
const PARTS_MAX: usize = 1000;

/// The work in progress.
pub(super) struct Gather<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) resolver: Resolver<'t>,
    pub(super) problems: Vec<Problem>,
    pub(super) order: Order<'t>,
    /// Requests that became lines already.
    pub(super) taken: Vec<Resource<'t>>,
    /// Every reference to someone cared for, and where it stood.
    pub(super) subjects: Vec<(Reference<'t>, Node<'t>)>,
    /// Where evidence was taken in already.
    pub(super) evidence: HashSet<u32>,
    /// Whether a claim says that it is related to an earlier one.
    pub(super) has_related: bool,
    /// Whether something was left out for want of room.
    is_full: bool,
    /// Whose order it is, when the document orders for several patients.
    pub(super) only: Option<Whose<'t>>,
    /// Whether a task is for one patient and asks for what was ordered for another.
    pub(super) is_contradictory: bool,
}

impl<'t> Gather<'t> {
    fn new(tree: &'t Tree<'t>, resolver: Resolver<'t>, problems: Vec<Problem>) -> Self {
        Self {
            tree,
            resolver,
            problems,
            order: Order::default(),
            taken: Vec::new(),
            subjects: Vec::new(),
            evidence: HashSet::new(),
            has_related: false,
            is_full: false,
            only: None,
            is_contradictory: false,
        }
    }

    /// Returns what was read, and the resolver for the next patient.
    fn finished(mut self, root: Resource<'t>, kind: &Kind) -> (Reading<'t>, Resolver<'t>) {
        self.finish(root, kind);
        let Self { mut problems, order, resolver, .. } = self;
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.level));
        (Reading { kind: kind.clone(), order: Some(Box::new(order)), problems }, resolver)
    }

    fn root(&mut self, root: Resource<'t>) {
        let resources: Vec<Resource<'t>> = self.resolver.resources().collect();
        if let Some(bundle) = Bundle::of(root) {
            self.order.identifiers.extend(bundle.identifier());
            self.order.authored_at = bundle.timestamp();
            self.withdrawals(bundle);
        }
        let claim =
            resources.iter().copied().filter_map(Claim::of).find(|claim| {
                matches!(claim.usage(), Some("preauthorization" | "predetermination"))
            });
        if let Some(claim) = claim {
            if let Some(bundle) = Bundle::of(root) {
                self.problems.extend(bundle.check_pas(self.tree));
            }
            self.claim(claim);
            self.earlier_claims(claim);
        }
        for header in resources.iter().copied().filter_map(MessageHeader::of) {
            self.message(header);
        }
        for task in
            resources.iter().copied().filter_map(Task::of).filter(|task| asks_for_care(*task))
        {
            if self.is_own_task(task) {
                self.task(task);
            }
        }
        let is_claimed = claim.is_some_and(|claim| !claim.items().is_empty());
        for resource in resources.iter().copied().filter(|resource| is_request(*resource)) {
            if !is_claimed && self.is_own(resource) {
                self.loose_request(resource, resource.is_same(root));
            }
        }
        for resource in resources {
            match resource.kind() {
                _ if !self.is_own(resource) => {}
                "Condition" => self.reason(resource, DiagnosisSource::Listed),
                _ => self.note_evidence(resource),
            }
        }
    }

    /// Returns whether there is room after `n_parts` of a kind; the first time there is none, that is a problem.
    pub(super) fn has_room(&mut self, n_parts: usize, node: Node<'t>) -> bool {
        if n_parts < PARTS_MAX {
            return true;
        }
        if !self.is_full {
            self.is_full = true;
            let message =
                format!("more than {PARTS_MAX} parts of a kind in one order: send several orders");
            self.problems.push(Problem::error(
                Code::TooManyEntries,
                self.tree.path_of(node),
                message,
            ));
        }
        false
    }

    fn withdrawals(&mut self, bundle: Bundle<'t>) {
        for entry in bundle.entries() {
            let Some(url) = withdrawn_request(entry.method, entry.request_url) else { continue };
            let reference = Reference { reference: Some(url), ..Reference::default() };
            self.note_earlier(vec![reference.clone()]);
            self.order.lines.push(OrderLine {
                path: self.tree.path_of(entry.node),
                kind: LineKind::Unseen,
                action: Action::Withdrawn,
                reference: Some(reference),
                ..OrderLine::default()
            });
        }
    }

    fn message(&mut self, header: MessageHeader<'t>) {
        let node = header.resource().node();
        self.order.form = Form::Message;
        let sender = header.sender().or_else(|| header.responsible());
        self.order.sender =
            sender.map(|sender| self.party(sender, node)).or(self.order.sender.take());
        let author = header.author().map(|author| self.party(author, node));
        self.order.requester = self.order.requester.take().or(author);
        let event = header.event().and_then(|event| event.code).or_else(|| header.event_uri());
        self.note_intent(event.unwrap_or_default());
        for focus in header.focus() {
            self.request_reference(focus, node);
        }
    }

    fn task(&mut self, task: Task<'t>) {
        let resource = task.resource();
        let node = resource.node();
        if self.order.form == Form::Requests {
            self.order.form = Form::Task;
        }
        self.order.identifiers.extend(resource.identifiers());
        self.note_patient(task.beneficiary(), node);
        self.note_priority(task.priority());
        self.note_encounter(task.encounter(), node);
        self.order.authored_at = task.authored_at().or(self.order.authored_at);
        let sender = task.requester().map(|sender| self.party(sender, node));
        self.order.sender = self.order.sender.take().or(sender);
        let owner = task.owner().map(|owner| self.party(owner, node));
        self.order.performers.extend(owner);
        for coverage in task.insurance() {
            self.note_coverage(coverage, node);
        }
        self.order.messages.extend(task.description().into_iter().chain(task.notes()));
        // BSeR business status 5.2 asks for cancellation. Source: BSeR referral guide.
        let is_withdrawn = matches!(resource.status(), Some("cancelled" | "entered-in-error"))
            || task.business_status().unwrap_or_default().has("5.2")
            || task.code().unwrap_or_default().has("abort");
        if is_withdrawn {
            self.order.intent = Intent::Cancel;
        }
        for reference in task.focus().into_iter().chain(task.based_on()) {
            self.check_task(task, &reference);
            self.request_reference(reference, node);
        }
    }

    /// Follows a reference to a request or a task; a request that did not come along still makes a line.
    pub(super) fn request_reference(&mut self, reference: Reference<'t>, from: Node<'t>) {
        match self.resolver.resolve(&reference, from) {
            Some(found) if is_request(found) && self.is_own(found) => {
                self.request(found, Some(reference));
            }
            Some(_) => {}
            // In a document for several patients, a header's reference to what did not come along is nobody's.
            None if self.only.is_some() && from.text("resourceType") == Some("MessageHeader") => {}
            None => {
                let is_ours = reference
                    .target_kind()
                    .is_some_and(|kind| kind == "Task" || crate::kind::REQUESTS.contains(&kind));
                if !is_ours || !self.has_room(self.order.lines.len(), from) {
                    return;
                }
                let is_known = self.order.lines.iter().any(|line| {
                    line.reference
                        .as_ref()
                        .is_some_and(|known| known.reference == reference.reference)
                });
                if !is_known {
                    let path = self.tree.path_of(from);
                    let text = reference.display;
                    let reference = Some(reference);
                    self.order.lines.push(OrderLine {
                        path,
                        kind: LineKind::Unseen,
                        reference,
                        text,
                        ..OrderLine::default()
                    });
                }
            }
        }
    }

    fn loose_request(&mut self, resource: Resource<'t>, is_root: bool) {
        match left_out(resource) {
            Some(reason) if !is_root && !self.is_taken(resource) => {
                let path = self.tree.path_of(resource.node());
                self.problems.push(Problem::information(
                    Code::LeftOut,
                    path,
                    format!("not taken as a line: {reason}"),
                ));
            }
            _ => self.request(resource, None),
        }
    }

    fn is_taken(&self, resource: Resource<'t>) -> bool {
        self.taken.iter().any(|taken| taken.is_same(resource))
    }

    fn request(&mut self, resource: Resource<'t>, reference: Option<Reference<'t>>) {
        if self.is_taken(resource) || !self.has_room(self.order.lines.len(), resource.node()) {
            return;
        }
        self.taken.push(resource);
        let node = resource.node();
        // Before the line, whose evidence has to be about the same patient.
        self.note_patient(
            resource.reference("subject").or_else(|| resource.reference("patient")),
            node,
        );
        if forbids(resource) {
            return self.leave_out_forbidden(resource);
        }
        let mut line = self.request_line(resource);
        line.reference = reference;
        self.note_priority(node.text("priority"));
        self.order.identifiers.extend(node.one("groupIdentifier"));
        let old_insurance = crate::datatype::extension(node, "ext-insurance.html")
            .and_then(|part| part.one("valueReference"));
        for coverage in resource.references("insurance").into_iter().chain(old_insurance) {
            self.note_coverage(coverage, node);
        }
        self.order.lines.push(line);
    }

    /// A request not to do something is no order, and a person has to know of it.
    pub(super) fn leave_out_forbidden(&mut self, resource: Resource<'t>) {
        let message =
            "the request says that this is not to be done (doNotPerform): it was left out";
        let path = self.tree.path_of(resource.node());
        self.problems.push(Problem::warning(Code::DoNotPerform, path, message));
    }

    pub(super) fn note_patient(&mut self, reference: Option<Reference<'t>>, from: Node<'t>) {
        let is_person = |one: &Reference<'t>| {
            !one.is_empty() && matches!(one.target_kind(), None | Some("Patient"))
        };
        self.subjects.extend(reference.filter(is_person).map(|reference| (reference, from)));
    }

    pub(super) fn note_coverage(&mut self, reference: Reference<'t>, from: Node<'t>) {
        let coverage = self.resolver.resolve(&reference, from).and_then(Coverage::of);
        if reference.target_kind().is_some_and(|kind| kind != "Coverage") || reference.is_empty() {
            return;
        }
        let is_known = self.order.coverages.iter().any(|known| match (known.coverage, coverage) {
            (Some(known), Some(new)) => known.resource().is_same(new.resource()),
            _ => known.reference == reference,
        });
        if !is_known && self.has_room(self.order.coverages.len(), from) {
            let covered = self.covered(reference, coverage);
            self.order.coverages.push(covered);
        }
    }

    pub(super) fn covered(
        &self,
        reference: Reference<'t>,
        coverage: Option<Coverage<'t>>,
    ) -> Covered<'t> {
        let Some(found) = coverage else {
            return Covered { reference, coverage, subscriber: None, payer: None };
        };
        let node = found.resource().node();
        let subscriber = found.subscriber().map(|subscriber| self.subject(subscriber, node));
        let payer = found.payors().into_iter().next().map(|payer| self.party(payer, node));
        Covered { reference, coverage, subscriber, payer }
    }

    pub(super) fn note_encounter(&mut self, reference: Option<Reference<'t>>, from: Node<'t>) {
        if self.order.encounter.is_none() {
            let found = reference.and_then(|reference| self.resolver.resolve(&reference, from));
            self.order.encounter = found.and_then(Encounter::of);
        }
    }

    pub(super) fn note_places(&mut self, references: &[Reference<'t>], from: Node<'t>) {
        let found =
            references.iter().filter_map(|reference| self.resolver.resolve(reference, from));
        self.order.places.extend(found.filter_map(Location::of));
    }

    pub(super) fn note_priority(&mut self, code: Option<&str>) {
        let priority = match code.map(str::to_ascii_lowercase).as_deref() {
            Some("stat" | "emergency") => Priority::Stat,
            Some("asap") => Priority::Asap,
            Some("urgent") => Priority::Urgent,
            _ => Priority::Routine,
        };
        self.order.priority = self.order.priority.max(priority);
    }

    fn note_intent(&mut self, event: &str) {
        let event = event.to_ascii_lowercase();
        if event.contains("cancel") || event.contains("discontinue") {
            self.order.intent = Intent::Cancel;
        } else if ["update", "change", "revis", "modif"].iter().any(|word| event.contains(word)) {
            self.order.intent = Intent::Change;
        }
    }
}
