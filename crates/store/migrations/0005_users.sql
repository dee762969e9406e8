-- Who may sign in, and how. Tokens are kept as hashes only.

CREATE TABLE app_user (
    user_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    epoch BIGINT NOT NULL
);

COMMENT ON TABLE app_user IS 'A person who may sign in, or a program with a token.';
COMMENT ON COLUMN app_user.user_id IS 'What is typed to sign in, lower case.';
COMMENT ON COLUMN app_user.name IS 'The name that others see.';
COMMENT ON COLUMN app_user.role IS 'agent, nurse, supervisor, admin or system.';
COMMENT ON COLUMN app_user.password_hash IS 'A PHC string. NULL when no password was set yet.';
COMMENT ON COLUMN app_user.disabled_at IS 'When the account was shut, UTC microseconds. NULL while it may be used.';
COMMENT ON COLUMN app_user.created_at IS 'When it was made, UTC microseconds.';
COMMENT ON COLUMN app_user.epoch IS 'Rises with every change of role, password or admission; sessions of an older one are void.';

CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

COMMENT ON TABLE session IS 'One signed-in browser.';
COMMENT ON COLUMN session.token_hash IS 'SHA-256 of the cookie''s token, hexadecimal.';
COMMENT ON COLUMN session.user_id IS 'Whose.';
COMMENT ON COLUMN session.epoch IS 'The user''s epoch at sign-in.';
COMMENT ON COLUMN session.csrf IS 'What forms of this session carry.';
COMMENT ON COLUMN session.created_at IS 'When, UTC microseconds.';
COMMENT ON COLUMN session.seen_at IS 'When it was last used, UTC microseconds, to the minute.';
COMMENT ON COLUMN session.expires_at IS 'When it ends at the latest, UTC microseconds.';

CREATE INDEX session_of_user ON session (user_id, created_at, token_hash);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE signin_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

COMMENT ON TABLE signin_link IS 'A link that signs a user in once.';
COMMENT ON COLUMN signin_link.token_hash IS 'SHA-256 of the link''s token, hexadecimal.';
COMMENT ON COLUMN signin_link.user_id IS 'Whom it signs in.';
COMMENT ON COLUMN signin_link.expires_at IS 'Until when it works, UTC microseconds.';
COMMENT ON COLUMN signin_link.used_at IS 'When it was used, UTC microseconds. NULL until then.';

CREATE TABLE signin_attempt (
    name_key TEXT NOT NULL,
    at BIGINT NOT NULL,
    ok BIGINT NOT NULL CHECK (ok IN (0, 1)),
    times BIGINT NOT NULL,
    PRIMARY KEY (name_key, at, ok)
);

COMMENT ON TABLE signin_attempt IS 'Attempts to sign in, to slow down guessing.';
COMMENT ON COLUMN signin_attempt.name_key IS 'A hash of the name or the address that was tried.';
COMMENT ON COLUMN signin_attempt.at IS 'When, UTC microseconds.';
COMMENT ON COLUMN signin_attempt.ok IS '1 when it succeeded.';
COMMENT ON COLUMN signin_attempt.times IS 'How many in that microsecond.';

CREATE INDEX signin_attempt_at ON signin_attempt (at);

CREATE TABLE api_token (
    token_hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

COMMENT ON TABLE api_token IS 'What a program shows instead of signing in.';
COMMENT ON COLUMN api_token.token_hash IS 'SHA-256 of the token, hexadecimal.';
COMMENT ON COLUMN api_token.user_id IS 'As whom it acts.';
COMMENT ON COLUMN api_token.label IS 'What it is for, in an admin''s words.';
COMMENT ON COLUMN api_token.created_at IS 'When it was made, UTC microseconds.';
COMMENT ON COLUMN api_token.revoked_at IS 'When it was withdrawn, UTC microseconds. NULL while it works.';

CREATE INDEX api_token_of_user ON api_token (user_id, created_at, token_hash);
