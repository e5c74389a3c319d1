-- What somebody typed into the form of a handoff and has not sent yet. It goes when it is sent, when they throw it away,
-- with the handoff, and after a while by itself.
CREATE TABLE drafts (
    workspace   TEXT NOT NULL REFERENCES workspaces (id),
    handoff     TEXT NOT NULL,
    person      TEXT NOT NULL,              -- who typed it: a member's id, else the address or name of a link's person
    body        TEXT NOT NULL,              -- the inputs, as JSON
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, handoff, person),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE INDEX drafts_by_age ON drafts (updated_at);
