-- +goose Up
-- What the client called itself: by it a mail without an envelope address is checked.
ALTER TABLE intake ADD COLUMN helo TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE intake DROP COLUMN helo;
