-- What models cost: set aside before a call, made true after it. Costs are millionths of the price's currency.

CREATE TABLE spending_by_day (
    workspace  TEXT NOT NULL REFERENCES workspaces (id),
    day        BIGINT NOT NULL,                -- days since 1970 in UTC
    tokens     BIGINT NOT NULL,
    cost       BIGINT NOT NULL,
    PRIMARY KEY (workspace, day)
);

CREATE TABLE spending_by_handoff (
    workspace  TEXT NOT NULL,
    handoff    TEXT NOT NULL,
    tokens     BIGINT NOT NULL,
    cost       BIGINT NOT NULL,
    PRIMARY KEY (workspace, handoff),
    FOREIGN KEY (workspace, handoff) REFERENCES handoffs (workspace, id)
);
