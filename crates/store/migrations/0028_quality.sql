-- Quality: notices of denial, all of which are looked at, and the cards.

CREATE TABLE denial_notice (
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, seq)
);

COMMENT ON TABLE denial_notice IS 'An event that denied a line. Written with the events by cases::append; those from before this table was are not in it.';
COMMENT ON COLUMN denial_notice.case_id IS 'The case.';
COMMENT ON COLUMN denial_notice.seq IS 'The event.';
COMMENT ON COLUMN denial_notice.at IS 'When it was recorded, UTC microseconds.';

CREATE INDEX denial_notice_at ON denial_notice (at, case_id, seq);

CREATE TABLE quality_card (
    month TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('call', 'complaint', 'denial')),
    ref_id TEXT NOT NULL,
    case_id TEXT,
    agent TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    scored_at BIGINT NOT NULL,
    points TEXT NOT NULL,
    total BIGINT NOT NULL,
    failed BIGINT NOT NULL CHECK (failed IN (0, 1)),
    words TEXT NOT NULL,
    PRIMARY KEY (month, what, ref_id)
);

COMMENT ON TABLE quality_card IS 'A scorecard of one call, complaint or notice. Written by a supervisor; scored again, it takes the first one''s place.';
COMMENT ON COLUMN quality_card.month IS 'The month whose sample it is of, as 2026-07.';
COMMENT ON COLUMN quality_card.what IS 'What was looked at.';
COMMENT ON COLUMN quality_card.ref_id IS 'Its own id.';
COMMENT ON COLUMN quality_card.case_id IS 'Its case. NULL where it has none.';
COMMENT ON COLUMN quality_card.agent IS 'Whose work it is.';
COMMENT ON COLUMN quality_card.reviewer IS 'The user who scored it.';
COMMENT ON COLUMN quality_card.scored_at IS 'When, UTC microseconds.';
COMMENT ON COLUMN quality_card.points IS 'Points by item, as JSON.';
COMMENT ON COLUMN quality_card.total IS 'What they come to; 0 where an item failed the whole.';
COMMENT ON COLUMN quality_card.failed IS '1 when an item failed the whole.';
COMMENT ON COLUMN quality_card.words IS 'What the agent is told. Personal data may be in it.';

CREATE INDEX quality_card_agent ON quality_card (agent, scored_at, month, what, ref_id);
