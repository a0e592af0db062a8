-- +goose Up
-- The journal's sums by channel and day (UTC), moved in the same transaction as the entry.
CREATE TABLE intake_days (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    day        TEXT NOT NULL,
    channel_id BIGINT NOT NULL,
    state      TEXT NOT NULL,
    entries    BIGINT NOT NULL,
    PRIMARY KEY (account_id, day, channel_id, state)
);
INSERT INTO intake_days (account_id, day, channel_id, state, entries)
    SELECT account_id, to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), channel_id, 'accepted', COUNT(*) FROM intake GROUP BY 1, 2, 3;
INSERT INTO intake_days (account_id, day, channel_id, state, entries)
    SELECT account_id, to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), channel_id, state, COUNT(*) FROM intake WHERE state <> 'pending' GROUP BY 1, 2, 3, 4;

CREATE INDEX blocklist_account ON blocklist (account_id, id);

-- +goose Down
DROP INDEX blocklist_account;
DROP TABLE intake_days;
