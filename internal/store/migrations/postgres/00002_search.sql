-- +goose Up
-- The words of messages, made and normalised by us (store/word.go), each behind
-- its account's tag: an account's search reads nothing of another.
CREATE TABLE message_search (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    message_id BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    words      TSVECTOR NOT NULL,
    PRIMARY KEY (account_id, message_id)
);
CREATE INDEX message_search_message ON message_search (message_id);
CREATE INDEX message_search_words ON message_search USING gin (words);

-- +goose Down
SELECT 1;
