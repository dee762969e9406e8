-- Who signs in at the identity provider of the organisation, and who is on the way there.

CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);

COMMENT ON TABLE identity IS 'Whom the identity provider means by a subject. An e-mail address or a name means nobody.';
COMMENT ON COLUMN identity.issuer IS 'What the provider calls itself.';
COMMENT ON COLUMN identity.subject IS 'What it calls the person for ever.';
COMMENT ON COLUMN identity.user_id IS 'The user. Made with the first sign-in, never changed.';
COMMENT ON COLUMN identity.created_at IS 'When, UTC microseconds.';

CREATE UNIQUE INDEX identity_of_user ON identity (user_id);

CREATE TABLE identity_trip (
    state_hash TEXT NOT NULL PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    next_path TEXT NOT NULL,
    is_fresh BIGINT NOT NULL CHECK (is_fresh IN (0, 1)),
    expires_at BIGINT NOT NULL
);

COMMENT ON TABLE identity_trip IS 'A browser that was sent to the identity provider. Gone when it comes back, with whatever.';
COMMENT ON COLUMN identity_trip.state_hash IS 'SHA-256 of the state that it carries there and back, hexadecimal.';
COMMENT ON COLUMN identity_trip.browser_hash IS 'SHA-256 of the secret in its cookie, hexadecimal: no other browser may come back with the state.';
COMMENT ON COLUMN identity_trip.next_path IS 'Where it goes on to.';
COMMENT ON COLUMN identity_trip.is_fresh IS '1 when the person has to show their proof again.';
COMMENT ON COLUMN identity_trip.expires_at IS 'Until when it may come back, UTC microseconds.';

CREATE INDEX identity_trip_expires ON identity_trip (expires_at);
