-- Escalations as rows of their own: who has each, what was promised, and what was said about it. A user's direct contact.

ALTER TABLE app_user ADD COLUMN phone TEXT;

COMMENT ON COLUMN app_user.phone IS 'The direct number or extension that callers are given. NULL for none.';

CREATE TABLE escalation (
    case_id TEXT NOT NULL,
    escalation_id TEXT NOT NULL,
    level BIGINT NOT NULL,
    reason TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by TEXT,
    owner TEXT,
    acknowledged_at BIGINT,
    committed_to BIGINT,
    due_at BIGINT NOT NULL,
    resolved_at BIGINT,
    PRIMARY KEY (case_id, escalation_id)
);

COMMENT ON TABLE escalation IS 'One escalation as its case has it. Written with the events by cases::append.';
COMMENT ON COLUMN escalation.case_id IS 'The case.';
COMMENT ON COLUMN escalation.escalation_id IS 'The escalation, as the events name it.';
COMMENT ON COLUMN escalation.level IS 'The level that it stands at.';
COMMENT ON COLUMN escalation.reason IS 'Why it was raised, by its code.';
COMMENT ON COLUMN escalation.opened_at IS 'When it was raised, UTC microseconds.';
COMMENT ON COLUMN escalation.opened_by IS 'The user who raised it. NULL when it raised itself.';
COMMENT ON COLUMN escalation.owner IS 'The user who took it. NULL while nobody has.';
COMMENT ON COLUMN escalation.acknowledged_at IS 'When somebody said that they had seen it, UTC microseconds. NULL while nobody has.';
COMMENT ON COLUMN escalation.committed_to IS 'The promised time of its resolution, UTC microseconds. NULL while none is promised.';
COMMENT ON COLUMN escalation.due_at IS 'When the next thing about it is due, UTC microseconds: the answer, then the resolution.';
COMMENT ON COLUMN escalation.resolved_at IS 'When it was resolved, UTC microseconds. NULL while it is open.';

CREATE INDEX escalation_open ON escalation (due_at, case_id, escalation_id) WHERE resolved_at IS NULL;

CREATE TABLE escalation_promise (
    case_id TEXT NOT NULL,
    escalation_id TEXT NOT NULL,
    nth BIGINT NOT NULL,
    owner TEXT NOT NULL,
    level BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    ended TEXT CHECK (ended IN ('kept', 'broken', 'moved')),
    PRIMARY KEY (case_id, escalation_id, nth)
);

COMMENT ON TABLE escalation_promise IS 'One promise of a resolution. Written with the events by cases::append; what the keep-rate counts.';
COMMENT ON COLUMN escalation_promise.case_id IS 'The case.';
COMMENT ON COLUMN escalation_promise.escalation_id IS 'The escalation.';
COMMENT ON COLUMN escalation_promise.nth IS 'Which of the escalation''s promises, from 0.';
COMMENT ON COLUMN escalation_promise.owner IS 'The user who promised.';
COMMENT ON COLUMN escalation_promise.level IS 'The level at which it was promised.';
COMMENT ON COLUMN escalation_promise.made_at IS 'When it was promised, UTC microseconds.';
COMMENT ON COLUMN escalation_promise.due_at IS 'The promised time, UTC microseconds.';
COMMENT ON COLUMN escalation_promise.ended IS 'What became of it. NULL while nothing was recorded: past its time it is broken.';

CREATE INDEX escalation_promise_made ON escalation_promise (made_at, owner, level, ended, due_at);

CREATE TABLE escalation_message (
    case_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    escalation_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (case_id, message_id)
);

COMMENT ON TABLE escalation_message IS 'A message of an escalation''s thread. Written with the event that names it. Personal data.';
COMMENT ON COLUMN escalation_message.case_id IS 'The case.';
COMMENT ON COLUMN escalation_message.message_id IS 'The message, as the events name it.';
COMMENT ON COLUMN escalation_message.escalation_id IS 'The escalation.';
COMMENT ON COLUMN escalation_message.at IS 'When it was written, UTC microseconds.';
COMMENT ON COLUMN escalation_message.author IS 'The user who wrote it.';
COMMENT ON COLUMN escalation_message.asked_by IS 'Who asked for it, as given; empty for nobody but the author. Personal data.';
COMMENT ON COLUMN escalation_message.text IS 'The words. Personal data.';

CREATE INDEX escalation_message_thread ON escalation_message (case_id, escalation_id, at, message_id);

INSERT INTO case_head_due (case_id)
SELECT h.case_id
FROM case_head AS h
WHERE h.state LIKE '%"escalations":{"%' AND NOT EXISTS (SELECT 1 FROM case_head_due AS d WHERE d.case_id = h.case_id);
