ALTER TABLE inbox ADD COLUMN case_id TEXT;

COMMENT ON COLUMN inbox.case_id IS 'The case that a form led to. NULL where a receipt tells what became of it.';
