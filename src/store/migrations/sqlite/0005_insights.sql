-- What figures are made of and the newest brief no longer tells: when a handoff first stood where, which fields were
-- asked of people, how often it was refused. Field keys, kinds and times alone: nobody's words, nobody's name.
CREATE TABLE facts (
    workspace  TEXT NOT NULL,
    handoff    TEXT NOT NULL,
    record     TEXT NOT NULL DEFAULT '{}',
    refused    BIGINT NOT NULL DEFAULT 0,      -- transfers that the gate refused
    PRIMARY KEY (workspace, handoff),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id) ON DELETE CASCADE
);

CREATE INDEX handoffs_by_time ON handoffs (workspace, created_at, id);
CREATE INDEX clearances_forced ON clearances (workspace, handoff, version) WHERE break_glass IS NOT NULL;
CREATE INDEX events_by_kind ON events (workspace, kind, handoff) WHERE handoff IS NOT NULL;

-- Handoffs from before this table: their times from the log. Fields are noted from their next change on.
INSERT INTO facts (workspace, handoff, record)
SELECT workspace, handoff, json_object(
    'ready_at', MIN(CASE WHEN kind = 'handoff.ready' OR json_extract(detail, '$.status') IN ('ready', 'transferred') THEN at END),
    'handed_at', MAX(CASE WHEN kind = 'handoff.transferred' THEN at END),
    'transferred_at', MIN(CASE WHEN kind = 'handoff.transferred' THEN at END),
    'accepted_at', MIN(CASE WHEN kind = 'handoff.accepted' THEN at END),
    'ended_at', MIN(CASE WHEN kind = 'handoff.cancelled' THEN at END))
FROM events WHERE handoff IS NOT NULL AND EXISTS (
    SELECT 1 FROM handoffs h WHERE h.workspace = events.workspace AND h.id = events.handoff)
GROUP BY workspace, handoff;
