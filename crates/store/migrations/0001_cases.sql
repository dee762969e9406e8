-- The record of each case, its state as it stands, and the row that worklists show of it.

CREATE TABLE case_event (
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
);

COMMENT ON TABLE case_event IS 'What happened to a case. Rows are only ever added, by cases::append. No personal data.';
COMMENT ON COLUMN case_event.case_id IS 'The case.';
COMMENT ON COLUMN case_event.seq IS 'Position in the case''s record, from 1 without gaps.';
COMMENT ON COLUMN case_event.at IS 'When it was recorded, UTC microseconds.';
COMMENT ON COLUMN case_event.actor IS 'Who recorded it and in which role, JSON.';
COMMENT ON COLUMN case_event.body IS 'The event, JSON.';

CREATE TABLE case_head (
    case_id TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    number TEXT,
    status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
    opened_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    closed_at BIGINT,
    urgency TEXT NOT NULL,
    priority TEXT,
    payer_id TEXT NOT NULL,
    services TEXT NOT NULL,
    manager TEXT,
    discharge_at BIGINT,
    service_zone TEXT,
    sort_at BIGINT NOT NULL,
    clock_name TEXT,
    clock_due_at BIGINT,
    clock_started_at BIGINT,
    clock_paused BIGINT NOT NULL CHECK (clock_paused IN (0, 1)),
    at_risk BIGINT NOT NULL CHECK (at_risk IN (0, 1)),
    clarifying BIGINT NOT NULL CHECK (clarifying IN (0, 1)),
    offers_waiting BIGINT NOT NULL CHECK (offers_waiting IN (0, 1)),
    auth_pending BIGINT NOT NULL CHECK (auth_pending IN (0, 1)),
    escalation_level BIGINT NOT NULL,
    next_code TEXT NOT NULL,
    next_words TEXT NOT NULL,
    next_waits BIGINT NOT NULL CHECK (next_waits IN (0, 1)),
    blocked BIGINT NOT NULL,
    member_sort TEXT NOT NULL,
    -- Last: SQLite walks through all of a long text to reach what stands behind it.
    state TEXT NOT NULL
);

COMMENT ON TABLE case_head IS 'One row a case: its state and what lists show of it. Written only by cases::append, with the events.';
COMMENT ON COLUMN case_head.case_id IS 'The case.';
COMMENT ON COLUMN case_head.seq IS 'Number of events in the state: the version that a writer checks.';
COMMENT ON COLUMN case_head.number IS 'What people read aloud. NULL until the case has one.';
COMMENT ON COLUMN case_head.state IS 'The state after seq events, JSON. Replaying the events gives the same.';
COMMENT ON COLUMN case_head.status IS 'open or closed.';
COMMENT ON COLUMN case_head.opened_at IS 'When the case was opened, UTC microseconds.';
COMMENT ON COLUMN case_head.received_at IS 'The earliest receipt by any door, UTC microseconds.';
COMMENT ON COLUMN case_head.closed_at IS 'When it was closed, UTC microseconds. NULL while open.';
COMMENT ON COLUMN case_head.urgency IS 'routine, urgent or discharge.';
COMMENT ON COLUMN case_head.priority IS 'p0 to p3. NULL before triage.';
COMMENT ON COLUMN case_head.payer_id IS 'The payer whose terms hold.';
COMMENT ON COLUMN case_head.services IS 'The trades of the lines, each between commas: ,dme,home-health,';
COMMENT ON COLUMN case_head.manager IS 'The user who has the case. NULL for nobody.';
COMMENT ON COLUMN case_head.discharge_at IS 'The planned discharge, UTC microseconds. NULL when none is known.';
COMMENT ON COLUMN case_head.service_zone IS 'The IANA zone where care is given. NULL when not known.';
COMMENT ON COLUMN case_head.sort_at IS 'The order of lists. Open: clock_due_at, or 9223372036854775807 without one. Closed: minus closed_at, so the newest come first.';
COMMENT ON COLUMN case_head.clock_name IS 'The rule of the live clock that is due first. NULL when none is live.';
COMMENT ON COLUMN case_head.clock_due_at IS 'When that clock is due, UTC microseconds. NULL when none is live.';
COMMENT ON COLUMN case_head.clock_started_at IS 'What that clock counts from, UTC microseconds. NULL when none is live.';
COMMENT ON COLUMN case_head.clock_paused IS '1 when that clock stands still.';
COMMENT ON COLUMN case_head.at_risk IS '1 when a live clock has warned or was missed.';
COMMENT ON COLUMN case_head.clarifying IS '1 while a question about the order is open.';
COMMENT ON COLUMN case_head.offers_waiting IS '1 while a provider has an offer to answer.';
COMMENT ON COLUMN case_head.auth_pending IS '1 while the payer has to decide on an open line.';
COMMENT ON COLUMN case_head.escalation_level IS 'The highest level of the unresolved escalations, 0 for none.';
COMMENT ON COLUMN case_head.next_code IS 'The next step''s code.';
COMMENT ON COLUMN case_head.next_words IS 'The next step in words, without personal data.';
COMMENT ON COLUMN case_head.next_waits IS '1 when the next step is somebody else''s.';
COMMENT ON COLUMN case_head.blocked IS 'How many missing items stop authorization or delivery.';
COMMENT ON COLUMN case_head.member_sort IS 'The member''s name folded to ASCII letters, family name first. Personal data.';

CREATE INDEX case_head_number ON case_head (number);
CREATE INDEX case_head_open ON case_head (sort_at, case_id) WHERE status = 'open';
CREATE INDEX case_head_closed ON case_head (sort_at, case_id) WHERE status = 'closed';
CREATE INDEX case_head_manager ON case_head (manager, sort_at, case_id) WHERE status = 'open';
CREATE INDEX case_head_at_risk ON case_head (sort_at, case_id) WHERE status = 'open' AND at_risk = 1;
CREATE INDEX case_head_discharge ON case_head (sort_at, case_id) WHERE status = 'open' AND discharge_at IS NOT NULL;
CREATE INDEX case_head_clarifying ON case_head (sort_at, case_id) WHERE status = 'open' AND clarifying = 1;
CREATE INDEX case_head_offers ON case_head (sort_at, case_id) WHERE status = 'open' AND offers_waiting = 1;
CREATE INDEX case_head_auth ON case_head (sort_at, case_id) WHERE status = 'open' AND auth_pending = 1;
CREATE INDEX case_head_escalated ON case_head (sort_at, case_id) WHERE status = 'open' AND escalation_level > 0;

CREATE TABLE match_key (
    case_id TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (case_id, key)
);

COMMENT ON TABLE match_key IS 'What an arriving order is recognised by. Several cases may share a key.';
COMMENT ON COLUMN match_key.case_id IS 'The case.';
COMMENT ON COLUMN match_key.key IS 'A hash of what the order says, never the words themselves.';

CREATE INDEX match_key_key ON match_key (key, case_id);

CREATE TABLE deadline (
    case_id TEXT NOT NULL,
    clock_id TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    owner TEXT NOT NULL,
    rule TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (case_id, clock_id)
);

COMMENT ON TABLE deadline IS 'The clocks that have to ring: one row for each running clock that has not been missed. Written with the events.';
COMMENT ON COLUMN deadline.case_id IS 'The case.';
COMMENT ON COLUMN deadline.clock_id IS 'The clock.';
COMMENT ON COLUMN deadline.next_at IS 'When it has to ring next, a warning or the end, UTC microseconds.';
COMMENT ON COLUMN deadline.due_at IS 'When it is due, UTC microseconds.';
COMMENT ON COLUMN deadline.owner IS 'The role whose clock it is.';
COMMENT ON COLUMN deadline.rule IS 'The rule''s name.';
COMMENT ON COLUMN deadline.attempts IS 'How often it was claimed since next_at was set.';
COMMENT ON COLUMN deadline.lease_until IS 'Until when a worker has it, UTC microseconds; 0 when none has.';

CREATE INDEX deadline_next ON deadline (next_at, case_id, clock_id);
