-- Complaints as rows of their own: what is open and due, and what they are about.

CREATE TABLE complaint (
    case_id TEXT NOT NULL,
    dispute_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    severity BIGINT NOT NULL,
    source TEXT NOT NULL,
    door TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    acknowledged_at BIGINT,
    answered_at BIGINT,
    due_at BIGINT NOT NULL,
    due_clock TEXT NOT NULL,
    ended_at BIGINT,
    outcome TEXT,
    PRIMARY KEY (case_id, dispute_id)
);

COMMENT ON TABLE complaint IS 'One complaint as its case has it, also where it is filed as an appeal since. Written with the events by cases::append.';
COMMENT ON COLUMN complaint.case_id IS 'The case.';
COMMENT ON COLUMN complaint.dispute_id IS 'The complaint, as the events name it.';
COMMENT ON COLUMN complaint.kind IS 'What it is filed as now.';
COMMENT ON COLUMN complaint.category IS 'What it is about, by its code.';
COMMENT ON COLUMN complaint.severity IS '1 the gravest to 4.';
COMMENT ON COLUMN complaint.source IS 'From whom it is.';
COMMENT ON COLUMN complaint.door IS 'By which door it came.';
COMMENT ON COLUMN complaint.received_at IS 'When it was first heard, UTC microseconds.';
COMMENT ON COLUMN complaint.acknowledged_at IS 'When whoever complained was told that it is here, UTC microseconds. NULL while they were not.';
COMMENT ON COLUMN complaint.answered_at IS 'When it was answered, UTC microseconds. NULL while it was not.';
COMMENT ON COLUMN complaint.due_at IS 'When the next of its clocks is due, UTC microseconds; its receipt where none runs.';
COMMENT ON COLUMN complaint.due_clock IS 'The rule of that clock; empty where none runs.';
COMMENT ON COLUMN complaint.ended_at IS 'When it ended, UTC microseconds. NULL while it is open.';
COMMENT ON COLUMN complaint.outcome IS 'How it ended. NULL while it is open.';

CREATE INDEX complaint_open ON complaint (due_at, case_id, dispute_id) WHERE ended_at IS NULL;
CREATE INDEX complaint_received ON complaint (received_at, category, severity, ended_at);
