-- +goose Up
-- The bytes of small blobs stand in their rows; content is NULL where the blob store has them.
-- A row goes to the end of the table, so that what is written at a time stands together.
CREATE TABLE blobs_with_content (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key        TEXT NOT NULL,
    size       INTEGER NOT NULL,
    refs       INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL,
    content    BLOB
);
INSERT INTO blobs_with_content (account_id, key, size, refs, created_at) SELECT account_id, key, size, refs, created_at FROM blobs;
DROP TABLE blobs;
ALTER TABLE blobs_with_content RENAME TO blobs;
CREATE UNIQUE INDEX blobs_key ON blobs (account_id, key);

-- +goose Down
SELECT 1;
