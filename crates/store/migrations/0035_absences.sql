-- Who is away, and who makes a promised call back then.

CREATE TABLE absence (
    absence_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    stand_in TEXT,
    entered_by TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    handed_at BIGINT,
    ended_at BIGINT
);

COMMENT ON TABLE absence IS 'Somebody is out of office. While they are nothing is handed to them; at the beginning what they have is handed on.';
COMMENT ON COLUMN absence.absence_id IS 'The absence. Sorts by the time it was entered.';
COMMENT ON COLUMN absence.user_id IS 'Who is away.';
COMMENT ON COLUMN absence.from_at IS 'From when, UTC microseconds.';
COMMENT ON COLUMN absence.until_at IS 'Until when, that instant excluded, UTC microseconds.';
COMMENT ON COLUMN absence.stand_in IS 'Who takes over. NULL: the rule says who.';
COMMENT ON COLUMN absence.entered_by IS 'Who entered it.';
COMMENT ON COLUMN absence.entered_at IS 'When, UTC microseconds.';
COMMENT ON COLUMN absence.handed_at IS 'When what they had was handed on, UTC microseconds. NULL until then.';
COMMENT ON COLUMN absence.ended_at IS 'When it was taken back, or ended early, UTC microseconds. NULL for neither.';

CREATE INDEX absence_of_user ON absence (user_id, until_at, absence_id);
CREATE INDEX absence_to_hand ON absence (from_at, absence_id) WHERE handed_at IS NULL AND ended_at IS NULL;

ALTER TABLE phone_call ADD COLUMN passed_to TEXT;

COMMENT ON COLUMN phone_call.passed_to IS 'Who makes the promised call back, where it was passed on; empty for whoever takes it. NULL: whoever held the call.';

CREATE INDEX phone_call_promised ON phone_call (agent, call_id) WHERE promised_to IS NOT NULL;
CREATE INDEX phone_call_passed ON phone_call (passed_to, call_id) WHERE passed_to IS NOT NULL;
