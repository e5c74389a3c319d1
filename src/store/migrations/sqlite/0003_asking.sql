-- Handoffs that somebody has to look at: whom to ask, whom to remind. `turn` counts the reasons to look and the
-- looks, so that a plan made from what stood before the last of them is not written, nor one plan twice.
CREATE TABLE watches (
    workspace   TEXT NOT NULL,
    handoff     TEXT NOT NULL,
    due_at      BIGINT,                        -- null: nothing to do until something happens
    turn        BIGINT NOT NULL,
    PRIMARY KEY (workspace, handoff),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE INDEX watches_due ON watches (workspace, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE requests (
    workspace   TEXT NOT NULL,
    id          TEXT NOT NULL,
    handoff     TEXT NOT NULL,
    place       BIGINT NOT NULL,
    state       TEXT NOT NULL,                 -- waiting, sent, answered, withdrawn, escalated
    body        TEXT NOT NULL,                 -- person, questions and times
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE INDEX requests_by_handoff ON requests (workspace, handoff, place);

-- Messages to people, with a sign in place of the personal address.
CREATE TABLE letters (
    workspace    TEXT NOT NULL,
    id           TEXT NOT NULL,
    place        BIGINT NOT NULL,              -- counts up in a workspace: the order of lists
    handoff      TEXT NOT NULL,
    request      TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    person       TEXT,                         -- JSON; null when nobody is known
    receiver     TEXT NOT NULL,                -- what tells one receiver from another
    by_mail      BIGINT NOT NULL,              -- whether the person can be reached so
    by_slack     BIGINT NOT NULL,
    subject      TEXT NOT NULL,
    text         TEXT NOT NULL,
    html         TEXT NOT NULL,
    blocks       TEXT NOT NULL,
    state        TEXT NOT NULL,                -- waiting, sending, sent, failed, withdrawn
    channel      TEXT,                         -- by which it left
    next_at      BIGINT NOT NULL,
    attempts     BIGINT NOT NULL,              -- counted when it is claimed
    is_unclear   BIGINT NOT NULL,              -- it may have arrived although nobody said so
    worker       TEXT,
    lease_until  BIGINT,
    created_at   BIGINT NOT NULL,
    sent_at      BIGINT,
    problem      TEXT,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, request) REFERENCES requests (workspace, id)
);
CREATE UNIQUE INDEX letters_by_place ON letters (workspace, place);
CREATE INDEX letters_by_handoff ON letters (workspace, handoff, place);
CREATE INDEX letters_due ON letters (workspace, next_at) WHERE state = 'waiting';
CREATE INDEX letters_leased ON letters (workspace, lease_until) WHERE state = 'sending';
