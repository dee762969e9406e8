//! The clocks of the test world, such as the packs have.

use crate::{About, ClockRule, CountedBy, From, OnMiss, Role, ServiceLine, Urgency};
use doorstep_vocab::Span;

/// A clock about something, with its events as words: `starts>stops`, the rest to be set by the caller.
pub(crate) fn rule(name: &str, about: About, within: &str, turns: [&str; 2]) -> ClockRule {
    let words = |text: &str| text.split_whitespace().map(ToOwned::to_owned).collect();
    ClockRule {
        name: name.to_owned(),
        about,
        starts: words(turns[0]),
        stops: words(turns[1]),
        until: Vec::new(),
        pauses: Vec::new(),
        resumes: Vec::new(),
        reopens: Vec::new(),
        again: false,
        from: From::Event,
        within: Span::parse(within).unwrap(),
        calendar: CountedBy::Hub,
        before: false,
        urgencies: Vec::new(),
        services: Vec::new(),
        families: Vec::new(),
        custom: None,
        expedited: None,
        kinds: Vec::new(),
        levels: Vec::new(),
        extendable_by: None,
        lapses: false,
        owner: Role::Agent,
        warn: vec![50, 75, 90],
        on_miss: OnMiss::Record,
        version: "clocks 2026-01-01".to_owned(),
        source: format!("the test world, {name} {within}"),
    }
}

pub(crate) fn clocks() -> Vec<ClockRule> {
    let mut clocks = of_the_hub();
    clocks.extend(of_the_payer());
    clocks
}

fn of_the_hub() -> Vec<ClockRule> {
    let answered = "placement.accepted placement.declined placement.withdrawn";
    let offer = |within, urgencies| ClockRule {
        urgencies,
        on_miss: OnMiss::ExpireOffer,
        ..rule("offer-response", About::Offer, within, ["placement.offered", answered])
    };
    let moved = "intake.discharge-moved";
    vec![
        ClockRule {
            from: From::Received,
            on_miss: OnMiss::Escalate(1),
            ..rule(
                "acknowledge",
                About::Case,
                "1 business day",
                ["intake.referred", "intake.acknowledged"],
            )
        },
        rule(
            "cancel-request",
            About::Case,
            "2 h",
            ["intake.cancel-requested", "intake.cancel-answered"],
        ),
        schedule("72 h", false),
        schedule("14 calendar days", true),
        ClockRule {
            from: From::Discharge,
            before: true,
            on_miss: OnMiss::Escalate(2),
            owner: Role::Supervisor,
            ..rule("discharge-critical", About::Case, "24 h", [moved, "delivery.confirmed"])
        },
        ClockRule {
            from: From::NeedBy,
            ..rule("need-by", About::Line, "0 min", ["intake.need-by-moved", "delivery.delivered"])
        },
        offer("30 min", vec![Urgency::Discharge]),
        offer("1 h", vec![Urgency::Urgent]),
        offer("2 h", Vec::new()),
        rule(
            "chase",
            About::Ask,
            "2 h",
            ["orders.asked orders.chased", "orders.chased orders.answered orders.ask-withdrawn"],
        ),
        ClockRule {
            from: From::Committed,
            on_miss: OnMiss::Escalate(3),
            ..rule(
                "promise",
                About::Escalation,
                "0 min",
                ["disputes.committed", "disputes.resolved"],
            )
        },
    ]
}

fn of_the_payer() -> Vec<ClockRule> {
    let hurried =
        "auth.approved auth.modified auth.denied auth.rejected auth.withdrawn auth.expedited";
    let slowed = "auth.approved auth.modified auth.denied auth.rejected auth.withdrawn auth.expedite-refused";
    let (asked, adverse) =
        ("auth.requested auth.expedite-refused", "auth.denied auth.modified auth.lapsed");
    vec![
        ClockRule {
            from: From::Requested,
            extendable_by: Some(Span::parse("14 calendar days").unwrap()),
            lapses: true,
            ..rule("auth-standard", About::Line, "7 calendar days", [asked, hurried])
        },
        ClockRule {
            from: From::Expedited,
            lapses: true,
            ..rule("auth-expedited", About::Line, "72 h", ["auth.expedited", slowed])
        },
        ClockRule {
            from: From::Noticed,
            again: true,
            reopens: vec!["disputes.withdrawn".to_owned(), "disputes.dismissed".to_owned()],
            ..rule(
                "appeal-by",
                About::Line,
                "65 calendar days",
                [adverse, "disputes.filed auth.approved"],
            )
        },
        ClockRule {
            extendable_by: Some(Span::parse("14 calendar days").unwrap()),
            ..rule(
                "answer-dispute",
                About::Dispute,
                "30 calendar days",
                ["disputes.opened", "disputes.decided disputes.withdrawn disputes.dismissed"],
            )
        },
    ]
}

/// The clock of whoever has to find a provider, of one trade, as the packs have it.
pub(crate) fn place() -> ClockRule {
    let words = |events: &str| events.split_whitespace().map(ToOwned::to_owned).collect();
    let ends = "placement.accepted placement.single-case-agreed";
    ClockRule {
        pauses: words("orders.lapsed"),
        resumes: words("orders.completed"),
        reopens: words("placement.returned placement.single-case-ended closing.line-reopened"),
        services: vec![ServiceLine::Dme],
        on_miss: OnMiss::Escalate(2),
        ..rule("place", About::Line, "36 h", ["orders.completed", ends])
    }
}

/// The clocks of a visit's window and of a provider's promise, for the tests that are about them.
pub(crate) fn promises() -> Vec<ClockRule> {
    vec![
        ClockRule {
            from: From::WindowEnds,
            on_miss: OnMiss::Escalate(1),
            ..rule(
                "visit-outcome",
                About::Visit,
                "1 h",
                [
                    "delivery.scheduled",
                    "delivery.delivered delivery.partly-delivered delivery.missed delivery.visit-cancelled",
                ],
            )
        },
        ClockRule {
            from: From::Committed,
            ..rule(
                "keep-commitment",
                About::Line,
                "0 min",
                [
                    "placement.accepted",
                    "delivery.delivered delivery.partly-delivered placement.returned",
                ],
            )
        },
    ]
}

fn schedule(within: &str, custom: bool) -> ClockRule {
    let words = |events: [&str; 3]| events.map(ToOwned::to_owned).to_vec();
    ClockRule {
        pauses: vec!["orders.asked".to_owned(), "orders.lapsed".to_owned()],
        resumes: words(["orders.answered", "orders.ask-withdrawn", "orders.completed"]),
        reopens: [
            "placement.returned",
            "placement.single-case-ended",
            "delivery.missed",
            "delivery.visit-cancelled",
            "delivery.left-over",
            "closing.line-reopened",
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        custom: Some(custom),
        ..rule("schedule", About::Line, within, ["orders.completed", "delivery.scheduled"])
    }
}
