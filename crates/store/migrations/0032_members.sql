-- Which cases are of one member, where a plan ID and a birth date do not tell: merged by a person, and taken apart again.

CREATE TABLE member_merge (
    merge_id TEXT NOT NULL PRIMARY KEY,
    kept_case TEXT NOT NULL,
    merged_case TEXT NOT NULL,
    at BIGINT NOT NULL,
    merged_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT,
    undone_reason TEXT
);

COMMENT ON TABLE member_merge IS 'A person said that the members of two cases are one. Rows are never removed: a merge that was undone says so.';
COMMENT ON COLUMN member_merge.merge_id IS 'Its id. Sorts by the time it was made.';
COMMENT ON COLUMN member_merge.kept_case IS 'The case whose member is the identity that survives.';
COMMENT ON COLUMN member_merge.merged_case IS 'The case whose member was found to be the same.';
COMMENT ON COLUMN member_merge.at IS 'When, UTC microseconds.';
COMMENT ON COLUMN member_merge.merged_by IS 'The user.';
COMMENT ON COLUMN member_merge.reason IS 'Why, in words. Personal data.';
COMMENT ON COLUMN member_merge.undone_at IS 'When it was undone, UTC microseconds. NULL while it holds.';
COMMENT ON COLUMN member_merge.undone_by IS 'The user who undid it. NULL while it holds.';
COMMENT ON COLUMN member_merge.undone_reason IS 'Why, in words. Personal data. NULL while it holds.';

CREATE INDEX member_merge_kept ON member_merge (kept_case, merge_id) WHERE undone_at IS NULL;
CREATE INDEX member_merge_merged ON member_merge (merged_case, merge_id) WHERE undone_at IS NULL;

CREATE TABLE member_place (
    case_id TEXT NOT NULL PRIMARY KEY,
    of_case TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    placed_by TEXT NOT NULL
);

COMMENT ON TABLE member_place IS 'A case of which a person said whose it is, against what its plan ID and birth date tell.';
COMMENT ON COLUMN member_place.case_id IS 'The case.';
COMMENT ON COLUMN member_place.of_case IS 'A case of the member whose it is.';
COMMENT ON COLUMN member_place.placed_at IS 'When, UTC microseconds.';
COMMENT ON COLUMN member_place.placed_by IS 'The user.';

CREATE INDEX member_place_of ON member_place (of_case, case_id);
