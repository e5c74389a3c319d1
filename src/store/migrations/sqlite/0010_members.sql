-- People who log in. Of passwords and recovery codes only hashes lie here, of an authenticator's secret only what is
-- sealed with a key beside the database; tokens of invitations and secrets of cookies lie nowhere.
CREATE TABLE members (
    id           TEXT PRIMARY KEY,          -- mbr_…
    workspace    TEXT NOT NULL REFERENCES workspaces (id),
    name         TEXT NOT NULL,
    email        TEXT NOT NULL,             -- as it was typed
    same_email   TEXT NOT NULL,             -- the same address is the same text: in small letters
    role         TEXT NOT NULL,             -- admin, sender, receiver, viewer
    password     TEXT,                      -- argon2id; null where nobody signs in with one
    code_secret  TEXT,                      -- of the authenticator app, sealed; null without a second step
    code_step    BIGINT NOT NULL,           -- the newest step whose code was used: a code is used once
    recovery     TEXT NOT NULL,             -- hashes of the recovery codes that are left, as JSON
    created_at   BIGINT NOT NULL,
    disabled_at  BIGINT,
    UNIQUE (workspace, same_email)
);

CREATE TABLE member_sessions (
    hash        TEXT PRIMARY KEY,           -- of the secret in the cookie
    id          TEXT NOT NULL UNIQUE,       -- by which its owner ends it; opens nothing
    workspace   TEXT NOT NULL REFERENCES workspaces (id),
    member      TEXT NOT NULL REFERENCES members (id),
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    address     TEXT NOT NULL,              -- where it began
    browser     TEXT NOT NULL               -- in two words, such as Firefox on Linux
);
CREATE INDEX member_sessions_of_member ON member_sessions (workspace, member);
CREATE INDEX member_sessions_by_end ON member_sessions (expires_at);

CREATE TABLE invitations (
    id          TEXT PRIMARY KEY,           -- inv_…
    workspace   TEXT NOT NULL REFERENCES workspaces (id),
    member      TEXT REFERENCES members (id), -- who gets a new password; null for somebody new
    email       TEXT NOT NULL,
    same_email  TEXT NOT NULL,
    name        TEXT,
    role        TEXT NOT NULL,
    made_by     TEXT NOT NULL,              -- name of who invites
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    ended_at    BIGINT                      -- used or withdrawn
);
CREATE INDEX invitations_open ON invitations (workspace, same_email) WHERE ended_at IS NULL;
