-- What cases are found by beside the columns of `person`: brought up to the cases by the runner, not by who writes them.

CREATE TABLE search_due (
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (case_id)
);

COMMENT ON TABLE search_due IS 'Cases whose entries have to be made. Written with the events by cases::append, taken away by search::index.';
COMMENT ON COLUMN search_due.case_id IS 'The case.';
COMMENT ON COLUMN search_due.seq IS 'The event up to which they have to be made.';

CREATE TABLE search_key (
    key TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (key, case_id)
);

COMMENT ON TABLE search_key IS 'What a case is found by: telephone, authorization and record numbers, parts of names, words of notes. Personal data.';
COMMENT ON COLUMN search_key.key IS 'A letter for the kind, a colon, and the text folded. What is no longer true of a case is left out when it is read.';
COMMENT ON COLUMN search_key.case_id IS 'The case.';

CREATE TABLE search_name (
    near TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (near, word)
);

COMMENT ON TABLE search_name IS 'Every name there is, under itself and under itself without each of its letters: two names one letter apart meet. Personal data.';
COMMENT ON COLUMN search_name.near IS 'The name, or the name without one letter.';
COMMENT ON COLUMN search_name.word IS 'The name, folded.';

INSERT INTO search_due (case_id, seq) SELECT case_id, seq FROM case_head;
