-- What came in by any door: the bytes, each receipt of them, and what became of every unit.

CREATE TABLE blob (
    hash TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    bytes BYTEA NOT NULL
);

COMMENT ON TABLE blob IS 'Bytes by their content. The same bytes are kept once. Personal data.';
COMMENT ON COLUMN blob.hash IS 'SHA-256, hexadecimal.';
COMMENT ON COLUMN blob.size IS 'Number of bytes.';
COMMENT ON COLUMN blob.bytes IS 'The bytes.';

CREATE TABLE inbox (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    hash TEXT NOT NULL,
    receipt_id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (source, key)
);

COMMENT ON TABLE inbox IS 'What was taken already, so that the same thing sent twice is taken once.';
COMMENT ON COLUMN inbox.source IS 'The door and the sender.';
COMMENT ON COLUMN inbox.key IS 'What makes two requests of a source the same request.';
COMMENT ON COLUMN inbox.hash IS 'SHA-256 of the content, to notice other content under the same key.';
COMMENT ON COLUMN inbox.receipt_id IS 'The receipt of the first one.';
COMMENT ON COLUMN inbox.received_at IS 'When the first one came, UTC microseconds.';

CREATE TABLE receipt (
    receipt_id TEXT NOT NULL PRIMARY KEY,
    received_at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    sender TEXT,
    hash TEXT NOT NULL,
    size BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    problems TEXT NOT NULL,
    reply_hash TEXT
);

COMMENT ON TABLE receipt IS 'One arrival of bytes at a door.';
COMMENT ON COLUMN receipt.receipt_id IS 'The receipt. Sorts by the time it was made.';
COMMENT ON COLUMN receipt.received_at IS 'When the hub first held the bytes, UTC microseconds.';
COMMENT ON COLUMN receipt.channel IS 'The door: fhir, x12, hl7, csv, form and so on.';
COMMENT ON COLUMN receipt.name IS 'File name or route, without personal data.';
COMMENT ON COLUMN receipt.format IS 'What the bytes are, by their content.';
COMMENT ON COLUMN receipt.sender IS 'Who sent it, as the message says. NULL when it does not.';
COMMENT ON COLUMN receipt.hash IS 'SHA-256 of the bytes; the blob of that hash has them.';
COMMENT ON COLUMN receipt.size IS 'Number of bytes.';
COMMENT ON COLUMN receipt.outcome IS 'What became of it as a whole.';
COMMENT ON COLUMN receipt.problems IS 'Problems of the file as a whole, JSON.';
COMMENT ON COLUMN receipt.reply_hash IS 'The blob of the answer. NULL before it was answered, or when the protocol has none.';

CREATE INDEX receipt_received ON receipt (received_at, receipt_id);
CREATE INDEX receipt_outcome ON receipt (outcome, receipt_id);

CREATE TABLE receipt_unit (
    receipt_id TEXT NOT NULL,
    unit BIGINT NOT NULL,
    place TEXT NOT NULL,
    outcome TEXT NOT NULL,
    case_id TEXT,
    problems TEXT NOT NULL,
    resolved_at BIGINT,
    resolved_by TEXT,
    PRIMARY KEY (receipt_id, unit)
);

COMMENT ON TABLE receipt_unit IS 'One order or answer within a receipt, and what became of it. A file that holds none has the unit 0 for itself.';
COMMENT ON COLUMN receipt_unit.receipt_id IS 'The receipt.';
COMMENT ON COLUMN receipt_unit.unit IS 'Position within it, from 0.';
COMMENT ON COLUMN receipt_unit.place IS 'Where it stands: a line, a segment, an entry.';
COMMENT ON COLUMN receipt_unit.outcome IS 'opened, linked, updated, queued, refused or unsupported.';
COMMENT ON COLUMN receipt_unit.case_id IS 'The case it went to. NULL when none.';
COMMENT ON COLUMN receipt_unit.problems IS 'Its problems, JSON.';
COMMENT ON COLUMN receipt_unit.resolved_at IS 'When a person settled it, UTC microseconds. NULL while it waits, or when nobody had to.';
COMMENT ON COLUMN receipt_unit.resolved_by IS 'Who settled it. NULL likewise.';

CREATE INDEX receipt_unit_queued ON receipt_unit (receipt_id, unit) WHERE outcome = 'queued' AND resolved_at IS NULL;
CREATE INDEX receipt_unit_case ON receipt_unit (case_id, receipt_id, unit);
