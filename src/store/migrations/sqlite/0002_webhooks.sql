-- Who is told what: the addresses, their secrets, and what became of every message to each of them.

-- Of an outbox row, `sent_at` is when it was passed on to the endpoints.

CREATE TABLE endpoints (
    workspace      TEXT NOT NULL REFERENCES workspaces (id),
    id             TEXT NOT NULL,
    place          BIGINT NOT NULL,            -- counts up in a workspace: the order of lists
    kind           TEXT NOT NULL,              -- endpoint, hook, callback
    handoff        TEXT,                       -- of a callback: the one handoff it is told of
    url            TEXT NOT NULL,
    description    TEXT,
    events         TEXT NOT NULL,              -- names as JSON; an empty list is all
    state          TEXT NOT NULL,              -- enabled, paused, disabled, deleted
    reason         TEXT,                       -- why it is disabled
    failing_since  BIGINT,                     -- the first failure since something arrived
    not_before     BIGINT,                     -- the receiver asked to be left alone until then
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE UNIQUE INDEX endpoints_by_place ON endpoints (workspace, place);
CREATE INDEX endpoints_told ON endpoints (workspace, handoff) WHERE state IN ('enabled', 'paused');

-- Sealed: the key lies beside the database, not in it.
CREATE TABLE endpoint_secrets (
    workspace   TEXT NOT NULL,
    endpoint    TEXT NOT NULL,
    place       BIGINT NOT NULL,               -- the highest is in force
    sealed      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    dead_at     BIGINT,                        -- of an old one: it signs until then
    PRIMARY KEY (workspace, endpoint, place),
    FOREIGN KEY (workspace, endpoint) REFERENCES endpoints (workspace, id)
);

-- One message to one endpoint.
CREATE TABLE deliveries (
    workspace    TEXT NOT NULL,
    id           TEXT NOT NULL,
    place        BIGINT NOT NULL,
    endpoint     TEXT NOT NULL,
    message      TEXT NOT NULL,
    state        TEXT NOT NULL,                -- waiting, sending, delivered, exhausted, cancelled
    next_at      BIGINT NOT NULL,
    attempts     BIGINT NOT NULL,              -- counted when it is claimed, since the schedule began
    made         BIGINT NOT NULL,              -- all attempts that ended, for their numbers
    lease_until  BIGINT,
    worker       TEXT,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, endpoint) REFERENCES endpoints (workspace, id),
    FOREIGN KEY (workspace, message) REFERENCES outbox (workspace, id) ON DELETE CASCADE
);
-- However often a message is passed on, an endpoint gets it as one.
CREATE UNIQUE INDEX deliveries_once ON deliveries (workspace, endpoint, message);
CREATE UNIQUE INDEX deliveries_by_place ON deliveries (workspace, place);
CREATE INDEX deliveries_of_endpoint ON deliveries (workspace, endpoint, place);
CREATE INDEX deliveries_of_message ON deliveries (workspace, message);
CREATE INDEX deliveries_due ON deliveries (workspace, next_at, endpoint) WHERE state = 'waiting';
CREATE INDEX deliveries_sending ON deliveries (workspace, lease_until) WHERE state = 'sending';

CREATE TABLE attempts (
    workspace     TEXT NOT NULL,
    delivery      TEXT NOT NULL,
    number        BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    status        BIGINT,
    problem       TEXT,                        -- why there is no answer
    milliseconds  BIGINT NOT NULL,
    excerpt       TEXT,                        -- the beginning of the answer of a public receiver
    PRIMARY KEY (workspace, delivery, number),
    FOREIGN KEY (workspace, delivery) REFERENCES deliveries (workspace, id) ON DELETE CASCADE
);

CREATE INDEX outbox_by_time ON outbox (workspace, created_at);
