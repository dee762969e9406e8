//! Messages about a plan: it was made, it changed, it ends. To the provider that holds it, the referrer, the member;
//! each gets what it needs to act on it and no more. Sources: facts 5.3 minimum necessary, 11.5 (42, 44).

use super::Task;
use super::referrer::to_referrer;
use crate::Message;
use doorstep_app::{Result, desk};
use doorstep_case::placement::LinePlacement;
use doorstep_case::{Line, News, Person, Tell};
use doorstep_store::contacts::Contact;
use doorstep_vocab::{LineNo, ProviderId};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    provider_id: Option<ProviderId>,
    tell: Tell,
}

/// Tells a provider about what it holds: which lines, what happened, and what to do. The whole packet comes with
/// acceptance, not before.
pub(super) fn tell_provider(task: &Task) -> Result<()> {
    let Body { provider_id, tell } = task.body()?;
    let mut lines = vec![headline(task, &tell)];
    lines.extend(services(task, &tell));
    lines.extend(visit(task, &tell));
    lines.extend(because(&tell));
    match tell.news {
        News::Accepted => lines.extend(packet(task, &tell)),
        News::DischargeMoved | News::NeedByMoved => lines.extend(times(task)),
        News::AuthChanged => lines.extend(authorizations(task, &tell)),
        _ => {}
    }
    lines.push(to_do_by_provider(tell.news).to_owned());
    let address = provider_id.map(|id| id.to_string()).unwrap_or_default();
    task.send(&Message { to: "provider", address, subject: subject(task, &tell), lines })
}

/// Tells whoever sent the order, who may have promised the member what was confirmed.
pub(super) fn tell_referrer(task: &Task) -> Result<()> {
    let Body { tell, .. } = task.body()?;
    let mut lines = vec![headline(task, &tell)];
    lines.extend(services(task, &tell));
    lines.extend(visit(task, &tell));
    lines.extend(because(&tell));
    if still_comes(tell.news) {
        lines.extend(providers(task, &tell.lines)?);
    }
    lines.push(next_for_referrer(tell.news).to_owned());
    task.send(&to_referrer(task, subject(task, &tell), lines))
}

/// Tells the member who comes, or that nobody does. What is brought stays out of it: others may read it.
pub(super) fn tell_member(task: &Task) -> Result<()> {
    let Body { provider_id, tell } = task.body()?;
    let provider = match &provider_id {
        Some(id) => desk::provider(task.ctx, id)?.map(|known| match known.phone {
            Some(phone) => format!("{}, {phone}", known.name),
            None => known.name,
        }),
        None => None,
    };
    let provider = provider.unwrap_or_else(|| "your provider".to_owned());
    let words = match tell.news {
        News::Accepted => format!("Your care at home is arranged with {provider}."),
        News::ContactNamed => format!("At {provider} somebody else looks after you now."),
        News::Returned => format!("{provider} cannot come. We are looking for another provider."),
        News::Scheduled => format!("{provider} comes to you."),
        News::Rescheduled => format!("{provider} comes at another time than we told you."),
        News::VisitCancelled => format!("{provider} does not come at the time we told you."),
        News::Unanswered => {
            "Your order is not complete: we asked for what is missing and have no answer yet."
                .to_owned()
        }
        News::LineCancelled => "A part of your order will not be delivered.".to_owned(),
        other => format!("About your care at home: {}.", other.words()),
    };
    let mut lines = vec![words];
    lines.extend(visit(task, &tell));
    if still_comes(tell.news) {
        lines.extend(contacts(task, &tell.lines));
    }
    lines.push(format!("Questions? Call us and name case {}.", task.number()));
    let phone = task.file.party.person.phones.first();
    let address = phone.map(|phone| phone.number.reveal().clone()).unwrap_or_default();
    let subject = format!("Case {}", task.number());
    task.send(&Message { to: "member", address, subject, lines })
}

/// Whether the provider still comes by this news, so that it is worth calling.
const fn still_comes(news: News) -> bool {
    match news {
        News::Accepted
        | News::ContactNamed
        | News::Scheduled
        | News::Rescheduled
        | News::LeftOver
        | News::Missed
        | News::PickUpDue => true,
        News::Returned
        | News::AgreementEnded
        | News::VisitCancelled
        | News::Refused
        | News::LineCancelled
        | News::LineCompleted
        | News::LineReopened
        | News::AuthChanged
        | News::DischargeMoved
        | News::NeedByMoved
        | News::CancelRequested
        | News::CancelAnswered
        | News::Closed
        | News::Reopened
        | News::Deceased
        | News::Stayed
        | News::Unanswered => false,
    }
}

/// Whom to ask for at whoever has the lines, each once. Source: facts 5.3, an acceptance names a contact.
pub(super) fn contacts(task: &Task, lines: &[LineNo]) -> Vec<String> {
    let lines = lines.iter().filter_map(|no| task.file.case.lines.get(no));
    let named: BTreeMap<_, _> = lines
        .filter_map(|line| task.file.contact(line))
        .map(|one| (&one.contact_id, one))
        .collect();
    let words = |(_, contact): (_, &Contact)| {
        format!("Ask for {}, {}.", contact.name.reveal(), contact.phone.reveal())
    };
    named.into_iter().map(words).collect()
}

/// Whoever has the lines, by name, each with whom to ask for there.
pub(super) fn providers(task: &Task, lines: &[LineNo]) -> Result<Vec<String>> {
    let of = |no: &LineNo| task.file.case.lines.get(no)?.placement.provider().cloned();
    let ids: Vec<ProviderId> =
        lines.iter().filter_map(of).collect::<BTreeSet<_>>().into_iter().collect();
    let known = desk::providers(task.ctx, &ids)?;
    let mut out = Vec::new();
    for id in ids {
        let name = known.get(&id).map_or_else(|| id.to_string(), |provider| provider.name.clone());
        let phone = known.get(&id).and_then(|provider| provider.phone.as_ref());
        let phone = phone.map(|phone| format!(", {phone}")).unwrap_or_default();
        out.push(format!("Provider: {name}{phone}."));
        let theirs: Vec<LineNo> =
            lines.iter().copied().filter(|no| of(no).as_ref() == Some(&id)).collect();
        out.extend(contacts(task, &theirs));
    }
    Ok(out)
}

fn subject(task: &Task, tell: &Tell) -> String {
    format!("Case {}: {}", task.number(), tell.news.words())
}

fn headline(task: &Task, tell: &Tell) -> String {
    format!("Case {}: {}.", task.number(), tell.news.words())
}

fn lines_of<'a>(task: &'a Task, tell: &'a Tell) -> impl Iterator<Item = &'a Line> {
    tell.lines.iter().filter_map(|no| task.file.case.lines.get(no))
}

fn services(task: &Task, tell: &Tell) -> Vec<String> {
    let service = |line: &Line| {
        let code = line.request.code.as_ref().map_or("", |code| code.as_str());
        let (owed, unit) = (line.ledger.outstanding(), line.request.unit.name());
        format!("- line {}: {}/{} {code}, {owed} {unit} owed", line.no, line.service, line.family)
    };
    lines_of(task, tell).map(service).collect()
}

fn visit(task: &Task, tell: &Tell) -> Option<String> {
    let visit = task.file.case.delivery.visits.get(tell.visit_id.as_ref()?)?;
    let planned = match tell.news {
        News::VisitCancelled | News::Missed => "It was planned between",
        _ => "Between",
    };
    Some(format!("{planned} {} and {}.", task.local(visit.from), task.local(visit.to)))
}

fn because(tell: &Tell) -> Option<String> {
    tell.because.as_ref().map(|words| format!("Because: {words}."))
}

/// All that a provider needs to come: whom, where, by when, under which authorization, on whose order.
fn packet(task: &Task, tell: &Tell) -> Vec<String> {
    let party = &task.file.party;
    let mut lines = vec![format!("Member: {}.", name(&party.person))];
    if let Some(born) = &party.person.birth_on {
        lines.push(format!("Born: {}.", born.reveal()));
    }
    lines.push(format!("Address: {}.", address(&party.person)));
    let numbers = party.person.phones.iter();
    let numbers: Vec<&str> = numbers.map(|phone| phone.number.reveal().as_str()).collect();
    lines.push(format!("Telephone: {}.", numbers.join(", ")));
    if let Some(prescriber) = &party.prescriber {
        let told = [&prescriber.name, &prescriber.npi, &prescriber.phone];
        let told: Vec<&str> = told.into_iter().flatten().map(String::as_str).collect();
        lines.push(format!("Ordered by: {}.", told.join(", ")));
    }
    lines.extend(times(task));
    lines.extend(authorizations(task, tell));
    let promised = lines_of(task, tell).find_map(|line| match &line.placement {
        LinePlacement::Accepted { commit_by, .. } => Some(*commit_by),
        _ => None,
    });
    lines.extend(promised.map(|at| format!("You committed to be there by {}.", task.local(at))));
    lines
}

fn name(person: &Person) -> String {
    let given = person.given.iter().map(|given| given.reveal().as_str());
    let family = person.family.iter().map(|family| family.reveal().as_str());
    given.chain(family).collect::<Vec<_>>().join(" ")
}

fn address(person: &Person) -> String {
    let Some(address) = &person.address else { return "not known yet, ask us".to_owned() };
    let place = [&address.city, &address.state, &address.zip];
    let parts = address.lines.iter().chain(place.into_iter().flatten());
    parts.map(|part| part.reveal().as_str()).collect::<Vec<_>>().join(", ")
}

fn times(task: &Task) -> Vec<String> {
    let intake = &task.file.case.intake;
    let discharge = intake.discharge.as_ref().map(|discharge| {
        let bedside = if discharge.bedside { ", portable equipment to the bedside" } else { "" };
        format!("Discharge planned for {}{bedside}.", task.local(discharge.at))
    });
    let need_by = intake.need_by().map(|known| format!("Needed by {}.", task.local(known.at)));
    discharge.into_iter().chain(need_by).collect()
}

fn authorizations(task: &Task, tell: &Tell) -> Vec<String> {
    use doorstep_case::auth::Auth;
    let words = |line: &Line| {
        let mut said: Vec<String> = line
            .approvals()
            .map(|approval| {
                let quantity = approval.quantity.map(|n| format!(", {n} {}", approval.unit.name()));
                let from = approval.from.map(|date| format!(", from {date}"));
                let to = approval.to.map(|date| format!(", until {date}"));
                let limits: String = [quantity, from, to].into_iter().flatten().collect();
                format!("Authorization of line {}: {}{limits}.", line.no, approval.number)
            })
            .collect();
        if !matches!(line.auth, Auth::Approved(_) | Auth::Modified(_)) {
            let what = if said.is_empty() { "Authorization" } else { "Its renewal" };
            said.push(format!("{what} of line {}: {}.", line.no, line.auth.name()));
        }
        said
    };
    lines_of(task, tell).flat_map(words).collect()
}

fn to_do_by_provider(news: News) -> &'static str {
    match news {
        News::ContactNamed => "Please tell us at once if this changes again.",
        News::Accepted => {
            "Please agree on a visit with us, and tell us at once if you cannot come."
        }
        News::Returned | News::AgreementEnded => {
            "You no longer hold these lines. Nothing more is to be done."
        }
        News::Scheduled | News::Rescheduled => "Please come at this time, or call us at once.",
        News::VisitCancelled | News::LineCancelled | News::LineCompleted => {
            "Please do not come, and send nothing."
        }
        News::Missed | News::LeftOver => "Please agree on another visit with us.",
        News::Refused => "Please bring nothing more until you hear from us.",
        News::AuthChanged => "Please deliver only what is authorized, and while it is.",
        News::DischargeMoved | News::NeedByMoved => {
            "Please tell us at once if your plan no longer fits."
        }
        News::Closed => "Care that has begun goes on with you; call us with whatever is open.",
        News::Reopened | News::LineReopened => {
            "We look after it again, and tell you what is planned."
        }
        News::Unanswered => "Please wait: the order is not complete yet.",
        News::Deceased => {
            "Please do not come, bring nothing and call nobody at home. We tell you what is to be picked up."
        }
        News::PickUpDue => {
            "Please agree with us on a day, come with care for the family, and send us the serial numbers."
        }
        News::Stayed => "Please do not come for it.",
        News::CancelRequested | News::CancelAnswered => "Please wait until you hear from us.",
    }
}

fn next_for_referrer(news: News) -> &'static str {
    match news {
        News::VisitCancelled | News::Missed => {
            "An earlier confirmation of this visit no longer holds. We confirm the next one in writing."
        }
        News::CancelRequested => {
            "A person confirms it with you. Until then the order stands as it is."
        }
        News::LeftOver => "We schedule what is still owed.",
        News::LineCancelled | News::LineCompleted | News::Refused => "If that is wrong, call us.",
        News::Closed => "Nothing more is planned.",
        News::Deceased => {
            "We end what was planned, and see to it that what was left is picked up. Whom may we call?"
        }
        News::Unanswered => {
            "Your order stands still until we have it. Please call us and name the case."
        }
        News::CancelAnswered
        | News::Reopened
        | News::LineReopened
        | News::AgreementEnded
        | News::Accepted
        | News::ContactNamed
        | News::Returned
        | News::Scheduled
        | News::Rescheduled
        | News::AuthChanged
        | News::DischargeMoved
        | News::PickUpDue
        | News::Stayed
        | News::NeedByMoved => "Questions? Call us and name the case.",
    }
}
