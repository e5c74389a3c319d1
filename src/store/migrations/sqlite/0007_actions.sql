-- What a route does when work moves. Each action stands for one message: a delivery or a letter, whose state, attempts
-- and times are its own. One a clearance and a name, whoever asks how often.
CREATE TABLE actions (
    workspace   TEXT NOT NULL,
    handoff     TEXT NOT NULL,
    version     BIGINT NOT NULL,               -- of the handoff that was cleared
    name        TEXT NOT NULL,
    place       BIGINT NOT NULL,               -- in the order of the route
    kind        TEXT NOT NULL,                 -- webhook, email, slack
    state       TEXT NOT NULL,                 -- waiting, done, failed
    message     TEXT,                          -- id of the delivery or letter; null when it could not be made
    problem     TEXT,                          -- why it failed
    created_at  BIGINT NOT NULL,
    ended_at    BIGINT,
    PRIMARY KEY (workspace, handoff, version, name),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE UNIQUE INDEX actions_by_message ON actions (workspace, message) WHERE message IS NOT NULL;

-- The endpoint of an action of a route: it is sent what the action says, and is told nothing else.
ALTER TABLE endpoints ADD COLUMN action TEXT;  -- route and name
CREATE UNIQUE INDEX endpoints_of_action ON endpoints (workspace, action, url) WHERE action IS NOT NULL AND state <> 'deleted';

-- A message need not belong to a request any more: what a transfer sets off asks nobody anything.
CREATE TABLE letters_anew (
    workspace    TEXT NOT NULL,
    id           TEXT NOT NULL,
    place        BIGINT NOT NULL,              -- counts up in a workspace: the order of lists
    handoff      TEXT NOT NULL,
    request      TEXT,
    purpose      TEXT NOT NULL,
    person       TEXT,                         -- JSON; null when nobody is known
    receiver     TEXT NOT NULL,                -- what tells one receiver from another
    by_mail      BIGINT NOT NULL,              -- whether the person can be reached so, and the message has that form
    by_slack     BIGINT NOT NULL,
    subject      TEXT NOT NULL,
    text         TEXT NOT NULL,
    html         TEXT NOT NULL,                -- empty where it does not go by mail
    blocks       TEXT NOT NULL,                -- null where it does not go by Slack
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
INSERT INTO letters_anew SELECT workspace, id, place, handoff, request, purpose, person, receiver, by_mail, by_slack, subject,
    text, html, blocks, state, channel, next_at, attempts, is_unclear, worker, lease_until, created_at, sent_at, problem FROM letters;
DROP TABLE letters;
ALTER TABLE letters_anew RENAME TO letters;
CREATE UNIQUE INDEX letters_by_place ON letters (workspace, place);
CREATE INDEX letters_by_handoff ON letters (workspace, handoff, place);
CREATE INDEX letters_due ON letters (workspace, next_at) WHERE state = 'waiting';
CREATE INDEX letters_leased ON letters (workspace, lease_until) WHERE state = 'sending';

CREATE TRIGGER letters_of_living BEFORE INSERT ON letters
WHEN EXISTS (SELECT 1 FROM handoffs h WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff AND h.erased_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the handoff was erased'); END;

CREATE TRIGGER actions_of_living BEFORE INSERT ON actions
WHEN EXISTS (SELECT 1 FROM handoffs h WHERE h.workspace = NEW.workspace AND h.id = NEW.handoff AND h.erased_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the handoff was erased'); END;
