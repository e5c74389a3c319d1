-- By what handoffs are told to be alike: hashes of messages and of customers' names, no words.
CREATE TABLE likenesses (
    workspace  TEXT NOT NULL,
    handoff    TEXT NOT NULL,
    route      TEXT NOT NULL,
    kind       TEXT NOT NULL,             -- message, customer
    value      TEXT NOT NULL,
    PRIMARY KEY (workspace, handoff, kind, value),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE INDEX likenesses_shared ON likenesses (workspace, kind, value, handoff);
