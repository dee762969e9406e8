-- Who works when and on what, and which teams are handed work by rule.

CREATE TABLE staff (
    user_id TEXT NOT NULL PRIMARY KEY,
    zone TEXT NOT NULL
);

COMMENT ON TABLE staff IS 'Somebody whose hours and skills were entered. Who has no row is at work at all times and named for every line.';
COMMENT ON COLUMN staff.user_id IS 'Who.';
COMMENT ON COLUMN staff.zone IS 'The IANA zone of their hours.';

CREATE TABLE staff_trait (
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('service', 'language')),
    name TEXT NOT NULL,
    PRIMARY KEY (user_id, kind, name)
);

COMMENT ON TABLE staff_trait IS 'What somebody works on, and which languages they speak besides English. No row of service: every line.';
COMMENT ON COLUMN staff_trait.user_id IS 'Who.';
COMMENT ON COLUMN staff_trait.kind IS 'service or language.';
COMMENT ON COLUMN staff_trait.name IS 'The name of the service line, or the ISO 639-3 code of the language.';

CREATE TABLE staff_hours (
    user_id TEXT NOT NULL,
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_min BIGINT NOT NULL CHECK (from_min BETWEEN 0 AND 1439),
    to_min BIGINT NOT NULL CHECK (to_min BETWEEN 0 AND 1440),
    PRIMARY KEY (user_id, weekday, from_min)
);

COMMENT ON TABLE staff_hours IS 'One shift of somebody in every week. No row: their hours are not known, and they count as at work.';
COMMENT ON COLUMN staff_hours.user_id IS 'Who.';
COMMENT ON COLUMN staff_hours.weekday IS 'The weekday on which it begins, 1 for Monday to 7 for Sunday.';
COMMENT ON COLUMN staff_hours.from_min IS 'Minutes after midnight at which it begins.';
COMMENT ON COLUMN staff_hours.to_min IS 'Minutes after midnight at which it ends; not after from_min where it goes on past midnight.';

CREATE TABLE team_push (
    team TEXT NOT NULL PRIMARY KEY,
    set_at BIGINT NOT NULL,
    set_by TEXT NOT NULL
);

COMMENT ON TABLE team_push IS 'A team that is handed cases that nobody has by rule, as they come. No row: a supervisor hands them out, or people take them.';
COMMENT ON COLUMN team_push.team IS 'The team, as users have it.';
COMMENT ON COLUMN team_push.set_at IS 'Since when, UTC microseconds.';
COMMENT ON COLUMN team_push.set_by IS 'Who said so.';
