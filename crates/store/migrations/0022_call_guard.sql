-- What protects members in calls: how long a verification holds, whose tries failed, from which number; and who interprets.

ALTER TABLE phone_call ADD COLUMN verified_at BIGINT;
ALTER TABLE phone_call ADD COLUMN failed_at BIGINT;
ALTER TABLE phone_call ADD COLUMN number_key TEXT NOT NULL DEFAULT '';
ALTER TABLE phone_call ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE phone_call ADD COLUMN bridge TEXT;
ALTER TABLE phone_call ADD COLUMN interpreter TEXT NOT NULL DEFAULT '';

COMMENT ON COLUMN phone_call.verified_at IS 'When the level was reached, UTC microseconds. NULL while nothing may be told.';
COMMENT ON COLUMN phone_call.failed_at IS 'When too many tries had failed, UTC microseconds. NULL where they did not.';
COMMENT ON COLUMN phone_call.number_key IS 'The last ten digits of the number to call back; empty for none. Personal data.';
COMMENT ON COLUMN phone_call.language IS 'The language that the call is held in, ISO 639-3; empty for ours.';
COMMENT ON COLUMN phone_call.bridge IS 'How it is bridged: by an interpreter, by staff, by relay. NULL where it is not.';
COMMENT ON COLUMN phone_call.interpreter IS 'The vendor and the interpreter''s number.';

CREATE INDEX phone_call_failed ON phone_call (failed_at, number_key) WHERE failed_at IS NOT NULL;
