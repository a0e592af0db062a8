-- +goose Up
-- What nothing refers to is found, and that nothing does: upkeep deletes it.
CREATE INDEX blobs_unreferenced ON blobs (created_at, account_id, key) WHERE refs <= 0;
CREATE INDEX attachments_blob ON attachments (account_id, blob);

-- +goose Down
DROP INDEX attachments_blob;
DROP INDEX blobs_unreferenced;
