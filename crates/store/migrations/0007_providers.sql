-- The network: who can be asked to deliver.

CREATE TABLE provider (
    provider_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    npi TEXT,
    taxonomy TEXT,
    services TEXT NOT NULL,
    areas TEXT NOT NULL,
    phone TEXT,
    fax TEXT,
    contact TEXT,
    accepting BIGINT NOT NULL CHECK (accepting IN (0, 1)),
    active_from TEXT,
    active_to TEXT
);

COMMENT ON TABLE provider IS 'A provider''s branch that can be offered service lines.';
COMMENT ON COLUMN provider.provider_id IS 'The provider.';
COMMENT ON COLUMN provider.name IS 'Its name.';
COMMENT ON COLUMN provider.npi IS 'Its NPI. NULL when it has none.';
COMMENT ON COLUMN provider.taxonomy IS 'Its taxonomy code. NULL when not known.';
COMMENT ON COLUMN provider.services IS 'The trades it offers, JSON.';
COMMENT ON COLUMN provider.areas IS 'Where: two-letter states and ZIP prefixes, JSON.';
COMMENT ON COLUMN provider.phone IS 'Telephone. NULL when not known.';
COMMENT ON COLUMN provider.fax IS 'Fax. NULL when not known.';
COMMENT ON COLUMN provider.contact IS 'Whom to ask for. NULL when not known.';
COMMENT ON COLUMN provider.accepting IS '1 while it takes new members.';
COMMENT ON COLUMN provider.active_from IS 'First day in the network, ISO 8601. NULL for always.';
COMMENT ON COLUMN provider.active_to IS 'Last day in the network, ISO 8601. NULL for no end.';

CREATE TABLE provider_area (
    provider_id TEXT NOT NULL,
    service TEXT NOT NULL,
    area TEXT NOT NULL,
    PRIMARY KEY (provider_id, service, area)
);

COMMENT ON TABLE provider_area IS 'What a provider offers where: its services times its areas, for finding it. Written by providers::put.';
COMMENT ON COLUMN provider_area.provider_id IS 'The provider.';
COMMENT ON COLUMN provider_area.service IS 'The trade.';
COMMENT ON COLUMN provider_area.area IS 'A two-letter state or a ZIP prefix.';

CREATE INDEX provider_area_found ON provider_area (service, area, provider_id);
