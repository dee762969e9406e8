-- Passkeys: a device that verifies the person signs in by itself, and no page but the hub's gets anything of it.

CREATE TABLE passkey (
    credential_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    user_handle TEXT NOT NULL,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    counter BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);

COMMENT ON TABLE passkey IS 'A key of a device that signs a user in.';
COMMENT ON COLUMN passkey.credential_id IS 'What the device calls it, base64url.';
COMMENT ON COLUMN passkey.user_id IS 'Whom it signs in.';
COMMENT ON COLUMN passkey.user_handle IS 'What devices call the user: random, the same for all keys of one, base64url.';
COMMENT ON COLUMN passkey.name IS 'What the user calls it.';
COMMENT ON COLUMN passkey.public_key IS 'Its public half, COSE, base64url.';
COMMENT ON COLUMN passkey.counter IS 'How often it was used, as the device counts. 0 where it does not.';
COMMENT ON COLUMN passkey.created_at IS 'When it was made, UTC microseconds.';
COMMENT ON COLUMN passkey.used_at IS 'When it was last used, UTC microseconds. NULL for never.';

CREATE INDEX passkey_of_user ON passkey (user_id, created_at, credential_id);

CREATE TABLE passkey_challenge (
    challenge_hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

COMMENT ON TABLE passkey_challenge IS 'A question that a device has yet to answer. Gone with the first answer, right or wrong.';
COMMENT ON COLUMN passkey_challenge.challenge_hash IS 'SHA-256 of the challenge, hexadecimal.';
COMMENT ON COLUMN passkey_challenge.user_id IS 'Who makes a new key; empty for whoever signs in.';
COMMENT ON COLUMN passkey_challenge.expires_at IS 'Until when it may be answered, UTC microseconds.';

CREATE INDEX passkey_challenge_expires ON passkey_challenge (expires_at);
