CREATE TABLE waiting_cancel (
    key TEXT NOT NULL,
    receipt_id TEXT NOT NULL,
    unit BIGINT NOT NULL,
    PRIMARY KEY (key, receipt_id, unit)
);

COMMENT ON TABLE waiting_cancel IS 'A cancellation that came before its order, by what the order will be recognised by. Written when it is taken.';
COMMENT ON COLUMN waiting_cancel.key IS 'A hash of the member and the sender''s number, as in match_key.';
COMMENT ON COLUMN waiting_cancel.receipt_id IS 'The receipt of the cancellation.';
COMMENT ON COLUMN waiting_cancel.unit IS 'Its unit there.';
