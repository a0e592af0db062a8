-- +goose Up
-- How a channel's mail comes in and leaves, and how that fares. A channel without a row: forwarded in, out by the operator's relay.
CREATE TABLE ways (
    account_id    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    channel_id    INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    way_in        TEXT NOT NULL DEFAULT 'forward',
    in_state      TEXT NOT NULL DEFAULT 'connecting',
    in_error      TEXT NOT NULL DEFAULT '',
    in_at         TIMESTAMP,
    hook_token    TEXT NOT NULL DEFAULT '',
    cursor        TEXT NOT NULL DEFAULT '{}',
    archive_done  INTEGER NOT NULL DEFAULT 0,
    archive_total INTEGER NOT NULL DEFAULT 0,
    out_state     TEXT NOT NULL DEFAULT 'connecting',
    out_error     TEXT NOT NULL DEFAULT '',
    lease_owner   TEXT NOT NULL DEFAULT '',
    lease_until   TIMESTAMP,
    PRIMARY KEY (account_id, channel_id)
) WITHOUT ROWID;
-- Webhooks and pollers know no account.
CREATE UNIQUE INDEX ways_hook ON ways (hook_token) WHERE hook_token <> '';
CREATE INDEX ways_polled ON ways (channel_id) WHERE way_in = 'imap';

-- By which way an entry came in, whether it is of an archive, and what tells a second delivery of it from another mail.
ALTER TABLE intake ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE intake ADD COLUMN archive BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE intake ADD COLUMN source_key TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX intake_source ON intake (account_id, channel_id, source_key) WHERE source_key <> '';

-- Mails that a channel sends to itself, to see whether they arrive.
CREATE TABLE round_trips (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    token      TEXT NOT NULL,
    error      TEXT NOT NULL DEFAULT '',
    tag_error  TEXT NOT NULL DEFAULT '',
    selector   TEXT NOT NULL DEFAULT '',
    started_at TIMESTAMP NOT NULL,
    arrived_at TIMESTAMP,
    tagged_at  TIMESTAMP
);
CREATE UNIQUE INDEX round_trips_token ON round_trips (token);
CREATE INDEX round_trips_channel ON round_trips (account_id, channel_id, id);

-- The newest mail of a channel in which a provider asks to confirm the forwarding.
CREATE TABLE confirmations (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    provider   TEXT NOT NULL,
    code       TEXT NOT NULL,
    link       TEXT NOT NULL,
    at         TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, channel_id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE confirmations;
DROP TABLE round_trips;
DROP INDEX intake_source;
ALTER TABLE intake DROP COLUMN source_key;
ALTER TABLE intake DROP COLUMN archive;
ALTER TABLE intake DROP COLUMN source;
DROP TABLE ways;
