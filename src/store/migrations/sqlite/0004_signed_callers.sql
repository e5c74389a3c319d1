-- What a caller signs its requests with, sealed; null for callers that do not sign.
ALTER TABLE keys ADD COLUMN secret TEXT;
