-- Files of which rows were refused: who looks at each, and how it was settled.

CREATE TABLE import_review (
    receipt_id TEXT NOT NULL PRIMARY KEY,
    n_refused BIGINT NOT NULL,
    owner TEXT,
    settled_at BIGINT,
    settled_by TEXT,
    note TEXT NOT NULL
);

COMMENT ON TABLE import_review IS 'A file of which rows were refused. Written when the file is finished; it waits until a person has settled it.';
COMMENT ON COLUMN import_review.receipt_id IS 'The receipt of the file.';
COMMENT ON COLUMN import_review.n_refused IS 'How many of its rows were refused.';
COMMENT ON COLUMN import_review.owner IS 'The user who looks at it. NULL while nobody does.';
COMMENT ON COLUMN import_review.settled_at IS 'When it was settled, UTC microseconds. NULL while it waits.';
COMMENT ON COLUMN import_review.settled_by IS 'Who settled it. NULL likewise.';
COMMENT ON COLUMN import_review.note IS 'What was done about it, without personal data; empty while it waits.';

CREATE INDEX import_review_open ON import_review (receipt_id) WHERE settled_at IS NULL;
CREATE INDEX import_review_settled ON import_review (settled_at, receipt_id) WHERE settled_at IS NOT NULL;

INSERT INTO import_review (receipt_id, n_refused, note)
SELECT u.receipt_id, COUNT(*), ''
FROM receipt_unit AS u
WHERE u.outcome = 'refused'
GROUP BY u.receipt_id;
