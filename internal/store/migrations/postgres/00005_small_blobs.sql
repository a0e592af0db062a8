-- +goose Up
-- The bytes of small blobs stand in their rows; content is NULL where the blob store has them.
ALTER TABLE blobs ADD COLUMN content BYTEA;
-- Mail is mostly base64 and short: trying to compress it costs more than it saves.
ALTER TABLE blobs ALTER COLUMN content SET STORAGE EXTERNAL;

-- +goose Down
SELECT 1;
