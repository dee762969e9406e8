-- Orders are only ever looked for by key: one tree in the order of the keys does, where there were two.

CREATE TABLE order_key (
    key TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (key, case_id)
);

COMMENT ON TABLE order_key IS 'What an arriving order is recognised by. Several cases may share a key.';
COMMENT ON COLUMN order_key.key IS 'A hash of what the order says, never the words themselves.';
COMMENT ON COLUMN order_key.case_id IS 'The case.';

INSERT INTO order_key (key, case_id) SELECT key, case_id FROM match_key;

DROP TABLE match_key;
