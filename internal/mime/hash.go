package mime

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// contentHash tells whether two mails with one Message-ID are the same mail. It
// is taken over what the sender wrote as it was decoded, so that another
// transfer encoding or further trace headers on the way make no difference.
func (r *reader) contentHash() []byte {
	h := sha256.New()
	var size [8]byte
	add := func(b []byte) {
		binary.BigEndian.PutUint64(size[:], uint64(len(b)))
		h.Write(size[:])
		h.Write(b)
	}
	m := &r.msg
	add([]byte(m.From.Key()))
	add([]byte(m.SentAt.Format(time.RFC3339)))
	add([]byte(m.Subject))
	for _, body := range r.hashed {
		add(body)
	}
	return h.Sum(nil)
}
