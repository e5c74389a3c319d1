-- A copy of the index of passages at an outer server, when one is set up: whose it is, and what of it is not as it
-- should be. Every passage that comes or goes is noted in the same write, whoever makes it come or go.

CREATE TABLE passage_mirrors (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    owner      TEXT NOT NULL,      -- what our passages are known by there: others may use the same server
    secret     TEXT NOT NULL,      -- words are numbers there, made with this
    address    TEXT NOT NULL,      -- server and collection
    since      BIGINT NOT NULL
);

-- Places that the server is still to be told of: put in when a passage is there, taken out when none is.
CREATE TABLE passage_orders (
    place      INTEGER PRIMARY KEY,
    workspace  TEXT NOT NULL,
    turn       BIGINT NOT NULL     -- counts the reasons
);
CREATE INDEX passage_orders_of ON passage_orders (workspace, place);

CREATE TRIGGER passages_come_outside AFTER INSERT ON passages WHEN EXISTS (SELECT 1 FROM passage_mirrors)
BEGIN
    INSERT INTO passage_orders (place, workspace, turn) VALUES (NEW.place, NEW.workspace, 1)
    ON CONFLICT (place) DO UPDATE SET turn = turn + 1;
END;

CREATE TRIGGER passages_go_outside AFTER DELETE ON passages WHEN EXISTS (SELECT 1 FROM passage_mirrors)
BEGIN
    INSERT INTO passage_orders (place, workspace, turn) VALUES (OLD.place, OLD.workspace, 1)
    ON CONFLICT (place) DO UPDATE SET turn = turn + 1;
END;

-- An erasure that is done here and not yet at the outer server is `outside`.
CREATE INDEX erasures_outside ON erasures (workspace, asked_at) WHERE state = 'outside';
