-- +goose Up
-- The journal's sums by channel and day (UTC), moved in the same transaction as the entry.
CREATE TABLE intake_days (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    day        TEXT NOT NULL,
    channel_id INTEGER NOT NULL,
    state      TEXT NOT NULL,
    entries    INTEGER NOT NULL,
    PRIMARY KEY (account_id, day, channel_id, state)
) WITHOUT ROWID;
INSERT INTO intake_days (account_id, day, channel_id, state, entries)
    SELECT account_id, substr(received_at, 1, 10), channel_id, 'accepted', COUNT(*) FROM intake GROUP BY 1, 2, 3;
INSERT INTO intake_days (account_id, day, channel_id, state, entries)
    SELECT account_id, substr(received_at, 1, 10), channel_id, state, COUNT(*) FROM intake WHERE state <> 'pending' GROUP BY 1, 2, 3, 4;

CREATE INDEX blocklist_account ON blocklist (account_id, id);

-- +goose Down
DROP INDEX blocklist_account;
DROP TABLE intake_days;
