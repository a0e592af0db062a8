-- +goose Up
-- A contact that is unblocked takes what was blocked as its along.
CREATE INDEX blocklist_contact ON blocklist (account_id, contact_id) WHERE contact_id IS NOT NULL;

-- +goose Down
DROP INDEX blocklist_contact;
