-- A second factor beside the password: codes of an authenticator app, and codes on paper for when it is lost.

CREATE TABLE totp (
    user_id TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL
);

COMMENT ON TABLE totp IS 'The authenticator app of a user.';
COMMENT ON COLUMN totp.user_id IS 'Whose.';
COMMENT ON COLUMN totp.secret IS 'Base 32. It has to be known to verify a code, so it stands as it is: whoever reads the database has it.';
COMMENT ON COLUMN totp.confirmed_at IS 'When a first code of it was right, UTC microseconds. NULL until then: it is not asked for yet.';
COMMENT ON COLUMN totp.last_step IS 'The latest 30-second step whose code was used; none of it or before is taken again.';

CREATE TABLE recovery_code (
    user_id TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

COMMENT ON TABLE recovery_code IS 'A code on paper that stands once for the authenticator app. Gone when it is used.';
COMMENT ON COLUMN recovery_code.user_id IS 'Whose.';
COMMENT ON COLUMN recovery_code.code_hash IS 'SHA-256 of the code, hexadecimal.';

CREATE TABLE signin_step (
    token_hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    shown TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

COMMENT ON TABLE signin_step IS 'Somebody who showed one factor and has yet to show the second.';
COMMENT ON COLUMN signin_step.token_hash IS 'SHA-256 of the token that the form of the second factor carries, hexadecimal.';
COMMENT ON COLUMN signin_step.user_id IS 'Who.';
COMMENT ON COLUMN signin_step.epoch IS 'The user''s epoch then.';
COMMENT ON COLUMN signin_step.shown IS 'What was shown: password or link.';
COMMENT ON COLUMN signin_step.expires_at IS 'Until when the second may be shown, UTC microseconds.';

CREATE INDEX signin_step_expires ON signin_step (expires_at);
