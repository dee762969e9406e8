-- A person sees where they are signed in and ends what they do not know; a session that was ended says why.

ALTER TABLE session ADD COLUMN ended_why TEXT;
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN displaced BIGINT NOT NULL DEFAULT 0;

COMMENT ON COLUMN session.ended_why IS 'displaced, ended, ended-by-admin or renewed. NULL when it ran out, or holds.';
COMMENT ON COLUMN session.device IS 'Browser and system in plain words, as the browser calls itself; empty when it says nothing.';
COMMENT ON COLUMN session.address IS 'The network address at sign-in; empty when it is not known.';
COMMENT ON COLUMN session.proved_at IS 'When a factor was last shown in it, UTC microseconds. 0 for never.';
COMMENT ON COLUMN session.displaced IS 'How many older sessions of the user ended because this one began.';
