-- +goose Up
-- A session with a provider of texts is held by one node, as a mailbox is polled by one.
DROP INDEX ways_polled;
CREATE INDEX ways_polled ON ways (channel_id) WHERE way_in IN ('imap', 'smpp');

-- +goose Down
SELECT 1;
