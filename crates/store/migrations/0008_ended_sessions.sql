-- A session that ran out is marked as ended, so that a clock that is set back revives none.

ALTER TABLE session ADD COLUMN ended_at BIGINT;

COMMENT ON COLUMN session.ended_at IS 'When it was found to have run out, UTC microseconds. NULL while it holds, or nobody looked yet.';

CREATE INDEX session_holds ON session (seen_at, token_hash) WHERE ended_at IS NULL;
