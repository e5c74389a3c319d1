-- By what an identity provider knows somebody who logs in. Their address may change there and be given to others; this
-- does not.
CREATE TABLE member_identities (
    workspace   TEXT NOT NULL REFERENCES workspaces (id),
    issuer      TEXT NOT NULL,
    subject     TEXT NOT NULL,
    member      TEXT NOT NULL REFERENCES members (id),
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, issuer, subject),
    UNIQUE (workspace, member, issuer)
);
