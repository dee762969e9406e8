-- Whom to ask for at the provider who accepted lines of a case.

CREATE TABLE provider_contact (
    case_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    PRIMARY KEY (case_id, contact_id)
);

COMMENT ON TABLE provider_contact IS 'A person at a provider who answers for lines of a case. Written with the acceptance that names it. Personal data.';
COMMENT ON COLUMN provider_contact.case_id IS 'The case.';
COMMENT ON COLUMN provider_contact.contact_id IS 'The contact, as the events name it.';
COMMENT ON COLUMN provider_contact.at IS 'When it was entered, UTC microseconds.';
COMMENT ON COLUMN provider_contact.author IS 'The user or the program''s own name.';
COMMENT ON COLUMN provider_contact.name IS 'The name.';
COMMENT ON COLUMN provider_contact.phone IS 'The telephone number, as it was entered.';
