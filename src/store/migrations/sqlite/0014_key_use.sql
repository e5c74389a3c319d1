-- When a key was good for a request last, to the minute; null for one that was never used since this column is there.
ALTER TABLE keys ADD COLUMN used_at BIGINT;
