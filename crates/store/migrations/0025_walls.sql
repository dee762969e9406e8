-- Who sees which cases: walls of teams, payers that are shut, labels, and leave for a time.

ALTER TABLE case_head ADD COLUMN labelled BIGINT NOT NULL DEFAULT 0 CHECK (labelled IN (0, 1));
ALTER TABLE audit ADD COLUMN rule TEXT NOT NULL DEFAULT '';

COMMENT ON COLUMN case_head.labelled IS '1 while somebody labels the case as sensitive: it is hidden from those who have no part in it.';
COMMENT ON COLUMN audit.rule IS 'The rule that allowed or refused it. Empty where none was named.';

CREATE TABLE team_wall (
    team TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('payer', 'service')),
    name TEXT NOT NULL,
    PRIMARY KEY (team, kind, name)
);

COMMENT ON TABLE team_wall IS 'What a team is walled to: it sees no case outside. No row of a kind: no wall of that kind.';
COMMENT ON COLUMN team_wall.team IS 'The team, as users have it.';
COMMENT ON COLUMN team_wall.kind IS 'payer or service.';
COMMENT ON COLUMN team_wall.name IS 'The payer''s id, or the name of the service line.';

CREATE TABLE shut_payer (
    payer_id TEXT NOT NULL PRIMARY KEY
);

COMMENT ON TABLE shut_payer IS 'Payers'' programmes that only teams walled to them see.';
COMMENT ON COLUMN shut_payer.payer_id IS 'The payer.';

CREATE TABLE case_access (
    access_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('grant', 'glass')),
    case_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    reason TEXT NOT NULL,
    until BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    outcome TEXT,
    words TEXT NOT NULL,
    review_by BIGINT,
    blocked_at BIGINT,
    recipient TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    nature TEXT NOT NULL
);

COMMENT ON TABLE case_access IS 'Leave to see one case for a time: asked for and given, or taken in an emergency and reviewed. Personal data in reason, words, recipient, affiliation and nature.';
COMMENT ON COLUMN case_access.access_id IS 'The request. Sorts by the time it was made.';
COMMENT ON COLUMN case_access.kind IS 'grant: somebody decides before; glass: somebody reviews after.';
COMMENT ON COLUMN case_access.case_id IS 'The case.';
COMMENT ON COLUMN case_access.user_id IS 'Who asked, and who sees it.';
COMMENT ON COLUMN case_access.asked_at IS 'When, UTC microseconds. The emergency began then.';
COMMENT ON COLUMN case_access.purpose IS 'Why, a code of a list.';
COMMENT ON COLUMN case_access.reason IS 'Why, in words.';
COMMENT ON COLUMN case_access.until IS 'Until when the case is seen, UTC microseconds; 0 while nothing is given.';
COMMENT ON COLUMN case_access.decided_at IS 'When it was decided or reviewed, UTC microseconds. NULL until then.';
COMMENT ON COLUMN case_access.decided_by IS 'By whom. NULL until then.';
COMMENT ON COLUMN case_access.outcome IS 'given or refused; justified or unjustified. NULL until then.';
COMMENT ON COLUMN case_access.words IS 'What they said; empty for nothing.';
COMMENT ON COLUMN case_access.review_by IS 'By when an emergency has to be reviewed, UTC microseconds. NULL for a grant.';
COMMENT ON COLUMN case_access.blocked_at IS 'When the account was shut because nobody reviewed it, UTC microseconds. NULL for never.';
COMMENT ON COLUMN case_access.recipient IS 'Who received what 42 CFR Part 2 protects; empty where nothing of that is labelled.';
COMMENT ON COLUMN case_access.affiliation IS 'With which health care facility they are; empty as recipient.';
COMMENT ON COLUMN case_access.nature IS 'The nature of the emergency; empty as recipient.';

CREATE INDEX case_access_of_user ON case_access (user_id, until, case_id, kind);
CREATE INDEX case_access_open ON case_access (kind, access_id) WHERE decided_at IS NULL;

-- What walls and labels ask of a row stands in each list's index: no list reads a row that it does not show.
DROP INDEX case_head_open;
DROP INDEX case_head_closed;
DROP INDEX case_head_manager;
DROP INDEX case_head_at_risk;
DROP INDEX case_head_discharge;
DROP INDEX case_head_clarifying;
DROP INDEX case_head_offers;
DROP INDEX case_head_auth;
DROP INDEX case_head_escalated;
DROP INDEX case_head_triage;
DROP INDEX case_head_visit;
DROP INDEX case_head_missed;
DROP INDEX case_head_unread;
DROP INDEX case_head_board;
CREATE INDEX case_head_open ON case_head (sort_at, case_id, labelled, payer_id, manager, services) WHERE status = 'open';
CREATE INDEX case_head_closed ON case_head (sort_at, case_id, labelled, payer_id, manager, services) WHERE status = 'closed';
CREATE INDEX case_head_manager ON case_head (manager, sort_at, case_id, labelled, payer_id, services) WHERE status = 'open';
CREATE INDEX case_head_at_risk ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND at_risk = 1;
CREATE INDEX case_head_discharge ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND discharge_at IS NOT NULL;
CREATE INDEX case_head_clarifying ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND clarifying = 1;
CREATE INDEX case_head_offers ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND offers_waiting = 1;
CREATE INDEX case_head_auth ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND auth_pending = 1;
CREATE INDEX case_head_escalated ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND escalation_level > 0;
CREATE INDEX case_head_triage ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND next_code = 'triage';
CREATE INDEX case_head_visit ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND visit_at IS NOT NULL;
CREATE INDEX case_head_missed ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND missed = 1;
CREATE INDEX case_head_unread ON case_head (sort_at, case_id, labelled, payer_id, manager, services)
    WHERE status = 'open' AND unread = 1;
CREATE INDEX case_head_board
    ON case_head (manager, next_code, clock_name, next_waits, received_at, at_risk, missed, escalation_level, priority,
                  labelled, payer_id, services, case_id)
    WHERE status = 'open';
