-- Times are milliseconds since 1970 in UTC. JSON is text. Every row belongs to one workspace.

CREATE TABLE workspaces (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE keys (
    id          TEXT PRIMARY KEY,
    workspace   TEXT NOT NULL REFERENCES workspaces (id),
    name        TEXT NOT NULL,
    mode        TEXT NOT NULL,
    hash        TEXT NOT NULL,
    scopes      TEXT NOT NULL,
    preset      TEXT NOT NULL,
    key_pointer TEXT,
    secret      TEXT,                          -- what the caller signs its requests with, sealed; null for callers that do not sign
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT,
    revoked_at  BIGINT
);

CREATE TABLE routes (
    workspace   TEXT NOT NULL REFERENCES workspaces (id),
    id          TEXT NOT NULL,
    version     BIGINT NOT NULL,
    text        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, id, version)
);

CREATE TABLE handoffs (
    workspace      TEXT NOT NULL REFERENCES workspaces (id),
    id             TEXT NOT NULL,
    place          BIGINT NOT NULL,            -- counts up in a workspace: the order of lists
    external_id    TEXT,
    route_id       TEXT NOT NULL,
    route_version  BIGINT NOT NULL,
    matter         TEXT NOT NULL,
    status         TEXT NOT NULL,
    reason         TEXT,
    version        BIGINT NOT NULL,
    batches        BIGINT NOT NULL,            -- batches of context that were accepted
    read_batches   BIGINT NOT NULL,            -- of these, read into the brief
    base           TEXT,                       -- the brief as the machine read it
    brief          TEXT,                       -- the brief in force: base and people's answers
    verdict        TEXT,
    gaps           TEXT NOT NULL DEFAULT '[]',
    digest         TEXT,                       -- of the brief in force
    changed        TEXT NOT NULL DEFAULT '[]', -- fields that changed after the transfer
    debts          TEXT NOT NULL DEFAULT '[]', -- gaps that a break-glass transfer left open
    pass           TEXT,                       -- id of the pass in force
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, route_id, route_version) REFERENCES routes (workspace, id, version)
);
CREATE UNIQUE INDEX handoffs_by_place ON handoffs (workspace, place);
CREATE INDEX handoffs_by_external_id ON handoffs (workspace, route_id, external_id) WHERE external_id IS NOT NULL;
-- Only one open handoff per matter: a second request for it adds context.
CREATE UNIQUE INDEX handoffs_open ON handoffs (workspace, route_id, external_id)
    WHERE external_id IS NOT NULL AND status IN ('drafting', 'needs_input', 'ready', 'returned', 'failed');

CREATE TABLE sources (
    workspace   TEXT NOT NULL,
    handoff     TEXT NOT NULL,
    batch       BIGINT NOT NULL,
    place       BIGINT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT,
    format      TEXT,
    bytes       BLOB NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, handoff, batch, place),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);

-- What people said: answers, dismissed sources, returns; never changed, only added to.
CREATE TABLE answers (
    workspace   TEXT NOT NULL,
    handoff     TEXT NOT NULL,
    place       BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, handoff, place),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);

-- The log. `detail` may be erased for a person's sake; its hash stays in the chain.
CREATE TABLE events (
    workspace    TEXT NOT NULL REFERENCES workspaces (id),
    place        BIGINT NOT NULL,
    handoff      TEXT,
    kind         TEXT NOT NULL,
    at           BIGINT NOT NULL,
    version      BIGINT,
    detail       TEXT,
    detail_hash  TEXT NOT NULL,
    previous     TEXT NOT NULL,
    hash         TEXT NOT NULL,
    PRIMARY KEY (workspace, place)
);
CREATE INDEX events_by_handoff ON events (workspace, handoff, place) WHERE handoff IS NOT NULL;

CREATE TABLE outbox (
    workspace   TEXT NOT NULL REFERENCES workspaces (id),
    id          TEXT NOT NULL,
    event       BIGINT NOT NULL,
    handoff     TEXT,
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    sent_at     BIGINT,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX outbox_waiting ON outbox (created_at) WHERE sent_at IS NULL;

CREATE TABLE jobs (
    id           TEXT PRIMARY KEY,
    workspace    TEXT NOT NULL,
    handoff      TEXT NOT NULL,
    unique_key   TEXT NOT NULL,
    state        TEXT NOT NULL,                -- ready, running, quarantined
    run_at       BIGINT NOT NULL,
    first_at     BIGINT NOT NULL,              -- when it was first due: the route's limits count from here
    attempts     BIGINT NOT NULL,              -- claims since the last orderly end
    tries        BIGINT NOT NULL,              -- orderly ends without a result
    lease_until  BIGINT,
    worker       TEXT,
    problem      TEXT,
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE UNIQUE INDEX jobs_unique ON jobs (workspace, unique_key);
CREATE INDEX jobs_due ON jobs (workspace, state, attempts, run_at);
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';

CREATE TABLE idempotency (
    workspace    TEXT NOT NULL REFERENCES workspaces (id),
    key          TEXT NOT NULL,
    fingerprint  TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE replies (
    workspace   TEXT NOT NULL,
    handoff     TEXT NOT NULL,
    hash        TEXT NOT NULL,
    reply       TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, handoff, hash),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);

-- What models cost: set aside before a call, made true after it. Costs are millionths of the price's currency.

CREATE TABLE spending_by_day (
    workspace  TEXT NOT NULL REFERENCES workspaces (id),
    day        BIGINT NOT NULL,                -- days since 1970 in UTC
    tokens     BIGINT NOT NULL,
    cost       BIGINT NOT NULL,
    PRIMARY KEY (workspace, day)
);

CREATE TABLE spending_by_handoff (
    workspace  TEXT NOT NULL,
    handoff    TEXT NOT NULL,
    tokens     BIGINT NOT NULL,
    cost       BIGINT NOT NULL,
    PRIMARY KEY (workspace, handoff),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);

-- What the gate let through: written from a clearance alone.
CREATE TABLE clearances (
    workspace    TEXT NOT NULL,
    handoff      TEXT NOT NULL,
    version      BIGINT NOT NULL,              -- of the handoff that was judged
    digest       TEXT NOT NULL,                -- of the brief that was judged
    pass         TEXT NOT NULL,
    break_glass  TEXT,                         -- who approved, why, until when; null for a complete brief
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace, handoff, version),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE UNIQUE INDEX clearances_by_pass ON clearances (pass);

-- The second line behind the gate: no statement, whoever writes it, moves a handoff that was not cleared.
CREATE TRIGGER handoffs_start_open BEFORE INSERT ON handoffs
WHEN NEW.status IN ('transferred', 'accepted')
BEGIN SELECT RAISE(ABORT, 'a handoff starts open'); END;

-- While a handoff has moved, its pass and the brief that was handed over change beside a clearance alone, as the move
-- itself does: a pass can be had anew after it ran out.
CREATE TRIGGER handoffs_move_cleared BEFORE UPDATE ON handoffs
WHEN NEW.status IN ('transferred', 'accepted')
     AND (OLD.status NOT IN ('transferred', 'accepted') OR NEW.pass IS NOT OLD.pass OR NEW.digest IS NOT OLD.digest)
BEGIN
    SELECT RAISE(ABORT, 'not cleared by the gate')
    WHERE NOT EXISTS (
        SELECT 1 FROM clearances c
        WHERE c.workspace = NEW.workspace AND c.handoff = NEW.id AND c.version = OLD.version AND c.digest = NEW.digest
          AND c.pass = NEW.pass
          -- What was handed over is judged anew with another clock; the verdict it was stored with is that of the move.
          AND (c.break_glass IS NOT NULL OR OLD.status IN ('transferred', 'accepted') OR (
              NEW.verdict = 'complete' AND NEW.read_batches = NEW.batches
              AND NOT EXISTS (SELECT 1 FROM json_each(NEW.gaps) g WHERE json_extract(g.value, '$.blocking') = 1)
          )));
END;

CREATE TRIGGER clearances_for_complete BEFORE INSERT ON clearances
BEGIN
    SELECT RAISE(ABORT, 'no such brief to clear')
    WHERE NOT EXISTS (
        SELECT 1 FROM handoffs h
        WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff AND h.version = NEW.version
          AND (NEW.break_glass IS NOT NULL OR h.read_batches = h.batches));
END;

CREATE TRIGGER clearances_stay BEFORE UPDATE ON clearances
BEGIN SELECT RAISE(ABORT, 'a clearance is never changed'); END;

CREATE TRIGGER events_stay BEFORE UPDATE OF place, handoff, kind, at, version, detail_hash, previous, hash ON events
BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;

CREATE TRIGGER events_are_kept BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
