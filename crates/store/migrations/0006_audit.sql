-- Who did or saw what. Rows are only ever added.

CREATE TABLE audit (
    audit_id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    case_id TEXT,
    object TEXT NOT NULL,
    purpose TEXT NOT NULL,
    outcome TEXT NOT NULL,
    request_id TEXT NOT NULL,
    n_cases BIGINT NOT NULL
);

COMMENT ON TABLE audit IS 'Every access to case data and every change, written before the bytes leave. No personal data.';
COMMENT ON COLUMN audit.audit_id IS 'The entry. Sorts by the time it was made.';
COMMENT ON COLUMN audit.at IS 'When, UTC microseconds.';
COMMENT ON COLUMN audit.user_id IS 'Who.';
COMMENT ON COLUMN audit.role IS 'In which role.';
COMMENT ON COLUMN audit.action IS 'What was done: read, list, search, change, export.';
COMMENT ON COLUMN audit.case_id IS 'The case, when it is one. NULL for lists and for what is about no case.';
COMMENT ON COLUMN audit.object IS 'What of it: a page, a document, a command.';
COMMENT ON COLUMN audit.purpose IS 'Why: a purpose-of-use code.';
COMMENT ON COLUMN audit.outcome IS 'allowed, refused or failed.';
COMMENT ON COLUMN audit.request_id IS 'The request, as logs name it.';
COMMENT ON COLUMN audit.n_cases IS 'How many cases were seen or touched.';

CREATE INDEX audit_of_case ON audit (case_id, audit_id);
CREATE INDEX audit_of_user ON audit (user_id, audit_id);

CREATE TABLE audit_case (
    case_id TEXT NOT NULL,
    audit_id TEXT NOT NULL,
    PRIMARY KEY (case_id, audit_id)
);

COMMENT ON TABLE audit_case IS 'The cases that a list or search returned.';
COMMENT ON COLUMN audit_case.case_id IS 'The case.';
COMMENT ON COLUMN audit_case.audit_id IS 'The entry.';
