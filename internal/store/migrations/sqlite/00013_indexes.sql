-- +goose Up
-- A contact that is unblocked takes what was blocked as its along.
CREATE INDEX blocklist_contact ON blocklist (account_id, contact_id) WHERE contact_id IS NOT NULL;

-- Figures as in 00003, for the indexes that came with texts and with upkeep.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('conversations', 'conversations_one_open', '10000 10000 3000 1'),
    ('conversations', 'conversations_phone', '50000 50000 16000 2 1 1'),
    ('recipients', 'recipients_provider', '300000 300000 1'),
    ('attachments', 'attachments_blob', '200000 200000 1'),
    ('attachments', 'attachments_canned', '200 2 1'),
    ('attachments', 'attachments_signature', '50 2 1'),
    ('blocklist', 'blocklist_account', '1000 1000 1'),
    ('blocklist', 'blocklist_contact', '1000 1000 1'),
    ('consents', 'consents_account', '10000 10000 1'),
    ('consents', 'consents_phone', '10000 10000 2 1'),
    ('consents', 'consents_contact', '10000 10000 2 1'),
    ('opt_outs', 'opt_outs', '5000 5000 1');
ANALYZE sqlite_schema;

-- +goose Down
DROP INDEX blocklist_contact;
