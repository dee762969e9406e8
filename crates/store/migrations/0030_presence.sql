-- Who has which case open: told by their pages, and worth a minute.

CREATE TABLE presence (
    user_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    form TEXT NOT NULL DEFAULT '',
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, case_id)
);

COMMENT ON TABLE presence IS 'Somebody who has a case open. Written by case pages and their live connections; rows of a user that are old go with the next one.';
COMMENT ON COLUMN presence.user_id IS 'Who.';
COMMENT ON COLUMN presence.case_id IS 'The case.';
COMMENT ON COLUMN presence.form IS 'The form that they are at, by the name of its command; empty while they read.';
COMMENT ON COLUMN presence.seen_at IS 'When their page last said so, UTC microseconds by the wall clock.';

CREATE INDEX presence_case ON presence (case_id, seen_at);
