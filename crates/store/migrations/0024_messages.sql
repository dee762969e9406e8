-- What our people wrote to others about a case, and cases in which something came that nobody has read.

CREATE TABLE message (
    message_id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    receiver TEXT NOT NULL,
    checked BIGINT NOT NULL CHECK (checked IN (0, 1)),
    text TEXT NOT NULL
);

COMMENT ON TABLE message IS 'A message of ours to somebody outside. Written with its event, never changed. Personal data in text.';
COMMENT ON COLUMN message.message_id IS 'The message, as the case''s event names it.';
COMMENT ON COLUMN message.case_id IS 'The case it is about.';
COMMENT ON COLUMN message.at IS 'When it was written, UTC microseconds.';
COMMENT ON COLUMN message.author IS 'The user who wrote it.';
COMMENT ON COLUMN message.receiver IS 'To whom: referrer, member, payer, or provider/ and its id.';
COMMENT ON COLUMN message.checked IS '1 when something in it looked like another member''s, and the author said that it is not.';
COMMENT ON COLUMN message.text IS 'The message. Personal data.';

CREATE INDEX message_case ON message (case_id, at, message_id);

ALTER TABLE case_head ADD COLUMN unread BIGINT NOT NULL DEFAULT 0 CHECK (unread IN (0, 1));

COMMENT ON COLUMN case_head.unread IS '1 when something came in by a door after the case was opened and nobody has read it.';

CREATE INDEX case_head_unread ON case_head (sort_at, case_id) WHERE status = 'open' AND unread = 1;

INSERT INTO case_head_due (case_id) SELECT case_id FROM case_head WHERE true ON CONFLICT (case_id) DO NOTHING;
