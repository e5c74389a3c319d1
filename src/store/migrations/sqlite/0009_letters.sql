-- What a message asks: field, words, and whether the handoff waits for it. One that comes back from an attempt is held
-- against what is open by then. Null where it asks nothing, and for messages from before this column.
ALTER TABLE letters ADD COLUMN asks TEXT;

-- The first entry of the log that an endpoint is told of. Those that are there know the time they were added alone: they are
-- told of what came from then on.
ALTER TABLE endpoints ADD COLUMN told_from BIGINT NOT NULL DEFAULT 0;
UPDATE endpoints SET told_from = (SELECT COALESCE(MAX(place), 0) FROM events
    WHERE events.workspace = endpoints.workspace AND events.at <= endpoints.created_at);

-- Another index over the outbox begins with the same columns.
DROP INDEX outbox_by_age;
