-- Who and what a case is about: personal data, kept in rows that can be amended. None of it is in the events.

CREATE TABLE person (
    case_id TEXT NOT NULL PRIMARY KEY,
    family TEXT,
    given TEXT NOT NULL,
    suffix TEXT,
    birth_on TEXT,
    sex TEXT,
    has_address BIGINT NOT NULL CHECK (has_address IN (0, 1)),
    address TEXT NOT NULL,
    city TEXT,
    state TEXT,
    zip TEXT,
    phones TEXT NOT NULL,
    email TEXT,
    language TEXT,
    record_numbers TEXT NOT NULL,
    member_id TEXT,
    member_id_norm TEXT,
    payer_code TEXT,
    payer_name TEXT,
    group_no TEXT,
    coverages TEXT NOT NULL,
    name_key TEXT NOT NULL,
    given_key TEXT NOT NULL,
    prescriber TEXT,
    referrer TEXT,
    updated_at BIGINT NOT NULL
);

COMMENT ON TABLE person IS 'The member of a case as last amended, with coverage and the two clinicians. Personal data. Written by people::put.';
COMMENT ON COLUMN person.case_id IS 'The case.';
COMMENT ON COLUMN person.family IS 'Family name. NULL when not known, as in every column below.';
COMMENT ON COLUMN person.given IS 'Given names in order, JSON.';
COMMENT ON COLUMN person.suffix IS 'Suffix such as Jr.';
COMMENT ON COLUMN person.birth_on IS 'Date of birth, ISO 8601.';
COMMENT ON COLUMN person.sex IS 'female, male or unknown.';
COMMENT ON COLUMN person.has_address IS '1 when an address was given, even an empty one.';
COMMENT ON COLUMN person.address IS 'Street lines of where care is given, JSON.';
COMMENT ON COLUMN person.city IS 'City.';
COMMENT ON COLUMN person.state IS 'Two-letter state.';
COMMENT ON COLUMN person.zip IS 'ZIP or ZIP+4 as sent.';
COMMENT ON COLUMN person.phones IS 'Telephone numbers with their kinds, JSON.';
COMMENT ON COLUMN person.email IS 'E-mail address.';
COMMENT ON COLUMN person.language IS 'Language as sent.';
COMMENT ON COLUMN person.record_numbers IS 'The senders'' record numbers with who assigned each, JSON.';
COMMENT ON COLUMN person.member_id IS 'The plan ID of the first coverage.';
COMMENT ON COLUMN person.member_id_norm IS 'The same with letters and digits only, upper case, for search.';
COMMENT ON COLUMN person.payer_code IS 'The payer''s identifier of the first coverage as sent.';
COMMENT ON COLUMN person.payer_name IS 'The payer''s name of the first coverage as sent.';
COMMENT ON COLUMN person.group_no IS 'The group number of the first coverage.';
COMMENT ON COLUMN person.coverages IS 'All coverages in billing order, JSON.';
COMMENT ON COLUMN person.name_key IS 'Family and given names folded to ASCII letters, for search.';
COMMENT ON COLUMN person.given_key IS 'First given name and family name folded to ASCII letters, for search.';
COMMENT ON COLUMN person.prescriber IS 'Who ordered it, JSON. NULL when not stated.';
COMMENT ON COLUMN person.referrer IS 'Who sent it, JSON. NULL when not stated.';
COMMENT ON COLUMN person.updated_at IS 'When the row was last written, UTC microseconds.';

CREATE INDEX person_name ON person (name_key, case_id);
CREATE INDEX person_given ON person (given_key, case_id);
CREATE INDEX person_birth ON person (birth_on, case_id);
CREATE INDEX person_member ON person (member_id_norm, case_id);

CREATE TABLE document (
    case_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    title TEXT NOT NULL,
    receipt_id TEXT,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (case_id, document_id)
);

COMMENT ON TABLE document IS 'A document of a case; its bytes are the blob of its hash.';
COMMENT ON COLUMN document.case_id IS 'The case.';
COMMENT ON COLUMN document.document_id IS 'The document.';
COMMENT ON COLUMN document.hash IS 'SHA-256 of the bytes, hexadecimal.';
COMMENT ON COLUMN document.kind IS 'What it is: order, plan-of-care and so on.';
COMMENT ON COLUMN document.media_type IS 'The media type as found.';
COMMENT ON COLUMN document.title IS 'Its title or file name. Personal data.';
COMMENT ON COLUMN document.receipt_id IS 'The receipt it came with. NULL when a person added it.';
COMMENT ON COLUMN document.added_at IS 'When, UTC microseconds.';
COMMENT ON COLUMN document.added_by IS 'The user or the program''s own name.';

CREATE TABLE note (
    case_id TEXT NOT NULL,
    note_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('hub', 'shared')),
    place TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (case_id, note_id)
);

COMMENT ON TABLE note IS 'Free text about a case: what people noted, and the words that came with the order. Personal data.';
COMMENT ON COLUMN note.case_id IS 'The case.';
COMMENT ON COLUMN note.note_id IS 'The note.';
COMMENT ON COLUMN note.at IS 'When it was written, UTC microseconds.';
COMMENT ON COLUMN note.author IS 'The user or the program''s own name.';
COMMENT ON COLUMN note.visibility IS 'hub: people of the hub only; shared: also the provider and the referrer.';
COMMENT ON COLUMN note.place IS 'Where the text stood in the order as it came in; empty for a note that a person wrote.';
COMMENT ON COLUMN note.text IS 'The text.';
