-- Who is on call for what, at all hours.

CREATE TABLE on_call_shift (
    shift_id TEXT NOT NULL PRIMARY KEY,
    duty TEXT NOT NULL CHECK (duty IN ('nurse', 'supervisor')),
    user_id TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    entered_by TEXT NOT NULL,
    entered_at BIGINT NOT NULL
);

COMMENT ON TABLE on_call_shift IS 'One shift of somebody on call. Shifts may overlap; where none is, there is a gap.';
COMMENT ON COLUMN on_call_shift.shift_id IS 'The shift. Sorts by the time it was entered.';
COMMENT ON COLUMN on_call_shift.duty IS 'As what: nurse or supervisor.';
COMMENT ON COLUMN on_call_shift.user_id IS 'Who.';
COMMENT ON COLUMN on_call_shift.from_at IS 'From when, UTC microseconds.';
COMMENT ON COLUMN on_call_shift.until_at IS 'Until when, that instant excluded, UTC microseconds.';
COMMENT ON COLUMN on_call_shift.entered_by IS 'Who entered it.';
COMMENT ON COLUMN on_call_shift.entered_at IS 'When, UTC microseconds.';

CREATE INDEX on_call_shift_until ON on_call_shift (until_at, shift_id);
