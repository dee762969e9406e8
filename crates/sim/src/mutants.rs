//! The faults that were planted on purpose: each has to be found, or the simulator is not worth its name. Source: trust.md,
//! R15: every bar needs a planted defect that it catches.

/// A planted fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mutant {
    /// Its name, where the code asks for it.
    pub name: &'static str,
    /// The crate that it is planted in.
    pub place: &'static str,
    /// What it would do to people.
    pub words: &'static str,
}

const fn mutant(place: &'static str, name: &'static str, words: &'static str) -> Mutant {
    Mutant { name, place, words }
}

/// All of them.
pub const MUTANTS: &[Mutant] = &[
    mutant(
        "db",
        "answers-before-the-flush",
        "a caller is told yes before its group is on the disk",
    ),
    mutant("db", "forgets-a-failed-commit", "a caller is told yes although the disk was full"),
    mutant(
        "db",
        "forgets-whom-it-took-back",
        "a caller is told yes whose group was taken back because of another",
    ),
    mutant("db", "keeps-half-of-what-is-undone", "what was refused leaves rows behind"),
    mutant("store", "takes-a-file-again", "the inbox forgets what came, and a file counts twice"),
    mutant("store", "finishes-what-another-has", "a worker ends a job whose lease it has lost"),
    mutant("store", "claims-out-of-order", "a recall overtakes the offer that it recalls"),
    mutant(
        "store",
        "drops-what-it-gives-up",
        "a message that cannot be sent is dropped in silence",
    ),
    mutant("store", "claims-without-a-lease", "every worker rings the same clock"),
    mutant("store", "forgets-a-warned-clock", "a clock that has warned never runs out"),
    mutant("store", "leaves-the-list-behind", "the list shows a step that was done long ago"),
    mutant("store", "gives-a-number-twice", "two cases answer to one number"),
    mutant("store", "revives-a-session", "a clock put back opens a session that had ended"),
    mutant("app", "asks-no-version", "two people overwrite each other"),
    mutant("app", "goes-back-in-time", "a record tells later things with an earlier time"),
    mutant("app", "records-no-access", "nobody can say who changed a case"),
    mutant("app", "opens-a-copy-anew", "an order by two doors is two cases"),
    mutant("app", "forgets-keys-at-a-start", "a form sent again after a restart counts twice"),
    mutant("app", "leaves-files-half-taken", "a file that was cut short is never finished"),
    mutant("app", "names-a-job-without-its-event", "the second reminder is taken for the first"),
    mutant("app", "puts-one-job-an-event", "of several who are to be told only one is"),
    mutant(
        "work",
        "finishes-before-it-sends",
        "a worker that dies while it sends has sent nothing",
    ),
    mutant("work", "gives-a-case-to-two-hands", "two hands of one worker put out the same letter"),
    mutant("work", "takes-failure-for-success", "a message that did not arrive counts as sent"),
    mutant("work", "tries-again-at-once", "a receiver that is down is hammered"),
    mutant("work", "never-tries-again", "what failed once is never sent"),
    mutant("case", "folds-what-no-event-says", "the same record makes another state each time"),
    mutant("case", "rings-an-hour-early", "an offer lapses while it may still be answered"),
    mutant("case", "lets-an-offer-stand", "an offer that nobody answers blocks its line for good"),
    mutant("case", "raises-nothing", "a missed deadline is nobody's business"),
    mutant("case", "loses-the-clock-of-a-return", "a line that is given back has no deadline"),
    mutant("case", "pauses-for-good", "a deadline stands still although the order is complete"),
    mutant("case", "accepts-what-is-taken", "two providers are told that they have the line"),
    mutant("case", "forgets-the-earliest-receipt", "the deadline counts from a later copy"),
    mutant("case", "tells-twice", "the member is told the same thing twice"),
    mutant("case", "never-says-complete", "an order that is complete goes on waiting"),
    mutant("case", "ends-in-silence", "a sender's cancellation ends lines with nobody asked"),
];
