-- Calls: who spoke with whom, for how long, how far they were verified, and how it ended.

CREATE TABLE phone_call (
    call_id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    case_id TEXT,
    agent TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    caller_kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    caller_name TEXT NOT NULL,
    caller_org TEXT NOT NULL,
    caller_phone TEXT NOT NULL,
    notes TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('talking', 'on-hold', 'wrapping', 'closed')),
    since BIGINT NOT NULL,
    talk_us BIGINT NOT NULL,
    hold_us BIGINT NOT NULL,
    wrap_us BIGINT NOT NULL,
    n_holds BIGINT NOT NULL,
    n_transfers BIGINT NOT NULL,
    level TEXT NOT NULL,
    matched TEXT NOT NULL,
    authority TEXT NOT NULL,
    tries_failed BIGINT NOT NULL,
    symptoms TEXT NOT NULL,
    handed_to TEXT,
    disposition TEXT,
    ends TEXT,
    promised_to BIGINT,
    closed_at BIGINT
);

COMMENT ON TABLE phone_call IS 'One call. Written by whoever holds it, step by step. Personal data in caller_name, caller_org, caller_phone and notes.';
COMMENT ON COLUMN phone_call.call_id IS 'The call, as the events of its case name it.';
COMMENT ON COLUMN phone_call.version IS 'Rises with every change.';
COMMENT ON COLUMN phone_call.case_id IS 'The case it is about. NULL while none is known.';
COMMENT ON COLUMN phone_call.agent IS 'The user who holds it.';
COMMENT ON COLUMN phone_call.direction IS 'Whether they called or we did.';
COMMENT ON COLUMN phone_call.caller_kind IS 'What the caller is to the member, as packs name it.';
COMMENT ON COLUMN phone_call.reason IS 'What it is about, as packs name it.';
COMMENT ON COLUMN phone_call.caller_name IS 'The caller''s name as given. Personal data.';
COMMENT ON COLUMN phone_call.caller_org IS 'The caller''s organisation as given; empty for none. Personal data.';
COMMENT ON COLUMN phone_call.caller_phone IS 'The number to call back as given. Personal data.';
COMMENT ON COLUMN phone_call.notes IS 'What was said, in the agent''s words. Personal data.';
COMMENT ON COLUMN phone_call.started_at IS 'When it was connected, UTC microseconds.';
COMMENT ON COLUMN phone_call.state IS 'Where it stands.';
COMMENT ON COLUMN phone_call.since IS 'Since when it stands there, UTC microseconds.';
COMMENT ON COLUMN phone_call.talk_us IS 'Microseconds talked, without what runs.';
COMMENT ON COLUMN phone_call.hold_us IS 'Microseconds on hold, without what runs.';
COMMENT ON COLUMN phone_call.wrap_us IS 'Microseconds of wrap-up, without what runs.';
COMMENT ON COLUMN phone_call.n_holds IS 'How often it was put on hold.';
COMMENT ON COLUMN phone_call.n_transfers IS 'How often it was handed over.';
COMMENT ON COLUMN phone_call.level IS 'How much the caller may be told.';
COMMENT ON COLUMN phone_call.matched IS 'Which identifiers matched, never their values: codes with commas.';
COMMENT ON COLUMN phone_call.authority IS 'What was seen of the caller''s authority: codes with commas.';
COMMENT ON COLUMN phone_call.tries_failed IS 'Tries in which something did not match.';
COMMENT ON COLUMN phone_call.symptoms IS 'Symptoms that were heard: names with commas.';
COMMENT ON COLUMN phone_call.handed_to IS 'To whom it was handed over last. NULL when it was not.';
COMMENT ON COLUMN phone_call.disposition IS 'How it ended, as packs name it. NULL until it ended.';
COMMENT ON COLUMN phone_call.ends IS 'What that says for the figures. NULL until it ended.';
COMMENT ON COLUMN phone_call.promised_to IS 'By when a call back was promised, UTC microseconds. NULL for none.';
COMMENT ON COLUMN phone_call.closed_at IS 'When its wrap-up was closed, UTC microseconds. NULL while it is open.';

CREATE INDEX phone_call_open ON phone_call (agent, started_at, call_id) WHERE closed_at IS NULL;
CREATE INDEX phone_call_of_case ON phone_call (case_id, reason, started_at, call_id) WHERE case_id IS NOT NULL;
CREATE INDEX phone_call_day ON phone_call (started_at, call_id);
