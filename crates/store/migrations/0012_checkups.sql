-- What the nightly look for what should not exist has found.

CREATE TABLE checkup (
    day TEXT NOT NULL PRIMARY KEY,
    begun_at BIGINT NOT NULL,
    done_at BIGINT,
    findings TEXT
);

COMMENT ON TABLE checkup IS 'One row a night: what should not exist and does. Written by the runner, read by supervisors.';
COMMENT ON COLUMN checkup.day IS 'The hub''s day, ISO 8601.';
COMMENT ON COLUMN checkup.begun_at IS 'When a runner took it on, UTC microseconds.';
COMMENT ON COLUMN checkup.done_at IS 'When it was done, UTC microseconds. NULL before.';
COMMENT ON COLUMN checkup.findings IS 'What was found, JSON, without personal data; an empty list when all is well. NULL before.';
