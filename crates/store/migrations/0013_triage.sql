-- The nurses' own queue, and what puts a case at risk said anew.

CREATE INDEX case_head_triage ON case_head (sort_at, case_id) WHERE status = 'open' AND next_code = 'triage';

COMMENT ON COLUMN case_head.at_risk IS '1 when a live clock was missed, or three quarters of it are gone and no visit is planned in time.';
COMMENT ON COLUMN case_head.clock_name IS 'The rule of the live clock that is due first, reminders that went out aside. NULL when none is live.';
