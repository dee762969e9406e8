-- What has to be done outside, and the blocks of case numbers.

CREATE TABLE job (
    case_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    seq BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    lease_token TEXT,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    done_at BIGINT,
    dead_at BIGINT,
    PRIMARY KEY (case_id, job_id)
);

COMMENT ON TABLE job IS 'The outbox: what has to be done because of what happened. Written with the events, worked off by leases.';
COMMENT ON COLUMN job.case_id IS 'The case; empty for a job of the program itself.';
COMMENT ON COLUMN job.job_id IS 'The job. The same id is the same job.';
COMMENT ON COLUMN job.kind IS 'What is to be done.';
COMMENT ON COLUMN job.body IS 'About what: ids and codes, JSON. No personal data.';
COMMENT ON COLUMN job.seq IS 'The event that asked for it: jobs of one case and kind run in this order.';
COMMENT ON COLUMN job.run_at IS 'Not before then, UTC microseconds.';
COMMENT ON COLUMN job.lease_until IS 'Until when a worker has it, UTC microseconds; 0 when none has.';
COMMENT ON COLUMN job.lease_token IS 'Which worker''s lease it is. NULL when it was never claimed, or put back.';
COMMENT ON COLUMN job.attempts IS 'How often it was claimed.';
COMMENT ON COLUMN job.last_error IS 'Why the last attempt failed, without personal data. NULL when none did.';
COMMENT ON COLUMN job.done_at IS 'When it was done, UTC microseconds. NULL until then.';
COMMENT ON COLUMN job.dead_at IS 'When it was given up, UTC microseconds; a person looks at it. NULL otherwise.';

CREATE INDEX job_waiting ON job (run_at, case_id, job_id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX job_order ON job (case_id, kind, seq, job_id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX job_done ON job (done_at, case_id, job_id) WHERE done_at IS NOT NULL;
CREATE INDEX job_dead ON job (dead_at, case_id, job_id) WHERE dead_at IS NOT NULL;

CREATE TABLE number_block (
    day TEXT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);

COMMENT ON TABLE number_block IS 'The running numbers of case numbers. A process takes a block of them at a time; what it does not use is skipped.';
COMMENT ON COLUMN number_block.day IS 'The day in the case number, ISO 8601.';
COMMENT ON COLUMN number_block.next IS 'The first number that nobody has taken.';
