-- Erasure, holds, retention.

ALTER TABLE handoffs ADD COLUMN erased_at BIGINT;        -- what was in it is gone; the row tells that it was there
ALTER TABLE handoffs ADD COLUMN context_gone_at BIGINT;  -- raw context went by age: it cannot be read again
ALTER TABLE handoffs ADD COLUMN hold TEXT;               -- why nothing of it may go, and since when

CREATE INDEX handoffs_by_change ON handoffs (workspace, route_id, updated_at) WHERE erased_at IS NULL;
CREATE INDEX sources_by_age ON sources (workspace, created_at);
CREATE INDEX outbox_by_handoff ON outbox (workspace, handoff) WHERE handoff IS NOT NULL;
CREATE INDEX idempotency_by_handoff ON idempotency (workspace, json_extract(outcome, '$.id'));
CREATE INDEX jobs_by_handoff ON jobs (workspace, handoff);

-- What is to be erased, and the receipt when it was. Names handoffs by their ids alone.
CREATE TABLE erasures (
    workspace  TEXT NOT NULL REFERENCES workspaces (id),
    id         TEXT NOT NULL,
    state      TEXT NOT NULL,                  -- waiting, done
    cause      TEXT NOT NULL,                  -- request, retention
    handoffs   TEXT NOT NULL,                  -- ids
    counts     TEXT NOT NULL,                  -- what went, by kind
    receipt    TEXT,
    asked_at   BIGINT NOT NULL,
    done_at    BIGINT,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX erasures_waiting ON erasures (workspace, asked_at) WHERE state = 'waiting';

-- Whatever is still under way when a handoff is erased brings nothing of it back.

CREATE TRIGGER handoffs_stay_erased BEFORE UPDATE ON handoffs WHEN OLD.erased_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the handoff was erased'); END;

CREATE TRIGGER sources_of_living BEFORE INSERT ON sources
WHEN EXISTS (SELECT 1 FROM handoffs h WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff AND h.erased_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the handoff was erased'); END;

CREATE TRIGGER answers_of_living BEFORE INSERT ON answers
WHEN EXISTS (SELECT 1 FROM handoffs h WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff AND h.erased_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the handoff was erased'); END;

CREATE TRIGGER requests_of_living BEFORE INSERT ON requests
WHEN EXISTS (SELECT 1 FROM handoffs h WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff AND h.erased_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the handoff was erased'); END;

CREATE TRIGGER links_of_living BEFORE INSERT ON links
WHEN EXISTS (SELECT 1 FROM handoffs h WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff AND h.erased_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the handoff was erased'); END;

CREATE TRIGGER jobs_of_living BEFORE INSERT ON jobs
WHEN EXISTS (SELECT 1 FROM handoffs h WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff AND h.erased_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the handoff was erased'); END;

-- A model's reply to a reading that was under way is dropped without disturbing it: it comes to nothing by itself.
CREATE TRIGGER replies_of_living BEFORE INSERT ON replies
WHEN EXISTS (SELECT 1 FROM handoffs h WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff
             AND (h.erased_at IS NOT NULL OR h.context_gone_at IS NOT NULL))
BEGIN SELECT RAISE(IGNORE); END;

-- Of a clearance, the words of whoever forced it may go with the handoff; that it was forced stays.
DROP TRIGGER clearances_stay;
CREATE TRIGGER clearances_stay BEFORE UPDATE ON clearances
WHEN NEW.workspace IS NOT OLD.workspace OR NEW.handoff IS NOT OLD.handoff OR NEW.version IS NOT OLD.version
     OR NEW.digest IS NOT OLD.digest OR NEW.pass IS NOT OLD.pass OR NEW.created_at IS NOT OLD.created_at
     OR NEW.expires_at IS NOT OLD.expires_at
     OR (NEW.break_glass IS NOT OLD.break_glass
         AND (OLD.break_glass IS NULL OR NEW.break_glass IS NOT '{}' OR NOT EXISTS (
             SELECT 1 FROM handoffs h
             WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff AND h.erased_at IS NOT NULL)))
BEGIN SELECT RAISE(ABORT, 'a clearance is never changed'); END;
