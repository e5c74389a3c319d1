-- What a message asks: field, words, and whether the handoff waits for it. One that comes back from an attempt is held
-- against what is open by then. Null where it asks nothing, and for messages from before this column.
ALTER TABLE letters ADD COLUMN asks TEXT;
