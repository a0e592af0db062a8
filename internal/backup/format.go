package backup

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"parley/internal/store"
)

const (
	formatVersion = 1
	headName      = "backup.json"
	endName       = "end.json"
	keyName       = "secret.key"
	chunk         = 1 << 20   // bytes of rows in one entry of the archive
	maxEntry      = 128 << 20 // bytes of an entry that is read whole; one row can be large
)

// head is the first entry: what is needed to read the others.
type head struct {
	Format    int           `json:"format"`
	Schema    int64         `json:"schema"`
	Database  string        `json:"database"` // that it was taken of
	Parley    string        `json:"parley"`   // the version that wrote it
	TakenAt   time.Time     `json:"taken_at"`
	Tables    []store.Table `json:"tables"`
	Encrypted bool          `json:"encrypted"`
}

// end is the last entry: without it, or against it, a file is not whole.
type end struct {
	Rows      map[string]int64  `json:"rows"`
	Sums      map[string]string `json:"sums"` // SHA-256 of each table's lines
	LastIDs   map[string]int64  `json:"last_ids"`
	Journal   map[string]int64  `json:"journal"` // entries by state
	Blobs     int64             `json:"blobs"`
	BlobBytes int64             `json:"blob_bytes"`
	Missing   []string          `json:"missing,omitempty"` // blobs that could not be read when it was taken
}

// Summary is what a backup holds.
type Summary struct {
	TakenAt  time.Time
	Database string
	Messages int64
	// Journal counts what came in by its state: accepted = filed + failed + pending.
	Journal   map[string]int64
	Rows      int64
	Blobs     int64
	BlobBytes int64
	Secret    string   // the secret key, if the file holds it
	Missing   []string // blobs that could not be read when it was taken
	Unproven  int64    // after a restore: messages that may have left since
}

func summarise(h head, e end) Summary {
	s := Summary{
		TakenAt: h.TakenAt, Database: h.Database, Messages: e.Rows["messages"], Journal: e.Journal,
		Blobs: e.Blobs, BlobBytes: e.BlobBytes, Missing: e.Missing,
	}
	for _, n := range e.Rows {
		s.Rows += n
	}
	return s
}

// notText is how a text that is not UTF-8 stands in a file: JSON has no other.
type notText struct {
	Base64 []byte `json:"base64"`
}

// encodeRow writes a row in place: JSON keeps ints, texts, bools and null as they are.
func encodeRow(t store.Table, row []any) ([]byte, error) {
	for i := range row {
		switch v := row[i].(type) {
		case string:
			if !utf8.ValidString(v) {
				row[i] = notText{[]byte(v)}
			}
		case time.Time:
			row[i] = v.UTC().Format(time.RFC3339Nano)
		}
	}
	b, err := json.Marshal(row)
	if err != nil {
		return nil, fmt.Errorf("encode a row of %s: %w", t.Name, err)
	}
	return append(b, '\n'), nil
}

// decodeRow reads what encodeRow wrote.
func decodeRow(t store.Table, line []byte) ([]any, error) {
	var cells []json.RawMessage
	if err := json.Unmarshal(line, &cells); err != nil {
		return nil, fmt.Errorf("a row of %s: %w", t.Name, err)
	}
	if len(cells) != len(t.Columns) {
		return nil, fmt.Errorf("a row of %s has %d values, not %d", t.Name, len(cells), len(t.Columns))
	}
	row := make([]any, len(cells))
	for i, c := range t.Columns {
		v, err := decodeCell(c.Kind, cells[i])
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t.Name, c.Name, err)
		}
		row[i] = v
	}
	return row, nil
}

func decodeCell(kind store.Kind, cell json.RawMessage) (v any, err error) {
	if string(cell) == "null" {
		return nil, nil //nolint:nilnil // NULL is a value
	}
	switch kind {
	case store.KindInt:
		return into[int64](cell)
	case store.KindBool:
		return into[bool](cell)
	case store.KindTime:
		return into[time.Time](cell)
	case store.KindBytes:
		s, err := into[string](cell)
		if err != nil {
			return nil, err
		}
		return base64.StdEncoding.DecodeString(s)
	case store.KindText:
		if cell[0] == '{' {
			other, err := into[notText](cell)
			return string(other.Base64), err
		}
		return into[string](cell)
	}
	return nil, fmt.Errorf("a column of unknown kind %q", kind)
}

func into[T any](cell json.RawMessage) (v T, err error) {
	err = json.Unmarshal(cell, &v)
	return v, err
}
