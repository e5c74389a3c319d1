-- What lists of handoffs show and are found by: small rows beside the large ones, written in the same change. Those from
-- before are written at the next start.
CREATE TABLE standings (
    workspace    TEXT NOT NULL,
    handoff      TEXT NOT NULL,
    place        BIGINT NOT NULL,           -- the handoff's
    status       TEXT NOT NULL,
    route        TEXT NOT NULL,
    external_id  TEXT,
    title        TEXT,
    from_team    TEXT,                      -- null where the route's counts
    to_team      TEXT,
    turn         TEXT,                      -- address of who has the next step, in small letters; null where nobody is known
    turn_name    TEXT,                      -- what they are called
    step         TEXT,                      -- what they have to do
    open         BIGINT NOT NULL,           -- questions that the handoff waits for
    grade        BIGINT NOT NULL,           -- 0 has a time limit, 1 waits without one, 2 waits for nobody
    sorted_at    BIGINT NOT NULL,           -- the order within a grade
    due_at       BIGINT,
    created_at   BIGINT NOT NULL,
    words        TEXT NOT NULL,             -- what it is found by, in small letters
    PRIMARY KEY (workspace, handoff),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id) ON DELETE CASCADE
);
CREATE INDEX standings_in_order ON standings (workspace, grade, sorted_at, place);

-- What somebody is asked, by their address.
CREATE INDEX requests_of_person ON requests (workspace, LOWER(json_extract(body, '$.person.email')), handoff)
    WHERE state IN ('waiting', 'sent', 'undeliverable', 'escalated');

-- The team somebody works in, by the name that routes have for it; null until they say so.
ALTER TABLE members ADD COLUMN team TEXT;
