package outbox

import (
	"strings"
	"testing"
	"time"

	"parley/internal/parley"
)

// The address of a picture opens that picture, for a while, whichever of our keys
// has signed it; no other text opens anything.
func TestMediaAddress(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	old := Public{BaseURL: "https://parley.test", Keys: [][]byte{[]byte("old")}}
	now := Public{Keys: [][]byte{[]byte("new"), []byte("old")}}
	signed := strings.TrimPrefix(old.mediaURL(parley.Attachment{AccountID: 3, ID: 7}, sent), "https://parley.test/media/")
	if account, id, ok := now.readMedia(signed, sent.Add(mediaLife)); !ok || account != 3 || id != 7 {
		t.Errorf("%q is read as %d of %d, %v", signed, id, account, ok)
	}
	for name, c := range map[string]struct {
		signed string
		at     time.Time
		by     Public
	}{
		"too late":         {signed, sent.Add(mediaLife + time.Second), now},
		"another key":      {signed, sent, Public{Keys: [][]byte{[]byte("new")}}},
		"another picture":  {"A" + signed[1:10] + "B" + signed[11:], sent, now},
		"a longer form":    {signed[:5] + "\n" + signed[5:], sent, now},
		"nothing":          {"", sent, now},
		"without our keys": {signed, sent, Public{}},
	} {
		if _, _, ok := c.by.readMedia(c.signed, c.at); ok {
			t.Errorf("%s: %q opens something", name, c.signed)
		}
	}
}

// FuzzMedia: what is read has been signed, if not for this moment.
func FuzzMedia(f *testing.F) {
	p := Public{Keys: [][]byte{[]byte("k")}}
	sent := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	f.Add(p.mediaURL(parley.Attachment{AccountID: 3, ID: 7}, sent)[len("/media/"):])
	f.Fuzz(func(t *testing.T, signed string) {
		if account, id, ok := p.readMedia(signed, sent); ok && p.mediaURL(parley.Attachment{AccountID: account, ID: id}, sent) != "/media/"+signed {
			t.Errorf("%q opens %d of %d", signed, id, account)
		}
	})
}
