package email

import (
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/channel"
)

// cursor is where we stand in a mailbox. Its UIDs mean something only together
// with Validity (RFC 9051 2.3.1.1).
type cursor struct {
	Validity uint32    `json:"validity"`
	Last     uint32    `json:"last"`  // this UID and all before it are dealt with
	Began    time.Time `json:"began"` // when the mailbox was first read: mail from before is history
	// Anew is set when Validity changed: what stands up to this UID may have been
	// taken before under another one.
	Anew uint32 `json:"anew,omitempty"`
	// The archive: mail from Since on, of the UIDs up to ArchiveTo.
	Since     time.Time `json:"since,omitzero"`
	Archived  uint32    `json:"archived,omitempty"` // this UID of the archive and all before it are taken
	ArchiveTo uint32    `json:"archive_to,omitempty"`
	Done      int       `json:"done,omitempty"`
	Total     int       `json:"total,omitempty"`
}

func readCursor(raw json.RawMessage) (c cursor, err error) {
	if len(raw) == 0 {
		return c, nil
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, fmt.Errorf("read cursor: %w", err)
	}
	return c, nil
}

func (c cursor) write() (json.RawMessage, channel.Progress, error) {
	raw, err := json.Marshal(c)
	return raw, channel.Progress{Done: c.Done, Total: c.Total}, err
}

// settle brings c up to the mailbox as it was opened, with next the first UID
// that is not given out yet, and up to the settings.
func (c cursor) settle(validity, next uint32, since *time.Time, now time.Time) cursor {
	switch {
	case c.Validity == 0: // what is there already is history
		c.Began, c.Last = now.UTC(), next-1
	case c.Validity != validity: // the UIDs that we know mean nothing any more
		c.Last, c.Anew = 0, next-1
		c.Archived, c.ArchiveTo, c.Done, c.Total = 0, 0, 0, 0
	}
	c.Validity = validity
	wanted := time.Time{}
	if since != nil {
		wanted = since.UTC()
	}
	if !c.Since.Equal(wanted) {
		c.Since, c.Archived, c.ArchiveTo, c.Done, c.Total = wanted, 0, 0, 0, 0
		if !wanted.IsZero() {
			c.ArchiveTo = c.Last
		}
	}
	return c
}

// fate is what becomes of a mail in the mailbox.
type fate int

const (
	take    fate = iota // it is new
	archive             // it is kept, and fires nothing
	leave               // it is none of ours
)

const (
	// skew is how far the mail server's clock may be from ours.
	skew = 10 * time.Minute
	// late is how long a mail may have been on its way.
	late = 48 * time.Hour
)

// fate of a mail that is read for the first time under this validity: arrived is
// what the server says (INTERNALDATE), sent what the mail says, if it does.
//
// In a mailbox that is read anew there is also what we never took: history, from
// before we came. By its date of arrival it is left where it is, or archived if
// that is wanted. Servers that restored a mailbox may have made that date new:
// then the date that the mail bears makes it an archive, so that a whole past
// does not come in as today's news.
func (c cursor) fate(uid uint32, arrived, sent time.Time) fate {
	if uid > c.Anew {
		return take
	}
	if arrived.Before(c.Began.Add(-skew)) {
		if !c.Since.IsZero() && !arrived.Before(c.Since) {
			return archive
		}
		return leave
	}
	if !sent.IsZero() && sent.Before(c.Began.Add(-late)) {
		return archive
	}
	return take
}

// oldest is the day from which a mailbox that is read anew is of interest. SEARCH
// knows days of the server's own time zone (RFC 9051 6.4.4): one more is asked for.
func (c cursor) oldest() time.Time {
	from := c.Began.Add(-skew)
	if !c.Since.IsZero() && c.Since.Before(from) {
		from = c.Since
	}
	return from.AddDate(0, 0, -1)
}
