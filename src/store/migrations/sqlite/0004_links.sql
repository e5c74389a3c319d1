-- Personal links and the sessions that are opened with them. Neither tokens nor secrets of cookies lie here.

CREATE TABLE links (
    id          TEXT PRIMARY KEY,
    workspace   TEXT NOT NULL,
    handoff     TEXT NOT NULL,
    name        TEXT NOT NULL,              -- the person the link was made for
    email       TEXT,
    person      TEXT NOT NULL,              -- the same person is the same text: the address, else the name, in small letters
    purpose     TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    revoked_at  BIGINT,
    opened_at   BIGINT,                     -- when a session was first opened with it
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);

CREATE INDEX links_of_person ON links (workspace, handoff, person, purpose);

CREATE TABLE sessions (
    hash        TEXT PRIMARY KEY,           -- of the secret in the cookie
    link        TEXT NOT NULL REFERENCES links (id),
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);

CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX sessions_of_link ON sessions (link);
