-- Three more queues: a team's, what is planned for today, and what was missed.

ALTER TABLE app_user ADD COLUMN team TEXT;
ALTER TABLE case_head ADD COLUMN visit_at BIGINT;
ALTER TABLE case_head ADD COLUMN missed BIGINT NOT NULL DEFAULT 0 CHECK (missed IN (0, 1));

COMMENT ON COLUMN app_user.team IS 'The team whose cases are listed together. NULL for none.';
COMMENT ON COLUMN case_head.visit_at IS 'The start of the first visit or delivery that is still ahead, UTC microseconds. NULL when none is planned.';
COMMENT ON COLUMN case_head.missed IS '1 when a live clock has run out, or a line was missed and is not planned again.';

CREATE INDEX case_head_visit ON case_head (sort_at, case_id) WHERE status = 'open' AND visit_at IS NOT NULL;
CREATE INDEX case_head_missed ON case_head (sort_at, case_id) WHERE status = 'open' AND missed = 1;

CREATE TABLE saved_view (
    view_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    shared BIGINT NOT NULL CHECK (shared IN (0, 1)),
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

COMMENT ON TABLE saved_view IS 'A list that somebody keeps under a name. No personal data.';
COMMENT ON COLUMN saved_view.view_id IS 'The view.';
COMMENT ON COLUMN saved_view.user_id IS 'Whose it is.';
COMMENT ON COLUMN saved_view.name IS 'What its owner calls it.';
COMMENT ON COLUMN saved_view.shared IS '1 when everybody finds it in their own lists.';
COMMENT ON COLUMN saved_view.query IS 'Queue, filters and columns, as the page''s address has them.';
COMMENT ON COLUMN saved_view.created_at IS 'When it was kept, UTC microseconds.';

CREATE INDEX saved_view_own ON saved_view (user_id, name, view_id);
CREATE INDEX saved_view_shared ON saved_view (shared, name, view_id) WHERE shared = 1;
