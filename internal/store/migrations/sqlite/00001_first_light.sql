-- +goose Up
CREATE TABLE accounts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    region     TEXT NOT NULL DEFAULT 'US',
    timezone   TEXT NOT NULL DEFAULT 'UTC',
    created_at TIMESTAMP NOT NULL
);

-- The hot counters live apart from the account, so that their lock never holds up a read of it.
CREATE TABLE account_counters (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL DEFAULT 0,
    number     INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE users (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id        INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    email             TEXT NOT NULL,
    name              TEXT NOT NULL,
    role              TEXT NOT NULL,
    password_hash     TEXT NOT NULL DEFAULT '',
    all_inboxes       BOOLEAN NOT NULL DEFAULT 1,
    preferences       TEXT NOT NULL DEFAULT '{}',
    invited_at        TIMESTAMP,
    disabled_at       TIMESTAMP,
    last_seen_at      TIMESTAMP,
    created_at        TIMESTAMP NOT NULL,
    failed_sign_ins   INTEGER NOT NULL DEFAULT 0,
    sign_in_locked_to TIMESTAMP
);
CREATE UNIQUE INDEX users_email ON users (account_id, email);
CREATE INDEX users_sign_in ON users (email);

CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash         BLOB NOT NULL,
    user_agent   TEXT NOT NULL DEFAULT '',
    remote_addr  TEXT NOT NULL DEFAULT '',
    created_at   TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX sessions_hash ON sessions (hash);
CREATE INDEX sessions_user ON sessions (account_id, user_id, id);

CREATE TABLE tokens (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    hash         BLOB NOT NULL,
    hint         TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP,
    revoked_at   TIMESTAMP
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_user ON tokens (account_id, user_id, id);

CREATE TABLE user_links (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at    TIMESTAMP
);
CREATE INDEX user_links_user ON user_links (account_id, user_id, id);

-- One effect per Idempotency-Key: the row is written in the effect's own transaction.
CREATE TABLE request_keys (
    account_id  INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id     INTEGER NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    result_id   INTEGER NOT NULL DEFAULT 0,
    created_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, user_id, key)
) WITHOUT ROWID;
CREATE INDEX request_keys_age ON request_keys (created_at);

CREATE TABLE inboxes (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id          INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name                TEXT NOT NULL,
    color               TEXT NOT NULL DEFAULT 'indigo',
    assignee_rule       TEXT NOT NULL DEFAULT 'nobody',
    default_assignee_id INTEGER REFERENCES users (id),
    assign_on_reply     BOOLEAN NOT NULL DEFAULT 1,
    last_assigned_id    INTEGER,
    created_at          TIMESTAMP NOT NULL,
    archived_at         TIMESTAMP
);
CREATE UNIQUE INDEX inboxes_name ON inboxes (account_id, name) WHERE archived_at IS NULL;

-- Who may see an inbox, for users without all_inboxes.
CREATE TABLE inbox_members (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    inbox_id   INTEGER NOT NULL REFERENCES inboxes (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, inbox_id, user_id)
) WITHOUT ROWID;
CREATE INDEX inbox_members_user ON inbox_members (account_id, user_id);

CREATE TABLE channels (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id      INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    type            TEXT NOT NULL,
    name            TEXT NOT NULL,
    address         TEXT NOT NULL,
    forward_local   TEXT NOT NULL DEFAULT '',
    from_name       TEXT NOT NULL DEFAULT '',
    inbox_id        INTEGER NOT NULL REFERENCES inboxes (id),
    settings        TEXT NOT NULL DEFAULT '{}',
    secret          BLOB,
    reopen_days     INTEGER NOT NULL DEFAULT 30,
    plus_tags       BOOLEAN NOT NULL DEFAULT 0,
    last_inbound_at TIMESTAMP,
    created_at      TIMESTAMP NOT NULL,
    disabled_at     TIMESTAMP,
    deleted_at      TIMESTAMP
);
CREATE INDEX channels_account ON channels (account_id, id);
-- An address belongs to one channel of the whole installation: the listener routes by it.
CREATE UNIQUE INDEX channels_address ON channels (type, address) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX channels_forward ON channels (forward_local) WHERE forward_local <> '';

CREATE TABLE contacts (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name          TEXT NOT NULL DEFAULT '',
    company       TEXT NOT NULL DEFAULT '',
    job_title     TEXT NOT NULL DEFAULT '',
    about         TEXT NOT NULL DEFAULT '',
    owner_id      INTEGER REFERENCES users (id),
    fields        TEXT NOT NULL DEFAULT '{}',
    blocked_at    TIMESTAMP,
    blocked_by_id INTEGER,
    blocked_why   TEXT NOT NULL DEFAULT '',
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL,
    deleted_at    TIMESTAMP
);
CREATE INDEX contacts_account ON contacts (account_id, id);

CREATE TABLE contact_points (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    key        TEXT NOT NULL,
    value      TEXT NOT NULL,
    position   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, kind, key)
) WITHOUT ROWID;
CREATE INDEX contact_points_contact ON contact_points (account_id, contact_id, kind, position);

-- The words of names, companies, addresses and numbers, normalised: contacts are found by how these begin.
CREATE TABLE contact_words (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    word       TEXT NOT NULL,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, word, contact_id)
) WITHOUT ROWID;
CREATE INDEX contact_words_contact ON contact_words (account_id, contact_id, word);

-- What must not reach us: addresses and numbers that a user marked as spam.
CREATE TABLE blocklist (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    key        TEXT NOT NULL,
    contact_id INTEGER REFERENCES contacts (id),
    user_id    INTEGER,
    why        TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX blocklist_key ON blocklist (account_id, kind, key);

CREATE TABLE conversations (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id       INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    number           INTEGER NOT NULL DEFAULT 0,
    contact_id       INTEGER NOT NULL REFERENCES contacts (id),
    channel_id       INTEGER NOT NULL REFERENCES channels (id),
    inbox_id         INTEGER NOT NULL REFERENCES inboxes (id),
    assignee_id      INTEGER REFERENCES users (id),
    creator_id       INTEGER REFERENCES users (id),
    subject          TEXT NOT NULL DEFAULT '',
    preview          TEXT NOT NULL DEFAULT '',
    status           TEXT NOT NULL DEFAULT 'open',
    spam             BOOLEAN NOT NULL DEFAULT 0,
    draft            BOOLEAN NOT NULL DEFAULT 0,
    folder           TEXT NOT NULL,
    priority         INTEGER NOT NULL DEFAULT 0,
    source           TEXT NOT NULL,
    snoozed_until    TIMESTAMP,
    trashed_at       TIMESTAMP,
    created_at       TIMESTAMP NOT NULL,
    closed_at        TIMESTAMP,
    first_reply_at   TIMESTAMP,
    last_inbound_at  TIMESTAMP,
    last_outbound_at TIMESTAMP,
    last_message_at  TIMESTAMP NOT NULL,
    waiting_since    TIMESTAMP,
    waiting_key      TIMESTAMP NOT NULL,
    last_seq         INTEGER NOT NULL DEFAULT 0,
    unread_seq       INTEGER NOT NULL DEFAULT 0,
    assignee_unread  BOOLEAN NOT NULL DEFAULT 0,
    message_count    INTEGER NOT NULL DEFAULT 0,
    failed_count     INTEGER NOT NULL DEFAULT 0,
    has_attachment   BOOLEAN NOT NULL DEFAULT 0,
    follow_up_of_id  INTEGER,
    merged_into_id   INTEGER,
    fields           TEXT NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX conversations_number ON conversations (account_id, number) WHERE number > 0;
CREATE INDEX conversations_contact ON conversations (account_id, contact_id, last_message_at DESC, id DESC);
CREATE INDEX conversations_channel ON conversations (account_id, channel_id, folder, last_message_at DESC, id DESC);
-- Lists: one index for each scope (all, inbox, assignee, and what is rare) and order.
CREATE INDEX conversations_newest ON conversations (account_id, folder, last_message_at DESC, id DESC);
CREATE INDEX conversations_added ON conversations (account_id, folder, id DESC);
CREATE INDEX conversations_waiting ON conversations (account_id, folder, waiting_key, id);
CREATE INDEX conversations_inbox_newest ON conversations (account_id, inbox_id, folder, last_message_at DESC, id DESC);
CREATE INDEX conversations_inbox_added ON conversations (account_id, inbox_id, folder, id DESC);
CREATE INDEX conversations_inbox_waiting ON conversations (account_id, inbox_id, folder, waiting_key, id);
CREATE INDEX conversations_mine_newest ON conversations (account_id, assignee_id, folder, last_message_at DESC, id DESC) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversations_mine_added ON conversations (account_id, assignee_id, folder, id DESC) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversations_mine_waiting ON conversations (account_id, assignee_id, folder, waiting_key, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversations_unread_newest ON conversations (account_id, assignee_id, last_message_at DESC, id DESC) WHERE folder = 'open' AND assignee_unread;
CREATE INDEX conversations_unread_added ON conversations (account_id, assignee_id, id DESC) WHERE folder = 'open' AND assignee_unread;
CREATE INDEX conversations_unread_waiting ON conversations (account_id, assignee_id, waiting_key, id) WHERE folder = 'open' AND assignee_unread;
CREATE INDEX conversations_unassigned_newest ON conversations (account_id, last_message_at DESC, id DESC) WHERE folder = 'open' AND assignee_id IS NULL;
CREATE INDEX conversations_unassigned_added ON conversations (account_id, id DESC) WHERE folder = 'open' AND assignee_id IS NULL;
CREATE INDEX conversations_unassigned_waiting ON conversations (account_id, waiting_key, id) WHERE folder = 'open' AND assignee_id IS NULL;
CREATE INDEX conversations_inbox_unassigned_newest ON conversations (account_id, inbox_id, last_message_at DESC, id DESC) WHERE folder = 'open' AND assignee_id IS NULL;
CREATE INDEX conversations_inbox_unassigned_added ON conversations (account_id, inbox_id, id DESC) WHERE folder = 'open' AND assignee_id IS NULL;
CREATE INDEX conversations_inbox_unassigned_waiting ON conversations (account_id, inbox_id, waiting_key, id) WHERE folder = 'open' AND assignee_id IS NULL;
CREATE INDEX conversations_failed_newest ON conversations (account_id, last_message_at DESC, id DESC) WHERE failed_count > 0;
CREATE INDEX conversations_failed_added ON conversations (account_id, id DESC) WHERE failed_count > 0;
CREATE INDEX conversations_failed_waiting ON conversations (account_id, waiting_key, id) WHERE failed_count > 0;

CREATE TABLE conversation_links (
    account_id      INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    other_id        INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL,
    PRIMARY KEY (account_id, conversation_id, other_id)
) WITHOUT ROWID;

-- Which conversation became part of which, with what it takes to undo that.
CREATE TABLE merges (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_id    INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    into_id    INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id    INTEGER,
    moved      TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    undone_at  TIMESTAMP
);
CREATE INDEX merges_from ON merges (account_id, from_id);
CREATE INDEX merges_into ON merges (account_id, into_id);

CREATE TABLE read_cursors (
    account_id      INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id         INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seq             INTEGER NOT NULL,
    seen_at         TIMESTAMP,
    PRIMARY KEY (account_id, conversation_id, user_id)
) WITHOUT ROWID;

CREATE TABLE messages (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id      INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    conversation_id INTEGER REFERENCES conversations (id),
    channel_id      INTEGER NOT NULL REFERENCES channels (id),
    contact_id      INTEGER REFERENCES contacts (id),
    author_id       INTEGER REFERENCES users (id),
    direction       TEXT NOT NULL,
    kind            TEXT NOT NULL DEFAULT '',
    seq             INTEGER NOT NULL DEFAULT 0,
    at              TIMESTAMP NOT NULL,
    from_name       TEXT NOT NULL DEFAULT '',
    from_email      TEXT NOT NULL DEFAULT '',
    reply_to        TEXT NOT NULL DEFAULT '[]',
    to_list         TEXT NOT NULL DEFAULT '[]',
    cc_list         TEXT NOT NULL DEFAULT '[]',
    bcc_list        TEXT NOT NULL DEFAULT '[]',
    subject         TEXT NOT NULL DEFAULT '',
    sent_at         TIMESTAMP,
    received_at     TIMESTAMP NOT NULL,
    internet_id     TEXT NOT NULL DEFAULT '',
    in_reply_to     TEXT NOT NULL DEFAULT '',
    references_list TEXT NOT NULL DEFAULT '[]',
    content_hash    BLOB,
    preview         TEXT NOT NULL DEFAULT '',
    auto_submitted  BOOLEAN NOT NULL DEFAULT 0,
    is_bounce       BOOLEAN NOT NULL DEFAULT 0,
    new_participant BOOLEAN NOT NULL DEFAULT 0,
    unparsed        BOOLEAN NOT NULL DEFAULT 0,
    delivery        TEXT NOT NULL DEFAULT '',
    delivery_error  TEXT NOT NULL DEFAULT '',
    attempt         INTEGER NOT NULL DEFAULT 0,
    tries           INTEGER NOT NULL DEFAULT 0,
    send_at         TIMESTAMP,
    mail_from       TEXT NOT NULL DEFAULT '',
    rcpt_to         TEXT NOT NULL DEFAULT '[]',
    raw_blob        TEXT NOT NULL DEFAULT '',
    raw_size        INTEGER NOT NULL DEFAULT 0,
    has_html        BOOLEAN NOT NULL DEFAULT 0,
    remote_images   BOOLEAN NOT NULL DEFAULT 0,
    segments        INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX messages_timeline ON messages (account_id, conversation_id, at, id);
CREATE INDEX messages_unsettled ON messages (account_id, delivery, id) WHERE delivery IN ('scheduled', 'queued', 'sending', 'failed', 'bounced', 'uncertain');
CREATE UNIQUE INDEX messages_duplicate ON messages (account_id, channel_id, internet_id, content_hash) WHERE direction = 'inbound' AND internet_id <> '';
CREATE INDEX messages_content ON messages (account_id, channel_id, content_hash) WHERE direction = 'inbound' AND internet_id = '';

-- Text apart from the message, so that lists and timelines read narrow rows.
CREATE TABLE message_bodies (
    message_id   INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    account_id   INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    text         TEXT NOT NULL DEFAULT '',
    visible_text TEXT NOT NULL DEFAULT '',
    html         TEXT NOT NULL DEFAULT '',
    quote_at     INTEGER NOT NULL DEFAULT -1
);

-- Every Message-ID that a message is (kind self) or names (kind reference), lower case: threading looks here.
CREATE TABLE message_refs (
    account_id  INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    internet_id TEXT NOT NULL,
    kind        TEXT NOT NULL,
    message_id  INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    channel_id  INTEGER NOT NULL,
    PRIMARY KEY (account_id, internet_id, kind, message_id)
) WITHOUT ROWID;
CREATE INDEX message_refs_message ON message_refs (message_id);

CREATE TABLE recipients (
    message_id  INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    account_id  INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL DEFAULT '',
    address     TEXT NOT NULL,
    position    INTEGER NOT NULL DEFAULT 0,
    delivery    TEXT NOT NULL,
    error       TEXT NOT NULL DEFAULT '',
    provider_id TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (message_id, address)
) WITHOUT ROWID;

CREATE TABLE attachments (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    message_id   INTEGER REFERENCES messages (id) ON DELETE CASCADE,
    uploader_id  INTEGER REFERENCES users (id),
    filename     TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size         INTEGER NOT NULL,
    inline       BOOLEAN NOT NULL DEFAULT 0,
    content_id   TEXT NOT NULL DEFAULT '',
    blob         TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL
);
CREATE INDEX attachments_message ON attachments (account_id, message_id, id);
CREATE INDEX attachments_stale ON attachments (created_at) WHERE message_id IS NULL;

-- Blobs by content, counted by reference; deleted by a job once nothing refers to them.
CREATE TABLE blobs (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key        TEXT NOT NULL,
    size       INTEGER NOT NULL,
    refs       INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, key)
) WITHOUT ROWID;

CREATE TABLE notes (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id      INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    author_id       INTEGER REFERENCES users (id),
    seq             INTEGER NOT NULL DEFAULT 0,
    text            TEXT NOT NULL,
    html            TEXT NOT NULL DEFAULT '',
    created_at      TIMESTAMP NOT NULL,
    edited_at       TIMESTAMP,
    deleted_at      TIMESTAMP
);
CREATE INDEX notes_timeline ON notes (account_id, conversation_id, created_at, id);

CREATE TABLE drafts (
    account_id      INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id         INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    mode            TEXT NOT NULL,
    content         TEXT NOT NULL,
    version         INTEGER NOT NULL,
    updated_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, user_id, conversation_id, mode)
) WITHOUT ROWID;

CREATE TABLE events (
    account_id      INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    seq             INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    at              TIMESTAMP NOT NULL,
    actor_id        INTEGER,
    conversation_id INTEGER,
    message_id      INTEGER,
    note_id         INTEGER,
    contact_id      INTEGER,
    inbox_id        INTEGER,
    channel_id      INTEGER,
    user_id         INTEGER,
    data            TEXT NOT NULL DEFAULT '{}',
    timeline        BOOLEAN NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, seq)
) WITHOUT ROWID;
CREATE INDEX events_timeline ON events (account_id, conversation_id, at, seq) WHERE timeline;

-- The journal: raw bytes in the row until filed, so that one transaction makes them durable.
CREATE TABLE intake (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id      INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    channel_id      INTEGER NOT NULL REFERENCES channels (id),
    state           TEXT NOT NULL,
    outcome         TEXT NOT NULL DEFAULT '',
    blob            TEXT NOT NULL DEFAULT '',
    size            INTEGER NOT NULL,
    lane            TEXT NOT NULL DEFAULT '',
    mail_from       TEXT NOT NULL DEFAULT '',
    rcpt_to         TEXT NOT NULL DEFAULT '[]',
    remote_addr     TEXT NOT NULL DEFAULT '',
    received_at     TIMESTAMP NOT NULL,
    filed_at        TIMESTAMP,
    tries           INTEGER NOT NULL DEFAULT 0,
    error           TEXT NOT NULL DEFAULT '',
    message_id      INTEGER,
    conversation_id INTEGER,
    raw             BLOB
);
CREATE INDEX intake_state ON intake (account_id, state, id) WHERE state <> 'filed';
CREATE INDEX intake_account ON intake (account_id, id);
-- Exact sums per account and state, moved in the same transaction as the entry.
CREATE TABLE intake_totals (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    state      TEXT NOT NULL,
    entries    INTEGER NOT NULL,
    PRIMARY KEY (account_id, state)
) WITHOUT ROWID;

CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,
    args        TEXT NOT NULL,
    lane        TEXT NOT NULL DEFAULT '',
    unique_key  TEXT,
    state       TEXT NOT NULL DEFAULT 'ready',
    run_at      TIMESTAMP NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_until TIMESTAMP,
    last_error  TEXT NOT NULL DEFAULT '',
    created_at  TIMESTAMP NOT NULL
);
CREATE INDEX jobs_due ON jobs (kind, run_at, id) WHERE state = 'ready';
CREATE INDEX jobs_lane ON jobs (lane, id) WHERE lane <> '' AND state <> 'failed';
CREATE INDEX jobs_running ON jobs (lease_owner, lease_until) WHERE state = 'running';
CREATE INDEX jobs_failed ON jobs (account_id, id) WHERE state = 'failed';
CREATE UNIQUE INDEX jobs_unique ON jobs (unique_key) WHERE unique_key IS NOT NULL AND state <> 'failed';

-- Where each follower of an event log stands.
CREATE TABLE followers (
    name       TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (name, account_id)
) WITHOUT ROWID;

-- What belongs to the sample data, so that one click removes exactly that.
CREATE TABLE sample_rows (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    noun       TEXT NOT NULL,
    row_id     INTEGER NOT NULL,
    PRIMARY KEY (account_id, noun, row_id)
) WITHOUT ROWID;

-- +goose Down
SELECT 1;
