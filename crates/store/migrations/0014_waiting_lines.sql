-- A list says which lines of a case wait for the order while others go on.

ALTER TABLE case_head ADD COLUMN waiting TEXT NOT NULL DEFAULT '';

COMMENT ON COLUMN case_head.waiting IS 'Which other lines than the next step''s wait for what, in words without personal data; empty where none does. Written with each change by app::row.';
