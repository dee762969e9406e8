//! The lists of a case: what is missing, questions, offers, visits, escalations and disputes, documents, notes.

use super::clocks;
use super::desk::Desk;
use super::forms::action;
use crate::errors::capital;
use crate::field::Form;
use crate::signin::encoded;
use crate::when::When;
use crate::words;
use doorstep_app::CaseFile;
use doorstep_case::completeness::{Lack, Missing};
use doorstep_case::delivery::{Visit, VisitState};
use doorstep_case::disputes::{Dispute, PromiseEnd};
use doorstep_case::placement::OfferState;
use doorstep_case::{Blocks, Owner, lines_words};
use doorstep_vocab::{ClockId, EscalationId, LineNo};

/// One thing in a list: what it is, how it stands, what more is known.
pub(crate) struct Entry {
    pub(crate) what: String,
    pub(crate) tone: &'static str,
    pub(crate) state: String,
    pub(crate) more: String,
    pub(crate) at: Option<When>,
    pub(crate) thread: Vec<SaidView>,
}

/// A message of an escalation's thread.
pub(crate) struct SaidView {
    pub(crate) text: String,
    pub(crate) by: String,
    pub(crate) asked_by: String,
    pub(crate) at: When,
}

/// Something that the order lacks.
pub(crate) struct Lacking {
    pub(crate) what: &'static str,
    pub(crate) why: String,
    pub(crate) source: String,
    pub(crate) badges: Vec<(&'static str, String)>,
    pub(crate) is_asked: bool,
}

/// What one owner has to supply, and the form that asks for all of it that was not asked for yet.
pub(crate) struct LackingOf {
    pub(crate) owner: String,
    pub(crate) items: Vec<Lacking>,
    pub(crate) ask: Option<Form>,
}

/// Returns what is missing, by who has to supply it, what blocks most first.
pub(crate) fn missing(desk: &Desk) -> Vec<LackingOf> {
    let of = |owner: Owner| {
        let items: Vec<&Missing> =
            desk.missing.iter().filter(|missing| missing.owner == owner).collect();
        (!items.is_empty()).then(|| LackingOf {
            owner: capital(&words::source(owner)),
            ask: ask(desk, owner, &items),
            items: items.iter().map(|missing| lacking(desk, missing)).collect(),
        })
    };
    Owner::ALL.into_iter().filter_map(of).collect()
}

fn is_asked(desk: &Desk, missing: &Missing) -> bool {
    desk.case.orders.open_asks().any(|(_, ask)| ask.items.contains(&missing.item))
}

fn ask(desk: &Desk, owner: Owner, items: &[&Missing]) -> Option<Form> {
    let unasked: Vec<&str> =
        items.iter().filter(|m| !is_asked(desk, m)).map(|m| m.item.name()).collect();
    if unasked.is_empty() || owner == Owner::Hub || !desk.case.is_open() {
        return None;
    }
    let count = if unasked.len() == 1 {
        "for this".to_owned()
    } else {
        format!("for all {}", unasked.len())
    };
    let words = format!("Ask {} {count}", words::owner(owner));
    let id: String = doorstep_app::token().reveal().chars().take(24).collect();
    let form = Form::new(format!("ask-{}", owner.name()), action(desk, "asks"), words, desk.csrf)
        .hide("seen", desk.case.seq.to_string())
        .hide("of", owner.name())
        .hide("ask_id", id);
    let mut form = unasked.into_iter().fold(form, |form, item| form.hide("items", item));
    form.is_main =
        desk.next.code == "ask" && desk.missing.first().is_some_and(|first| first.owner == owner);
    Some(form)
}

fn lacking(desk: &Desk, missing: &Missing) -> Lacking {
    let Blocks { authorization, delivery, billing } = missing.blocks;
    let mut badges = Vec::new();
    // Where every open line lacks it, that need not be said.
    if missing.lines.len() < desk.case.open_lines().count() {
        let lines: Vec<LineNo> = missing.lines.keys().copied().collect();
        badges.push(("", capital(&lines_words(&lines))));
    }
    match missing.lack {
        Lack::Absent => {}
        Lack::Stale => badges.push(("soon", "too old".to_owned())),
        Lack::NotQualified => badges.push(("late", "does not qualify".to_owned())),
    }
    let blocks = [
        (delivery, "late", "blocks delivery"),
        (authorization, "soon", "blocks authorization"),
        (billing, "", "blocks billing"),
    ];
    badges.extend(
        blocks
            .into_iter()
            .filter(|(is_so, ..)| *is_so)
            .map(|(_, tone, words)| (tone, words.to_owned())),
    );
    Lacking {
        what: missing.item.words(),
        why: capital(&missing.why),
        source: missing.source.clone(),
        badges,
        is_asked: is_asked(desk, missing),
    }
}

/// Returns the questions, the open ones first.
pub(crate) fn asks(desk: &Desk) -> Vec<Entry> {
    let mut asks: Vec<_> = desk.case.orders.asks.values().collect();
    asks.sort_by_key(|ask| (ask.ended_at.is_some(), std::cmp::Reverse(ask.asked_at)));
    let entry = |ask: &doorstep_case::orders::Ask| {
        let items: Vec<&str> = ask.items.iter().map(|item| item.words()).collect();
        let chased = match ask.chased {
            0 => String::new(),
            1 => ", asked again once".to_owned(),
            n => format!(", asked again {n} times"),
        };
        Entry {
            what: capital(&format!("{}: {}", words::owner(ask.of), items.join("; "))),
            tone: if ask.ended_at.is_some() { "" } else { "turn" },
            state: if ask.ended_at.is_some() { "ended" } else { "open" }.to_owned(),
            more: format!("asked{chased}"),
            at: Some(When::at(ask.asked_at, &desk.zone)),
            thread: Vec::new(),
        }
    };
    asks.into_iter().map(entry).collect()
}

/// Returns the offers, the latest first.
pub(crate) fn offers(desk: &Desk) -> Vec<Entry> {
    let mut offers: Vec<_> = desk.case.placement.offers.values().collect();
    offers.sort_by_key(|offer| std::cmp::Reverse(offer.offered_at));
    let entry = |offer: &doorstep_case::placement::Offer| {
        let (tone, state, more) = match &offer.state {
            OfferState::Open => (
                "turn",
                "open",
                format!("answer by {}", When::at(offer.respond_by, &desk.zone).local),
            ),
            OfferState::Accepted { commit_by, .. } => {
                ("good", "accepted", format!("there by {}", When::at(*commit_by, &desk.zone).local))
            }
            OfferState::Declined(reason) => ("late", "declined", reason.words().to_owned()),
            OfferState::Withdrawn => {
                let why =
                    offer.withdrawn.map_or("", doorstep_case::placement::WithdrawReason::words);
                ("", "withdrawn", why.to_owned())
            }
            OfferState::Expired => ("late", "no answer", String::new()),
            OfferState::Returned(reason) => ("late", "given back", reason.words().to_owned()),
        };
        // Providers answer by phone: whoever records it has the number before them.
        let reach = match offer.state {
            OfferState::Open | OfferState::Accepted { .. } => desk.reach.get(&offer.provider_id),
            _ => None,
        };
        let more: Vec<String> = [more, reach.cloned().unwrap_or_default()]
            .into_iter()
            .filter(|words| !words.is_empty())
            .map(|words| capital(&words))
            .collect();
        Entry {
            what: format!("{}: {}", desk.provider(&offer.provider_id), desk.on(&offer.lines)),
            tone,
            state: state.to_owned(),
            more: more.join(". "),
            at: Some(When::at(offer.offered_at, &desk.zone)),
            thread: Vec::new(),
        }
    };
    offers.into_iter().map(entry).collect()
}

/// Returns the visits in the order of their windows.
pub(crate) fn visits(desk: &Desk) -> Vec<Entry> {
    let mut visits: Vec<&Visit> = desk.case.delivery.visits.values().collect();
    visits.sort_by_key(|visit| visit.from);
    visits.into_iter().map(|visit| visit_entry(desk, visit)).collect()
}

fn visit_entry(desk: &Desk, visit: &Visit) -> Entry {
    let (tone, state) = match &visit.state {
        VisitState::Scheduled if visit.confirmed_at.is_some() => ("turn", "confirmed".to_owned()),
        VisitState::Scheduled => ("turn", "scheduled".to_owned()),
        VisitState::EnRoute => ("turn", "on the way".to_owned()),
        VisitState::Done { .. } => ("good", "done".to_owned()),
        VisitState::Missed(reason) => ("late", format!("missed: {}", reason.words())),
        VisitState::Cancelled => match visit.cancelled {
            Some(reason) => ("", format!("cancelled: {}", reason.words())),
            None => ("", "cancelled".to_owned()),
        },
    };
    let window = format!("Until {}", When::clock(visit.to, &desk.zone).local);
    let proof =
        visit.proof.as_ref().map(|proof| format!("{window}. Proof: {}", proof.method.words()));
    Entry {
        what: format!("{}: {}", desk.provider(&visit.provider_id), desk.on(&visit.lines)),
        tone,
        state,
        more: proof.unwrap_or(window),
        at: Some(When::at(visit.from, &desk.zone)),
        thread: Vec::new(),
    }
}

/// Returns escalations and disputes, the open ones first.
pub(crate) fn disputes(desk: &Desk) -> Vec<Entry> {
    let escalations = desk.case.disputes.escalations.iter().map(|(id, escalation)| {
        let more = match (&escalation.owner, escalation.committed_to) {
            (Some(owner), Some(at)) => {
                format!("{} promised {}", desk.reached(owner), When::at(at, &desk.zone).local)
            }
            (Some(owner), None) => {
                format!("{} has seen it, nothing is promised", desk.reached(owner))
            }
            (None, _) => "Nobody has taken it".to_owned(),
        };
        let is_open = escalation.resolved_at.is_none();
        let (tone, state) = if is_open { ("late", "open") } else { ("good", "resolved") };
        let broken = escalation
            .promises
            .iter()
            .filter(|promise| promise.standing(desk.now) == Some(PromiseEnd::Broken))
            .count();
        let state =
            if broken > 0 { format!("{state}, a promise broken") } else { state.to_owned() };
        (
            is_open,
            Entry {
                what: format!(
                    "Escalation, level {}: {}{}",
                    escalation.level,
                    escalation.reason.words(),
                    missed_clock(desk, id)
                ),
                tone,
                state,
                more,
                at: Some(When::at(escalation.opened_at, &desk.zone)),
                thread: thread(desk, id),
            },
        )
    });
    let disputes = desk.case.disputes.disputes.values().map(|dispute| {
        let (tone, state) = match (dispute.outcome, dispute.filed_at) {
            (None, None) if dispute.kind.is_complaint() => ("soon", "open"),
            (Some((_, outcome)), _) => ("", outcome.words()),
            (None, Some(_)) => ("turn", "filed"),
            (None, None) => ("soon", "not filed yet"),
        };
        (
            dispute.outcome.is_none(),
            Entry {
                what: capital(dispute.kind.words()),
                tone,
                state: state.to_owned(),
                more: dispute_more(desk, dispute),
                at: Some(When::at(dispute.opened_at, &desk.zone)),
                thread: Vec::new(),
            },
        )
    });
    let mut all: Vec<(bool, Entry)> = escalations.chain(disputes).collect();
    all.sort_by_key(|(is_open, _)| !is_open);
    all.into_iter().map(|(_, entry)| entry).collect()
}

/// What a dispute is about: its lines, and of a complaint what was told and what became of it.
fn dispute_more(desk: &Desk, dispute: &Dispute) -> String {
    let mut more: Vec<String> = Vec::new();
    if !dispute.lines.is_empty() {
        more.push(desk.on(&dispute.lines));
    }
    if let Some(complaint) = &dispute.complaint {
        let told = &complaint.told;
        more.push(capital(told.category.words()));
        more.push(format!("severity {}", told.severity.words()));
        more.push(format!("from {}, by {}", told.from.words(), told.door.words()));
        more.push(format!("first heard {}", When::at(told.received_at, &desk.zone).local));
        more.push(
            if complaint.acknowledged_at.is_some() { "acknowledged" } else { "not acknowledged" }
                .to_owned(),
        );
        more.extend(complaint.answered.as_ref().map(|(at, answer)| {
            let how = if answer.in_writing { "in writing" } else { "aloud" };
            format!("answered {how} {}", When::at(*at, &desk.zone).local)
        }));
        more.extend(complaint.was.iter().map(|(_, kind)| format!("was filed as {}", kind.words())));
    }
    more.join("; ")
}

/// What was written about an escalation, the oldest first.
fn thread(desk: &Desk, id: &EscalationId) -> Vec<SaidView> {
    let of_it = desk.threads.iter().filter(|message| message.escalation_id == *id);
    let view = of_it.map(|message| SaidView {
        text: message.text.reveal().clone(),
        by: desk.person(&message.author),
        asked_by: message.asked_by.reveal().clone(),
        at: When::at(message.at, &desk.zone),
    });
    view.collect()
}

/// What the clock was about whose running out raised an escalation, where the case has several lines: two clocks that run
/// out at once raise two that would look alike.
fn missed_clock(desk: &Desk, id: &EscalationId) -> String {
    let clock = id.as_str().strip_prefix("missed:").map(ClockId::from);
    let clock = clock.and_then(|id| desk.case.clocks.0.get(&id));
    let words = clock.map(|clock| clocks::about(desk.case, &clock.started.about, &desk.lines));
    words.filter(|words| !words.is_empty()).map(|words| format!(" ({words})")).unwrap_or_default()
}

/// A document with where it can be had.
pub(crate) struct DocumentView {
    pub(crate) path: String,
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) by: String,
    pub(crate) at: When,
}

/// Returns the documents, the latest first.
pub(crate) fn documents(desk: &Desk, file: &CaseFile) -> Vec<DocumentView> {
    let view = file.documents.iter().rev().map(|document| DocumentView {
        path: format!("{}/{}", action(desk, "documents"), encoded(document.document_id.as_str())),
        kind: words::document(document.kind),
        title: document.title.reveal().clone(),
        by: desk.person(&document.added_by),
        at: When::in_full(document.added_at, &desk.zone),
    });
    view.collect()
}

/// A note.
pub(crate) struct NoteView {
    pub(crate) text: String,
    pub(crate) by: String,
    pub(crate) place: String,
    pub(crate) at: When,
    pub(crate) is_shared: bool,
}

/// Returns the notes, the latest first.
pub(crate) fn notes(desk: &Desk, file: &CaseFile) -> Vec<NoteView> {
    let view = file.notes.iter().rev().map(|note| NoteView {
        text: note.text.reveal().clone(),
        by: desk.person(&note.author),
        place: note.place.clone(),
        at: When::in_full(note.at, &desk.zone),
        is_shared: note.visibility == doorstep_store::notes::Visibility::Shared,
    });
    view.collect()
}
