-- Codes that a person types to get in, where the settings ask for one. The six digits are made from the row with a key
-- beside the database whenever they are mailed or compared: they lie nowhere.
CREATE TABLE codes (
    id          TEXT PRIMARY KEY,
    link        TEXT NOT NULL REFERENCES links (id),
    browser     TEXT NOT NULL,              -- hash of the secret in the cookie of the browser that asked
    tries       BIGINT NOT NULL,            -- wrong ones
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    ended_at    BIGINT                      -- used, or followed by a newer one
);
CREATE INDEX codes_of_link ON codes (link, created_at);
CREATE INDEX codes_of_browser ON codes (browser);
CREATE INDEX codes_by_age ON codes (created_at);

-- Mails that belong to no question: codes, and notices to whoever looks after Baton. What they say is made when they
-- leave, so that no code lies here.
CREATE TABLE slips (
    workspace    TEXT NOT NULL REFERENCES workspaces (id),
    id           TEXT NOT NULL,
    handoff      TEXT,                      -- null for a notice
    about        TEXT NOT NULL,             -- what it tells, as JSON
    topic        TEXT NOT NULL,             -- slips of one topic and receiver are not sent more often than they may
    email        TEXT NOT NULL,
    name         TEXT,
    state        TEXT NOT NULL,             -- waiting, sending, sent, failed
    next_at      BIGINT NOT NULL,
    attempts     BIGINT NOT NULL,           -- counted when it is claimed
    worker       TEXT,
    lease_until  BIGINT,
    created_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    problem      TEXT,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE INDEX slips_open ON slips (workspace, next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX slips_of_topic ON slips (workspace, topic, email);
