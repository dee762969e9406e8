-- List rows that a newer version has to make anew: those of before have defaults in columns that came later.

CREATE TABLE case_head_due (
    case_id TEXT NOT NULL PRIMARY KEY
);

COMMENT ON TABLE case_head_due IS 'Cases whose list row is older than its columns. Filled by migrations, emptied by the runner.';
COMMENT ON COLUMN case_head_due.case_id IS 'The case.';

INSERT INTO case_head_due (case_id) SELECT case_id FROM case_head;
