-- +goose Up
-- The words of messages, made and normalised by us (store/word.go), each behind
-- its account's tag: an account's search reads nothing of another. The rowid is
-- the message's id. Beginnings of two to eight letters have lists of their own:
-- FTS5 puts the lists of longer ones together before it gives the first row.
CREATE VIRTUAL TABLE message_search USING fts5(
    words, content = '', contentless_delete = 1, detail = 'none', prefix = '6 7 8 9 10 11 12', tokenize = "ascii tokenchars '@._+-:'"
);
-- How far that goes: what is newer is not in it yet.
CREATE TABLE search_mark (message_id INTEGER NOT NULL);
INSERT INTO search_mark VALUES (0);
-- +goose StatementBegin
CREATE TRIGGER messages_gone AFTER DELETE ON messages BEGIN
    DELETE FROM message_search WHERE rowid = old.id;
END;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
