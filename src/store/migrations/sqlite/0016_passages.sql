-- What is found by words: messages and briefs, cut into passages. A passage is kept once, here; the index of its words
-- beside it holds no second copy, and both are written in one change.

-- Each workspace has a range of places of its own, so that a search runs through its own passages alone. Places are
-- never given twice.
CREATE TABLE shelves (
    workspace  TEXT PRIMARY KEY REFERENCES workspaces (id),
    number     BIGINT NOT NULL UNIQUE,
    next       BIGINT NOT NULL
);

CREATE TABLE passages (
    place      INTEGER PRIMARY KEY,       -- the shelf's number times 2^40, and one more for each
    workspace  TEXT NOT NULL,
    handoff    TEXT NOT NULL,
    route      TEXT NOT NULL,
    kind       TEXT NOT NULL,             -- source, brief
    spot       TEXT NOT NULL,             -- a message (m3), the record, or a part of the brief (fields.go_live_date)
    part       BIGINT NOT NULL,           -- which piece of a long message, from 0
    source     TEXT,                      -- the name of what it stands in
    author     TEXT,
    at         BIGINT NOT NULL,           -- when it was said; where that is unknown, when it came in
    head       TEXT NOT NULL,             -- what it belongs to: title, subject, people
    body       TEXT NOT NULL,
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE UNIQUE INDEX passages_of_handoff ON passages (workspace, handoff, spot, part);
-- How a field was answered before.
CREATE INDEX passages_of_field ON passages (workspace, spot, route, at) WHERE kind = 'brief';

CREATE VIRTUAL TABLE passage_words USING fts5 (
    head, body, content = 'passages', content_rowid = 'place', tokenize = "unicode61 remove_diacritics 2"
);
-- What is deleted leaves no word behind.
INSERT INTO passage_words (passage_words, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER passages_come AFTER INSERT ON passages
BEGIN INSERT INTO passage_words (rowid, head, body) VALUES (NEW.place, NEW.head, NEW.body); END;

CREATE TRIGGER passages_go AFTER DELETE ON passages
BEGIN INSERT INTO passage_words (passage_words, rowid, head, body) VALUES ('delete', OLD.place, OLD.head, OLD.body); END;

CREATE TRIGGER passages_stay BEFORE UPDATE ON passages
BEGIN SELECT RAISE(ABORT, 'a passage is never changed'); END;

-- Handoffs whose passages are not as they should be: every change marks its own, in the same write.
CREATE TABLE passage_marks (
    workspace  TEXT NOT NULL,
    handoff    TEXT NOT NULL,
    due_at     BIGINT,                    -- null when nothing is to be done
    turn       BIGINT NOT NULL,           -- counts the reasons to look and the looks
    batches    BIGINT NOT NULL,           -- batches of context whose messages are there
    label      BIGINT NOT NULL,           -- what the handoff was called when they were cut, as a number
    PRIMARY KEY (workspace, handoff),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
CREATE INDEX passage_marks_due ON passage_marks (workspace, due_at) WHERE due_at IS NOT NULL;

-- Handoffs from before are to be looked at once.
INSERT INTO passage_marks (workspace, handoff, due_at, turn, batches, label)
SELECT workspace, id, 0, 1, 0, 0 FROM handoffs WHERE erased_at IS NULL;
