-- Jobs of one case go to one receiver in the order of events, whatever their kind: no recall overtakes its offer.

ALTER TABLE job ADD COLUMN receiver TEXT NOT NULL DEFAULT '';

COMMENT ON COLUMN job.receiver IS 'Who is told: referrer, payer, member, staff, or provider and its id. Jobs of one case and receiver run in the order of seq.';
COMMENT ON COLUMN job.seq IS 'The event that asked for it: jobs of one case and receiver run in this order.';

DROP INDEX job_order;

CREATE INDEX job_order ON job (case_id, receiver, seq, job_id) WHERE done_at IS NULL AND dead_at IS NULL;
