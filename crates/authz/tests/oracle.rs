//! A second opinion: the table of roles written down once more as it is read aloud, the rules for a case told in another order,
//! and a million random questions on which both have to agree.

use doorstep_authz::{CaseFacts, Fields, Grant, PERMISSIONS, Permission, Sight, Walls, may};
use doorstep_case::{Role, ServiceLine};
use doorstep_vocab::{CaseId, PayerId, Timestamp, UserId};
use std::collections::BTreeSet;

/// Questions that are asked. Source: trust.md 7, S02.
const QUESTIONS: u32 = 1_000_000;
const SEED: u64 = 20_261_128;

/// Role by permission, one row a permission in the order of the table, one letter a role:
/// **a**gent, **n**urse, medical **d**irector, **s**upervisor, **c**redentialing, **b**illing, **m**anager, a**u**ditor,
/// **p**rivacy officer, admin **x**, system **y**.
const MATRIX: &[(&str, &str)] = &[
    ("ReadCases", "ands y"),
    ("ReadCase", "ands mup y"),
    ("AskAccess", "ands mup"),
    ("GiveAccess", "s"),
    ("BreakGlass", "ands"),
    ("ReviewGlass", "p"),
    ("ReadLooks", "u p"),
    ("TakeLabelsOff", "s"),
    ("ReadBilling", "b"),
    ("Refer", "an s y"),
    ("WorkCases", "an s y"),
    ("WriteNotes", "ands y"),
    ("Triage", "n s"),
    ("RecordDetermination", "ands y"),
    ("GoBeyondAuth", "ds"),
    ("CommitEscalations", "nds"),
    ("CloseCases", "an s y"),
    ("ReopenCases", "s"),
    ("ReadQueue", "an s"),
    ("ReadBoard", "s"),
    ("ReviewQuality", "s"),
    ("ReadCounts", "mup"),
    ("ReadActivity", "s up"),
    ("ExportLists", "s"),
    ("MergeMembers", "s"),
    ("ManageUsers", "x"),
    ("ManageStaff", "s x"),
    ("HandOut", "s"),
    ("ManageProviders", "s c"),
    ("SendFiles", "an s y"),
    ("TakeCalls", "an s"),
    ("RingClocks", "y"),
];

fn letter(role: Role) -> char {
    match role {
        Role::Agent => 'a',
        Role::Nurse => 'n',
        Role::MedicalDirector => 'd',
        Role::Supervisor => 's',
        Role::Credentialing => 'c',
        Role::Billing => 'b',
        Role::Manager => 'm',
        Role::Auditor => 'u',
        Role::PrivacyOfficer => 'p',
        Role::Admin => 'x',
        Role::System => 'y',
    }
}

fn roles() -> Vec<Role> {
    Role::PEOPLE.into_iter().chain([Role::System]).collect()
}

/// What is seen of a case, told from the case outwards.
fn seen(asks: &Sight, case: &CaseFacts) -> Fields {
    let role = letter(asks.role);
    if "xc".contains(role) {
        return Fields::None;
    }
    if role == 'y' {
        return Fields::All;
    }
    let has_leave = role != 'b'
        && asks.grants.iter().any(|one| one.case_id == case.case_id && one.until > asks.now);
    if has_leave {
        return Fields::All;
    }
    if "mup".contains(role) {
        return Fields::None;
    }
    let is_mine = case.manager.as_ref().is_some_and(|manager| *manager == asks.user_id);
    if case.is_labelled && role != 's' && !is_mine {
        return Fields::None;
    }
    let Walls { payers, services, shut } = &asks.walls;
    let other_payer = !payers.is_empty() && !payers.iter().any(|payer| *payer == case.payer_id);
    let other_trade =
        !services.is_empty() && !case.services.iter().any(|trade| services.contains(trade));
    if other_payer || other_trade || shut.iter().any(|payer| *payer == case.payer_id) {
        return Fields::None;
    }
    if role == 'b' { Fields::Billing } else { Fields::All }
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(n).unwrap_or(1)).unwrap_or_default()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn some<T: Copy>(&mut self, all: &[T]) -> Vec<T> {
        all.iter().copied().filter(|_| self.one_in(4)).collect()
    }
}

const USERS: [&str; 3] = ["ana", "ben", "noor"];
const CASES: [&str; 3] = ["c1", "c2", "c3"];
const PAYERS: [&str; 4] = ["plan-a", "plan-b", "plan-c", "plan-d"];

fn asks(chance: &mut Chance) -> Sight {
    let payers = |names: Vec<&str>| names.into_iter().map(PayerId::from).collect::<BTreeSet<_>>();
    let grants = (0..chance.below(3)).map(|_| Grant {
        case_id: CaseId::from(chance.of(&CASES)),
        until: Timestamp(chance.of(&[0, 1, 2])),
        is_glass: chance.one_in(2),
    });
    let grants = grants.collect();
    let walls = Walls {
        payers: payers(chance.some(&PAYERS)),
        services: chance.some(&ServiceLine::ALL).into_iter().collect(),
        shut: payers(chance.some(&PAYERS)),
    };
    let role = chance.of(&roles());
    Sight { walls, grants, now: Timestamp(1), ..Sight::of(chance.of(&USERS).into(), role) }
}

fn case(chance: &mut Chance) -> CaseFacts {
    CaseFacts {
        case_id: CaseId::from(chance.of(&CASES)),
        payer_id: PayerId::from(chance.of(&PAYERS)),
        services: chance.some(&ServiceLine::ALL).into_iter().collect(),
        manager: (!chance.one_in(3)).then(|| UserId::from(chance.of(&USERS))),
        is_labelled: chance.one_in(2),
    }
}

#[test]
fn the_table_is_the_one_that_is_read_aloud() {
    let names: Vec<String> = PERMISSIONS.iter().map(|row| format!("{:?}", row.0)).collect();
    assert_eq!(names, MATRIX.iter().map(|row| row.0).collect::<Vec<_>>());
}

#[test]
fn two_opinions_agree_a_million_times() {
    let (mut chance, mut n_allowed) = (Chance(SEED), 0_u32);
    for at in 0..QUESTIONS {
        let (sight, facts) = (asks(&mut chance), case(&mut chance));
        let row = chance.below(PERMISSIONS.len());
        let permission: Permission = PERMISSIONS[row].0;
        let allowed = may(sight.role, permission).allow;
        assert_eq!(
            allowed,
            MATRIX[row].1.contains(letter(sight.role)),
            "question {at} of seed {SEED}: {permission:?} for {:?}",
            sight.role
        );
        let decision = sight.decide(&facts);
        let other = seen(&sight, &facts);
        assert_eq!(decision.fields, other, "question {at} of seed {SEED}: {sight:?} {facts:?}");
        assert_eq!(decision.allow, other != Fields::None, "question {at} of seed {SEED}");
        n_allowed += u32::from(decision.allow);
    }
    assert!(n_allowed > QUESTIONS / 10 && n_allowed < QUESTIONS / 10 * 9, "{n_allowed} allowed");
}
