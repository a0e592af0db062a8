-- +goose Up
-- SQLite knows nothing of the sizes of tables until somebody runs ANALYZE. Then it
-- takes "account_id = ?" for a condition that finds ten rows, and prefers an index
-- on it to a lookup by id. These are the figures of an account with a hundred
-- thousand conversations: plans made for it serve smaller ones too.
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('conversations', NULL, '100000'),
    ('conversations', 'conversations_number', '100000 100000 1'),
    ('conversations', 'conversations_contact', '100000 100000 4 1 1'),
    ('conversations', 'conversations_channel', '100000 100000 33333 8333 1 1'),
    ('conversations', 'conversations_newest', '100000 100000 20000 1 1'),
    ('conversations', 'conversations_added', '100000 100000 20000 1'),
    ('conversations', 'conversations_waiting', '100000 100000 20000 20 1'),
    ('conversations', 'conversations_inbox_newest', '100000 100000 20000 4000 1 1'),
    ('conversations', 'conversations_inbox_added', '100000 100000 20000 4000 1'),
    ('conversations', 'conversations_inbox_waiting', '100000 100000 20000 4000 20 1'),
    ('conversations', 'conversations_mine_newest', '50000 50000 5000 1000 1 1'),
    ('conversations', 'conversations_mine_added', '50000 50000 5000 1000 1'),
    ('conversations', 'conversations_mine_waiting', '50000 50000 5000 1000 20 1'),
    ('conversations', 'conversations_unread_newest', '2000 2000 200 1 1'),
    ('conversations', 'conversations_unread_added', '2000 2000 200 1'),
    ('conversations', 'conversations_unread_waiting', '2000 2000 200 1 1'),
    ('conversations', 'conversations_unassigned_newest', '2000 2000 1 1'),
    ('conversations', 'conversations_unassigned_added', '2000 2000 1'),
    ('conversations', 'conversations_unassigned_waiting', '2000 2000 1 1'),
    ('conversations', 'conversations_inbox_unassigned_newest', '2000 2000 400 1 1'),
    ('conversations', 'conversations_inbox_unassigned_added', '2000 2000 400 1'),
    ('conversations', 'conversations_inbox_unassigned_waiting', '2000 2000 400 1 1'),
    ('conversations', 'conversations_failed_newest', '200 200 1 1'),
    ('conversations', 'conversations_failed_added', '200 200 1'),
    ('conversations', 'conversations_failed_waiting', '200 200 1 1'),
    ('conversation_links', 'conversation_links', '1000 1000 2 1'),
    ('merges', 'merges_from', '1000 1000 1'),
    ('merges', 'merges_into', '1000 1000 1'),
    ('read_cursors', 'read_cursors', '200000 200000 2 1'),
    ('messages', NULL, '1000000'),
    ('messages', 'messages_timeline', '1000000 1000000 10 1 1'),
    ('messages', 'messages_duplicate', '500000 500000 166666 1 1'),
    ('messages', 'messages_content', '1000 1000 300 1'),
    ('messages', 'messages_unsettled', '1000 1000 300 1'),
    ('message_bodies', NULL, '1000000'),
    ('message_refs', 'message_refs', '4000000 4000000 4 3 1'),
    ('message_refs', 'message_refs_message', '4000000 4'),
    ('recipients', 'recipients', '1000000 2 1'),
    ('attachments', NULL, '200000'),
    ('attachments', 'attachments_message', '200000 200000 2 1'),
    ('attachments', 'attachments_stale', '100 2'),
    ('notes', NULL, '100000'),
    ('notes', 'notes_timeline', '100000 100000 2 1 1'),
    ('drafts', 'drafts', '1000 1000 100 1 1'),
    ('events', 'events', '5000000 5000000 1'),
    ('events', 'events_timeline', '300000 300000 3 2 1'),
    ('contacts', NULL, '25000'),
    ('contacts', 'contacts_account', '25000 25000 1'),
    ('contact_points', 'contact_points', '25000 25000 12500 1'),
    ('contact_points', 'contact_points_contact', '25000 25000 1 1 1'),
    ('contact_words', 'contact_words', '200000 200000 6 1'),
    ('contact_words', 'contact_words_contact', '200000 200000 8 1'),
    ('blocklist', 'blocklist_key', '1000 1000 500 1'),
    ('blocklist', NULL, '1000');
ANALYZE sqlite_schema;

-- +goose Down
DELETE FROM sqlite_stat1;
