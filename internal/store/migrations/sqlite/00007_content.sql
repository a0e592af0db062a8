-- +goose Up
-- What users write once and send often. owner_id is whose own it is; NULL: everybody's.
-- search is its name, shortcut, subject and text in lower case.
CREATE TABLE canned_messages (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    owner_id     INTEGER REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    shortcut     TEXT NOT NULL DEFAULT '',
    folder       TEXT NOT NULL DEFAULT '',
    subject      TEXT NOT NULL DEFAULT '',
    html         TEXT NOT NULL,
    text         TEXT NOT NULL DEFAULT '',
    search       TEXT NOT NULL DEFAULT '',
    uses         INTEGER NOT NULL DEFAULT 0,
    last_used_at TIMESTAMP,
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL
);
CREATE INDEX canned_messages_used ON canned_messages (account_id, uses DESC, id DESC);
CREATE UNIQUE INDEX canned_messages_shortcut ON canned_messages (account_id, shortcut) WHERE owner_id IS NULL AND shortcut <> '';
CREATE UNIQUE INDEX canned_messages_own_shortcut ON canned_messages (account_id, owner_id, shortcut) WHERE owner_id IS NOT NULL AND shortcut <> '';

-- owner_id is an inbox, a channel or a user, by the level; 0 for the account's.
CREATE TABLE signatures (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    level      TEXT NOT NULL,
    owner_id   INTEGER NOT NULL,
    html       TEXT NOT NULL,
    text       TEXT NOT NULL DEFAULT '',
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX signatures_owner ON signatures (account_id, level, owner_id);

-- What an account puts where a merge field has no value.
CREATE TABLE merge_defaults (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    field      TEXT NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (account_id, field)
) WITHOUT ROWID;

-- Files of canned messages and signatures are nobody's uploads, and never stale.
ALTER TABLE attachments ADD COLUMN canned_id INTEGER REFERENCES canned_messages (id) ON DELETE CASCADE;
ALTER TABLE attachments ADD COLUMN signature_id INTEGER REFERENCES signatures (id) ON DELETE CASCADE;
CREATE INDEX attachments_canned ON attachments (canned_id, id) WHERE canned_id IS NOT NULL;
CREATE INDEX attachments_signature ON attachments (signature_id, id) WHERE signature_id IS NOT NULL;
DROP INDEX attachments_stale;
CREATE INDEX attachments_stale ON attachments (created_at) WHERE message_id IS NULL AND canned_id IS NULL AND signature_id IS NULL;

ALTER TABLE channels ADD COLUMN add_signature BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN autoresponder_id INTEGER REFERENCES canned_messages (id);
CREATE INDEX channels_autoresponder ON channels (autoresponder_id) WHERE autoresponder_id IS NOT NULL;

-- What a message was written as, as long as it may become a draft again.
CREATE TABLE manuscripts (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    content    TEXT NOT NULL
);

-- Messages that wait for a time that a person has set; those within their undo window alone are not here.
CREATE TABLE schedules (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    send_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, message_id)
) WITHOUT ROWID;
CREATE INDEX schedules_message ON schedules (message_id);

-- Whom a note names.
CREATE TABLE mentions (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    note_id    INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, user_id, note_id)
) WITHOUT ROWID;
CREATE INDEX mentions_note ON mentions (note_id);

-- A draft with something in it has a preview.
ALTER TABLE drafts ADD COLUMN begun BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE drafts ADD COLUMN preview TEXT NOT NULL DEFAULT '';
UPDATE drafts SET begun = 1 WHERE COALESCE(json_extract(content, '$.html'), '') NOT IN ('', '<p></p>', '<p><br></p>');

-- The last answer of a channel's autoresponder to a contact.
CREATE TABLE autoreplies (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    sent_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, channel_id, contact_id)
) WITHOUT ROWID;
CREATE INDEX autoreplies_sent ON autoreplies (account_id, sent_at);

-- Figures as in 00003, for the tables that grow.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('canned_messages', 'canned_messages_used', '200 200 2 1'),
    ('schedules', 'schedules', '200 200 1'),
    ('schedules', 'schedules_message', '200 1'),
    ('mentions', 'mentions', '20000 20000 500 1'),
    ('mentions', 'mentions_note', '20000 2'),
    ('autoreplies', 'autoreplies', '10000 10000 3000 1'),
    ('autoreplies', 'autoreplies_sent', '10000 10000 2');
ANALYZE sqlite_schema;

-- +goose Down
SELECT 1;
