-- The supervisor's board counts every open case at once: from an index that has all it counts, not from the rows.

CREATE INDEX case_head_board
    ON case_head (manager, next_code, clock_name, next_waits, received_at, at_risk, missed, escalation_level, priority)
    WHERE status = 'open';
