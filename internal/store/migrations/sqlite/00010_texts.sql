-- +goose Up
-- Texts: the contact's number of a conversation, and who a message is from.
ALTER TABLE conversations ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN from_phone TEXT NOT NULL DEFAULT '';

-- One open conversation for each number of a channel, whoever makes the second one.
CREATE UNIQUE INDEX conversations_one_open ON conversations (account_id, channel_id, phone)
    WHERE phone <> '' AND status = 'open' AND NOT draft AND trashed_at IS NULL AND merged_into_id IS NULL;
-- The newest one is gone on with.
CREATE INDEX conversations_phone ON conversations (account_id, channel_id, phone, last_message_at DESC, id DESC) WHERE phone <> '';

-- A provider's report names the message by the id that the provider gave it.
CREATE INDEX recipients_provider ON recipients (account_id, provider_id) WHERE provider_id <> '';

-- A file that could not be fetched is shown with its address.
ALTER TABLE attachments ADD COLUMN source_url TEXT NOT NULL DEFAULT '';
ALTER TABLE attachments ADD COLUMN fault TEXT NOT NULL DEFAULT '';

-- What people have said about being written to. Rows are added, never changed.
CREATE TABLE consents (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
    phone      TEXT NOT NULL,
    state      TEXT NOT NULL,
    how        TEXT NOT NULL,
    user_id    INTEGER,
    channel_id INTEGER,
    message_id INTEGER,
    evidence   TEXT NOT NULL DEFAULT '',
    at         TIMESTAMP NOT NULL
);
CREATE INDEX consents_account ON consents (account_id, id);
CREATE INDEX consents_phone ON consents (account_id, phone, id);
CREATE INDEX consents_contact ON consents (account_id, contact_id, id);

-- Numbers whose last word is no. It stays with the number, whoever has it in their contact.
CREATE TABLE opt_outs (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    phone      TEXT NOT NULL,
    at         TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, phone)
) WITHOUT ROWID;

-- +goose Down
SELECT 1;
