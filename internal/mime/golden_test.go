package mime

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden is the folder of our own mails, NAME.eml with NAME.want.json.
const golden = "../../testdata/mail"

// goldenMail is what NAME.want.json holds.
type goldenMail struct {
	From          parley.Address   `json:"from"`
	Sender        *parley.Address  `json:"sender,omitempty"`
	ReplyTo       parley.Addresses `json:"reply_to,omitempty"`
	To            parley.Addresses `json:"to,omitempty"`
	Cc            parley.Addresses `json:"cc,omitempty"`
	DeliveredTo   []string         `json:"delivered_to,omitempty"`
	Subject       string           `json:"subject"`
	SentAt        *time.Time       `json:"sent_at"`
	InternetID    string           `json:"internet_id"`
	InReplyTo     []string         `json:"in_reply_to,omitempty"`
	References    []string         `json:"references,omitempty"`
	Text          string           `json:"text"`
	VisibleText   string           `json:"visible_text"`
	Quote         string           `json:"quote,omitempty"` // what is folded
	HTML          string           `json:"html,omitempty"`
	Parts         []goldenPart     `json:"parts,omitempty"`
	AutoSubmitted bool             `json:"auto_submitted,omitempty"`
	AutoReply     bool             `json:"auto_reply,omitempty"`
	NoAutoReply   bool             `json:"no_auto_reply,omitempty"`
	IsBounce      bool             `json:"is_bounce,omitempty"`
	Reports       []Report         `json:"reports,omitempty"`
	Broken        string           `json:"broken,omitempty"`
}

type goldenPart struct {
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	ContentID   string `json:"content_id,omitempty"`
	Inline      bool   `json:"inline,omitempty"`
	Body        string `json:"body"`
}

func goldenOf(m Message) goldenMail {
	g := goldenMail{
		From: m.From, ReplyTo: m.ReplyTo, To: m.To, Cc: m.Cc, DeliveredTo: m.DeliveredTo, Subject: m.Subject,
		InternetID: m.InternetID, InReplyTo: m.InReplyTo, References: m.References, Text: m.Text, HTML: m.HTML,
		AutoSubmitted: m.AutoSubmitted, AutoReply: m.AutoReply, NoAutoReply: m.NoAutoReply, IsBounce: m.IsBounce, Reports: m.Reports,
	}
	if m.Sender != (parley.Address{}) {
		g.Sender = &m.Sender
	}
	if !m.SentAt.IsZero() {
		g.SentAt = &m.SentAt
	}
	visible, at := SplitQuote(m.Text)
	if g.VisibleText = visible; at >= 0 {
		g.Quote = m.Text[at:]
	}
	for _, p := range m.Parts {
		g.Parts = append(g.Parts, goldenPart{
			Filename: p.Filename, ContentType: p.ContentType, ContentID: p.ContentID, Inline: p.Inline,
			Body: strings.ToValidUTF8(string(p.Body), "\ufffd"),
		})
	}
	if m.Broken != nil {
		g.Broken = m.Broken.Error()
	}
	return g
}

// TestGolden reads our own mails. -update writes what was read; look at the difference before keeping it.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(golden, "*.eml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no mails in %s: %v", golden, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".eml")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m := Read(raw)
			checkMessage(t, m)
			var got bytes.Buffer
			enc := json.NewEncoder(&got)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(goldenOf(m)); err != nil {
				t.Fatal(err)
			}
			wantFile := filepath.Join(golden, name+".want.json")
			if *update {
				if err := os.WriteFile(wantFile, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(wantFile)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
