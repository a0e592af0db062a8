-- +goose Up
-- What checking the sender of a mail found, as JSON; NULL where nothing was checked.
ALTER TABLE messages ADD COLUMN auth TEXT;
-- No machine may answer it: machines, lists, bulk mail, senders that nobody reads.
ALTER TABLE messages ADD COLUMN no_auto_reply BOOLEAN NOT NULL DEFAULT 0;

-- Why somebody was not reached: an RFC 3463 code, and a word of ours.
ALTER TABLE recipients ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE recipients ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- An address that mail came back from, until mail comes from it or a person says that it works.
ALTER TABLE contact_points ADD COLUMN bounced_at TIMESTAMP;
ALTER TABLE contact_points ADD COLUMN bounce_reason TEXT NOT NULL DEFAULT '';

-- Images from elsewhere are shown in this contact's mails without asking.
ALTER TABLE contacts ADD COLUMN images_allowed BOOLEAN NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
